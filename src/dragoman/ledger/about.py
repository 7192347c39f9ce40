"""What reports tell of somebody, over all of them: how often, by which names and words, in which offices, where.

Invariant: the figures of `Told` count all reports; all else is drawn from the newest reports that name them, as many as
are asked for, so that it is quick however often somebody is named.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, and_, distinct, func, select, true

from dragoman.ledger.as_of import AsOf
from dragoman.ledger.assemble import entity_rows
from dragoman.ledger.filters import Who, is_somebody, means, named_in
from dragoman.ledger.folding import fold
from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import EntityRow
from dragoman.ledger.schema import attributions, entities, events, participants, readings, relations
from dragoman.ledger.store import Ledger
from dragoman.ledger.walking import walked
from dragoman.records import Place

READINGS = 200
"""Of the newest readings: on a million events that takes some 50 ms, and 900 some 200."""


_COUNTED = ("mentions", "acts", "receives", "says")


@dataclass(frozen=True, slots=True)
class Told:
    """How often somebody is told of, in all reports."""

    reports: int
    mentions: int
    acts: int
    receives: int
    says: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """A name that reports give them, with type and country, and in how many reports."""

    name: str
    type: str
    country: str | None
    reports: int


@dataclass(frozen=True, slots=True)
class Tie:
    """What reports tell of somebody and a body: a `kind` such as office, as `role`, between two days.

    `other` is the one at the other end: the body for what somebody is, or whoever is something to it; `id` is that
    entity's. `words` are those of the newest report that tells it, `report` and so on its origin; `reports` tell it.
    """

    kind: str
    role: str | None
    other: str | None
    id: str | None
    start: str | None
    end: str | None
    words: str | None
    report: str
    title: str | None
    outlet: str | None
    published: str | None
    reports: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of events that somebody has a part in, and of how many."""

    name: str
    place: Place | None
    events: int


@dataclass(frozen=True, slots=True)
class About:
    """All that is told of somebody; but for `told` and `spellings` by the newest `counted` reports that name them.

    `words` are what reports call them, and how often; `offices` what they are to others, `people` what others are to
    them.
    """

    told: Told
    counted: int
    spellings: tuple[Spelling, ...]
    words: tuple[tuple[str, int], ...]
    sectors: tuple[str, ...]
    offices: tuple[Tie, ...]
    people: tuple[Tie, ...]
    places: tuple[Spot, ...]


def about(ledger: Ledger, who: Sequence[Who], as_of: AsOf, most: int = READINGS) -> About:
    """What is told of somebody who goes by any of these, by at most so many of the newest reports."""
    with ledger.connection() as connection:
        numbers = newest(connection, named_in(who), as_of, most)
        own = _own(connection, who, numbers)
        spellings, told = _spellings(connection, who, as_of)
        return About(
            told=told,
            counted=len(numbers),
            spellings=spellings,
            words=_words(connection, own),
            sectors=tuple(name for name, _ in Counter(row.sector for row in own if row.sector).most_common()),
            offices=_ties(connection, own, numbers, "subject", "object"),
            people=_ties(connection, own, numbers, "object", "subject"),
            places=_places(connection, own),
        )


def leading(
    ledger: Ledger, as_of: AsOf, types: Iterable[str], most: int = READINGS, limit: int = 20
) -> list[EntityRow]:
    """Who of some types is named in the most of the newest reports, at most so many; the figures are of these."""
    named = entities.c
    reports = func.count(distinct(named.reading))
    figures = (func.sum(named[name]).label(name) for name in _COUNTED)
    first = func.min(readings.c.report + named.id).label("first")
    with ledger.connection() as connection:
        numbers = newest(connection, true(), as_of, most)
        rows = connection.execute(
            select(named.name, named.type, named.country, first, reports.label("reports"), *figures)
            .join(readings, readings.c.number == named.reading)
            .where(named.reading.in_(numbers), named.type.in_(tuple(types)), is_somebody())
            .group_by(named.name_folded, named.name, named.type, named.country)
            .order_by(reports.desc(), named.name_folded, named.name, named.type, named.country)
            .limit(limit)
        ).all()
        return entity_rows(connection, rows)


def newest(connection: Connection, condition: ColumnElement[bool], as_of: AsOf, most: int) -> list[int]:
    """The numbers of the newest readings that held then and meet a condition, newest first."""
    found = select(readings.c.number).where(condition, *as_of.conditions())
    return list(
        connection.execute(found.order_by(readings.c.published.desc(), readings.c.report).limit(most)).scalars()
    )


