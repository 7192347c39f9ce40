"""Sentences: where one begins and ends, for what is looked for beside a trigger."""

from __future__ import annotations

import re
from bisect import bisect_right

from dragoman.records import Span

_END = re.compile(r"(?<=[.!?…])[”\"»’')\]]*\s+(?=[“\"«„‘'(\[]*[A-Z0-9])|\n+")
_ABBREVIATION = re.compile(
    r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Col|Lt|Maj|Brig|Capt|Sgt|Adm|Gov|Sen|Rep|St|No|Rev|Fr|Hon|vs)\.\Z"
)


class Sentences:
    """The sentences of a text; `at` gives the one that a position lies in."""

    def __init__(self, text: str) -> None:
        cuts = [0]
        for match in _END.finditer(text):
            if "\n" in match[0] or not _ABBREVIATION.search(text[max(cuts[-1], match.start() - 6) : match.start()]):
                cuts.append(match.end())
        self._cuts = cuts
        self._length = len(text)

    def at(self, position: int) -> Span:
        """The sentence around a position, as a span."""
        number = bisect_right(self._cuts, position) - 1
        end = self._cuts[number + 1] if number + 1 < len(self._cuts) else self._length
        return self._cuts[number], end
