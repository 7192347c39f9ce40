"""Whether two events are one happening: a sum of weighed features, with room between yes and no for `unsure`.

Invariant: a verdict is computed from the features it carries and from nothing else, so it can be told why.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from dragoman.codes import read_data
from dragoman.compare.features import Feature

VERDICTS = ("duplicate", "corroborates", "contradicts", "unrelated", "unsure")

BOUND = 2.5
"""No score is further from 0, so that one pair does not outweigh many: 1 point of B-cubed F1 on the stories."""

MARGIN = 0.15
"""On either side of even odds: within it the verdict is `unsure`."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What two events, named by their keys, are to one another; `score` is the logit of their being one happening."""

    one: str
    other: str
    verdict: str
    score: float
    features: tuple[Feature, ...]

    @property
    def probability(self) -> float:
        """How likely they are one happening, 0 to 1."""
        return likelihood(self.score)


def likelihood(score: float) -> float:
    """The probability of a logit."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, score))))


Curve = Sequence[Sequence[float]]
"""Points (value of the feature, weight there) in order of values; between them the weight is on the straight line."""

Weights = Mapping[str, Curve]


@cache
def weights() -> Weights:
    """The curve of each feature; that of `even`, what speaks without any, has one point."""
    return {**read_data("happenings.yaml")["weights"], **set_by_hand()}


@cache
def set_by_hand() -> Weights:
    """Those curves that are not fitted, for the stories have too little of what they weigh."""
    found: Weights = read_data("happenings.yaml")["set_by_hand"]
    return found


def score(features: Sequence[Feature], by: Weights | None = None) -> float:
    """The logit of one happening, held between `BOUND` and its negative. Without weights, those of the package."""
    by = weights() if by is None else by
    total = sum(weigh(by[feature.name], feature.value) for feature in features if feature.name in by)
    return max(-BOUND, min(BOUND, by["even"][0][1] + total))


def weigh(curve: Curve, value: float) -> float:
    """What a feature of that value adds to the score."""
    last = curve[0]
    for point in curve:
        if value <= point[0]:
            span = point[0] - last[0]
            return point[1] if span <= 0 else last[1] + (point[1] - last[1]) * (value - last[0]) / span
        last = point
    return last[1]


def verdict(score: float, *, copied: bool = False, contradicted: bool = False) -> str:
    """One of `VERDICTS`. `copied`: one report copies the other; `contradicted`: they differ on what happened."""
    if contradicted:
        return "contradicts"
    if abs(likelihood(score) - 0.5) < MARGIN:
        return "unsure"
    if score < 0:
        return "unrelated"
    return "duplicate" if copied else "corroborates"
