"""Types of columns that mean the same on every database: tables and migrations take them from here."""

from __future__ import annotations

from typing import Any

import sqlalchemy
from sqlalchemy.ext.compiler import compiles


class Text(sqlalchemy.Text):
    """Text that sorts by its code points, as SQLite sorts; PostgreSQL would go by the language of the server."""


@compiles(Text, "postgresql")
def _by_code_points(_type: Text, _compiler: Any, **_options: Any) -> str:
    return 'TEXT COLLATE "C"'  # only where columns are made: a collation of the type's own would cling to all values
