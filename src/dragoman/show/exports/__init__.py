"""What leaves the ledger, in formats that other programs load: `FORMATS` lists them, a module each writes one.

Invariant: the same readings give the same bytes, in whichever order they were added. Rows come page by page, so that
any number of them takes the same memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.exports import acled, gdelt, parquet, polecat, selected, tables
from dragoman.show.exports.about import metadata, statement
from dragoman.show.exports.annotations import annotation_page
from dragoman.show.exports.columns import Column
from dragoman.show.exports.ftm import entities
from dragoman.show.exports.gold import gold
from dragoman.show.exports.jsonld import linked
from dragoman.show.exports.occurred import Pieces
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
    """A format: what it is called and what it holds, how its files end, what it is over HTTP, and what writes it.

    `kinds` are what can be written in it, the first where none is asked for. What cannot be asked is told when `write`
    is called, before the first piece: UsageError, NotFound. `says_itself`: the file has the licence in it; else it
    stands beside (`about.metadata`), with the `columns` of a table and its `dialect` as CSV on the Web has it.
    """

    title: str
    told: str
    suffix: str
    media_type: str
    kinds: tuple[str, ...]
    write: Write
    says_itself: bool = False
    binary: bool = False
    columns: Callable[[str], tuple[Column, ...]] | None = None
    dialect: Mapping[str, Any] = field(default_factory=dict)


def _rows(write: Callable[[str, Iterable[Iterable[Any]]], Iterator[str]]) -> Write:
    """What writes the rows of a search, page by page, in the order of their list."""
    return lambda ledger, search: _encoded(write(search.kind, search.pages(ledger)))


def _json_lines(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """Readings in order of the report's id, or rows in the order of their list, one a line."""
    if search.kind != READINGS:
        return _rows(tables.json_lines)(ledger, search)
    return _encoded(as_json(reading.to_dict()) + "\n" for reading in query.readings(ledger, search.filter))


