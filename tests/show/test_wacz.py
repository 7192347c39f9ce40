"""What was fetched as a web archive: sound for the format's own tools, and read back as what it was."""

from __future__ import annotations

import io
import json
import random
import struct
import tracemalloc
import zipfile
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
import surt
from wacz.main import validate_wacz
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from dragoman.config import Settings
from dragoman.documents.load import load
from dragoman.errors import UsageError
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Capture, Reading, Report
from dragoman.show.exports import export
from dragoman.show.exports.web_records import sort_key
from tests.builders import ReadingBuilder
from tests.documents.test_html import PAGE
from tests.documents.web_archives import article
from tests.ledger.synthetic import synthetic

HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Encoding", "br"),
    ("transfer-encoding", "chunked"),
    ("Content-Length", "77"),
    ("X-Odd", "né\r\nSet-Cookie: a=b"),
    ("no name", "x"),
)


def fetched(number: int, folder: Path, headers: tuple[tuple[str, str], ...] = HEADERS) -> Reading:
    """A reading of a page that was fetched and is kept."""
    page = PAGE.encode() if number == 0 else article(number)
    path = folder / "page.html"
    path.write_bytes(page)
    (report,) = load([path], settings=Settings())
    assert isinstance(report, Report)
    address = f"https://www.orrin.example/News/{number}?b=2&a=%C3%BC"
    at = f"2031-03-{1 + number % 28:02}T05:06:07Z"
    capture = Capture(address, at, sha256(page).hexdigest(), len(page), "text/html", 200, headers, page)
    return ReadingBuilder(replace(report, url=address, capture=capture)).build()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    readings = [fetched(number, tmp_path) for number in range(12)]
    random.Random(5).shuffle(readings)
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for reading in [*readings, synthetic(1)]:
            ledger.add(reading)
        yield ledger


def written(ledger: Ledger, folder: Path, filter: Filter = Filter()) -> Path:  # noqa: B008
    path = folder / "fetched.wacz"
    path.write_bytes(b"".join(export(ledger, filter, "wacz")))
    return path


def test_it_comes_back_as_the_same_reports(ledger: Ledger, tmp_path: Path) -> None:
    found = [one for one in load([written(ledger, tmp_path)], settings=Settings()) if isinstance(one, Report)]
    kept = {reading.report.id: reading.report for reading in ledger.readings()}
    assert len(found) == 12
    for report in found:
        assert report == kept[report.id]
        (capture,) = ledger.captures(report.id)
        assert report.capture
        for part in ("address", "captured_at", "sha256", "size", "media_type", "status"):
            assert getattr(report.capture, part) == getattr(capture, part)


