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
AnyMark = TypeVar("AnyMark", bound=Event | Attribution)

DROPPED = "dropped"
"""The field that says that a mark is none: `yes`, or `no` to take that back."""

ACCEPTED = "accepted"
"""The field that says that a mark is right as it is: `yes`, or `no` to take that back."""

VERDICTS = (DROPPED, ACCEPTED)
"""The fields that are about a mark as a whole, and that no mark has."""

REPORT = "report"
COMPLETE = "complete"
"""The field of a report that says that somebody read the whole of it and no mark is missing: `yes` or `no`."""

FIELDS: Mapping[str, tuple[str, ...]] = {
    "event": ("type", "mode", "status", "certainty", "start", "end", DROPPED, ACCEPTED),
    "attribution": ("kind", "stance", DROPPED, ACCEPTED),
    REPORT: (COMPLETE,),
}
"""What may be corrected in each kind of mark, and in a report."""

CERTAIN = 1.0
"""The confidence of a mark that somebody corrected or accepted: its word stands in place of the model's doubt."""

_EMPTY = ("mode", "start", "end")
"""Fields that may be empty."""


def kind_of(mark: Event | Attribution | Reading) -> str:
    """What a mark is, in one of the words of `FIELDS`; a reading stands for its report."""
    return {Event: "event", Attribution: "attribution", Reading: REPORT}[type(mark)]


def checked(mark: Event | Attribution | Reading, field: str, value: str | None) -> str | None:
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


def with_value(mark: AnyMark, field: str, value: str | None) -> AnyMark:
    """The mark with a value that was checked, as the next one is to be checked against."""
    changed: dict[str, Any] = {} if field in VERDICTS else {field: value}
    if field == "type" and isinstance(mark, Event) and mark.mode not in _modes(str(value)):
        changed["mode"] = None  # one of another type
    return replace(mark, **changed)


def _allowed(mark: Event | Attribution | Reading, field: str) -> Sequence[str]:
    modes = _modes(mark.type) if isinstance(mark, Event) else ()
    return {
        **dict.fromkeys((DROPPED, ACCEPTED, COMPLETE), ("yes", "no")),
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
    return _without_doubt(reading) if reading.corrections else reading


def _one(reading: Reading, correction: Correction) -> Reading:
    if correction.kind == REPORT:
        return _noted(reading, "", correction, "no") if correction.value == "yes" else reading
    marks: Sequence[Event | Attribution] = reading.events if correction.kind == "event" else reading.attributions
    mark = next((mark for mark in marks if span_of(mark) == correction.span), None)
    if mark is None:
        return reading
    if correction.field == DROPPED:
        return reading if correction.value == "no" else _without(reading, mark, correction)
    if correction.field == ACCEPTED:
        return reading if correction.value == "no" else _noted(reading, mark.id, correction, "no")
    was = getattr(mark, correction.field)
    if was == correction.value:
        return reading
    reading = _noted(reading, mark.id, correction, was)
    if isinstance(mark, Attribution):
        changed = with_value(mark, correction.field, correction.value)
        return replace(reading, attributions=_with(reading.attributions, changed))
    days = _dated(mark, correction) if correction.field in ("start", "end") else {}
    event = replace(with_value(mark, correction.field, correction.value), **days)
    return replace(reading, events=_with(reading.events, event))


def _without_doubt(reading: Reading) -> Reading:
    """The reading with no doubt left of the marks that somebody decided of."""
    decided = {note.mark for note in reading.corrections}

    def certain(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        return tuple(replace(mark, confidence=CERTAIN) if mark.id in decided else mark for mark in marks)

    return replace(reading, events=certain(reading.events), attributions=certain(reading.attributions))


def _dated(event: Event, correction: Correction) -> dict[str, Any]:
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
