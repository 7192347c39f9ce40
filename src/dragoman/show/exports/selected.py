"""The reports that a search finds, whole, with those of their marks that it found: what linked formats are made of.

Invariant: a report comes once, in the order of the search, and a few at a time are in memory, however many match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby, islice
from typing import Any

from dragoman.ledger import query
from dragoman.ledger.ids import split_mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Event, Reading
from dragoman.show.search import Search

KINDS = ("reports", "events", "attributions")
"""What linked formats can be asked for: reports with all their marks, or the marks that match alone."""

_AT_ONCE = 20
"""Readings in memory: about 1 MB of JSON for reports of 1,000 words."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A reading, and the events and attributions of it that were asked for, in their order; `whole` says it is all."""

    reading: Reading
    events: tuple[Event, ...]
    attributions: tuple[Attribution, ...]
    whole: bool = False


def selected(ledger: Ledger, search: Search) -> Iterator[Selected]:
    """What a search for one of `KINDS` finds. The first rows are asked for at the call: UsageError, NotFound."""
    return _selected(ledger, search, chain.from_iterable(search.pages(ledger)))


def named(mark: Event | Attribution) -> set[str]:
    """The ids of the entities that act, are acted upon, or say so."""
    if isinstance(mark, Attribution):
        return {mark.entity} if mark.entity else set()
    return {who.entity for who in (*mark.actors, *mark.recipients) if who.entity}


def _selected(ledger: Ledger, search: Search, rows: Iterable[Any]) -> Iterator[Selected]:
    then = query.as_of(search.filter)
    if search.kind == "reports":
        wanted: Iterator[tuple[str, set[str] | None]] = ((row.id, None) for row in rows)
    else:
        grouped = groupby(rows, key=lambda row: row.report)
        wanted = ((report, {split_mark_id(row.id)[1] for row in marks}) for report, marks in grouped)
    while some := list(islice(wanted, _AT_ONCE)):
        known = query.readings_of(ledger, [report for report, _ in some], then)
        yield from (_of(known[report], marks) for report, marks in some if report in known)


def _of(reading: Reading, marks: set[str] | None) -> Selected:
    if marks is None:
        return Selected(reading, reading.events, reading.attributions, whole=True)
    return Selected(
        reading,
        tuple(event for event in reading.events if event.id in marks),
        tuple(said for said in reading.attributions if said.id in marks),
    )
