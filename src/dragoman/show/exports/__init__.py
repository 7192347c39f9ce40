"""What leaves the ledger, in formats that other programs load: `FORMATS` lists them, a module each writes one.

Invariant: the same readings give the same bytes, in whichever order they were added. Rows come page by page, so that
any number of them takes the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.exports import selected, tables
from dragoman.show.exports.annotations import annotation_page
from dragoman.show.exports.ftm import entities
from dragoman.show.exports.gold import gold
from dragoman.show.exports.jsonld import linked
from dragoman.show.exports.pack import pack
from dragoman.show.exports.wacz import web_archive
from dragoman.show.output import as_json
from dragoman.show.search import Search

READINGS = "readings"
"""Reports with all that was read in them."""

ROWS = ("reports", "events", "attributions", "happenings", "entities")
"""The kinds of rows, as lists have them."""

Write = Callable[[Ledger, Search], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format: what it is called, how its files end, what it is over HTTP, and what writes it.

    `kinds` are what can be written in it, the first where none is asked for. What cannot be asked is told when `write`
    is called, before the first piece: UsageError, NotFound.
    """

    title: str
    suffix: str
    media_type: str
    kinds: tuple[str, ...]
    write: Write


def _rows(write: Callable[[str, Iterable[Iterable[Any]]], Iterator[str]]) -> Write:
    """What writes the rows of a search, page by page, in the order of their list."""
    return lambda ledger, search: _encoded(write(search.kind, search.pages(ledger)))


def _json_lines(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """Readings in order of the report's id, or rows in the order of their list, one a line."""
    if search.kind != READINGS:
        return _rows(tables.lines)(ledger, search)
    return _encoded(as_json(reading.to_dict()) + "\n" for reading in query.readings(ledger, search.filter))


def _gold(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """What people checked of readings, to train on."""
    return _encoded(gold(ledger, search.filter))


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8", "replace") for piece in pieces)


FORMATS: dict[str, Format] = {
    "csv": Format(
        title="CSV",
        suffix=".csv",
        media_type="text/csv; charset=utf-8",
        kinds=("events", *(kind for kind in ROWS if kind != "events")),
        write=_rows(tables.table),
    ),
    "jsonl": Format(
        title="JSON Lines",
        suffix=".jsonl",
        media_type="application/x-ndjson",
        kinds=(READINGS, *ROWS),
        write=_json_lines,
    ),
    "geojson": Format(
        title="GeoJSON",
        suffix=".geojson",
        media_type="application/geo+json",
        kinds=("events", "happenings"),
        write=_rows(tables.features),
    ),
    "annotations": Format(
        title="Web Annotation",
        suffix=".annotations.jsonld",
        media_type='application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        kinds=selected.KINDS,
        write=annotation_page,
    ),
    "jsonld": Format(
        title="JSON-LD with PROV-O",
        suffix=".jsonld",
        media_type="application/ld+json",
        kinds=selected.KINDS,
        write=linked,
    ),
    "ftm": Format(
        title="FollowTheMoney",
        suffix=".ftm.json",
        media_type="application/x-ndjson",
        kinds=selected.KINDS,
        write=entities,
    ),
    "pack": Format(
        title="Evidence pack",
        suffix=".zip",
        media_type="application/zip",
        kinds=selected.KINDS,
        write=pack,
    ),
    "gold": Format(
        title="Training data",
        suffix=".jsonl",
        media_type="application/x-ndjson",
        kinds=(READINGS,),
        write=_gold,
    ),
    "wacz": Format(
        title="Web archive of what was fetched",
        suffix=".wacz",
        media_type="application/wacz",
        kinds=("reports",),
        write=web_archive,
    ),
}
"""Each format, by the name that the command and addresses have for it."""


def export(ledger: Ledger, filter: Filter, format: str = "jsonl", kind: str | None = None) -> Iterator[bytes]:
    """What matches, in pieces; without a kind, what the format is for first. All is checked at the call: UsageError."""
    return written(ledger, Search(kind or known(format).kinds[0], filter), format)


def written(ledger: Ledger, search: Search, format: str) -> Iterator[bytes]:
    """What a search finds, in pieces. UsageError for a format that there is not, or not for this kind; NotFound."""
    check(search.kind, format)
    return FORMATS[format].write(ledger, search)


def check(kind: str, format: str) -> None:
    """A UsageError for a kind or format that there is not, or that do not go together."""
    kinds = known(format).kinds
    if kind not in (READINGS, *ROWS):
        raise UsageError(f"{kind!r} cannot be exported", f"take one of {', '.join((READINGS, *ROWS))}")
    if kind not in kinds:
        others = [name for name, other in FORMATS.items() if kind in other.kinds]
        cure = f"take {' or '.join(kinds)}; or for {kind} one of {', '.join(others)}"
        raise UsageError(f"{kind} cannot be written as {format}", cure)


def known(format: str) -> Format:
    """The format of that name; UsageError where there is none."""
    if format not in FORMATS:
        raise UsageError(f"{format!r} is no format of export", f"take one of {', '.join(FORMATS)}")
    return FORMATS[format]


def formats_of(kind: str) -> dict[str, Format]:
    """The formats that rows of a kind can be written in, by name."""
    return {name: format for name, format in FORMATS.items() if kind in format.kinds}
