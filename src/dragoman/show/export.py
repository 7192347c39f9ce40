"""What leaves the ledger, in formats that other programs load.

Invariant: the same readings give the same bytes, in whichever order they were added. Rows come page by page, so that
any number of them takes the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show import tables
from dragoman.show.gold import gold
from dragoman.show.output import as_json
from dragoman.show.search import Search

Write = Callable[[str, Iterable[Iterable[Any]]], Iterator[str]]

_LISTS: dict[str, Write] = {"csv": tables.table, "jsonl": tables.lines}
_PLACES: dict[str, Write] = {**_LISTS, "geojson": tables.features}

FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "geojson": "GeoJSON"}
"""The formats and what they are called."""

GOLD = "gold"
"""What people checked of readings, to train on."""

READINGS = "readings"
"""Reports with all that was read in them, as JSON Lines."""

KINDS: dict[str, dict[str, Write]] = {
    "reports": _LISTS,
    "events": _PLACES,
    "attributions": _LISTS,
    "happenings": _PLACES,
    "entities": _LISTS,
}
"""The formats of each kind of row."""


def export(ledger: Ledger, filter: Filter, format: str = "jsonl", kind: str | None = None) -> Iterator[str]:
    """What matches, as text: readings in order of the report's id, or rows of a kind in the order of its list.

    Without a kind: readings as JSON Lines, events in any other format. All is checked at the call: UsageError.
    """
    if format == GOLD:
        if kind not in (None, READINGS):
            raise UsageError(f"{kind} cannot be written as {GOLD}", f"take one of {', '.join(FORMATS)}")
        return gold(ledger, filter)
    kind = kind or (READINGS if format == "jsonl" else "events")
    if kind == READINGS and format == "jsonl":
        return _readings(query.readings(ledger, filter))
    check(kind, format)
    return written(ledger, Search(kind, filter), format)


def written(ledger: Ledger, search: Search, format: str) -> Iterator[str]:
    """The rows of a search as text in a format that `check` knows for their kind."""
    return KINDS[search.kind][format](search.kind, search.pages(ledger))


def check(kind: str, format: str) -> None:
    """A UsageError for a kind or format that there is not, or that do not go together."""
    if format not in FORMATS:
        raise UsageError(f"{format!r} is no format of export", f"take one of {', '.join((*FORMATS, GOLD))}")
    if kind == READINGS:
        raise UsageError(f"readings cannot be written as {format}", "take jsonl, or another kind")
    if kind not in KINDS:
        raise UsageError(f"{kind!r} cannot be exported", f"take one of {', '.join((READINGS, *KINDS))}")
    if format not in KINDS[kind]:
        raise UsageError(f"{kind} cannot be written as {format}", f"take one of {', '.join(KINDS[kind])}")


def _readings(readings: Iterator[Any]) -> Iterator[str]:
    for reading in readings:
        yield as_json(reading.to_dict()) + "\n"
