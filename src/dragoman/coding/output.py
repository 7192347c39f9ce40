"""The folder of coded reports: a file of readings for each partition, one of failures where there were any, a manifest.

Invariant: `part-<id>.parquet` is there once all of its partition is coded, and then whole; its failures were written
before. What is in it follows from the partition, the model and the options alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dragoman.arrow import from_row, reading_schema, to_row
from dragoman.coding.partitions import Partition
from dragoman.coding.storage import Location, location
from dragoman.documents.incoming import Failure
from dragoman.errors import CodingError
from dragoman.records import Capture, MadeBy, Reading

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

MANIFEST, FAILURES, DEATHS = "_manifest.json", "_failures", "_deaths"
"""Besides the readings. What reads folders of Parquet passes over names that begin so."""
ROWS = 100
"""Readings in a group of rows: some 2 MB, so that memory stays flat whatever the length of a partition."""

_FORMAT = 1
_CAPTURE = tuple(field.name for field in fields(Capture) if field.name != "content")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a folder was made with, and of which partitions; `options` are those that readings depend on.

    `modified` tells of each file, by its address, when it was changed last, where that is known.
    """

    made_by: MadeBy
    options: dict[str, Any]
    partitions: tuple[Partition, ...]
    modified: dict[str, str]

    def to_json(self) -> str:
        """The manifest as it is written."""
        told = {
            "format": _FORMAT,
            "made_by": asdict(self.made_by),
            "options": self.options,
            "note": "readings are drawn from reports whose publishers hold the rights to them",
            "modified": self.modified,
            "partitions": [{"id": one.id, **asdict(one)} for one in self.partitions],
        }
        return json.dumps(told, indent=1) + "\n"

    @classmethod
    def from_json(cls, data: bytes) -> Manifest:
        """The manifest that was written; a KeyError, TypeError or ValueError for anything else."""
        told = json.loads(data)
        if told["format"] != _FORMAT:
            raise ValueError(told["format"])
        partitions = tuple(Partition(**{k: v for k, v in one.items() if k != "id"}) for one in told["partitions"])
        return cls(MadeBy(**told["made_by"]), told["options"], partitions, told["modified"])


@dataclass(frozen=True, slots=True)
class Coded:
    """A folder of coded reports, there or not."""

    folder: Location

    def manifest(self) -> Manifest | None:
        """What it was made with; None where there is nothing yet. CodingError for a folder of something else."""
        data = self.folder.child(MANIFEST).read()
        if data is None:
            if any(not name.startswith("_") for name in self.folder.names()):
                raise CodingError(f"{self.folder.address} holds something else", "name a new folder")
            return None
        try:
            return Manifest.from_json(data)
        except (KeyError, TypeError, ValueError) as error:
            what = f"{self.folder.address} has a manifest that this version cannot read"
            raise CodingError(what, "name a new folder, or use the version that made it") from error

    def check(self, manifest: Manifest, there: Manifest | None) -> None:
        """Raises CodingError where what is to be put there does not go with what is there."""
        if there is None:
            return
        cure = "name a new folder"
        if there.made_by != manifest.made_by:
            what = f"{self.folder.address} was made by {_maker(there.made_by)}, and this is {_maker(manifest.made_by)}"
            raise CodingError(what, cure)
        names = sorted(there.options.keys() | manifest.options.keys())
        if changed := [name for name in names if there.options.get(name) != manifest.options.get(name)]:
            raise CodingError(f"{self.folder.address} was made with another {', '.join(changed)}", cure)
        for address, modified in there.modified.items():
            if manifest.modified.get(address, modified) != modified:
                raise CodingError(f"{address} was changed since {self.folder.address} was made of it", cure)
        if gone := set(there.partitions) - set(manifest.partitions):
            what = (
                f"{self.folder.address} was made of other inputs ({min(one.name for one in gone)} is not among these)"
            )
            raise CodingError(what, f"give the same files, unchanged, and more if you like; or {cure}")

    def begin(self, manifest: Manifest) -> None:
        """Says what is put there from now on. CodingError, as `check`."""
        there = self.manifest()
        self.check(manifest, there)
        if there != manifest:
            self.folder.child(MANIFEST).write(manifest.to_json().encode())

    def clear(self) -> None:
        """Removes what killed processes left, once all is done."""
        for folder in (self.folder, self.failures, self.folder.child(DEATHS)):
            folder.clear()

    def done(self) -> set[str]:
        """The ids of the partitions that are there."""
        return {name[5:-8] for name in self.folder.names() if name.startswith("part-") and name.endswith(".parquet")}

    def part(self, partition: Partition) -> Location:
        """The file of a partition's readings."""
        return self.folder.child(f"part-{partition.id}.parquet")

    @property
    def failures(self) -> Location:
        """The folder of what could not be read."""
        return self.folder.child(FAILURES)

    def put_failures(self, partition: Partition, failures: list[Failure]) -> None:
        """Writes down what could not be read of a partition."""
        file = self.failures.child(f"part-{partition.id}.parquet")
        if not failures:
            file.remove()
            return
        import pyarrow as pa

        rows = [_told(one) for one in failures]
        with file.written() as path, _writer(path, pa.schema([(name, pa.string()) for name in rows[0]])) as writer:
            writer.write_table(pa.Table.from_pylist(rows, writer.schema))

    @contextmanager
    def put(self, partition: Partition) -> Iterator[Writing]:
        """Takes the readings of a partition; the file is there once that went well."""
        with self.part(partition).written() as path, _writer(path, schema()) as writer:
            writing = Writing(writer)
            yield writing
            writing.flush()

    def readings(self) -> Iterator[Reading]:
        """All readings, in order of their partitions' ids. CodingError where a file is not whole."""
        for id in sorted(self.done()):
            yield from _read(self.folder.child(f"part-{id}.parquet"))


