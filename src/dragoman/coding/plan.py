"""A plan: a corpus in partitions, and those that are not there yet coded by an engine.

Invariant: the folder is the same whichever engine does it, in whichever order, with however many processes and however
often it is broken off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

from dragoman.adding.attempts import Reads
from dragoman.coding import cluster, local
from dragoman.coding.output import Coded, Manifest
from dragoman.coding.partitions import Partition, partitions
from dragoman.coding.storage import Location, location
from dragoman.coding.work import Done, Task
from dragoman.config import Settings
from dragoman.documents.incoming import Options
from dragoman.documents.load import given_options
from dragoman.errors import StorageError
from dragoman.records import MadeBy

Engine = Callable[[Task, Sequence[Partition], int], Iterator[Done]]

ENGINES: dict[str, Engine] = {"local": local.local, "ray": cluster.on_ray}


@dataclass(slots=True)
class Tally:
    """What became of a plan so far: partitions that are coded, their readings and failures, and those that are not."""

    partitions: int = 0
    readings: int = 0
    failures: int = 0
    errors: list[StorageError] = field(default_factory=list)

    def count(self, done: Done) -> None:
        """Counts a partition."""
        if done.error:
            self.errors.append(done.error)
            return
        self.partitions += 1
        self.readings += done.readings
        self.failures += done.failures


@dataclass(frozen=True)
class Plan:
    """All partitions of a corpus, and those that are still to be coded, into a folder."""

    coded: Coded
    options: Options
    manifest: Manifest
    left: tuple[Partition, ...]

    @cached_property
    def _rows(self) -> dict[str, int]:
        """How many rows the Parquet files have."""
        return {one.address: one.end for one in self.manifest.partitions if one.unit == "rows"}

    def bytes_left(self) -> int:
        """About how many bytes of input are left."""
        return sum(map(self.bytes_of, self.left))

    def bytes_of(self, partition: Partition) -> int:
        """About how many bytes a partition is; of Parquet, its rows' share of the file."""
        if partition.unit == "bytes":
            return partition.end - partition.start
        return round(partition.size * (partition.end - partition.start) / max(1, self._rows[partition.address]))

    def run(self, engine: str, make: Callable[[], Reads], jobs: int) -> Iterator[Done]:
        """Codes what is left; each partition once it is safe. `jobs`: processes, 0 is one for each core.

        CodingError where the folder has become that of others; ModelError, GazetteerError and WorkerError end all.
        """
        self.coded.begin(self.manifest)
        if self.left:
            yield from ENGINES[engine](Task(self.coded, self.options, make), self.left, jobs)
        self.coded.clear()


def planned(
    inputs: Iterable[str],
    out: str,
    made_by: MadeBy,
    *,
    published: str | None = None,
    outlet: str | None = None,
    force: bool = False,
    columns: Mapping[str, str] | None = None,
    settings: Settings,
) -> Plan:
    """The plan to code these inputs into a folder; nothing is written yet. UsageError, StorageError, CodingError."""
    coded = Coded(location(out))
    options = given_options(published=published, outlet=outlet, force=force, columns=columns, settings=settings)
    there = coded.manifest()
    found = tuple(dict.fromkeys(partitions(map(location, inputs), coded.folder, there.partitions if there else ())))
    modified = {address: Location(address).modified() for address in dict.fromkeys(one.address for one in found)}
    told = {**asdict(options.origin), "force": force, "max_bytes": settings.max_bytes}
    told |= {f"column {key}": name for key, name in options.columns.renamed().items()}
    manifest = Manifest(made_by, {name: value for name, value in told.items() if value is not None}, found, modified)
    coded.check(manifest, there)
    done = coded.done()
    return Plan(coded, options, manifest, tuple(one for one in found if one.id not in done))
