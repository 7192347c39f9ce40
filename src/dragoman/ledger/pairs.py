"""Who does what to whom, pair by pair: each actor of an event with each of its recipients, where both are somebody
(`filters.is_somebody`).

Invariant: pairs come by newest report, and never more of them than were asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, or_, select

from dragoman.ledger import filters
from dragoman.ledger.filters import Conditions, Who, means, named_in
from dragoman.ledger.schema import entities, events, names, participants, readings
from dragoman.ledger.walking import in_order, walked

_AT_ONCE = 900
"""Below the 999 variables in one statement that the oldest SQLite in use allows."""

_actor, _recipient = participants.alias("doing"), participants.alias("receiving")
_one, _other = entities.alias("one"), entities.alias("other")


Key = tuple[str, str, str]
"""Name, type and country: whom an entity means (`filters.Who`), as it stands in a row."""


class Pair(NamedTuple):
    """An event of a report from one to another, both as columns of `entities`; '' where nothing is known.

    `event` is its position in the reading, `names` the row of all that somebody goes by (`known_as`). Tuples, since
    there are tens of thousands.
    """

    report: str
    event: int
    published: str
    type: str
    status: str
    start: str | None
    end: str | None
    actor_folded: str
    actor_type: str
    actor_country: str
    actor: str
    actor_id: str
    actor_names: int
    recipient_folded: str
    recipient_type: str
    recipient_country: str
    recipient: str
    recipient_id: str
    recipient_names: int

    @property
    def one(self) -> Key:
        """Who does it."""
        return self[7:10]

    @property
    def other(self) -> Key:
        """To whom it is done."""
        return self[13:16]


def pairs(connection: Connection, conditions: Conditions, most: int) -> list[Pair]:
    """The newest pairs of the events that meet some conditions (`filters.on_events`, `taking_part`)."""
    return [Pair._make(row) for row in connection.execute(_PAIRS.where(*conditions).limit(most))]


def taking_part(who: Sequence[Who]) -> Conditions:
    """Conditions on an event that some of these do it, or it is done to them."""
    named = (named_in(who, column) for column in (entities.c.acts, entities.c.receives))
    return [or_(*named), or_(*(means(who, walked, end) for end in (_one, _other)))]


def known_as(connection: Connection, numbers: Sequence[int]) -> dict[int, frozenset[str]]:
    """All that somebody goes by, folded, by the rows of `names`."""
    found: dict[int, frozenset[str]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        wanted = names.c.number.in_(numbers[start : start + _AT_ONCE])
        rows = connection.execute(select(names.c.number, names.c.folded).where(wanted))
        found |= {number: frozenset(folded.split("\n")) for number, folded in rows}
    return found


def _pairs() -> Select[Any]:
    """Walked reading by reading, each part looked up by the key of the one before.

    By the actors first: from the events to them SQLite would make an index of all participants, each time.
    """
    doing, receiving = _actor.c, _recipient.c
    found = in_order(readings, _actor, and_(doing.reading == readings.c.number, doing.role == "actor"))
    found = in_order(found, events, and_(events.c.reading == doing.reading, events.c.position == doing.event))
    to_whom = (receiving.reading == doing.reading, receiving.event == doing.event, receiving.role == "recipient")
    found = in_order(found, _recipient, and_(*to_whom))
    for entity, part in ((_one.c, doing), (_other.c, receiving)):
        found = in_order(found, entity.id.table, and_(entity.reading == part.reading, entity.id == part.entity))
    ends = (end.c[name] for end in (_one, _other) for name in ("name_folded", "type", "country", "name", "id", "names"))
    event = (events.c[name] for name in ("type", "status", "start", "end"))
    return (
        select(readings.c.report, doing.event, readings.c.published, *event, *ends)
        .select_from(filters.held(found))
        .where(filters.is_somebody(_one), filters.is_somebody(_other))
        .order_by(readings.c.published.desc(), readings.c.report, readings.c.number, doing.event)
    )


_PAIRS = _pairs()
