"""What happened where: a picture of the places, and the same as a list."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.show.access import ledger_of
from dragoman.show.contested import contested
from dragoman.show.pages.page import asked_of, shown
from dragoman.show.pictured import DRAWN, clock_of, period_of, picture
from dragoman.show.pictures import gathered

router = APIRouter()

LISTED = 500
"""Events that the list is made from: the picture has more of them."""


@router.get("/map")
def map_(request: Request) -> Response:
    """Happenings by place."""
    asked = request.query_params
    clock, window = clock_of(asked.get("clock") or "happened"), period_of(asked.get("window"))
    drawn = picture(ledger_of(request), asked_of(request), clock, window, located=True, limit=LISTED)
    return shown(
        request,
        "map.html",
        clock=clock,
        window=asked.get("window"),
        drawn=drawn,
        most=DRAWN,
        places=gathered((*drawn.marks, *drawn.undated), drawn.places),
        contested=contested(),
    )
