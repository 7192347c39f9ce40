"""One visit to a feed: what is new in it, and the articles of that.

Invariant: a visit ends with the feed as it stands from now on, whatever went wrong with it. What was not done of it is
still due when the program is stopped in its midst.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from dragoman.documents.feeds import Entry, Feed, Listed, parse_feed
from dragoman.documents.incoming import Failure, Options
from dragoman.documents.listed import article
from dragoman.documents.web.fetch import Fetched
from dragoman.errors import FetchFailed, ReportError
from dragoman.ledger.feeds import Due, KeptFeed
from dragoman.records import Report
from dragoman.watching.desk import Desk
from dragoman.watching.keeper import Keeper
from dragoman.watching.schedule import Schedule

_GONE = 410


class Fetches(Protocol):
    """What fetches addresses: `web.fetch.Fetcher`, or another in its place."""

    def fetch(
        self, address: str, *, within: bool = True, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """What is at an address."""

    def refusal(self, address: str) -> float:
        """The seconds for which the host of an address wants to be left alone."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit gave: the feed as it stands, how many new reports, what failed of them, the feeds that it lists.

    Those may lead into the user's own network if they are named from `within`.
    `error` is what was wrong with the feed itself.
    """

    feed: KeptFeed
    added: int = 0
    failures: tuple[Failure, ...] = ()
    listed: tuple[Listed, ...] = ()
    within: bool = False
    error: ReportError | None = None


@dataclass(frozen=True, slots=True)
class Checking:
    """How feeds are checked. Several threads may share it: all that touches the ledger goes over the desk."""

    fetcher: Fetches
    keeper: Keeper
    desk: Desk
    schedule: Schedule
    options: Options

    def check(self, feed: KeptFeed, now: datetime) -> Visit:
        """Asks a feed for what is new, and adds the articles of that."""
        try:
            waiting = self.desk.ask(partial(self.keeper.due, feed))
            # What is due is matched with the feed as it is, so it is not asked only for what is new.
            pressing = any(not self._refused(one.address) for one in waiting)
            conditions = {} if pressing else {"etag": feed.etag or None, "last_modified": feed.last_modified or None}
            fetched = self.fetcher.fetch(feed.current_address, within=feed.within, **conditions)
            found = Feed() if fetched.not_modified else parse_feed(fetched.content, fetched.address)
        except ReportError as error:
            return self.failed(feed, error, now)
        due = self.desk.ask(partial(self.keeper.note, feed, found.entries, moment(now))) if found.entries else waiting
        added, failures = self._take(due, found.entries, fetched)
        changed = self._stands(feed, found, fetched, now)
        return Visit(changed, added, failures, found.listed, fetched.within)

    def failed(self, feed: KeptFeed, error: ReportError, now: datetime) -> Visit:
        """The visit of a feed that could not be had."""
        failures, after = feed.failures + 1, error.retry_after if isinstance(error, FetchFailed) else None
        changed = replace(
            feed,
            checked_at=moment(now),
            next_at=moment(self.schedule.after_failure(now, failures, after)),
            failures=failures,
            failing_since=feed.failing_since or moment(now),
            trouble=error.what,
            stopped=isinstance(error, FetchFailed) and error.status == _GONE,
        )
        return Visit(changed, error=error)

    def _take(self, due: Sequence[Due], entries: Sequence[Entry], fetched: Fetched) -> tuple[int, tuple[Failure, ...]]:
        """How many of the articles that are due are new reports, and what failed.

        Those stay due whose site wants to be left alone, if the feed has no text of them.
        """
        by_id, added, failures = {entry.id: entry for entry in entries}, 0, list[Failure]()
        options = replace(self.options, within=fetched.within)
        for one in due:
            entry = by_id.get(one.id) or _as_kept(one)
            if not entry.content and self._refused(entry.address):
                continue
            found = [_captured(report, fetched) for report in article(entry, options)]
            taken, failed = self.desk.ask(partial(self.keeper.add, one, found))
            added += taken
            failures += failed
        return added, tuple(failures)

    def _refused(self, address: str | None) -> bool:
        """Whether the site of an article wants to be left alone."""
        return address is not None and self.fetcher.refusal(address) > 0

    def _stands(self, feed: KeptFeed, found: Feed, fetched: Fetched, now: datetime) -> KeptFeed:
        """The feed after a visit that went well, even if some of its articles failed."""
        minutes = feed.minutes if fetched.not_modified else found.minutes
        next = self.schedule.after_success(now, minutes, fetched.header("cache-control") or "")
        if refusal := self.fetcher.refusal(feed.current_address):  # by its host, for an article since
            next = max(next, self.schedule.after_failure(now, 0, refusal))
        return replace(
            feed,
            current_address=fetched.moved or feed.current_address,
            within=fetched.within if fetched.moved else feed.within,
            title=feed.title or found.title or "",
            etag=fetched.header("etag") or feed.etag * fetched.not_modified,
            last_modified=fetched.header("last-modified") or feed.last_modified * fetched.not_modified,
            minutes=minutes,
            checked_at=moment(now),
            next_at=moment(next),
            failures=0,
            failing_since="",
            trouble="",
        )


def moment(time: datetime) -> str:
    """A time as the ledger keeps it: ISO 8601 in UTC, to the second."""
    return time.astimezone(UTC).isoformat(timespec="seconds")


def _as_kept(one: Due) -> Entry:
    """What is known of an entry that the feed no longer has."""
    return Entry(id=one.id, address=one.address or None, title=one.title or None, published=one.published or None)


def _captured(report: Report | Failure, feed: Fetched) -> Report | Failure:
    """A report that comes from the feed itself, with the feed as its capture."""
    return report if isinstance(report, Failure) or report.capture else replace(report, capture=feed.capture())
