"""Many reports through a reader and, if asked, into a ledger. One bad report never stops the rest.

Invariant: every report and failure that comes in is counted once in the `Outcome`, which holds also
when the run is broken off: what was added until then is in the ledger.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.errors import ReportError
from dragoman.pipeline import Failure
from dragoman.records import MadeBy, Reading, Report
from dragoman.show import wording
from dragoman.show.attempts import Reads, attempt, faults_named, name_of
from dragoman.show.interruptions import Kept
from dragoman.show.output import one_line, tell

if TYPE_CHECKING:  # a database takes long to import, and reading needs neither it nor other processes
    from dragoman.ledger.store import Ledger
    from dragoman.show.workers import Workers

Incoming = Iterable[Report | Failure]
_DATE_CURE = "give it with --published YYYY-MM-DD, or in the report's own header"


@dataclass(slots=True)
class Outcome:
    """What became of the reports so far. `undated` are those read without a date of publication."""

    done: int = 0
    already_there: int = 0
    undated: int = 0
    failures: list[Failure] = field(default_factory=list)

    def count(self, report: Report) -> None:
        """Counts a report that was read or added."""
        self.done += 1
        self.undated += report.published is None


def read_all(incoming: Incoming, reader: Reads, outcome: Outcome, *, debug: bool) -> Iterator[Reading]:
    """The readings of the reports, one by one; tells of each failure, and of the first undated report."""
    for item in incoming:
        reading = _read(item, reader, outcome)
        if isinstance(reading, Failure):
            tell_failure(reading, debug=debug)
            continue
        if outcome.undated == 1 and reading.report.published is None:
            what = f"{name_of(reading.report)} bears no date of publication, so relative dates stay unresolved"
            tell(what, _DATE_CURE)
        yield reading


def _read(item: Report | Failure, reader: Reads, outcome: Outcome) -> Reading | Failure:
    if isinstance(item, Report):
        reading = attempt(reader, item)
        if isinstance(reading, Reading):
            outcome.count(item)
            return reading
        item = Failure(name_of(item), reading)
    outcome.failures.append(item)
    return item


def add_all(incoming: Incoming, workers: Workers, ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Adds each report that is not there yet, and gives its name once it is safe, or once it failed.

    A ledger, model or process that cannot be used raises: it would fail every report.
    """
    adding = _Adding(ledger, outcome)
    for item in incoming:
        if isinstance(item, Failure):
            outcome.failures.append(item)
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
            self.outcome.failures.append(Failure(name_of(report), error))


def rehearse(incoming: Incoming, reader: Reads, ledger: str | Path, outcome: Outcome) -> None:
    """Counts what `add_all` would do, without reading for meaning and without writing.

    An older ledger is not upgraded; a place without anything in it counts as no ledger.
    """
    from dragoman.ledger.copies import better
    from dragoman.ledger.store import Ledger

    with Ledger.open_as_it_is(ledger) or nullcontext() as opened:
        best: dict[str, Report] = {}
        for item in incoming:
            if isinstance(item, Failure):
                outcome.failures.append(item)
                continue
            known = best.get(item.id)
            if better(item, known) if known else (opened is None or opened.wants(item, reader.made_by)):
                best[item.id] = item
                outcome.count(item)
            else:
                outcome.already_there += 1


# --- told to people, on standard error ------------------------------------------------------------


def watched(names: Iterable[str], outcome: Outcome) -> None:
    """Goes through the work, with a progress bar where standard error is a terminal; hears Ctrl-C after each."""
    with Kept() as interruptions, _bar() as shown:
        for name in names:
            interruptions.check()
            so_far = outcome.done + outcome.already_there + len(outcome.failures)
            shown(f"{so_far:,}  {one_line(name)[:48]}")


@contextmanager
def _bar() -> Iterator[Callable[[str], None]]:
    if not sys.stderr.isatty():
        yield lambda text: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(24), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda text: progress.update(task, description=text)


def tell_failure(failure: Failure, *, debug: bool) -> None:
    """Says what could not be read and why; with `debug` also where in the program."""
    if debug:
        traceback.print_exception(failure.error)
    tell(failure.error.what, failure.error.cure)


def tell_summary(outcome: Outcome, *, dry_run: bool, debug: bool) -> None:
    """Says what was added, what was there already, and what failed and why."""
    for failure in outcome.failures:
        tell_failure(failure, debug=debug)
    if outcome.undated:
        said = "has" if outcome.undated == 1 else "have"
        what = f"{wording.many(outcome.undated, 'report')} {said} no date of publication"
        tell(f"{what}, so relative dates stay unresolved", _DATE_CURE)
    verb = "to add" if dry_run else "added"
    tell(f"{outcome.done:,} {verb}, {outcome.already_there:,} already there, {len(outcome.failures):,} failed")
