"""Asking the ledger: pages of reports, events, attributions and entities, and readings whole.

Invariant: the order of rows depends on what is in the ledger, never on when it came. Reports come
newest first, those without a date last; marks in the order of their reports, then of the text;
entities by name. A cursor says after which row to go on, so pages neither skip nor repeat a row that
was there throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    Table,
    and_,
    distinct,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from dragoman.errors import UsageError
from dragoman.ledger import assemble, cursors, filters, identity, schema
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.filters import Conditions, Filter, Who
from dragoman.ledger.rows import AnyRow, AttributionRow, EntityRow, EventRow, Page, ReportRow
from dragoman.ledger.store import Ledger
from dragoman.ledger.walking import in_order
from dragoman.records import Reading

__all__ = ["AsOf", "Filter", "Page", "as_of", "attributions", "entities", "events", "everybody", "readings", "reports"]

MOST = 1000
"""Rows of one page at most."""

_FEW = {"names": 60_000, "reading": 1_000}
"""Of entities, or of readings with some twenty each: to sort so many is quicker than to walk over a large ledger.

Measured with 2.6 million entities: 29,000 of a name take 0.2 s looked up and 0.4 s walked to."""

EVERYTHING = Filter()


def reports(ledger: Ledger, filter: Filter = EVERYTHING, after: str | None = None, limit: int = 50) -> Page[ReportRow]:
    """A page of reports. UsageError for a filter, cursor or limit that is not right."""
    given = _given(ledger, filter, "reports")
    return _page(ledger, _REPORTS, given, filters.on_reports(given), after, limit)


def events(
    ledger: Ledger,
    filter: Filter = EVERYTHING,
    after: str | None = None,
    limit: int = 50,
    *,
    entity: str | None = None,
    toward: str | None = None,
) -> Page[EventRow]:
    """A page of events. UsageError for a filter, cursor or limit that is not right.

    `entity` is the id of one, such as `1f0c9a77b3e2:N1`: only what it does, in whichever report, wherever the
    actor is linked to an entity of the same name, type and country, or one that goes by it (`identity`). `toward`
    is the id of one to whom it is done. NotFound when it is not there.
    """
    given = _given(ledger, filter, "events")
    conditions, scope = filters.on_events(given), dict(given)
    for name, role, id in (("entity", "actor", entity), ("toward", "recipient", toward)):
        if who := everybody(ledger, id, filters.as_of(given)):
            conditions += filters.who_takes_part(who, role)
            scope[name] = str(who)
    return _page(ledger, _EVENTS, scope, conditions, after, limit)


def attributions(
    ledger: Ledger,
    filter: Filter = EVERYTHING,
    after: str | None = None,
    limit: int = 50,
    *,
    entity: str | None = None,
) -> Page[AttributionRow]:
    """A page of attributions. UsageError for a filter, cursor or limit that is not right.

    `entity` is the id of one: only what it says, in whichever report, as with `events`.
    """
    given = _given(ledger, filter, "attributions")
    who = everybody(ledger, entity, filters.as_of(given))
    conditions = [*filters.on_attributions(given), *(filters.who_says(who) if who else [])]
    return _page(ledger, _ATTRIBUTIONS, {**given, "entity": str(who)}, conditions, after, limit)


def entities(ledger: Ledger, filter: Filter = EVERYTHING, after: str | None = None, limit: int = 50) -> Page[EntityRow]:
    """A page of entities: the same name, type and country in several reports is one row.

    The figures of a row count what is in the reports that match the filter.
    """
    given = _given(ledger, filter, "entities")
    conditions = filters.on_entities(given, _looked_up(ledger, given))
    return _page(ledger, _ENTITIES, given, conditions, after, limit)


def _looked_up(ledger: Ledger, given: dict[str, str]) -> str | None:
    """What few entities are looked up by. All others are found by walking over all of them in order, which is quicker
    where many match."""
    with ledger.connection() as connection:
        for column, rows in filters.may_be_few(given).items():
            counted = select(func.count()).select_from(rows.limit(_FEW[column] + 1).subquery())
            if connection.execute(counted).scalar_one() <= _FEW[column]:
                return column
    return None


def readings(ledger: Ledger, filter: Filter = EVERYTHING, *, corrected: bool = False) -> Iterator[Reading]:
    """The current readings of the reports that match, whole, in order of the report's id.

    `corrected`: only of reports with a mark that somebody corrected or accepted.
    """
    conditions = filters.on_reports(_given(ledger, filter, "reports"))
    if corrected:
        conditions.append(schema.readings.c.report.in_(select(schema.corrections.c.report)))
    return ledger.readings(*conditions)


def readings_of(ledger: Ledger, reports: Iterable[str], as_of: AsOf) -> dict[str, Reading]:
    """The readings of some reports that are named by their whole ids, by these, in the order in which they are named;
    without those that were not there then.
    """
    ids = list(reports)
    found = {one.report.id: one for one in ledger.readings(*as_of.conditions(), schema.readings.c.report.in_(ids))}
    return {id: found[id] for id in ids if id in found}


def makers(ledger: Ledger, as_of: AsOf) -> list[tuple[str, str]]:
    """The versions and models that made the readings which held then, in order."""
    made = select(schema.readings.c.version, schema.readings.c.model).where(*as_of.conditions()).distinct()
    with ledger.connection() as connection:
        return sorted((row.version, row.model) for row in connection.execute(made))


def came_in(ledger: Ledger, since: str, as_of: AsOf, most: int) -> tuple[int, int]:
    """How many reports were published since a day, and by how many outlets: among the first so many of them."""
    r = schema.readings.c
    some = select(r.outlet).where(r.published >= since, *as_of.conditions()).limit(most).subquery()
    counted = select(func.count(), func.count(distinct(some.c.outlet))).select_from(some)
    with ledger.connection() as connection:
        reports, outlets = connection.execute(counted).one()
        return int(reports), int(outlets)


def as_of(filter: Filter) -> AsOf:
    """What a filter asks to go by. UsageError for a day or moment that is none."""
    return filters.as_of(filters.checked(filter, "reports"))


def conditions_on_events(ledger: Ledger, filter: Filter) -> Conditions:
    """What a filter asks of an event, apart from when it was known; nothing for a filter that asks nothing else."""
    given = _given(ledger, filter, "events")
    return filters.on_events(given) if given.keys() - {"as_of", "recorded"} else []


def matching_events(ledger: Ledger, filter: Filter) -> Conditions:
    """What a filter asks of an event and its reading, and when it was known (`filters.on_events`)."""
    return filters.on_events(_given(ledger, filter, "events"))


def _given(ledger: Ledger, filter: Filter, kind: str) -> dict[str, str]:
    given = filters.checked(filter, kind)
    return {**given, "report": ledger.resolve(given["report"])} if "report" in given else given


def everybody(ledger: Ledger, entity: str | None, as_of: AsOf) -> list[Who]:
    """Whom the id of an entity means in all reports (`identity`), itself first; nobody without an id. NotFound."""
    if not (entity and entity.strip()):
        return []
    who = Who.of(ledger.entity(entity.strip(), as_of)[1])
    with ledger.connection() as connection:
        return identity.same_as(connection, who, as_of)


# --- the four lists ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Order:
    """The columns that order a list and tell its rows apart; `newest_first` turns the first one round."""

    columns: tuple[Column[Any], ...]
    newest_first: bool = True

    def of(self, statement: Select[Any]) -> Select[Any]:
        """The statement in this order."""
        first, *rest = self.columns
        if not self.newest_first:
            return statement.order_by(*self.columns)
        # `number` orders nothing more, but tells SQLite that rows come sorted out of nested loops
        return statement.order_by(first.desc(), rest[0], schema.readings.c.number, *rest[1:])

    def after(self, key: cursors.Key) -> ColumnElement[bool]:
        """That a row comes after the one of that key."""
        if not self.newest_first:
            return _beyond(self.columns, key)
        first, *rest = self.columns
        # the outer bound says what the `or` does already, in a form that an index can follow
        return and_(first <= key[0], or_(first < key[0], _beyond(rest, key[1:])))


@dataclass(frozen=True, slots=True)
class _List(Generic[AnyRow]):
    """One kind of row: what is fetched for it, in which order, and how rows are made of that."""

    kind: str
    statement: Select[Any]
    order: _Order
    rows: Callable[[Connection, Sequence[Row[Any]]], list[AnyRow]]


def _beyond(columns: Sequence[ColumnElement[Any]], key: cursors.Key) -> ColumnElement[bool]:
    return tuple_(*columns) > tuple_(*(literal(value) for value in key))


def _how_many(table: Table) -> Any:
    rows = select(func.count()).select_from(table).where(table.c.reading == schema.readings.c.number)
    return rows.scalar_subquery().label(table.name)


def _in_readings(table: Table) -> FromClause:
    return in_order(schema.readings, table, table.c.reading == schema.readings.c.number)


_reading, _entity, _attribution, _event = (
    table.c for table in (schema.readings, schema.entities, schema.attributions, schema.events)
)
_origin = (_reading.report, _reading.title, _reading.outlet, _reading.published)

_REPORTS = _List(
    "reports",
    select(
        *_origin,
        *(_reading[name] for name in ("url", "language")),
        *(_how_many(table) for table in (schema.entities, schema.attributions, schema.events)),
        *(_reading[name] for name in ("version", "model", "recorded_at")),
    ),
    _Order((_reading.published, _reading.report)),
    assemble.report_rows,
)

_EVENTS = _List(
    "events",
    select(
        *_origin,
        schema.events,
        _attribution.id.label("holder"),
        *(_attribution[name] for name in ("source", "cue", "kind", "name", "stance")),
    ).select_from(filters.held(_in_readings(schema.events))),
    _Order((_reading.published, _reading.report, _event.position)),
    assemble.event_rows,
)

_ATTRIBUTIONS = _List(
    "attributions",
    select(*_origin, schema.attributions).select_from(_in_readings(schema.attributions)),
    _Order((_reading.published, _reading.report, _attribution.position)),
    assemble.attribution_rows,
)

_ENTITIES = _List(
    "entities",
    select(
        _entity.name_folded,
        _entity.name,
        _entity.type,
        _entity.country,
        func.min(_reading.report + _entity.id).label("first"),
        func.count(distinct(_entity.reading)).label("reports"),
        *(func.sum(_entity[name]).label(name) for name in ("mentions", "acts", "receives", "says")),
    )
    .select_from(in_order(schema.entities, schema.readings, _entity.reading == _reading.number))
    .group_by(_entity.name_folded, _entity.name, _entity.type, _entity.country),
    _Order((_entity.name_folded, _entity.name, _entity.type, _entity.country), newest_first=False),
    assemble.entity_rows,
)


def _page(
    ledger: Ledger,
    list: _List[AnyRow],
    given: dict[str, str],
    conditions: Conditions,
    after: str | None,
    limit: int,
) -> Page[AnyRow]:
    if not 1 <= limit <= MOST:
        raise UsageError(f"a page of {limit} rows", f"ask for 1 to {MOST}")
    scope = f"{list.kind} {sorted(given.items())}"
    columns = list.order.columns
    if after is not None:
        kinds = tuple(column.type.python_type for column in columns)
        conditions = [*conditions, list.order.after(cursors.decode(scope, after, kinds))]
    statement = list.order.of(list.statement.where(*conditions)).limit(limit + 1)
    with ledger.connection() as connection:
        found = connection.execute(statement).all()
        rows = tuple(list.rows(connection, found[:limit]))
    if len(found) <= limit:
        return Page(rows, None)
    last = found[limit - 1]._mapping
    return Page(rows, cursors.encode(scope, tuple(last[column.name] for column in columns)))
