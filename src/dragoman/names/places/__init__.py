"""Place names of a report -> where they are. What nothing tells apart is None; what no gazetteer knows is None too, but
for a report of one part of a country, where it lies `near` a town or in a `province`.

Invariant: a name means one place throughout a report, unless its mentions are put into different ones (Springfield,
Illinois; Springfield, Missouri) or some are of a town and others of its province. A place's precision is that of the
words: a province stays a province.
"""

from __future__ import annotations

import re
from collections.abc import Container as Container_
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from dragoman.names.places.context import Told, country_named, told_of
from dragoman.names.places.gazetteer import MADE, MAIN, Candidate, candidates, gazetteer
from dragoman.names.places.keys import fold
from dragoman.names.places.senses import LOCAL, Anchors, Array, Container, Group, kilometres, shares
from dragoman.names.places.words import (
    NO_PLACES,
    WORD,
    Asked,
    asked,
    clean,
    is_facility,
    is_named,
    pieces_of,
    side_of,
    within,
)
from dragoman.records import Place, Span

__all__ = ["clean", "compare", "country_of", "parts", "resolve"]

_PEOPLE = re.compile(r"\A\w+(?:ese|ish|ians?|eans?|akhs?|istanis?)\Z")
_RANK = {"country": 0, "region": 1, "admin1": 1, "admin2": 2, "city": 3, "feature": 3}
_REACH = {"point": 25.0, "near": 50.0, "district": 50.0, "province": 150.0, "region": 250.0, "country": 0.0}
"""Kilometres from its point that a place of that precision may reach; a country's neighbours are not near it."""
_WITNESSES = 3
"""Names of settlements that must lie together before what no gazetteer knows is put near them: one may be chance."""
_KNOWN = 0.25
"""Part of a report's names that the gazetteer must know before one of them says where the others lie."""
_TOWN, _CITY = 15_000, 100_000
"""People of a town that a bare name may mean, and of a city that is no chance namesake."""
_FAR_LARGER = 5
"""How many times larger a place must be than its namesakes abroad to be the one that a bare name means."""
_OFTEN = 2.5  # mentions of a town, each by how sure it is, and
_MOSTLY = 0.5  # their part of all settlements' with which a report speaks of little else
_CONTAINERS = 8  # things that one name may be said to lie in; more are a list
_DIVISIONS = ("admin1", "admin2")
_PRECISIONS = {"country": "country", "admin1": "province", "admin2": "district", "region": "region"}


def resolve(
    text: str, spans: Sequence[Span], *, country: str | None = None, peoples: Container_[Span] = ()
) -> tuple[Place | None, ...]:
    """The place that each span means, all of one report weighed together; None where it cannot be told.

    Peoples and adjectives mean their country. `peoples`: the spans that name people, which are never put where the
    report's other places are, as a street or a hospital that no gazetteer knows is (precision `near`). `country`: ISO
    3166-1 alpha-3 of the one that the outlet writes for.
    """
    mentions = [asked(text, span) for span in spans]
    groups, of_mention = _groups(mentions)
    told = told_of(text)
    made = shares(groups, told, country)
    chosen = [_choice(group, share) for group, share in zip(groups, made, strict=True)]
    local = _local(groups, made, told, country)
    return tuple(
        _place(_town(chosen[number], groups[number], mention), mention)
        or (_unknown(local, mention) if span not in peoples else None)
        for span, mention, number in zip(spans, mentions, of_mention, strict=True)
    )


def country_of(name: str) -> str | None:
    """The country of the place that a name means by itself: a region, or the town that is far the largest so called."""
    found = sorted(_called(clean(name)), key=lambda place: (place.kind not in ("country", "region"), -place.population))
    if not found or found[0].kind in ("country", "region"):
        return found[0].country if found else None
    others = (place.population for place in found if place.country != found[0].country)
    alone = found[0].population >= max(_FAR_LARGER * next(others, 0), _TOWN)  # there is a village called Seven
    return found[0].country if alone else None


