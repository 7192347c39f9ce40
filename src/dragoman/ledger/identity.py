"""Who is the same across reports: by name and alias with type and country agreeing, or as somebody judged.

Invariant: names that are merely alike never join; they wait for a judgement (`compare.alike`). A judgement is a new
row, and the latest of a pair holds.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, Row, and_, literal, or_, select

from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.decisions import counts
from dragoman.ledger.filters import Who
from dragoman.ledger.schema import entities, judgements, names, readings

VERDICTS = ("same", "different", "unsure")
_MOST = 200
"""Entities that one may go by, so that a chain of wrong judgements stays small."""

Pair = frozenset[Who]


def same_as(connection: Connection, who: Who, as_of: AsOf = NOW) -> list[Who]:
    """Everybody that is the same by what the ledger held then, the one asked for first."""
    found, waiting, apart = {who: None}, [who], judged(connection, who, as_of)
    while waiting and len(found) < _MOST:
        verdicts = judged(connection, waiting[0], as_of)
        near = [other for other, verdict in verdicts.items() if verdict == "same"]
        near += _by_alias(connection, waiting.pop(0), as_of)
        for other in near:
            if other not in found and verdicts.get(other, "same") == apart.get(other, "same") == "same":
                found[other] = None
                waiting.append(other)
    return list(found)


def judged(connection: Connection, who: Who, as_of: AsOf = NOW) -> dict[Who, str]:
    """The verdict on each other that was compared with them: the latest."""
    table = judgements.c
    one, other = (
        and_(*(table[f"{side}_{part}"] == getattr(who, part) for part in ("name", "type", "country")))
        for side in ("one", "other")
    )
    rows = sorted(
        connection.execute(select(judgements).where(or_(one, other), *counts(judgements, as_of))),
        key=lambda row: int(row.number),
    )
    return {end: row.verdict for row in rows for end in _ends(row) if end != who}


def all_judged(connection: Connection, as_of: AsOf = NOW) -> dict[Pair, str]:
    """The latest verdict on every pair then."""
    told = select(judgements).where(*counts(judgements, as_of))
    rows = connection.execute(told.order_by(judgements.c.number))
    return {frozenset(_ends(row)): row.verdict for row in rows}


def judgement(one: Who, other: Who, verdict: str) -> dict[str, str]:
    """What a row says that judges two."""
    sides = {
        f"{side}_{part}": str(getattr(who, part))
        for side, who in (("one", one), ("other", other))
        for part in ("name", "type", "country")
    }
    return {"verdict": verdict, **sides}


def _by_alias(connection: Connection, who: Who, as_of: AsOf) -> list[Who]:
    """Those of the same type and known country who go by this name, or whose name this one goes by, as reports tell.

    A person's short name (`Sarre`) is none to go by: more than one may have it.
    """
    if not who.country:
        return []
    aliases = [line for line in _aliases(connection, who, as_of) if who.type != "person" or " " in line]
    called: ColumnElement[bool] = entities.c.name_folded.in_(aliases)
    if who.type != "person" or " " in who.name:
        called = or_(called, entities.c.names.in_(select(names.c.number).where(_has_line(who.name))))
    found = connection.execute(
        select(entities.c.name_folded)
        .distinct()
        .join(readings, readings.c.number == entities.c.reading)
        .where(called, entities.c.type == who.type, entities.c.country == who.country, *as_of.held())
    )
    return [Who(name, who.type, who.country) for name in found.scalars() if name != who.name]


def _aliases(connection: Connection, who: Who, as_of: AsOf) -> set[str]:
    """Every name that reports give them, folded."""
    told = (entities.c.name_folded, entities.c.type, entities.c.country)
    same = (column == value for column, value in zip(told, (who.name, who.type, who.country), strict=True))
    rows = connection.execute(
        select(names.c.folded)
        .distinct()
        .join(entities, entities.c.names == names.c.number)
        .join(readings, readings.c.number == entities.c.reading)
        .where(*same, *as_of.held())
    )
    return {line for folded in rows.scalars() for line in folded.split("\n")}


def _has_line(line: str) -> ColumnElement[bool]:
    """That one of the names on a row, a line each, is this one."""
    bearing = literal("\n").concat(names.c.folded).concat("\n")
    # on most rows the first condition fails, and the rest is not looked at: half the time on a million events
    return and_(names.c.folded.contains(line, autoescape=True), bearing.contains(f"\n{line}\n", autoescape=True))


def _ends(row: Row[tuple[object, ...]]) -> tuple[Who, Who]:
    told = row._mapping
    one, other = (
        Who(*(str(told[f"{side}_{part}"]) for part in ("name", "type", "country"))) for side in ("one", "other")
    )
    return one, other
