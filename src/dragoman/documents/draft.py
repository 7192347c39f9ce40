"""A text being cleaned that remembers where each of its characters stood in the original.

Invariant: `origins[i]` is the original offset of `text[i]`, and `origins` never falls.
Every step is one pass over the text, so cleaning is linear in its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.records import OffsetMap

Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Draft:
    """The text so far; `origins` (length of the text, int32) gives the original offset of each character."""

    text: str
    origins: NDArray[np.int32]
    original_length: int

    @classmethod
    def of(cls, text: str) -> Draft:
        """The untouched text: every character stands where it stood."""
        return cls(text, np.arange(len(text), dtype=np.int32), len(text))

    def sub(self, pattern: re.Pattern[str], new: str | Callable[[str], str]) -> Draft:
        """The draft with every match replaced by `new`, or by what `new` makes of the matched words."""
        make = (lambda _: new) if isinstance(new, str) else new
        return self.edited((m.start(), m.end(), make(m[0])) for m in pattern.finditer(self.text))

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """The draft with each (start, end, new words) replaced; edits stand in order and do not overlap.

        All that is put in stands where the first replaced character stood.
        """
        words: list[str] = []
        starts: list[int] = []
        done = 0
        for start, end, new in edits:
            if self.text[start:end] != new:
                words += (self.text[done:start], new)
                starts += (done, start)
                done = end
        if not words:
            return self
        words.append(self.text[done:])
        starts.append(done)
        return Draft("".join(words), self.origins[_places(starts, words)], self.original_length)

    def offsets(self) -> OffsetMap:
        """The map from the cleaned text to the original, in runs."""
        starts = np.flatnonzero(np.diff(self.origins, prepend=-2) != 1)
        runs = zip(starts.tolist(), self.origins[starts].tolist(), strict=True)
        return OffsetMap(tuple(runs), len(self.text), self.original_length)


def _places(starts: list[int], words: list[str]) -> NDArray[np.int32]:
    """The old index of every new character: kept words (at even places) count on, new ones stand still."""
    lengths = np.fromiter(map(len, words), dtype=np.int32, count=len(words))
    begins = np.repeat(np.cumsum(lengths, dtype=np.int32) - lengths, lengths)
    steps = np.arange(len(begins), dtype=np.int32) - begins
    kept = np.repeat(np.arange(len(words)) % 2 == 0, lengths)
    places: NDArray[np.int32] = np.repeat(np.array(starts, dtype=np.int32), lengths) + steps * kept
    return places
