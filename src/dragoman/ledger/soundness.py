"""Whether the file of a ledger is whole: nothing damaged, and no table, column or index lacking.

Invariant: nothing is changed.
"""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from dragoman.ledger.schema import metadata, readings
from dragoman.ledger.sqlite import SEARCHED, has_phrases

_TOLD = 3
"""Faults that are told: one damaged page may make hundreds."""


def faults(connection: Connection) -> list[str]:
    """The first faults of a ledger of this version, in words; none if it is sound."""
    lacking = _lacking(connection)
    return (lacking or _damage(connection))[:_TOLD]  # rows are only checked where all that they name is there


def _lacking(connection: Connection) -> list[str]:
    """What the schema has and the file has not."""
    names = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
    lacking = [] if SEARCHED in names else [f"the table {SEARCHED} is missing"]
    for table in metadata.sorted_tables:
        if table.name not in names:
            lacking.append(f"the table {table.name} is missing")
            continue
        found = connection.execute(text("SELECT name FROM pragma_table_info(:table)"), {"table": table.name})
        columns = set(found.scalars())
        lacking += [f"{table.name} has no {column.name}" for column in table.columns if column.name not in columns]
        lacking += [f"the index {index.name} is missing" for index in table.indexes if index.name not in names]
    return lacking


def _damage(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong."""
    # its check may leave out the tables that the full-text index is made of: a search fails where they lack
    connection.execute(select(readings.c.number).where(has_phrases([["a"]])).limit(1)).all()
    damage = [str(said) for said in connection.execute(text("PRAGMA integrity_check(3)")).scalars() if said != "ok"]
    lost = connection.execute(text("PRAGMA foreign_key_check"))
    return damage + [f"row {row[1]} of {row[0]} names one in {row[2]} that is not there" for row in lost]
