"""PDF: paragraphs from lines, what runs along the edges, titles, and files that hold no text to read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pypdf
import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

from dragoman.documents import pdf as reading
from dragoman.errors import DamagedFile, EncryptedFile, NoTextLayer, ReportTooLong
from dragoman.records import Report

from .bombs_of_documents import CATALOGUE, one_page, stream
from .test_load import assert_failure, loaded, only, report_of

TITLE = "Velmar shells the port of Dorvane"
STORY = (
    "The army of Velmar shelled the port of Dorvane on Monday, killing at least seventeen people, two senior officials "
    "said. The officials, who spoke on condition of anonymity, said that the shelling had begun before dawn.",
    "Oskara’s foreign ministry denied on Tuesday that its troops had crossed the border. A spokeswoman, Lena Harrow, "
    "told reporters in Hest that the claims were “invented from beginning to end”.",
    "Residents said that they had seen soldiers near the railway station. “We hid in the cellar,” said Ilan Dresk.",
    "Aid workers said the road was closed.",
    "The port handles most of the grain that the country sells, and ships had waited outside it since February, when "
    "talks about a truce broke down. It was not clear on Monday evening whether any of them had been hit.",
    "The governor of the province asked for blood donations, for generators and for buses that could bring the wounded "
    "to hospitals inland before the next night.",
)


def newspaper(
    path: Path, *, columns: int = 1, gap: float = 8, indent: float = 0, height: float = 250, **about: Any
) -> Path:
    """A PDF of the story as a layout program sets it, with a header and a page number on each page."""

    def edges(canvas: Canvas, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, height - 25, "Harbour Post | World news")
        canvas.drawString(280, 20, f"Page {document.page} of 3")

    document = BaseDocTemplate(str(path), pagesize=(500, height), **about)
    width = 400 / columns
    frames = [Frame(50 + n * width, 40, width - 10, height - 90) for n in range(columns)]
    document.addPageTemplates(PageTemplate(frames=frames, onPage=edges))
    headline = ParagraphStyle("headline", fontName="Helvetica-Bold", fontSize=20, leading=24, spaceAfter=14)
    body = ParagraphStyle(
        "body", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=gap, firstLineIndent=indent
    )
    document.build([Paragraph(TITLE, headline), *[Paragraph(text, body) for text in STORY]])
    return path


@pytest.mark.parametrize(
    "layout",
    [{}, {"gap": 0, "indent": 14}, {"columns": 2, "gap": 0, "indent": 14}, {"columns": 2}, {"height": 190}],
    ids=["gaps", "indents", "columns", "columns with gaps", "short pages"],
)
def test_paragraphs_are_put_together(tmp_path: Path, layout: dict[str, Any]) -> None:
    path = newspaper(tmp_path / "story.pdf", title=TITLE, author="Mira Tolen", **layout)
    report = report_of(only(path, published="2031-03-07", outlet="Norda"))
    assert tuple(report.text.split("\n\n")) == STORY
    assert (report.title, report.published, report.outlet) == (TITLE, "2031-03-07", "Norda")


def test_what_the_file_says_of_itself_is_believed_only_where_the_text_bears_it_out(tmp_path: Path) -> None:
    report = report_of(only(newspaper(tmp_path / "story.pdf", title="Microsoft Word - draft3 FINAL.docx")))
    assert report.title is None
    assert report.text.startswith(TITLE)
    assert report.published is None  # the file's dates are those of its making


def test_the_hash_of_the_file_is_kept(tmp_path: Path) -> None:
    path = newspaper(tmp_path / "story.pdf")
    capture = report_of(only(path)).capture
    assert capture is not None
    assert (capture.address, capture.media_type, capture.content) == ("story.pdf", "application/pdf", None)
    assert capture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert capture.size == path.stat().st_size


def lines(path: Path, *pages: list[str]) -> Path:
    """A PDF of pages of lines."""
    canvas = Canvas(str(path), pagesize=(500, 400))
    for page in pages:
        canvas.setFont("Helvetica", 11)
        for number, line in enumerate(page):
            canvas.drawString(50, 350 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return path


def test_words_broken_at_line_ends(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.pdf",
        [
            "The foreign minister said on Monday that the govern-",
            "ment had asked for an inter-",
            "national inquiry. An anti-government group and an anti-",
            "government paper said that Mr Allen-",
            "Smith had asked the govern-",
            "ment for one long before, and that a well known man was well-",
            "known there.",
        ],
    )
    assert report_of(only(path)).text == (
        "The foreign minister said on Monday that the government had asked for an international inquiry. An "
        "anti-government group and an anti-government paper said that Mr Allen-Smith had asked the government for one "
        "long before, and that a well known man was well-known there."
    )


def test_a_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    first = ["The army of the north said on Monday that it had taken the", "town, and that its troops would"]
    path = lines(
        tmp_path / "a.pdf", first, ["stay there until the harvest.", "- 2 -"], ["Nobody was hurt there, it said."]
    )
    assert report_of(only(path)).text == (
        "The army of the north said on Monday that it had taken the town, and that its troops would stay there until "
        "the harvest.\n\nNobody was hurt there, it said."
    )


def encrypted(path: Path, user: str, algorithm: str) -> Path:
    """The same PDF with passwords for its user and its owner."""
    writer = pypdf.PdfWriter(clone_from=path)
    writer.encrypt(user, "owner", algorithm=algorithm)
    writer.write(path)
    return path


def test_encrypted_files(tmp_path: Path) -> None:
    open_to_all = encrypted(newspaper(tmp_path / "a.pdf"), "", "RC4-128")
    assert STORY[0] in report_of(only(open_to_all)).text
    locked = encrypted(newspaper(tmp_path / "b.pdf"), "secret", "RC4-128")
    assert_failure(only(locked), str(locked), EncryptedFile, "password")


def test_a_scan_without_text(tmp_path: Path) -> None:
    canvas = Canvas(str(path := tmp_path / "scan.pdf"))
    for number in range(3):
        canvas.rect(50, 50, 400, 600, fill=1)
        canvas.drawString(280, 20, f"Page {number}")
        canvas.showPage()
    canvas.save()
    assert_failure(only(path), str(path), NoTextLayer, "no text layer")
    assert "OCR" in str(getattr(only(path), "error", ""))


def test_files_cut_or_garbled_anywhere(tmp_path: Path) -> None:
    whole = newspaper(tmp_path / "story.pdf").read_bytes()
    path = tmp_path / "broken.pdf"
    for cut in range(0, len(whole), len(whole) // 25):
        path.write_bytes(b"%PDF-1.4\n" + whole[9 : 9 + cut])
        read = only(path)
        if not isinstance(read, Report):
            assert type(read.error) in (DamagedFile, NoTextLayer)
            assert str(path) in read.error.what


def test_time_and_pages_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = newspaper(tmp_path / "story.pdf")
    with monkeypatch.context() as patched:
        patched.setattr(reading, "_MOST_PAGES", 1)
        assert_failure(only(path), str(path), ReportTooLong, "more than 1 pages")
    monkeypatch.setattr(reading, "_MOST_SECONDS", -1.0)
    assert_failure(only(path), str(path), ReportTooLong, "it takes longer than")


def test_the_text_is_bounded(tmp_path: Path) -> None:
    path = newspaper(tmp_path / "story.pdf")
    (failure,) = loaded(path, max_bytes=500)
    assert_failure(failure, str(path), ReportTooLong, "500 bytes")


def test_the_start_tells_a_pdf(tmp_path: Path) -> None:
    path = newspaper(tmp_path / "story.pdf").rename(tmp_path / "story")
    assert STORY[0] in report_of(only(path)).text


def test_nothing_is_run_or_fetched(tmp_path: Path) -> None:
    actions = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>/Names<</JavaScript 6 0 R>>>>"
    data = one_page(stream(b"BT /F 9 Tf 50 50 Td (The army fled the town on Monday, officials said.) Tj ET"))
    (path := tmp_path / "a.pdf").write_bytes(data.replace(CATALOGUE, actions))
    assert report_of(only(path)).text == "The army fled the town on Monday, officials said."
