"""Events in the columns of POLECAT, tab-separated: one row for each event as each report tells it.

POLECAT has no status, no voice and no confidence: what goes out is in `occurred`. It has no precision of days either:
only a day that the report tells is a date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import Any

from dragoman.codes import QUAD_NAMES, codes
from dragoman.ledger.store import Ledger
from dragoman.records import Entity
from dragoman.show.exports.columns import Cell, Column, described, exported, table_of
from dragoman.show.exports.nations import nation
from dragoman.show.exports.occurred import Occurred, Pieces, Someone, occurred
from dragoman.show.search import Search

BETWEEN = "; "
_PEOPLE = frozenset({"person"})
_BODIES = frozenset({"government", "military", "armed_group", "organization", "outlet"})
_PLACES = frozenset({"place", "country"})


@cache
def _data() -> Any:
    return exported("polecat")


def columns() -> tuple[Column, ...]:
    """The 40 columns."""
    return described(_data()["columns"])


def write(ledger: Ledger, search: Search) -> Pieces:
    """The events of a search."""
    left_out: Counter[str] = Counter()
    batches = ([row(one) for one in some] for some in occurred(ledger, search, left_out))
    header = [column.name for column in columns()]
    return Pieces(table_of(header, batches, delimiter="\t", lineterminator="\n"), left_out)


def row(told: Occurred) -> list[Cell]:
    """An event as a row."""
    event, report, made_by = told.event, told.reading.report, told.reading.made_by
    kind = codes().event_types.get(event.type)
    return [
        told.row.id.replace(":", "_"),
        event.start if event.date_precision == "day" else None,
        event.type,
        event.mode,
        kind.modes.get(event.mode or "", kind.intensity) if kind else None,
        QUAD_NAMES[kind.quad].upper() if kind else None,
        None,
        *_people(told.actors),
        *_people(told.recipients),
        *_where(told),
        report.outlet,
        report.published,
        *(_named(told, types) for types in (_PEOPLE, _BODIES, _PLACES)),
        report.language,
        f"Dragoman {made_by.version} {made_by.model}",
    ]


def _people(people: list[Someone]) -> Iterator[Cell]:
    """Name to Wikipedia ID of those in a role, each field in the same order."""
    sectors = [one.entity.sector if one.entity else None for one in people]
    yield _joined(one.name if one.entity else None for one in people)
    yield _joined(_country(one.entity) for one in people)
    yield _joined(nation(one.entity.country).cow if one.entity else None for one in people)
    yield next(iter(sectors), None)
    yield _joined(sectors)
    yield _joined(one.entity.role if one.entity else None for one in people)
    yield _joined(one.words for one in people)
    yield None


def _country(entity: Entity | None) -> str | None:
    if entity is None:
        return None
    return entity.country or ("IGO" if entity.sector == "IGO" else None)


def _where(told: Occurred) -> Iterator[Cell]:
    """Placename to Feature Type."""
    words = told.row.place.words if told.row.place else None
    place = told.place
    if place is None:
        yield from (None,) * 8
        yield from (words, None)
        return
    yield from (place.name, place.name if place.kind == "city" else None)
    yield from (place.admin2, place.admin1, place.country, place.latitude, place.longitude, place.geonames_id)
    yield from (words, _data()["feature_codes"].get(place.kind))


def _named(told: Occurred, types: frozenset[str]) -> Cell:
    """The names of all entities of some types in the report."""
    names = (one.canonical or one.name for one in told.entities.values() if one.type in types)
    return _joined(dict.fromkeys(names))


def _joined(parts: Any) -> Cell:
    """Several in one field, none of which has the separator in it; nothing where there is none at all."""
    told = [(part or "").replace(";", ",") for part in parts]
    return BETWEEN.join(told) if any(told) else None
