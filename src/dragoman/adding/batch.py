"""Many reports through a reader and, if asked, into a ledger. One bad report never stops the rest.

Invariant: every report and failure that comes in is counted once in the `Outcome`, which holds also
when the run is broken off: what was added until then is in the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.adding.attempts import faults_named, name_of
from dragoman.errors import ReportError
from dragoman.pipeline import Failure
from dragoman.records import MadeBy, Reading, Report

if TYPE_CHECKING:  # a database takes long to import, and reading needs neither it nor other processes
    from dragoman.adding.workers import Workers
    from dragoman.ledger.store import Ledger

Incoming = Iterable[Report | Failure]


@dataclass(slots=True)
class Outcome:
    """What became of the reports so far. `undated` are those read without a date of publication.

    `tell` is told of each failure when it is met, so that none is kept, however many there are; `passed_over` counts
    those that do not count as failed.
    """

    tell: Callable[[Failure], object]
    done: int = 0
    already_there: int = 0
    undated: int = 0
    failed: int = 0
    passed_over: int = 0

    @property
    def all(self) -> int:
        """How many there were."""
        return self.done + self.already_there + self.failed + self.passed_over

    def fail(self, failure: Failure) -> None:
        """Counts a failure, and tells of it."""
        self.failed += failure.failed
        self.passed_over += not failure.failed
        self.tell(failure)

    def count(self, report: Report) -> None:
        """Counts a report that was read or added."""
        self.done += 1
        self.undated += report.published is None


def add_all(incoming: Incoming, workers: Workers, ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Adds each report that is not there yet, and gives its name once it is safe, or once it failed.

    A ledger, model or process that cannot be used raises: it would fail every report.
    """
    adding = _Adding(ledger, outcome)
    for item in incoming:
        if isinstance(item, Failure):
            outcome.fail(item)
            yield item.name
            continue
        yield from adding.each(workers.rest(item.id))  # of two copies, the second is asked for when the first is there
        if adding.wants(item, workers.made_by):
            yield from adding.each(workers.give(item))
        else:
            yield name_of(item)
    yield from adding.each(workers.rest())


@dataclass(frozen=True, slots=True)
class _Adding:
    """What is done with the ledger, and counted."""

    ledger: Ledger
    outcome: Outcome

    def wants(self, report: Report, made_by: MadeBy) -> bool:
        """Whether a report is to be read; else it is counted."""
        with self._failures_kept(report):
            if self.ledger.wants(report, made_by):
                return True
            self.outcome.already_there += 1
        return False

    def each(self, read: Iterable[tuple[Report, Reading | ReportError]]) -> Iterator[str]:
        """Adds what was read; the names."""
        for report, reading in read:
            with self._failures_kept(report):
                if isinstance(reading, ReportError):
                    raise reading
                if self.ledger.add(reading):
                    self.outcome.count(report)
                else:  # another process was faster
                    self.outcome.already_there += 1
            yield name_of(report)

    @contextmanager
    def _failures_kept(self, report: Report) -> Iterator[None]:
        try:
            with faults_named(name_of(report)):
                yield
        except ReportError as error:
            self.outcome.fail(Failure(name_of(report), error))


def rehearse(incoming: Incoming, made_by: MadeBy, ledger: str | Path, outcome: Outcome) -> None:
    """Counts what `add_all` would do, without reading for meaning and without writing.

    An older ledger is not upgraded; a place without anything in it counts as no ledger.
    """
    from dragoman.ledger.copies import better
    from dragoman.ledger.store import Ledger

    with Ledger.open_as_it_is(ledger) or nullcontext() as opened:
        best: dict[str, Report] = {}
        for item in incoming:
            if isinstance(item, Failure):
                outcome.fail(item)
                continue
            known = best.get(item.id)
            if better(item, known) if known else (opened is None or opened.wants(item, made_by)):
                best[item.id] = replace(item, text="", offsets=None, capture=None)
                outcome.count(item)
            else:
                outcome.already_there += 1