def found(folder: str) -> tuple[Manifest, Iterator[Reading]]:
    """What a folder of coded reports was made with, and its readings; CodingError for a folder of something else."""
    coded = Coded(location(folder))
    manifest = coded.manifest()
    if manifest is None:
        raise CodingError(f"{coded.folder.address} holds no coded reports", "make them with `dragoman code`")
    return manifest, coded.readings()


class Writing:
    """Readings on their way to a file, `ROWS` at a time, however they come."""

    def __init__(self, writer: ParquetWriter) -> None:
        self._writer = writer
        self._rows: list[dict[str, Any]] = []

    def add(self, reading: Reading) -> None:
        """Takes one."""
        capture = reading.report.capture
        told = capture and {name: getattr(capture, name) for name in _CAPTURE}
        self._rows.append({**to_row(reading), "capture": told})
        if len(self._rows) == ROWS:
            self.flush()

    def flush(self) -> None:
        """Writes what is held."""
        import pyarrow as pa

        self._writer.write_table(pa.Table.from_pylist(self._rows, self._writer.schema))
        self._rows.clear()


@cache
def schema() -> pa.Schema:
    """The columns: those of a reading, and what its report was taken from."""
    import pyarrow as pa

    kinds = {"size": pa.int64(), "status": pa.int64(), "headers": pa.list_(pa.list_(pa.string()))}
    capture = pa.struct([(name, kinds.get(name, pa.string())) for name in _CAPTURE])
    return reading_schema().append(pa.field("capture", capture))


@contextmanager
def _writer(path: Path, columns: pa.Schema) -> Iterator[ParquetWriter]:
    from pyarrow.parquet import ParquetWriter

    with ParquetWriter(path, columns, compression="zstd", compression_level=3, version="2.6") as writer:
        yield writer


def _read(file: Location) -> Iterator[Reading]:
    from pyarrow import ArrowException
    from pyarrow.parquet import ParquetFile

    try:
        with file.open() as opened:
            for batch in ParquetFile(opened).iter_batches(ROWS, use_threads=False):
                yield from map(_reading, batch.to_pylist())
    except (ArrowException, KeyError, TypeError, ValueError) as error:
        what = f"{file.address} is damaged, or no file of readings ({type(error).__name__}: {error})"
        raise CodingError(what, "remove it and run `dragoman code` again") from error


def _reading(row: dict[str, Any]) -> Reading:
    told = row.pop("capture", None)
    reading = from_row(row)
    if told is None:
        return reading
    headers = tuple((name, value) for name, value in told["headers"])
    return replace(reading, report=replace(reading.report, capture=Capture(**{**told, "headers": headers})))


def _told(failure: Failure) -> dict[str, str]:
    """What could not be read, as it can be written: a name of a file need not be text."""
    told = {"name": failure.name, "error": failure.error.what, "cure": failure.error.cure}
    return {name: value.encode("utf-8", "replace").decode() for name, value in told.items()}


def _maker(made_by: MadeBy) -> str:
    return f"version {made_by.version} with {made_by.model} {made_by.model_sha256[:8]}"
