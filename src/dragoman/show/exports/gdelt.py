"""Happenings in the columns of GDELT 2.0, tab-separated without a header: each once, by the newest report.

Codes are CAMEO's, by the crosswalk of data/exports/gdelt.yaml. GDELT has no status, voice or confidence: what goes out
is in `occurred`.
"""

from __future__ import annotations

import csv
import re
from datetime import date
from functools import cache, partial
from typing import Any

from dragoman.ledger.store import Ledger
from dragoman.records import Place
from dragoman.show import wording
from dragoman.show.exports.columns import Cell, Column, described, exported, table_of
from dragoman.show.exports.nations import nation
from dragoman.show.exports.occurred import Occurred, Pieces, Someone, each_happening
from dragoman.show.search import Search

_NUMBER = re.compile("E([0-9]{1,4})")
_QUADS = ((5, 1), (8, 2), (13, 3), (20, 4))
"""Up to which CAMEO root code each quad class goes."""
_NOWHERE: list[Cell] = [0, *(None,) * 7]


@cache
def _data() -> Any:
    return exported("gdelt")


@cache
def columns() -> tuple[Column, ...]:
    """The 61 columns."""
    data = _data()
    table: dict[str, dict[str, str]] = {}
    for name, column in data["columns"].items():
        if isinstance(column, str):
            between = "_" if column == "geo" else ""
            table |= {f"{name}{between}{part}": told for part, told in data[column].items()}
        else:
            table[name] = column
    return described(table)


def write(ledger: Ledger, search: Search) -> Pieces:
    """The happenings of a search."""
    dialect: dict[str, Any] = {"delimiter": "\t", "lineterminator": "\n", "quoting": csv.QUOTE_NONE, "quotechar": None}
    return each_happening(ledger, search, row, partial(table_of, None, **dialect))


def row(told: Occurred) -> list[Cell] | str:
    """An event as a row, or why it has none. Quotation marks are single ones: files of GDELT have no quoted fields."""
    code, known = cameo(told), told.event.start or told.reading.report.published
    if code is None:
        return "a type that CAMEO has no code for"
    if known is None:
        return "no day, and none of their report"
    day = date.fromisoformat(known)
    report, telling = told.reading.report, told.telling
    added = report.published or day.isoformat()
    one, other = [*told.actors, None][0], [*told.recipients, *told.actors[1:], None][0]
    cells: list[Cell] = [
        number(told.row.id),
        f"{day:%Y%m%d}",
        f"{day:%Y%m}",
        day.year,
        f"{day.year + min((day.month * 30 + day.day) / 365, 0.9999):.4f}",
        *_actor(one),
        *_actor(other),
        int("\n" not in report.text[: told.event.trigger[0]].lstrip()),
        *(code, code[:3], code[:2]),
        next(quad for last, quad in _QUADS if int(code[:2]) <= last),
        _data()["goldstein"][code],
        telling.mentions if telling else 1,
        max(1, telling.happening.independent) if telling else 1,
        telling.happening.reports if telling else 1,
        None,
        *_NOWHERE,
        *_NOWHERE,
        *_geo(told.place),
        added.replace("-", "") + "000000",
        wording.web_address(report.url) or report.outlet,
    ]
    return [cell.replace('"', "'") if isinstance(cell, str) else cell for cell in cells]


def cameo(told: Occurred) -> str | None:
    """The CAMEO code of an event; None for a type that is not PLOVER's."""
    modes = _data()["crosswalk"].get(told.event.type, {})
    soldiers = any(one.entity and one.entity.type == "military" for one in told.actors)
    code: str | None = modes.get(told.event.mode or ("military" if soldiers and "military" in modes else "none"))
    return code or modes.get("none")


def number(id: str) -> int:
    """An event's id in the ledger as one number: that of the report by 10,000, and that of the event."""
    report, _, mark = id.partition(":")
    found = _NUMBER.fullmatch(mark)
    return int(report, 16) * 10_000 + (int(found[1]) if found else 0)


def _actor(one: Someone | None) -> list[Cell]:
    """Code to Type3Code of an actor."""
    if one is None:
        return [None] * 10
    country = one.entity.country if one.entity else None
    kind = _data()["actor_types"].get(one.entity.sector) if one.entity else None
    return [f"{country or ''}{kind or ''}", one.name.upper(), country, *(None,) * 4, kind, None, None]


def _geo(place: Place | None) -> list[Cell]:
    """Type to FeatureID of a place."""
    if place is None:
        return _NOWHERE
    where, in_usa = nation(place.country), place.country == "USA"
    kinds = {"country": 1, "admin1": 2 if in_usa else 5, "region": 5 if place.country else 0}
    parts = dict.fromkeys(part for part in (place.name, place.admin1, where.name) if part)
    return [
        kinds.get(place.kind, 3 if in_usa else 4),
        ", ".join(parts),
        where.fips,
        None,
        None,
        place.latitude,
        place.longitude,
        None,
    ]
