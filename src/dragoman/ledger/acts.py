"""What somebody decided at one stroke: corrections of marks, be it one or a hundred, or a judgement; taking it back.

Invariant: an act and its rows are one transaction, so the rows stand in one run of numbers. Taking an act back is a new
act that names it: nothing is erased, and the rows of the old one no longer count (`undone`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, Select, Table, and_, or_, select

from dragoman.errors import NotFound, Overtaken, UsageError
from dragoman.ledger import correcting, decisions
from dragoman.ledger.amending import amend, as_read, current
from dragoman.ledger.decisions import Correction, Decision, record, span_of
from dragoman.ledger.ids import mark_id
from dragoman.ledger.schema import acts, corrections
from dragoman.records import Attribution, Event, Reading, Span

UNDO = "undo"
"""What an act does that takes another one back."""


@dataclass(frozen=True, slots=True)
class Change:
    """What the fields of a mark should say. `report` is the whole id, `mark` the mark's own id, or '' for the report.

    `seen` is the `state` in which the mark was looked at; None is any.
    """

    report: str
    mark: str
    fields: tuple[tuple[str, str | None], ...]
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what was done, in which rows of which table, by whom and when."""

    number: int
    did: str
    of: str
    first: int
    last: int
    decision: Decision


def state(mark: Event | Attribution) -> str:
    """A name for all that a mark says now: another one when anything in it was changed."""
    return hashlib.sha256(repr(mark).encode("utf-8", "backslashreplace")).hexdigest()[:16]


def change(
    connection: Connection, changes: Sequence[Change], did: str, reason: str, decided_by: str
) -> dict[str, Reading]:
    """Records what marks should say; the corrected readings by their reports' ids.

    UsageError, NotFound; Overtaken when a mark is not any more as it was seen.
    """
    by_report: dict[str, list[Change]] = {}
    for change in changes:
        by_report.setdefault(change.report, []).append(change)
    made, numbers = {}, list[int]()
    for report, wanted in by_report.items():
        given, held = as_read(connection, report), current(connection, report)
        for change in wanted:
            for correction in _corrections(change, held, given, reason, decided_by):
                numbers.append(decisions.correct(connection, report, correction))
        made[report] = amend(connection, given)
    _record(connection, corrections, numbers, did, reason, decided_by)
    return made


def judge(
    connection: Connection,
    table: Table,
    told: dict[str, str],
    did: str,
    reason: str,
    decided_by: str,
    seen: str | None = None,
) -> None:
    """Records a judgement in its table. `seen` is the verdict there was, '' for none: Overtaken if it is another."""
    if seen is not None and seen != _verdict(connection, table, told):
        raise Overtaken("these two were judged meanwhile", "look at them again")
    number = record(connection, table, reason, decided_by, **told)
    _record(connection, table, [number], did, reason, decided_by)


def _verdict(connection: Connection, table: Table, told: dict[str, str]) -> str:
    """The verdict on the two that a judgement is about, whichever comes first; '' where there is none."""
    parts = [part for part in told if part != "verdict"]
    half = len(parts) // 2
    turned = dict(zip(parts, (*parts[half:], *parts[:half]), strict=True))
    ways = [and_(*(table.c[part] == told[way[part]] for part in parts)) for way in ({p: p for p in parts}, turned)]
    found = select(table.c.verdict).where(or_(*ways), *decisions.counts(table)).order_by(table.c.number.desc()).limit(1)
    return connection.execute(found).scalar_one_or_none() or ""


def last(connection: Connection, decided_by: str) -> Act | None:
    """The last act of somebody that is not taken back; None where there is none."""
    found = connection.execute(
        select(acts)
        .where(acts.c.decided_by == decided_by.strip(), acts.c.undoes.is_(None), acts.c.number.not_in(_taken_back()))
        .order_by(acts.c.number.desc())
        .limit(1)
    ).one_or_none()
    return None if found is None else _act(found)


def undo(connection: Connection, decided_by: str, number: int | None = None) -> Act:
    """Takes back the last act of somebody, and gives it. NotFound when there is none.

    `number` is the one that is meant: Overtaken when another one was the last meanwhile.
    """
    act = last(connection, decided_by)
    if act is None:
        raise NotFound("nothing to take back", "what you decide from now on can be")
    if number not in (None, act.number):
        raise Overtaken("that is not the last thing you decided any more", "look at what is, and take that back")
    told: dict[str, str | int | None] = {"did": UNDO, "of": act.of, "first": 0, "last": 0, "undoes": act.number}
    record(connection, acts, "", decided_by, **told)
    if act.of == corrections.name:
        for report in reports_of(connection, act):
            amend(connection, as_read(connection, report))
    return act


def reports_of(connection: Connection, act: Act) -> list[str]:
    """The reports whose marks an act corrected."""
    return sorted({place[0] for place in marks_of(connection, act)})


def marks_of(connection: Connection, act: Act) -> list[tuple[str, str, Span]]:
    """The marks that an act corrected, in the order in which it did: report, kind, and where the words stand."""
    told = corrections.c
    rows = connection.execute(
        select(told.report, told.kind, told.start, told.end)
        .where(told.number.between(act.first, act.last))
        .order_by(told.number)
    )
    return list(dict.fromkeys((row.report, row.kind, (row.start, row.end)) for row in rows))


def _taken_back() -> Select[tuple[int]]:
    return select(acts.c.undoes).where(acts.c.undoes.is_not(None))


def _record(
    connection: Connection, table: Table, numbers: Sequence[int], did: str, reason: str, decided_by: str
) -> None:
    if not numbers:
        raise UsageError("nothing is decided", "name a mark and what it should say")
    rows = {"first": min(numbers), "last": max(numbers), "undoes": None}
    record(connection, acts, reason, decided_by, did=did, of=table.name, **rows)


def _act(row: Row[tuple[object, ...]]) -> Act:
    told = row._mapping
    decision = Decision(told["reason"], told["decided_by"], told["recorded_at"])
    return Act(told["number"], told["did"], told["of"], told["first"], told["last"], decision)


def _corrections(change: Change, held: Reading, given: Reading, reason: str, decided_by: str) -> Iterator[Correction]:
    """What a change comes to, each value checked against the mark as the values before it leave it."""
    if not change.mark:
        for field, value in change.fields:
            value = correcting.checked(held, field, value)
            yield Correction(correcting.REPORT, (0, 0), field, value, reason, decided_by)
        return
    mark = _mark(change, held, given)
    for field, value in change.fields:
        value = correcting.checked(mark, field, value)
        yield Correction(correcting.kind_of(mark), span_of(mark), field, value, reason, decided_by)
        mark = correcting.with_value(mark, field, value)


def _mark(change: Change, held: Reading, given: Reading) -> Event | Attribution:
    """The mark as it is now; one that was dropped is only in what the model gave."""
    id = mark_id(change.report, change.mark)
    if any(entity.id == change.mark for entity in held.entities):
        raise UsageError(f"{id} is an entity, which cannot be corrected", "judge it: `dragoman judge`")
    now = _named(held, change.mark)
    mark = now or _named(given, change.mark)
    if mark is None:
        cure = "see `dragoman list`: another model may have renumbered the marks"
        raise NotFound(f"no mark {id!r} in the ledger", cure)
    if change.seen is not None and (now is None or state(now) != change.seen):
        raise Overtaken(f"{id} is not any more as you saw it", "look at it again")
    return mark


def _named(reading: Reading, id: str) -> Event | Attribution | None:
    marks: tuple[Event | Attribution, ...] = (*reading.events, *reading.attributions)
    return next((mark for mark in marks if mark.id == id), None)
