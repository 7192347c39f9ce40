"""Where sentences end: one rule for all that looks for something beside some words.

Invariant: the cost is linear in the text, and every position lies in exactly one sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from dragoman.records import Span

END = re.compile(
    r"(?<![.!?…])(?P<stop>[.!?…]++[”’\"')\]»]*+)\s+(?=[“‘\"'(\[«„]*[^\W_a-zß-öø-ÿ])|(?<![^\S\n])[^\S\n]*+\n\s*"
)
"""What ends a sentence: a stop with what closes there, or a line end; `is_end` tells the stops of abbreviations."""

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st gen maj brig col lt capt cmdr cpl sgt pvt adm gov sen rep pres rev fr hon vs "
    "jan feb mar apr jun jul aug sept sep oct nov dec".split()
)


def is_end(text: str, end: re.Match[str]) -> bool:
    """Whether a match of `END` ends a sentence, and is not the full stop of `Gen.`, `J.` or `U.S.`."""
    if end["stop"] != "." or "\n" in end[0]:
        return True
    before = text[max(0, end.start() - 12) : end.start()].split()
    bare = before[-1].lstrip("“‘\"'([«„").lower() if before else ""
    if bare == "no":  # No. 7
        return not text[end.end() : end.end() + 1].isdigit()
    return bare not in _ABBREVIATIONS and re.fullmatch(r"[a-z](?:\.[a-z])*", bare) is None


class Sentences:
    """The sentences of a text, by position."""

    def __init__(self, text: str) -> None:
        self.starts = [0, *(match.end() for match in END.finditer(text) if is_end(text, match))]
        self._length = len(text)

    def number(self, position: int) -> int:
        """Which sentence a position lies in, counted from 0."""
        return bisect_right(self.starts, position) - 1

    def at(self, position: int) -> Span:
        """The sentence around a position, with the white space after it."""
        number = self.number(position)
        return self.starts[number], self.starts[number + 1] if number + 1 < len(self.starts) else self._length