def _as_it_is(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column


def _spellings(connection: Connection, who: Sequence[Who], as_of: AsOf) -> tuple[tuple[Spelling, ...], Told]:
    """The names, those of the most reports first, and how often somebody is told of by all of them."""
    named = entities.c
    count = func.count(distinct(named.reading))
    held = (means(who, _as_it_is), *as_of.conditions())
    rows = connection.execute(
        select(named.name, named.type, named.country, count, *(func.sum(named[name]) for name in _COUNTED))
        .join(readings, readings.c.number == named.reading)
        .where(*held)
        .group_by(named.name, named.type, named.country)
    ).all()
    spellings = [Spelling(row[0], row[1], row[2] or None, row[3]) for row in rows]
    reports = sum(one.reports for one in spellings)
    if len(rows) > 1:  # a report may name them by two
        reports = connection.execute(
            select(count).join(readings, readings.c.number == named.reading).where(*held)
        ).scalar_one()
    told = Told(reports, *(sum(row[4 + place] for row in rows) for place in range(len(_COUNTED))))
    return tuple(sorted(spellings, key=lambda one: (-one.reports, one.name, one.type, one.country or ""))), told


def _own(connection: Connection, who: Sequence[Who], numbers: Sequence[int]) -> list[Row[Any]]:
    """The entities that are meant, of those readings."""
    named = entities.c
    told = (named.reading, named.id, named.name, named.sector, named.role, named.of)
    statement: Select[Any] = select(*told).where(named.reading.in_(numbers), means(who, walked))
    return list(connection.execute(statement))


def _linked(connection: Connection, own: Sequence[Row[Any]], entity: Column[Any], *told: Any) -> list[Row[Any]]:
    """Rows that name one of the entities by its id inside the reading."""
    ids: defaultdict[int, set[str]] = defaultdict(set)
    for row in own:
        ids[row.reading].add(row.id)
    reading = entity.table.c.reading
    found = connection.execute(select(reading, entity.label("entity"), *told).where(reading.in_(list(ids))))
    return [row for row in found if row.entity in ids[row.reading]]


def _words(connection: Connection, own: Sequence[Row[Any]]) -> tuple[tuple[str, int], ...]:
    """The words by which reports call somebody who acts, is acted upon or speaks, those that most use first."""
    found = _linked(connection, own, participants.c.entity, participants.c.words)
    found += _linked(connection, own, attributions.c.entity, attributions.c.source.label("words"))
    return tuple(Counter(" ".join(row.words.split()) for row in found if row.words).most_common())


def _places(connection: Connection, own: Sequence[Row[Any]]) -> tuple[Spot, ...]:
    """Where the events are that somebody has a part in, by the words of the reports or the name of the place."""
    part = {(row.reading, row.event) for row in _linked(connection, own, participants.c.entity, participants.c.event)}
    numbers = list({reading for reading, _ in part})
    event = events.c
    rows: Iterable[Row[Any]] = connection.execute(
        select(
            event.reading, event.position, func.coalesce(event.place_name, event.place).label("name"), event.located
        ).where(event.reading.in_(numbers), event.place.is_not(None))
    )
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if (row.reading, row.position) in part:
            found[fold(row.name)].append(row)
    spots = [Spot(named[0].name, _located(named), len(named)) for named in found.values()]
    return tuple(sorted(spots, key=lambda spot: (-spot.events, spot.name)))


def _located(rows: Iterable[Row[Any]]) -> Place | None:
    return next((Place(**row.located) for row in rows if row.located), None)


def _ties(
    connection: Connection, own: Sequence[Row[Any]], numbers: Sequence[int], near: str, far: str
) -> tuple[Tie, ...]:
    """Relations that have somebody at one end, those of the newest report first; the same of several once."""
    tie, other = relations.c, entities.alias()
    ids = {(row.reading, row.id) for row in own}
    joined = relations.join(readings, readings.c.number == tie.reading).outerjoin(
        other, and_(other.c.reading == tie.reading, other.c.id == tie[far])
    )
    origin = [readings.c[name] for name in ("report", "title", "outlet", "published")]
    told = [tie[name] for name in ("kind", "role", "body", "words", "start", "end")]
    rows = connection.execute(
        select(tie.reading, tie[near].label("near"), other.c.id, other.c.name, *told, *origin)
        .select_from(joined)
        .where(tie.reading.in_(numbers))
        .order_by(readings.c.published.desc(), readings.c.report, tie.position)
    )
    found: dict[Any, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if (row.reading, row.near) in ids:
            named = row.name or (row.body if far == "object" else None)
            found[row.kind, fold(row.role or ""), fold(named or ""), row.start, row.end].append(row)
    return tuple(_tie(same, far) for same in found.values())


def _tie(same: Sequence[Row[Any]], far: str) -> Tie:
    first = same[0]
    return Tie(
        kind=first.kind,
        role=first.role,
        other=first.name or (first.body if far == "object" else None),
        id=mark_id(first.report, first.id) if first.id else None,
        start=first.start,
        end=first.end,
        words=first.words,
        report=first.report,
        title=first.title,
        outlet=first.outlet,
        published=first.published or None,
        reports=len({row.reading for row in same}),
    )
