"""The copies and happenings of a ledger: worked out when something in it changed, else taken from what it kept.

Invariant: what is given is the same whether it was kept or not. A ledger that cannot be written to keeps nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import Any

from dragoman.compare.chains import Chain, Copies
from dragoman.compare.contradictions import Contradiction, Toll
from dragoman.compare.copies import Tree, copies, grouped
from dragoman.compare.happenings import Happening, members_of
from dragoman.compare.happenings import happenings as worked_out
from dragoman.compare.judge import Judgement
from dragoman.errors import LedgerBusy, LedgerWriteFailed
from dragoman.ledger import comparisons, decisions, query
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.comparisons import Finding
from dragoman.ledger.filters import Conditions
from dragoman.ledger.ids import split_mark_id
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.schema import events, readings
from dragoman.ledger.store import Ledger

COPIES, HAPPENINGS = "copies", "happenings"
_REPORTS_AT_ONCE = 500
"""Below the 999 variables in one statement that the oldest SQLite in use allows."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A happening as it is kept: its events by their ids."""

    id: str
    type: str
    start: str | None
    end: str | None
    members: tuple[str, ...]
    joins: tuple[Judgement, ...]
    contradictions: tuple[Contradiction, ...]
    tolls: tuple[Toll, ...]
    chains: tuple[Chain, ...]
    copies: dict[str, str]


def trees(ledger: Ledger, as_of: AsOf = NOW, limit: int | None = None) -> list[Tree]:
    """The copy trees of the reports told by then, in order of their originals; reports without copies are left out."""

    def work(then: AsOf) -> list[Finding]:
        found = grouped(copies(reading.report for reading in ledger.readings(*then.conditions())))
        return [Finding(tree.original.id, 1 + len(tree.copies), _written(Tree, tree)) for tree in found]

    found, _ = _findings(ledger, COPIES, as_of, work, [], limit)
    return [_read(Tree, text) for text in found]


def originals(ledger: Ledger, as_of: AsOf = NOW) -> Copies:
    """The id of the report that a report copies, by the id of the copy; relays are none."""
    taken = (copy for tree in trees(ledger, as_of) for copy in tree.copies if copy.kind == "copy")
    return {copy.report.id: copy.original.id for copy in taken}


def happenings(ledger: Ledger, filter: Filter = EVERYTHING, limit: int | None = None) -> list[Happening]:
    """The happenings that more than one report tells and of which an event matches, those in the most reports first.

    Copies are one chain. What is told after `as_of` is left out before anything is compared. UsageError.
    """

    def work(then: AsOf) -> list[Finding]:
        with ledger.connection() as connection:
            judged = decisions.joined(connection, then)
        found = worked_out(ledger.readings(*then.conditions()), originals(ledger, as_of), judged)
        told = sorted((one for one in found if len(one.reports) > 1), key=lambda one: -len(one.reports))
        return [_finding(one) for one in told]

    as_of = query.as_of(filter)
    return _whole(
        ledger, *_findings(ledger, HAPPENINGS, as_of, work, query.conditions_on_events(ledger, filter), limit)
    )


def is_compared(ledger: Ledger, as_of: AsOf = NOW) -> bool:
    """Whether the happenings of then are worked out, and nothing has changed since."""
    with ledger.connection() as connection:
        content, _ = comparisons.content(connection, as_of)
        return comparisons.find(connection, HAPPENINGS, version("dragoman"), content) is not None


def tree_of(ledger: Ledger, report: str, as_of: AsOf = NOW) -> Tree | None:
    """The copy tree that a report, named by its whole id, is in; None also where copies are not worked out yet."""
    found, _ = _findings(ledger, COPIES, as_of, None, [], 1, holding=report)
    return _read(Tree, found[0]) if found else None


def happening_of(ledger: Ledger, event: str, as_of: AsOf = NOW) -> Happening | None:
    """The happening that an event tells together with other reports; None also where none are worked out yet."""
    report, id = split_mark_id(event)
    conditions = [readings.c.report == ledger.resolve(report), events.c.id == id]
    return next(iter(_whole(ledger, *_findings(ledger, HAPPENINGS, as_of, None, conditions, 1))), None)


def _findings(
    ledger: Ledger,
    step: str,
    as_of: AsOf,
    work: Callable[[AsOf], list[Finding]] | None,
    conditions: Conditions,
    limit: int | None,
    holding: str = "",
) -> tuple[list[str], AsOf]:
    """The findings of a step as JSON: those that were kept, or else worked out anew and kept; none without `work`.

    And the time with the very rows that they were worked out from.
    """
    made_by = version("dragoman")
    with ledger.connection() as connection:
        content, then = comparisons.content(connection, as_of)  # others may be adding
        number = comparisons.find(connection, step, made_by, content)
        if number is not None:
            return comparisons.found(connection, number, conditions, limit, holding), then
    if work is None:
        return [], then
    found = work(then)
    with suppress(LedgerBusy, LedgerWriteFailed), ledger.writing() as connection:
        number = comparisons.find(connection, step, made_by, content)  # another process may have been first
        if number is None:
            number = comparisons.keep(connection, step, made_by, content, then, found)
        return comparisons.found(connection, number, conditions, limit, holding), then
    with ledger.connection() as connection:
        matching = comparisons.matching(connection, conditions) if conditions else None
    return [one.json for one in found if matching is None or not matching.isdisjoint(one.events)][:limit], then


def _finding(one: Happening) -> Finding:
    events = tuple(member.told.key for member in one.members)
    kept = _Kept(
        one.id, one.type, one.start, one.end, events, one.joins, one.contradictions, one.tolls, one.chains,
        dict(one.copies),
    )  # fmt: skip
    return Finding(one.id, len(one.reports), _written(_Kept, kept), events)


def _whole(ledger: Ledger, found: Sequence[str], as_of: AsOf) -> list[Happening]:
    """The happenings with their events as the reports tell them."""
    kept: list[_Kept] = [_read(_Kept, text) for text in found]
    ids = sorted({report for one in kept for chain in one.chains for report in chain.reports})
    members = {
        member.told.key: member
        for start in range(0, len(ids), _REPORTS_AT_ONCE)
        for reading in ledger.readings(
            *as_of.conditions(), readings.c.report.in_(ids[start : start + _REPORTS_AT_ONCE])
        )
        for member in members_of(reading)
    }
    return [
        Happening(
            id=one.id,
            type=one.type,
            start=one.start,
            end=one.end,
            members=tuple(members[event] for event in one.members),
            joins=one.joins,
            contradictions=one.contradictions,
            tolls=one.tolls,
            chains=one.chains,
            copies=one.copies,
        )
        for one in kept
    ]


def _written(kind: type, found: Any) -> str:
    return json.dumps(_adapter(kind).dump_python(found, mode="json"), separators=(",", ":"))


def _read(kind: type, text: str) -> Any:
    return _adapter(kind).validate_python(json.loads(text))


@cache
def _adapter(kind: type) -> Any:
    """What makes plain values of a record, and the record of them."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
