"""What was worked out from all readings, kept so that it need not be worked out again.

Invariant: a comparison is kept under the step and version that made it and the content it was made from (`content`),
so the same question on the same ledger is answered from here, and any change asks for a new one. It holds nothing that
the readings do not give: only the last few are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from dragoman.ledger.as_of import AsOf, now
from dragoman.ledger.filters import Conditions, held
from dragoman.ledger.ids import mark_id
from dragoman.ledger.schema import comparisons, events, findings, joins, readings, retractions, tellings
from dragoman.ledger.walking import walked

KEPT = 8
"""Comparisons of one step that are kept: of now, and of some days that were asked for."""
_ROWS = 5000
_NOW = "[null, null, "
_EVENTS = readings.join(events, events.c.reading == readings.c.number)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: its id, in how many reports, the whole as JSON, the ids of the events that tell it."""

    id: str
    reports: int
    json: str
    events: tuple[str, ...] = ()


def content(connection: Connection, as_of: AsOf) -> tuple[str, AsOf]:
    """A name for all that a comparison is worked out from, and the same time with these rows alone.

    Rows are only added, so the last of each table tells.
    """
    numbers = [func.coalesce(func.max(table.c.number), 0).label(table.name) for table in (readings, retractions, joins)]
    last = [int(connection.execute(select(number)).scalar_one()) for number in numbers]
    return json.dumps([as_of.told, as_of.recorded, *last]), replace(as_of, last=(last[0], last[1]))


def find(connection: Connection, step: str, version: str, content: str) -> int | None:
    """The number of the comparison that is kept, if it is."""
    told = comparisons.c
    kept = select(told.number).where(told.step == step, told.version == version, told.content == content)
    number: int | None = connection.execute(kept).scalar_one_or_none()
    return number


def keep(connection: Connection, step: str, version: str, content: str, as_of: AsOf, found: Sequence[Finding]) -> int:
    """Keeps what was found, in that order; its number. The oldest comparisons of the step are dropped."""
    _drop(connection, step)
    row = {"step": step, "version": version, "content": content, "recorded_at": now()}
    number: int = connection.execute(insert(comparisons).returning(comparisons.c.number), row).scalar_one()
    _insert(
        connection,
        findings,
        (
            {"comparison": number, "position": n, "id": one.id, "reports": one.reports, "finding": one.json}
            for n, one in enumerate(found)
        ),
    )
    told = {event for one in found for event in one.events}
    spots = _spots(connection, as_of, told) if told else {}
    _insert(
        connection,
        tellings,
        (
            {"comparison": number, "finding": n, "reading": spots[event][0], "event": spots[event][1]}
            for n, one in enumerate(found)
            for event in one.events
            if event in spots
        ),
    )
    return number


def found(
    connection: Connection, comparison: int, conditions: Conditions, limit: int | None = None, holding: str = ""
) -> list[str]:
    """The JSON of findings in order; with conditions on events, of those that an event which meets them tells.

    `holding`: only those that have these words in them, such as the id of a report.
    """
    told = findings.c
    statement = select(told.finding).where(told.comparison == comparison)
    if holding:
        statement = statement.where(told.finding.contains(holding, autoescape=True))
    if conditions:
        matching = (
            select(tellings.c.finding)
            .select_from(held(_EVENTS))
            .join(tellings, (tellings.c.reading == events.c.reading) & (tellings.c.event == events.c.position))
            .where(tellings.c.comparison == comparison, *conditions)
        )
        statement = statement.where(walked(told.position).in_(matching))
    return list(connection.execute(statement.order_by(told.position).limit(limit)).scalars())


def matching(connection: Connection, conditions: Conditions) -> set[str]:
    """The ids of the events that match."""
    rows = connection.execute(select(readings.c.report, events.c.id).select_from(held(_EVENTS)).where(*conditions))
    return {mark_id(row.report, row.id) for row in rows}


def _spots(connection: Connection, as_of: AsOf, told: set[str]) -> dict[str, tuple[int, int]]:
    """Reading and position of some events, by their ids across the ledger."""
    rows = connection.execute(
        select(readings.c.report, events.c.id, events.c.reading, events.c.position)
        .select_from(_EVENTS)
        .where(*as_of.conditions())
    )
    ids = ((mark_id(row.report, row.id), row) for row in rows)
    return {id: (row.reading, row.position) for id, row in ids if id in told}


def _drop(connection: Connection, step: str) -> None:
    told = comparisons.c
    rows = connection.execute(select(told.number, told.content).where(told.step == step).order_by(told.number.desc()))
    newest = sorted(rows, key=lambda row: not row.content.startswith(_NOW))  # that of now stays, however many of then
    numbers = [row.number for row in newest[KEPT - 1 :]]
    for table in (tellings, findings):
        connection.execute(delete(table).where(table.c.comparison.in_(numbers)))
    connection.execute(delete(comparisons).where(comparisons.c.number.in_(numbers)))


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _ROWS:
            connection.execute(insert(table), batch)
            batch.clear()
    if batch:
        connection.execute(insert(table), batch)
