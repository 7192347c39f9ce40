"""What happened when: a picture over time, and the same as a table by day."""

from __future__ import annotations

from itertools import groupby

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.errors import UsageError
from dragoman.show.access import ledger_of
from dragoman.show.pages.page import asked_of, shown
from dragoman.show.pictured import DRAWN, clock_of, period_of, picture

router = APIRouter()

LISTED = 200
"""Marks in the table: the picture has more of them."""
LANES = ("actor", "type")


@router.get("/timeline")
def timeline(request: Request) -> Response:
    """Happenings over time."""
    asked = request.query_params
    clock, window, lanes = (
        clock_of(asked.get("clock") or "happened"),
        period_of(asked.get("window")),
        asked.get("lanes"),
    )
    if lanes and lanes not in LANES:
        raise UsageError(f"{lanes!r} are no lanes", f"take one of {', '.join(LANES)}")
    drawn = picture(ledger_of(request), asked_of(request), clock, window, limit=LISTED)
    marks = sorted(drawn.marks, key=lambda mark: (mark.first or "", mark.id), reverse=True)
    return shown(
        request,
        "timeline.html",
        clock=clock,
        lanes=lanes or "actor",
        window=asked.get("window"),
        drawn=drawn,
        most=DRAWN,
        days=[(day, list(some)) for day, some in groupby(marks, key=lambda mark: mark.first)],
    )
