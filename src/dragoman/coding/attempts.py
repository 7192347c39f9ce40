"""What is remembered of partitions whose reader died, so that one report cannot kill readers for ever.

Invariant: a report is given up only after `PATIENCE` processes died over that very report; a process that dies by
chance loses nothing. What is remembered lies in the folder, so that it holds for every engine and for the next run.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from dragoman.coding.partitions import Partition
from dragoman.coding.storage import Location
from dragoman.errors import StorageError

PATIENCE = 3
"""Deaths over a partition before its reports are watched one by one, and over one of these before it is given up."""

_BEFORE = -1
"""Stands for the position of a report before the first one was there."""


@dataclass(slots=True)
class Attempt:
    """One reading of a partition. `deaths` are those before it, `over` which positions, as far as they were watched."""

    file: Location
    deaths: int = 0
    at: int | None = None
    over: Counter[int] = field(default_factory=Counter)

    @classmethod
    def begin(cls, folder: Location, partition: Partition) -> Attempt:
        """Writes down in the folder that it begins; where that stands there already, the one before did not end.

        StorageError where nothing of the partition can be read without a death.
        """
        this = cls(folder.child(f"{partition.id}.json"))
        if data := this.file.read():
            told = json.loads(data)
            this.deaths = told["deaths"] + 1
            this.over = Counter({int(position): count for position, count in told["over"].items()})
            if told["at"] is not None:
                this.over[told["at"]] += 1
        if this.gave_up(_BEFORE):
            this.end()
            what = f"{partition.name}: {PATIENCE} processes that should read it were killed"
            raise StorageError(what, "if memory is short, fewer --jobs may do; then run it again")
        if not this.watch(_BEFORE):
            this._write()
        return this

    def gave_up(self, position: int) -> bool:
        """Whether too many died over that report."""
        return self.over[position] >= PATIENCE

    def watch(self, position: int) -> bool:
        """Writes down which report is read next, where the partition is known to be deadly; whether it is."""
        if self.deaths < PATIENCE:
            return False
        self.at = position
        self._write()
        return True

    def end(self) -> None:
        """Forgets it."""
        self.file.remove()

    def _write(self) -> None:
        told = {"deaths": self.deaths, "at": self.at, "over": {str(one): count for one, count in self.over.items()}}
        self.file.write(json.dumps(told).encode())
