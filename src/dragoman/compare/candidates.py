"""Which pairs of events are worth comparing, and how much a shared word tells.

Invariant: a pair depends only on the two events and on what else is in the ledger, never on the order of arrival;
the work grows with the number of events, for a crowded block is split by further words and then only neighbours meet.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from dragoman.compare.telling import Told
from dragoman.compare.words import kin

CROWDED = 40
"""Events of a block that are all compared with one another; a larger one is split."""
WINDOW = 45
"""Days within which one happening is told: follow-ups of the stories come within 10, anniversaries after 365."""
KEYS = 12
"""Words of an event that make blocks, the rarest first."""
NEIGHBOURS = 9
"""Events next to each other that are compared where nothing parts a crowded block."""
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

    def of(self, word: str) -> float:
        """The weight of a word: 0 for one in every report, log of their number for one in a single report."""
        return self._weights.get(word, self._unheard)

    def alone(self, word: str) -> bool:
        """Whether only one report has it, so that it brings no two together."""
        return self._counted[word] < 2

    def norm(self, words: Iterable[str]) -> float:
        """The weight of all words together; summed exactly, since sets have no order of their own."""
        return math.fsum(map(self.of, words))

    def length(self, report: str, about: Mapping[str, float]) -> float:
        """The squared length of a report's vector of weighed words, worked out once."""
        if report not in self._lengths:
            self._lengths[report] = math.fsum((count * self.of(word)) ** 2 for word, count in about.items())
        return self._lengths[report]


def pairs(events: Sequence[Told], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of positions that may be one happening, each once: near in time, with a name, place or act in common."""
    order = sorted(range(len(events)), key=lambda i: events[i].key)
    blocks: defaultdict[tuple[object, str], list[int]] = defaultdict(list)
    subjects = {event.report: _subjects(event.about, rarity) for event in events}
    keys = {i: _keys(events[i], rarity, subjects[events[i].report]) for i in order}
    for i in order:
        blocks[events[i].report, ""].append(i)
        for bucket in _buckets(events[i]):
            for key in keys[i]:
                blocks[bucket, key].append(i)
    cells: defaultdict[int, list[Sequence[int]]] = defaultdict(list)
    for (_, key), block in blocks.items():
        for cell in _cells(block, keys, {key}, lambda i: (events[i].type or "", _when(events[i]), events[i].key)):
            for i in cell:
                cells[i].append(cell)
    for i in order:
        yield from ((i, j) for j in sorted({j for cell in cells[i] for j in cell if j > i}))


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
    block: Sequence[int], keys: Mapping[int, list[str]], used: set[str], order: Callable[[int], tuple[str, int, str]]
) -> Iterator[Sequence[int]]:
    """A small block as it is; a crowded one parted by further words; at last neighbours by type and day."""
    if len(block) <= CROWDED:
        if len(block) > 1:
            yield block
    elif len(used) < 3:
        parts: defaultdict[str, list[int]] = defaultdict(list)
        for i in block:
            for key in keys[i]:
                if key not in used:
                    parts[key].append(i)
        for key, part in parts.items():
            yield from _cells(part, keys, {*used, key}, order)
    else:
        row = sorted(block, key=order)
        yield from (row[n : n + NEIGHBOURS] for n in range(len(row) - 1))
