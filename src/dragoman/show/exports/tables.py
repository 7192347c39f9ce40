"""Rows as a table: what a spreadsheet opens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from dragoman.compare.summaries import HappeningRow
from dragoman.ledger.rows import EntityRow, EventRow, ReportRow
from dragoman.records import Place
from dragoman.show.exports.columns import Cell, Column, described, exported, lines, safe
from dragoman.show.output import as_json

MARK = "\ufeff"
"""Begins the file, so that spreadsheets read it as UTF-8."""

_BETWEEN = "; "


def table(kind: str, batches: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Rows of a kind as CSV (RFC 4180), headed by the names of the columns; a piece of text for each batch."""
    columns = COLUMNS[kind]
    yield MARK + lines([list(columns)])
    for rows in batches:
        yield lines([safe(value(row)) for value in columns.values()] for row in rows)


def columns_of(kind: str) -> tuple[Column, ...]:
    """What the columns of a kind of rows hold."""
    return described(exported("tables"), COLUMNS[kind])


# --- the columns ----------------------------------------------------------------------------------

Columns = Mapping[str, Callable[[Any], Cell]]


def _as_they_are(*names: str) -> Columns:
    return {name: lambda row, name=name: getattr(row, name) for name in names}  # type: ignore[misc]


def _where(of: Callable[[Any], Place | None]) -> Columns:
    """Where a place is, as exactly as it is known."""

    def part(name: str) -> Callable[[Any], Cell]:
        return lambda row: getattr(of(row), name, None)

    names = {"country": "country", "latitude": "latitude", "longitude": "longitude", "place_precision": "precision"}
    return {column: part(name) for column, name in names.items()}


def _words(of: Callable[[Any], Iterable[Any]], part: str = "words") -> Callable[[Any], Cell]:
    return lambda row: _BETWEEN.join(str(getattr(one, part) or one.words) for one in of(row))


def _counts(numbers: Iterable[Any]) -> str:
    """How many people: killed 14; wounded 3-9; arrested 20+, where one end is open."""
    return _BETWEEN.join(f"{one.kind} {between(one.low, one.high)}" for one in numbers)


def between(low: int | None, high: int | None) -> str:
    """A number of people in words: 14; 3-9; 20+ or up to 5, where one end is open."""
    if low is None or high is None:
        return f"{low}+" if low is not None else f"up to {high}" if high is not None else "unknown"
    return str(low) if low == high else f"{low}-{high}"


_ORIGIN = _as_they_are("id", "report", "title", "outlet", "published")

_EVENTS: Columns = {
    **_ORIGIN,
    **_as_they_are("type", "mode", "status", "certainty"),
    "actors": _words(lambda row: row.actors),
    "actors_mean": _words(lambda row: row.actors, "name"),
    "recipients": _words(lambda row: row.recipients),
    "recipients_mean": _words(lambda row: row.recipients, "name"),
    "words": lambda row: row.trigger.words,
    "place": lambda row: row.place.words if row.place else None,
    "place_means": lambda row: row.place.name if row.place else None,
    **_where(lambda row: row.located),
    "time": lambda row: row.time.words if row.time else None,
    **_as_they_are("start", "end", "date_precision", "date_reason"),
    "counts": lambda row: _counts(row.counts),
    "rule": lambda row: row.rule,
    "condition": lambda row: row.condition.words if row.condition else None,
    **_as_they_are("voice", "source_kind", "stance", "attribution", "confidence"),
}

_ATTRIBUTIONS: Columns = {
    **_ORIGIN,
    **_as_they_are("voice", "kind", "stance", "mode", "source", "cue", "content", "name", "entity"),
    "addressee": lambda row: row.addressee.words if row.addressee else None,
    **_as_they_are("inside", "confidence"),
}

_HAPPENINGS: Columns = {
    **_as_they_are("id", "type", "mode", "status", "start", "end", "precision"),
    "actors": lambda row: _BETWEEN.join(one.name for one in row.actors),
    "recipients": lambda row: _BETWEEN.join(one.name for one in row.recipients),
    "place": lambda row: row.place.name if row.place else None,
    **_where(lambda row: row.located),
    **_as_they_are("words", "sentence", "told_first", "told_last", "reports"),
    "outlets": lambda row: _BETWEEN.join(row.outlets),
    "independent": lambda row: row.independent,
    "disputes": lambda row: _BETWEEN.join(row.disputes),
    "disputed_on": lambda row: row.disputed_on,
    "counts": lambda row: _counts(row.tolls),
    "unnamed": lambda row: "yes" if row.unnamed else "no",
    "grade": lambda row: row.number,
}

COLUMNS: dict[str, Columns] = {
    "reports": _as_they_are(*ReportRow.__dataclass_fields__),
    "events": _EVENTS,
    "attributions": _ATTRIBUTIONS,
    "happenings": _HAPPENINGS,
    "entities": _as_they_are(*EntityRow.__dataclass_fields__),
}
"""The columns of each kind of row, and what stands in them."""


# --- places ---------------------------------------------------------------------------------------


def features(kind: str, batches: Iterable[Iterable[Any]], about: Mapping[str, str]) -> Iterator[str]:
    """Rows of a kind whose place is known as GeoJSON (RFC 7946): a point each, all else in its properties.

    `about` all of them is a member of its own.
    """
    columns = {name: value for name, value in COLUMNS[kind].items() if name not in ("latitude", "longitude")}
    yield f'{{"type":"FeatureCollection","about":{as_json(about)},"features":[\n'
    first = True
    for rows in batches:
        written = [_feature(row, columns) for row in rows if row.located]
        if written:
            yield ("" if first else ",\n") + ",\n".join(written)
            first = False
    yield "\n]}\n"


def _feature(row: EventRow | HappeningRow, columns: Columns) -> str:
    where = row.located
    assert where
    properties = {name: value(row) for name, value in columns.items()}
    feature = {
        "type": "Feature",
        "id": row.id,
        "geometry": {"type": "Point", "coordinates": [where.longitude, where.latitude]},
        "properties": {**properties, "place_kind": where.kind},
    }
    return as_json(feature)


def json_lines(_kind: str, batches: Iterable[Iterable[Any]]) -> Iterator[str]:
    """Rows as JSON, one a line, as `/v1` gives them."""
    for rows in batches:
        yield "".join(as_json(asdict(row)) + "\n" for row in rows)
