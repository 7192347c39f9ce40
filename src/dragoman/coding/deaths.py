"""What is remembered of partitions whose reader died, so that one report cannot kill readers for ever.

Invariant: a report is given up only after `MOST_DEATHS` processes died over that very report; a process that dies by
chance loses nothing. What is remembered lies in the folder, so that it holds for every engine and for the next run.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from dragoman.coding.partitions import Partition
from dragoman.coding.storage import Location
from dragoman.errors import StorageError

MOST_DEATHS = 3
"""Deaths over a partition before its reports are watched one by one, and over one of these before it is given up."""

_BEFORE = -1
"""Stands for the position of a report before the first one was there."""


@dataclass(slots=True)
class Deaths:
    """The processes that died over a partition before this reading of it: how many, and `over` which positions.

    Positions are those of reports, as far as they were watched; `at` is the one that is watched now.
    """

    file: Location
    count: int = 0
    at: int | None = None
    over: Counter[int] = field(default_factory=Counter)

    @classmethod
    def begin(cls, folder: Location, partition: Partition) -> Deaths:
        """Writes down in the folder that a reading begins; where that stands there already, the one before did not end.

        StorageError where nothing of the partition can be read without a death.
        """
        this = cls(folder.child(f"{partition.id}.json"))
        if data := this.file.read():
            told = json.loads(data)
            this.count = told["deaths"] + 1
            this.over = Counter({int(position): count for position, count in told["over"].items()})
            if told["at"] is not None:
                this.over[told["at"]] += 1
        if this.too_many(_BEFORE):
            this.end()
            what = f"{partition.name}: {MOST_DEATHS} processes that should read it were killed"
            raise StorageError(what, "if memory is short, fewer --jobs may do; then run it again")
        if not this.watch(_BEFORE):
            this._write()
        return this

    def too_many(self, position: int) -> bool:
        """Whether so many died over that report that it is given up."""
        return self.over[position] >= MOST_DEATHS

    def watch(self, position: int) -> bool:
        """Writes down which report is read next, where the partition is known to be deadly; whether it is."""
        if self.count < MOST_DEATHS:
            return False
        self.at = position
        self._write()
        return True

    def end(self) -> None:
        """Forgets them: the reading has ended."""
        self.file.remove()

    def _write(self) -> None:
        told = {"deaths": self.count, "at": self.at, "over": {str(one): count for one, count in self.over.items()}}
        self.file.write(json.dumps(told).encode())
