"""Watching feeds for as long as it runs: each when its time has come, many at once, one at a host.

Invariant: what is wrong with one feed never keeps the others from being checked; only what hits all of them (the
ledger, the model) ends the watch. Everything that is told and written is told and written by the thread that runs it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from threading import Thread
from urllib.parse import urlsplit

from dragoman.adding.interruptions import Kept
from dragoman.documents.feeds import MOST_FEEDS
from dragoman.errors import ReportError, UsageError, fault
from dragoman.ledger.feeds import KeptFeed
from dragoman.ledger.trouble import gap, name_of, since
from dragoman.watching.check import Checking, Visit, moment

MOST_AT_ONCE = 16
"""Feeds that are checked at the same time, a thread each."""
_LOOK = 1.0
"""Seconds after which it is looked again which feeds are due, while others are checked."""
_LONGEST_PAUSE = 60.0


@dataclass(frozen=True, slots=True)
class Clock:
    """What tells the time and waits; another one in tests."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    wait: Callable[[float], None] = time.sleep


@dataclass(slots=True)
class Sums:
    """What became of all so far: visits of feeds that went well and that did not; reports added and failed."""

    had: int = 0
    not_had: int = 0
    added: int = 0
    failed: int = 0

    def count(self, visit: Visit) -> None:
        """Counts a visit."""
        self.had += visit.error is None
        self.not_had += visit.error is not None
        self.added += visit.added
        self.failed += sum(failure.failed for failure in visit.failures)


@dataclass(slots=True)
class Watch:
    """A watch over some feeds, by their addresses; over all that the ledger knows where none are named."""

    checking: Checking
    tell: Callable[[str, str], None]
    named: frozenset[str] = frozenset()
    clock: Clock = field(default_factory=Clock)
    sums: Sums = field(default_factory=Sums)
    _feeds: dict[int, KeptFeed] = field(default_factory=dict)
    _busy: dict[int, str] = field(default_factory=dict)
    _silent: set[int] = field(default_factory=set)
    _waits: bool = False

    def run(self, *, once: bool) -> None:
        """Checks feeds as they fall due: without end, or each that is due `once`."""
        self.load()
        seen: set[int] = set()
        with Kept() as interruptions:
            while True:
                interruptions.check()
                now = self.clock.now()
                due = [feed for feed in self._due(now) if not once or feed.number not in seen]
                for feed in due[: MOST_AT_ONCE - len(self._busy)]:
                    seen.add(feed.number)
                    self._start(feed, now)
                if self._busy:
                    self._serve()
                elif once:
                    self._tell_next(now)
                    return
                else:
                    self.clock.wait(self._pause(now))

    def _serve(self) -> None:
        """Has done what is asked of the desk, and says so where another process keeps the ledger from it."""
        busy = self.checking.desk.serve(_LOOK)
        if busy and not self._waits:
            self.tell(busy.what, "this waits for it to end")
        self._waits = busy is not None

    def load(self) -> int:
        """Takes in the feeds that the ledger has by now, and says how many there are. UsageError for none."""
        for feed in self.checking.keeper.kept():
            if not self.named or feed.address in self.named:
                self._feeds.setdefault(feed.number, feed)
        if not self._feeds:
            raise UsageError("no feed is watched yet", "give addresses of feeds, or an OPML list")
        return len(self._feeds)

    def _due(self, now: datetime) -> list[KeptFeed]:
        """The feeds whose time has come, one for each host that is free, the longest due first."""
        waiting = (feed for feed in self._feeds.values() if not feed.stopped and feed.next_at <= moment(now))
        free: dict[str, KeptFeed] = {}
        for feed in sorted(waiting, key=lambda one: (one.next_at, one.number)):
            if (host := _host(feed)) not in self._busy.values():
                free.setdefault(host, feed)
        return list(free.values())

    def _tell_next(self, now: datetime) -> None:
        """Says when the next feed is due, where none was."""
        asked = (feed for feed in self._feeds.values() if feed.next_at and not feed.stopped)
        times = [datetime.fromisoformat(feed.next_at) for feed in asked]
        if times and not self.sums.had + self.sums.not_had:
            self.tell(f"no feed is due before {since(min(times), now)}", "")

    def _pause(self, now: datetime) -> float:
        """Seconds until the next feed is due, a minute at most."""
        next = min((feed.next_at for feed in self._feeds.values() if not feed.stopped), default="")
        seconds = (datetime.fromisoformat(next) - now).total_seconds() if next else _LONGEST_PAUSE
        return max(_LOOK, min(seconds, _LONGEST_PAUSE))

    def _start(self, feed: KeptFeed, now: datetime) -> None:
        self._busy[feed.number] = _host(feed)
        Thread(target=self._visit, args=(feed, now), name=feed.current_address, daemon=True).start()

    def _visit(self, known: KeptFeed, now: datetime) -> None:
        """In a thread of its own: checks a feed, whatever happens, and hands in what came of it."""
        try:
            feed = self.checking.desk.ask(partial(self._still_due, known, now))
            if feed is None:
                return
            visit = self.checking.check(feed, now)
        except Exception as error:  # a fault of ours in one feed must not cost the others
            told = ReportError(fault(error), "report it, with the address of the feed")
            visit = self.checking.failed(known, told, now)
        self.checking.desk.ask(partial(self._done, known, visit))

    def _still_due(self, known: KeptFeed, now: datetime) -> KeptFeed | None:
        """The feed as the ledger has it; None if another watch of the same ledger has checked it meanwhile."""
        feed = self.checking.keeper.feed(known.number)
        if feed.next_at <= moment(now) and not feed.stopped:
            return feed
        self._feeds[feed.number] = feed
        del self._busy[feed.number]
        return None

    def _done(self, before: KeptFeed, visit: Visit) -> None:
        """Writes down what came of a visit, and tells what people should know."""
        feed = visit.feed
        output = self.checking.keeper.keep(feed)
        if visit.listed:
            self._follow(visit)
        self._feeds[feed.number] = feed
        del self._busy[feed.number]
        self.sums.count(visit)
        if visit.added:
            self.tell(f"{name_of(feed)}: {visit.added} added", "")
        for failure in visit.failures:
            self.tell(failure.error.what, failure.error.cure)
        if visit.error and feed.trouble != before.trouble:
            name, what = name_of(feed), visit.error.what
            self.tell(what if what.startswith(name) else f"{name}: {what}", visit.error.cure)
        silent = "" if feed.failures else gap(feed, output, self.clock.now())
        if silent and feed.number not in self._silent:
            self.tell(silent, "")
        (self._silent.add if silent else self._silent.discard)(feed.number)

    def _follow(self, visit: Visit) -> None:
        """Has the feeds watched that a list among them names, if they are not too many by now."""
        known = {feed.address for feed in self.checking.keeper.kept()}
        new = [one for one in visit.listed if one.address not in known]
        room = max(0, MOST_FEEDS - len(known))
        self.checking.keeper.watch(new[:room], moment(self.clock.now()), within=visit.within)
        if len(new) > room:
            what = f"{name_of(visit.feed)} lists more feeds than can be watched: {MOST_FEEDS:,} in all"
            self.tell(what, "name those that you want in an OPML list of your own")
        if self.named:
            self.named |= {one.address for one in visit.listed}
        self.load()


def _host(feed: KeptFeed) -> str:
    return urlsplit(feed.current_address).hostname or feed.current_address
