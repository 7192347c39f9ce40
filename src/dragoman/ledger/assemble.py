"""From what the database gave to the rows of `rows`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, select

from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import AttributionRow, CountRow, EntityRow, EventRow, ReportRow, Words
from dragoman.ledger.schema import counts, participants
from dragoman.records import Place, Span

Spot = tuple[int, int]
"""The reading and the position of an event."""


def report_rows(_connection: Connection, found: Sequence[Row[Any]]) -> list[ReportRow]:
    """Reports."""
    return [
        ReportRow(
            id=row.report,
            title=row.title,
            outlet=row.outlet,
            published=row.published or None,
            url=row.url,
            language=row.language,
            entities=row.entities,
            attributions=row.attributions,
            events=row.events,
            version=row.version,
            model=row.model,
            recorded_at=row.recorded_at,
        )
        for row in found
    ]


def event_rows(connection: Connection, found: Sequence[Row[Any]]) -> list[EventRow]:
    """Events, with participants and counts fetched for all of them at once."""
    places = [(row.reading, row.position) for row in found]
    people = _of_events(connection, participants, places)
    numbers = _of_events(connection, counts, places)
    return [_event_row(row, people[row.reading, row.position], numbers[row.reading, row.position]) for row in found]


def _event_row(row: Row[Any], people: list[Row[Any]], numbers: list[Row[Any]]) -> EventRow:
    return EventRow(
        **_origin(row),
        id=mark_id(row.report, row.id),
        type=row.type,
        mode=row.mode,
        trigger=Words(row.trigger, _span(row.spans["trigger"])),
        actors=_people(people, "actor"),
        recipients=_people(people, "recipient"),
        place=_words(row, "place", row.place_name),
        located=Place(**row.located) if row.located else None,
        time=_words(row, "time"),
        start=row.start,
        end=row.end,
        date_precision=row.date_precision,
        date_reason=row.date_reason,
        status=row.status,
        certainty=row.certainty,
        counts=tuple(_count(row, n) for n in numbers),
        rule=row.rule,
        condition=_words(row, "condition"),
        attribution=None if row.holder is None else mark_id(row.report, row.holder),
        voice=None if row.holder is None else row.name or row.source or row.cue,
        source_kind=row.kind,
        stance=row.stance,
        confidence=row.confidence,
    )


def _count(event: Row[Any], row: Row[Any]) -> CountRow:
    held = None if row.attribution is None else mark_id(event.report, row.attribution)
    return CountRow(row.kind, row.low, row.high, row.bound, row.who, held, row.words, (row.start, row.end))


def attribution_rows(_connection: Connection, found: Sequence[Row[Any]]) -> list[AttributionRow]:
    """Attributions."""
    return [_attribution_row(row) for row in found]


def _attribution_row(row: Row[Any]) -> AttributionRow:
    return AttributionRow(
        **_origin(row),
        id=mark_id(row.report, row.id),
        source=row.source,
        source_spans=_spans(row.spans["source"]),
        cue=row.cue,
        cue_spans=_spans(row.spans["cue"]),
        content=row.content,
        content_spans=_spans(row.spans["content"]),
        mode=row.mode,
        kind=row.kind,
        name=row.name,
        entity=None if row.entity is None else mark_id(row.report, row.entity),
        voice=row.name or row.source or row.cue,
        addressee=_words(row, "addressee"),
        stance=row.stance,
        inside=None if row.inside is None else mark_id(row.report, row.inside),
        confidence=row.confidence,
    )


def entity_rows(_connection: Connection, found: Sequence[Row[Any]]) -> list[EntityRow]:
    """Entities, joined over reports; `first` is the first report's id, 64 characters, and the entity's."""
    return [
        EntityRow(
            id=mark_id(row.first[:64], row.first[64:]),
            name=row.name,
            type=row.type,
            country=row.country or None,
            reports=row.reports,
            mentions=row.mentions,
            acts=row.acts,
            receives=row.receives,
            says=row.says,
        )
        for row in found
    ]


def _of_events(connection: Connection, table: Table, places: list[Spot]) -> defaultdict[Spot, list[Row[Any]]]:
    """The rows of a table that belong to some events, by event, in order."""
    readings, positions = {place[0] for place in places}, {place[1] for place in places}
    statement = (  # more than asked for, but found by the key; SQLite scans the table for a pair in a list
        select(table)
        .where(table.c.reading.in_(readings), table.c.event.in_(positions))
        .order_by(table.c.reading, table.c.event, table.c.position)
    )
    grouped: defaultdict[Spot, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(statement):
        grouped[row.reading, row.event].append(row)
    return grouped


def _origin(row: Row[Any]) -> dict[str, Any]:
    return {
        "report": row.report,
        "title": row.title,
        "outlet": row.outlet,
        "published": row.published or None,
    }


def _people(people: list[Row[Any]], role: str) -> tuple[Words, ...]:
    return tuple(Words(who.words, (who.start, who.end), who.name) for who in people if who.role == role)


def _words(row: Row[Any], part: str, name: str | None = None) -> Words | None:
    words = row._mapping[part]
    return None if words is None else Words(words, _span(row.spans[part]), name)


def _span(value: list[int]) -> Span:
    return (value[0], value[1])


def _spans(values: list[list[int]]) -> tuple[Span, ...]:
    return tuple(_span(value) for value in values)
