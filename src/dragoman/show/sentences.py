"""Words of a report and the sentence in which they stand, to be shown as evidence.

Invariant: what is found holds the words whole, and costs the same in a text of any length.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dragoman.records import Reading, Span
from dragoman.sentences import END, is_end

LONGEST = 400
"""Characters shown on each side of the words at most: some sentences in reports have no end."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a text; whether it was cut at either end, short of the sentence's own end."""

    span: Span
    cut_before: bool
    cut_after: bool


def quoted(reading: Reading, span: Span) -> dict[str, Any]:
    """Words of the report, and where they stand: plain JSON values."""
    return {"words": reading.words(span), "span": list(span)}


def sentence(text: str, span: Span) -> Quote:
    """The sentence of a span, or the sentences that it runs through."""
    low, high = max(0, span[0] - LONGEST), min(len(text), span[1] + LONGEST)
    ends = [match for match in END.finditer(text, low, high) if is_end(text, match)]
    start = max((match.end() for match in ends if match.end() <= span[0]), default=None)
    end = min((_told(match) for match in ends if _told(match) >= span[1]), default=None)
    cut_before, cut_after = start is None and low > 0, end is None and high < len(text)
    first = start if start is not None else _next_word(text, low, span[0]) if cut_before else low
    last = end if end is not None else _last_word(text, span[1], high) if cut_after else high
    return Quote((first, max(last, span[1])), cut_before, cut_after)


def around(sentence: str, words: str) -> tuple[str, str, str]:
    """What stands before some words, the words, and what comes after. Words that come twice or not at all have no
    place: then all comes before.
    """
    if not words or sentence.count(words) != 1:
        return sentence, "", ""
    return sentence.partition(words)


def _told(end: re.Match[str]) -> int:
    """Where the sentence ends: after its stop and the quotation marks that close there."""
    return end.end("stop") if end["stop"] else end.start()


def _next_word(text: str, low: int, limit: int) -> int:
    space = text.find(" ", low, limit)
    return space + 1 if space >= 0 else low


def _last_word(text: str, limit: int, high: int) -> int:
    space = text.rfind(" ", limit, high)
    return space if space >= 0 else high
