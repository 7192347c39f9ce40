"""Logits to spans: pure functions over arrays, without a Python loop over words.

Labels of a begin-inside head are O, B-x, I-x, B-y, I-y, ...: part p has B at 1 + 2p and I at 2 + 2p.
"""

from __future__ import annotations

from dataclasses import dataclass

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
    total = _sums(inside)
    confidence = (total[row, last, found] - total[row, first, found]) / (last - first)
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
    probability = np.clip(inside, 1e-7, 1 - 1e-7)
    sums = _sums(np.log(probability) - np.log1p(-probability))
    gap = sums[row[1:], first[1:], part[1:]] - sums[row[:-1], last[:-1], part[:-1]]
    weak = (row[1:] == row[:-1]) & (part[1:] == part[:-1]) & (gap > -slack)
    begins = np.flatnonzero(np.concatenate([[True], ~weak]))
    words = (last - first).astype(np.float32)
    summed = np.add.reduceat(found.confidence[order] * words, begins)
    confidence = (summed / np.add.reduceat(words, begins)).astype(np.float32)
    ends = np.append(begins[1:], len(row)) - 1
    merged = Segments(row[begins], first[begins], last[ends], part[begins], confidence)
    again = np.lexsort((merged.first, merged.row))
    return Segments(*(getattr(merged, name)[again] for name in ("row", "first", "last", "part", "confidence")))


def _sums(values: Floats) -> NDArray[np.float64]:
    """Running sums over the words, from 0: (rows, words, n) -> (rows, words + 1, n).

    In double precision: words out of reach add up to thousands, beside which single precision loses `SLACK`.
    """
    begin = np.zeros_like(values[:, :1], dtype=np.float64)
    return np.concatenate([begin, values.cumsum(axis=1, dtype=np.float64)], axis=1)


def means(values: Floats, first: Ints, last: Ints) -> Floats:
    """Means over word ranges: values (words, n), first and last (spans,) -> (spans, n)."""
    total = np.concatenate([np.zeros((1, values.shape[1]), np.float64), values.cumsum(axis=0, dtype=np.float64)])
    result: Floats = ((total[last] - total[first]) / (last - first)[:, None]).astype(np.float32)
    return result
