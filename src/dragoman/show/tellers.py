"""Who tells a ledger what: its outlets and sources, for pages and programs that cannot wait.

Invariant: what is shown was worked out from all readings. Where that would take long, nothing is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.compare.sources import Source, outlets, sources
from dragoman.errors import NotFound
from dragoman.ledger import comparisons, query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger

AT_ONCE = 50
"""Readings that are gone through while a page waits: those of the sample, 17, take half a second."""


@dataclass(frozen=True, slots=True)
class Tellers:
    """Every outlet with all that its reports tell, and every source, the most telling first."""

    outlets: tuple[Source, ...]
    sources: tuple[Source, ...]


def tellers(ledger: Ledger, times: Filter) -> Tellers | None:
    """Those of the reports told by then; None where they are too many to be gone through at once. UsageError."""
    query.as_of(times)
    with ledger.connection() as connection:
        if not comparisons.readings_at_most(connection, AT_ONCE):
            return None
    return Tellers(tuple(outlets(ledger, times)), tuple(sources(ledger, times)))


def one(found: Tellers, id: str) -> Source:
    """The outlet or source of an id: of an outlet all that its reports tell. NotFound."""
    for source in (*found.outlets, *found.sources):
        if source.id == id:
            return source
    raise NotFound(f"no source {id!r} in the ledger", "choose one from the list of sources")
