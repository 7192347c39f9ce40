"""The calibration error: what it is of marks whose confidence is right, too high, or hidden behind a curve."""

from __future__ import annotations

import pytest

from dragoman.model.decode import Calibration
from training.calibrate import Judged, error, undone


def marks(confidence: float, right: int, of: int) -> list[Judged]:
    return [Judged(n, confidence, n < right) for n in range(of)]


def test_the_error_is_the_gap_between_confidence_and_share() -> None:
    assert error(marks(0.75, 3, 4)) == pytest.approx(0)
    assert error(marks(0.95, 3, 4)) == pytest.approx(20)
    assert error(marks(0.75, 3, 4) + marks(0.95, 3, 4)) == pytest.approx(10)


def test_bins_are_judged_apart() -> None:
    # Together they would be right half of the time at a confidence of a half.
    assert error(marks(0.15, 4, 4) + marks(0.85, 0, 4)) == pytest.approx(85)


def test_a_calibration_can_be_undone() -> None:
    calibration = Calibration(slope=0.4, bias=-0.3)
    given = [Judged(0, calibration(score), True) for score in (0.1, 0.5, 0.93)]
    assert [j.confidence for j in undone(given, calibration)] == pytest.approx([0.1, 0.5, 0.93])