def _local(
    groups: Sequence[Group], made: Sequence[Array], told: Told, home: str | None
) -> tuple[Candidate, bool] | None:
    """The place that a local report is about, and whether it speaks of little else.

    It is a city, or the outlet or other words speak of its country, or several settlements lie there: one name alone
    may be chance.
    """
    anchors = Anchors.of(groups, made)
    found = anchors.middle()
    known = sum(_choice(group, share) is not None for group, share in zip(groups, made, strict=True))
    if found is None or found[1] < LOCAL or known < _KNOWN * len(groups):
        return None
    country = found[0].country or ""
    spoken_of = (
        country == home or found[0].population >= _CITY or told.countries(fold(found[0].name)).get(country, 0.0) > 0
    )
    if not spoken_of and anchors.names_around(found[0]) < _WITNESSES:
        return None
    named = anchors.named_around(found[0])
    return found[0], named >= _OFTEN and named >= _MOSTLY * float(anchors.weight.sum())


def _unknown(local: tuple[Candidate, bool] | None, mention: Asked) -> Place | None:
    """What no gazetteer knows in a local report: a street or hospital lies near the place it is about; a village,
    river or hill too where the report speaks of little else, and otherwise somewhere in its division. Peoples and
    sides of the sky are no places.
    """
    name = mention.name
    if local is None or not is_named(name) or name.casefold() in NO_PLACES or _PEOPLE.search(name):
        return None
    sense, only = local
    division = gazetteer().place(sense.admin1) if sense.admin1 else None
    if only or is_facility(name):
        return replace(_placed(sense, "near"), name=name, kind="feature", geonames_id=None)
    if division is None:
        return None
    return replace(_placed(division, "province"), name=name, kind="feature", admin1=division.name, geonames_id=None)


def _groups(mentions: Sequence[Asked]) -> tuple[list[Group], list[int]]:
    """The names with what all their mentions ask for, and which of them each mention is."""
    put: dict[str, set[str]] = {}
    for mention in mentions:
        inside = put.setdefault(fold(mention.name), set())
        inside.update(mention.inside[: _CONTAINERS - len(inside)][:1])
    keys = []
    for mention in mentions:
        name = fold(mention.name)
        keys.append((name, mention.inside[0] if mention.inside and _differ(put[name]) else ""))
    order = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    members: list[list[Asked]] = [[] for _ in order]
    for key, mention in zip(keys, mentions, strict=True):
        members[order[key]].append(mention)
    return [_group(key[0], asking) for key, asking in zip(order, members, strict=True)], [order[key] for key in keys]


def _differ(inside: set[str]) -> bool:
    """Whether the containers are different places."""
    found = [container for name in inside if (container := _container(name))]
    return any(
        not (one.countries & other.countries or one.divisions & other.divisions or set(one.spots) & set(other.spots))
        for one, other in combinations(found, 2)
    )


def _group(key: str, members: Sequence[Asked]) -> Group:
    senses, stripped, kind = _senses(members[0])
    told = {member.kind for member in members} | {kind}
    inside = [*dict.fromkeys(name for member in members for name in member.inside)][:_CONTAINERS]
    return Group(
        key,
        senses,
        frozenset(told) - {None, "facility"},  # type: ignore[arg-type]
        stripped,
        kind == "facility",
        tuple(container for name in inside if (container := _container(name))),
        len(members),
    )


def _senses(mention: Asked) -> tuple[tuple[Candidate, ...], bool, str | None]:
    """The places that may be meant, whether words were left out to find them, and the kind that these told."""
    for number, (name, kind) in enumerate(mention.names):
        if found := _called(name):
            return found, number > 0, kind
    kind = "facility" if is_facility(mention.name) else None
    for name in within(mention.name):
        if found := tuple(place for place in _called(name) if _well_known(place) and _holds(place, kind)):
            return found, True, kind
    return (), False, kind


def _called(name: str) -> tuple[Candidate, ...]:
    if name.casefold() in NO_PLACES or sum(map(str.isalpha, name)) < 2:
        return ()
    found = candidates(name)
    if named := country_named(name):
        return (named, *(place for place in found if place.id != named.id))
    return found


def _well_known(place: Candidate, people: int = 50_000) -> bool:
    """Whether a place is known well enough to be one that a longer name holds."""
    return place.quality == MAIN and (place.kind in ("country", "admin1", "region") or place.population > people)


def _holds(place: Candidate, kind: str | None) -> bool:
    """Whether a facility named after the place lies in it: Kabul airport does, the British School anywhere."""
    return kind != "facility" or place.kind not in ("country", "region")


