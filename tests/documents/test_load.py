"""Inputs of every kind, good and bad: each bad one is a failure that names the file and the cure."""

from __future__ import annotations

import io
import json
import resource
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.config import Settings
from dragoman.documents.decode import decode
from dragoman.documents.incoming import safely
from dragoman.documents.load import Failure, given_options, load, read_stream
from dragoman.documents.text import make_plain_report
from dragoman.errors import (
    BrokenLine,
    EmptyReport,
    NotText,
    OtherLanguage,
    ReportError,
    ReportTooLong,
    StorageError,
    UnreadableFile,
    UsageError,
)
from dragoman.records import Report

from .foreign import LISTED
from .test_html import ARTICLE, PAGE

TEXT = "The council voted on Tuesday to keep the bridge shut, officials said."


def loaded(*inputs: str | Path, **options: Any) -> list[Report | Failure]:
    settings = Settings(max_bytes=options.pop("max_bytes", 1_000_000))
    return list(load(inputs, settings=settings, **options))


def only(*inputs: str | Path, **options: Any) -> Report | Failure:
    (result,) = loaded(*inputs, **options)
    return result


def report_of(result: Report | Failure) -> Report:
    assert isinstance(result, Report), result
    return result


def assert_failure(result: Report | Failure, name: str, kind: type[ReportError], *words: str) -> None:
    """A failure of the kind, whose message names the file, says the words, and has a cure."""
    assert isinstance(result, Failure), result
    assert result.name == name
    assert type(result.error) is kind
    assert name in result.error.what
    assert result.error.cure
    for word in words:
        assert word in str(result.error)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def row(**keys: object) -> str:
    return json.dumps(keys) + "\n"


# --- one file, many, a folder ----------------------------------------------------------------------


def test_plain_text_with_a_header(tmp_path: Path) -> None:
    content = f"Title: Bridge shut\r\nPublished: 4 March 2031\r\n\r\n{TEXT}\r\n"
    report = report_of(*loaded(written(tmp_path, "a.txt", content), published="2020-01-01", outlet="The Herald"))
    assert (report.text, report.title, report.published) == (TEXT, "Bridge shut", "2031-03-04")
    assert report.outlet == "The Herald"
    assert report.offsets is not None
    for start in range(len(report.text)):
        assert content[report.offsets.original(start)] == report.text[start]


def test_folder_is_walked_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.TXT", "c.html", "a/.hidden.txt", ".git/x.txt", "notes.doc", "d.jsonl"):
        content = PAGE if name == "c.html" else row(text=TEXT + name) if name == "d.jsonl" else TEXT + " In " + name
        written(tmp_path, name, content)
    texts = [report_of(result).text for result in loaded(tmp_path)]
    assert texts == [TEXT + " In a/z.TXT", TEXT + " In b.txt", ARTICLE, TEXT + "d.jsonl"]


def test_link_in_a_circle_ends(tmp_path: Path) -> None:
    written(tmp_path, "in/a.txt", TEXT)
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")
    assert [report_of(result).text for result in loaded(tmp_path)] == [TEXT]


def test_bad_reports_do_not_stop_the_batch(tmp_path: Path) -> None:
    inputs = [
        written(tmp_path, "1.txt", TEXT),
        tmp_path / "2.txt",
        written(tmp_path, "3.txt", ""),
        written(tmp_path, "4.html", "<html></html>"),
        written(tmp_path, "5.txt", LISTED["French"]),
        written(tmp_path, "6.txt", TEXT),
    ]
    results = loaded(*inputs)
    assert [type(result).__name__ for result in results] == ["Report", *["Failure"] * 4, "Report"]


def test_a_fault_of_ours_in_one_report_does_not_stop_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(text: str, *given: Any, **options: Any) -> Report:
        if "Fault" in text:
            raise TypeError("unexpected keyword")
        return make_plain_report(text, *given, **options)

    monkeypatch.setattr("dragoman.documents.single.make_plain_report", faulty)
    good, bad = written(tmp_path, "a.txt", TEXT), written(tmp_path, "b.txt", "Fault. " + TEXT)
    results = loaded(good, bad, good)
    assert [report_of(result).text for result in results[::2]] == [TEXT, TEXT]
    told = ("a fault in Dragoman itself (TypeError: unexpected keyword)", "report it", "`dragoman --debug`")
    assert_failure(results[1], str(bad), ReportError, *told)
    assert isinstance(results[1], Failure) and isinstance(results[1].error.__cause__, TypeError)


def test_a_fault_of_ours_in_a_file_costs_only_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise IndexError("odd")

    (odd := tmp_path / "a.zip").write_bytes(b"PK")
    (good := tmp_path / "b.txt").write_text(TEXT)
    monkeypatch.setattr("dragoman.documents.packed.open_zip", broken)
    failure, report = loaded(odd, good)
    assert_failure(failure, str(odd), ReportError, "a fault in Dragoman itself (IndexError: odd)")
    assert report_of(report).text == TEXT


