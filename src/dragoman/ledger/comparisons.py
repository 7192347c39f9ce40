"""What was worked out from all readings, kept so that it need not be worked out again.

Invariant: a comparison is kept under the step and version that made it and the content it was made from (`content`),
so the same question on the same ledger is answered from here, and any change asks for a new one. It holds nothing that
the readings do not give: only the last few are kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, literal, select, tuple_, update

from dragoman.ledger.as_of import AsOf, now
from dragoman.ledger.filters import Conditions, held
from dragoman.ledger.ids import mark_id
from dragoman.ledger.schema import acts, comparisons, events, findings, joins, readings, retractions, tellings
from dragoman.ledger.walking import walked

if TYPE_CHECKING:
    from dragoman.ledger.store import Ledger

KEPT = 8
"""Comparisons of one step that are kept: of now, and of some days that were asked for."""
_BYTES, _ROWS, _AT_ONCE = 1_000_000, 5_000, 500
"""Of a batch that is written in one transaction: readers of a file wait for it, some hundredths of a second."""
_UNFINISHED = "unfinished "
_FORGOTTEN = timedelta(days=1)
"""After which a comparison that nobody finished is dropped."""
_NOW = "[null, null, "
ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "weight": (findings.c.independent, findings.c.reports, findings.c.id),
    "told": (func.coalesce(findings.c.told_last, ""), findings.c.id),
    "disputed": (func.coalesce(findings.c.disputed_on, ""), findings.c.id),
}
"""What happenings are listed by, the greatest first: independent chains, or the day on which they were told last."""
_TOLD = (tellings.c.reading == events.c.reading) & (tellings.c.event == events.c.position)
_FOR_LISTS = ("row", "told_last", "disputed_on", "disputes", "independent", "unnamed")
_EVENTS = readings.join(events, events.c.reading == readings.c.number)
_MADE_FROM: tuple[tuple[Any, ...], ...] = (
    (readings.c.number,),
    (retractions.c.number,),
    (joins.c.number,),
    (acts.c.number, acts.c.of == joins.name, acts.c.undoes.is_not(None)),  # joins that were taken back
)
"""What a comparison is worked out from: numbers of rows, and which rows of that table."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found: its id, in how many reports, the whole as JSON, the ids of the events that tell it.

    A happening has a row for lists, as JSON, and what they are chosen and ordered by (`HappeningRow`).
    """

    id: str
    reports: int
    json: str
    events: tuple[str, ...] = ()
    row: str | None = None
    told_last: str | None = None
    disputed_on: str | None = None
    disputes: int = 0
    independent: int = 0
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A comparison that is kept: since when, from which rows, and how many rows that it would need came since."""

    number: int
    recorded_at: str
    then: AsOf
    behind: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which happenings a list is of, besides those of which an event matches.

    `told_since` and `disputed_since` are ISO 8601 days: told again, or a contradiction came up, on that day or later.
    """

    told_since: str | None = None
    disputed_since: str | None = None
    disputed: bool = False
    unnamed: bool = False


ANY = Choice()


def content(connection: Connection, as_of: AsOf) -> tuple[str, AsOf]:
    """A name for all that a comparison is worked out from, and the same time with these rows alone.

    Rows are only added, so the last of each table tells.
    """
    ends = [select(func.max(column)).where(*conditions) for column, *conditions in _MADE_FROM]
    last = [int(connection.execute(end).scalar_one() or 0) for end in ends]
    return json.dumps([as_of.told, as_of.recorded, *last]), replace(as_of, last=(last[0], last[1]))


def find(connection: Connection, step: str, version: str, content: str) -> int | None:
    """The number of the comparison that is kept, if it is."""
    told = comparisons.c
    kept = select(told.number).where(told.step == step, told.version == version, told.content == content)
    number: int | None = connection.execute(kept).scalar_one_or_none()
    return number


def latest(connection: Connection, step: str, version: str, as_of: AsOf) -> Standing | None:
    """The comparison of that time that was kept last, whether or not rows came since."""
    told = comparisons.c
    of_then = json.dumps([as_of.told, as_of.recorded])[:-1]
    found = connection.execute(
        select(told.number, told.content, told.recorded_at)
        .where(told.step == step, told.version == version, told.content.startswith(of_then, autoescape=True))
        .order_by(told.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None:
        return None
    last = json.loads(found.content)[2:]
    behind = sum(
        connection.execute(select(func.count()).where(column > number, *conditions)).scalar_one()
        for (column, *conditions), number in zip(_MADE_FROM, last, strict=True)
    )
    return Standing(found.number, found.recorded_at, replace(as_of, last=(last[0], last[1])), behind)


def following(
    connection: Connection, comparison: int, conditions: Conditions, after: int, limit: int
) -> list[tuple[int, str]]:
    """Findings that come at a position after one, in order, as `found` gives them; each with its position."""
    told = findings.c
    statement = select(told.position, told.finding).where(told.comparison == comparison, told.position > after)
    if conditions:
        statement = statement.where(walked(told.position).in_(_telling(comparison, conditions)))
    return [(row.position, row.finding) for row in connection.execute(statement.order_by(told.position).limit(limit))]


def keep(ledger: Ledger, step: str, version: str, content: str, as_of: AsOf, found: Sequence[Finding]) -> int:
    """Keeps what was found, in that order; its number, or that of another who was first. Oldest ones are dropped.

    It is written in many small transactions, so that others can read and add meanwhile, and can be found with the last.
    """
    _drop(ledger, step)
    with ledger.writing() as connection:
        row = {"step": step, "version": version, "content": f"{_UNFINISHED}{uuid4()}", "recorded_at": now()}
        number: int = connection.execute(insert(comparisons).returning(comparisons.c.number), row).scalar_one()
    told = {event for one in found for event in one.events}
    with ledger.connection() as connection:
        spots = _spots(connection, as_of, told) if told else {}
    for batch in _batches(
        {
            "comparison": number,
            "position": n,
            "id": one.id,
            "reports": one.reports,
            "finding": one.json,
            **{name: getattr(one, name) for name in _FOR_LISTS},
        }
        for n, one in enumerate(found)
    ):
        with ledger.writing() as connection:
            connection.execute(insert(findings), batch)
    for batch in _batches(
        {"comparison": number, "finding": n, "reading": spots[event][0], "event": spots[event][1]}
        for n, one in enumerate(found)
        for event in one.events
        if event in spots
    ):
        with ledger.writing() as connection:
            connection.execute(insert(tellings), batch)
    with ledger.writing() as connection:
        if (other := find(connection, step, version, content)) is not None:
            return other
        finished = {"content": content, "recorded_at": now()}
        connection.execute(update(comparisons).where(comparisons.c.number == number).values(finished))
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
        statement = statement.where(walked(told.position).in_(_telling(comparison, conditions)))
    return list(connection.execute(statement.order_by(told.position).limit(limit)).scalars())


def rows(
    connection: Connection,
    comparison: int,
    conditions: Conditions,
    choice: Choice,
    order: str,
    after: tuple[int | str, ...] | None,
    limit: int,
) -> list[Row[Any]]:
    """The rows of happenings after a key, as `row` (JSON) and `key`, by an order of `ORDERS`."""
    told, keys = findings.c, ORDERS[order]
    statement = select(told.row, *keys).where(told.comparison == comparison, told.row.is_not(None))
    if conditions:
        statement = statement.where(walked(told.position).in_(_telling(comparison, conditions)))
    if choice.told_since:
        statement = statement.where(told.told_last >= choice.told_since)
    if choice.disputed_since:
        statement = statement.where(told.disputed_on >= choice.disputed_since)
    if choice.disputed:
        statement = statement.where(told.disputes > 0)
    if choice.unnamed:
        statement = statement.where(told.unnamed)
    if after is not None:
        statement = statement.where(tuple_(*keys) < tuple_(*(literal(value) for value in after)))
    return list(connection.execute(statement.order_by(*(key.desc() for key in keys)).limit(limit)))


def in_order(connection: Connection, comparison: int, after: int, parts: Sequence[str], limit: int) -> list[Row[Any]]:
    """The `row` (JSON) and `position` of findings after a position, in order, whose rows have all these parts."""
    told = findings.c
    statement = select(told.row, told.position).where(told.comparison == comparison, told.position > after)
    for part in filter(None, parts):
        statement = statement.where(told.row.icontains(part, autoescape=True))
    return list(connection.execute(statement.order_by(told.position).limit(limit)))


def named(connection: Connection, comparison: int, id: str) -> tuple[str, str] | None:
    """The `row` and `finding` (both JSON) of an id."""
    told = findings.c
    statement = select(told.row, told.finding).where(told.comparison == comparison, told.id == id)
    row = connection.execute(statement.limit(1)).one_or_none()
    return None if row is None else (str(row.row), str(row.finding))


def rows_in(connection: Connection, kept: Standing, reports: Iterable[str]) -> list[Row[Any]]:
    """For each event of some reports that tells a happening its `report` and `id`, and of the happening its `position`,
    its `row` and how many events tell it (`mentions`).
    """
    told, others = findings.c, tellings.alias().c
    mentions = select(func.count()).where(others.comparison == told.comparison, others.finding == told.position)
    statement = (
        select(readings.c.report, events.c.id, told.position, told.row, mentions.scalar_subquery().label("mentions"))
        .select_from(_EVENTS)
        .join(tellings, _TOLD)
        .join(findings, (told.comparison == tellings.c.comparison) & (told.position == tellings.c.finding))
        .where(tellings.c.comparison == kept.number, readings.c.report.in_(list(reports)), *kept.then.conditions())
    )
    return list(connection.execute(statement))


def changed(connection: Connection, kept: Standing, positions: Iterable[int]) -> set[int]:
    """Which of some happenings, by their positions, an event tells whose report was corrected or retracted since."""
    told = select(tellings.c.finding, tellings.c.reading).where(
        tellings.c.comparison == kept.number, tellings.c.finding.in_(list(positions))
    )
    now = select(readings.c.number).where(*replace(kept.then, last=None).conditions())
    ours = told.subquery()
    held = now.where(readings.c.number.in_(select(ours.c.reading)))
    return set(connection.execute(select(ours.c.finding).where(ours.c.reading.not_in(held))).scalars())


def rows_at(connection: Connection, comparison: int, positions: Sequence[int]) -> dict[int, str]:
    """The rows of happenings, as JSON, by their positions."""
    told = findings.c
    statement = select(told.position, told.row).where(told.comparison == comparison, told.row.is_not(None))
    batches = (positions[start : start + _AT_ONCE] for start in range(0, len(positions), _AT_ONCE))
    found = (row for some in batches for row in connection.execute(statement.where(told.position.in_(some))))
    return {row.position: row.row for row in found}


def readings_at_most(connection: Connection, count: int) -> bool:
    """Whether the ledger has no more readings."""
    return int(connection.execute(select(func.coalesce(func.max(readings.c.number), 0))).scalar_one()) <= count


def _telling(comparison: int, conditions: Conditions) -> Select[tuple[int]]:
    """The positions of the findings that an event which meets the conditions tells."""
    return (
        select(tellings.c.finding)
        .select_from(held(_EVENTS))
        .join(tellings, _TOLD)
        .where(tellings.c.comparison == comparison, *conditions)
    )


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


def _drop(ledger: Ledger, step: str) -> None:
    """Drops all but the last comparisons of a step, and those that nobody finished, in small transactions."""
    told = comparisons.c
    long_ago = (datetime.fromisoformat(now()) - _FORGOTTEN).isoformat()
    with ledger.connection() as connection:
        rows = connection.execute(
            select(told.number, told.content, told.recorded_at).where(told.step == step).order_by(told.number.desc())
        ).all()
    finished = [row for row in rows if not row.content.startswith(_UNFINISHED)]
    finished.sort(key=lambda row: not row.content.startswith(_NOW))  # that of now stays, however many of then
    old = [row.number for row in finished[KEPT - 1 :]]
    old += [row.number for row in rows if row.content.startswith(_UNFINISHED) and row.recorded_at < long_ago]
    for number in old:
        with ledger.writing() as connection:
            connection.execute(
                update(comparisons).where(told.number == number).values(content=f"{_UNFINISHED}{number}")
            )
        for table, place in ((tellings, tellings.c.finding), (findings, findings.c.position)):
            with ledger.writing() as connection:
                last = connection.execute(select(func.max(place)).where(table.c.comparison == number)).scalar_one()
            for start in range(0, 0 if last is None else last + 1, _AT_ONCE):
                with ledger.writing() as connection:
                    some = table.c.comparison == number, place >= start, place < start + _AT_ONCE
                    connection.execute(delete(table).where(*some))
        with ledger.writing() as connection:
            connection.execute(delete(comparisons).where(told.number == number))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += len(row.get("finding") or "") if isinstance(row.get("finding"), str) else 0
        if len(batch) == _ROWS or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
