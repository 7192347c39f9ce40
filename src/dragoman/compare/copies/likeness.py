"""How much of one report stands in another: in its words, or told over in others; with the words that show it.

Invariant: `text[start:end]` of every span is the words of its evidence or passage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dragoman.compare.copies.words import GRAM, Sentence, Sketch, Words, shared
from dragoman.ledger.folding import fold
from dragoman.records import Span

TOLD = 0.6
"""Share of a sentence's content words in one sentence of the other report, or in two that follow one another, from
which on it is told there. At 0.6, paraphrases have 0.67 to 1.0 of their words in such sentences, independent reports of
the same happening 0 to 0.31, relays up to 0.60; at 0.5 independent ones reach 0.57, relays 0.89."""

TWO = 0.9  # what agrees with two sentences taken together counts a little less: they have more words to agree with
CROWDED = 50  # sentences with one word in common: in a text of a megabyte the word finds nothing then
FEWEST = 3  # content words of a sentence that can be told in other words; a shorter one must be there whole


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a report and where they stand."""

    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for taking a report for a copy: what was compared, and what shows it.

    `value` is a share between 0 and 1, or 1 for what is simply so. `span` is where the evidence stands in the copy,
    `original_span` where in the original; None where it is a count or a title.
    """

    name: str
    evidence: str
    value: float = 1.0
    span: Span | None = None
    original_span: Span | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """Shares of one report, `of_copy`, that stand in another, and shares of the other, `of_original`, that stand in it.

    `words` are passages of five words; `pairs` content words that stand close together; `topics` content words at all.
    """

    words_of_copy: float
    words_of_original: float
    pairs_of_copy: float
    pairs_of_original: float
    topics_of_copy: float


def likeness(copy: Sketch, original: Sketch) -> Likeness:
    """What two reports share, from their sketches alone: exact, and quick."""
    words = shared(copy.grams, original.grams)
    pairs_of_copy, pairs_of_original = np.unique(copy.pairs), np.unique(original.pairs)
    pairs = shared(pairs_of_copy, pairs_of_original)
    return Likeness(
        words / max(len(copy.grams), 1),
        words / max(len(original.grams), 1),
        pairs / max(len(pairs_of_copy), 1),
        pairs / max(len(pairs_of_original), 1),
        shared(copy.content, original.content) / max(len(copy.content), 1),
    )


def retold(one: Words, other: Words) -> tuple[bool, ...]:
    """For each sentence of a report, whether another tells it, too.

    A sentence without content words ("He said so.") goes with the one before it.
    """
    standing: defaultdict[str, list[int]] = defaultdict(list)
    for number, sentence in enumerate(other.sentences):
        for word in sentence.content:
            standing[word].append(number)
    found: list[bool] = []
    for sentence in one.sentences:
        if sentence.content:
            found.append(_told(sentence, other.sentences, standing))
        else:
            found.append(bool(found) and found[-1])
    return tuple(found)


def _told(sentence: Sentence, others: Sequence[Sentence], standing: dict[str, list[int]]) -> bool:
    content = sentence.content
    wanted = TOLD * len(content) if len(content) >= FEWEST else len(content)
    found: Counter[int] = Counter()
    for word in content:
        if len(places := standing.get(word, ())) <= CROWDED:
            found.update(places)
    for number, agreeing in found.items():
        if agreeing >= wanted:
            return True
        for other in others[number + 1 : number + 2]:
            if TWO * len(content & (others[number].content | other.content)) >= wanted:
                return True
    return False


def share(words: Words, told: Sequence[bool]) -> float:
    """The share of a report's words that stand in the sentences marked."""
    lengths = [sentence.length for sentence in words.sentences]
    return sum(length for length, is_told in zip(lengths, told, strict=True) if is_told) / max(sum(lengths), 1)


