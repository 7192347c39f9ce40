"""Readings as rows of Arrow: nested columns that mirror the public JSON, for Parquet and what works on it.

Invariant: the schema is that of `records.py`, field by field, and `from_row(to_row(reading))` is the reading, but for
what Arrow cannot hold: half a surrogate pair reads U+FFFD, one character for one, so that spans stay right; a number
of people beyond 64 bits is the largest of them.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from dragoman.records import Reading, Report, Span

if TYPE_CHECKING:
    import pyarrow as pa

_HALF = re.compile("[\ud800-\udfff]")
_LARGEST = 2**63 - 1


@cache
def reading_schema() -> pa.Schema:
    """The columns of a reading; all may be null, as far as Arrow is concerned."""
    import pyarrow as pa

    return pa.schema(list(_struct(Reading)))


def to_row(reading: Reading) -> dict[str, Any]:
    """A reading as a row of that schema: its public JSON, as far as Arrow can hold it."""
    row: dict[str, Any] = _storable(reading.to_dict())
    return row


def from_row(row: dict[str, Any]) -> Reading:
    """The reading of a row, as `to_pylist` gives it. A column that is missing is a KeyError or TypeError."""
    return Reading.from_dict(row)


def _struct(record: type) -> pa.StructType:
    import pyarrow as pa

    types = get_type_hints(record)
    names = Report(id="", text="").to_dict() if record is Report else [field.name for field in fields(record)]
    return pa.struct([(name, _type(types[name])) for name in names])


def _type(hint: Any) -> pa.DataType:
    """The Arrow type of a field's type; a span is a list of its two ends."""
    import pyarrow as pa

    if get_origin(hint) is UnionType:
        hint = next(one for one in get_args(hint) if one is not type(None))
    if hint == Span:
        return pa.list_(pa.int32())
    if get_origin(hint) is tuple:
        return pa.list_(_type(get_args(hint)[0]))
    if is_dataclass(hint):
        return _struct(hint)  # type: ignore[arg-type]
    return {str: pa.string(), int: pa.int64(), float: pa.float64()}[hint]


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else _HALF.sub("\ufffd", value)
    if isinstance(value, dict):
        return {name: _storable(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_storable(part) for part in value]
    return max(-_LARGEST, min(value, _LARGEST)) if isinstance(value, int) else value
