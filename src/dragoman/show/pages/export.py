"""What is listed as files to keep: tables, JSON Lines, places for a map, an evidence sheet to print."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from dragoman.errors import NotFound, UsageError
from dragoman.ledger.folding import fold
from dragoman.show import evidence
from dragoman.show.access import ledger_of
from dragoman.show.exports import ROWS, description, known, written
from dragoman.show.exports.about import LICENSE
from dragoman.show.pages.page import after_of, shown, then_of
from dragoman.show.search import Search

SHEET = "sheet"
_LONGEST = 60
"""Characters of a file's name that tell what is in it."""

router = APIRouter()


@router.get("/export")
def export(request: Request) -> Response:
    """What may be exported; with a format, that file."""
    search, format = Search.of(request.query_params), request.query_params.get("format") or ""
    if not format:
        search.page(ledger_of(request), None, 1)  # what cannot be asked is told before it is asked for as a file
        return shown(
            request,
            "export.html",
            search=search,
            asked=search.asked(),
            kinds=ROWS,
            called=search.called(ledger_of(request), then_of(request)),
        )
    if format == SHEET:
        return _sheet(request, search)
    pieces = written(ledger_of(request), search, format)
    links = [f'<{LICENSE}>; rel="license"']
    if not known(format).says_itself:
        links.append(f'</export/about?{search.query()}&format={format}>; rel="describedby"; type="application/ld+json"')
    headers = {
        "content-disposition": f'attachment; filename="{file_name(search, format)}"',
        "cache-control": "no-store",
        "link": ", ".join(links),
    }
    return StreamingResponse(pieces, 200, headers, known(format).media_type)


@router.get("/export/about")
def about(request: Request) -> Response:
    """What stands beside a file that has no room for its licence: as JSON, of tables as CSV on the Web has it."""
    search, format = Search.of(request.query_params), request.query_params.get("format") or ""
    told = description(ledger_of(request), search, format, file_name(search, format))
    if told is None:
        raise NotFound(f"nothing stands beside files of {format}", "the file itself says its licence")
    return Response(told, media_type="application/ld+json", headers={"cache-control": "no-store"})


def file_name(search: Search, format: str) -> str:
    """A name for the file that tells what was asked, and the day: dragoman-events-assault-varn-2031-03-04.csv."""
    told = re.sub("[^a-z0-9]+", "-", fold(" ".join(search.asked().values()))).strip("-")[:_LONGEST].strip("-")
    return (
        "-".join(filter(None, ("dragoman", search.kind, told, f"{datetime.now(UTC):%Y-%m-%d}"))) + known(format).suffix
    )


def _sheet(request: Request, search: Search) -> Response:
    if search.kind not in evidence.ROWS:
        raise UsageError(f"{search.kind} make no evidence sheet", f"take one of {', '.join(evidence.ROWS)}")
    ledger = ledger_of(request)
    made = evidence.sheet(ledger, search, after_of(request))
    return shown(
        request,
        "sheet.html",
        search=search,
        sheet=made,
        asked=search.asked(),
        called=search.called(ledger, then_of(request)),
        version=request.app.version,
    )
