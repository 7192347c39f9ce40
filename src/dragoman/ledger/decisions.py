"""What people decide over the machine: retractions, corrections, grades, joins.

Invariant: each decision is a new row with who decided it and why, and the latest on the same matter holds. A mark is
named by its report and where its words stand (`anchor`), so a decision outlives the reading that it was made on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, exists, insert, select

from dragoman.ledger.as_of import NOW, AsOf, now
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.schema import acts, corrections, grades, joins, retractions
from dragoman.records import Attribution, Event, Span, stretch

RETRACTED, RESTORED = "retracted", "restored"

_TAKEN, _BY = acts.alias("taken"), acts.alias("by")


@dataclass(frozen=True, slots=True)
class Decision:
    """Why something was decided and by whom, as it was told; when, in UTC."""

    reason: str
    decided_by: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Retraction:
    """That a report no longer counts, from which day on."""

    day: str
    decision: Decision


@dataclass(frozen=True, slots=True)
class Correction:
    """What a mark of a kind (`event` or `attribution`), named by the place of its words, should say in a field.

    The kind `report` is the report as a whole (`correcting.COMPLETE`). `recorded_at` is when it was decided, in UTC;
    empty while it is not yet in a ledger.
    """

    kind: str
    span: Span
    field: str
    value: str | None
    reason: str = ""
    decided_by: str = ""
    recorded_at: str = ""


@dataclass(frozen=True, slots=True)
class Overruling:
    """A grade that somebody gave in place of the machine's."""

    grade: str
    decision: Decision


def anchor(report: str, span: Span) -> str:
    """A name for a mark by its words, which is the same whichever model read the report."""
    return f"{report}:{span[0]}-{span[1]}"


def span_of(mark: Event | Attribution) -> Span:
    """The stretch of text that names a mark: an event's trigger; an attribution's source and cue, else its content.

    An attribution without any words is named by the start of the text.
    """
    if isinstance(mark, Event):
        return mark.trigger
    return stretch(mark.source + mark.cue or mark.content)


def record(connection: Connection, table: Table, reason: str, decided_by: str, **decided: str | int | None) -> int:
    """Adds a row to a table of decisions; its number."""
    row = {**decided, "reason": reason.strip(), "decided_by": decided_by.strip(), "recorded_at": now()}
    number: int = connection.execute(insert(table).returning(table.c.number), storable_row(row)).scalar_one()
    return number


def correct(connection: Connection, report: str, correction: Correction) -> int:
    """Adds a correction; its number."""
    told = {part: getattr(correction, part) for part in ("kind", "field", "value")}
    start, end = correction.span
    return record(
        connection, corrections, correction.reason, correction.decided_by, report=report, start=start, end=end, **told
    )


def counts(table: Table, as_of: AsOf = NOW) -> list[ColumnElement[bool]]:
    """That a row of decisions was there by then, and the act that it belongs to had not been taken back (`acts`)."""
    taken, by = _TAKEN.c, _BY.c
    back = exists().where(
        taken.of == table.name,
        table.c.number.between(taken.first, taken.last),
        by.undoes == taken.number,
        *as_of.recorded_by(by.recorded_at),
    )
    return [~back, *as_of.recorded_by(table.c.recorded_at)]


def retraction(connection: Connection, report: str, as_of: AsOf) -> Retraction | None:
    """The retraction of a report, if it was retracted then."""
    found = connection.execute(
        select(retractions)
        .where(retractions.c.report == report, *as_of.decided(retractions.c))
        .order_by(retractions.c.number.desc())
        .limit(1)
    ).one_or_none()
    if found is None or found.verdict != RETRACTED:
        return None
    return Retraction(found.day, Decision(found.reason, found.decided_by, found.recorded_at))


def corrections_of(connection: Connection, report: str, as_of: AsOf = NOW) -> list[Correction]:
    """The corrections of a report's marks that had been recorded then and were not taken back, in their order."""
    rows = connection.execute(
        select(corrections)
        .where(
            corrections.c.report == report,
            *as_of.recorded_by(corrections.c.recorded_at),
            *counts(corrections),
        )
        .order_by(corrections.c.number)
    )
    return [
        Correction(
            row.kind,
            (row.start, row.end),
            row.field,
            row.value,
            row.reason,
            row.decided_by,
            row.recorded_at,
        )
        for row in rows
    ]


def overrulings(connection: Connection, as_of: AsOf) -> dict[str, Overruling]:
    """The latest grade that somebody had given to each subject then."""
    rows = connection.execute(select(grades).where(*as_of.recorded_by(grades.c.recorded_at)).order_by(grades.c.number))
    return {row.subject: Overruling(row.grade, Decision(row.reason, row.decided_by, row.recorded_at)) for row in rows}


def joined(connection: Connection, as_of: AsOf) -> dict[tuple[str, str], str]:
    """The latest verdict on each two events, which are named by their anchors in order."""
    rows = connection.execute(select(joins).where(*counts(joins, as_of)).order_by(joins.c.number))
    return {(row.one, row.other): row.verdict for row in rows}
