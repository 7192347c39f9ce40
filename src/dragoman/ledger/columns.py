"""Columns and indexes that mean the same on every database: tables and migrations take them from here."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy import Constraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.ext.compiler import compiles


class Text(sqlalchemy.Text):
    """Text that sorts by its code points, as SQLite sorts; PostgreSQL would go by the language of the server."""


@compiles(Text, "postgresql")
def _by_code_points(_type: Text, _compiler: Any, **_options: Any) -> str:
    return 'TEXT COLLATE "C"'  # only where columns are made: a collation of the type's own would cling to all values


# --- text of any length -----------------------------------------------------------------------
# PostgreSQL's sorted indexes refuse what has more than 2,704 bytes. Its hashed ones take any text, but
# one column only, which is enough to look it up.


def index_of_any_length(name: str, *columns: str) -> tuple[Index, Index]:
    """An index that begins with text of any length, for a table: one for each database, under the same name."""
    return (
        Index(name, *columns).ddl_if(dialect="sqlite"),
        Index(name, columns[0], postgresql_using="hash").ddl_if(dialect="postgresql"),
    )


def unique_of_any_length(column: str) -> tuple[Constraint, Constraint]:
    """That a column with text of any length holds each value once, for a table: one for each database."""
    return (
        UniqueConstraint(column).ddl_if(dialect="sqlite"),
        ExcludeConstraint((sqlalchemy.column(column), "="), using="hash").ddl_if(dialect="postgresql"),
    )


def create_index_of_any_length(name: str, table: str, columns: list[str]) -> None:
    """The same index, in a migration."""
    from alembic import op

    if op.get_bind().dialect.name == "postgresql":
        op.create_index(name, table, columns[:1], unique=False, postgresql_using="hash")
    else:
        op.create_index(name, table, columns, unique=False)
