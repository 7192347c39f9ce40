"""The reports, and one of them set for reading."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.ledger import query
from dragoman.show.access import ledger_of
from dragoman.show.pages.page import ROWS, after_of, asked_of, shown, then_of
from dragoman.show.reading_page import reading_page

router = APIRouter()


@router.get("/reports")
def reports(request: Request) -> Response:
    """The reports, newest first, and what is in the ledger."""
    page = query.reports(ledger_of(request), asked_of(request), after_of(request), ROWS)
    return shown(request, "reports.html", page=page, counts=ledger_of(request).counts(then_of(request)))


@router.get("/reports/{id}")
def report(request: Request, id: str, source: str | None = None) -> Response:
    """One report, set for reading."""
    ledger, then = ledger_of(request), then_of(request)
    reading = ledger.reading(id, then)
    retraction = ledger.retraction(reading.report.id, then)
    return shown(request, "report.html", page=reading_page(reading, source), retraction=retraction)
