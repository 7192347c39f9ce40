"""Events for formats that have no column for status, doubt or denial: all that they hold is read as fact.

Invariant: unless a status is asked for, an event is here only if it occurred; it is never here if there is `doubt` of
it. What is left out is counted by its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from dragoman.compare import of_ledger
from dragoman.compare.fact import doubt
from dragoman.compare.of_ledger import Telling
from dragoman.ledger import query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.comparisons import Standing
from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import EventRow
from dragoman.ledger.store import Ledger
from dragoman.records import Entity, Event, Participant, Place, Reading
from dragoman.show.exports.columns import Cell
from dragoman.show.search import Search
from dragoman.show.wording import many

_AT_ONCE = 50
"""Readings in memory."""


@dataclass(frozen=True, slots=True)
class Someone:
    """Somebody in a role of an event: the words, and whom they mean, where that is known."""

    words: str
    entity: Entity | None

    @property
    def name(self) -> str:
        """The name in the table of actors, else the fullest in the report, else the words."""
        return (self.entity.canonical or self.entity.name) if self.entity else self.words


@dataclass(frozen=True, slots=True)
class Occurred:
    """An event, the reading that tells it, and the happening that other reports tell, too, if they do."""

    row: EventRow
    event: Event
    reading: Reading
    entities: Mapping[str, Entity]
    telling: Telling | None

    @property
    def actors(self) -> list[Someone]:
        """Who does it."""
        return [self._someone(one) for one in self.event.actors]

    @property
    def recipients(self) -> list[Someone]:
        """To or against whom."""
        return [self._someone(one) for one in self.event.recipients]

    @property
    def place(self) -> Place | None:
        """Where, if the gazetteer knows."""
        return self.row.located

    def _someone(self, one: Participant) -> Someone:
        return Someone(self.reading.words(one.span), self.entities.get(one.entity or ""))


Rows = Iterator[list[list[Cell]]]
AsRow = Callable[[Occurred], list[Cell] | str]
"""An event as a row, or why it has none."""


@dataclass(slots=True)
class Pieces(Iterator[bytes]):
    """The pieces of a file, and how many events were left out of those that came so far, by the reason.

    `kept` is how far happenings go that are kept; None for a format without any, or where none are.
    """

    pieces: Iterator[bytes]
    left_out: Counter[str]
    of_happenings: bool = False
    kept: Standing | None = None

    def __next__(self) -> bytes:
        return next(self.pieces)

    def comments(self) -> Iterator[str]:
        """What whoever loads the file should know."""
        for why, count in sorted(self.left_out.items()):
            yield f"{many(count, 'event')} left out: {why}"
        if self.of_happenings and (self.kept is None or self.kept.behind):
            yield f"{_not_in(self.kept)}: `dragoman happenings` works them out"


def _not_in(kept: Standing | None) -> str:
    if kept is None:
        return "happenings are not worked out yet, so some have a row for each report"
    return f"{many(kept.behind, 'reading or decision', 'readings and decisions')} came since happenings were worked out"


def occurred(
    ledger: Ledger, search: Search, left_out: Counter[str], kept: Standing | None = None
) -> Iterator[list[Occurred]]:
    """The events of a search that may be told as fact, those of a few reports at a time, in the order of their list.

    Of the happenings that are kept, each has that which it tells. All is checked at the call: UsageError, NotFound.
    """
    if "status" not in search.filter.given():
        search = replace(search, filter=replace(search.filter, status="occurred"))
    return _told(ledger, search.pages(ledger), query.as_of(search.filter), kept, left_out)


def each_happening(ledger: Ledger, search: Search, row: AsRow, table: Callable[[Rows], Iterator[bytes]]) -> Pieces:
    """A table with a row for each happening of a search."""
    left_out: Counter[str] = Counter()
    kept = of_ledger.standing(ledger, query.as_of(search.filter))
    rows = _each_once(occurred(ledger, search, left_out, kept), row, left_out)
    return Pieces(table(rows), left_out, True, kept)


def _told(
    ledger: Ledger,
    pages: Iterator[Sequence[EventRow]],
    as_of: AsOf,
    kept: Standing | None,
    left_out: Counter[str],
) -> Iterator[list[Occurred]]:
    for some in _some(pages):
        tellings = of_ledger.tellings_of(ledger, kept, some) if kept else {}
        yield list(_vouched(some, query.readings_of(ledger, some, as_of), tellings, left_out))


def _vouched(
    some: Mapping[str, Sequence[EventRow]],
    readings: Mapping[str, Reading],
    tellings: Mapping[str, Telling],
    left_out: Counter[str],
) -> Iterator[Occurred]:
    """The events of some reports that may be told as fact."""
    for id, reading in readings.items():
        for one in _in_report(some[id], reading, tellings):
            if why := doubt(reading, one.event):
                left_out[why] += 1
            else:
                yield one


def _some(pages: Iterator[Sequence[EventRow]]) -> Iterator[dict[str, list[EventRow]]]:
    """The rows of a few reports at a time, by the report."""
    for page in pages:
        reports = [(report, list(rows)) for report, rows in groupby(page, key=lambda row: row.report)]
        for start in range(0, len(reports), _AT_ONCE):
            yield dict(reports[start : start + _AT_ONCE])


def _in_report(rows: Sequence[EventRow], reading: Reading, tellings: Mapping[str, Telling]) -> Iterator[Occurred]:
    """The events of a report; without one that a reading which came just now does not have."""
    events = {mark_id(reading.report.id, event.id): event for event in reading.events}
    entities = {entity.id: entity for entity in reading.entities}
    for row in rows:
        if row.id in events:
            yield Occurred(row, events[row.id], reading, entities, tellings.get(row.id))


def _each_once(batches: Iterator[list[Occurred]], row: AsRow, left_out: Counter[str]) -> Rows:
    """A row for each happening, of the first of its events that has one.

    Which happenings came is a byte for each, so that a million of them take no more than that.
    """
    had = bytearray()
    for some in batches:
        rows = []
        for told in some:
            made = row(told)
            if isinstance(made, str):
                left_out[made] += 1
            elif told.telling and _came_before(had, told.telling.position):
                left_out["their happening has a row already"] += 1
            else:
                rows.append(made)
        yield rows


def _came_before(had: bytearray, position: int) -> bool:
    had.extend(bytes(max(0, position + 1 - len(had))))
    before, had[position] = had[position], 1
    return bool(before)
