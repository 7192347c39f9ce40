"""Packed files and archives of reports: read by the kind of what is in them."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from dragoman.config import Settings
from dragoman.documents.load import Failure, load
from dragoman.errors import NotText, UnpacksTooFar, UnreadableFile, UnsafeArchive
from dragoman.records import Report

from .bombs import zipped
from .bombs_of_documents import paragraph, word
from .test_html import PAGE
from .test_load import TEXT, assert_failure, loaded, only, report_of

PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.compress,
}
ROWS = b"".join(json.dumps({"text": TEXT, "title": f"Report {n}"}).encode() + b"\n" for n in range(3)) + b"{broken\n"
suffixes = pytest.mark.parametrize("suffix", PACK)


@suffixes
def test_json_lines(tmp_path: Path, suffix: str) -> None:
    (path := tmp_path / f"rows.jsonl{suffix}").write_bytes(PACK[suffix](ROWS))
    *reports, broken = loaded(path)
    assert [report_of(report).title for report in reports] == ["Report 0", "Report 1", "Report 2"]
    assert isinstance(broken, Failure)
    assert broken.name == f"{path}:4"


@suffixes
def test_a_page_and_plain_text(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a.html{suffix}").write_bytes(PACK[suffix](PAGE.encode()))
    (tmp_path / f"B.TXT{suffix.upper()}").write_bytes(PACK[suffix](TEXT.encode()))
    (tmp_path / f"c.tar{suffix}").write_bytes(PACK[suffix](b"\0" * 512))
    plain, page = map(report_of, loaded(tmp_path))  # of a folder, only what is known by its name
    assert plain.text == TEXT
    assert page.title


@suffixes
def test_without_a_telling_name_the_start_tells(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "rows").write_bytes(PACK[suffix](ROWS))
    assert len(loaded(path)) == 4
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PACK[suffix](TEXT.encode()))))
    assert report_of(only("-")).text == TEXT


def test_an_archive_of_reports(tmp_path: Path) -> None:
    members = [
        ("b.txt", TEXT.encode()),
        ("a/rows.jsonl.gz", gzip.compress(ROWS)),
        ("a/inner.zip", zipped(("d.docx", word(paragraph(TEXT))))),
        ("../out.txt", TEXT.encode()),
        ("__MACOSX/b.txt", b"\0"),
        (".hidden.txt", TEXT.encode()),
        ("picture.png", b"\x89PNG"),
        ("empty/", b""),
    ]
    (path := tmp_path / "all.zip").write_bytes(zipped(*members))
    read = loaded(path)
    names = [each.name for each in read if isinstance(each, Failure)]
    assert names == [f"{path}/a/rows.jsonl.gz:4", f"{path}/../out.txt"]
    reports = [each for each in read if isinstance(each, Report)]
    assert [report.text for report in reports] == [TEXT] * 5
    assert reports[-1].capture is not None
    assert reports[-1].capture.address == "d.docx"


def test_two_files_of_one_name_are_both_read(tmp_path: Path) -> None:
    other = "The navy seized a ship on Friday, two sailors said."
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.txt", TEXT.encode()), ("a.txt", other.encode()))
    (path := tmp_path / "all.zip").write_bytes(data)
    assert [report_of(each).text for each in loaded(path)] == [TEXT, other]


def test_an_archive_on_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Pipe(zipped(("a.txt", TEXT.encode())))))
    assert report_of(only("-")).text == TEXT


@pytest.mark.parametrize(
    ("data", "kind", "words"),
    [
        (zipped(("a.png", b"a")), UnreadableFile, "no reports"),
        (zipped(("xl/workbook.xml", b"a")), NotText, "spreadsheet"),
        (zipped(("ppt/presentation.xml", b"a")), NotText, "slides"),
        (zipped(("mimetype", b"a"), ("content.xml", b"a")), NotText, "OpenDocument"),
    ],
    ids=["pictures", "spreadsheet", "slides", "OpenDocument"],
)
def test_an_archive_without_reports(tmp_path: Path, data: bytes, kind: type[UnreadableFile], words: str) -> None:
    (path := tmp_path / "a.zip").write_bytes(data)
    assert_failure(only(path), str(path), kind, words)


def test_the_limit_is_a_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path := tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(ROWS))
    (failure,) = load([path], settings=Settings(max_unpacked_bytes=100))
    assert_failure(failure, str(path), UnpacksTooFar, "100 bytes")
    assert isinstance(failure, Failure)
    assert "DRAGOMAN_MAX_UNPACKED_BYTES" in failure.error.cure


def test_packing_is_followed_only_so_deep(tmp_path: Path) -> None:
    data = zipped(("a.txt", TEXT.encode()))
    for depth in range(4):
        (path := tmp_path / "a.zip").write_bytes(data)
        if depth < 3:
            assert report_of(only(path)).text == TEXT
        data = zipped(("b.zip", data))
    assert_failure(only(path), f"{path}/b.zip/b.zip/b.zip", UnsafeArchive, "3 times")
