"""The reports of one partition, by the readers of files.

Invariant: the same partition gives the same reports and failures, in the same order, whoever reads it. What the disk or
the store fails in is no failure of a report: it raises StorageError, and the partition can be read again.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from dragoman.coding.partitions import Partition
from dragoman.coding.storage import Location, bytes_between
from dragoman.documents.incoming import Failure, Options, named
from dragoman.documents.load import read_stream
from dragoman.documents.parquet import read_rows
from dragoman.errors import EmptyReport, PassedOver, ReportError
from dragoman.records import Report


def reports(partition: Partition, options: Options) -> Iterator[Report | Failure]:
    """The reports of a partition, and what cannot be read of it."""
    with Location(partition.address).open() as opened:
        try:
            for item in _read(opened, partition, options):
                yield item if isinstance(item, Report) else _of_part(partition, item)
        except ReportError as error:
            yield _of_part(partition, named(partition.name, error))


def _read(file: BinaryIO, partition: Partition, options: Options) -> Iterator[Report | Failure]:
    address = partition.address
    if partition.unit == "rows":
        whole = bytes_between(file, address, 0, partition.size)
        return read_rows(whole, address, options, partition.start, partition.end)
    part = bytes_between(file, address, partition.start, partition.end)
    return read_stream(part, partition.name, options, inner=address)


def _of_part(partition: Partition, failure: Failure) -> Failure:
    """The failure; but that there is no report in a part of a file is nothing wrong."""
    whole = (partition.start, partition.end) == (0, partition.size)
    if whole or failure.name != partition.name or not isinstance(failure.error, EmptyReport):
        return failure
    return Failure(failure.name, PassedOver(failure.error.what, "nothing needs to be done"))
