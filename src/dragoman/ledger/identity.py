"""Who is the same across reports: by name and alias with type and country agreeing, or as somebody judged.

Invariant: names that are merely alike never join; they wait for a judgement (`compare.alike`). A judgement is a new
row, and the latest of a pair holds.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select

from dragoman.ledger.as_of import NOW
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import storable
from dragoman.ledger.schema import entities, judgements, names, readings

VERDICTS = ("same", "different", "unsure")
_MOST = 200
"""Entities that one may go by, so that a chain of wrong judgements stays small."""

Pair = frozenset[Who]


def same_as(connection: Connection, who: Who) -> list[Who]:
    """Everybody that is the same, the one asked for first."""
    found, waiting, apart = {who: None}, [who], judged(connection, who)
    while waiting and len(found) < _MOST:
        near = [*_judged_same(connection, waiting[0]), *_by_alias(connection, waiting[0])]
        verdicts = judged(connection, waiting.pop(0))
        for other in near:
            if other not in found and verdicts.get(other, "same") == apart.get(other, "same") == "same":
                found[other] = None
                waiting.append(other)
    return list(found)


def judged(connection: Connection, who: Who) -> dict[Who, str]:
    """The verdict on each other that was compared with them: the latest."""
    table = judgements.c
    one, other = (
        and_(*(table[f"{side}_{part}"] == getattr(who, part) for part in ("name", "type", "country")))
        for side in ("one", "other")
    )
    rows = sorted(connection.execute(select(judgements).where(or_(one, other))), key=lambda row: int(row.number))
    return {end: row.verdict for row in rows for end in _ends(row) if end != who}


def all_judged(connection: Connection) -> dict[Pair, str]:
    """The latest verdict on every pair."""
    rows = connection.execute(select(judgements).order_by(judgements.c.number))
    return {frozenset(_ends(row)): row.verdict for row in rows}


def record(connection: Connection, one: Who, other: Who, verdict: str, judged_by: str) -> None:
    """Adds a judgement."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    sides = {
        f"{side}_{part}": getattr(who, part)
        for side, who in (("one", one), ("other", other))
        for part in ("name", "type", "country")
    }
    connection.execute(
        insert(judgements), {**sides, "verdict": verdict, "judged_by": storable(judged_by), "recorded_at": now}
    )


def _judged_same(connection: Connection, who: Who) -> list[Who]:
    return [other for other, verdict in judged(connection, who).items() if verdict == "same"]


def _by_alias(connection: Connection, who: Who) -> list[Who]:
    """Those of the same type and known country who go by this name, or whose name this one goes by, as reports tell.

    A person's short name (`Sarre`) is none to go by: more than one may have it.
    """
    if not who.country:
        return []
    aliases = [line for line in _aliases(connection, who) if who.type != "person" or " " in line]
    called: ColumnElement[bool] = entities.c.name_folded.in_(aliases)
    if who.type != "person" or " " in who.name:
        called = or_(called, entities.c.names.in_(select(names.c.number).where(_has_line(who.name))))
    found = connection.execute(
        select(entities.c.name_folded)
        .distinct()
        .join(readings, readings.c.number == entities.c.reading)
        .where(called, entities.c.type == who.type, entities.c.country == who.country, *NOW.held())
    )
    return [Who(name, who.type, who.country) for name in found.scalars() if name != who.name]


def _aliases(connection: Connection, who: Who) -> set[str]:
    """Every name that reports give them, folded."""
    told = (entities.c.name_folded, entities.c.type, entities.c.country)
    same = (column == value for column, value in zip(told, (who.name, who.type, who.country), strict=True))
    rows = connection.execute(
        select(names.c.folded).distinct().join(entities, entities.c.names == names.c.number).where(*same)
    )
    return {line for folded in rows.scalars() for line in folded.split("\n")}


def _has_line(line: str) -> ColumnElement[bool]:
    """That one of the names on a row, a line each, is this one."""
    bearing = names.c.folded
    return or_(
        bearing == line,
        bearing.startswith(f"{line}\n", autoescape=True),
        bearing.endswith(f"\n{line}", autoescape=True),
        bearing.contains(f"\n{line}\n", autoescape=True),
    )


def _ends(row: Row[tuple[object, ...]]) -> tuple[Who, Who]:
    told = row._mapping
    one, other = (
        Who(*(str(told[f"{side}_{part}"]) for part in ("name", "type", "country"))) for side in ("one", "other")
    )
    return one, other
