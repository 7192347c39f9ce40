"""The words of a report made comparable: in order, where they stand, and hashed.

Invariant: `text[start:end]` of a word's span is the word as it is written, and a hash is the same in every run and
on every machine, so that what is found does not depend on the process that looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from dragoman.ledger.folding import fold
from dragoman.records import Report, Span
from dragoman.sentences import Sentences

Hashes: TypeAlias = NDArray[np.uint64]

GRAM = 5
"""Words of a passage that hardly two people write by chance. Of 264 pairs of reports in `tests/compare/stories` that
are no copies, two thirds share none."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y")

FUNCTION_WORDS = frozenset(
    "a about after all also although an and any are as at be because been before being both but by can could did do "
    "does during each for from further had has have he her hers him his i if in into is it its itself least may might "
    "more most must my no nor not now of off on only or other our out over own said say says saying she should since "
    "so some still such than that the their them then there these they this those though through to told too under "
    "until up upon us very was we were what when where whether which while who whom whose will with would you your "
    "according added asked reported reports report mr mrs ms".split()
)
"""Words that tell nothing of what a report is about, and those with which all reports hand things to sources."""

_NUMBERS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
).split()
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBERS, 2)} | {
    word: str(number)
    for number, word in zip(range(30, 100, 10), "thirty forty fifty sixty seventy eighty ninety".split(), strict=True)
}


class Words:
    """The words of one report; what costs time is made when it is first asked for."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.folded = tuple(_folded(match[0]) for match in _WORD.finditer(report.text))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Where each word stands."""
        return tuple(match.span() for match in _WORD.finditer(self.report.text))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences in order, those without a word left out."""
        return tuple(_sentences(self))

    def passage(self, first: int, last: int) -> Span:
        """The span from one word to another, both included."""
        return self.spans[first][0], self.spans[last][1]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its span without white space at its ends, its words' numbers, and what it is about."""

    span: Span
    words: range
    content: frozenset[str]


def _sentences(words: Words) -> Iterator[Sentence]:
    text, spans = words.report.text, words.spans
    starts = [*Sentences(text).starts, len(text)]
    at = 0
    for start, end in pairwise(starts):
        first = at
        while at < len(spans) and spans[at][0] < end:
            at += 1
        if at > first:
            told = text[start:end]
            span = start + len(told) - len(told.lstrip()), start + len(told.rstrip())
            yield Sentence(span, range(first, at), frozenset(contents(words.folded[first:at])))


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else fold(word)


def contents(folded: tuple[str, ...]) -> Iterator[str]:
    """The stems of the words that tell something, in order; numbers up to ninety as digits."""
    for word in folded:
        if word not in FUNCTION_WORDS:
            yield stem(word)


def stem(word: str) -> str:
    """A word without the endings that a light edit changes: `shelled` and `shelling` are one, and so are names."""
    word = _DIGITS.get(word, word.partition("'")[0] or word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


class Hasher:
    """Turns words into hashes, each word once."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def hashes(self, words: tuple[str, ...]) -> Hashes:
        """One stable 64-bit hash for each word."""
        known = self._known
        for word in words:
            if word not in known:
                known[word] = int.from_bytes(blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little")
        return np.fromiter((known[word] for word in words), np.uint64, len(words))

    def grams(self, words: tuple[str, ...]) -> Hashes:
        """The different passages of five words, sorted; of a shorter text the whole, of an empty one nothing."""
        hashed, length = self.hashes(words), min(GRAM, len(words))
        found = np.zeros(len(words) - length + 1 if words else 0, np.uint64)
        for place in range(length):
            found = (found ^ hashed[place : place + len(found)]) * _MULTIPLIER
            found ^= found >> np.uint64(29)
        return np.unique(found)

    def neighbours(self, words: tuple[str, ...]) -> Hashes:
        """For each content word it with each of the next two, in either order: what rewording leaves most often."""
        hashed = self.hashes(tuple(contents(words)))
        pairs = [_mixed(hashed[:-step] + hashed[step:]) for step in (1, 2) if len(hashed) > step]
        return np.stack([np.append(pairs[0][:-1], 0), np.append(pairs[1], 0)]) if False else _joined(pairs)


def _joined(pairs: list[Hashes]) -> Hashes:
    return np.concatenate(pairs) if pairs else np.zeros(0, np.uint64)


def _mixed(hashed: Hashes) -> Hashes:
    mixed = hashed * _MULTIPLIER
    return mixed ^ (mixed >> np.uint64(31))


def shared(one: Hashes, other: Hashes) -> int:
    """How many hashes two sorted arrays of different ones have in common."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if not len(short):
        return 0
    places = np.searchsorted(long, short)
    places[places == len(long)] = 0
    return int(np.count_nonzero(long[places] == short))
