"""What hangs on what: scores of a word for an anchor (cue or trigger), and of an earlier mention for a later.

Pure NumPy over the encoder's word states; `training.heads` trains the same arithmetic in PyTorch, and the
parity check of the export compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.model.decode import softmax

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

ANTECEDENTS = 60  # earlier mentions considered for a mention
CHUNK = 256  # mentions scored at once

# Distances in words (or mentions) fall into buckets between these edges, finer when near.
EDGES = np.array([-64, -32, -16, -8, -4, -2, -1, 0, 1, 2, 3, 5, 9, 17, 33, 65])
APART = 2  # sentences that are told apart, each way; further ones count as so far
PLACES = (2 * APART + 1) * (len(EDGES) + 1)


def buckets(distance: Ints) -> Ints:
    """The bucket of each signed distance, 0 to len(EDGES)."""
    return np.searchsorted(EDGES, distance, side="right").astype(np.int64)


def places(distance: Ints, apart: Ints) -> Ints:
    """The place of words beside an anchor, 0 to PLACES - 1, by their signed distance in words and in sentences."""
    return (np.clip(apart, -APART, APART) + APART) * (len(EDGES) + 1) + buckets(distance)


@dataclass(frozen=True, slots=True)
class RoleScorer:
    """Bilinear scores of words for anchors.

    anchor, word: (states + 1, d) projections, the last row their bias. pair: (labels, d + 1, d + 1).
    near: (PLACES, labels), by where the word stands beside the anchor's first word.
    """

    anchor: Floats
    word: Floats
    pair: Floats
    near: Floats

    @classmethod
    def load(cls, arrays: Mapping[str, Floats], head: str) -> RoleScorer:
        return cls(*(np.asarray(arrays[f"{head}.{part}"]) for part in ("anchor", "word", "pair", "near")))

    def words(self, states: Floats) -> Floats:
        """(words, states) -> (words, d + 1): what a word brings, whatever the anchor."""
        return _with_one(_project(states, self.word))

    def __call__(self, anchors: Floats, words: Floats, place: Ints) -> Floats:
        """(anchors, states), (words, d + 1), `places` (anchors, words) -> logits (anchors, words, labels)."""
        labels, _, width = self.pair.shape
        wanted = _with_one(_project(anchors, self.anchor)) @ self.pair.transpose(1, 0, 2).reshape(width, -1)
        scores = (wanted.reshape(-1, width) @ words.T).reshape(len(anchors), labels, len(words))
        result = scores.transpose(0, 2, 1) + self.near[place]
        return result.astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class ChainScorer:
    """Bilinear scores of earlier mentions for later ones; 0 stands for "none of them".

    mention: (2 * states + 1, d). pair: (d + 1, d + 1). near: (buckets,), by the distance in mentions.
    """

    mention: Floats
    pair: Floats
    near: Floats

    @classmethod
    def load(cls, arrays: Mapping[str, Floats]) -> ChainScorer:
        return cls(*(np.asarray(arrays[f"chain.{part}"]) for part in ("mention", "pair", "near")))

    def antecedents(self, first: Floats, last: Floats) -> tuple[Ints, Floats]:
        """States of each mention's first and last word (mentions, states) -> its antecedent or -1, and how sure.

        Only the ANTECEDENTS mentions before one are looked at, so that the cost is linear in the mentions.
        """
        mentions = _with_one(_project(np.concatenate([first, last], axis=1), self.mention))
        order = np.arange(len(mentions))
        earlier = order[:, None] - np.arange(ANTECEDENTS, 0, -1)  # (mentions, ANTECEDENTS), below 0 where none
        chosen, sure = np.empty(len(order), dtype=np.int64), np.empty(len(order), dtype=np.float32)
        for begin in range(0, len(order), CHUNK):
            rows = slice(begin, begin + CHUNK)
            low = max(begin - ANTECEDENTS, 0)
            scores = mentions[rows] @ self.pair @ mentions[low : begin + CHUNK].T
            banded = np.take_along_axis(scores, np.maximum(earlier[rows] - low, 0), axis=1)
            far = self.near[buckets(order[rows, None] - earlier[rows])]
            logits = np.zeros((len(banded), ANTECEDENTS + 1), dtype=np.float32)  # the last: none of them
            logits[:, :-1] = np.where(earlier[rows] < 0, -1e4, banded + far)
            best = logits.argmax(axis=1)
            chosen[rows] = np.where(best == ANTECEDENTS, -1, earlier[rows][np.arange(len(best)), best % ANTECEDENTS])
            sure[rows] = softmax(logits).max(axis=1)
        return chosen, sure


def _project(states: Floats, weights: Floats) -> Floats:
    result: Floats = np.maximum(states @ weights[:-1] + weights[-1], 0)
    return result


def _with_one(vectors: Floats) -> Floats:
    return np.concatenate([vectors, np.ones((len(vectors), 1), dtype=vectors.dtype)], axis=1)
