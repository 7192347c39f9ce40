"""How the places of two events stand to one another, by the gazetteer and by their names.

Invariant: symmetric. Nothing is apart from what may hold it, so a town is not apart from its province or country.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache

from dragoman.codes import read_data
from dragoman.compare.telling import Party, Told
from dragoman.compare.words import Words, names_in, stem
from dragoman.ledger.folding import fold
from dragoman.records import Place

FAR = 50.0
"""Kilometres from which two places are two. Set by hand, so that what lies in a city or its suburbs is near."""

_WIDE = ("country", "region", "province")


def places_stand(one: Told, other: Told) -> str | None:
    """`same`, `near` or `apart` of two events that have places; None where it cannot be told.

    Places of one name that are put far apart are not told apart: one of the two was mistaken.
    """
    if one.place is None or other.place is None:
        return None
    stand = where(one.located, other.located)
    if stand == "apart" and _is_one_name(one.place, other.place):
        return None
    return "apart" if stand is None and _are_like_parts(one.place, other.place) else stand


def scenes_apart(one: Told, other: Told) -> str | None:
    """The places of two reports near two events, where one event has none that is named and all of them lie apart."""
    if one.report == other.report or (_is_named(one) and _is_named(other)):
        return None
    scenes = _scene(one), _scene(other)
    return " / ".join(", ".join(p.name for p in scene[:3]) for scene in scenes) if _all_apart(*scenes) else None


def where(one: Place | None, other: Place | None) -> str | None:
    """`same`, `near` or `apart`; None where it cannot be told: unknown, of one name, or one may hold the other."""
    if one is None or other is None:
        return None
    if one.geonames_id is not None and one.geonames_id == other.geonames_id:
        return "same"
    if _folded(one.name) == _folded(other.name) or _may_hold(one, other):
        return None
    return "apart" if _kilometres(one, other) > FAR else "near"


_folded = lru_cache(maxsize=65536)(fold)


def _kilometres(one: Place, other: Place) -> float:
    """Great-circle distance of their points."""
    a, b, c, d = (math.radians(x) for x in (one.latitude, one.longitude, other.latitude, other.longitude))
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(math.sqrt(min(1.0, half)))


def _may_hold(one: Place, other: Place) -> bool:
    """Whether one is wide and the other may lie in it."""
    widths = {one.precision, other.precision}
    if widths.isdisjoint(_WIDE):
        return False
    if one.country is None or other.country is None:
        return True
    if one.country != other.country:
        return False
    divisions = {place.name if place.kind == "admin1" else place.admin1 for place in (one, other)}
    return not widths.isdisjoint(("country", "region")) or None in divisions or len(divisions) == 1


# --- names ----------------------------------------------------------------------------------------


@cache
def _parts() -> Words:
    return frozenset(map(stem, read_data("happenings.yaml")["parts_of_places"]))


@lru_cache(maxsize=65536)
def _called(place: Party) -> Words:
    """The names in its words, but those of what may be part of any place."""
    return names_in(place.words) & place.names - _parts()


def _is_one_name(one: Party, other: Party) -> bool:
    """Whether one place is called as the other, perhaps with more words."""
    first, second = _called(one), _called(other)
    return bool(first and second) and (first <= second or second <= first)


def _are_like_parts(one: Party, other: Party) -> bool:
    """Whether two places are named and have nothing in common but of what kind they are: the centre of each."""
    common = one.stems & other.stems
    return bool(common) and common <= _parts() and bool(_called(one) and _called(other))


# --- what the report last spoke of ----------------------------------------------------------------


def _is_named(event: Told) -> bool:
    return event.place is not None and bool(event.place.names or event.located)


def _scene(event: Told) -> tuple[Place, ...]:
    """Where it may have been: at its own place, or those that the report named last."""
    if not _is_named(event):
        return event.scene
    return (event.located,) if event.located else ()


def _all_apart(some: tuple[Place, ...], others: tuple[Place, ...]) -> bool:
    """Whether both have places, and each of the one is apart from each of the other."""
    return bool(some and others) and all(where(one, other) == "apart" for one in some for other in others)
