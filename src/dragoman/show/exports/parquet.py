"""Parquet: readings nested as their public JSON (`dragoman.arrow`), or rows of a kind flat, with the columns of CSV.

Invariant: what was written is handed out and forgotten, so that a file of any size takes the memory of a group of rows
and of the index at its end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from dragoman.arrow import reading_schema, to_row
from dragoman.ledger import query
from dragoman.ledger.folding import storable
from dragoman.ledger.store import Ledger
from dragoman.show.exports.about import statement
from dragoman.show.exports.columns import Cell, Column
from dragoman.show.exports.growing import Growing
from dragoman.show.exports.tables import COLUMNS, columns_of
from dragoman.show.search import Search

if TYPE_CHECKING:
    import pyarrow as pa

_READINGS, _ROWS = 200, 10_000
"""In a group: of readings with their texts, and of flat rows."""


def write(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """What a search finds; of kind `readings`, readings in order of the report's id."""
    about = statement(ledger, search)
    if search.kind == "readings":
        nested = (to_row(reading) for reading in query.readings(ledger, search.filter))
        return _pieces(reading_schema(), nested, _READINGS, about)
    columns = columns_of(search.kind)
    flat = (_flat(row, columns, search.kind) for row in chain.from_iterable(search.pages(ledger)))
    return _pieces(flat_schema(columns), flat, _ROWS, about)


def flat_schema(columns: Sequence[Column]) -> pa.Schema:
    """The columns of flat rows."""
    import pyarrow as pa

    types = {"string": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}
    return pa.schema([(column.name, types[column.type]) for column in columns])


def _flat(row: Any, columns: Sequence[Column], kind: str) -> dict[str, Cell | date]:
    return {column.name: _typed(COLUMNS[kind][column.name](row), column.type) for column in columns}


def _typed(value: Cell, type: str) -> Cell | date:
    if not isinstance(value, str):
        return value
    return date.fromisoformat(value) if type == "date" else storable(value)


def _pieces(schema: pa.Schema, rows: Iterator[dict[str, Any]], group: int, about: dict[str, str]) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    sink = Growing()
    with parquet.ParquetWriter(sink, schema.with_metadata(about), compression="zstd") as writer:
        while (table := pa.Table.from_pylist(list(islice(rows, group)), writer.schema)).num_rows:
            writer.write_table(table)
            yield sink.taken()
    yield sink.taken()
