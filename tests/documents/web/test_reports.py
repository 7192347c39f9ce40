"""An address as an input: what is read from it, what is kept of it, and what goes wrong."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from dragoman.config import Settings
from dragoman.documents.incoming import Options
from dragoman.documents.load import Failure, load, read_address
from dragoman.documents.text import Origin
from dragoman.errors import AddressRefused, EmptyReport, FetchFailed, NoArticle, NotText, ReportTooLong, UsageError
from dragoman.ledger.store import Ledger
from dragoman.records import Report
from tests.builders import ReadingBuilder
from tests.documents.test_html import ARTICLE, PAGE
from tests.documents.web.server import PUBLIC, Answer, Internet, Site, answer, redirect

INSIDE = "http://wiki.corp/delete?all=1"
TEXT = "The council voted on Tuesday to keep the bridge shut, officials said."


@pytest.fixture
def running(internet: Internet) -> Site:
    """The server of the small internet, which is asked as this machine's own, without its names."""
    return internet.site


def loaded(running: Site, *inputs: str | Path, **options: Any) -> list[Report | Failure]:
    """The reports of inputs; `/a` is an address of the server."""
    here = f"http://127.0.0.1:{running.port}"
    settings = Settings(fetch_allow="127.0.0.1", fetch_pause=0, max_bytes=100_000)
    given = [f"{here}{one}" if isinstance(one, str) and one.startswith("/") else one for one in inputs]
    return list(load(given, settings=settings, **options))


def only(running: Site, said: Answer, path: str = "/a") -> Report | Failure:
    """What is read where the server says so."""
    running.pages[path] = said
    (result,) = loaded(running, path)
    return result


def test_a_page_is_read_with_what_it_says_but_not_of_its_address(running: Site) -> None:
    report = only(running, answer(PAGE.encode(), content_type="text/html; charset=utf-8"))
    assert isinstance(report, Report)
    assert (report.text, report.title) == (ARTICLE, "Council keeps bridge shut")
    assert (report.outlet, report.published) == ("The Meridian Post", "2031-03-04")
    assert report.url == f"http://127.0.0.1:{running.port}/a", "the page says it is another"
    assert report.capture is not None and report.capture.content == PAGE.encode()
    assert (report.capture.address, report.capture.status) == (report.url, 200)


def test_the_original_is_kept_in_the_ledger(running: Site, tmp_path: Path) -> None:
    running.pages |= {"/a": redirect("/b"), "/b": answer(gzip.compress(PAGE.encode()), content_encoding="gzip")}
    (report,) = loaded(running, "/a")
    assert isinstance(report, Report)
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(ReadingBuilder(report).build())
        (capture,) = ledger.captures(report.id)
        assert capture.address == f"http://127.0.0.1:{running.port}/b"
        assert ("content-encoding", "gzip") in capture.headers
        assert capture.sha256 == sha256(PAGE.encode()).hexdigest()
        assert ledger.original(capture.sha256) == PAGE.encode()


@pytest.mark.parametrize("media_type", ["text/plain", "text/plain; charset=utf-8", "application/octet-stream", "x", ""])
def test_plain_text_is_read_whatever_it_is_called(running: Site, media_type: str) -> None:
    said = f"Title: Bridge\nUrl: https://lie.example/\n\n{TEXT}".encode()
    report = only(running, answer(said, content_type=media_type))
    assert isinstance(report, Report)
    assert (report.title, report.text, report.url) == ("Bridge", TEXT, f"http://127.0.0.1:{running.port}/a")
    assert report.capture is not None and report.capture.content == said


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/a.html", "application/octet-stream"), ("/a", "text/html"), ("/a", "text/plain"), ("/a.txt", "text/html")],
)
def test_a_page_is_told_by_its_type_its_name_or_its_start(running: Site, path: str, media_type: str) -> None:
    report = only(running, answer(PAGE.encode(), content_type=media_type), path)
    assert isinstance(report, Report) and report.text == ARTICLE


@pytest.mark.parametrize(
    ("path", "media_type"), [("/a", "application/x-ndjson"), ("/a.jsonl", "text/plain"), ("/a?b=c", "")]
)
def test_rows_of_json_lines_keep_their_own_addresses(running: Site, path: str, media_type: str) -> None:
    rows = [{"text": TEXT, "url": "https://meridian.example/1"}, {"text": f"Again: {TEXT}"}]
    running.pages[path] = answer("\n".join(map(json.dumps, rows)).encode(), content_type=media_type)
    one, two = loaded(running, path)
    assert isinstance(one, Report) and isinstance(two, Report)
    assert (one.url, two.url) == ("https://meridian.example/1", f"http://127.0.0.1:{running.port}{path}")
    assert one.capture == two.capture is not None


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (answer(b"", content_type="text/html"), NoArticle),
        (answer(b"", content_type="text/plain"), EmptyReport),
        (answer(b"\x89PNG\r\n\x1a\n" + bytes(99), content_type="image/png"), NotText),
        (answer(b"<p>none</p>", content_type="text/html"), NoArticle),
        (answer(b"a" * 100_001, content_type="text/plain"), ReportTooLong),
        (answer(b"sorry", "404 Not Found"), FetchFailed),
        (redirect("http://10.0.0.1/"), AddressRefused),
        (b"nonsense", FetchFailed),
    ],
)
def test_what_goes_wrong_is_a_failure_that_names_the_address(running: Site, said: Answer, kind: type) -> None:
    failure = only(running, said)
    assert isinstance(failure, Failure) and type(failure.error) is kind
    assert failure.name == f"http://127.0.0.1:{running.port}/a" and failure.error.cure
    assert kind is AddressRefused or failure.name in failure.error.what


