"""Antecedents by bands: the same as over all pairs at once, at a cost that is linear in the mentions."""

from __future__ import annotations

import numpy as np
import pytest

from dragoman.model.links import ANTECEDENTS, EDGES, PLACES, ChainScorer, buckets, places


@pytest.mark.parametrize("mentions", [0, 1, 5, 300, 700])
def test_bands_give_what_all_pairs_give(mentions: int) -> None:
    rng = np.random.default_rng(mentions)
    width, states = 8, 6
    scorer = ChainScorer(
        mention=rng.normal(size=(2 * states + 1, width)).astype(np.float32),
        pair=rng.normal(size=(width + 1, width + 1)).astype(np.float32),
        near=rng.normal(size=len(EDGES) + 1).astype(np.float32),
    )
    first, last = (rng.normal(size=(mentions, states)).astype(np.float32) for _ in range(2))
    chosen, sure = scorer.antecedents(first, last)
    both = np.concatenate([first, last], axis=1)
    m = np.maximum(both @ scorer.mention[:-1] + scorer.mention[-1], 0)
    m = np.concatenate([m, np.ones((mentions, 1), np.float32)], axis=1)
    gap = np.arange(mentions)[:, None] - np.arange(mentions)
    scores = m @ scorer.pair @ m.T + scorer.near[buckets(gap)]
    scores[(gap <= 0) | (gap > ANTECEDENTS)] = -1e4
    scores = np.concatenate([np.zeros((mentions, 1)), scores], axis=1)
    assert (chosen == scores.argmax(axis=1) - 1).all()
    exp = np.exp(scores - scores.max(axis=1, keepdims=True))
    assert np.allclose(sure, (exp / exp.sum(axis=1, keepdims=True)).max(axis=1), atol=1e-4)


def test_places_tell_words_and_sentences_apart() -> None:
    distance = np.arange(-100, 101)
    seen = {int(place) for apart in range(-4, 5) for place in places(distance, np.full(len(distance), apart))}
    assert seen == set(range(PLACES))
    assert places(np.array([3]), np.array([0])) != places(np.array([3]), np.array([1]))
    assert places(np.array([3]), np.array([2])) == places(np.array([3]), np.array([7]))
