"""What is wrong with a feed, in words: gone, failing, or silent against its habit."""

from __future__ import annotations

from datetime import datetime, timedelta

from dragoman.ledger.feeds import KeptFeed, Output
from dragoman.ledger.silence import silent_since


def trouble(feed: KeptFeed, output: Output | None, now: datetime) -> str:
    """What is wrong, '' where nothing is."""
    if feed.stopped:
        return f"not asked any more: {feed.trouble}"
    if feed.failures:
        return f"failing since {since(datetime.fromisoformat(feed.failing_since), now)}: {feed.trouble}"
    return gap(feed, output, now)


def gap(feed: KeptFeed, output: Output | None, now: datetime) -> str:
    """That nothing has come for much longer than usual, '' where that is not so."""
    silent = silent_since(output.moments, now) if output else None
    return f"nothing from {name_of(feed)} since {since(silent, now)}" if silent else ""


def name_of(feed: KeptFeed) -> str:
    """What a feed is called: its title, or else its address."""
    return feed.title or feed.address


def since(moment: datetime, now: datetime) -> str:
    """A moment as people say it: the time on the same day, the day of the week within six days, else the date."""
    if moment.date() == now.date():
        return f"{moment:%H:%M} UTC"
    if now.date() - moment.date() < timedelta(days=7):
        return f"{moment:%A}"
    return f"{moment.day} {moment:%B %Y}"