def test_the_tools_of_the_format_find_it_sound(
    ledger: Ledger, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(ledger, tmp_path)
    assert validate_wacz(Namespace(file=str(path), verify_auth=False, verifier_url=None)) == 0
    assert "valid" in capsys.readouterr().out
    with zipfile.ZipFile(path) as archive:
        archive.extract("archive/data.warc.gz", tmp_path)
        assert archive.testzip() is None
        assert archive.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
    checker = Checker(Namespace(inputs=[str(tmp_path / "archive/data.warc.gz")], verbose=True))
    assert checker.process_all() == 0
    assert capsys.readouterr().out.count("digest pass") == 12


def test_the_body_fits_its_headers(ledger: Ledger, tmp_path: Path) -> None:
    with zipfile.ZipFile(written(ledger, tmp_path)) as archive:
        data = archive.read("archive/data.warc.gz")
    information, *records = list(_records(data))
    assert information[0] == "warcinfo"
    assert b"Dragoman" in information[2] and b"publishers'" in information[2]
    for kind, headers, body in records:
        assert kind == "response"
        told = dict(headers)
        assert body.startswith(b"<!doctype html>")
        assert told["Content-Length"] == str(len(body))
        assert (told["X-Archive-Orig-Content-Encoding"], told["X-Archive-Orig-transfer-encoding"]) == ("br", "chunked")
        assert not {"Content-Encoding", "transfer-encoding", "Set-Cookie", "no name"} & set(told)


def _records(data: bytes) -> Iterator[tuple[str, list[tuple[str, str]], bytes]]:
    for record in ArchiveIterator(io.BytesIO(data)):
        headers = record.http_headers.headers if record.http_headers else []
        yield record.rec_type, headers, record.content_stream().read()


def test_the_index_leads_to_each_record_and_pages_have_titles(ledger: Ledger, tmp_path: Path) -> None:
    with zipfile.ZipFile(written(ledger, tmp_path)) as archive:
        data, index = archive.read("archive/data.warc.gz"), archive.read("indexes/index.cdx").decode().splitlines()
        head, *pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").splitlines()]
    assert index == sorted(index) and len(index) == 12
    for line in index:
        key, moment, told = line.split(" ", 2)
        told = json.loads(told)
        place = slice(int(told["offset"]), int(told["offset"]) + int(told["length"]))
        (record,) = ArchiveIterator(io.BytesIO(data[place]))
        assert record.rec_headers["WARC-Target-URI"] == told["url"]
        assert record.rec_headers["WARC-Payload-Digest"] == told["digest"]
        assert moment == "".join(filter(str.isdigit, record.rec_headers["WARC-Date"]))
        assert key.startswith("example,orrin)/news/")
    assert head["format"] == "json-pages-1.0"
    assert {page["title"] for page in pages} >= {"Council keeps bridge shut", "Bridge 11 stays shut"}
    assert all(page["ts"].startswith("2031-03-") and page["url"].startswith("https://") for page in pages)


def test_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    made = set()
    for seed in range(3):
        readings = [fetched(number, tmp_path) for number in range(5)]
        random.Random(seed).shuffle(readings)
        with Ledger.open(tmp_path / f"{seed}.sqlite") as ledger:
            for reading in readings:
                ledger.add(reading)
            made.add(b"".join(export(ledger, Filter(), "wacz")))
    assert len(made) == 1


def test_a_filter_holds_and_nothing_kept_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    found = list(load([written(ledger, tmp_path, Filter(outlet="The Meridian Post"))], settings=Settings()))
    assert [one.title for one in found if isinstance(one, Report)] == ["Council keeps bridge shut"]
    with pytest.raises(UsageError, match="keeps no original"):
        export(ledger, Filter(outlet="Nobody's Post"), "wacz")
    with pytest.raises(UsageError, match="cannot be written as wacz"):
        export(ledger, Filter(), "wacz", "events")


def test_an_address_in_other_letters_is_that_which_browsers_ask_for(tmp_path: Path) -> None:
    reading = fetched(1, tmp_path)
    assert reading.report.capture
    capture = replace(reading.report.capture, address="https://orrin.example/é a?ü=1%20\n")
    with Ledger.open(tmp_path / "x.sqlite") as ledger:
        ledger.add(replace(reading, report=replace(reading.report, capture=capture)))
        (report,) = load([written(ledger, tmp_path)], settings=Settings())
    assert isinstance(report, Report) and report.url == "https://orrin.example/%C3%A9%20a?%C3%BC=1%20"


def test_players_that_count_find_the_records(ledger: Ledger, tmp_path: Path) -> None:
    """ReplayWeb.page takes the length of a local header from the list at the end."""
    data = written(ledger, tmp_path).read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            name, extra = struct.unpack("<HH", data[member.header_offset + 26 : member.header_offset + 30])
            assert (name, extra) == (len(member.filename), len(member.extra))


def test_one_page_of_two_reports_is_there_once(tmp_path: Path) -> None:
    one = fetched(1, tmp_path)
    other = replace(one, report=replace(one.report, id="f" * 64, title="Another"))
    with Ledger.open(tmp_path / "x.sqlite") as ledger:
        ledger.add(one)
        ledger.add(other)
        with zipfile.ZipFile(written(ledger, tmp_path)) as archive:
            assert len(archive.read("indexes/index.cdx").splitlines()) == 1


def test_memory_stays_flat(tmp_path: Path) -> None:
    """Pages of 1 MB that cannot be packed."""
    draw, reading = random.Random(1), fetched(1, tmp_path)
    with Ledger.open(tmp_path / "x.sqlite") as ledger:
        for number in range(16):
            page = draw.randbytes(1_000_000)
            hash = sha256(page).hexdigest()
            capture = Capture(f"https://a.example/{number}", "2031-03-04T05:06:07Z", hash, len(page), content=page)
            ledger.add(replace(reading, report=replace(reading.report, id=hash, capture=capture)))
        tracemalloc.start()
        size = sum(map(len, export(ledger, Filter(), "wacz")))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert size > 16_000_000
    assert peak < 8_000_000


@pytest.mark.parametrize(
    "address",
    (
        "https://www.Example.com:443/a/B?x=1&y=2#f",
        "http://news.example.org",
        "http://news.example.org:8080/x/",
        "https://a.example/é?q=%C3%A9",
        "https://example.com/a/?",
        "https://user:pw@ex.com/p",
        "https://ex.com/c?B=2&a=1",
        "https://www2.ex.com/",
    ),
)
def test_sort_keys_are_those_of_other_programs(address: str) -> None:
    assert sort_key(address) == surt.surt(address)


def test_any_address_has_a_sort_key() -> None:
    for address in ("", "http://[", "http://a:b:c/", "https://a.example:99999999/", "x y\nz", "\ud800"):
        assert "\n" not in sort_key(address) and " " not in sort_key(address)
