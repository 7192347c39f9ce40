"""Web archives as inputs: reports with where they come from, and one message for all that is no report."""

from __future__ import annotations

import gzip
import io
import random
import re
import subprocess
import sys
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import brotli
import pytest
import zstandard

import dragoman
from dragoman.config import Settings
from dragoman.documents.answers import parsed
from dragoman.documents.load import Failure, load
from dragoman.errors import DamagedFile, EmptyReport, PassedOver, ReportError, UnpacksTooFar
from dragoman.records import Report
from tests.command import WordReader

from .foreign import LISTED
from .test_html import ARTICLE, PAGE
from .test_pdf import newspaper
from .web_archives import Written, article, packed

HTML = ("Content-Type", "text/html; charset=utf-8")
ADDRESS = "https://orrin.example/{}"
MENU = b"<html><body><ul><li><a href=/a>News of %d</a></ul></body></html>"


def crawl() -> Written:
    """What a crawl brings: two articles, and far more that is none."""
    written = Written()
    written.info()
    written.add(ADDRESS.format(1), PAGE.encode())
    written.add(ADDRESS.format(1), b"", ("User-Agent", "tests"), kind="request", status="GET /1 HTTP/1.1")
    written.add(ADDRESS.format(2), article(2))
    for number in range(3):
        written.add(ADDRESS.format(f"menu{number}"), MENU % number)
    written.add(ADDRESS.format("fr"), LISTED["French"].encode(), ("Content-Type", "text/plain; charset=utf-8"))
    written.add(ADDRESS.format("gone"), article(3), HTML, status="404 Not Found")
    written.add(ADDRESS.format("logo"), b"\x89PNG\r\n", ("Content-Type", "image/png"))
    written.add(ADDRESS.format("robots.txt"), b"User-agent: *", ("Content-Type", "text/plain"))
    written.add(ADDRESS.format(1), b"", HTML, kind="revisit")
    for kind in ("resource", "conversion", "metadata"):
        written.add(ADDRESS.format(kind), article(4), HTML, kind=kind)
    written.add(ADDRESS.format("long"), b"<html>" + b"x " * 1_000_000, HTML)
    return written


def loaded(path: Path) -> tuple[list[Report], list[Failure]]:
    found = list(load([path], settings=Settings()))
    return [one for one in found if isinstance(one, Report)], [one for one in found if isinstance(one, Failure)]


def of_one(tmp_path: Path, body: bytes, *headers: tuple[str, str]) -> Report:
    """The report of an archive with one answer."""
    written = Written()
    written.add(ADDRESS.format(1), body, *headers)
    path = tmp_path / "one.warc"
    path.write_bytes(b"".join(written.parts))
    (report,), failures = loaded(path)
    assert not failures
    return report


