"""Pairs of events for somebody to judge: two that dispute each other, and two that are doubtfully one happening.

Invariant: a pair that somebody judged, be it as `unsure`, is not in the queue. Nothing is worked out here: the pairs
are those of the happenings that the ledger kept last, in their order, so a cursor neither repeats nor skips one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from dragoman.compare.features import Feature
from dragoman.compare.judge import MARGIN
from dragoman.compare.of_ledger import Kept, kept_happenings
from dragoman.ledger import cursors, decisions
from dragoman.ledger.as_of import NOW
from dragoman.ledger.ids import split_mark_id
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.rows import Page
from dragoman.ledger.schema import events, readings
from dragoman.ledger.store import Ledger

JOIN = "join"
"""The kind of a pair that disputes nothing: it is only doubtful whether it is one happening."""

_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two events of a happening, by their ids; `kind` is what they differ in (`contradictions.KINDS`), or `JOIN`.

    `evidence` is what differs, in words. Of a join, `probability` is how likely they are one happening, and `features`
    why. `cursor` leads on from it.
    """

    happening: str
    kind: str
    one: str
    other: str
    evidence: str
    probability: float | None
    features: tuple[Feature, ...]
    cursor: str


def disputes(ledger: Ledger, filter: Filter = EVERYTHING, after: str | None = None, limit: int = 50) -> Page[Dispute]:
    """A page of the pairs that wait, of happenings of which an event matches. UsageError."""
    filter = replace(filter, as_of=None, recorded=None)
    scope = f"disputes {sorted(filter.given().items())}"
    first = (-1, -1) if after is None else _place(scope, after)
    rows: list[Dispute] = []
    with ledger.connection() as connection:
        judged = decisions.joined(connection, NOW)
        for pair in _pairs(ledger, filter, scope, first):
            if _waits(connection, pair, judged):
                rows.append(pair)
            if len(rows) > limit:
                return Page(tuple(rows[:limit]), rows[limit - 1].cursor)
    return Page(tuple(rows), None)


def _place(scope: str, after: str) -> tuple[int, int]:
    position, pair = cursors.decode(scope, after, (int, int))
    return int(position), int(pair)


def _pairs(ledger: Ledger, filter: Filter, scope: str, first: tuple[int, int]) -> Iterator[Dispute]:
    """Every pair after a place: the happening's position, and the pair's in it."""
    after = first[0] - 1
    while found := kept_happenings(ledger, filter, after, _AT_ONCE):
        for position, kept in found:
            for number, pair in enumerate(_of(kept)):
                if (position, number) > first:
                    yield replace(pair, cursor=cursors.encode(scope, (position, number)))
        after = found[-1][0]


def _of(kept: Kept) -> Iterator[Dispute]:
    """The pairs of a happening: who first said the one, and who first the other; then doubtful joins."""
    told = set()
    for dispute in kept.contradictions:
        one, other = sorted((dispute.one[0].event, dispute.other[0].event))
        if one != other and (one, other) not in told:
            told.add((one, other))
            yield Dispute(kept.id, dispute.kind, one, other, dispute.evidence, None, (), "")
    doubtful = (join for join in kept.joins if abs(join.probability - 0.5) < MARGIN)
    for join in sorted(doubtful, key=lambda join: (abs(join.score), join.one, join.other)):
        if (join.one, join.other) not in told:
            yield Dispute(kept.id, JOIN, join.one, join.other, "", join.probability, join.features, "")


def _waits(connection: Connection, pair: Dispute, judged: dict[tuple[str, str], str]) -> bool:
    """Whether nobody judged the pair, and both events are there still."""
    one, other = (_anchor(connection, event) for event in (pair.one, pair.other))
    return one is not None and other is not None and (min(one, other), max(one, other)) not in judged


def _anchor(connection: Connection, event: str) -> str | None:
    """What judgements name an event by; None where it is no more."""
    start, id = split_mark_id(event)
    found = connection.execute(
        select(readings.c.report, events.c.spans)
        .join(events, events.c.reading == readings.c.number)
        .where(readings.c.report.between(start, start + "g"), events.c.id == id, *NOW.conditions())
    ).first()
    return None if found is None else decisions.anchor(found.report, tuple(found.spans["trigger"]))
