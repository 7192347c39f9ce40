"""Logits to spans: against a plain reading of the same labels, word by word."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dragoman.model.decode import Calibration, joined, means, parts, segments, softmax

LABELS = 5  # O, B-0, I-0, B-1, I-1


def one_hot(rows: list[list[int]]) -> NDArray[np.float32]:
    logits: NDArray[np.float32] = np.eye(LABELS, dtype=np.float32)[np.array(rows)] * 10
    return logits


def plainly(rows: list[list[int]]) -> list[tuple[int, int, int, int]]:
    """(row, first, last, part) by going over the words one by one."""
    found = []
    for row, labels in enumerate(rows):
        start, part = -1, -1
        for i, label in enumerate([*labels, 0]):
            own = (label - 1) // 2 if label else -1
            if start >= 0 and (own != part or label % 2 == 1):
                found.append((row, start, i, part))
                start, part = -1, -1
            if label and start < 0:
                start, part = i, own
    return found


@given(
    st.integers(1, 12).flatmap(
        lambda n: st.lists(st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=1, max_size=4)
    )
)
def test_segments_are_those_of_a_plain_reading(rows: list[list[int]]) -> None:
    found = segments(one_hot(rows), parts(one_hot(rows)))
    assert list(zip(*(x.tolist() for x in (found.row, found.first, found.last, found.part)), strict=True)) == plainly(
        rows
    )
    assert ((found.confidence > 0.99) & (found.confidence <= 1.0001)).all()


def test_confidence_is_the_mean_over_the_words_of_the_chosen_part() -> None:
    logits = np.log(np.array([[[0.4, 0.6, 0, 0, 0], [0.1, 0.2, 0.7, 0, 0]]]) + 1e-9).astype(np.float32)
    [confidence] = segments(logits, parts(logits)).confidence
    assert abs(confidence - (0.6 + 0.9) / 2) < 1e-4


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=8))
def test_softmax_sums_to_one(values: list[float]) -> None:
    assert abs(float(softmax(np.array(values, dtype=np.float32)).sum()) - 1) < 1e-5


def test_means_over_ranges() -> None:
    values = np.arange(8, dtype=np.float32).reshape(4, 2)
    assert means(values, np.array([0, 1]), np.array([2, 4])).tolist() == [[1, 2], [4, 5]]


def test_a_weak_gap_is_closed_and_a_strong_one_is_not() -> None:
    inside, outside = [-3, -3, 3, -3, -3], [3, -3, -3, -3, -3]
    weak, other = [0.5, -3, 0, -3, -3], [-3, -3, -3, 3, -3]
    logits = np.array([[inside, weak, inside, outside, inside, other, inside]], dtype=np.float32)
    found = joined(segments(logits, parts(logits)), parts(logits), 3.0)
    assert list(zip(found.first.tolist(), found.last.tolist(), found.part.tolist(), strict=True)) == [
        (0, 3, 0), (4, 5, 0), (5, 6, 1), (6, 7, 0),
    ]  # fmt: skip
    assert 0.8 < found.confidence[0] < 1


@given(st.integers(0, 2**32 - 1))
def test_without_slack_nothing_is_joined_and_with_all_of_it_each_part_is_one(seed: int) -> None:
    logits = np.random.default_rng(seed).normal(size=(3, 9, LABELS)).astype(np.float32)
    inside = parts(logits)
    found = segments(logits, inside)
    assert len(joined(found, inside, -1e9).row) == len(found.row)
    whole = joined(found, inside, 1e9)
    assert len(whole.row) == len(set(zip(found.row.tolist(), found.part.tolist(), strict=True)))
    assert ((whole.confidence > 0) & (whole.confidence <= 1)).all()


def test_a_calibration_tells_what_a_score_is_worth() -> None:
    assert Calibration(slope=1.0, bias=0.0)(0.3) == pytest.approx(0.3)
    assert Calibration(slope=0.5, bias=-1.0)(0.5) == pytest.approx(0.2689, abs=1e-4)
    steep = Calibration(slope=2.0, bias=0.5)
    worth = [steep(score / 20) for score in range(21)]
    assert worth == sorted(worth) and worth[0] > 0 and worth[-1] < 1