def wacz(*members: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return stream.getvalue()


@pytest.mark.parametrize("form", ("plain", "gzip", "zstd", "dictionary"))
def test_articles_come_and_the_rest_is_summed_up(tmp_path: Path, form: str) -> None:
    made = packed(crawl().parts, form)
    path = tmp_path / f"crawl{made.suffix}"
    path.write_bytes(made.data)
    reports, (failure,) = loaded(path)
    assert [(report.title, report.url) for report in reports] == [
        ("Council keeps bridge shut", ADDRESS.format(1)),
        ("Bridge 2 stays shut", ADDRESS.format(2)),
    ]
    assert reports[0].text == ARTICLE
    assert [report.published for report in reports] == ["2031-03-04", None]  # never the day of the crawl
    assert isinstance(failure.error, PassedOver)
    assert failure.name == str(path)
    for words in (
        f"{path}: 2 reports; passed over: ",
        f"3 without an article (such as {ADDRESS.format('menu0')}, {ADDRESS.format('menu1')})",
        f"1 not in English ({ADDRESS.format('fr')})",
        "1 with another status than 200",
        "2 that are no page or document",
        "1 that came again unchanged (revisit)",
        "1 that no server answered with (resource)",
        "1 that were made of another (conversion)",
        f"1 too long ({ADDRESS.format('long')})",
    ):
        assert words in failure.error.what


def test_a_report_keeps_where_it_was_taken_from(tmp_path: Path) -> None:
    capture = of_one(tmp_path, PAGE.encode(), HTML, ("X-Odd", "a  b")).capture
    assert capture is not None
    assert (capture.address, capture.captured_at, capture.status) == (ADDRESS.format(1), "2031-03-04T05:06:07Z", 200)
    assert (capture.sha256, capture.size) == (sha256(PAGE.encode()).hexdigest(), len(PAGE.encode()))
    assert (capture.media_type, capture.headers[:2]) == ("text/html", (HTML, ("X-Odd", "a  b")))
    assert capture.content is None


def chunked(body: bytes) -> bytes:
    pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
    return b"".join(b"%x;odd=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "code"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("br", brotli.compress),
        ("zstd", zstandard.ZstdCompressor().compress),
        ("identity", bytes),
        ("gzip", bytes),  # as many archives have it: decoded, under the headers as they came
        ("br", bytes),
        ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
    ],
)
@pytest.mark.parametrize("chunks", (chunked, bytes))
def test_bodies_are_decoded(
    tmp_path: Path, coding: str, code: Callable[[bytes], bytes], chunks: Callable[[bytes], bytes]
) -> None:
    headers = HTML, ("Content-Encoding", coding), ("Transfer-Encoding", "chunked")
    report = of_one(tmp_path, chunks(code(PAGE.encode())), *headers)
    assert report.text == ARTICLE
    assert report.capture and report.capture.sha256 == sha256(PAGE.encode()).hexdigest()


