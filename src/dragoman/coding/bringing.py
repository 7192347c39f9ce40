"""Coded reports brought into a ledger, by hundreds.

Invariant: each is counted once in the `Outcome`, also when the run is broken off: what was added until then is in the
ledger. One bad reading stops no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from dragoman.adding.attempts import faults_named, name_of
from dragoman.adding.batch import Outcome
from dragoman.errors import LedgerError, ReportError
from dragoman.ledger import bulk
from dragoman.ledger.bulk import Prepared
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Failure
from dragoman.records import Reading


def bring(readings: Iterable[Reading], ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Adds what is not there yet, and gives the name of a report of each batch once that is safe."""
    left = iter(readings)
    while batch := list(islice(left, bulk.AT_ONCE)):
        prepared = [one for reading in batch if (one := _prepared(reading, outcome))]
        try:
            _add(prepared, ledger, outcome)
        except LedgerError:
            raise
        except Exception:  # one of them; which one, is told when each is added by itself
            for one in prepared:
                try:
                    with faults_named(name_of(one.reading.report)):
                        _add([one], ledger, outcome)
                except ReportError as error:
                    outcome.failures.append(Failure(name_of(one.reading.report), error))
        yield name_of(batch[-1].report)


def _prepared(reading: Reading, outcome: Outcome) -> Prepared | None:
    try:
        with faults_named(name_of(reading.report)):
            return bulk.prepare(reading)
    except ReportError as error:
        outcome.failures.append(Failure(name_of(reading.report), error))
        return None


def _add(batch: list[Prepared], ledger: Ledger, outcome: Outcome) -> None:
    for one, taken in zip(batch, ledger.add_many(batch), strict=True):
        if taken:
            outcome.count(one.reading.report)
        else:
            outcome.already_there += 1
