"""A whole ledger copied from one place to another, file or database: `dragoman copy`.

Invariant: where it comes from is only read. Where it goes to there is afterwards every row of it, those
that were superseded too, with their numbers and times; or, when anything fails, nothing. The rows are
read back and compared before they are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select

from dragoman.errors import LedgerError, LedgerWriteFailed
from dragoman.ledger.database import BUSY_SECONDS, Database, database
from dragoman.ledger.folding import search_words
from dragoman.ledger.schema import HEAD, metadata, readings, sessions
from dragoman.ledger.upgrade import make_or_upgrade, refuse_newer, version
from dragoman.ledger.words import how_many_words, index_words

_COPIED = tuple(table for table in metadata.sorted_tables if table is not sessions)
"""All but who is signed in: a session belongs to the server that opened it."""

_AT_ONCE = 1000
_LARGE_AT_ONCE = {"readings": 50, "originals": 10}
"""Rows that are held in memory: a reading of a report of 1,000 words has 40 kB, a page some hundreds."""


def copy(source: str | Path, target: str | Path, *, busy_seconds: float = BUSY_SECONDS) -> dict[str, int]:
    """Copies a ledger to where there is none yet, or one without any row; how many rows each table has.

    While a file is copied nobody can write to it. `busy_seconds` is how long to wait for another writer.
    Raises a LedgerError when the source is no ledger of this version, or the target is not empty.
    """
    come_from, go_to = database(source), database(target)
    if not come_from.is_there():
        raise LedgerError(f"there is no ledger at {come_from.name}", "name the one to copy from")
    come_from.check_place(create=False)
    with come_from.look(busy_seconds=busy_seconds) as read:
        _refuse_other_versions(read, come_from)
        go_to.check_place(create=True)
        with _empty(go_to, busy_seconds) as written:
            sums = {table.name: _copy_table(read, come_from, written, table) for table in _COPIED}
            go_to.number_on(written)
            _compare(written, go_to, sums)
    return {name: sum.rows for name, sum in sums.items()}


@dataclass(slots=True)
class _Sum:
    """What two tables that are equal have in common."""

    rows: int = 0
    words: int = 0
    digest: Any = field(default_factory=sha256)

    def add(self, rows: Sequence[Row[Any]]) -> None:
        """Adds rows, in the order of their key."""
        self.rows += len(rows)
        for row in rows:
            self.digest.update(json.dumps(tuple(row), default=bytes.hex).encode() + b"\n")


def _refuse_other_versions(connection: Connection, kept: Database) -> None:
    found = version(connection, kept)
    if found is None:
        raise LedgerError(f"there is no ledger at {kept.name}", "name the one to copy from")
    if found != HEAD:
        refuse_newer(found, kept)
        raise LedgerError(
            f"{kept.name} is of version {found}, this Dragoman copies those of {HEAD}",
            "open it once, which upgrades it, as with `dragoman list reports --ledger ...`",
        )


@contextmanager
def _empty(kept: Database, busy_seconds: float) -> Iterator[Connection]:
    """A writing transaction in a ledger without any row, which is made where there is nothing."""
    engine = kept.engine(busy_seconds=busy_seconds)
    try:
        with kept.errors(), kept.for_writing(engine.connect()) as connection, connection.begin():
            found = version(connection, kept)
            if found is None:
                make_or_upgrade(connection, kept)
            elif found != HEAD or _has_rows(connection):
                raise LedgerError(f"{kept.name} has a ledger already", "name a place where there is nothing yet")
            yield connection
    finally:
        engine.dispose()


def _has_rows(connection: Connection) -> bool:
    return any(connection.execute(select(table).limit(1)).first() for table in metadata.sorted_tables)


def _copy_table(read: Connection, come_from: Database, written: Connection, table: Table) -> _Sum:
    sum = _Sum()
    for rows in _batches(read, come_from, table):
        sum.add(rows)
        written.execute(insert(table), [row._asdict() for row in rows])
        if table is readings:
            indexed = [(row.number, _words(row.reading)) for row in rows]
            index_words(written, indexed)
            sum.words += len([word for _, words in indexed for word in words])
    return sum


def _compare(written: Connection, kept: Database, sums: dict[str, _Sum]) -> None:
    """LedgerWriteFailed unless what was written is what was read."""
    for table in _COPIED:
        found, expected = _Sum(), sums[table.name]
        for rows in _batches(written, kept, table):
            found.add(rows)
        if (found.rows, found.digest.digest()) != (expected.rows, expected.digest.digest()):
            raise _differs(kept, table.name)
    if how_many_words(written) != sums[readings.name].words:
        raise _differs(kept, "the index of words")


def _differs(kept: Database, what: str) -> LedgerWriteFailed:
    return LedgerWriteFailed(
        f"{what} came out otherwise in {kept.name}; nothing was kept there", "try again, and report it"
    )


def _batches(connection: Connection, kept: Database, table: Table) -> Iterator[Sequence[Row[Any]]]:
    """The rows in order of their key, a few at a time. Parents come before those that name them."""
    at_once = _LARGE_AT_ONCE.get(table.name, _AT_ONCE)
    with kept.errors():
        found = connection.execution_options(yield_per=at_once).execute(select(table).order_by(*table.primary_key))
        yield from found.partitions()


def _words(reading: str) -> list[str]:
    report = json.loads(reading)["report"]
    return search_words(f"{report['title'] or ''}\n{report['text']}")
