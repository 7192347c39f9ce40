"""Many reports through a reader and, if asked, into a ledger. One bad report never stops the rest.

Invariant: every report and failure that comes in is counted once in the `Outcome`, which holds also
when the run is broken off: what was added until then is in the ledger.
"""

from __future__ import annotations

import sys
import traceback
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Protocol

from dragoman.errors import DragomanError, LedgerError, ModelError, ReportError
from dragoman.pipeline import Failure
from dragoman.records import MadeBy, Reading, Report
from dragoman.show import wording
from dragoman.show.output import one_line, tell

if TYPE_CHECKING:  # a database takes long to import, and reading needs none
    from dragoman.ledger.store import Ledger

Incoming = Iterable[Report | Failure]
_DATE_CURE = "give it with --published YYYY-MM-DD, or in the report's own header"


class Reads(Protocol):
    """Whatever reads reports: `pipeline.Reader`, or another one in its place."""

    @property
    def made_by(self) -> MadeBy:
        """What its readings say of their making."""

    def read(self, report: Report) -> Reading:
        """The reading of a report."""


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


@contextmanager
def _faults_named(name: str) -> Iterator[None]:
    """Makes a fault of the program in one report a failure of that report; what hits all passes."""
    try:
        yield
    except (ReportError, LedgerError, ModelError):
        raise
    except Exception as error:
        what = error.what if isinstance(error, DragomanError) else f"{type(error).__name__}: {error}"
        cure = "report it, with the text if you may; `dragoman --debug` shows where it happened"
        raise ReportError(f"{name}: a fault in Dragoman itself ({what})", cure) from error


def name_of(report: Report) -> str:
    """What a report is called in a message: its title, or how it begins."""
    return f"“{report.title or shorten(report.text[:200], 48, placeholder='…')}”"


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
        try:
            with _faults_named(name_of(item)):
                reading = reader.read(item)
            outcome.count(item)
            return reading
        except ReportError as error:
            item = Failure(name_of(item), error)
    outcome.failures.append(item)
    return item


def add_all(incoming: Incoming, reader: Reads, ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Adds each report that is not there yet, and gives its name once it is safe, or once it failed.

    A ledger or model that cannot be used raises: it would fail every report.
    """
    for item in incoming:
        if isinstance(item, Failure):
            outcome.failures.append(item)
            yield item.name
            continue
        try:
            with _faults_named(name_of(item)):
                _add(item, reader, ledger, outcome)
        except ReportError as error:
            outcome.failures.append(Failure(name_of(item), error))
        yield name_of(item)


def _add(report: Report, reader: Reads, ledger: Ledger, outcome: Outcome) -> None:
    if ledger.wants(report, reader.made_by) and ledger.add(reader.read(report)):
        outcome.count(report)
    else:
        outcome.already_there += 1


def rehearse(incoming: Incoming, reader: Reads, ledger: Path, outcome: Outcome) -> None:
    """Counts what `add_all` would do, without reading for meaning and without writing.

    An older ledger is not upgraded; a file without anything in it counts as no ledger.
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
    """Goes through the work, with a progress bar where standard error is a terminal."""
    if not sys.stderr.isatty():
        deque(names, maxlen=0)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(24), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for name in names:
            so_far = outcome.done + outcome.already_there + len(outcome.failures)
            progress.update(task, description=f"{so_far:,}  {one_line(name)[:48]}")


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
