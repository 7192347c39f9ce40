"""Feeds and lists of feeds given to `load`: the reports of their entries, in the order of the feed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dragoman.config import Settings
from dragoman.documents.feeds import Entry
from dragoman.documents.incoming import Failure, Options
from dragoman.documents.listed import MOST_OF_ENTRY, article
from dragoman.documents.load import read_address, read_fetched, read_stream
from dragoman.documents.text import Origin
from dragoman.documents.web.fetch import Fetched
from dragoman.errors import FetchFailed, ReportTooLong
from dragoman.records import Report

AT = "https://harbour.example/feed"
OPML = f"<opml version='2.0'><body><outline xmlUrl='{AT}'/></body></opml>"
WORDS = "The port authority said on Monday that two crews had left {} before the storm reached the harbour."


def page(place: str) -> bytes:
    words = WORDS.format(place)
    return f"<html><head><title>{place}</title></head><body><article><p>{words}</p></article></body></html>".encode()


def rss(*items: str) -> bytes:
    return f"""<?xml version="1.0"?><rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel>
    <title>Harbour Post</title>{"".join(f"<item>{item}</item>" for item in items)}</channel></rss>""".encode()


def linked(number: int) -> str:
    return (
        f"<title>Crews leave ({number})</title><link>https://harbour.example/{number}</link>"
        "<pubDate>Wed, 04 Mar 2026 23:30:00 +0200</pubDate>"
    )


def whole(number: int, place: str) -> str:
    return f"{linked(number)}<c:encoded><![CDATA[<p>{WORDS.format(place)}</p>]]></c:encoded>"


class Web:
    """What is at addresses, and which were asked for."""

    def __init__(self, pages: Mapping[str, bytes]) -> None:
        self.pages, self.asked = pages, list[str]()

    def fetch(self, address: str, *, within: bool = True) -> Fetched:
        self.asked.append(address)
        if address not in self.pages:
            raise FetchFailed(f"{address} was answered with an error (404)", "check the address", status=404)
        now = datetime.now(UTC).isoformat()
        return Fetched(address, address, 200, (), None, None, self.pages[address], now)


def options(web: Web | None = None) -> Options:
    return Options(origin=Origin(), force=False, settings=Settings(), fetch=web.fetch if web else None)


def read(data: bytes, web: Web | None = None, name: str = "saved") -> list[Report | Failure]:
    return list(read_stream(io.BytesIO(data), name, options(web)))


def test_each_entry_of_a_feed_is_fetched() -> None:
    web = Web({f"https://harbour.example/{n}": page(f"Town {n}") for n in (1, 2)})
    one, two, three = read(rss(linked(1), linked(2), linked(3)), web)
    assert isinstance(one, Report)
    assert isinstance(two, Report)
    assert one.text == WORDS.format("Town 1")
    assert (one.outlet, one.published, one.url) == ("Harbour Post", "2026-03-04", "https://harbour.example/1")
    assert one.capture is not None
    assert (one.capture.address, one.capture.content) == ("https://harbour.example/1", page("Town 1"))
    assert isinstance(three, Failure)
    assert "https://harbour.example/3" in three.error.what


def test_the_text_in_the_feed_stands_in_for_a_page_that_cannot_be_had() -> None:
    feed = rss(whole(1, "Aden"), linked(2))
    for web in (None, Web({}), Web({"https://harbour.example/1": b"<html><body>Sign in</body></html>"})):
        one, two = read(feed, web)
        assert isinstance(one, Report)
        assert one.text == WORDS.format("Aden")
        assert (one.title, one.url) == ("Crews leave (1)", "https://harbour.example/1")
        assert isinstance(two, Failure)


def test_a_fault_in_one_article_costs_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(content: bytes, charset: str) -> bytes:
        if b"Town 1" in content:
            raise LookupError("unknown encoding")
        return content

    monkeypatch.setattr("dragoman.documents.load.recoded", broken)
    web = Web({f"https://harbour.example/{n}": page(f"Town {n // 2}") for n in (2, 3, 4)})
    text, failure, report = read(rss(whole(2, "Aden"), linked(3), linked(4)), web)
    assert isinstance(text, Report) and text.text == WORDS.format("Aden")
    assert isinstance(failure, Failure) and "harbour.example/3: a fault in Dragoman itself" in failure.error.what
    assert isinstance(report, Report)


def test_a_text_that_cannot_be_written_costs_only_that() -> None:
    [failure] = article(Entry(id="1", title="Cut", content="cut \ud83d"), options())
    assert isinstance(failure, Failure) and failure.error.what.startswith("Cut: a fault in Dragoman itself")


def test_what_comes_from_a_fetched_feed_has_it_as_its_capture() -> None:
    web = Web({AT: rss(whole(1, "Aden"), f"<c:encoded>&lt;p>{WORDS.format('Mocha')}&lt;/p></c:encoded>")})
    one, two = read_fetched(web.fetch(AT), options(web))
    assert isinstance(one, Report)
    assert isinstance(two, Report)
    assert one.capture is not None
    assert (one.capture.address, one.url, two.url) == (AT, "https://harbour.example/1", None)


def test_lists_lead_to_feeds_and_these_to_pages_and_no_further() -> None:
    opml = f'<opml version="1.0"><body><outline xmlUrl="{AT}"/><outline xmlUrl="https://no.example/f"/></body></opml>'
    pages = {AT: rss(linked(1), linked(2)), "https://harbour.example/1": page("Aden")}
    web = Web({**pages, "https://harbour.example/2": rss(linked(1), linked(3))})
    found = read(opml.encode(), web)
    assert [isinstance(one, Report) for one in found] == [True, False, False, False]
    assert web.asked == [AT, "https://harbour.example/1", "https://harbour.example/2", "https://no.example/f"]


def test_a_listed_address_that_is_no_feed_is_named() -> None:
    [failure] = read(OPML.encode(), Web({AT: page("Aden")}))
    assert isinstance(failure, Failure) and failure.error.what == f"{AT}: it is no feed"


def test_relative_addresses_count_from_where_a_listed_feed_was_found() -> None:
    class Moved(Web):
        def fetch(self, address: str, *, within: bool = True) -> Fetched:
            return replace(super().fetch(address), address=address.replace("harbour", "new.harbour"))

    web = Moved({AT: rss("<link>/1</link>"), "https://new.harbour.example/1": page("Aden")})
    [report] = read(OPML.encode(), web)
    assert isinstance(report, Report) and web.asked[1] == "https://new.harbour.example/1"


def test_how_many_feeds_of_a_list_are_left_out_is_told() -> None:
    opml = (
        '<opml version="1.0"><body><outline xmlUrl="no.example/f"/><outline xmlUrl="ftp://no.example/"/></body></opml>'
    )
    (failure,) = read(opml.encode(), name="mine.opml")
    assert isinstance(failure, Failure)
    assert failure.error.what.startswith("mine.opml: 2 of the feeds that it names have no web address")


def test_an_entry_gives_no_more_reports_than_an_article_may() -> None:
    rows = b"".join(b'{"text": "%s"}\n' % WORDS.format(f"Town {n}").encode() for n in range(50))
    *reports, failure = read(rss(linked(1)), Web({"https://harbour.example/1": gzip.compress(rows)}))
    assert len(reports) == MOST_OF_ENTRY and all(isinstance(report, Report) for report in reports)
    assert isinstance(failure, Failure) and isinstance(failure.error, ReportTooLong)


def test_an_index_of_sitemaps_is_followed() -> None:
    index = b"<sitemapindex><sitemap><loc>https://n.example/1.xml</loc></sitemap></sitemapindex>"
    sitemap = b"<urlset><url><loc>https://n.example/a</loc></url></urlset>"
    web = Web({"https://n.example/1.xml": sitemap, "https://n.example/a": page("Aden")})
    [report] = read(index, web)
    assert isinstance(report, Report)
    assert report.url == "https://n.example/a"


def test_packed_sitemaps_are_followed() -> None:
    index = b"<sitemapindex><sitemap><loc>https://n.example/1.xml.gz</loc></sitemap></sitemapindex>"
    sitemap = gzip.compress(b"<urlset><url><loc>https://n.example/a</loc></url></urlset>")
    web = Web({"https://n.example/1.xml.gz": sitemap, "https://n.example/a": page("Aden")})
    given = read_address("https://n.example/1.xml.gz", options(web), web.fetch)
    for found in (read(index, web), read(gzip.compress(index), web, "saved.xml.gz"), list(given)):
        [report] = found
        assert isinstance(report, Report) and report.url == "https://n.example/a"


def test_a_packed_sitemap_that_is_a_bomb_or_damaged_is_named() -> None:
    for packed, words in (
        (gzip.compress(b"<urlset>" + bytes(6_000_000)), "unpacks to more than 5,000,000 bytes"),
        (gzip.compress(b"<urlset/>" * 99)[:-9], "breaks off"),
    ):
        [failure] = read(OPML.encode(), Web({AT: packed}))
        assert isinstance(failure, Failure) and failure.error.what.startswith(f"{AT}: ")
        assert words in failure.error.what, failure.error.what


@pytest.mark.parametrize("media_type", [None, "text/html", "text/xml", "application/rss+xml"])
def test_a_feed_is_told_whatever_its_server_says_it_is(media_type: str | None) -> None:
    fetched = Fetched(AT, AT, 200, (), media_type, None, rss(whole(1, "Aden")), "2026-03-04T00:00:00+00:00")
    [report] = read_fetched(fetched, options())
    assert isinstance(report, Report)


@pytest.mark.parametrize("data", [rss(), b"<opml/>x", b'<rss><!DOCTYPE r [<!ENTITY a "b">]>', b"<urlset/>"])
@pytest.mark.parametrize("name", ["saved", "saved.rss"])
def test_a_feed_without_entries_is_a_failure_that_names_it(data: bytes, name: str) -> None:
    [failure] = read(data, name=name)
    assert isinstance(failure, Failure)
    assert failure.error.what.startswith(f"{name}: ")
