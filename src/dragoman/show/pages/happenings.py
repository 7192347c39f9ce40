"""The happenings, and one of them with all that is claimed of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from dragoman.compare import of_ledger
from dragoman.compare.overruling import graded_in, overrule
from dragoman.errors import UsageError
from dragoman.ledger.comparisons import ORDERS, Choice
from dragoman.show.access import Visitor, decides, ledger_of
from dragoman.show.happening_page import happening_page
from dragoman.show.pages.page import ROWS, after_of, asked_of, back, day_of, shown, then_of

router = APIRouter()

ORDER_NAMES = {"weight": "most independent chains", "told": "told last", "disputed": "disputed last"}
CHOICES = ("order", "disputed", "unnamed", "told_since", "disputed_since")


@router.get("/happenings")
def happenings(request: Request) -> Response:
    """What several reports tell."""
    ledger, asked, given = ledger_of(request), asked_of(request), request.query_params
    order = given.get("order") or "weight"
    if order not in ORDERS:
        raise UsageError(f"{order!r} is no order of happenings", f"take one of {', '.join(ORDERS)}")
    choice = Choice(
        told_since=day_of(request, "told_since"),
        disputed_since=day_of(request, "disputed_since"),
        disputed=bool(given.get("disputed")),
        unnamed=bool(given.get("unnamed")),
    )
    page = of_ledger.summaries(ledger, asked, after_of(request), ROWS, choice=choice, order=order)
    return shown(
        request,
        "happenings.html",
        page=page,
        kept=of_ledger.standing(ledger, then_of(request)),
        orders=ORDER_NAMES,
        chosen={name: given[name] for name in CHOICES if given.get(name)},
    )


@router.get("/happenings/{id}")
def happening(request: Request, id: str) -> Response:
    """All that is claimed of a happening, side by side."""
    ledger, then = ledger_of(request), then_of(request)
    (graded,) = graded_in(ledger, [of_ledger.happening(ledger, id, then)], then)
    return shown(request, "happening.html", id=id, page=happening_page(graded), kept=of_ledger.standing(ledger, then))


@router.post("/happenings/{id}/grade")
def grade(
    request: Request,
    id: str,
    visitor: Annotated[Visitor, Depends(decides("reviewer"))],
    grade: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    of: Annotated[str, Form()] = "",
) -> Response:
    """Gives a number to the claim, or a letter to the source of the telling `of`, over those of the rules."""
    ledger = ledger_of(request)
    one = of_ledger.happening(ledger, id)
    overrule(ledger, of or one.id, grade, reason.strip(), visitor.name)
    return back(f"/happenings/{one.id}")
