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


@cache
def weights() -> dict[str, float]:
    """The weight of each feature, and of `even`, what speaks without any."""
    found: dict[str, float] = read_data("happenings.yaml")["weights"]
    return found


def score(features: Sequence[Feature], weighed: Mapping[str, float] | None = None) -> float:
    """The logit of one happening. Without weights, those of the package."""
    by = weights() if weighed is None else weighed
    return by["even"] + sum(by.get(feature.name, 0.0) * feature.value for feature in features)


def verdict(score: float, *, copied: bool = False, contradicted: bool = False) -> str:
    """One of `VERDICTS`. `copied`: one report copies the other; `contradicted`: they differ on what happened."""
    if abs(likelihood(score) - 0.5) < MARGIN:
        return "unsure"
    if score < 0:
        return "unrelated"
    if contradicted:
        return "contradicts"
    return "duplicate" if copied else "corroborates"
