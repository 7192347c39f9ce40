"""One report, set for reading."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.show.access import ledger_of
from dragoman.show.pages.page import shown, then_of
from dragoman.show.reading_page import reading_page

router = APIRouter()


@router.get("/reports/{id}")
def report(request: Request, id: str, source: str | None = None) -> Response:
    """One report, set for reading."""
    ledger, then = ledger_of(request), then_of(request)
    reading = ledger.reading(id, then)
    retraction = ledger.retraction(reading.report.id, then)
    return shown(request, "report.html", page=reading_page(reading, source), retraction=retraction)
