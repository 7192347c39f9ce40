"""What is wrong with a feed, in words: gone, failing, or silent against its habit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from dragoman.ledger.feeds import KeptFeed, Output, kept, latest, output
from dragoman.ledger.silence import LEAST_SILENCE, silent_since


def missing(connection: Connection, now: datetime) -> list[str]:
    """What is missing of the feeds that are watched: those that are silent, or have failed for a day or more."""
    found, last = list[str](), latest(connection)
    for feed in kept(connection):
        if feed.stopped:
            continue
        if feed.failures:
            since_when = datetime.fromisoformat(feed.failing_since)
            if now - since_when >= LEAST_SILENCE:
                found.append(f"{name_of(feed)} cannot be had since {since(since_when, now)}")
        elif feed.number in last and now - datetime.fromisoformat(last[feed.number]) > LEAST_SILENCE:
            found.append(gap(feed, output(connection, feed.number), now))
    return [words for words in found if words]


def trouble(feed: KeptFeed, output: Output | None, now: datetime) -> str:
    """What is wrong, '' where nothing is."""
    if feed.stopped:
        return f"not asked any more: {feed.trouble}"
    if feed.failures:
        return f"failing since {since(datetime.fromisoformat(feed.failing_since), now)}: {feed.trouble}"
    return gap(feed, output, now)


def gap(feed: KeptFeed, output: Output | None, now: datetime) -> str:
    """That nothing had come for much longer than usual when the feed was last checked, '' where that is not so."""
    silent = (
        silent_since(output.moments, datetime.fromisoformat(feed.checked_at)) if output and feed.checked_at else None
    )
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
