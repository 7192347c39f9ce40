"""What the words of an expression's parts say: numbers, ordinals, years in words, units, decades.

Invariant: a reader gets the small letters of a group that a rule of `rules` matched, so it may rely on them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from dragoman.times.words import MONTHS, NINETIES, NUMBERS, ORDINALS, PARTS, POWERS, SEASONS, WEEKDAYS

_DASHES = frozenset("-–—")
_THIS_CENTURY = 30  # the '20s and earlier may be those of this century
_MOST = 1e12  # larger figures are no count of days


def number_of(words: Sequence[str]) -> float | None:
    """What a number says, as figures or words; None for `several` and for `two to three`."""
    joined = "-" in words and words[0] in NUMBERS and words[0].endswith("ty")  # twenty-four
    if "to" in words or "or" in words or (not joined and _DASHES & set(words)) or words.count("-") > 1:
        return None
    total = 0.0
    for word in words:
        if word in POWERS:
            total = max(total, 1) * POWERS[word]
        elif word in ("half", "1/2", "½"):
            total += 0.5
        elif word in ("few", "many", "several", "numerous"):
            return None
        elif word == "couple":
            total = 2
        elif word in ("a", "an"):
            total = total or (0 if "half" in words or words[-1] in POWERS else 1)
        elif word not in ("of", "and") and word not in _DASHES:
            total += NUMBERS[word] if word in NUMBERS else min(float(word.replace(",", "")), _MOST)
    return total


def year_of(words: Sequence[str]) -> int:
    """The year that words spell: `nineteen ninety-seven`, `two thousand`."""
    if words[-1] == "thousand":
        return int(number_of(words) or 0)
    return 100 * NUMBERS[words[0]] + int(sum(NUMBERS[word] for word in words[1:] if word != "-"))


def _ordinal(words: Sequence[str]) -> int:
    word = "".join(words)
    if word in ORDINALS:
        return ORDINALS[word]
    if figures := re.match(r"\d+", word):
        return int(figures[0])
    return 2 if word == "last" else NUMBERS[words[0]] + ORDINALS[words[-1]]


def _unit(words: Sequence[str]) -> str:
    return {"centuries": "century"}.get(words[-1], words[-1].removesuffix("s"))


def _decade(words: Sequence[str]) -> int | None:
    """The first year of a decade; two figures mean one of the last century, None where it may be of this one."""
    word = words[-1]
    if word in NINETIES:
        return 1900 + NINETIES[word] if NINETIES[word] >= _THIS_CENTURY else None
    year = int(re.sub(r"\D", "", word))
    if year > 99:
        return year
    return 1900 + year if year >= _THIS_CENTURY else None


READERS: dict[str, tuple[str, Callable[[tuple[str, ...]], Any]]] = {
    "about": ("about", bool),
    "orso": ("about", bool),
    "number": ("number", number_of),
    "half": ("half", bool),
    "unit": ("unit", _unit),
    "year": ("year", lambda words: int(words[-1])),
    "yearwords": ("year", year_of),
    "month": ("month", lambda words: MONTHS.index(words[0][:3]) + 1),
    "day": ("day", _ordinal),
    "end_day": ("end_day", _ordinal),
    "weekday": ("weekday", lambda words: WEEKDAYS.index(words[0].removesuffix("s"))),
    "part": ("part", lambda words: PARTS[words[-1].removesuffix("s")]),
    "season": ("season", lambda words: SEASONS[words[-1].removesuffix("s")]),
    "nth": ("nth", _ordinal),
    "century": ("nth", _ordinal),
    "decade": ("year", _decade),
    "the": ("the", bool),
    "tied": ("tied", lambda words: True),
    **dict.fromkeys(("iso", "holiday", "word", "every", "fiscal", "yearago", "quarters"), ("word", " ".join)),
}
"""The field of `Expression` that each group fills, and how its words are read; other groups keep their words."""
