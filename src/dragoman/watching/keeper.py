"""What is read and written in the ledger for the feeds that are checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.adding.batch import Outcome, add_all
from dragoman.adding.workers import Workers
from dragoman.documents.feeds import Entry, Listed
from dragoman.documents.incoming import Failure
from dragoman.errors import FetchFailed, ReportError
from dragoman.ledger import feeds
from dragoman.ledger.feeds import Due, KeptFeed, Output, Told
from dragoman.ledger.store import Ledger
from dragoman.records import Report


@dataclass(frozen=True, slots=True)
class Keeper:
    """A ledger, and what reads reports for it."""

    ledger: Ledger
    workers: Workers

    def watch(self, listed: Sequence[Listed], now: str, *, within: bool = True) -> None:
        """Has feeds watched from now on; `within` where they may lead into the user's own network."""
        with self.ledger.writing() as connection:
            for one in listed:
                feeds.watch(connection, one.address, one.title or "", now, within=within)

    def kept(self) -> list[KeptFeed]:
        """Every feed as it stands."""
        with self.ledger.connection() as connection:
            return feeds.kept(connection)

    def feed(self, number: int) -> KeptFeed:
        """A feed as it stands. NotFound."""
        with self.ledger.connection() as connection:
            return feeds.by_number(connection, number)

    def keep(self, feed: KeptFeed) -> Output | None:
        """Writes down how a feed stands; what has come of it so far."""
        with self.ledger.writing() as connection:
            feeds.keep(connection, feed)
            return feeds.output(connection, feed.number)

    def due(self, feed: KeptFeed) -> list[Due]:
        """The entries of a feed whose articles are still to be fetched."""
        with self.ledger.connection() as connection:
            return feeds.due(connection, feed.number)

    def note(self, feed: KeptFeed, entries: Sequence[Entry], now: str) -> list[Due]:
        """Writes down the entries of a feed; those whose articles are to be fetched."""
        told = [
            Told(
                id=entry.id,
                address=entry.address or "",
                title=entry.title or "",
                published=entry.published or "",
                digest=entry.digest,
            )
            for entry in entries
        ]
        with self.ledger.writing() as connection:
            feeds.note(connection, feed.number, told, now)
            return feeds.due(connection, feed.number)

    def add(self, entry: Due, article: Sequence[Report | Failure]) -> tuple[int, list[Failure]]:
        """Adds what an entry's article gave; how many were added, and what failed. What failed for now stays due."""
        failures: list[Failure] = []
        outcome = Outcome(failures.append)
        for _ in add_all(article, self.workers, self.ledger, outcome):
            pass
        there = [one.id for one in article if isinstance(one, Report) and self.ledger.has(one.id)]
        with self.ledger.writing() as connection:
            if there:
                feeds.done(connection, entry, there[0])
            elif failures:
                error = failures[-1].error
                feeds.done(connection, entry, None, error.what, again=may_pass(error))
        return outcome.done, failures


def may_pass(error: ReportError) -> bool:
    """Whether to try again later: there was no answer, or one that says so."""
    return isinstance(error, FetchFailed) and (error.status is None or error.status == 429 or error.status >= 500)
