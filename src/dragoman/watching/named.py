"""The feeds that a user names: by their addresses, or in OPML lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from dragoman.documents import xml
from dragoman.documents.feeds import Listed, parse_feed
from dragoman.documents.incoming import unreadable
from dragoman.documents.web.addresses import looks_like_address, parse
from dragoman.errors import ReportError, UsageError


def named_feeds(given: Iterable[str], tell: Callable[[str, str], None]) -> list[Listed]:
    """The feeds of addresses and of files with lists; how many a file leaves out is told. UsageError, ReportError."""
    return [listed for one in given for listed in _named(one, tell)]


def _named(given: str, tell: Callable[[str, str], None]) -> Iterator[Listed]:
    if looks_like_address(given):
        yield Listed(address=str(parse(given)))
        return
    try:
        with Path(given).open("rb") as file:
            data = file.read(xml.MOST_BYTES + 1)
    except OSError as error:
        raise unreadable(given, error).error from error
    try:
        found = parse_feed(data)
    except ReportError as error:
        raise type(error)(f"{given}: {error.what}", error.cure) from error
    if lack := found.lack(given):
        tell(lack.what, lack.cure)
    if not found.listed:
        raise UsageError(f"{given} lists no feeds", "give an OPML list, or the address of a feed")
    yield from found.listed
