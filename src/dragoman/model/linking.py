"""What hangs on each anchor: spans offered by the tag heads, taken by the link heads.

A tag head knows well where a span begins and ends, but not whose it is; a link head knows the second and is
less sure of the first. So a span that a tag head offers is taken whole by the anchors whose link scores, meant
over its words, call for it. A span that only the link head sees is taken when it is surer (`alone`): a content
inside another content, an actor that the tag head overlooked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.model.decode import Segments, joined, means, parts, segments, words_of
from dragoman.model.links import RoleScorer, places

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

REACH = 200  # words on each side of an anchor in which its spans are looked for: a window's width in training
CHUNK = 12  # anchors scored at once: those near one another, since all words in reach of any are scored for each


class Hung(NamedTuple):
    """A span that hangs on an anchor: which part of the head it is, its words, and how sure that is."""

    part: int
    first: int
    last: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which mean probability a span is taken: `offered` by a tag head, or seen by the link head `alone`."""

    offered: float
    alone: float


@dataclass(frozen=True, slots=True)
class Offer:
    """Spans of a tag head that may hang on an anchor as any of some parts: words first to last, each (spans,).

    An `exclusive` span hangs on one anchor at most: what is said is said once, but a source may say much.
    """

    parts: tuple[int, ...]
    first: Ints
    last: Ints
    exclusive: bool = False


def link(
    scorer: RoleScorer,
    states: Floats,
    sentence: Ints,
    anchors: Segments,
    offers: Sequence[Offer],
    thresholds: Sequence[Thresholds],
) -> list[list[Hung]]:
    """The spans that hang on each anchor, in order of the text: states (words, n), sentence (words,).

    Offered spans stand in order of the text. Time and memory grow with the text and no faster.
    """
    wanted = means(states, anchors.first, anchors.last)
    brought = scorer.words(states)
    found: list[list[Hung]] = [[] for _ in anchors.first]
    alone: list[list[Hung]] = [[] for _ in anchors.first]
    best: dict[tuple[int, int], tuple[int, Hung]] = {}  # of each exclusive span, its surest anchor
    for begin in range(0, len(wanted), CHUNK):
        firsts = anchors.first[begin : begin + CHUNK]
        low, high = max(int(firsts.min()) - REACH, 0), min(int(firsts.max()) + REACH, len(brought))
        distance = np.arange(low, high)[None] - firsts[:, None]
        apart = sentence[None, low:high] - sentence[firsts, None]
        scores = scorer(wanted[begin : begin + CHUNK], brought[low:high], places(distance, apart))
        scores[np.abs(distance) > REACH, 0] = 1e4
        inside = parts(scores)
        for number, offer in enumerate(offers):
            for row, span, hung in _called_for(inside, offer, low, high, thresholds):
                if not offer.exclusive:
                    found[begin + row].append(hung)
                elif (number, span) not in best or hung.confidence > best[number, span][1].confidence:
                    best[number, span] = begin + row, hung
        seen = joined(segments(scores, inside), inside)
        columns = (seen.row, seen.part, seen.first, seen.last, seen.confidence)
        for row, part, first, last, sure in zip(*(column.tolist() for column in columns), strict=True):
            alone[begin + row].append(Hung(part, first + low, last + low, sure))
    for anchor, hung in best.values():
        found[anchor].append(hung)
    for taken, seen_alone in zip(found, alone, strict=True):
        taken += [
            hung for hung in seen_alone if hung.confidence >= thresholds[hung.part].alone and _is_new(hung, taken)
        ]
        taken.sort(key=lambda hung: hung.first)
    return found


def _called_for(
    inside: Floats, offer: Offer, low: int, high: int, thresholds: Sequence[Thresholds]
) -> Iterator[tuple[int, int, Hung]]:
    """Which anchors call for which offered spans near them: (row, number of the span, the span as it hangs).

    inside: (anchors, words low to high, parts).
    """
    begin, end = np.searchsorted(offer.last, low, side="right"), np.searchsorted(offer.first, high)
    if begin >= end:
        return
    first, last = offer.first[begin:end], offer.last[begin:end]
    affinity = _over_spans(inside[..., list(offer.parts)], first - low, last - low)
    part, sure = affinity.argmax(axis=2), affinity.max(axis=2)
    least = np.array([thresholds[p].offered for p in offer.parts])[part]
    for row, span in zip(*np.nonzero(sure >= least), strict=True):
        hung = Hung(offer.parts[part[row, span]], int(first[span]), int(last[span]), float(sure[row, span]))
        yield int(row), int(begin + span), hung


def _over_spans(values: Floats, first: Ints, last: Ints) -> Floats:
    """Means over word ranges: (anchors, words, parts) -> (anchors, spans, parts).

    A range may reach beyond the words at hand; those that are not there count as 0.
    """
    within = words_of(first.clip(0), last.clip(max=values.shape[1]))
    return within.sums(values[:, within.word], axis=1) / (last - first).astype(np.float32)[None, :, None]


def _is_new(hung: Hung, taken: Sequence[Hung]) -> bool:
    return all(hung.last <= other.first or other.last <= hung.first for other in taken)
