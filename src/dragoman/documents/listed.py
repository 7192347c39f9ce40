"""The reports that feeds and lists of feeds lead to: each entry's own page, or the text that the feed has of it.

Invariant: every entry gives a report or a failure that names it. A list leads to feeds and these to pages, no further.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import BinaryIO

from dragoman.documents import xml
from dragoman.documents.feeds import Entry, Feed, parse_feed
from dragoman.documents.incoming import Failure, Fetch, Options, named, safely, tried
from dragoman.documents.single import page_report
from dragoman.documents.text import Origin
from dragoman.errors import BrokenFeed, ReportError, ReportTooLong
from dragoman.records import Report

MOST_OF_ENTRY = 20
"""Reports at the address of one entry: a packed file there could hold any number, and they are held together."""
_NOT_FETCHED = "its page is not fetched, and the feed has no text of it"


def read_feed(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a feed's entries; of a list of feeds or an index of sitemaps those of each that it names."""
    try:
        feed = parse_feed(stream.read(xml.MOST_BYTES + 1), options.origin.url or "")
    except ReportError as error:
        yield named(name, error)
        return
    if not feed.listed and not feed.entries and not feed.left_out:
        yield Failure(name, BrokenFeed(f"{name}: it has no entries", "look at it in a browser"))
    if lack := feed.lack(name):
        yield Failure(name, lack)
    for listed in feed.listed:
        yield from _entries(listed.address, options)
    yield from _of_all(feed, options)


def article(entry: Entry, options: Options) -> Iterator[Report | Failure]:
    """The reports of an entry's page; where that cannot be had, that of the text in the feed, if it has one."""
    told = Origin(title=entry.title, outlet=entry.outlet, published=entry.published, url=entry.address)
    options = replace(options, origin=told.over(replace(options.origin, url=None)))
    name = entry.address or entry.title or entry.id
    page = list(safely(name, _page(name, options, options.fetch))) if entry.address and options.fetch else []
    if entry.content and not any(isinstance(report, Report) for report in page):
        content = f"<html><body><article>{entry.content}</article></body></html>"
        yield tried(name, lambda: page_report(content.encode(), options))
    elif page:
        yield from page
    else:
        yield Failure(
            name,
            BrokenFeed(f"{name}: {_NOT_FETCHED}", "give the feed by itself and without --offline, or the page itself"),
        )


def _page(address: str, options: Options, fetch: Fetch) -> Iterator[Report | Failure]:
    """What is at an entry's address. If it is another feed, that one leads no further."""
    from dragoman.documents.load import read_address  # which knows feeds among the kinds of files

    found = read_address(address, replace(options, fetch=None), fetch)
    yield from islice(found, MOST_OF_ENTRY)
    if next(found, None):
        what = f"{address} holds more than {MOST_OF_ENTRY} reports, which no article does: the first are read"
        yield Failure(address, ReportTooLong(what, "if you trust it, give its address itself"))


def _entries(address: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a feed that a list names."""
    try:
        if options.fetch is None:
            raise BrokenFeed(f"{address} is not fetched, as only a list leads to it", "give its address itself")
        fetched = options.fetch(address, within=options.within)
    except ReportError as error:
        yield Failure(address, error)
        return
    try:
        feed = parse_feed(fetched.content, fetched.address)
    except ReportError as error:
        yield named(address, error)
    else:
        yield from _of_all(feed, replace(options, within=fetched.within))


def _of_all(feed: Feed, options: Options) -> Iterator[Report | Failure]:
    for entry in feed.entries:
        yield from article(entry, options)
