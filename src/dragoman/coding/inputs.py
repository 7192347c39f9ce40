"""The reports of one partition, by the readers of files or, of Parquet, by rows.

Invariant: the same partition gives the same reports and failures, in the same order, whoever reads it. What the disk or
the store fails in is no failure of a report: it raises StorageError, and the partition can be read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any, BinaryIO

from dragoman.coding.partitions import Partition
from dragoman.coding.places import Place, stretch
from dragoman.documents import kinds
from dragoman.documents.incoming import Failure, Options, tried
from dragoman.documents.lines import row_report
from dragoman.documents.load import read_stream
from dragoman.documents.text import HEADER_KEYS
from dragoman.errors import DamagedFile, EmptyReport, NoSuchColumn, PassedOver, StorageError
from dragoman.records import Report

_COLUMNS = ("text", *HEADER_KEYS, "date")
_AT_ONCE = 100
"""Rows that are held; the longest report of each is bounded by the settings only once it is read."""


def reports(partition: Partition, options: Options) -> Iterator[Report | Failure]:
    """The reports of a partition, and what cannot be read of it."""
    with Place(partition.address).open() as opened:
        if partition.unit == "rows":
            yield from _rows(stretch(opened, partition.address, 0, partition.size), partition, options)
        else:
            part = stretch(opened, partition.address, partition.start, partition.end)
            kind = kinds.by_name(partition.address)
            yield from map(
                partial(_of_part, partition), (kind.read if kind else read_stream)(part, partition.name, options)
            )


def _of_part(partition: Partition, item: Report | Failure) -> Report | Failure:
    """The item; but that there is no report in a part of a file is nothing wrong."""
    whole = (partition.start, partition.end) == (0, partition.size)
    if whole or isinstance(item, Report) or item.name != partition.name or not isinstance(item.error, EmptyReport):
        return item
    return Failure(item.name, PassedOver(item.error.what, "nothing needs to be done"))


def _rows(file: BinaryIO, partition: Partition, options: Options) -> Iterator[Report | Failure]:
    """The reports of rows of a Parquet file."""
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    address = partition.address
    try:
        opened = ParquetFile(file)
        columns = [name for name in opened.schema_arrow.names if name in _COLUMNS]
        if "text" not in columns:
            what = f"{address} has no column `text` (it has {', '.join(opened.schema_arrow.names)[:200]})"
            yield Failure(address, NoSuchColumn(what, "rename the column with the reports to text"))
            return
        for number, row in _numbered(opened, partition, columns):
            yield tried(f"{address}:{number + 1}", partial(row_report, _plain(row), options))
    except StorageError:
        raise
    except (ArrowException, OSError) as error:
        yield Failure(address, DamagedFile(f"{partition.name}: it is damaged ({error})", "write it again"))


def _numbered(opened: Any, partition: Partition, columns: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The rows of a partition with their numbers in the file; groups of rows outside of it are not read."""
    groups, first, row = [], None, 0
    for group in range(opened.metadata.num_row_groups):
        after = row + opened.metadata.row_group(group).num_rows
        if row < partition.end and after > partition.start:
            groups.append(group)
            first = row if first is None else first
        row = after
    at = first or 0
    for batch in opened.iter_batches(_AT_ONCE, row_groups=groups, columns=columns, use_threads=False):
        if at >= partition.end:
            return
        inside = batch.slice(max(0, partition.start - at), max(0, partition.end - max(at, partition.start)))
        yield from enumerate(inside.to_pylist(), start=max(at, partition.start))
        at += batch.num_rows


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """The row with its days as text."""
    return {key: value.isoformat()[:10] if isinstance(value, date | datetime) else value for key, value in row.items()}