def test_the_charset_that_the_server_tells_counts(running: Site) -> None:
    page = PAGE.encode().replace(b"officials", "министры".encode("windows-1251"))
    for media_type in ("text/html", "text/plain"):
        report = only(running, answer(page, content_type=f"{media_type}; charset=Windows-1251"))
        assert isinstance(report, Report) and "министры" in report.text
        assert report.capture and report.capture.content == page
    told_wrongly = only(running, answer(PAGE.encode(), content_type="text/html; charset=koi8-r"))
    assert isinstance(told_wrongly, Report) and told_wrongly.text == ARTICLE


@pytest.mark.parametrize(
    "said",
    [
        answer(b"x", content_type=f"text/html; charset*{'9' * 5000}=x"),
        answer(b"", "503 Service Unavailable", retry_after="Mon, 01 Jan 99999999999 00:00:00 GMT"),
        answer(b"", "503 Service Unavailable", retry_after="9" * 5000),
    ],
)
def test_odd_headers_cost_only_their_own_address(running: Site, said: Answer) -> None:
    running.pages |= {"/odd": said, "/a": answer(TEXT.encode())}
    failure, report = loaded(running, "/odd", "/a")
    assert isinstance(failure, Failure) and "a fault" not in failure.error.what
    assert isinstance(report, Report)


def test_one_bad_address_does_not_stop_the_rest(running: Site, tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(TEXT)
    running.pages["/a"] = answer(TEXT.encode())
    refused = "ftp://a.example/", "http://127.1/", "file:///etc/passwd"
    got = loaded(running, "/gone", "/a", *refused, tmp_path / "b.txt", f"http://127.0.0.1:{running.port}/a")
    assert [isinstance(one, Failure) for one in got] == [True, False, True, True, True, False, False]
    assert [one.name for one in got if isinstance(one, Failure)][1:] == list(refused)


def test_what_is_known_of_date_and_outlet_is_taken_where_the_page_has_none(running: Site) -> None:
    running.pages["/a"] = answer(TEXT.encode())
    (report,) = loaded(running, "/a", published="2031-03-05", outlet="Harbour Post")
    assert isinstance(report, Report) and (report.published, report.outlet) == ("2031-03-05", "Harbour Post")


def test_a_path_that_looks_like_an_address_is_a_file(
    running: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("http:/a.example").mkdir(parents=True)
    Path("http:/a.example/b.txt").write_text(TEXT)
    (report,) = loaded(running, Path("http://a.example/b.txt"))
    assert isinstance(report, Report)
    assert running.connections == 0


def test_nothing_is_fetched_but_what_was_given(running: Site, tmp_path: Path) -> None:
    here = f"http://127.0.0.1:{running.port}"
    links = f'<link rel="stylesheet" href="{here}/b"><img src="{here}/c"><script src="{here}/d"></script>'
    page = PAGE.replace("<script>", f'{links}<base href="{here}"><script>').replace("/officials", f"{here}/e")
    (tmp_path / "saved.html").write_text(page)
    (tmp_path / "urls.txt").write_text(f"Url: {here}/f\n\n{TEXT} See {here}/g.")
    assert all(isinstance(one, Report) for one in loaded(running, tmp_path))
    assert running.connections == 0
    running.pages["/a"] = answer(page.encode(), content_type="text/html")
    loaded(running, "/a")
    assert running.asked == ["/a"]


def test_hosts_that_cannot_be_allowed_end_the_run() -> None:
    with pytest.raises(UsageError):
        list(load(["https://a.example/"], settings=Settings(fetch_allow="*")))


def test_files_need_nothing_of_what_fetches(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    code = (
        "import sys; from dragoman.config import Settings; from dragoman.documents.load import load;"
        f"print(*load([{str(tmp_path / 'a.txt')!r}], settings=Settings())); print('httpcore2' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


FEED = f"<rss version='2.0'><channel><title>A</title><item><link>{INSIDE}</link></item></channel></rss>"
OPML = "<opml version='2.0'><body><outline xmlUrl='{}'/></body></opml>"
HOSTS = ("wiki.corp", "b.example")
SITEMAPS = "<sitemapindex><sitemap><loc>{}</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize(
    "listed", [FEED, *(one.format(f"http://{to}/feed") for one in (OPML, SITEMAPS) for to in HOSTS)]
)
def test_what_lies_outside_leads_to_nothing_inside(internet: Internet, listed: str) -> None:
    """Though the user allows the host, so that what lies there itself may lead there."""
    page = answer(PAGE.encode(), content_type="text/html")
    internet.names["wiki.corp"] = [["10.0.0.7"]]
    internet.site.pages |= {"/list": answer(listed.encode()), "/feed": answer(FEED.encode()), "/delete?all=1": page}
    fetch = internet.fetcher(fetch_allow="wiki.corp").fetch
    options = Options(origin=Origin(), force=False, settings=Settings(), fetch=fetch)
    [outside] = read_address("http://a.example/list", options, fetch)
    assert isinstance(outside, Failure) and isinstance(outside.error, AddressRefused)
    assert {number for number, _ in internet.connected} == {PUBLIC}
    [inside] = read_address("http://wiki.corp/list", options, fetch)
    assert isinstance(inside, Failure) == ("b.example" in listed)