def test_what_a_store_fails_in_is_no_failure_of_a_report(tmp_path: Path) -> None:
    class Store(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise StorageError("the store is gone", "wait")

    options = given_options(published=None, outlet=None, force=False, columns=None, settings=Settings())
    for name in ("a.pdf", "a.docx", "a.zip", "a.eml", "a.parquet"):
        with pytest.raises(StorageError):
            list(safely(name, read_stream(Store(b"%PDF-"), name, options)))


def test_a_header_in_letters_that_only_look_alike_is_text(tmp_path: Path) -> None:
    odd = written(tmp_path, "a.txt", f"Publi\u017fhed: 2031-03-04\n\n{TEXT}")
    first, second = map(report_of, loaded(odd, written(tmp_path, "b.txt", TEXT)))
    assert (first.text.split("\n")[0], first.published, second.text) == ("Publi\u017fhed: 2031-03-04", None, TEXT)


def test_reports_come_one_at_a_time(tmp_path: Path) -> None:
    def inputs() -> Any:
        yield written(tmp_path, "a.txt", TEXT)
        raise AssertionError("the second input was asked for too early")

    assert report_of(next(load(inputs(), settings=Settings()))).text == TEXT


@pytest.mark.parametrize("published", ["03/04/2022", "soon"])
def test_published_option_without_a_day_is_a_usage_error_at_once(published: str) -> None:
    with pytest.raises(UsageError, match="2022-07-26"):
        load([], published=published, settings=Settings())


def test_published_option_may_be_a_date(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", TEXT)
    assert report_of(only(path, published=date(2031, 3, 4))).published == "2031-03-04"


# --- bad files -------------------------------------------------------------------------------------


def test_missing_file(tmp_path: Path) -> None:
    path = str(tmp_path / "gone.txt")
    assert_failure(only(path), path, UnreadableFile, "No such file", "check the path")


def test_file_that_fails_while_it_is_read() -> None:
    path = "/proc/self/mem"
    if not Path(path).exists():
        pytest.skip("needs Linux's /proc")
    assert_failure(only(path), path, UnreadableFile, "cannot be read", "check that you may read it")


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "secret.txt", TEXT)

    def refuses(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuses)  # a root user, as in a container, may read any file
    assert_failure(only(path), str(path), UnreadableFile, "Permission denied", "check that you may read it")


def test_name_that_is_too_long(tmp_path: Path) -> None:
    path = str(tmp_path / ("x" * 300))
    assert_failure(only(path), path, UnreadableFile, "too long")


def test_folder_without_reports(tmp_path: Path) -> None:
    written(tmp_path, "picture.png", b"\x89PNG")
    assert_failure(only(tmp_path), str(tmp_path), UnreadableFile, "holds no reports", ".txt")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"Title: Only a header\n"])
def test_empty_file(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, "a.txt", content)
    assert_failure(only(path), str(path), EmptyReport, "no words")


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a"])
@pytest.mark.parametrize(
    "content", [b"{\\rtf1 and so on", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x89PNG\r\n\x1a\n", b"ab\x00cd\n" * 50]
)
def test_binary_file(tmp_path: Path, name: str, content: bytes) -> None:
    path = written(tmp_path, name, content)
    assert_failure(only(path), str(path), NotText)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.7 and so on", "a PDF"),
        (b"PK\x03\x04 and so on", "zip"),
        (b"{\\rtf1 The council voted.}", "rich-text"),
        (b"The council\x00voted", "NUL at byte 12"),
        ("The council voted.".encode("utf-16-le"), "NUL at byte 2"),
        (b"\x01\x02\x03\x04 The council voted", "control characters"),
        (TEXT.encode() + b" Caf\xc3\xa9 and caf\xe9.", f"byte {len(TEXT) + 15}"),
        (LISTED["French"].encode() + b"\xc3", "not UTF-8 text at byte"),
        (
            "Министр заявил во вторник, что переговоры возобновятся".encode("koi8-r"),
            "not UTF-8 text at byte 1",
        ),
        (b"\xff\xfeT\x00h\x00e", "says it is utf-16-le"),
    ],
)
def test_what_is_no_text_is_told_with_its_place(tmp_path: Path, content: bytes, words: str) -> None:
    if words.startswith("says"):
        content += b"\x00\xdc\xd8"
    path = written(tmp_path, "a.txt", content)
    assert_failure(only(path), str(path), NotText, words)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1252"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "Zoë Müller told the council that the “northern bridge” – once a café – would stay shut."
    report = report_of(only(written(tmp_path, "a.txt", text.encode(encoding))))
    assert report.text == text


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_not_text(data: bytes) -> None:
    for page in (False, True):
        try:
            assert isinstance(decode(data, page=page), str)
        except NotText as error:
            assert error.cure


