"""Logits to spans: pure functions over arrays, without a Python loop over words.

Labels of a begin-inside head are O, B-x, I-x, B-y, I-y, ...: part p has B at 1 + 2p and I at 2 + 2p.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Segments:
    """Spans found in one or more sequences of words, in order: each (n,).

    row: which sequence. first, last: words, end-exclusive. part: which of the head's parts.
    confidence: mean probability, over its words, of the part that was chosen.
    """

    row: Ints
    first: Ints
    last: Ints
    part: Ints
    confidence: Floats


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    result: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return result


def parts(logits: Floats) -> Floats:
    """The probability of each part of a begin-inside head: logits (rows, words, labels) -> (rows, words, parts)."""
    probability = softmax(logits)
    result: Floats = probability[..., 1::2] + probability[..., 2::2]
    return result


def segments(logits: Floats, inside: Floats) -> Segments:
    """Spans of a begin-inside head: logits (rows, words, labels) and the probabilities of its `parts`.

    A word takes its likeliest label; an I that continues nothing of its own part begins a span.
    """
    rows, words, _ = logits.shape
    choice = logits.argmax(axis=-1)
    part = np.where(choice > 0, (choice - 1) // 2, -1)
    before = np.concatenate([np.full((rows, 1), -1), part[:, :-1]], axis=1)
    begins = (part >= 0) & ((choice % 2 == 1) | (part != before))
    row, first = np.nonzero(begins)
    # A span ends at the next begin or at the next word outside its part, whichever comes first.
    stops = begins | (part != before)
    flat_stops = np.append(np.flatnonzero(np.concatenate([stops, np.ones((rows, 1), dtype=bool)], axis=1)), 0)
    at = row * (words + 1) + first
    last = flat_stops[np.searchsorted(flat_stops[:-1], at, side="right")] - row * (words + 1)
    found = part[row, first]
    within = words_of(first, last)
    confidence = within.sums(inside[within.of(row), within.word, within.of(found)]) / (last - first)
    return Segments(row, first, last, found, confidence.astype(np.float32))


SLACK = 2.0
"""Log-odds that the words of a gap may speak against it. On 25 reports of PolNeAR's dev: exact content 46.2 without,
53.9 at 0.5, 56.9 at 2, 56.2 at 4, 49.6 at 8, and 56.3 with the best path under the rules of begin and inside."""


def joined(found: Segments, inside: Floats, slack: float = SLACK) -> Segments:
    """Spans of one row and part that only a weak gap parts become one: probabilities (rows, words, parts).

    A gap is weak when the log-odds against the part, summed over its words, are under `slack`: one hesitant
    word in the middle of a long quotation does not cut it in two.
    """
    if len(found.row) < 2:
        return found
    order = np.lexsort((found.first, found.part, found.row))
    row, first, last, part = (x[order] for x in (found.row, found.first, found.last, found.part))
    alike = (row[1:] == row[:-1]) & (part[1:] == part[:-1])
    apart = np.flatnonzero(alike & (first[1:] > last[:-1]))
    between = words_of(last[apart], first[apart + 1])
    probability = inside[between.of(row[apart]), between.word, between.of(part[apart])].clip(1e-7, 1 - 1e-7)
    gap = np.zeros(len(alike), dtype=np.float32)
    gap[apart] = between.sums(np.log(probability) - np.log1p(-probability))
    weak = alike & (gap > -slack)
    begins = np.flatnonzero(np.concatenate([[True], ~weak]))
    words = (last - first).astype(np.float32)
    summed = np.add.reduceat(found.confidence[order] * words, begins)
    confidence = (summed / np.add.reduceat(words, begins)).astype(np.float32)
    ends = np.append(begins[1:], len(row)) - 1
    merged = Segments(row[begins], first[begins], last[ends], part[begins], confidence)
    again = np.lexsort((merged.first, merged.row))
    return Segments(*(getattr(merged, name)[again] for name in ("row", "first", "last", "part", "confidence")))


@dataclass(frozen=True, slots=True)
class Ranges:
    """The words of some ranges, one range after the other: word (n,), where each range begins, how long it is."""

    word: Ints
    begins: Ints
    lengths: Ints

    def of(self, values: Ints) -> Ints:
        """What each range has, for each of its words."""
        return np.repeat(values, self.lengths)

    def sums(self, values: Floats, axis: int = 0) -> Floats:
        """The sum over each range of what its words have along an axis."""
        if not len(self.begins):
            return values
        result: Floats = np.add.reduceat(values, self.begins, axis=axis)
        return result


def words_of(first: Ints, last: Ints) -> Ranges:
    """The words of end-exclusive ranges, none of them empty."""
    lengths = last - first
    begins = np.cumsum(lengths) - lengths
    return Ranges(np.arange(int(lengths.sum())) + np.repeat(first - begins, lengths), begins, lengths)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a score from 0 to 1 is worth: the share of such marks that are right (Platt, 1999)."""

    slope: float
    bias: float

    def __call__(self, score: float) -> float:
        score = min(max(score, 1e-6), 1 - 1e-6)
        return 1 / (1 + exp(-self.slope * log(score / (1 - score)) - self.bias))


def means(values: Floats, first: Ints, last: Ints) -> Floats:
    """Means over word ranges: values (words, n), first and last (spans,) -> (spans, n)."""
    within = words_of(first, last)
    return within.sums(values[within.word]) / (last - first).astype(np.float32)[:, None]
