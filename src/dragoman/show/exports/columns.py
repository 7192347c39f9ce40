"""Tables: what their columns hold, as data/exports says it, and how their rows are written.

Invariant: no cell is a formula. A text that a spreadsheet would calculate has an apostrophe before it, which shows it
to be text; numbers are our own.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dragoman.codes import read_data
from dragoman.ledger.folding import storable

Cell = str | int | float | None
Row = Iterable[Cell]

_CALCULATED = re.compile(r"[\s\x00-\x20]*[=+\-@\uff0b\uff0d\uff1d\uff20]|[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its datatype as CSV on the Web names them, and one sentence on what it holds."""

    name: str
    type: str
    told: str


def exported(name: str) -> Any:
    """What a file of data/exports holds."""
    return read_data(f"exports/{name}.yaml")


def described(table: Mapping[str, Mapping[str, str]], names: Iterable[str] | None = None) -> tuple[Column, ...]:
    """The columns of those names, or all, in order, from what a YAML file says of each."""
    return tuple(Column(name, table[name].get("type", "string"), table[name]["told"]) for name in names or table)


def safe(value: Cell) -> Cell:
    """A cell that nothing calculates and everything can hold."""
    if not isinstance(value, str):
        return value
    words = storable(value)
    return f"'{words}" if _CALCULATED.match(words) else words


def in_a_line(value: Cell) -> Cell:
    """The same, without a tab or the end of a line in it: for tables that many read without minding quotes."""
    return safe(" ".join(value.split())) if isinstance(value, str) else value


def lines(rows: Iterable[Row], **dialect: Any) -> str:
    """Rows as lines of a table."""
    written = io.StringIO()
    csv.writer(written, **dialect).writerows(rows)
    return written.getvalue()


def table_of(header: Row | None, batches: Iterable[Iterable[Row]], **dialect: Any) -> Iterator[bytes]:
    """A table with a row in each line: the header, if there is one, then a piece for each batch that has rows."""
    if header is not None:
        yield lines([header], **dialect).encode()
    for rows in batches:
        if piece := lines(([in_a_line(cell) for cell in row] for row in rows), **dialect):
            yield piece.encode()
