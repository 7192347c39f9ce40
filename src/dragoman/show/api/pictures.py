"""Timeline and map: marks in one answer, not in pages, since a picture is of all that it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from dragoman.show.access import ledger_of
from dragoman.show.api.answers import answers, json_of
from dragoman.show.api.asked import About
from dragoman.show.contested import Contested, contested
from dragoman.show.pictured import Overview, Picture, clock_of, overview, period_of, picture
from dragoman.show.pictures import Lane, Mark, Spot, Strip, by_actor, by_type, plainly

router = APIRouter()


class Pictured(About):
    """What a picture may be asked for."""

    clock: str = Field("happened", description="which time counts: happened or reported")
    window: str | None = Field(None, description="only these days by that clock, as 2031-03-01..2031-03-31")


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a timeline by actor and by type."""

    actor: tuple[Lane, ...]
    type: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class OverviewTold:
    """The strip, and the days from first to last that the picture shows at first."""

    strip: Strip
    window: tuple[str, str]
    earlier: int
    later: int
    of: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The marks of a timeline; `overview` is there where no window was asked for and something is dated."""

    marks: tuple[Mark, ...]
    undated: tuple[Mark, ...]
    more: bool
    more_undated: bool
    behind: int | None
    lanes: Lanes
    overview: OverviewTold | None


@dataclass(frozen=True, slots=True)
class Map:
    """The marks that have a place; `place` of each counts into `places`."""

    marks: tuple[Mark, ...]
    undated: tuple[Mark, ...]
    more: bool
    more_undated: bool
    behind: int | None
    places: tuple[Spot, ...]
    overview: OverviewTold | None
    contested: tuple[Contested, ...]


@router.get("/timeline", responses=answers(Timeline), summary="Happenings over time, the newest that match")
def timeline(request: Request, asked: Annotated[Pictured, Query()]) -> Response:
    """Each happening is one mark, and so is each event that one report alone tells."""
    drawn, strip = _drawn(request, asked, located=False)
    lanes = {"actor": by_actor(drawn.marks), "type": by_type(drawn.marks)}
    return json_of({**_marks(drawn, strip), "lanes": {name: _all(some) for name, some in lanes.items()}})


@router.get("/map", responses=answers(Map), summary="Happenings with a place, the newest that match")
def map_(request: Request, asked: Annotated[Pictured, Query()]) -> Response:
    """Each happening is one mark, and so is each event that one report alone tells."""
    drawn, strip = _drawn(request, asked, located=True)
    return json_of({**_marks(drawn, strip), "places": _all(drawn.places), "contested": _all(contested())})


def _drawn(request: Request, asked: Pictured, *, located: bool) -> tuple[Picture, Overview | None]:
    ledger, filter, window = ledger_of(request), asked.filter(), period_of(asked.window)
    drawn = picture(ledger, filter, clock_of(asked.clock), window, located=located)
    return drawn, None if window else overview(ledger, filter, drawn, located=located)


def _marks(drawn: Picture, over: Overview | None) -> dict[str, Any]:
    return {
        "marks": _all(drawn.marks),
        "undated": _all(drawn.undated),
        "more": drawn.more,
        "more_undated": drawn.more_undated,
        "behind": drawn.behind,
        "overview": None if over is None else _told(over),
    }


def _told(over: Overview) -> dict[str, Any]:
    window = over.window.first.isoformat(), over.window.last.isoformat()
    return {**plainly(over), "strip": plainly(over.strip), "window": window}


def _all(records: Any) -> list[dict[str, Any]]:
    return [plainly(record) for record in records]
