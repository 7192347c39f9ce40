"""Which of the places that bear a name a report means: all its names weighed together, one sense a name.

Invariant: linear in the number of names. A sense's score is a sum of named features times `WEIGHTS`; the shares are
those of a softmax over the candidates and `no place at all`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dragoman.names.places.context import Told
from dragoman.names.places.gazetteer import ALSO, MADE, MAIN, Candidate

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

WEIGHTS = {
    # the place: how large (log10 of people; a division's apart), of what kind, seat of what
    "population": 1.25, "population_divided": 0.45, "rival": -0.35,
    "country": 2.8, "admin1": 2.4, "admin2": 0.5, "region": 4.3, "feature": 4.0,
    "capital": 1.7, "seat1": 0.7, "seat2": 0.6, "section": 0.35,
    # the name: another one of the place, another one while a place has it as its own, made by leaving words out
    "also": -0.65, "also_rival": -0.80, "made": -0.95,
    # the words around: kind told or another, inside what they say, country told of, that of the outlet
    "kind_told": 0.6, "kind_not": -0.45, "inside": 3.1, "told": 2.6, "untold": -1.5, "home": 2.25,
    # the report's other places
    "same_admin1": 1.5, "close": 0.6, "closest": 1.5,
    # no place at all: always, with words left out, of a facility, where the report is of another part of the country
    "none": 1.3, "none_stripped": 2.15, "none_facility": 1.5, "none_away": 0.3,
}  # fmt: skip
"""Feature -> weight: fitted by maximum likelihood on ../shared/data/geo and rounded (`training.evaluate places`).

Fitted on one of its two files, they place the other within 1.5 points of this."""
FEATURES = tuple(WEIGHTS)
_COLUMN = {name: column for column, name in enumerate(FEATURES)}
_ROUNDS = 2  # times that the names are weighed again with what the others then mean; more change nothing
_NEAR = 200.0  # km within which another place speaks for one
_KEPT = 12  # best senses of a name that go into the second round
_MOST = 200  # senses that speak for others, the likeliest and most often named: more tell no more
_EARTH = 6371.0
_AROUND = 150.0  # km around a place that count as the same part of the country
_AWAY = 161.0
_RIGHT_THERE = 40.0
LOCAL = 0.5
"""Part of a report's settlements that must lie together for it to be a report of that part of the country."""


