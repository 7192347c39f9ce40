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
from dragoman.documents.pages import page_sizes
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
    import pyarrow
    import pyarrow.parquet

    stream = seekable(stream, options.settings.max_unpacked_bytes)
    allowance = options.allowance or Allowance(options.settings.max_unpacked_bytes)
    size = stream.seek(0, io.SEEK_END)
    if not options.depth:
        allowance.packed += size
    number = 0
    try:
        _check_footer(stream, size)
        file = pyarrow.parquet.ParquetFile(
            stream,
            buffer_size=_BUFFER,
            thrift_string_size_limit=_LARGEST_FOOTER,
            thrift_container_size_limit=_MOST_COLUMNS,
        )
        wanted = columns_in(file.schema_arrow.names, options)
        _check_types(file.schema_arrow, wanted)
        # No value is larger than the page that it lies in, so that a batch of them is bounded, too.
        rows = max(1, _LARGEST_PAGE // _largest_page(stream, file.metadata, set(wanted.values())))
        for batch in file.iter_batches(min(rows, _MOST_ROWS), columns=list(wanted.values())):
            for row in _rows(batch, wanted):
                number += 1
                allowance.take(len(row["text"] or ""))
                yield tried(f"{name}:{number}", partial(row_report, row, options))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise DamagedFile(f"it is no Parquet file, or a damaged one ({error})", "write it again") from error
    if not number:
        raise EmptyReport("it has no rows", "give a table with reports in it")


def _check_footer(stream: BinaryIO, size: int) -> None:
    stream.seek(max(0, size - 8))
    length, mark = int.from_bytes(stream.read(4), "little"), stream.read(4)
    if mark == b"PARE":
        raise EncryptedFile("it is encrypted", "write it again without encryption")
    if mark != b"PAR1":
        raise DamagedFile("it is no Parquet file, or cut short", "get it again")
    if length > _LARGEST_FOOTER:
        raise UnpacksTooFar(f"its description of itself is larger than {_LARGEST_FOOTER:,} bytes", _WRITE_AGAIN)


def _largest_page(stream: BinaryIO, metadata: Any, columns: set[str]) -> int:
    """The size, unpacked, of the largest page of the columns. Raises UnpacksTooFar for one over the limit."""
    largest = 1
    for group in range(metadata.num_row_groups):
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
        dated = key == "published" and (kinds.is_temporal(kind) or kinds.is_integer(kind) or kinds.is_null(kind))
        if not (text or dated or (key != "text" and kinds.is_null(kind))):
            what = f"its column {column!r} holds {kind}, not {'days' if key == 'published' else 'text'}"
            raise NoSuchColumn(what, f"name another one, such as --columns {key}=NAME")


def _rows(batch: Any, wanted: Mapping[str, str]) -> Iterator[Row]:
    """The rows of a batch, each with what it has of the report; days and moments as days."""
    import pyarrow.types as kinds

    columns = []
    for column in wanted.values():
        values = batch.column(column)
        if kinds.is_timestamp(values.type):
            values = _local_days(values)
        columns.append(values)
    for number in range(batch.num_rows):
        yield {key: column[number].as_py() for key, column in zip(wanted, columns, strict=True)}


def _local_days(moments: Any) -> Any:
    """The days of moments, as the clock showed them in the time zone that is given for the column."""
    import pyarrow
    import pyarrow.compute

    local = pyarrow.compute.local_timestamp(moments) if moments.type.tz else moments
    return local.cast(pyarrow.date32(), safe=False)