def test_reports_of_pages_that_were_cut_off_are_told(tmp_path: Path) -> None:
    body, whole = chunked(article(1)), chunked(article(2))
    middle = body.index(b"64;", len(body) // 2)
    bodies = body[:middle], body[:middle] + b"zz\r\n" + body[middle:], body[: middle + 50], body[: middle + 10], whole
    written = Written()
    for number, each in enumerate(bodies):
        written.add(ADDRESS.format(number), each, HTML, ("Transfer-Encoding", "chunked"))
    written.add(ADDRESS.format(5), article(3), HTML)
    written.parts[-1] = written.parts[-1].replace(b"WARC-Date", b"WARC-Truncated: length\r\nWARC-Date")
    (path := tmp_path / "cut.warc").write_bytes(b"".join(written.parts))
    reports, (failure,) = loaded(path)
    assert len(reports) == 6
    assert isinstance(failure.error, PassedOver)
    named = f"such as {ADDRESS.format(0)}, {ADDRESS.format(1)}"
    assert failure.error.what == f"{path}: 6 reports, 5 cut off ({named})"


def test_a_body_that_is_a_bomb_is_refused_without_holding_it() -> None:
    inner = gzip.compress(bytes(300_000_000), 9)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\r\n"
    for body in (inner, gzip.compress(inner)):
        answer = parsed(head + body)
        assert answer
        tracemalloc.start()
        with pytest.raises(UnpacksTooFar):
            answer.payload(1_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 20_000_000


def test_the_charset_of_the_headers_counts_where_the_page_tells_none(tmp_path: Path) -> None:
    page = article(1).replace(b"officials", "министры".encode("windows-1251"))
    report = of_one(tmp_path, page, ("Content-Type", "text/html; charset=windows-1251"))
    assert "министры" in report.text
    assert "�" not in of_one(tmp_path, PAGE.encode(), ("Content-Type", "text/html; charset=iso-8859-1")).text


@pytest.mark.parametrize("charset", ["windows1252", "CP-1252", "iso-8859-12", "windows-1259", "cp1259"])
def test_a_charset_by_another_name_or_a_number_that_none_has_costs_no_page(tmp_path: Path, charset: str) -> None:
    page = article(1).replace(b"officials", "the café".encode("cp1252"))
    assert "the café" in of_one(tmp_path, page, ("Content-Type", f"text/html; charset={charset}")).text


def test_of_a_header_that_came_twice_the_first_counts(tmp_path: Path) -> None:
    report = of_one(tmp_path, PAGE.encode(), ("Content-Type", "text/html"), HTML)
    assert report.capture and report.capture.media_type == "text/html"


def test_documents_may_be_longer_than_pages_and_have_no_charset(tmp_path: Path) -> None:
    newspaper(tmp_path / "a.pdf")
    pdf = (tmp_path / "a.pdf").read_bytes() + b"\n% more" * 400
    written = Written()
    written.add(ADDRESS.format("a.pdf"), pdf, ("Content-Type", "application/pdf; charset=koi8-r"))
    written.add(ADDRESS.format("long.pdf"), pdf + bytes(100_000), ("Content-Type", "application/pdf"))
    path = tmp_path / "one.warc"
    path.write_bytes(b"".join(written.parts))
    report, told = load([path], settings=Settings(max_bytes=2_500, max_file_bytes=80_000))
    assert isinstance(report, Report) and report.capture and report.capture.size == len(pdf) > 2_500
    assert isinstance(told, Failure) and isinstance(told.error, PassedOver)
    assert f"1 too long ({ADDRESS.format('long.pdf')})" in told.error.what


def test_an_archive_without_reports_fails(tmp_path: Path) -> None:
    (tmp_path / "empty.warc").write_bytes(b"")
    written = Written()
    written.add(ADDRESS.format(1), MENU % 1)
    (tmp_path / "menus.warc.gz").write_bytes(packed(written.parts, "gzip").data)
    (tmp_path / "junk.warc.gz").write_bytes(b"no archive at all" * 100)
    for name, kinds in {
        "empty.warc": [EmptyReport],
        "menus.warc.gz": [EmptyReport],
        "junk.warc.gz": [DamagedFile, EmptyReport],
    }.items():
        reports, failures = loaded(tmp_path / name)
        assert not reports
        assert [type(failure.error) for failure in failures] == kinds
        assert all(name in failure.error.what and failure.error.cure for failure in failures)


def test_damage_is_told_with_its_place_and_the_rest_is_read(tmp_path: Path) -> None:
    made = packed(crawl().parts, "gzip")
    start, end = made.bounds()[1]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(made.data[: end - 40] + b"garbled" + made.data[end - 33 :])
    (report,), (damage, summary) = loaded(path)
    assert report.title == "Bridge 2 stays shut"
    assert damage.name == f"{path}:{start}"
    assert isinstance(damage.error, DamagedFile) and f"{path}: at byte {start:,} " in damage.error.what
    assert isinstance(summary.error, PassedOver)


def test_not_every_one_of_very_many_damages_is_told(tmp_path: Path) -> None:
    path = tmp_path / "hostile.warc"
    path.write_bytes(b"WARC/1.0\r\nA:" * 5_000)
    _, failures = loaded(path)
    assert len(failures) == 102
    assert re.search(r"damaged at [\d,]+ places more", failures[-2].error.what)


# --- WACZ -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
def test_the_archives_in_a_wacz_file_are_read(tmp_path: Path, method: int) -> None:
    one, other = packed(crawl().parts[:2], "gzip"), packed(crawl().parts[3:4], "plain")
    path = tmp_path / "crawl.wacz"
    path.write_bytes(
        wacz(
            ("datapackage.json", b"{}"),
            ("archive/b.warc", other.data),
            ("archive/a.warc.gz", one.data),
            ("pages/pages.jsonl", b""),
            method=method,
        )
    )
    reports, failures = loaded(path)
    assert [report.url for report in reports] == [ADDRESS.format(1), ADDRESS.format(2)]
    assert not failures


def test_a_wacz_file_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    """As on standard input; its list of pages holds texts that are no reports."""
    members = ("archive/a.warc", packed(crawl().parts[:2], "plain").data), ("pages/pages.jsonl", b'{"text": "A page."}')
    path = tmp_path / "saved"
    path.write_bytes(wacz(("datapackage.json", b"{}"), *members))
    (report,), failures = loaded(path)
    assert report.url == ADDRESS.format(1) and report.capture and not failures
    path.write_bytes(wacz(*members))
    assert len(loaded(path)[0]) == 2, "an ordinary archive of files"


def test_a_wacz_file_unpacks_no_further_than_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "packed.wacz"
    path.write_bytes(wacz(("archive/a.warc", bytes(10_000)), method=zipfile.ZIP_DEFLATED))
    failure, *_ = load([path], settings=Settings(max_unpacked_bytes=9_999))
    assert isinstance(failure, Failure) and isinstance(failure.error, UnpacksTooFar)
    assert "DRAGOMAN_MAX_UNPACKED_BYTES" in failure.error.cure


def test_hostile_names_in_a_wacz_file_lead_nowhere(tmp_path: Path) -> None:
    data = packed(crawl().parts[:2], "gzip").data
    names = (
        "archive/../../../etc/x.warc.gz",
        "/archive/x.warc.gz",
        r"archive\..\x.warc.gz",
        "archive/\x1b[2Jx.warc.gz",
    )
    before = sorted(tmp_path.rglob("*"))
    path = tmp_path / "hostile.wacz"
    for name in names:
        path.write_bytes(wacz((name, data)))
        reports, failures = loaded(path)
        assert [report.url for report in reports] == [ADDRESS.format(1)]
        assert all("\x1b" not in failure.error.what for failure in failures)
    assert sorted(tmp_path.rglob("*")) == sorted([*before, path])


def test_a_wacz_file_cut_or_garbled_anywhere_gives_what_is_whole(tmp_path: Path) -> None:
    written = Written()
    for number in range(4):
        written.add(ADDRESS.format(number), article(number))
    made = packed(written.parts, "gzip")
    data = wacz(("datapackage.json", b"{}" * 40), ("archive/a.warc.gz", made.data), ("pages/pages.jsonl", b"{}\n" * 40))
    begin = data.index(made.data)
    bounds = [(begin + start, begin + end) for start, end in made.bounds()]
    path, draw = tmp_path / "x.wacz", random.Random(3)
    told = 0
    for n in range(60):
        at = len(data) * n // 60
        for broken, end in ((data[:at], len(data)), (data[:at] + draw.randbytes(9) + data[at + 9 :], at + 9)):
            path.write_bytes(broken)
            reports, failures = loaded(path)
            whole = {ADDRESS.format(n) for n, (start, stop) in enumerate(bounds) if stop <= at or start >= end}
            assert {report.url for report in reports} >= whole, at
            told += bool(failures)
    assert told > 70


def test_through_a_pipe(tmp_path: Path) -> None:
    """Which cannot be gone back in."""
    parts = crawl().parts
    ended = subprocess.run(
        [sys.executable, "-m", "tests.command", "add", "-", "--ledger", str(tmp_path / "x.sqlite")],
        input=parts[1] + parts[2][:-50] + parts[3],
        capture_output=True,
        timeout=60,
    )
    said = ended.stderr.decode()
    assert f"standard input: at byte {len(parts[1]):,} a record is not as long as it says" in said
    assert "2 added, 0 already there, 1 failed" in said
    assert ended.returncode == 3


def test_a_sound_archive_ends_well(tmp_path: Path) -> None:
    """Though most of it is no report."""
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(packed(crawl().parts, "gzip").data)
    command = [sys.executable, "-m", "tests.command", "add", str(path), "--ledger", str(tmp_path / "x.sqlite")]
    ended = subprocess.run(command, capture_output=True, timeout=60, text=True)
    assert "passed over" in ended.stderr
    assert "2 added, 0 already there, 0 failed" in ended.stderr
    assert ended.returncode == 0


def test_from_python_only_what_failed_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dragoman, "_reader", WordReader)
    made = packed(crawl().parts, "gzip")
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(made.data)
    assert len(list(dragoman.read_many(path))) == 2
    told: list[ReportError] = []
    assert len(list(dragoman.read_many(path, on_error=told.append))) == 2
    assert [type(error) for error in told] == [PassedOver]
    path.write_bytes(made.data[: made.bounds()[1][0]] + b"garbled" + made.data[made.bounds()[1][0] :])
    with pytest.raises(DamagedFile, match="at byte"):
        list(dragoman.read_many(path))