def _geojson(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """The rows whose place is known, as points."""
    return _encoded(tables.features(search.kind, search.pages(ledger), statement(ledger, search)))


def _gold(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """What people checked of readings, to train on."""
    return _encoded(gold(ledger, search.filter))


def _encoded(pieces: Iterator[str]) -> Iterator[bytes]:
    return (piece.encode("utf-8", "replace") for piece in pieces)


FORMATS: dict[str, Format] = {
    "csv": Format(
        title="CSV",
        told="A table for a spreadsheet, one row for each. What a spreadsheet would calculate has an apostrophe before "
        "it.",
        suffix=".csv",
        media_type="text/csv; charset=utf-8",
        kinds=("events", *(kind for kind in ROWS if kind != "events")),
        write=_rows(tables.table),
        columns=tables.columns_of,
    ),
    "jsonl": Format(
        title="JSON Lines",
        told="One JSON object a line, with all that the list holds; the words with their places in the text.",
        suffix=".jsonl",
        media_type="application/x-ndjson",
        kinds=(READINGS, *ROWS),
        write=_json_lines,
    ),
    "parquet": Format(
        title="Parquet",
        told="The columns of CSV with their types, compressed, for pandas, DuckDB and the like.",
        suffix=".parquet",
        media_type="application/vnd.apache.parquet",
        kinds=(READINGS, *ROWS),
        write=parquet.write,
        says_itself=True,
        binary=True,
    ),
    "geojson": Format(
        title="GeoJSON",
        told="A point for each that lies where the gazetteer knows, for any map program.",
        suffix=".geojson",
        media_type="application/geo+json",
        kinds=("events", "happenings"),
        write=_geojson,
        says_itself=True,
    ),
    "polecat": Format(
        title="POLECAT",
        told="POLECAT’s 40 columns, a row for each event in each report. There is no column for status or source: only "
        "what occurred goes out, unless you ask for another status, and nothing that is doubted or denied.",
        suffix=".txt",
        media_type="text/tab-separated-values; charset=utf-8",
        kinds=("events",),
        write=polecat.write,
        columns=lambda _kind: polecat.columns(),
        dialect={"delimiter": "\t", "lineTerminators": ["\n"]},
    ),
    "acled": Format(
        title="ACLED",
        told="ACLED’s 31 columns for violence, protests and what forces do, a row for each happening; everything else "
        "is left out, as is what did not occur. The codes are translated, not ACLED’s own coding.",
        suffix=".csv",
        media_type="text/csv; charset=utf-8",
        kinds=("events",),
        write=acled.write,
        columns=lambda _kind: acled.columns(),
        dialect={"lineTerminators": ["\n"]},
    ),
    "gdelt": Format(
        title="GDELT",
        told="GDELT 2.0’s 61 columns without a header, a row for each happening that occurred, with one actor, one "
        "recipient and no tone. CAMEO codes are translated from PLOVER’s.",
        suffix=".CSV",
        media_type="text/tab-separated-values; charset=utf-8",
        kinds=("events",),
        write=gdelt.write,
        columns=lambda _kind: gdelt.columns(),
        dialect={"delimiter": "\t", "header": False, "quoteChar": None, "lineTerminators": ["\n"]},
    ),
    "annotations": Format(
        title="Web Annotation",
        told="Each mark as an annotation of its words (W3C, JSON-LD): quotation and position in the text, codes as "
        "tags, who says so, which model.",
        suffix=".annotations.jsonld",
        media_type='application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
        kinds=selected.KINDS,
        write=annotation_page,
        says_itself=True,
    ),
    "jsonld": Format(
        title="JSON-LD with PROV-O",
        told="Where each claim comes from, as linked data: its words, its source and who cites that, the report, the "
        "original, the model, and who corrected what.",
        suffix=".jsonld",
        media_type="application/ld+json",
        kinds=selected.KINDS,
        write=linked,
        says_itself=True,
    ),
    "ftm": Format(
        title="FollowTheMoney",
        told="Events, articles, people, bodies and addresses for OpenAleph and the like. Roles, status and source "
        "stand in an event’s name and summary, as codes in JSON Lines of events under its recordId.",
        suffix=".ftm.json",
        media_type="application/x-ndjson",
        kinds=selected.KINDS,
        write=entities,
    ),
    "pack": Format(
        title="Evidence pack",
        told="One zip with the claims, their words, the texts and originals with their hashes, and a page to read it "
        "without Dragoman. The command dragoman verify checks it.",
        suffix=".zip",
        media_type="application/zip",
        kinds=selected.KINDS,
        write=pack,
        says_itself=True,
        binary=True,
    ),
    "gold": Format(
        title="Training data",
        told="What people accepted, changed and refused, in the form that training reads.",
        suffix=".jsonl",
        media_type="application/x-ndjson",
        kinds=(READINGS,),
        write=_gold,
    ),
    "wacz": Format(
        title="Web archive of what was fetched",
        told="The pages that were fetched, as they came, for programs that replay web archives (WACZ).",
        suffix=".wacz",
        media_type="application/wacz",
        kinds=("reports",),
        write=web_archive,
        binary=True,
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


def comments(pieces: Iterator[bytes]) -> list[str]:
    """What whoever loads the pieces that came so far should know: what a format left out, and why."""
    return list(pieces.comments()) if isinstance(pieces, Pieces) else []


def description(ledger: Ledger, search: Search, format: str, file: str, comments: Sequence[str] = ()) -> bytes | None:
    """What stands beside a file of that name: its columns, licence and what was asked. None if the file says it."""
    check(search.kind, format)
    if FORMATS[format].says_itself:
        return None
    return as_json(metadata(ledger, search, FORMATS[format], file, comments)).encode() + b"\n"


def matches(ledger: Ledger, search: Search) -> bool:
    """Whether anything in the ledger matches; a format may still have no place for it. UsageError, NotFound."""
    asked = Search("reports", search.filter) if search.kind == READINGS else search
    return bool(asked.page(ledger, None, 1).rows)


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
