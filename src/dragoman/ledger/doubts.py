"""The marks that the model is unsure of, those nearest to even odds first: a queue for somebody to review.

Invariant: a mark that somebody corrected, accepted or dropped is in no queue, since the current reading has it without
doubt or not at all. Marks of equal doubt come in the order of their reports' ids, so the order depends on what is in
the ledger alone, and a cursor neither repeats nor skips a mark that was there throughout.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, literal, literal_column, or_, select, tuple_

from dragoman.errors import UsageError
from dragoman.ledger import cursors, filters
from dragoman.ledger.filters import Conditions, Filter
from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import Page
from dragoman.ledger.schema import attributions, events, readings
from dragoman.ledger.store import Ledger
from dragoman.ledger.walking import in_order

SETTLED = 70
"""Per cent of confidence from which a mark is not in question: as far above even odds as 30 is below."""

_ROUNDED = 1e-9
"""More than a difference of two numbers below 1 is off."""

_FEW = 1_000
"""Marks that a filter leaves which are quicker sorted than found by walking over all marks in their order."""


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A mark to review: its id across the ledger, how sure the model is, and the cursor that leads on from it."""

    id: str
    report: str
    confidence: float
    cursor: str


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of mark: its table, what a filter asks of it, and its doubt in the words of its index."""

    table: Table
    conditions: Callable[[dict[str, str]], Conditions]

    @property
    def doubt(self) -> ColumnElement[float]:
        return literal_column(f"abs({self.table.name}.confidence - 0.5)").label("doubt")

    @property
    def key(self) -> tuple[ColumnElement[Any], ...]:
        return (self.doubt, readings.c.report, self.table.c.id)


KINDS = {
    "event": _Kind(events, filters.on_events),
    "attribution": _Kind(attributions, filters.on_attributions),
}
"""The kinds of marks that are reviewed."""


def doubts(
    ledger: Ledger, kind: str, filter: Filter, after: str | None = None, limit: int = 50, below: int = SETTLED
) -> Page[Doubtful]:
    """A page of the marks of a kind with less confidence than `below` per cent. UsageError.

    It is of what is known now: `as_of` and `recorded` of the filter are left out of account.
    """
    if not 1 <= below <= 100:
        raise UsageError(f"{below} is no confidence", "give per cent, from 1 to 100")
    found = KINDS[kind]
    given = filters.checked(replace(filter, as_of=None, recorded=None), f"{kind}s")
    if "report" in given:
        given["report"] = ledger.resolve(given["report"])
    scope = f"doubts {kind} {below} {sorted(given.items())}"
    key = None if after is None else _key(scope, after)
    conditions = [*found.conditions(given), found.table.c.confidence < below / 100]
    if below < 50:  # says the same, where the walk begins
        conditions.append(found.doubt > 0.5 - below / 100 - _ROUNDED)
    rows = _few(ledger, found, conditions, key) if given else None
    if rows is None:
        rows = _walk(ledger, found, conditions, key, limit + 1)
    marks = tuple(_doubtful(scope, row) for row in rows[:limit])
    return Page(marks, marks[-1].cursor if len(rows) > limit else None)


def _few(ledger: Ledger, kind: _Kind, conditions: Conditions, key: _Key | None) -> Sequence[Row[Any]] | None:
    """All that match, in order; None where they are many."""
    joined = in_order(readings, kind.table, kind.table.c.reading == readings.c.number)
    with ledger.connection() as connection:
        rows = connection.execute(_statement(kind, joined).where(*conditions).limit(_FEW + 1)).all()
    if len(rows) > _FEW:
        return None
    ordered = sorted(rows, key=lambda row: (row.doubt, row.report, row.id))
    return [row for row in ordered if key is None or (row.doubt, row.report, row.id) > key]


def _walk(ledger: Ledger, kind: _Kind, conditions: Conditions, key: _Key | None, limit: int) -> Sequence[Row[Any]]:
    """The first that match, found by going through the marks in their order."""
    joined = in_order(kind.table, readings, kind.table.c.reading == readings.c.number)
    if key is not None:
        doubt, *rest = kind.key
        # the outer bound says what the `or` does already, in a form that an index can follow
        later = tuple_(*rest) > tuple_(*(literal(value) for value in key[1:]))
        conditions = [*conditions, doubt >= key[0], or_(doubt > key[0], and_(doubt == key[0], later))]
    statement = _statement(kind, joined).where(*conditions).order_by(*kind.key).limit(limit)
    with ledger.connection() as connection:
        return connection.execute(statement).all()


def _statement(kind: _Kind, joined: Any) -> Select[Any]:
    columns = (kind.doubt, readings.c.report, kind.table.c.id, kind.table.c.confidence)
    return select(*columns).select_from(filters.held(joined) if kind.table is events else joined)


_Key = tuple[float, str, str]


def _key(scope: str, after: str) -> _Key:
    doubt, report, id = cursors.decode(scope, after, (str, str, str))
    return float(doubt), str(report), str(id)


def _doubtful(scope: str, row: Row[Any]) -> Doubtful:
    cursor = cursors.encode(scope, (repr(row.doubt), row.report, row.id))
    return Doubtful(mark_id(row.report, row.id), row.report, row.confidence, cursor)
