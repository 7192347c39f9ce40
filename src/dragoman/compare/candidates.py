"""Which pairs of events are worth comparing, and how much a shared word tells.

Invariant: a pair depends only on the two events and on what else is in the ledger, never on the order of arrival;
the work grows with the number of events, for a crowded block is split by further words and then only neighbours meet.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from sys import intern
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dragoman.compare.telling import Told
from dragoman.compare.words import Words, kin

Numbers: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.unsignedinteger[Any]]

CROWDED = 40
"""Events of a block that are all compared with one another; a larger one is split."""
WINDOW = 45
"""Days within which one happening is told: follow-ups of the stories come within 10, anniversaries after 365."""
KEYS = 12
"""Words of an event that make blocks, the rarest first."""
NEIGHBOURS = 9
"""Events next to each other that are compared where nothing parts a crowded block."""
REMEMBERED = 30_000
"""Weights of sets of words, and likenesses of two reports, that are held at one time."""
SUBJECTS = 10
"""Words that tell what a report is about, each a block with the type of an event."""


class Rarity:
    """How much a shared word tells: its inverse frequency over the reports compared."""

    def __init__(self, reports: Iterable[Iterable[str]]) -> None:
        counted: Counter[str] = Counter()
        total = 0
        for words in reports:
            counted.update(set(words))
            total += 1
        self._counted = counted
        self._weights = {word: math.log((total + 1) / (count + 0.5)) for word, count in counted.items()}
        self._unheard = math.log((total + 1) / 0.5)
        self._lengths: dict[str, float] = {}
        self._norms: dict[Words, float] = {}
        self._cosines: dict[tuple[str, str], float] = {}

    def of(self, word: str) -> float:
        """The weight of a word: 0 for one in every report, log of their number for one in a single report."""
        return self._weights.get(word, self._unheard)

    def alone(self, word: str) -> bool:
        """Whether only one report has it, so that it brings no two together."""
        return self._counted[word] < 2

    def norm(self, words: Iterable[str]) -> float:
        """The weight of all words together; summed exactly, since sets have no order of their own."""
        return math.fsum(map(self.of, words))

    def weight(self, words: Words) -> float:
        """As `norm`, worked out once for the sets that are compared again and again."""
        if (found := self._norms.get(words)) is None:
            if len(self._norms) >= REMEMBERED:
                self._norms.clear()
            found = self._norms[words] = self.norm(words)
        return found

    def cosine(self, one: Told, other: Told) -> float:
        """How far two reports use the same words, weighed; worked out once for all their events."""
        reports = one.report, other.report
        if (found := self._cosines.get(reports)) is None:
            if len(self._cosines) >= REMEMBERED:
                self._cosines.clear()
            found = self._cosines[reports] = self._cosine(one, other)
        return found

    def _cosine(self, one: Told, other: Told) -> float:
        size = math.sqrt(self.length(one.report, one.about) * self.length(other.report, other.about))
        if not size:
            return 0.0
        short, long = sorted((one.about, other.about), key=len)
        return math.fsum(long[w] * count * self.of(w) ** 2 for w, count in short.items() if w in long) / size

    def length(self, report: str, about: Mapping[str, float]) -> float:
        """The squared length of a report's vector of weighed words, worked out once."""
        if report not in self._lengths:
            self._lengths[report] = math.fsum((count * self.of(word)) ** 2 for word, count in about.items())
        return self._lengths[report]


