"""Search: one box over all that the reports tell, as lists; searches to come back to; feeds of them."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from dragoman.compare import of_ledger
from dragoman.compare.summaries import HappeningRow
from dragoman.errors import Forbidden, UsageError
from dragoman.ledger import searches
from dragoman.ledger.folding import search_phrases
from dragoman.ledger.rows import ReportRow
from dragoman.ledger.searches import EVERYBODY
from dragoman.show import feed
from dragoman.show.access import Visitor, decides, ledger_of, reads
from dragoman.show.pages.page import ROWS, after_of, back, shown, then_of
from dragoman.show.search import Search
from dragoman.show.snippets import Piece, Snippet, marked, snippet

KINDS = ("reports", "events", "attributions", "happenings")
"""What the page searches; who and what is named has a view of its own."""

router = APIRouter()

Saving = Annotated[Visitor, Depends(decides("reader"))]


@router.get("/search")
def search(request: Request) -> Response:
    """A page of what matches. What the form left blank is taken out of the address, so that it is fit to be shared."""
    given = {name: value for name, value in request.query_params.items() if value.strip()}
    if len(given) < len(request.query_params):
        return back("/search", **given)
    asked, ledger, visitor = _asked(request), ledger_of(request), reads(request)
    page = asked.page(ledger, after_of(request), ROWS)
    with ledger.connection() as connection:
        saved = searches.saved(connection, visitor.name)
    return shown(
        request,
        "search.html",
        search=asked,
        kinds=KINDS,
        page=page,
        asked=asked.asked(),
        called=asked.called(ledger, then_of(request)),
        hits=_hits(request, asked, page.rows) if asked.kind == "reports" else {},
        kept=of_ledger.standing(ledger, then_of(request)) if asked.kind == "happenings" else None,
        saved=saved,
        this=[one for one in saved if one.asked == asked.query()],
        query_of=lambda one: dict(parse_qsl(one.asked)),
    )


@router.get("/search.atom")
def atom(request: Request) -> Response:
    """The newest of what matches, for feed readers."""
    asked, ledger = _asked(request), ledger_of(request)
    rows = asked.page(ledger, None, ROWS).rows
    written = feed.atom(asked, rows, _held(request, rows), str(request.base_url))
    return Response(written, media_type="application/atom+xml", headers={"cache-control": "no-cache"})


@router.post("/search/save")
def save(request: Request, visitor: Saving, asked: Annotated[str, Form()], name: Annotated[str, Form()] = "",
         everybody: Annotated[str, Form()] = "") -> Response:  # fmt: skip
    """Saves a search under a name."""
    search = Search.of(dict(parse_qsl(asked)))
    search.page(ledger_of(request), None, 1)  # what cannot be asked is not saved
    with ledger_of(request).writing() as connection:
        searches.save(connection, _owner(visitor, everybody), name, search.query(), visitor.name)
    return _opened(search)


@router.post("/search/rename")
def rename(request: Request, visitor: Saving, asked: Annotated[str, Form()], name: Annotated[str, Form()],
           new: Annotated[str, Form()] = "", everybody: Annotated[str, Form()] = "") -> Response:  # fmt: skip
    """Gives a saved search another name."""
    with ledger_of(request).writing() as connection:
        searches.rename(connection, _owner(visitor, everybody), name, new, visitor.name)
    return _opened(Search.of(dict(parse_qsl(asked))))


@router.post("/search/give-up")
def give_up(request: Request, visitor: Saving, asked: Annotated[str, Form()], name: Annotated[str, Form()],
            everybody: Annotated[str, Form()] = "") -> Response:  # fmt: skip
    """Takes a saved search off the list."""
    with ledger_of(request).writing() as connection:
        searches.give_up(connection, _owner(visitor, everybody), name, visitor.name)
    return _opened(Search.of(dict(parse_qsl(asked))))


def _asked(request: Request) -> Search:
    asked = Search.of(request.query_params)
    if asked.kind not in KINDS:
        raise UsageError(f"{asked.kind} are not searched here", f"take one of {', '.join(KINDS)}")
    return asked


def _owner(visitor: Visitor, everybody: str) -> str:
    """Whose search it is. What everybody sees only a reviewer changes; without accounts all is everybody's."""
    if not everybody:
        return visitor.name
    if not visitor.may("reviewer"):
        raise Forbidden("only a reviewer may change what everybody sees", "save the search for yourself, or ask one")
    return EVERYBODY


def _opened(search: Search) -> Response:
    return back("/search", **{"kind": search.kind, **search.asked()})


def _held(request: Request, rows: tuple[Any, ...]) -> Any:
    ids = [row.id if isinstance(row, ReportRow) else row.report for row in rows if not isinstance(row, HappeningRow)]
    return ledger_of(request).held(ids, then_of(request))


def _hits(
    request: Request, asked: Search, rows: tuple[Any, ...]
) -> dict[str, tuple[tuple[Piece, ...], Snippet | None]]:
    """For each report in which words were looked for: its title with them marked, and the sentence they stand in."""
    phrases = search_phrases(asked.filter.text or "")
    if not phrases:
        return {}
    texts = _held(request, rows)
    return {
        row.id: (marked(row.title or "", phrases), snippet(texts[row.id].text, phrases))
        for row in rows
        if row.id in texts
    }
