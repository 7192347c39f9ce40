"""Readings added, one or many at a stroke: what can be worked out before is, and rows go in by hundreds.

Invariant: a batch is one transaction, and leaves what its readings would, added one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, select

from dragoman.errors import UsageError
from dragoman.ledger import captures, flatten, schema
from dragoman.ledger.amending import amend
from dragoman.ledger.as_of import NOW, now
from dragoman.ledger.database import Database
from dragoman.ledger.ids import is_report_id
from dragoman.ledger.inserting import MARKS, name_numbers, numbered, reading_row, wanted, words_of
from dragoman.ledger.schema import readings, reports
from dragoman.ledger.words import put_words
from dragoman.records import MadeBy, Reading

AT_ONCE = 500
"""Readings in a batch. Below the 999 variables in one statement that the oldest SQLite in use allows."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reading with all of its rows that can be made before a number is known; `reading` is its own."""

    reading: Reading
    row: flatten.Row
    marks: flatten.Rows
    words: list[str]


def prepare(reading: Reading) -> Prepared:
    """A reading ready to be added; a UsageError for one that can be in no ledger."""
    if not is_report_id(reading.report.id):
        raise UsageError(f"the report's id {reading.report.id!r} is not a SHA-256", "make reports with `documents`")
    return Prepared(reading, reading_row(reading), flatten.flatten(reading), words_of(reading.report))


def add(connection: Connection, kept: Database, batch: Sequence[Prepared]) -> list[bool]:
    """Adds some readings, `AT_ONCE` at most; whether each was taken."""
    taken = [False] * len(batch)
    rest = list(range(len(batch)))
    while rest:  # of copies of one report, the next goes by what became of the one before
        first = {batch[at].reading.report.id: at for at in reversed(rest)}
        now_on, rest = sorted(first.values()), [at for at in rest if first[batch[at].reading.report.id] != at]
        for at in _add_different(connection, kept, {at: batch[at] for at in now_on}):
            taken[at] = True
    return taken


def _add_different(connection: Connection, kept: Database, batch: dict[int, Prepared]) -> list[int]:
    """Adds readings of as many reports; which were taken."""
    known = _known(connection, [one.reading.report.id for one in batch.values()])
    chosen = {at: one for at, one in batch.items() if _wanted(connection, one.reading, known[one.reading.report.id])}
    if not chosen:
        return []
    given = list(chosen.values())
    _put(connection, kept, given, known)
    corrected = _corrected(connection, [one.reading.report.id for one in given])
    for one in given:
        if one.reading.report.id in corrected:  # as its model gave it first: it may be corrected otherwise later
            amend(connection, one.reading)
    captures.keep(connection, [(one.report.id, one.report.capture) for one in _readings(given) if one.report.capture])
    return list(chosen)


def _readings(given: Sequence[Prepared]) -> list[Reading]:
    return [one.reading for one in given]


def _known(connection: Connection, ids: list[str]) -> defaultdict[str, list[Row[Any]]]:
    """What the ledger has of some reports: the columns of every reading, in order, and whether it is current."""
    r = readings.c
    asked = select(
        r.report,
        r.number,
        r.version,
        r.model,
        r.model_sha256,
        r.title,
        r.published,
        r.url,
        and_(*NOW.held()).label("now"),
    )
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(asked.where(r.report.in_(ids)).order_by(r.number)):
        found[row.report].append(row)
    return found


def _wanted(connection: Connection, reading: Reading, known: list[Row[Any]]) -> bool:
    """As `inserting.wanted`, which is only asked where columns cannot tell."""
    made_by = MadeBy(**flatten.storable_row(asdict(reading.made_by)))
    mine = [
        row
        for row in known
        if (row.version, row.model, row.model_sha256) == (made_by.version, made_by.model, made_by.model_sha256)
    ]
    if not mine:
        return True
    report, last = reading.report, mine[-1]
    same = (last.title, last.published, last.url) == (report.title, report.published or "", report.url)
    return bool(last.now) and not same and wanted(connection, report, reading.made_by)


def _put(connection: Connection, kept: Database, given: Sequence[Prepared], known: dict[str, list[Row[Any]]]) -> None:
    """The rows of readings that are wanted."""
    moment = now()
    current = {row.report: row.number for rows in known.values() for row in rows if row.now}
    new = [one.reading.report.id for one in given if one.reading.report.id not in current]
    kept.put(connection, reports, [{"id": id, "recorded_at": moment} for id in new])
    numbers = kept.numbers(connection, readings, len(given))
    kept.put(
        connection,
        readings,
        [
            {"number": number, "supersedes": current.get(one.reading.report.id), "recorded_at": moment, **one.row}
            for number, one in zip(numbers, given, strict=True)
        ],
    )
    put_words(connection, kept, [(number, one.words) for number, one in zip(numbers, given, strict=True)])
    folded = name_numbers(connection, sorted({name for one in given for name in one.marks.names()}))
    rows: defaultdict[Table, list[flatten.Row]] = defaultdict(list)
    for number, one in zip(numbers, given, strict=True):
        for table, marks in numbered(number, one.marks, folded):
            rows[table] += marks
    for table in MARKS:
        kept.put(connection, table, rows[table])


def _corrected(connection: Connection, ids: list[str]) -> set[str]:
    """Those of some reports in which people have corrected something."""
    corrections = schema.corrections.c
    return set(connection.execute(select(corrections.report).distinct().where(corrections.report.in_(ids))).scalars())
