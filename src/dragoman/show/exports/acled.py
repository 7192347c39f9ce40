"""Happenings in the columns of ACLED, as CSV: each once, by the newest report that tells it.

ACLED counts rows and adds up their fatalities, so a happening that forty reports tell is one row. What ACLED does not
code is left out and counted. Its columns have no status, voice or confidence: what goes out is in `occurred`, and
`tags` has the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from typing import Any, NamedTuple

from dragoman.compare.summaries import Number
from dragoman.ledger.store import Ledger
from dragoman.show.exports.columns import Cell, Column, described, exported, table_of
from dragoman.show.exports.nations import nation
from dragoman.show.exports.occurred import Occurred, Pieces, Someone, each_happening
from dragoman.show.exports.tables import between
from dragoman.show.search import Search
from dragoman.show.sentences import sentence

BETWEEN = "; "
STATE, RIOTERS, PROTESTERS, CIVILIANS, EXTERNAL = 1, 5, 6, 7, 8
_CROWDS = {RIOTERS: "Rioters", PROTESTERS: "Protesters", CIVILIANS: "Civilians"}
_ARMED = frozenset({STATE, 2, 3, 4, EXTERNAL})
_WEEK, _MONTH = 7, 31


class Coded(NamedTuple):
    """ACLED's codes of an event."""

    disorder: str
    event: str
    sub: str


class Day(NamedTuple):
    """A day and ACLED's precision of it."""

    day: date
    precision: int


@dataclass(frozen=True, slots=True)
class Side:
    """Those on one side of an event: ACLED's actor, those with it, and its kind; 0 where it is not known."""

    actor: str | None
    associated: str | None
    inter: int


NOBODY = Side(None, None, 0)


@cache
def _data() -> Any:
    return exported("acled")


def columns() -> tuple[Column, ...]:
    """The 31 columns."""
    return described(_data()["columns"])


def write(ledger: Ledger, search: Search) -> Pieces:
    """The happenings of a search."""
    header = [column.name for column in columns()]
    return each_happening(ledger, search, row, partial(table_of, header, lineterminator="\n"))


def row(told: Occurred) -> list[Cell] | str:
    """An event as a row, or why it has none."""
    coded, day = coded_as(told), dated(told)
    if isinstance(coded, str):
        return coded
    if day is None:
        return "no day, or none more exact than a month"
    place, report = told.place, told.reading.report
    where = nation(place.country if place else None)
    one, other = sides(told, coded)
    violent, killed = coded.disorder == "Political violence", _killed(told)
    interaction = int("".join(sorted(map(str, filter(None, (one.inter, other.inter))))).ljust(2, "0"))
    return [
        ((place.country if place else None) or "") + told.row.id,
        day.day.isoformat(),
        day.day.year,
        day.precision,
        *coded,
        *(one.actor, one.associated, one.inter),
        *(other.actor, other.associated, other.inter),
        interaction,
        "Civilian targeting" if violent and other.inter == CIVILIANS else None,
        int(where.numeric) if where.numeric else None,
        where.region,
        where.name,
        *(getattr(place, part, None) for part in ("admin1", "admin2")),
        None,
        place.name if place else told.row.place.words if told.row.place else None,
        *(getattr(place, part, None) for part in ("latitude", "longitude")),
        _data()["geo_precision"].get(place.precision) if place else None,
        BETWEEN.join(told.telling.happening.outlets) if told.telling else report.outlet,
        None,
        _notes(told, killed, violent),
        killed.low or 0 if killed else 0,
        _tags(told),
        int(datetime.fromisoformat(report.published).replace(tzinfo=UTC).timestamp()) if report.published else None,
    ]


# --- what it is -----------------------------------------------------------------------------------


def coded_as(told: Occurred) -> Coded | str:
    """ACLED's codes of an event, or why it has none."""
    event = told.event
    codes = _data()["crosswalk"].get(event.type, {}).get(event.mode or "none")
    if codes is None:
        return "nothing that ACLED codes"
    if "civilians" in codes:
        struck = {_inter(one, told) for one in _others(told)} - {0}
        if not struck:
            return "no word on whether civilians or armed people were struck"
        if not struck & _ARMED:
            codes = codes["civilians"]
    return Coded(_data()["event_types"][codes["event"]]["disorder"], codes["event"], codes["sub"])


