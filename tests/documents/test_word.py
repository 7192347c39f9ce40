"""Word documents: paragraphs as they are read after all changes are accepted, titles, and documents that are none."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import docx
import pytest

from dragoman.errors import DamagedFile, EmptyReport, NotText, ReportTooLong

from .bombs import zipped
from .bombs_of_documents import BODY, WORD, paragraph, word
from .test_load import assert_failure, loaded, only, report_of

TITLE = "Velmar shells the port"
FIRST = "The army of Velmar shelled the port of Dorvane on Monday, two senior officials said."
SECOND = "Oskara’s foreign ministry denied it on Tuesday."


def document(path: Path, *, title: str = "", headline: str | None = TITLE) -> Path:
    """A document as Word's own library writes it."""
    written = docx.Document()
    written.core_properties.title = title
    written.core_properties.created = datetime(2020, 1, 1)
    if headline:
        written.add_heading(headline, 0)
    written.add_paragraph(FIRST).add_run(" It was over by noon.").bold = True
    table = written.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Killed: 17 people.", SECOND
    written.add_paragraph("")
    written.add_heading("What is next", 2)
    written.add_paragraph("Talks begin on Friday.")
    written.sections[0].header.paragraphs[0].text = "Harbour Post"
    written.save(str(path))
    return path


def test_a_document(tmp_path: Path) -> None:
    path = document(tmp_path / "story.docx")
    report = report_of(only(path, published="2031-03-07"))
    assert report.text.split("\n\n") == [
        f"{FIRST} It was over by noon.",
        "Killed: 17 people.",
        SECOND,
        "What is next",
        "Talks begin on Friday.",
    ]
    assert (report.title, report.published) == (TITLE, "2031-03-07")
    assert report.capture is not None
    assert report.capture.address == "story.docx"
    assert report.capture.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_title_of_its_properties_counts_where_the_text_bears_it_out(tmp_path: Path) -> None:
    assert report_of(only(document(tmp_path / "a.docx", title="Old template", headline=None))).title is None
    told = report_of(only(document(tmp_path / "b.docx", title="The army of Velmar", headline=None)))
    assert told.title == "The army of Velmar"
    assert told.published is None  # the day on which the file was made is not the day of publication


def run(text: str, about: str = "") -> str:
    """Words in a paragraph."""
    return f"<w:r><w:rPr>{about}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def box(inside: str, about: str = "", after: str = "") -> str:
    """A text box of paragraphs in a run that may go on after it."""
    return f"<w:r><w:rPr>{about}</w:rPr><w:pict><w:txbxContent>{inside}</w:txbxContent></w:pict>{after}</w:r>"


DIED = paragraph("Seventeen died.")
MARKED = f"<w:p><w:pPr><w:tabs><w:tab/></w:tabs><w:rPr><w:vanish/></w:rPr></w:pPr>{run('Seventeen died.')}</w:p>"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("The army ") + f"<w:ins>{run('of the north ')}</w:ins>" + run("fled."), "The army of the north fled."),
        (run("The army ") + "<w:del><w:r><w:delText>won</w:delText></w:r></w:del>" + run("fled."), "The army fled."),
        (run("The army ") + f"<w:moveFrom>{run('on Monday ')}</w:moveFrom>" + run("fled."), "The army fled."),
        (run("The army ") + run("never ", "<w:vanish/>") + run("fled."), "The army fled."),
        (run("The army ") + run("soon ", "<w:vanish w:val='0'/>") + run("fled."), "The army soon fled."),
        ("<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>" + run("The army fled."), "The army fled."),
        (f"<w:hyperlink>{run('The army')}</w:hyperlink>" + run(" fled."), "The army fled."),
        ("<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>" + run("The army fled."), "The army fled."),
        ("<w:r><w:t>The</w:t><w:tab/><w:t>army</w:t><w:br/><w:t>fled.</w:t></w:r>", "The army\nfled."),
        (run("The army ") + box(DIED) + run("fled."), "Seventeen died.\n\nThe army fled."),
        (run("The army") + box(DIED, "", "<w:tab/><w:t>fled.</w:t>"), "Seventeen died.\n\nThe army fled."),
        (run("The army ") + box(DIED, "<w:vanish/>", "<w:t>never </w:t>") + run("fled."), "The army fled."),
        (run("The army ") + box(MARKED) + run("fled."), "Seventeen died.\n\nThe army fled."),
        (f"<mc:Fallback xmlns:mc='m'>{run('Twice. ')}</mc:Fallback>" + run("The army fled."), "The army fled."),
        (run("R&amp;D &lt;b&gt; of the army fled."), "R&D <b> of the army fled."),
    ],
)
def test_what_a_reader_sees_is_read(tmp_path: Path, inside: str, text: str) -> None:
    (path := tmp_path / "a.docx").write_bytes(word(f"<w:p>{inside}</w:p>"))
    assert report_of(only(path)).text == text


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (b"", DamagedFile, "no zip archive"),
        (b"plain words", DamagedFile, "no zip archive"),
        (zipped(("a", b"b")), DamagedFile, BODY),
        (zipped((BODY, b"<w:p><w:r>")), DamagedFile, "damaged"),
        (word(""), EmptyReport, "no words"),
    ],
    ids=["empty", "text", "other archive", "cut", "without words"],
)
def test_what_is_no_document(tmp_path: Path, data: bytes, kind: type[DamagedFile], words: str) -> None:
    (path := tmp_path / "a.docx").write_bytes(data)
    assert_failure(only(path), str(path), kind, words)


@pytest.mark.parametrize("target", ["/word/document2.xml", "word/document2.xml"])
def test_the_document_says_where_its_body_is(tmp_path: Path, target: str) -> None:
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = f"""<Relationships><Relationship Id="a" Type="{types}/extended-properties" Target="docProps/app.xml"/>
        <Relationship Id="b" Type="{types}/officeDocument" Target="{target}"/></Relationships>"""
    body = f"<w:document {WORD}><w:body>{paragraph('The army fled.')}</w:body></w:document>"
    data = zipped(("_rels/.rels", relations.encode()), ("word/document2.xml", body.encode()))
    (path := tmp_path / "a.docx").write_bytes(data)
    assert report_of(only(path)).text == "The army fled."
    assert report_of(only(path.rename(tmp_path / "a"))).text == "The army fled."


def test_an_old_document_is_told_how_to_be_saved(tmp_path: Path) -> None:
    (path := tmp_path / "a.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500))
    assert_failure(only(path), str(path), NotText, "an old office document")
    assert ".docx" in str(getattr(only(path), "error", ""))


def test_the_start_tells_a_document(tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx").rename(tmp_path / "a")
    assert report_of(only(path)).title == TITLE


def test_the_text_is_bounded(tmp_path: Path) -> None:
    path = document(tmp_path / "a.docx")
    (failure,) = loaded(path, max_bytes=50)
    assert_failure(failure, str(path), ReportTooLong, "50 bytes")
