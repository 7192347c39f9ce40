"""What adding a reading comes to: whether it is wanted, and its rows put into the tables.

Invariant: rows are only inserted, inside the one transaction of the connection that is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Table, and_, select

from dragoman.ledger import schema
from dragoman.ledger.as_of import NOW, now
from dragoman.ledger.copies import better
from dragoman.ledger.flatten import Row, Rows, flatten, storable_row
from dragoman.ledger.folding import fold, search_words
from dragoman.ledger.schema import names, readings, reports
from dragoman.ledger.words import index_words
from dragoman.records import MadeBy, Reading, Report

MARKS = (
    schema.entities,
    schema.attributions,
    schema.events,
    schema.participants,
    schema.counts,
    schema.relations,
)
"""The tables that hold the marks of readings, each after those it refers to."""

_NAMES_AT_ONCE = 500
"""Below the 999 variables in one statement that the oldest SQLite in use allows."""


def by(made_by: MadeBy | None) -> list[ColumnElement[bool]]:
    """Conditions on the maker of a reading; None is any."""
    made = {} if made_by is None else storable_row(asdict(made_by))
    return [readings.c[name] == value for name, value in made.items()]


def wanted(connection: Connection, report: Report, made_by: MadeBy | None) -> bool:
    """Whether the maker has not read the report yet, or a worse copy of it, and no other maker has since."""
    latest = connection.execute(
        select(readings.c.reading, and_(*NOW.held()).label("current"))
        .where(readings.c.report == report.id, *by(made_by))
        .order_by(readings.c.number.desc())
        .limit(1)
    ).one_or_none()
    if latest is None:
        return True
    # the copy as the reading has it: columns hold U+FFFD for what no database can hold
    return bool(latest.current) and better(report, Report(**json.loads(latest.reading)["report"]))


def insert(connection: Connection, reading: Reading) -> None:
    """Adds a reading over the one that was current, with its rows."""
    insert_rows(connection, insert_reading(connection, reading), flatten(reading))


def insert_reading(connection: Connection, reading: Reading) -> int:
    """Adds the report if it is new, and the reading over the one that was current; its number."""
    report, moment = reading.report, now()
    current = connection.execute(
        select(readings.c.number).where(readings.c.report == report.id, *NOW.held())
    ).scalar_one_or_none()
    if current is None:
        connection.execute(sa.insert(reports), {"id": report.id, "recorded_at": moment})
    row = {**reading_row(reading), "supersedes": current, "recorded_at": moment}
    number: int = connection.execute(sa.insert(readings).returning(readings.c.number), row).scalar_one()
    index_words(connection, [(number, words_of(report))])
    return number


def reading_row(reading: Reading) -> Row:
    """The row of a reading, without its number, what it supersedes and when it came."""
    report = reading.report
    row = {
        "report": report.id,
        "version": reading.made_by.version,
        "model": reading.made_by.model,
        "model_sha256": reading.made_by.model_sha256,
        "title": report.title,
        "outlet": report.outlet,
        "outlet_folded": fold(report.outlet or ""),
        "published": report.published or "",
        "url": report.url,
        "language": report.language,
        "reading": json.dumps(reading.to_dict(), separators=(",", ":")),
    }
    return storable_row(row)


def words_of(report: Report) -> list[str]:
    """The words by which a report is found."""
    return search_words(f"{report.title or ''}\n{report.text}")


def insert_rows(connection: Connection, reading: int, rows: Rows) -> None:
    """Adds the marks of a reading, named by its number."""
    numbers = name_numbers(connection, rows.names())
    for table, marks in numbered(reading, rows, numbers):
        if marks:
            connection.execute(sa.insert(table), marks)


def numbered(reading: int, rows: Rows, numbers: dict[str, int]) -> Iterator[tuple[Table, list[Row]]]:
    """The rows for each table of marks, with the reading's number, and those of names in place of the names."""
    for table in MARKS:
        marks = getattr(rows, table.name)
        yield table, [{**_named(row, numbers), "reading": reading} for row in marks]


def _named(row: Row, numbers: dict[str, int]) -> Row:
    return {**row, **{key: numbers.get(row[key]) for key in ("names", "place_names") if key in row}}


def name_numbers(connection: Connection, folded: Sequence[str]) -> dict[str, int]:
    """The number of each combination of names; adds those that are new."""
    numbers: dict[str, int] = {}
    for start in range(0, len(folded), _NAMES_AT_ONCE):
        batch = folded[start : start + _NAMES_AT_ONCE]
        known = connection.execute(select(names.c.folded, names.c.number).where(names.c.folded.in_(batch)))
        numbers |= {row.folded: row.number for row in known}
        new = [{"folded": name} for name in batch if name not in numbers]
        if new:
            added = connection.execute(sa.insert(names).returning(names.c.folded, names.c.number), new)
            numbers |= {row.folded: row.number for row in added}
    return numbers