def dated(told: Occurred) -> Day | None:
    """The first day on which it happened; that of the report, no more exactly than a month, where none is told."""
    event = told.event
    if event.start is None:
        published = told.reading.report.published
        return Day(date.fromisoformat(published), 3) if published else None
    start = date.fromisoformat(event.start)
    if event.date_precision == "interval":
        days = (date.fromisoformat(event.end) - start).days + 1 if event.end else _MONTH + 1
        precision = 1 if days == 1 else 2 if days <= _WEEK else 3 if days <= _MONTH else None
    else:
        precision = _data()["time_precision"].get(event.date_precision)
    return Day(start, precision) if precision else None


# --- who ------------------------------------------------------------------------------------------


def sides(told: Occurred, coded: Coded) -> tuple[Side, Side]:
    """Both sides. Who protests or riots is a crowd: the actors of a protest, those on whom force is used in others."""
    crowd = {"Protests": PROTESTERS, "Riots": RIOTERS}.get(coded.event)
    if crowd and told.event.type == "PROTEST":
        return _side(told.actors, told, crowd), _side(told.recipients, told)
    others = _others(told)
    return _side([one for one in told.actors if one not in others], told), _side(others, told, crowd)


def _others(told: Occurred) -> list[Someone]:
    """Those to whom it is done; in a fight without a direction, all but the first."""
    return told.recipients or told.actors[1:]


def _side(people: list[Someone], told: Occurred, crowd: int | None = None) -> Side:
    if not people:
        return NOBODY
    inter = crowd or next(filter(None, (_inter(one, told) for one in people)), 0)
    names = list(dict.fromkeys(one.name for one in people))
    if inter in _CROWDS:
        country = nation(told.place.country if told.place else None).name
        called = f"{_CROWDS[inter]} ({country})" if country else _CROWDS[inter]
        return Side(called, BETWEEN.join(names), inter)
    return Side(names[0], BETWEEN.join(names[1:]) or None, inter)


def _inter(one: Someone, told: Occurred) -> int:
    """ACLED's kind of somebody; 0 where it is not known. Forces of another state than the place's are external."""
    if one.entity is None:
        return 0
    kinds = _data()["inter"]
    kind: int = kinds["sectors"].get(one.entity.sector) or kinds["types"].get(one.entity.type, 0)
    here = told.place.country if told.place else None
    abroad = here and one.entity.country and one.entity.country != here
    return EXTERNAL if kind == STATE and abroad else kind


# --- what is told of it ---------------------------------------------------------------------------


def _killed(told: Occurred) -> Number | None:
    """How many were killed: of a happening the number told last as fact, else the highest of the report's."""
    if told.telling:
        tolls = list(told.telling.happening.tolls)
    else:
        outlet = told.reading.report.outlet
        tolls = [Number(one.kind, one.low, one.high, one.who, told.row.id, outlet) for one in told.event.counts]
    return max((toll for toll in tolls if toll.kind == "killed"), key=lambda toll: toll.low or 0, default=None)


def _notes(told: Occurred, killed: Number | None, violent: bool) -> str:
    text, report = told.reading.report.text, told.reading.report
    quote = sentence(text, told.event.trigger)
    words = f"“{'… ' * quote.cut_before}{text[slice(*quote.span)].strip()}{' …' * quote.cut_after}”"
    outlet = report.outlet or "the report"
    if told.row.voice is None:
        by = f"{outlet[0].upper()}{outlet[1:]}:"
    elif told.row.source_kind == "none":
        by = f"Without naming a source ({told.row.voice}), as told by {outlet}:"
    else:
        by = f"According to {told.row.voice}, as told by {outlet}:"
    if killed:
        whose = "" if killed.event == told.row.id else f", as told by {killed.outlet or 'another report'}"
        return f"{by} {words} Killed{whose}: {between(killed.low, killed.high)}."
    return f"{by} {words} No number of killed is told." if violent else f"{by} {words}"


def _tags(told: Occurred) -> str:
    row, telling = told.row, told.telling
    tags: dict[str, object] = {
        "status": row.status,
        "certainty": row.certainty,
        "voice": row.source_kind or "outlet's own",
        "confidence": f"{row.confidence:.2f}",
        "id": row.id,
    }
    if row.start is None:
        tags["date"] = "of the report"
    if telling:
        tags |= {"reports": telling.happening.reports, "independent": telling.happening.independent}
        if telling.happening.disputes:
            tags["disputed"] = ", ".join(telling.happening.disputes)
    return BETWEEN.join(f"{name}={value}" for name, value in tags.items())
