"""A reading with what people corrected in it.

Invariant: a corrected reading says what was changed, from what to what, by whom and why. A mark that the reading
does not have is not corrected; the correction waits for a reading that has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from dragoman.codes import codes
from dragoman.errors import UsageError
from dragoman.ledger.decisions import Correction, span_of
from dragoman.records import Attribution, Corrected, Event, Reading

Mark = TypeVar("Mark", Event, Attribution)

DROPPED = "dropped"
"""The field that says that a mark is none: `yes`, or `no` to take that back."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "event": ("type", "mode", "status", "certainty", "start", "end", DROPPED),
    "attribution": ("kind", "stance", DROPPED),
}
"""What may be corrected in each kind of mark."""

_EMPTY = ("mode", "start", "end")
"""Fields that may be empty."""


def kind_of(mark: Event | Attribution) -> str:
    """What a mark is, in one of the words of `FIELDS`."""
    return "event" if isinstance(mark, Event) else "attribution"


def checked(mark: Event | Attribution, field: str, value: str | None) -> str | None:
    """The value, once it is found to make sense in that field of the mark; else a UsageError."""
    kind = kind_of(mark)
    if field not in FIELDS[kind]:
        raise UsageError(f"{field!r} of an {kind} cannot be corrected", f"take one of {', '.join(FIELDS[kind])}")
    if not value:
        if field in _EMPTY:
            return None
        raise UsageError(f"{field} cannot be empty", f"give one of {', '.join(_allowed(mark, field))}")
    if isinstance(mark, Event) and field in ("start", "end"):
        return _day(mark, field, value)
    if value not in _allowed(mark, field):
        raise UsageError(f"{field} cannot be {value!r} here", f"take one of {', '.join(_allowed(mark, field))}")
    return value


def _day(event: Event, field: str, value: str) -> str:
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise UsageError(f"{field} {value!r} is no day", "give it as year-month-day: 2031-03-04") from error
    days = {"start": event.start, "end": event.end, field: day}
    if days["start"] and days["end"] and days["start"] > days["end"]:
        raise UsageError(f"{days['start']} is after {days['end']}", "correct the other day first, or empty it: none")
    return day


def _allowed(mark: Event | Attribution, field: str) -> Sequence[str]:
    modes = _modes(mark.type) if isinstance(mark, Event) else ()
    return {
        DROPPED: ("yes", "no"),
        "type": tuple(codes().event_types),
        "mode": modes,
        "status": codes().statuses,
        "certainty": codes().certainties,
        "kind": codes().source_kinds,
        "stance": codes().stances,
    }[field]


def _modes(type: str) -> tuple[str, ...]:
    return tuple(codes().event_types[type].modes) if type in codes().event_types else ()


def corrected(reading: Reading, corrections: Iterable[Correction]) -> Reading:
    """The reading with every correction of a mark that it has, the latest of each field."""
    latest = {(c.kind, c.span, c.field): c for c in corrections}
    for correction in latest.values():
        reading = _one(reading, correction)
    return reading


def _one(reading: Reading, correction: Correction) -> Reading:
    marks: Sequence[Event | Attribution] = reading.events if correction.kind == "event" else reading.attributions
    mark = next((mark for mark in marks if span_of(mark) == correction.span), None)
    if mark is None:
        return reading
    if correction.field == DROPPED:
        return reading if correction.value == "no" else _without(reading, mark, correction)
    was = getattr(mark, correction.field)
    if was == correction.value:
        return reading
    changed: dict[str, Any] = {correction.field: correction.value}
    if correction.field == "type" and isinstance(mark, Event) and mark.mode not in _modes(str(correction.value)):
        changed["mode"] = None  # one of another type
    if correction.field in ("start", "end") and isinstance(mark, Event):
        changed |= _dated(mark, correction)
    reading = _noted(reading, mark.id, correction, was)
    if isinstance(mark, Event):
        return replace(reading, events=_with(reading.events, replace(mark, **changed)))
    return replace(reading, attributions=_with(reading.attributions, replace(mark, **changed)))


def _dated(event: Event, correction: Correction) -> dict[str, str | None]:
    """How exact the days are once one is corrected: a day, an interval, or not dated at all."""
    days = {"start": event.start, "end": event.end, correction.field: correction.value}
    precision = "day" if days["start"] == days["end"] else "interval"
    return {"date_precision": precision if any(days.values()) else None, "date_reason": None}


def _without(reading: Reading, mark: Event | Attribution, correction: Correction) -> Reading:
    """The reading without a mark; what an attribution held falls to the one around it."""
    reading = _noted(reading, mark.id, correction, "no")
    if isinstance(mark, Event):
        return replace(reading, events=tuple(event for event in reading.events if event.id != mark.id))
    around = {mark.id: mark.inside}

    def outer(id: str | None) -> str | None:
        return around.get(id or "", id)

    return replace(
        reading,
        attributions=tuple(replace(a, inside=outer(a.inside)) for a in reading.attributions if a.id != mark.id),
        events=tuple(
            replace(
                event,
                attribution=outer(event.attribution),
                counts=tuple(replace(count, attribution=outer(count.attribution)) for count in event.counts),
            )
            for event in reading.events
        ),
    )


def _noted(reading: Reading, mark: str, correction: Correction, was: str | None) -> Reading:
    note = Corrected(mark, correction.field, was, correction.value, correction.reason, correction.decided_by)
    return replace(reading, corrections=(*reading.corrections, note))


def _with(marks: tuple[Mark, ...], changed: Mark) -> tuple[Mark, ...]:
    return tuple(changed if mark.id == changed.id else mark for mark in marks)
