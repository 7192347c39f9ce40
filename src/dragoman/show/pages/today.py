"""What is new."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.show.pages.page import back

router = APIRouter()


@router.get("/")
def today(request: Request) -> Response:
    """What is new in the ledger."""
    return back("/search", **request.query_params)
