"""Reports that tell, in their own words, what one other outlet reported and they say so.

Invariant: an outlet is cited by words of the report that stand in the evidence, and the report that is found was
published on the same day or at most `days` before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dragoman.compare.copies.outlets import Mention, Outlets
from dragoman.compare.copies.words import Hashes, Sketch
from dragoman.ledger.folding import fold


class Shelf:
    """The reports of each outlet by day, for looking up which of them shares the most content words with another."""

    def __init__(self, sketches: Sequence[Sketch], days: int) -> None:
        self._sketches, self._days = sketches, days
        self._numbers: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
        self._words: dict[tuple[str, int], tuple[Hashes, NDArray[np.int64]]] = {}
        for number, sketch in enumerate(sketches):
            day = _day(sketch.report.published)
            if day is not None and sketch.report.outlet:
                self._numbers[fold(sketch.report.outlet), day].append(number)

    def nearest(self, number: int, mention: Mention) -> tuple[float, int] | None:
        """The share of a report's content words in the report of a cited outlet that has most of them, and its number.

        None where the day of the report is unknown, or the outlet has none of these days.
        """
        content, day = self._sketches[number].content, _day(self._sketches[number].report.published)
        if day is None or not len(content):
            return None
        keys = [(outlet, day - back) for outlet in sorted(mention.outlets) for back in range(self._days + 1)]
        found = [hit for key in keys if key in self._numbers for hit in self._hits(key, number)]
        if not found:
            return None
        best, first = max((hits, -candidate) for hits, candidate in found)
        return best / len(content), -first

    def _hits(self, key: tuple[str, int], number: int) -> Iterator[tuple[int, int]]:
        """How many content words of a report its likest of one outlet and day has."""
        words, owners = self._of_day(key)
        content, numbers = self._sketches[number].content, self._numbers[key]
        starts, ends = np.searchsorted(words, content, "left"), np.searchsorted(words, content, "right")
        places = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])
        hits = np.bincount(owners[places.astype(np.int64)], minlength=len(numbers))
        hits[[place for place, other in enumerate(numbers) if other == number]] = 0
        place = int(hits.argmax())
        if hits[place]:
            yield int(hits[place]), numbers[place]

    def _of_day(self, key: tuple[str, int]) -> tuple[Hashes, NDArray[np.int64]]:
        """The content words of all reports of an outlet and day, sorted, and which of the reports has each."""
        if key not in self._words:
            contents = [self._sketches[number].content for number in self._numbers[key]]
            words = np.concatenate(contents)
            owners = np.repeat(np.arange(len(contents)), [len(content) for content in contents])
            order = np.argsort(words, kind="stable")
            self._words[key] = words[order], owners[order]
        return self._words[key]


def relayed(number: int, sketch: Sketch, outlets: Outlets, shelf: Shelf, least: float) -> tuple[int, Mention] | None:
    """The report that a report relays and the words that cite it; None where no cited outlet told most of it."""
    found: list[tuple[float, int, int, Mention]] = []
    for mention in outlets.cited(sketch.report):
        if (near := shelf.nearest(number, mention)) and near[0] >= least:
            found.append((near[0], -mention.span[0], -near[1], mention))
    if not found:
        return None
    _, _, original, mention = max(found, key=lambda hit: hit[:3])
    return -original, mention


def _day(published: str | None) -> int | None:
    try:
        return date.fromisoformat(published[:10]).toordinal() if published else None
    except ValueError:
        return None