@dataclass(frozen=True, slots=True)
class Container:
    """What a name lies in: a country by its code, divisions by id, or a spot."""

    countries: frozenset[str]
    divisions: frozenset[int]
    spots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A name of the report with all that its mentions ask for, and the places that may be meant.

    `key` is the folded name; `told` the kinds that words tell; `stripped` that words were left out to find any;
    `facility` that these were of a facility; `times` how often the report has it.
    """

    key: str
    senses: tuple[Candidate, ...]
    told: frozenset[str]
    stripped: bool
    facility: bool
    inside: tuple[Container, ...]
    times: int


def shares(groups: Sequence[Group], told: Told, home: str | None) -> list[Array]:
    """For each group the share of each sense, and last that of no place at all."""
    weights = np.array([WEIGHTS[name] for name in FEATURES])
    fixed = [fixed_features(group, told, home) for group in groups]
    made = [softmax(rows @ weights) for rows in fixed]
    for _ in range(_ROUNDS):
        rows = with_others(groups, fixed, made, told)
        made = [softmax(row @ weights) for row in rows]
    return made


def softmax(scores: Array) -> Array:
    """Shares that add up to one."""
    raised = np.exp(scores - scores.max())
    shares: Array = raised / raised.sum()
    return shares


def fixed_features(group: Group, told: Told, home: str | None) -> Array:
    """Features that do not hang on the other names, [senses + 1, features]; the last row is that of no place."""
    rows = np.zeros((len(group.senses) + 1, len(FEATURES)))
    most = max((sense.population for sense in group.senses), default=0)
    for row, sense in zip(rows, group.senses, strict=False):
        for name, value in _features(group, sense, home):
            row[_COLUMN[name]] = value
        row[_COLUMN["rival"]] = math.log10(max(most, 100) / max(sense.population, 100))
    rows[-1, _COLUMN["none"]] = 1.0
    rows[-1, _COLUMN["none_stripped"]] = float(group.stripped)
    rows[-1, _COLUMN["none_facility"]] = float(group.facility)
    _set_told(rows, group, told.countries(group.key))
    return rows


def _features(group: Group, sense: Candidate, home: str | None) -> list[tuple[str, float]]:
    kind, people = sense.kind, math.log10(max(sense.population, 100)) - 4
    divided = kind in ("admin1", "admin2")
    found = [
        ("population", people if kind in ("city", "country") else 0.0),
        ("population_divided", people - 2 if divided else 0.0),
        ("also_rival", sense.quality == ALSO and any(other.quality == MAIN for other in group.senses)),
        ("capital", sense.seat == 1),
        ("seat1", sense.seat == 2),
        ("seat2", sense.seat == 3),
        ("section", sense.seat == 9),
        ("also", sense.quality == ALSO),
        ("made", sense.quality == MADE),
        ("kind_told", kind in group.told),
        ("kind_not", bool(group.told) and kind not in group.told),
        ("inside", any(_lies_in(sense, container) for container in group.inside)),
        ("home", home is not None and sense.country == home),
    ]
    if kind != "city":
        found.append((kind, 1.0))
    return [(name, float(value)) for name, value in found if value]


def _lies_in(sense: Candidate, container: Container) -> bool:
    if sense.kind == "country":
        return False
    if sense.country in container.countries:
        return True
    if sense.admin1 in container.divisions or sense.admin2 in container.divisions:
        return True
    return any(kilometres((sense.latitude, sense.longitude), spot) < 40 for spot in container.spots)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance of two spots given by latitude and longitude."""
    a, b, c, d = map(math.radians, (*one, *other))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))


def _set_told(rows: Array, group: Group, weight: Mapping[str, float]) -> None:
    every = sum(weight.values()) + 1.0
    some = any(weight.get(sense.country or "") for sense in group.senses)
    for row, sense in zip(rows, group.senses, strict=False):
        found = weight.get(sense.country or "", 0.0)
        row[_COLUMN["untold"]] = float(some and not found and sense.country is not None)
        row[_COLUMN["told"]] = found / every


def with_others(groups: Sequence[Group], fixed: Sequence[Array], made: Sequence[Array], told: Told) -> list[Array]:
    """The features with those that hang on what the other names mean, by their shares so far."""
    anchors = Anchors.of(groups, made)
    every, by_key = _countries_meant(groups, made)
    rows = []
    for number, (group, own, share) in enumerate(zip(groups, fixed, made, strict=True)):
        own = own.copy()
        best = np.argsort(-share[:-1])[:_KEPT]
        if len(best):
            _set_close(own, group, best, anchors, number, told.divisions(group.key))
        if spot := anchors.middle(number):
            sense, part = spot
            away = all(
                kilometres((s.latitude, s.longitude), (sense.latitude, sense.longitude)) > _AWAY for s in group.senses
            )
            own[-1, _COLUMN["none_away"]] = part if away and part >= LOCAL else 0.0
        _set_told(own, group, _sum(told.countries(group.key), every, by_key[group.key]))
        rows.append(own)
    return rows


def _set_close(
    own: Array, group: Group, best: Numbers, anchors: Anchors, number: int, divisions: dict[int, float]
) -> None:
    others = anchors.group != number
    same = dict(divisions)
    if others.any():
        spots = _vectors([group.senses[i] for i in best])
        near = np.exp(-np.arccos(np.clip(spots @ anchors.points[others].T, -1, 1)) * _EARTH / _NEAR)
        near = near * anchors.share[others]
        own[best, _COLUMN["close"]] = np.log1p(near.sum(axis=1))
        own[best, _COLUMN["closest"]] = near.max(axis=1)
        for division, weight in zip(anchors.division[others], anchors.share[others], strict=True):
            same[int(division)] = same.get(int(division), 0.0) + float(weight)
    for i in best:
        sense = group.senses[i]
        own[i, _COLUMN["same_admin1"]] = math.log1p(same.get(sense.admin1 or sense.id, 0.0))


