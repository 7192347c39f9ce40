"""Coded reports brought into a ledger, by hundreds.

Invariant: each is counted once in the `Outcome`, also when the run is broken off: what was added until then is in the
ledger. One bad reading stops no other.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import islice
from queue import Queue
from threading import Thread

from dragoman.adding.attempts import faults_named, name_of
from dragoman.adding.batch import Outcome
from dragoman.errors import LedgerError, ReportError
from dragoman.ledger import bulk
from dragoman.ledger.bulk import Prepared
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Failure
from dragoman.records import Reading

Batch = list[Prepared | Failure]


def bring(readings: Iterable[Reading], ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Adds what is not there yet, and gives the name of a report of each batch once that is safe."""
    with closing(_ahead(_batches(readings))) as batches:
        for batch in batches:
            prepared = [one for one in batch if isinstance(one, Prepared)]
            failures = [one for one in batch if isinstance(one, Failure)]
            for failure in failures:
                outcome.fail(failure)
            _add(prepared, ledger, outcome)
            yield name_of(prepared[-1].reading.report) if prepared else failures[-1].name


def _batches(readings: Iterable[Reading]) -> Iterator[Batch]:
    left = iter(readings)
    while batch := [_prepared(reading) for reading in islice(left, bulk.AT_ONCE)]:
        yield batch


def _prepared(reading: Reading) -> Prepared | Failure:
    name = name_of(reading.report)
    try:
        with faults_named(name):
            return bulk.prepare(reading)
    except ReportError as error:
        return Failure(name, error)


def _add(batch: list[Prepared], ledger: Ledger, outcome: Outcome) -> None:
    """Adds a batch; where something is wrong with one of its readings, each by itself."""
    try:
        added = ledger.add_many(batch)
    except LedgerError:
        raise
    except Exception:
        _add_each(batch, ledger, outcome)
        return
    for one, taken in zip(batch, added, strict=True):
        _count(one, taken, outcome)


def _add_each(batch: list[Prepared], ledger: Ledger, outcome: Outcome) -> None:
    for one in batch:
        name = name_of(one.reading.report)
        try:
            with faults_named(name):
                taken = ledger.add(one.reading)
        except ReportError as error:
            outcome.fail(Failure(name, error))
        else:
            _count(one, taken, outcome)


def _count(one: Prepared, taken: bool, outcome: Outcome) -> None:
    if taken:
        outcome.count(one.reading.report)
    else:
        outcome.already_there += 1


def _ahead(batches: Iterator[Batch]) -> Generator[Batch]:
    """The batches, the next of which is prepared while the database is at work on one."""
    ready: Queue[Batch | BaseException | None] = Queue(maxsize=1)
    wanted = True

    def prepare() -> None:
        try:
            for batch in batches:
                if not wanted:
                    return
                ready.put(batch)
            ready.put(None)
        except BaseException as error:
            ready.put(error)

    Thread(target=prepare, daemon=True).start()
    try:
        while (batch := ready.get()) is not None:
            if isinstance(batch, BaseException):
                raise batch
            yield batch
    finally:
        wanted = False
        if not ready.empty():
            ready.get()
