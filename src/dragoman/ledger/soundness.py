"""Whether a ledger is whole: nothing damaged, and no table, column or index lacking.

Invariant: nothing is changed.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, select

from dragoman.ledger.database import Database
from dragoman.ledger.schema import metadata, readings
from dragoman.ledger.words import SEARCHED, has_phrases

_TOLD = 3
"""Faults that are told: one damaged page may make hundreds."""


def faults(connection: Connection, database: Database) -> list[str]:
    """The first faults of a ledger of this version, in words; none if it is sound."""
    lacking = _lacking(connection, database)
    return (lacking or _damage(connection, database))[:_TOLD]  # rows are only checked where all that they name is there


def _lacking(connection: Connection, database: Database) -> list[str]:
    """What the schema has and the ledger has not."""
    there = inspect(connection)
    names, indexes = set(there.get_table_names()), database.index_names(connection)
    lacking = [] if SEARCHED in names else [f"the table {SEARCHED} is missing"]
    for table in metadata.sorted_tables:
        if table.name not in names:
            lacking.append(f"the table {table.name} is missing")
            continue
        columns = {column["name"] for column in there.get_columns(table.name)}
        lacking += [f"{table.name} has no {column.name}" for column in table.columns if column.name not in columns]
        lacking += [f"the index {name} is missing" for name in {index.name for index in table.indexes} - indexes]
    return lacking


def _damage(connection: Connection, database: Database) -> list[str]:
    """What is wrong with what is in it."""
    # SQLite's check may leave out the tables that the full-text index is made of: a search fails where they lack
    connection.execute(select(readings.c.number).where(has_phrases([["a"]])).limit(1)).all()
    return database.damage(connection)