def passages(words: Words, told: Sequence[bool]) -> Iterator[Passage]:
    """The sentences not marked, those that follow one another in one piece: what the other report has not."""
    open_since: int | None = None
    for number, is_told in enumerate([*told, True]):
        if not is_told and open_since is None:
            open_since = number
        elif is_told and open_since is not None:
            span = words.sentences[open_since].span[0], words.sentences[number - 1].span[1]
            yield Passage(span, words.report.text[span[0] : span[1]])
            open_since = None


def longest(copy: Words, original: Words) -> Feature | None:
    """The longest passage that both have word for word; None where there is none of five words, or the whole text."""
    length = min(GRAM, len(copy.folded), len(original.folded))
    if not length:
        return None
    places = _places(original.folded, length)
    best, best_at, at = 0, (0, 0), 0
    while at + length <= len(copy.folded):
        there = places.get(tuple(copy.folded[at : at + length]))
        if there is None:
            at += 1
            continue
        run = _run(copy.folded, at, original.folded, there, length)
        if run > best:
            best, best_at = run, (at, there)
        at += run - length + 1
    if not best:
        return None
    spans = [(w.spans[a][0], w.spans[a + best - 1][1]) for w, a in zip((copy, original), best_at, strict=True)]
    quoted = copy.report.text[spans[0][0] : spans[0][1]]
    return Feature("longest common passage", quoted, best / len(copy.folded), spans[0], spans[1])


def _places(folded: Sequence[str], length: int) -> dict[tuple[str, ...], int]:
    """Where each passage of so many words stands first."""
    places: dict[tuple[str, ...], int] = {}
    for at in range(len(folded) - length + 1):
        places.setdefault(tuple(folded[at : at + length]), at)
    return places


def _run(one: Sequence[str], at: int, other: Sequence[str], there: int, length: int) -> int:
    """How many words agree from two places on, of which the first `length` are known to."""
    most = min(len(one) - at, len(other) - there)
    while length < most and one[at + length] == other[there + length]:
        length += 1
    return length


def counted(name: str, value: float, of: int, what: str) -> Feature:
    """A share with the number it is a share of."""
    return Feature(name, f"{round(value * of):,} of {of:,} {what}", value)


class Pair:
    """A report and the one it may be a copy of, compared sentence by sentence and word by word."""

    def __init__(self, copy: Words, original: Words) -> None:
        self.copy, self.original = copy, original

    @cached_property
    def told_of_copy(self) -> tuple[bool, ...]:
        """For each sentence of the copy, whether the original tells it."""
        return retold(self.copy, self.original)

    @cached_property
    def told_of_original(self) -> tuple[bool, ...]:
        """For each sentence of the original, whether the copy tells it."""
        return retold(self.original, self.copy)

    @property
    def added(self) -> tuple[Passage, ...]:
        """What the original has not."""
        return tuple(passages(self.copy, self.told_of_copy))

    @property
    def cut(self) -> tuple[Passage, ...]:
        """What the copy has not."""
        return tuple(passages(self.original, self.told_of_original))

    def features(self, copy: Sketch, original: Sketch, like: Likeness) -> Iterator[Feature]:
        """What the two have in common, with evidence, whatever is made of it."""
        yield _counted("words of the copy in the original", like.words_of_copy, len(copy.grams), _PASSAGES)
        yield _counted("words of the original in the copy", like.words_of_original, len(original.grams), _PASSAGES)
        told, told_of_original = share(self.copy, self.told_of_copy), share(self.original, self.told_of_original)
        yield _counted("copy told in the original", told, copy.length, _SENTENCES)
        yield _counted("original told in the copy", told_of_original, original.length, _SENTENCES)
        title, other = self.copy.report.title, self.original.report.title
        if title and other and fold(title) == fold(other):
            yield Feature("same title", title)
        if passage := longest(self.copy, self.original):
            yield passage


_PASSAGES = "passages of five words"
_SENTENCES = "words, in sentences that the other tells"


def _counted(name: str, value: float, of: int, what: str) -> Feature:
    """A share with the number it is a share of."""
    return Feature(name, f"{round(value * of):,} of {of:,} {what}", value)