def _container(name: str) -> Container | None:
    """What a name that others lie in may mean."""
    if named := country_named(name):
        found: tuple[Candidate, ...] = (named, *(p for p in candidates(name) if p.kind == "admin1"))
    else:
        found = candidates(name) or candidates(side_of(name) or name)
    large = [place for place in found if place.kind != "city" or place.population > 50_000]
    if not large:
        return None
    return Container(
        frozenset(place.country for place in large if place.kind in ("country", "region") and place.country),
        frozenset(place.id for place in large if place.kind in ("admin1", "admin2")),
        tuple((place.latitude, place.longitude) for place in large if place.kind == "city"),
    )


def _choice(group: Group, share: Array) -> Candidate | None:
    best = int(share.argmax())
    return group.senses[best] if best < len(group.senses) else None


def _town(sense: Candidate | None, group: Group, mention: Asked) -> Candidate | None:
    """The seat that a division is named after where words tell that a town is meant: the centre of Mykolaiv."""
    if sense is None or sense.kind not in _DIVISIONS or mention.kind in _DIVISIONS or "city" not in group.told:
        return sense
    seats = (place for place in group.senses if place.seat in (1, 2, 3) and place.quality != MADE)
    return next((seat for seat in seats if sense.id in (seat.admin1, seat.admin2)), sense)


def _place(sense: Candidate | None, mention: Asked) -> Place | None:
    return _placed(sense, _precision(sense, mention)) if sense else None


def _placed(sense: Candidate, precision: str) -> Place:
    return Place(
        sense.name,
        sense.kind,
        sense.country,
        sense.admin1_name,
        sense.admin2_name,
        sense.latitude,
        sense.longitude,
        sense.id if sense.id > 0 else None,
        precision,
    )


def _precision(sense: Candidate, mention: Asked) -> str:
    precision = _PRECISIONS.get(sense.kind, "point")
    if precision == "point":
        return "region" if sense.seat == 8 else "near" if mention.away else "point"
    part = mention.side or (mention.name != sense.name and side_of(mention.name) is not None)
    return "region" if precision == "country" and part else precision


def parts(text: str, span: Span, *, whole: bool = True) -> tuple[Span, ...]:
    """The spans of the place names in a longer name: Alvin and Texas in `Alvin, Texas`; `northern` is left out.

    With `whole` false the name is that of something else, and only places that everyone knows count: Kentucky in
    `Kentucky State Police`.
    """
    pieces = [(span[0] + start, span[0] + end) for start, end in pieces_of(text[slice(*span)])]
    if whole:
        return tuple(pieces)
    return tuple(part for piece in pieces for part in _known_in(text, piece))


def _known_in(text: str, span: Span) -> list[Span]:
    """The places that everyone knows in a name of something else, the longest first."""
    words = [(span[0] + match.start(), span[0] + match.end()) for match in WORD.finditer(text[slice(*span)])]
    found, at = [], 0
    while at < len(words):
        for length in range(min(3, len(words) - at), 0, -1):
            start, end = words[at][0], words[at + length - 1][1]
            name = clean(text[start:end])
            if name[:1].isupper() and any(_well_known(place, 200_000) for place in _called(name)):
                found.append((start, start + len(text[start:end].removesuffix("'s").removesuffix("’s"))))
                break
        else:
            length = 1
        at += length
    return found


def compare(one: Place, other: Place) -> str:
    """How one place stands to another: same, inside, contains, near or apart.

    Regions have no borders here: they are near what lies within their reach, and contain nothing.
    """
    if _same(one, other):
        return "same"
    if _inside(one, other):
        return "inside"
    if _inside(other, one):
        return "contains"
    apart = kilometres((one.latitude, one.longitude), (other.latitude, other.longitude))
    return "near" if apart <= max(_REACH[one.precision], _REACH[other.precision]) else "apart"


def _same(one: Place, other: Place) -> bool:
    if one.geonames_id or other.geonames_id:
        return one.geonames_id == other.geonames_id
    return (one.name, one.kind, one.country) == (other.name, other.kind, other.country)


def _inside(one: Place, other: Place) -> bool:
    if one.country != other.country or one.country is None or _RANK[one.kind] <= _RANK[other.kind]:
        return False
    if other.kind == "country":
        return True
    if other.kind == "admin1":
        return one.admin1 == other.name
    return other.kind == "admin2" and (one.admin1, one.admin2) == (other.admin1, other.name)
