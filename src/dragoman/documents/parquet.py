"""Parquet tables with a report in each row.

Invariant: only the columns that are needed are unpacked, in batches that are bounded, and no page before its size is
known to be.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from dragoman.documents.incoming import Failure, Options, tried
from dragoman.documents.parquet_pages import page_sizes
from dragoman.documents.tables import Row, columns_in, row_report
from dragoman.documents.unpack import Allowance, seekable
from dragoman.errors import DamagedFile, EmptyReport, EncryptedFile, NoSuchColumn, UnpacksTooFar
from dragoman.records import Report

_BUFFER = 1 << 16
_MOST_ROWS = 256
_LARGEST_PAGE = 64_000_000
_LARGEST_FOOTER, _MOST_COLUMNS = 16_000_000, 100_000
_WRITE_AGAIN = "write it again with pages and row groups of the usual size"


def read_parquet(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a Parquet file, one a row, read in batches."""
    yield from read_rows(stream, name, options)


def read_rows(
    stream: BinaryIO, name: str, options: Options, first: int = 0, end: int | None = None
) -> Iterator[Report | Failure]:
    """The reports of the rows from `first` up to `end`; groups of rows with none of them in it are not read."""
    import pyarrow

    stream = seekable(stream, options.settings.max_unpacked_bytes)
    allowance = options.allowance or Allowance(options.settings.max_unpacked_bytes)
    size = stream.seek(0, io.SEEK_END)
    if not options.depth:
        allowance.packed += size
    found = False
    try:
        file = open_table(stream, size)
        wanted = columns_in(file.schema_arrow.names, options)
        _check_types(file.schema_arrow, wanted)
        # No value is larger than the page that it lies in, so that a batch of them is bounded, too.
        groups, number = _groups(file.metadata, first, end)
        rows = max(1, _LARGEST_PAGE // _largest_page(stream, file.metadata, groups, set(wanted.values())))
        for batch in file.iter_batches(min(rows, _MOST_ROWS), row_groups=groups, columns=list(wanted.values())):
            asked = batch.slice(max(0, first - number), None if end is None else max(0, end - max(number, first)))
            for at, row in enumerate(_rows(asked, wanted), start=max(number, first) + 1):
                found = True
                allowance.take(len(row["text"] or ""))
                yield tried(f"{name}:{at}", partial(row_report, row, options))
            number += batch.num_rows
            if end is not None and number >= end:
                break
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise DamagedFile(f"it is no Parquet file, or a damaged one ({error})", "write it again") from error
    if not found:
        raise EmptyReport("it has no rows", "give a table with reports in it")


def open_table(stream: BinaryIO, size: int) -> Any:
    """A Parquet file of so many bytes, once its description of itself is known to be bounded. Raises a ReportError."""
    from pyarrow.parquet import ParquetFile

    _check_footer(stream, size)
    return ParquetFile(
        stream,
        buffer_size=_BUFFER,
        thrift_string_size_limit=_LARGEST_FOOTER,
        thrift_container_size_limit=_MOST_COLUMNS,
    )


def _check_footer(stream: BinaryIO, size: int) -> None:
    stream.seek(max(0, size - 8))
    length, mark = int.from_bytes(stream.read(4), "little"), stream.read(4)
    if mark == b"PARE":
        raise EncryptedFile("it is encrypted", "write it again without encryption")
    if mark != b"PAR1":
        raise DamagedFile("it is no Parquet file, or cut short", "get it again")
    if length > _LARGEST_FOOTER:
        raise UnpacksTooFar(f"its description of itself is larger than {_LARGEST_FOOTER:,} bytes", _WRITE_AGAIN)


def _groups(metadata: Any, first: int, end: int | None) -> tuple[list[int], int]:
    """The groups with any of these rows in them, and the number of the first row there."""
    groups: list[int] = []
    begin = row = 0
    for group in range(metadata.num_row_groups):
        after = row + metadata.row_group(group).num_rows
        if after > first and (end is None or row < end):
            begin = begin if groups else row
            groups.append(group)
        row = after
    return groups, begin


def _largest_page(stream: BinaryIO, metadata: Any, groups: list[int], columns: set[str]) -> int:
    """The size, unpacked, of the largest page of the columns. Raises UnpacksTooFar for one over the limit."""
    largest = 1
    for group in groups:
        for column in range(metadata.num_columns):
            chunk = metadata.row_group(group).column(column)
            if chunk.path_in_schema in columns:
                largest = max(largest, *page_sizes(stream, chunk), 0)
            if largest > _LARGEST_PAGE:
                raise UnpacksTooFar(f"a page of it unpacks to more than {_LARGEST_PAGE:,} bytes", _WRITE_AGAIN)
    return largest


def _check_types(schema: Any, wanted: Mapping[str, str]) -> None:
    import pyarrow.types as kinds

    for key, column in wanted.items():
        kind = schema.field(column).type
        kind = kind.value_type if kinds.is_dictionary(kind) else kind
        text = kinds.is_string(kind) or kinds.is_large_string(kind) or kinds.is_string_view(kind)
        day = kinds.is_date(kind) or kinds.is_timestamp(kind)
        dated = key == "published" and (day or kinds.is_integer(kind) or kinds.is_null(kind))
        if not (text or dated or (key != "text" and kinds.is_null(kind))):
            what = f"its column {column!r} holds {kind}, not {'days' if key == 'published' else 'text'}"
            raise NoSuchColumn(what, f"name another one, such as --columns {key}=NAME")


def _rows(batch: Any, wanted: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a batch, each with what it has of the report; days and moments as days."""
    import pyarrow
    import pyarrow.types as kinds

    columns = []
    for column in wanted.values():
        values = batch.column(column)
        if kinds.is_timestamp(values.type):
            values = _local_days(values)
        if kinds.is_date(values.type):  # as words: Python has no days beyond the year 9999
            values = values.cast(pyarrow.string())
        columns.append(values)
    for number in range(batch.num_rows):
        yield {key: column[number].as_py() for key, column in zip(wanted, columns, strict=True)}


def _local_days(moments: Any) -> Any:
    """The days of moments, as the clock showed them in the time zone that is given for the column."""
    import pyarrow
    import pyarrow.compute

    local = pyarrow.compute.local_timestamp(moments) if moments.type.tz else moments
    return local.cast(pyarrow.date32(), safe=False)
