"""What timeline and map draw: marks, each a happening or an event that one report alone tells, and what orders them.

Invariant: a mark says no more than the ledger does. A day is a point, anything less exact a range; what has no date is
drawn on no day, and counted; a happening is one mark however many reports tell it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import cache
from math import ceil
from typing import Any, Literal

from dragoman.codes import codes
from dragoman.compare.summaries import HappeningRow
from dragoman.ledger.plotted import Day, PlottedEvent
from dragoman.records import LOW, Place
from dragoman.show import wording

Clock = Literal["happened", "reported"]
"""Which time counts: that of the happening, or that of the report."""
Shape = Literal["day", "range", "since", "until", "told"]
"""A day; a time less exact than that; open at its end or at its start; told again until a later day."""

LANES = 7
"""Actors with a lane of their own: what fits on a screen."""
OTHERS, NOBODY = "others", "no actor named"
VOICES = 3
MOST, MIDDLE = 0.98, 0.8
"""Shares of the days that the strip and, at first, the picture show: a date of long ago makes neither a blank."""
_LEAST = 14
"""Days that a window spans at least."""
_AROUND = 20
"""How many times the days of the picture the strip shows on either side of them at most."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing drawn. `first` and `last` are ISO 8601 days by the clock asked for, None where there is no date.

    `side` is conflict or cooperation, `material` in deeds and not in words; `doubt` says that the model is unsure of a
    lone event; `place` counts into the places of the map. `when`, `voices` and `tolls` are in plain words.
    """

    id: str
    type: str
    mode: str | None
    side: str
    material: bool
    status: str
    certainty: str
    first: str | None
    last: str | None
    shape: Shape | None
    when: str
    told: str
    who: str | None
    whom: str | None
    where: str | None
    words: str
    voices: tuple[str, ...]
    outlets: tuple[str, ...]
    reports: int
    chains: int
    disputes: tuple[str, ...]
    tolls: tuple[str, ...]
    doubt: bool
    place: int | None


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the map. `vague`: somewhere in it, so that its coordinates are no point."""

    name: str
    latitude: float
    longitude: float
    precision: str
    vague: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the timeline and how many marks are in it."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Strip:
    """How many fall on each day, month or year between two days; each bin by its first day."""

    unit: Literal["day", "month", "year"]
    first: str
    last: str
    bins: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """Days from first to last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def wider(self, share: float, least: int = 1) -> Period:
        """With a share more on either side, and at least so many days."""
        more = timedelta(ceil(max(self.days * share, (least - self.days) / 2)))
        return Period(_moved(self.first, -more), _moved(self.last, more))


# --- marks ------------------------------------------------------------------------------------


@dataclass(slots=True)
class Places:
    """The places of a picture, each once, numbered in the order of coming."""

    found: dict[Spot, int]

    def number(self, place: Place | None) -> int | None:
        """The number of a place; None where there is none."""
        return None if place is None else self.found.setdefault(spot_of(place), len(self.found))


def marks_of(
    events: Iterable[PlottedEvent], happenings: Mapping[int, HappeningRow], clock: Clock, places: Places
) -> list[Mark]:
    """A mark for each happening and for each event of none, in the order of the events."""
    grouped: dict[int | str, list[PlottedEvent]] = {}
    for event in events:
        told = event.finding is not None and event.finding in happenings
        grouped.setdefault(event.finding if told and event.finding is not None else event.id, []).append(event)
    return [
        _happening(happenings[key], some, clock, places) if isinstance(key, int) else _lone(some[0], clock, places)
        for key, some in grouped.items()
    ]


def _lone(event: PlottedEvent, clock: Clock, places: Places) -> Mark:
    drawn = told_span(event.published, event.published)
    if clock == "happened":
        drawn = span_of(event.start, event.end, event.date_precision, event.published)
    return Mark(
        id=event.id,
        type=event.type,
        mode=event.mode,
        side=side_of(event.type),
        material=is_material(event.type),
        status=event.status,
        certainty=event.certainty,
        **_drawn(drawn),
        when=_when(event.start, event.end, event.date_precision, event.time, event.date_reason),
        told=wording.day(event.published),
        who=event.actor,
        whom=event.recipient,
        where=wording.located(event.located) if event.located else event.place,
        words=event.trigger,
        voices=(_voice(event),),
        outlets=(event.outlet,) if event.outlet else (),
        reports=1,
        chains=1,
        disputes=("disputed",) if event.stance == "disputes" else (),
        tolls=(),
        doubt=event.confidence < LOW,
        place=places.number(event.located),
    )


def _happening(row: HappeningRow, events: Sequence[PlottedEvent], clock: Clock, places: Places) -> Mark:
    drawn = told_span(row.told_first, row.told_last)
    if clock == "happened":
        drawn = span_of(row.start, row.end, row.precision, row.told_last)
    located = row.located or next((event.located for event in events if event.located), None)
    told = [row.told_first] if row.told_first == row.told_last else [row.told_first, row.told_last]
    return Mark(
        id=row.id,
        type=row.type,
        mode=row.mode,
        side=side_of(row.type),
        material=is_material(row.type),
        status=row.status,
        certainty="certain",
        **_drawn(drawn),
        when=_when(row.start, row.end, row.precision, None, None),
        told=" to ".join(wording.day(day) for day in told if day),
        who=next((who.name for who in row.actors), None),
        whom=next((whom.name for whom in row.recipients), None),
        where=wording.located(located) if located else row.place.name if row.place else None,
        words=row.sentence,
        voices=tuple(dict.fromkeys(map(_voice, events)))[:VOICES],
        outlets=row.outlets,
        reports=row.reports,
        chains=row.independent,
        disputes=row.disputes,
        tolls=tuple(wording.counted(toll.kind, toll.low, toll.high, "", toll.who) for toll in row.tolls),
        doubt=False,
        place=places.number(located),
    )


def plainly(record: Any) -> dict[str, Any]:
    """A record of plain values as JSON has it; `dataclasses.asdict` copies each value, ten times as slow."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