def test_other_language(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", LISTED["German"])
    assert_failure(only(path), str(path), OtherLanguage, "German", "--force")
    assert report_of(only(path, force=True)).language is None


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.jsonl"])
def test_file_over_the_limit(tmp_path: Path, name: str) -> None:
    content = row(text=TEXT * 20) if name == "a.jsonl" else TEXT * 20
    path = written(tmp_path, name, content)
    where = f"{path}:1" if name == "a.jsonl" else str(path)
    assert_failure(only(path, max_bytes=1000), where, ReportTooLong, "longer than 1,000 bytes", "DRAGOMAN_MAX_BYTES")


def test_report_of_ten_megabytes_is_refused_in_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", TEXT.encode() * 150_000)
    lines = written(tmp_path, "b.jsonl", b'{"text": "' + b"x" * 60_000_000 + b'"}\n' + row(text=TEXT).encode())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    long, long_line, good = loaded(path, lines)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # kilobytes
    assert_failure(long, str(path), ReportTooLong, "1,000,000")
    assert_failure(long_line, f"{lines}:1", ReportTooLong)
    assert report_of(good).text == TEXT


def test_report_right_at_the_limit_is_read(tmp_path: Path) -> None:
    size = len(TEXT)
    assert report_of(only(written(tmp_path, "a.txt", TEXT), max_bytes=size)).text == TEXT
    line = row(text=TEXT)
    lines = loaded(written(tmp_path, "a.jsonl", line * 2), max_bytes=len(line) - 1)
    assert [report_of(result).text for result in lines] == [TEXT, TEXT]


def test_unsure_day_in_a_file_is_a_failure(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", f"Published: 03/04/2022\n\n{TEXT}")
    assert_failure(only(path, published="2022-04-03"), str(path), ReportError, "'03/04/2022'", "leave it out")


# --- JSON Lines ------------------------------------------------------------------------------------


def test_json_lines(tmp_path: Path) -> None:
    content = (
        "\ufeff"
        + row(text=TEXT, title="One", outlet="The Herald", published="2031-03-04", url="https://a.example/1")
        + "\n"
        + row(text=TEXT, date="2031-03-05T10:00:00Z", extra=[1])
        + row(text=TEXT, published=None, title=None).rstrip()
    )
    one, two, three = map(report_of, loaded(written(tmp_path, "a.jsonl", content), published="2030-01-01", outlet="X"))
    assert (one.title, one.outlet, one.published, one.url) == (
        "One",
        "The Herald",
        "2031-03-04",
        "https://a.example/1",
    )
    assert (two.outlet, two.published) == ("X", "2031-03-05")
    assert (three.title, three.published) == (None, "2030-01-01")


def test_broken_lines_are_failures_and_the_others_go_on(tmp_path: Path) -> None:
    broken = (
        ("{not json", "not JSON"),
        ('"just words"', 'no object with a "text"'),
        ('{"title": "no text"}', 'no object with a "text"'),
        ('{"text": 5}', 'no object with a "text"'),
        ('{"text": "Talks go on.", "title": 5}', '"title" is not text'),
        ('{"text": "Talks go on.", "date": 1658793600}', '"published" is not text'),
        ("[" * 100_000, "nested too deep"),
        ('{"text": ' + "9" * 10_000 + "}", "not JSON"),
    )
    content = "".join(line + "\n" + row(text=TEXT) for line, _ in broken) + '{"text": "cut o'
    path = written(tmp_path, "a.jsonl", content)
    results = loaded(path)
    assert [report_of(result).text for result in results[1::2]] == [TEXT] * len(broken)
    for i, (_, words) in enumerate(broken):
        assert_failure(results[2 * i], f"{path}:{2 * i + 1}", BrokenLine, words)
    assert_failure(results[-1], f"{path}:{2 * len(broken) + 1}", BrokenLine, "not JSON")


def test_line_that_is_not_utf8(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", b'{"text": "Caf\xe9"}\n' + row(text=TEXT).encode())
    bad, good = loaded(path)
    assert_failure(bad, f"{path}:1", BrokenLine, "utf-8")
    assert report_of(good).text == TEXT


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (row(text=" "), EmptyReport),
        (row(text=LISTED["Spanish"]), OtherLanguage),
        (row(text=TEXT, published="soon"), ReportError),
    ],
)
def test_bad_report_on_a_line(tmp_path: Path, line: str, kind: type[ReportError]) -> None:
    path = written(tmp_path, "a.jsonl", row(text=TEXT) + line)
    assert_failure(loaded(path)[1], f"{path}:2", kind)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_json_lines_without_lines(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, "a.jsonl", content)
    assert_failure(only(path), str(path), EmptyReport)


def test_json_that_is_not_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "a.json", json.dumps({"text": TEXT}, indent=1))
    assert_failure(only(path), str(path), BrokenLine, "one line")
    assert report_of(only(written(tmp_path, "b.json", row(text=TEXT)))).text == TEXT


