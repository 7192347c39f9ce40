from __future__ import annotations

import numpy as np
import pytest

from dragoman.compare.candidates import Candidates
from dragoman.compare.features import compare
from dragoman.compare.happenings import SLACK, rarity_of
from dragoman.compare.judge import weigh, weights
from dragoman.compare.screen import Screen
from dragoman.compare.shelf import Shelf
from dragoman.compare.telling import told
from tests.compare.test_happenings import readings as quarrel
from tests.ledger.synthetic import synthetic

READINGS = [*quarrel(), *(synthetic(seed, sentences=8) for seed in range(60))]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return Shelf(READINGS)


def test_no_score_is_above_its_bound(shelf: Shelf) -> None:
    rarity, screen = rarity_of(shelf), Screen(shelf)
    ones, others = np.triu_indices(len(shelf), 1)
    some = np.random.default_rng(7).permutation(len(ones))[:20_000]
    for one, other, bound in zip(ones[some], others[some], screen.bounds(ones[some], others[some]), strict=True):
        features = compare(shelf[int(one)], shelf[int(other)], rarity)
        score = weights()["even"][0][1] + sum(
            weigh(weights()[f.name], f.value) for f in features if f.name in weights()
        )
        assert score <= bound + SLACK, (shelf.keys[one], shelf.keys[other], features)


def test_bounds_part_most_pairs(shelf: Shelf) -> None:
    ones, others = np.triu_indices(len(shelf), 1)
    assert np.mean(Screen(shelf).bounds(ones, others) > -0.375) < 0.5


def test_a_shelf_gives_what_was_put_on_it(shelf: Shelf) -> None:
    events = sorted((event for reading in READINGS for event in told(reading)), key=lambda event: event.key)
    assert list(shelf) == events
    assert [member.told for member in shelf.members()] == events
    assert all(member.reading.report.id == shelf.report(n) for n, member in enumerate(shelf.members()))


def test_what_was_a_candidate_is_remembered(shelf: Shelf) -> None:
    candidates = Candidates(shelf, rarity_of(shelf))
    given = {pair for ones, others in candidates.each() for pair in zip(ones.tolist(), others.tolist(), strict=True)}
    ones, others = np.triu_indices(len(shelf), 1)
    some = np.random.default_rng(7).permutation(len(ones))[:20_000]
    assert given
    for pair in zip(ones[some].tolist(), others[some].tolist(), strict=True):
        assert candidates.has(*pair) == (pair in given)