@cache
def side_of(type: str) -> str:
    """Conflict or cooperation, which is what colours mean; '' for a type of another codebook."""
    return wording.bearing(type).rpartition(" ")[2]


@cache
def is_material(type: str) -> bool:
    """Whether a type is of deeds, not of words."""
    return wording.bearing(type).startswith("material ")


@cache
def spot_of(place: Place) -> Spot:
    """A place as the map has it."""
    vague = place.precision not in ("point", "near")
    return Spot(wording.located(place), place.latitude, place.longitude, place.precision, vague)


def _voice(event: PlottedEvent) -> str:
    if event.voice is None:
        return event.outlet or "the outlet itself"
    by = wording.by(event.stance)
    return event.voice if by == "according to" else f"{by} {event.voice}"


def _when(start: str | None, end: str | None, precision: str | None, time: str | None, reason: str | None) -> str:
    return wording.when(start, end, precision, time, reason) if start or end or time else "date not said"


def _drawn(drawn: tuple[str, str, Shape] | None) -> dict[str, Any]:
    return dict(zip(("first", "last", "shape"), drawn or (None, None, None), strict=True))


# --- when -------------------------------------------------------------------------------------


def span_of(
    start: str | None, end: str | None, precision: str | None, told: str | None
) -> tuple[str, str, Shape] | None:
    """From when to when a date is drawn, and how; None where it is not known. An open one ends when it was told."""
    start, end, told = known(start), known(end), known(told)
    if start and end:
        return (start, end, "day" if start == end else "range")
    if start:
        return (start, max(start, told or start), "since") if precision == "interval" else (start, start, "day")
    return (end, end, "until") if end else None


def told_span(first: str | None, last: str | None) -> tuple[str, str, Shape] | None:
    """From the first report to the last."""
    first, last = known(first), known(last)
    if not first:
        return None
    return (first, last, "told") if last and last > first else (first, first, "day")


