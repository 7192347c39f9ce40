"""Watched feeds on the screen and as plain values: when each was checked, what came of it, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.text import Text

from dragoman.ledger import feeds
from dragoman.ledger.feeds import KeptFeed, Output
from dragoman.ledger.store import Ledger
from dragoman.ledger.trouble import name_of, since, trouble
from dragoman.show import wording
from dragoman.show.output import one_line
from dragoman.show.screen import QUIET, TITLE, Screen

MARGIN = 15
"""Columns of how many articles came of a feed and the space after it."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A feed, what came of it (None: no entries yet), and when this is told (UTC)."""

    feed: KeptFeed
    output: Output | None
    now: datetime

    @property
    def wrong(self) -> str:
        """What is wrong, '' where nothing is."""
        return trouble(self.feed, self.output, self.now)


def watched(ledger: Ledger) -> list[Watched]:
    """The feeds of a ledger as they stand now, in the order in which they came."""
    now = datetime.now(UTC)
    with ledger.connection() as connection:
        return [Watched(feed, feeds.output(connection, feed.number), now) for feed in feeds.kept(connection)]


def as_dict(one: Watched) -> dict[str, Any]:
    """How a feed stands as plain JSON values."""
    return {
        **{key: getattr(one.feed, key) or None for key in ("address", "title", "checked_at", "next_at")},
        "last_entry_at": one.output.moments[0] if one.output else None,
        "articles": one.output.articles if one.output else 0,
        "stopped": one.feed.stopped,
        "wrong": one.wrong or None,
    }


def put(screen: Screen, one: Watched) -> None:
    """Writes how a feed stands."""

    def at(moment: str) -> str:
        return since(datetime.fromisoformat(moment), one.now) if moment else "never"

    feed, output = one.feed, one.output
    articles = wording.many(output.articles if output else 0, "article")
    screen.put(Text(one_line(name_of(feed)), TITLE), MARGIN, Text(articles, QUIET))
    screen.put(Text(one_line(feed.current_address), QUIET), MARGIN)
    last = f"last entry {at(output.moments[0])}" if output else "no entries yet"
    following = "" if feed.stopped else f", next {at(feed.next_at)}"
    screen.put(f"{last}; checked {at(feed.checked_at)}{following}", MARGIN)
    if one.wrong:
        screen.put(one_line(one.wrong), MARGIN)
    screen.put()
