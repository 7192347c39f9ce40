"""Events for pictures: the few columns that a mark needs, of the newest that match, and how many fall on each day.

Invariant: what is left out is said. A picture gets the events of the newest reports that match, up to a limit, and
whether there are more; the counts by day are of all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Executable, Label, Row, Select, and_, func, not_, select

from dragoman.ledger import filters, query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.filters import Conditions, Filter
from dragoman.ledger.ids import mark_id
from dragoman.ledger.schema import attributions, events, participants, readings, tellings
from dragoman.ledger.store import Ledger
from dragoman.ledger.walking import in_order
from dragoman.records import Place

_e, _r, _a = events.c, readings.c, attributions.c
_DAY = func.coalesce(_e.start, _e.end)

Day = tuple[str, int]
"""An ISO 8601 day and how many fall on it."""


@dataclass(frozen=True, slots=True)
class PlottedEvent:
    """What a mark shows of an event.

    `actor`, `recipient` and `place` are names, else words; those that the text has first. `voice` is as in `EventRow`.
    `finding` is the position of the happening that it tells, in the comparison that was asked about.
    """

    id: str
    outlet: str | None
    published: str | None
    type: str
    mode: str | None
    status: str
    certainty: str
    trigger: str
    actor: str | None
    recipient: str | None
    place: str | None
    located: Place | None
    time: str | None
    start: str | None
    end: str | None
    date_precision: str | None
    date_reason: str | None
    voice: str | None
    stance: str | None
    confidence: float
    finding: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What a picture is of, besides what a filter asks.

    `located`: only events with a place on the map. `dated`: only those with a day (True) or without (False). Told from
    `first` to `last`.
    """

    located: bool = False
    dated: bool | None = None
    first: str | None = None
    last: str | None = None

    def conditions(self) -> Conditions:
        """On an event and its reading."""
        found: Conditions = [_e.located.is_not(None)] if self.located else []
        if self.dated is not None:
            found.append(_DAY.is_not(None) if self.dated else _DAY.is_(None))
        if self.first is not None and self.last is not None:
            found.append(_r.published.between(self.first, self.last))
        return found


def plotted(
    ledger: Ledger, filter: Filter, window: Window, comparison: int | None, limit: int
) -> tuple[list[PlottedEvent], bool]:
    """The events of the newest reports that match, `limit` at most, and whether there are more. UsageError.

    `comparison` is the number of that which tells the happenings; None where none is kept.
    """
    conditions = [*query.matching_events(ledger, filter), *window.conditions()]
    with ledger.connection() as connection:
        found = connection.execute(_statement(comparison).where(*conditions).limit(limit + 1)).all()
    return [_event(row) for row in found[:limit]], len(found) > limit


def by_day(ledger: Ledger, as_of: AsOf) -> list[Day]:
    """How many events began on each day, of all that were known then; those without a date are left out."""
    known = _e.reading.not_in(select(_r.number).where(not_(and_(*as_of.conditions()))))
    begun = select(_DAY, func.count()).where(_DAY > "", known)
    return _counted(ledger, begun.group_by(_DAY))


def by_day_told(ledger: Ledger, as_of: AsOf) -> list[Day]:
    """How many reports were published on each day, of all that were known then."""
    told = select(_r.published, func.count()).where(_r.published > "", *as_of.conditions())
    return _counted(ledger, told.group_by(_r.published))


def _counted(ledger: Ledger, statement: Executable) -> list[Day]:
    with ledger.connection() as connection:
        return sorted((day, count) for day, count in connection.execute(statement))


def _statement(comparison: int | None) -> Select[Any]:
    told = and_(
        tellings.c.comparison == comparison, tellings.c.reading == _e.reading, tellings.c.event == _e.position
    )  # fmt: skip
    return (
        select(
            *(_r.report, _r.outlet, _r.published, _e.id, _e.type, _e.mode, _e.status, _e.certainty, _e.trigger),
            *(_e.place, _e.place_name, _e.located, _e.time, _e.start, _e.end, _e.date_precision, _e.date_reason),
            *(_e.confidence, _a.name, _a.source, _a.cue, _a.stance, _a.id.label("holder"), tellings.c.finding),
            *(_first(role) for role in ("actor", "recipient")),
        )
        .select_from(filters.held(in_order(readings, events, _e.reading == _r.number)).outerjoin(tellings, told))
        .order_by(_r.published.desc(), _r.report, _r.number, _e.position)
    )


def _first(role: str) -> Label[Any]:
    """The name or words of the first participant of a role."""
    who = participants.alias(role).c
    named: ColumnElement[Any] = func.coalesce(who.name, who.words)
    of_event = who.reading == _e.reading, who.event == _e.position, who.role == role
    return select(named).where(*of_event).order_by(who.position).limit(1).scalar_subquery().label(role)


def _event(row: Row[Any]) -> PlottedEvent:
    return PlottedEvent(
        id=mark_id(row.report, row.id),
        outlet=row.outlet,
        published=row.published or None,
        type=row.type,
        mode=row.mode,
        status=row.status,
        certainty=row.certainty,
        trigger=row.trigger,
        actor=row.actor,
        recipient=row.recipient,
        place=row.place_name or row.place,
        located=Place(**row.located) if row.located else None,
        time=row.time,
        start=row.start,
        end=row.end,
        date_precision=row.date_precision,
        date_reason=row.date_reason,
        voice=None if row.holder is None else row.name or row.source or row.cue,
        stance=row.stance,
        confidence=row.confidence,
        finding=row.finding,
    )