def known(day: str | None) -> str | None:
    """The day if it is an ISO 8601 day; None for anything else that a report may give for one."""
    try:
        return day if day and date.fromisoformat(day).isoformat() == day else None
    except ValueError:
        return None


def densest(days: Iterable[Day], share: float) -> Period | None:
    """The shortest period with that share of them; of equals the latest. None where there are none."""
    counted = sorted(days)
    wanted = ceil(share * sum(count for _, count in counted))
    found: Period | None = None
    held, start = 0, 0
    for day, count in counted:
        held += count
        while held - counted[start][1] >= wanted:
            held -= counted[start][1]
            start += 1
        if held >= wanted:
            period = Period(date.fromisoformat(counted[start][0]), date.fromisoformat(day))
            found = period if found is None or period.days <= found.days else found
    return found


def strip_of(days: Iterable[Day], within: Period) -> Strip:
    """The days of a period in bins that are as wide as they must be for some hundreds to do."""
    unit: Literal["day", "month", "year"] = (
        "day" if within.days <= 800 else "month" if within.days <= 40_000 else "year"
    )
    first, last = within.first.isoformat(), within.last.isoformat()
    bins: Counter[str] = Counter()
    for day, count in days:
        if first <= day <= last:
            bins[_bin(day, unit)] += count
    return Strip(unit, first, last, tuple(sorted(bins.items())))


def _bin(day: str, unit: str) -> str:
    return day if unit == "day" else f"{day[:7]}-01" if unit == "month" else f"{day[:4]}-01-01"


def starts(marks: Iterable[Mark]) -> list[Day]:
    """How many marks begin on each day."""
    return sorted(Counter(mark.first for mark in marks if mark.first).items())


def periods(days: Sequence[Day], drawn: Sequence[Day]) -> tuple[Period, Period] | None:
    """What a strip of these days shows, and what a picture shows at first; None where nothing is dated."""
    most, middle = densest(days, MOST), densest(drawn, MIDDLE)
    if most is None or middle is None:
        return None
    window = middle.wider(0.04, _LEAST)
    far = window.wider(_AROUND)
    near = [day for day in (date.fromisoformat(day) for day, _ in days) if far.first <= day <= far.last]
    near = [day for day in near if most.first <= day <= most.last] + [middle.first, middle.last]
    strip = Period(min(near), max(near)).wider(0.02, _LEAST)
    return strip, Period(max(window.first, strip.first), min(window.last, strip.last))


def _moved(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return date.min if by < timedelta(0) else date.max


# --- lanes ------------------------------------------------------------------------------------


def by_actor(marks: Iterable[Mark]) -> tuple[Lane, ...]:
    """The most active actors first, then the others, then those without."""
    counted = Counter(mark.who for mark in marks)
    nobody = counted.pop(None, 0)
    own = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    lanes = [Lane(name or "", count) for name, count in own[:LANES]]
    others = Lane(OTHERS, sum(count for _, count in own[LANES:]))
    return (*lanes, *(lane for lane in (others, Lane(NOBODY, nobody)) if lane.count))


def by_type(marks: Iterable[Mark]) -> tuple[Lane, ...]:
    """The types there are, cooperation first, in the order of the codebook; then those of another codebook."""
    counted = Counter(mark.type for mark in marks)
    known = [*(type for type in codes().event_types if type in counted), *sorted(counted.keys() - codes().event_types)]
    return tuple(Lane(type, counted[type]) for type in known)


# --- where ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gathered:
    """The marks of one place."""

    spot: Spot
    marks: tuple[Mark, ...]

    def count(self, side: str) -> int:
        """How many are conflict, or cooperation."""
        return sum(mark.side == side for mark in self.marks)


def gathered(marks: Iterable[Mark], places: Sequence[Spot]) -> list[Gathered]:
    """Places with their marks, those with the most first."""
    held: dict[int, list[Mark]] = {}
    for mark in marks:
        if mark.place is not None:
            held.setdefault(mark.place, []).append(mark)
    found = [Gathered(places[number], tuple(some)) for number, some in held.items()]
    return sorted(found, key=lambda one: (-len(one.marks), one.spot.name))
