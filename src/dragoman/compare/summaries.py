"""A happening in a row: what lists, timelines and maps show of it, so that none of them need read its reports.

Invariant: a row says nothing that an event of the happening does not. What most of them tell stands for all; of equals
that of the report told first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import TypeVar

from dragoman.compare.contradictions import OCCURRED, Contradiction, Member
from dragoman.compare.fact import doubt
from dragoman.compare.grades import number, vouches
from dragoman.compare.happenings import Happening
from dragoman.ledger.ids import mark_id
from dragoman.records import Participant, Place

LONGEST = 300
"""Characters of the sentence."""
MOST = 3
"""Actors, and recipients, that a row names."""
UNNAMED = frozenset({"unnamed", "none"})

_Value = TypeVar("_Value", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Somebody:
    """An actor or recipient by name; `entity` is the id of one entity of that name, where the words mean one."""

    name: str
    entity: str | None


@dataclass(frozen=True, slots=True)
class Number:
    """The number of people of one kind that was told last as fact, None where it is open; `event` tells it."""

    kind: str
    low: int | None
    high: int | None
    who: str | None
    event: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class HappeningRow:
    """What most reports tell of a happening.

    `words` are those of its first trigger and `sentence` that around them, cut if it is long; `voice` is whose word it
    is, None where it is the outlet's own. `told_first` and `told_last` are the days of its first and last report.
    `independent` counts chains of evidence, `disputes` names the kinds of contradictions, and `disputed_on` is the day
    on which the last of them came up. `unnamed` says that all who vouch for it are unnamed; `number` is how well it is
    borne out by the rules, from 1 to 6.
    """

    id: str
    type: str
    mode: str | None
    status: str
    start: str | None
    end: str | None
    precision: str | None
    actors: tuple[Somebody, ...]
    recipients: tuple[Somebody, ...]
    place: Somebody | None
    located: Place | None
    words: str
    sentence: str
    told_first: str | None
    told_last: str | None
    reports: int
    outlets: tuple[str, ...]
    independent: int
    disputes: tuple[str, ...]
    disputed_on: str | None
    tolls: tuple[Number, ...]
    unnamed: bool
    number: str
    voice: str | None = None


def row_of(happening: Happening) -> HappeningRow:
    """The row of a happening."""
    members = happening.members
    first = members[0]
    days = [day for member in members if (day := member.reading.report.published)]
    own = [member for member in members if member.event.type == happening.type]
    dated = [m for m in members if (m.event.start, m.event.end) == (happening.start, happening.end)]
    where = _place(members)
    return HappeningRow(
        id=happening.id,
        type=happening.type,
        mode=_most(member.event.mode for member in own),
        status=_status(members),
        start=happening.start,
        end=happening.end,
        precision=_most(member.event.date_precision for member in dated),
        actors=_people(members, [member.event.actors for member in members]),
        recipients=_people(members, [member.event.recipients for member in members]),
        place=where[0] if where else None,
        located=where[1] if where else None,
        words=first.reading.words(first.event.trigger),
        sentence=shorten(first.reading.words(first.sentence), LONGEST, placeholder=" …"),
        told_first=min(days, default=None),
        told_last=max(days, default=None),
        reports=len(happening.reports),
        outlets=tuple(dict.fromkeys(outlet for member in members if (outlet := member.reading.report.outlet))),
        independent=happening.independent,
        disputes=tuple(dict.fromkeys(dispute.kind for dispute in happening.contradictions)),
        disputed_on=max(filter(None, map(_came_up, happening.contradictions)), default=None),
        tolls=tuple(_last(happening)),
        unnamed=_is_unnamed(members),
        number=number(happening).grade,
        voice=first.voice if first.event.attribution else None,
    )


def _most(values: Iterable[_Value]) -> _Value | None:
    """What comes most often, of equals the first; None where nothing comes."""
    counted = Counter(value for value in values if value is not None)
    return max(counted, key=lambda value: counted[value], default=None)


def _status(members: Sequence[Member]) -> str:
    """What most who vouch for it say, else what most say."""
    vouched = [member.event.status for member in members if vouches(member.reading, member.event)]
    return _most(vouched) or members[0].event.status


def _people(members: Sequence[Member], told: Sequence[tuple[Participant, ...]]) -> tuple[Somebody, ...]:
    """Those whom most name, by the name that their entity goes by."""
    known: dict[str, Somebody] = {}
    counted: Counter[str] = Counter()
    for member, people in zip(members, told, strict=True):
        for one in dict.fromkeys(_somebody(member, person) for person in people):
            key = one.name.casefold()
            counted[key] += 1
            if key not in known or (one.entity and not known[key].entity):
                known[key] = one
    ordered = sorted(known, key=lambda key: -counted[key])
    return tuple(known[key] for key in ordered[:MOST])


def _somebody(member: Member, person: Participant) -> Somebody:
    reading = member.reading
    entity = reading.entity(person.entity)
    if entity is None:
        return Somebody(reading.words(person.span), None)
    return Somebody(entity.canonical or entity.name, mark_id(reading.report.id, entity.id))


def _place(members: Sequence[Member]) -> tuple[Somebody, Place | None] | None:
    """The place that most name: of those that are located, if any is."""
    told = [(m, m.event.place, m.event.place_entity) for m in members if m.event.place]
    places = [(_somebody(m, Participant(span, entity)), m.told.located) for m, span, entity in told]
    return _most(place for place in places if place[1]) or _most(places)


def _came_up(dispute: Contradiction) -> str | None:
    """The day on which both sides had been told."""
    days = [[claim.published for claim in side if claim.published] for side in (dispute.one, dispute.other)]
    return max(map(min, days)) if all(days) else None


def _last(happening: Happening) -> Iterable[Number]:
    """Of each kind the number told last, by those who tell it as fact: that it occurred, if any does."""
    facts = {m.told.key: m.event.status for m in happening.members if doubt(m.reading, m.event) is None}
    occurred = {key for key, status in facts.items() if status in OCCURRED} or facts.keys()
    last = {toll.kind: toll for toll in happening.tolls if toll.claim.event in occurred}
    return (
        Number(toll.kind, toll.low, toll.high, toll.who, toll.claim.event, toll.claim.outlet) for toll in last.values()
    )


def _is_unnamed(members: Sequence[Member]) -> bool:
    """Whether nobody vouches for it but sources without a name."""
    vouched = [member for member in members if vouches(member.reading, member.event)]
    said = [member.reading.attribution(member.event.attribution) for member in vouched]
    return bool(said) and all(one is not None and one.kind in UNNAMED for one in said)
