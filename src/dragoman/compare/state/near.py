"""What somebody holds to at a day by the newest reports that name it, which is quick on any ledger.

Invariant: the same as by all reports (`of_ledger`) where these are all that bear on it. What older reports tell is left
out, and what is told of its matters without naming it or who speaks for it (`the curfew was lifted`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import false, or_

from dragoman.compare.copies import copies, grouped
from dragoman.compare.state import State, state
from dragoman.compare.state.actors import find
from dragoman.ledger import about, filters, query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.filters import Filter
from dragoman.ledger.folding import search_words
from dragoman.ledger.schema import readings
from dragoman.ledger.store import Ledger
from dragoman.ledger.words import has_phrases
from dragoman.records import Reading


@dataclass(frozen=True, slots=True)
class Near:
    """A state, and whether there are more reports that name the actor than it was made from."""

    state: State
    more: bool


def near(ledger: Ledger, id: str, as_of: str, newest: int, recorded: str | None = None) -> Near:
    """The state of the actor of an id at the end of a day by so many of the newest reports that name it.

    `recorded` is as in `AsOf`. Copies are looked for among these reports. NotFound for an id that was not known then,
    UsageError for a day that is none.
    """
    then = query.as_of(Filter(as_of=as_of, recorded=recorded))
    names = {who.name for who in query.everybody(ledger, id, then)}
    known, more = _naming(ledger, names, then, newest)
    actor, _ = find(ledger, known, id, then)
    if others := (actor.names | actor.speakers) - names:
        known, more = _naming(ledger, names | others, then, newest)
        actor, _ = find(ledger, known, id, then)
    taken = (copy for tree in grouped(copies(reading.report for reading in known)) for copy in tree.copies)
    copied = {copy.report.id: copy.original.id for copy in taken if copy.kind == "copy"}
    return Near(state(known, actor, as_of, copied), more)


def _naming(ledger: Ledger, names: Iterable[str], then: AsOf, newest: int) -> tuple[list[Reading], bool]:
    """The newest readings that name somebody by one of these, and whether there are more.

    By what an entity is called, or by its words: a name of another type, or the body that somebody is said to be of.
    """
    phrases = sorted({" ".join(words) for name in names if (words := search_words(name))})
    worded = or_(false(), *(has_phrases([phrase.split()]) for phrase in phrases))
    with ledger.connection() as connection:
        found = about.newest(connection, or_(filters.called(names), worded), then, newest + 1)
    return list(ledger.readings(readings.c.number.in_(found[:newest]))), len(found) > newest