def _countries_meant(
    groups: Sequence[Group], made: Sequence[Array]
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """What the names but those of countries tell of countries: of all together, and by their key."""
    every: dict[str, float] = {}
    by_key: dict[str, dict[str, float]] = {group.key: {} for group in groups}
    for group, share in zip(groups, made, strict=True):
        own = by_key[group.key]
        for sense, weight in zip(group.senses[: 2 * _KEPT], share, strict=False):
            if sense.country and sense.kind != "country" and weight > 0.05:
                own[sense.country] = own.get(sense.country, 0.0) + float(weight)
                every[sense.country] = every.get(sense.country, 0.0) + float(weight)
    return every, by_key


def _sum(told: dict[str, float], every: Mapping[str, float], own: Mapping[str, float]) -> dict[str, float]:
    """What words tell of countries and what the other names do; these are less sure."""
    for code, weight in every.items():
        told[code] = told.get(code, 0.0) + 0.7 * max(0.0, weight - own.get(code, 0.0))
    return told


@dataclass(frozen=True, slots=True)
class Anchors:
    """The likely senses of all names but countries and regions, in arrays: unit vectors, group, share, division.

    `weight` is share times mentions of what is a settlement or small division, 0 of others. `together`: which of them
    lie in one part of the country.
    """

    senses: tuple[Candidate, ...]
    points: Array
    group: Array
    share: Array
    division: Array
    weight: Array
    together: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, groups: Sequence[Group], made: Sequence[Array]) -> Anchors:
        """The anchors of groups with their shares so far."""
        found = [
            (sense, number, float(share[i]), sense.id if sense.kind == "admin1" else sense.admin1 or -1,
             float(share[i]) * group.times * (sense.kind in ("city", "admin2") and not group.stripped))
            for number, (group, share) in enumerate(zip(groups, made, strict=True))
            for i, sense in enumerate(group.senses)
            if share[i] > 0.1 and sense.kind not in ("country", "region")
        ]  # fmt: skip
        found = sorted(found, key=lambda row: -row[4] - row[2])[:_MOST]
        columns = (np.array([row[k] for row in found], dtype=float) for k in (1, 2, 3, 4))
        senses = tuple(row[0] for row in found)
        points = _vectors(senses)
        group, share, division, weight = columns
        together = points @ points.T > math.cos(_AROUND / _EARTH)
        return cls(senses, points, group, share, division, weight, together)

    def middle(self, besides: int = -1) -> tuple[Candidate, float] | None:
        """The place that most settlements of the report lie around, and the part of them that do; without one group."""
        weight = np.where(self.group == besides, 0.0, self.weight)
        every = float(weight.sum())
        if every <= 0:
            return None
        around = self.together @ weight
        best = int(np.argmax(around + 1e-3 * weight - 1e6 * (weight == 0)))
        return self.senses[best], float(around[best]) / every

    def names_around(self, sense: Candidate) -> int:
        """How many different names of settlements lie in the same part of the country."""
        spot = _vectors([sense])[0]
        around = (self.points @ spot > math.cos(_AROUND / _EARTH)) & (self.weight > 0)
        return len(set(self.group[around].tolist()))

    def named_around(self, sense: Candidate) -> float:
        """How often the report names settlements right there."""
        spot = _vectors([sense])[0]
        return float(self.weight[self.points @ spot > math.cos(_RIGHT_THERE / _EARTH)].sum())


def _vectors(senses: Sequence[Candidate]) -> Array:
    if not senses:
        return np.zeros((0, 3))
    degrees = np.radians([(sense.latitude, sense.longitude) for sense in senses])
    north, east = degrees[:, 0], degrees[:, 1]
    return np.stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)], axis=1)
