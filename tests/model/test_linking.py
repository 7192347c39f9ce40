"""What hangs on an anchor: spans offered whole, spans seen alone, and none from beyond reach."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from dragoman.model.decode import Segments
from dragoman.model.linking import REACH, Hung, Offer, Thresholds, link
from dragoman.model.links import places

LABELS = 5  # O, B-0, I-0, B-1, I-1
SURE = Thresholds(offered=0.5, alone=0.8)


class Scored:
    """In place of a link head: the probability of parts for each (anchor, word), everything else is O."""

    def __init__(self, probability: dict[tuple[int, int], tuple[int, float]]) -> None:
        self.probability = probability
        self.anchors = 0

    def words(self, states: NDArray[np.float32]) -> NDArray[np.float32]:
        return states

    def __call__(self, anchors: Any, words: Any, place: NDArray[np.int64]) -> NDArray[np.float32]:
        low = int(words[0, 0])
        logits = np.full((len(anchors), len(words), LABELS), -12.0, np.float32)
        logits[..., 0] = 0.0
        for (anchor, word), (part, sure) in self.probability.items():
            row, column = anchor - self.anchors, word - low
            if 0 <= row < len(anchors) and 0 <= column < len(words):
                logits[row, column, 0] = np.log(1 - sure)
                logits[row, column, 2 + 2 * part] = np.log(sure)
        self.anchors += len(anchors)
        return logits


def run(probability: dict[tuple[int, int], tuple[int, float]], at: list[int], offers: list[Offer]) -> list[list[Hung]]:
    states = np.arange(600, dtype=np.float32)[:, None]  # a word's state is its own number
    first = np.array(at, dtype=int)
    anchors = Segments(first * 0, first, first + 1, first * 0, np.ones(len(at), np.float32))
    sentence = np.zeros(len(states), dtype=int)
    return link(Scored(probability), states, sentence, anchors, offers, [SURE, SURE])  # type: ignore[arg-type]


def test_a_scorer_is_told_in_which_sentence_each_word_stands() -> None:
    seen: list[NDArray[np.int64]] = []

    class Recording(Scored):
        def __call__(self, anchors: Any, words: Any, place: NDArray[np.int64]) -> NDArray[np.float32]:
            seen.append(place)
            return super().__call__(anchors, words, place)

    first = np.array([4, 12])
    anchors = Segments(first * 0, first, first + 1, first * 0, np.ones(2, np.float32))
    states = np.arange(20, dtype=np.float32)[:, None]
    sentence = np.array([0] * 8 + [1] * 12)
    link(Recording({}), states, sentence, anchors, [], [SURE, SURE])  # type: ignore[arg-type]
    words = np.arange(20)
    (told,) = seen
    assert (told == [places(words - 4, sentence), places(words - 12, sentence - 1)]).all()


def offer(*spans: tuple[int, int], parts: tuple[int, ...] = (0, 1), exclusive: bool = False) -> Offer:
    first, last = (np.array([span[edge] for span in spans], dtype=int) for edge in (0, 1))
    return Offer(parts, first, last, exclusive)


def hung(found: list[Hung]) -> list[tuple[int, int, int]]:
    return [(h.part, h.first, h.last) for h in found]


def test_an_offered_span_is_taken_whole_by_the_anchor_that_calls_for_it() -> None:
    scores = {(0, word): (1, 0.9) for word in (10, 11, 13)} | {(1, 20): (0, 0.95)}
    one, other = run(scores, [5, 18], [offer((10, 14), (20, 21))])
    assert hung(one) == [(1, 10, 14)] and hung(other) == [(0, 20, 21)]
    assert one[0].confidence == pytest.approx(0.9 * 3 / 4, abs=1e-3)


def test_an_exclusive_span_hangs_on_its_surest_anchor_alone() -> None:
    both = {(0, 10): (0, 0.6), (1, 10): (0, 0.8)}
    assert [hung(f) for f in run(both, [5, 18], [offer((10, 11))])] == [[(0, 10, 11)], [(0, 10, 11)]]
    assert [hung(f) for f in run(both, [5, 18], [offer((10, 11), exclusive=True)])] == [[], [(0, 10, 11)]]


def test_a_span_that_no_anchor_wants_hangs_on_none() -> None:
    assert run({(0, 10): (0, 0.45)}, [5], [offer((10, 11))]) == [[]]


def test_what_only_the_link_head_sees_must_be_surer_and_lie_apart() -> None:
    scores = {(0, 10): (0, 0.9), (0, 30): (1, 0.9), (0, 40): (1, 0.7)}
    [found] = run(scores, [5], [offer((10, 11))])
    assert hung(found) == [(0, 10, 11), (1, 30, 31)]


def test_a_part_that_is_not_on_offer_is_not_given() -> None:
    assert run({(0, 10): (1, 0.7)}, [5], [offer((10, 11), parts=(0,))]) == [[]]


def test_nothing_hangs_from_beyond_reach_and_many_anchors_are_scored_in_parts() -> None:
    far = 5 + REACH + 1
    assert run({(0, far): (0, 0.99)}, [5], [offer((far, far + 1))]) == [[]]
    at = list(range(0, 590, 5))
    scores = {(n, word + 2): (0, 0.9) for n, word in enumerate(at)}
    found = run(scores, at, [offer(*((word + 2, word + 3) for word in at))])
    assert [hung(f) for f in found] == [[(0, word + 2, word + 3)] for word in at]


def test_no_anchors_and_no_offers() -> None:
    assert run({}, [], [offer((1, 2))]) == []
    assert run({}, [5], [offer()]) == [[]]
