"""What ended of late of all that the most active actors hold to: superseded, carried out, answered, done or over.

Invariant: only the newest reports on an actor are looked at, so what is found did end by their word, and there may be
more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from dragoman.compare.state import Held, state
from dragoman.compare.state.actors import find
from dragoman.errors import NotFound
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.schema import readings
from dragoman.ledger.store import Ledger
from dragoman.records import LOW

EVENTS = 200
"""Newest events by which it is told who is active."""
ACTORS = 3
REPORTS = 8
"""Newest reports on an actor that are looked at: reading what it does in one takes 7 ms."""


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that an actor held to and that ended since: `held.ended` says how."""

    actor: str
    held: Held


def changed(ledger: Ledger, since: str, until: str, times: Filter) -> list[Changed]:
    """What ended from one day to another, the newest first, as far as is surely told; `times` are as in `Filter`."""
    found: list[Changed] = []
    for name in _active(ledger, since, times):
        found += (Changed(name, one) for one in _held(ledger, name, until, times) if _ended_in(one, since, until))
    return sorted(found, key=lambda one: (one.held.ended.day if one.held.ended else "", one.actor), reverse=True)


def _active(ledger: Ledger, since: str, times: Filter) -> list[str]:
    """The names of those who act most in the newest reports."""
    rows = query.events(ledger, times, limit=EVENTS).rows
    counted = Counter(who.name for row in rows if (row.published or "") >= since for who in row.actors if who.name)
    return [name for name, _ in sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:ACTORS]]


def _held(ledger: Ledger, name: str, until: str, times: Filter) -> tuple[Held, ...]:
    then = query.as_of(times)
    on_it = Filter(actor=name, as_of=times.as_of, recorded=times.recorded)
    ids = [row.id for row in query.reports(ledger, on_it, limit=REPORTS).rows]
    known = list(ledger.readings(*then.conditions(), readings.c.report.in_(ids)))
    try:
        actor, _ = find(ledger, known, name, then)
    except NotFound:  # it goes by words that are no part of its name
        return ()
    return state(known, actor, until).held


def _ended_in(one: Held, since: str, until: str) -> bool:
    """Whether it ended in these days, by what the reading is sure of."""
    ended = one.ended
    return ended is not None and ended.sure and since <= ended.day <= until and one.confidence >= LOW
