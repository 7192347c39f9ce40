"""When and where: other days and other places told of the same act.

Invariant: what is compared are words that name a day or a place; a place that lies in another, or that both reports
know, is no other place unless one says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from dragoman.codes import codes
from dragoman.compare.contradictions.claims import Contradiction, Member, claims, is_wide, told_of_one
from dragoman.compare.words import Words, names_in, stems
from dragoman.records import Place, Span

_DAY = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\b|yesterday|today|tonight"
    r"|last night|this (?:morning|afternoon|evening)|overnight|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|\d{1,4}[-./]\d",
    re.IGNORECASE,
)
_SITES = stems(
    "airport area bank barracks base bay boat boathouse border bridge building camp cape center centre checkpoint "
    "church city crossing district factory farm ferry field forest gate hall harbour hill hospital hotel house island "
    "lake landing lane market mosque mountain office palace pier port prison province quay region river road school "
    "ship square station street tower town village"
)
"""Words for places that are no names, though some have a capital: `the Centre`, `Towers 3 and 4`."""

_NOT_AT = re.compile(
    r"\bnot (?:on|at|in|inside|aboard|from|near|off) (?P<where>(?:(?:the|a|an) )?[\w’'-]+(?: [A-Z][\w’'-]+)*)"
)

_FIGURES = re.compile(r"\b(?:tolls?|numbers?|figures?|counts?|reports?)\b", re.IGNORECASE)
_OF_IT = re.compile(r"\b(?:for|over|about|since|against|of) (?:the|a|an|its|this|that)\b")
VERBAL = (1, 3)
"""Quad classes of what is done by saying so."""

Told = Sequence[tuple[Member, Span]]


def dates(happened: Sequence[Member]) -> Iterator[Contradiction]:
    """Exact days that differ, told of what is over: what goes on is told of each day."""
    by: defaultdict[str, list[tuple[Member, Span]]] = defaultdict(list)
    for member in happened:
        event = member.event
        if event.status != "occurred" or not event.time or not event.start or event.start != event.end:
            continue
        if _DAY.search(member.reading.words(event.time)) and not _dates_another(member, event.time):
            by[event.start].append((member, event.time))
    yield from _differing("date", by, lambda one, other: True, lambda one, other: False)


def _dates_another(member: Member, time: Span) -> bool:
    """Whether the words date what was said of the act: `condemned it on Friday`, `tolls given on Friday for it`."""
    between = member.reading.report.text[time[1] : member.event.trigger[0]]
    said = _OF_IT.search(between) or _FIGURES.search(member.told.trigger_words)
    return bool(said) or any(
        codes().quad(other.type) in VERBAL
        and other.time == time
        and other.trigger[0] < member.event.trigger[0] < time[0]
        and other.type != member.event.type
        for other in member.reading.events
    )


def places(happened: Sequence[Member]) -> Iterator[Contradiction]:
    """Places by other names, of which each has one that the other's report does not know; or told to be wrong."""
    by: dict[Words, list[tuple[Member, Span]]] = {}
    for member in happened:
        if member.event.place and not is_wide(member):
            words = stems(member.reading.words(member.event.place))
            same = [place for place in by if words & place in (words, place)]
            told = [one for place in same for one in by.pop(place)]
            by[words.union(*same)] = [*told, (member, member.event.place)]

    def wrong(one: Words, other: Words) -> bool:
        return any(_told_wrong(m, other) for m, _ in by[one]) or any(_told_wrong(m, one) for m, _ in by[other])

    def apart(one: Words, other: Words) -> bool:
        first, second = by[one], by[other]
        if one & other or any(_within(a, b) for a, _ in first for b, _ in second):
            return False
        return wrong(one, other) or all(
            _unknown(a, sa, b) and _unknown(b, sb, a) for a, sa in first for b, sb in second
        )

    yield from _differing("place", by, apart, wrong)


def _unknown(member: Member, span: Span, elsewhere: Member) -> bool:
    names = names_in(member.reading.words(span)) & member.told.proper
    return bool(names - _SITES - elsewhere.told.about.keys())


def _told_wrong(member: Member, place: Words) -> bool:
    """Whether the member's sentence says that it was not at a place: `and not on the bridge`."""
    found = _NOT_AT.finditer(member.reading.report.text, *member.sentence)
    return any(stems(match["where"]) & place for match in found)


def _within(one: Member, other: Member) -> bool:
    """Whether the gazetteer has one place in the other, as district, province or country."""
    first, second = one.told.located, other.told.located
    if first is None or second is None:
        return False
    return first.name == second.name or first.name in _divisions(second) or second.name in _divisions(first)


def _divisions(place: Place) -> tuple[str | None, ...]:
    return place.admin1, place.admin2


def _differing(
    kind: str, by: Mapping[Any, Told], apart: Callable[[Any, Any], bool], wrong: Callable[[Any, Any], bool]
) -> Iterator[Contradiction]:
    """A contradiction for each two values that are apart, told of one act.

    One report that tells both tells two acts, unless it tells that one is `wrong`.
    """
    for first, second in combinations(sorted(by, key=lambda value: min(m.told.key for m, _ in by[value])), 2):
        sides = [[member for member, _ in by[value]] for value in (first, second)]
        reports = [{member.told.report for member in side} for side in sides]
        if told_of_one(*sides) and (not reports[0] & reports[1] or wrong(first, second)) and apart(first, second):
            one, other = claims(by[first]), claims(by[second])
            yield Contradiction(kind, one, other, f"{one[0].words} / {other[0].words}")
