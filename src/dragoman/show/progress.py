"""Many reports, as people see them go: their readings one by one, a progress bar, what failed and why.

Results go to whoever asked; all that is told here goes to standard error.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from dragoman.adding.attempts import Reads, attempt, name_of
from dragoman.adding.batch import Incoming, Outcome
from dragoman.adding.interruptions import Kept
from dragoman.pipeline import Failure
from dragoman.records import Reading, Report
from dragoman.show import wording
from dragoman.show.output import one_line, tell

if TYPE_CHECKING:
    from dragoman.coding.plan import Plan, Tally
    from dragoman.coding.work import Done

_DATE_CURE = "give it with --published YYYY-MM-DD, or in the report's own header"


def read_all(incoming: Incoming, reader: Reads, outcome: Outcome) -> Iterator[Reading]:
    """The readings of the reports, one by one; tells of the first undated report."""
    for item in incoming:
        if isinstance(item, Report):
            reading = attempt(reader, item)
            if isinstance(reading, Reading):
                outcome.count(item)
                if outcome.undated == 1 and item.published is None:
                    what = f"{name_of(item)} bears no date of publication, so relative dates stay unresolved"
                    tell(what, _DATE_CURE)
                yield reading
                continue
            item = Failure(name_of(item), reading)
        outcome.fail(item)


def watched(names: Iterable[str], outcome: Outcome) -> None:
    """Goes through the work, with a progress bar where standard error is a terminal; hears Ctrl-C after each."""
    with Kept() as interruptions, _bar() as shown:
        for name in names:
            interruptions.check()
            shown(f"{outcome.all:,}  {one_line(name)[:48]}", 0.0)


def watched_coding(coded: Iterable[Done], plan: Plan, tally: Tally) -> None:
    """The same for partitions that are coded; the bar tells the rate, and how long the rest will take."""
    total, bytes_done, began = plan.bytes_left(), 0, perf_counter()
    with Kept() as interruptions, _bar(total) as shown:
        shown("0 coded", 0)
        for done in coded:
            interruptions.check()
            tally.count(done)
            bytes_done += plan.bytes_of(done.partition)
            spent = perf_counter() - began
            left = spent / max(1, bytes_done) * (total - bytes_done)
            shown(
                f"{tally.readings:,} coded, {tally.failures:,} failed, {tally.readings / spent:,.0f}/s, "
                f"{left / 60:,.0f} min left",
                bytes_done,
            )


@contextmanager
def _bar(total: float | None = None) -> Iterator[Callable[[str, float], object]]:
    """A bar where standard error is a terminal: it is told a text, and how much of the total is done."""
    if not sys.stderr.isatty():
        yield lambda text, done: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(24), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=total)
        yield lambda text, done: progress.update(task, description=text, completed=done)


def tell_failure(failure: Failure, *, debug: bool) -> None:
    """Says what could not be read and why; with `debug` also where in the program."""
    if debug:
        traceback.print_exception(failure.error)
    tell(failure.error.what, failure.error.cure)


def tell_summary(outcome: Outcome, *, dry_run: bool) -> None:
    """Says what was added, what was there already, and what failed."""
    if outcome.undated:
        said = "has" if outcome.undated == 1 else "have"
        what = f"{wording.many(outcome.undated, 'report')} {said} no date of publication"
        tell(f"{what}, so relative dates stay unresolved", _DATE_CURE)
    verb = "to add" if dry_run else "added"
    tell(f"{outcome.done:,} {verb}, {outcome.already_there:,} already there, {outcome.failed:,} failed")
