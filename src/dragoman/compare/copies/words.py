"""The words of a report made comparable: in order, where they stand, and hashed.

Invariant: `text[start:end]` of a word's span is the word as it is written, and a hash is the same in every run and
on every machine, so that what is found does not depend on the process that looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
"""Words of a passage that two people hardly write by chance: in `tests/compare/stories`, independent reports of one
happening share at most 7% of theirs, unless one tells what the other reported (24%)."""

FUNCTION_WORDS = frozenset(
    "a about after all also although an and any are as at be because been before being both but by can could did do "
    "does during each for from further had has have he her hers him his i if in into is it its itself least may might "
    "more most must my no nor not now of off on only or other our out over own said say says saying she should since "
    "so some still such than that the their them then there these they this those though through to told too under "
    "until up upon us very was we were what when where whether which while who whom whose will with would you your "
    "according added asked reported reports report mr mrs ms".split()
)
"""Words that tell nothing of what a report is about, and those by which any report hands things to a source."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "ly", "s", "e", "y")
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_DIGITS = {word: str(number) for number, word in enumerate(_ONES, 2)} | {
    word: str(number) for number, word in zip(range(20, 100, 10), _TENS, strict=True)
}


@dataclass(frozen=True, slots=True)
class Sketch:
    """A report and what is hashed of it, small enough to hold for every report at once."""

    report: Report
    length: int
    """in words"""
    grams: Hashes
    """its different passages of five words, sorted"""
    content: Hashes
    """its different content words, sorted"""
    pairs: Hashes
    """its content words with each of the next two, in either order: what rewording leaves; in order of the text"""


class Sketcher:
    """Sketches reports; hashes and stems each word once."""

    def __init__(self) -> None:
        self._hash: dict[str, int] = {}
        self._stem: dict[str, str] = dict.fromkeys(FUNCTION_WORDS, "")

    def sketch(self, report: Report) -> Sketch:
        """What is hashed of a report."""
        folded = words_of(report.text)
        content = self._hashes(self._stems(folded))
        return Sketch(report, len(folded), _grams(self._hashes(folded)), np.unique(content), _pairs(content))

    def _stems(self, folded: Sequence[str]) -> list[str]:
        known = self._stem
        for word in folded:
            if word not in known:
                known[word] = stem(word)
        return [found for word in folded if (found := known[word])]

    def _hashes(self, words: Sequence[str]) -> Hashes:
        known = self._hash
        for word in words:
            if word not in known:
                known[word] = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")
        return np.fromiter((known[word] for word in words), np.uint64, len(words))


def words_of(text: str) -> list[str]:
    """The words of a text, folded, in order."""
    return [_folded(word) for word in _WORD.findall(text)]


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else fold(word)


def stem(word: str) -> str:
    """A folded word without an ending that light edits change (`shelled`, `shelling`); numbers up to 90 in digits."""
    word = _DIGITS.get(word, word.partition("'")[0] or word)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _grams(hashed: Hashes) -> Hashes:
    """The different passages; of a shorter text the whole."""
    length = min(GRAM, len(hashed))
    found = np.zeros(len(hashed) - length + 1 if length else 0, np.uint64)
    for place in range(length):
        found = _mixed(found ^ hashed[place : place + len(found)])
    return np.unique(found)


def _pairs(content: Hashes) -> Hashes:
    """Pairs of content words in the order of their first word; a single word stands for itself."""
    if len(content) < 2:
        return content
    near, far = _mixed(content[:-1] + content[1:]), _mixed(content[:-2] + content[2:])
    found = np.empty(len(near) + len(far), np.uint64)
    found[0 : 2 * len(far) : 2], found[1 : 2 * len(far) : 2], found[-1] = near[:-1], far, near[-1]
    return found


def _mixed(hashed: Hashes) -> Hashes:
    mixed = hashed * _MULTIPLIER
    return mixed ^ (mixed >> np.uint64(29))


def shared(one: Hashes, other: Hashes) -> int:
    """How many hashes two sorted arrays of different ones have in common."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if not len(short):
        return 0
    places = np.searchsorted(long, short)
    places[places == len(long)] = 0
    return int(np.count_nonzero(long[places] == short))


# --- words with their places --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its span without white space at the ends, how many words it has, the stems of what it tells."""

    span: Span
    length: int
    content: frozenset[str]


class Words:
    """The words of one report and where they stand; what costs time is made when it is first asked for."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.folded = words_of(report.text)

    @cached_property
    def spans(self) -> list[Span]:
        """Where each word stands."""
        return [match.span() for match in _WORD.finditer(self.report.text)]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences in order, those without a word left out."""
        return list(_sentences(self))


def _sentences(words: Words) -> Iterator[Sentence]:
    text, spans, at = words.report.text, words.spans, 0
    for start, end in pairwise([*Sentences(text).starts, len(text)]):
        first = at
        while at < len(spans) and spans[at][0] < end:
            at += 1
        if at > first:
            told = text[start:end]
            span = end - len(told.lstrip()), start + len(told.rstrip())
            content = frozenset(stem(word) for word in words.folded[first:at] if word not in FUNCTION_WORDS)
            yield Sentence(span, at - first, content)
