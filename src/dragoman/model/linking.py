"""What hangs on each anchor: spans offered by the tag heads, taken by the link heads.

A tag head knows well where a span begins and ends, but not whose it is; a link head knows the second and is
less sure of the first. So a span that a tag head offers is taken whole by the anchors whose link scores, meant
over its words, call for it. A span that only the link head sees is taken when it is surer (`ALONE`): a content
inside another content, an actor that the tag head overlooked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dragoman.model.decode import Segments, joined, means, parts, segments
from dragoman.model.links import RoleScorer

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
    scorer: RoleScorer, states: Floats, anchors: Segments, offers: Sequence[Offer], thresholds: Sequence[Thresholds]
) -> list[list[Hung]]:
    """The spans that hang on each anchor, in order of the text: states (words, n)."""
    wanted = means(states, anchors.first, anchors.last)
    brought = scorer.words(states)
    found: list[list[Hung]] = [[] for _ in anchors.first]
    affinity = [np.zeros((len(wanted), len(offer.first), len(offer.parts)), np.float32) for offer in offers]
    alone: list[list[Hung]] = [[] for _ in anchors.first]
    for begin in range(0, len(wanted), CHUNK):
        firsts = anchors.first[begin : begin + CHUNK]
        low, high = max(int(firsts.min()) - REACH, 0), min(int(firsts.max()) + REACH, len(brought))
        distance = np.arange(low, high)[None] - firsts[:, None]
        scores = scorer(wanted[begin : begin + CHUNK], brought[low:high], distance)
        scores[np.abs(distance) > REACH, 0] = 1e4
        inside = parts(scores)
        for offer, table in zip(offers, affinity, strict=True):
            table[begin : begin + CHUNK] = _over_spans(
                inside[..., list(offer.parts)], offer.first - low, offer.last - low
            )
        seen = joined(segments(scores, inside), inside)
        columns = (seen.row, seen.part, seen.first, seen.last, seen.confidence)
        for row, part, first, last, sure in zip(*(column.tolist() for column in columns), strict=True):
            alone[begin + row].append(Hung(part, first + low, last + low, sure))
    for offer, table in zip(offers, affinity, strict=True):
        _take(found, offer, table, thresholds)
    for taken, seen_alone in zip(found, alone, strict=True):
        taken += [
            hung for hung in seen_alone if hung.confidence >= thresholds[hung.part].alone and _is_new(hung, taken)
        ]
        taken.sort(key=lambda hung: hung.first)
    return found


def _over_spans(values: Floats, first: Ints, last: Ints) -> Floats:
    """Means over word ranges, words outside counting as 0: (anchors, words, parts) -> (anchors, spans, parts)."""
    total = np.concatenate([np.zeros_like(values[:, :1]), values.cumsum(axis=1)], axis=1)
    width = values.shape[1]
    summed = total[:, np.clip(last, 0, width)] - total[:, np.clip(first, 0, width)]
    result: Floats = summed / (last - first)[None, :, None]
    return result


def _take(found: list[list[Hung]], offer: Offer, affinity: Floats, thresholds: Sequence[Thresholds]) -> None:
    """Hangs the offered spans on the anchors that call for them: affinity (anchors, spans, parts)."""
    if not affinity.size:
        return
    part = affinity.argmax(axis=2)
    sure = affinity.max(axis=2)
    wanted = sure >= np.array([thresholds[p].offered for p in offer.parts])[part]
    if offer.exclusive:
        wanted &= np.arange(len(sure))[:, None] == sure.argmax(axis=0)
    for anchor, span in zip(*np.nonzero(wanted), strict=True):
        found[anchor].append(
            Hung(
                offer.parts[part[anchor, span]],
                int(offer.first[span]),
                int(offer.last[span]),
                float(sure[anchor, span]),
            )
        )


def _is_new(hung: Hung, taken: Sequence[Hung]) -> bool:
    return all(hung.last <= other.first or other.last <= hung.first for other in taken)