@pytest.mark.parametrize("start", ["{broken\n", "\n \n{broken\n", row(title="no text"), "}\n\n[1]\n" + "{broken\n" * 2])
def test_lines_are_known_by_the_first_that_is_a_report(tmp_path: Path, start: str) -> None:
    path = written(tmp_path, "reports.data", start + row(text=TEXT) + "{also broken\n" + row(text=TEXT))
    results = loaded(path)
    assert [report_of(result).text for result in results if isinstance(result, Report)] == [TEXT, TEXT]
    lines = [*start.splitlines(), "", "{also broken"]
    broken = [number for number, line in enumerate(lines, start=1) if line.strip()]
    failures = [result for result in results if isinstance(result, Failure)]
    assert len(failures) == len(broken)
    for failure, number in zip(failures, broken, strict=True):
        assert_failure(failure, f"{path}:{number}", BrokenLine, "one JSON object a line")


def test_prose_stays_prose_though_a_later_line_is_json(tmp_path: Path) -> None:
    text = "\n\n".join([*(f"Line {n}: {TEXT}" for n in range(5)), row(text=TEXT).strip()])
    assert report_of(only(written(tmp_path, "a.txt", text))).text == text


def test_a_first_line_over_the_limit_does_not_hide_that_the_rest_are_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "reports.data", row(text="x" * 5000) + row(text=TEXT))
    long, good = loaded(path, max_bytes=1000)
    assert_failure(long, f"{path}:1", ReportTooLong)
    assert report_of(good).text == TEXT


# --- standard input --------------------------------------------------------------------------------


class Endless(io.RawIOBase):
    """A stream that gives one piece again and again, and fails where far more is read than may be."""

    def __init__(self, piece: bytes, most: int) -> None:
        self.piece, self.most, self.given = piece, most, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        given = self.piece[: len(buffer)]
        self.given += len(given)
        assert self.given < self.most, "read far over the limit"
        buffer[: len(given)] = given
        return len(given)


@pytest.mark.parametrize("piece", [b"x" * 100, b"\n", b"word\n" * 20])
def test_a_stream_without_end_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch, piece: bytes) -> None:
    stream = Endless(piece, 200_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(stream)))
    assert_failure(only("-", max_bytes=10_000), "standard input", ReportTooLong)


def test_too_large_a_pdf_from_a_pipe_is_told_as_one_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path := tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\n" * 2_000)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Endless(b"%PDF-1.7\n", 200_000))))
    results = list(load([path, "-"], settings=Settings(max_file_bytes=10_000)))
    for result, name in zip(results, (str(path), "standard input"), strict=True):
        told = f"{name}: it is larger than 10,000 bytes: take out its pictures"
        assert_failure(result, name, ReportTooLong, told)


def test_lines_come_as_soon_as_they_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Endless(b"{broken\n" + row(text=TEXT).encode(), 200)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(stream, buffer_size=128)))
    results = load(["-"], settings=Settings())
    assert_failure(next(results), "standard input:1", BrokenLine)
    assert report_of(next(results)).text == TEXT


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(content: str | bytes) -> None:
        data = content if isinstance(content, bytes) else content.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (f"Outlet: The Herald\n\n{TEXT}", [TEXT]),
        (PAGE, [ARTICLE]),
        ("\ufeff" + PAGE, [ARTICLE]),
        (row(text=TEXT) + row(text=TEXT + " More."), [TEXT, TEXT + " More."]),
        ('{"This": is no JSON, said one.', ['{"This": is no JSON, said one.']),
        (TEXT.encode("utf-16"), [TEXT]),
        ("\n" + row(text=TEXT) + row(text=TEXT), [TEXT, TEXT]),
    ],
)
def test_standard_input_is_known_by_its_start(standard_input: Any, content: str | bytes, texts: list[str]) -> None:
    standard_input(content)
    assert [report_of(result).text for result in loaded("-")] == texts


def test_failure_of_standard_input_is_named(standard_input: Any) -> None:
    standard_input(b"")
    assert_failure(only("-"), "standard input", EmptyReport)
    standard_input(row(text=TEXT) + "{")
    assert_failure(loaded("-")[1], "standard input:2", BrokenLine)
    standard_input("{broken\n" + row(text=TEXT))
    assert_failure(loaded("-")[0], "standard input:1", BrokenLine)


def test_file_named_dash_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "-", TEXT)
    assert report_of(only("./-")).text == TEXT
