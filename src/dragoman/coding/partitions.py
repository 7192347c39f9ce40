"""A corpus cut into partitions: stretches of files that are read by themselves, each by whoever is free.

Invariant: partitions and their ids follow from the addresses, sizes and contents of the files alone, and every report
of the corpus is in exactly one of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import pairwise
from typing import BinaryIO

from dragoman.coding.storage import Location, errors
from dragoman.documents import kinds, warc
from dragoman.documents.parquet import open_table
from dragoman.errors import ReportError, StorageError

BYTES = 1 << 20
"""Bytes of JSON Lines in a partition: some 500 reports of 300 words, which one core reads in 23 seconds."""

ROWS = 300
"""Rows of Parquet in a partition."""

ARCHIVED = 1 << 24
"""Bytes of a web archive in a partition: some 1,300 pages as they are packed."""

_LINES = (".jsonl", ".ndjson")
_RECORDS = (".warc", ".warc.gz")
_PARQUET = ".parquet"
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Partition:
    """A stretch of a file: bytes of it, or `rows` of a Parquet file."""

    address: str
    size: int
    start: int
    end: int
    unit: str = "bytes"

    @property
    def id(self) -> str:
        """Names it, and what comes of it."""
        return sha256("\0".join(map(str, asdict(self).values())).encode("utf-8", "surrogateescape")).hexdigest()[:20]

    @property
    def name(self) -> str:
        """What it is called in messages."""
        return self.address if not self.start else f"{self.address} (from {self.unit[:-1]} {self.start:,})"


def partitions(locations: Iterable[Location], out: Location, known: Iterable[Partition] = ()) -> Iterator[Partition]:
    """The partitions of files, and of the files in folders, in order. StorageError where one cannot be read.

    What lies in `out`, where they are coded into, is passed over in folders. `known` are those that were cut before: a
    file with the same size is not cut again.
    """
    cut = defaultdict[tuple[str, int], list[Partition]](list)
    for one in known:
        cut[one.address, one.size].append(one)
    for given in locations:
        if given.is_folder():
            files = [file for file in given.files() if kinds.by_name(file.address) and not out.holds(file)]
            if not files:
                raise StorageError(
                    f"{given.address} holds no reports", "name a folder with JSON Lines, Parquet or WARC"
                )
        else:
            files = [given]
        for file in files:
            size = file.size()
            yield from cut[file.address, size] or _of_file(file, size)


def _of_file(file: Location, size: int) -> Iterator[Partition]:
    name = file.address.lower()
    with file.open() as opened, errors(file.address):
        if name.endswith(_PARQUET):
            cuts = list(_between_rows(opened, size))
        elif name.endswith(_LINES):
            cuts = list(_between_lines(opened, size))
        elif name.endswith(_RECORDS):
            cuts = list(_between_records(opened, size, name))
        else:
            cuts = [0, size]
    unit = "rows" if name.endswith(_PARQUET) else "bytes"
    for start, end in pairwise(cuts):
        yield Partition(file.address, size, start, end, unit)


def _between_lines(file: BinaryIO, size: int) -> Iterator[int]:
    """Where partitions of JSON Lines begin, and the end."""
    at = 0
    while at + BYTES < size:
        yield at
        at += BYTES
        file.seek(at)
        while piece := file.read(_PIECE):
            end = piece.find(b"\n") + 1
            at += end or len(piece)
            if end:
                break
    if at < size or not size:
        yield at
    yield size


def _between_records(file: BinaryIO, size: int, name: str) -> Iterator[int]:
    """Where partitions of a web archive begin, and the end.

    All of it is gone through, as its reader does: what only looks like a record, in a page that somebody made so, is
    none.
    """
    yield 0
    at = 0
    if size > ARCHIVED:
        for found in warc.records(file, name, 0):
            if found.offset >= at + ARCHIVED and isinstance(found, warc.Record):
                at = found.offset
                yield at
    yield size


def _between_rows(file: BinaryIO, size: int) -> Iterator[int]:
    """Which rows partitions of Parquet begin with, and the end; a group of rows is cut only where it is large.

    A file that is damaged is one partition, so that its reading tells.
    """
    from pyarrow import ArrowException

    yield 0
    try:
        told = open_table(file, size).metadata
    except (ReportError, ArrowException):
        yield 0
        return
    begun = row = 0
    for group in range(told.num_row_groups):
        after = row + told.row_group(group).num_rows
        if after - begun > ROWS and row > begun:
            yield row
            begun = row
        while after - begun > ROWS:
            begun += ROWS
            yield begun
        row = after
    if row > begun or not row:
        yield row
