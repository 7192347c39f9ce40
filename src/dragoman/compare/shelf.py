"""All events of a ledger for comparing, of which few are in memory at a time.

Invariant: events stand in order of their keys. What is taken from the shelf is equal to what was put on it.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from sys import intern
from tempfile import SpooledTemporaryFile
from typing import Any, overload

from dragoman.compare.contradictions import Member
from dragoman.compare.contradictions.denials import denies
from dragoman.compare.order import told_on
from dragoman.compare.telling import Told, told
from dragoman.records import Reading

IN_MEMORY = 2**26
"""Bytes from which on the shelf is a temporary file."""
REPORTS = 8_000
"""Reports whose events are held: more than two neighbouring windows of a ledger of 100,000 reports over four years."""
READINGS = 500


class Shelf(Sequence[Told]):
    """The events that some readings tell, each by its place in order of keys.

    `denied` has the places of those whose act is told not to have been done.
    """

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (`close` gives it up)
        self._spots: dict[str, tuple[int, int, int]] = {}
        known: dict[str, tuple[str, int, tuple[str, int], bool]] = {}
        for reading in readings:
            if reading.events:
                known |= self._put(reading)
        self.keys = sorted(known)
        self._places, self._order, denied = [], [], []
        for key in self.keys:
            report, number, order, denies_it = known.pop(key)
            self._places.append((report, number))
            self._order.append(order)
            denied.append(denies_it)
        self.denied = frozenset(place for place, it_is in enumerate(denied) if it_is)
        self._told = lru_cache(maxsize=REPORTS)(self._read_told)
        self._reading = lru_cache(maxsize=READINGS)(self._read_reading)

    def _put(self, reading: Reading) -> dict[str, tuple[str, int, tuple[str, int], bool]]:
        report, published = reading.report.id, intern(told_on(reading.report.published))
        events = told(reading)
        start = self._file.tell()
        pickle.dump(events, self._file, pickle.HIGHEST_PROTOCOL)
        middle = self._file.tell()
        pickle.dump(reading, self._file, pickle.HIGHEST_PROTOCOL)
        self._spots[report] = start, middle, self._file.tell()
        members = (Member(reading, *both) for both in zip(reading.events, events, strict=True))
        return {
            member.told.key: (report, n, (published, member.event.trigger[0]), denies(member))
            for n, member in enumerate(members)
        }

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, place: int) -> Told: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Told]: ...
    def __getitem__(self, place: int | slice) -> Told | Sequence[Told]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        report, number = self._places[place]
        return self._told(report)[number]

    def member(self, place: int) -> Member:
        """The event with the reading that tells it."""
        report, number = self._places[place]
        reading = self._reading(report)
        return Member(reading, reading.events[number], self._told(report)[number])

    def members(self) -> Iterator[Member]:
        """All events in order, with the readings that tell them."""
        return map(self.member, range(len(self)))

    def report(self, place: int) -> str:
        """The id of the report that tells an event."""
        return self._places[place][0]

    def told_before(self, place: int) -> tuple[str, str, int]:
        """What events are sorted by in order of telling: the day of the report, its id, where it tells it."""
        published, start = self._order[place]
        return published, self.report(place), start

    def close(self) -> None:
        """Gives up the file."""
        self._file.close()

    def _read_told(self, report: str) -> tuple[Told, ...]:
        start, middle, _ = self._spots[report]
        found: tuple[Told, ...] = self._at(start, middle)
        return found

    def _read_reading(self, report: str) -> Reading:
        _, middle, end = self._spots[report]
        found: Reading = self._at(middle, end)
        return found

    def _at(self, start: int, end: int) -> Any:
        self._file.seek(start)
        return pickle.loads(self._file.read(end - start))