class Candidates:
    """Which pairs of events, named by their places in order of keys, may be one happening.

    They are near in time, with a name, place or act in common. `each` goes through them once, one window of days after
    another, and remembers them for `has`: 4 bytes for a pair.
    """

    def __init__(self, events: Sequence[Told], rarity: Rarity) -> None:
        numbers: dict[str, int] = {}
        self._keys: list[Sequence[int]] = []
        self._order: list[tuple[str, int, str]] = []
        self._windows: defaultdict[int, list[int]] = defaultdict(list)
        reports: defaultdict[str, list[int]] = defaultdict(list)
        self._windows_of: list[frozenset[int]] = []
        known: dict[frozenset[int], frozenset[int]] = {}
        subjects, report = list[str](), None
        for i, event in enumerate(events):
            if event.report != report:
                report, subjects = event.report, _subjects(event.about, rarity)
            keys = (numbers.setdefault(key, len(numbers)) for key in _keys(event, rarity, subjects))
            self._keys.append(array("l", keys))
            self._order.append((intern(event.type or ""), _when(event), event.key))
            reports[event.report].append(i)
            windows = frozenset(_buckets(event))
            self._windows_of.append(known.setdefault(windows, windows))
            for window in windows:
                self._windows[window].append(i)
        self._reports = list(reports.values())
        self._crowded = np.array([len(members) > CROWDED for members in self._reports], np.bool_)
        self._of_report = np.zeros(len(self._keys), np.int64)
        for number, members in enumerate(self._reports):
            self._of_report[members] = number
        self._found: dict[int, tuple[Numbers, Codes]] = {}
        self._in_reports: set[int] = set()

    def each(self) -> Iterator[tuple[Numbers, Numbers]]:
        """The pairs, some at a time: the places of their first and of their second events, in order of the first.

        Only a pair that is far apart in its own days may come twice.
        """
        before = np.zeros(0, np.int64)
        for window in sorted(self._windows):
            members = np.array(self._windows[window], np.int64)
            blocks: defaultdict[int, list[int]] = defaultdict(list)
            for i in self._windows[window]:
                for key in self._keys[i]:
                    blocks[key].append(i)
            codes = self._codes(blocks, len(self._keys))
            codes = codes[self._is_open(*divmod(codes, len(self._keys)))]
            self._remember(window, members, codes)
            yield divmod(codes[~np.isin(codes, before, assume_unique=True)], len(self._keys))
            before = codes
        for report in self._reports:
            codes = self._codes({-1: report}, len(self._keys))
            self._in_reports |= set(codes.tolist()) if len(report) > CROWDED else set()
            if len(codes):
                yield divmod(codes, len(self._keys))

    def _is_open(self, ones: Numbers, others: Numbers) -> NDArray[np.bool_]:
        """Whether pairs are not of one report whose events all meet anyway."""
        reports = self._of_report[ones]
        is_open: NDArray[np.bool_] = (reports != self._of_report[others]) | self._crowded[reports]
        return is_open

    def has(self, one: int, other: int) -> bool:
        """Whether `each` gave a pair, the smaller place first."""
        report = self._of_report[one]
        if report == self._of_report[other] and (
            not self._crowded[report] or one * len(self._keys) + other in self._in_reports
        ):
            return True
        return any(
            _holds(*self._found[window], one, other) for window in self._windows_of[one] & self._windows_of[other]
        )

    def _codes(self, blocks: Mapping[int, list[int]], count: int) -> Numbers:
        """The pairs of some blocks, each as first * count + second, in order."""
        cells: set[tuple[int, ...]] = set()
        seen: set[frozenset[int]] = set()
        for key, block in blocks.items():
            for cell in _cells(block, self._keys, frozenset({key}), self._order.__getitem__, seen):
                cells.add(tuple(cell))
        by_size: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
        for cell in cells:
            by_size[len(cell)].append(cell)
        found = [np.zeros(0, np.int64)]
        for size, alike in by_size.items():
            rows = np.sort(np.array(alike, np.int64), axis=1)
            first, second = np.triu_indices(size, 1)
            found.append(np.unique(rows[:, first] * count + rows[:, second]))
        return np.unique(np.concatenate(found))

    def _remember(self, window: int, members: Numbers, codes: Numbers) -> None:
        count = len(members)
        ones, others = (np.searchsorted(members, places) for places in divmod(codes, len(self._keys)))
        self._found[window] = members, (ones * count + others).astype(np.uint32 if count < 2**16 else np.uint64)


def _holds(members: Numbers, codes: NDArray[np.unsignedinteger[Any]], one: int, other: int) -> bool:
    first, second = np.searchsorted(members, (one, other)).tolist()
    code = first * len(members) + second
    place = int(np.searchsorted(codes, codes.dtype.type(code)))
    return place < len(codes) and int(codes[place]) == code


def pairs(events: Sequence[Told], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of places of events that may be one happening, each once; events of one report follow one another."""
    given = Candidates(events, rarity).each()
    yield from sorted({pair for ones, others in given for pair in zip(ones.tolist(), others.tolist(), strict=True)})


def _subjects(about: Mapping[str, float], rarity: Rarity) -> list[str]:
    """The words that tell most of what a report is about and that another has, too."""
    shared = [word for word in about if not rarity.alone(word)]
    return sorted(shared, key=lambda word: (-about[word] * rarity.of(word), word))[:SUBJECTS]


def _keys(event: Told, rarity: Rarity, subjects: Iterable[str]) -> list[str]:
    """What it may be found by: the rarest words of sentence, parties and place; its act; type and subject of report."""
    words = set(event.words) | event.names
    for party in (*event.people, *([event.place] if event.place else [])):
        words |= party.stems
    common = [word for word in words if not rarity.alone(word)]
    acts = {f"#{number}" for number in kin(event.trigger)}
    return (
        sorted(common, key=lambda word: (-rarity.of(word), word))[:KEYS]
        + sorted(acts)
        + [f"{event.type}:{word}" for word in subjects]
    )


def _when(event: Told) -> int:
    return event.days[0] if event.days else event.published or 0


def _buckets(event: Told) -> set[int]:
    """Two neighbouring windows, so that events within one window of each other share one; 0 is for the undated."""
    days = {_when(event), event.published or 0}
    return {(day // WINDOW) + step for day in days for step in (0, 1)} if any(days) else {0}


def _cells(
    block: Sequence[int],
    keys: Sequence[Sequence[int]],
    used: frozenset[int],
    order: Callable[[int], tuple[str, int, str]],
    seen: set[frozenset[int]],
) -> Iterator[Sequence[int]]:
    """A small block as it is; a crowded one parted by further words; at last neighbours by type and day.

    `seen` are the words by which some of these events were parted already, in whichever order.
    """
    if len(block) <= CROWDED:
        if len(block) > 1:
            yield block
    elif len(used) < 3:
        parts: defaultdict[int, list[int]] = defaultdict(list)
        for i in block:
            for key in keys[i]:
                if key not in used:
                    parts[key].append(i)
        for key, part in parts.items():
            if len(part) > 1 and (words := used | {key}) not in seen:
                seen.add(words)
                yield from _cells(part, keys, words, order, seen)
    else:
        row = sorted(block, key=order)
        yield from (row[n : n + NEIGHBOURS] for n in range(len(row) - 1))
