"""The review: what the model is unsure of or two reports dispute, one card at a time; or many at one stroke."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from dragoman.errors import NotFound, Overtaken, UsageError
from dragoman.ledger.doubts import SETTLED
from dragoman.show import deciding, review
from dragoman.show.access import Visitor, decides, ledger_of, reads, sent
from dragoman.show.deciding import Given
from dragoman.show.pages.page import after_of, asked_of, back, shown
from dragoman.show.review import Asked

router = APIRouter(prefix="/review")

Reviewer = Annotated[Visitor, Depends(decides("reviewer"))]


Form = Annotated[Given, Depends(sent)]


@router.get("")
def card(request: Request, visitor: Annotated[Visitor, Depends(reads)]) -> Response:
    """The next card."""
    ledger, asked = ledger_of(request), review_asked(request)
    act = ledger.last_act(visitor.name)
    passed = request.query_params.get("passed")
    return shown(
        request,
        "review.html",
        review=asked,
        here_below=str(asked.below) if asked.below != SETTLED else None,
        kinds=review.KINDS,
        queue=review.queue(ledger, asked, visitor.name),
        act=act,
        said=review.said(ledger, act) if act else None,
        passed=review.overtaken(ledger, passed) if passed else None,
    )


@router.post("")
def decide(request: Request, visitor: Reviewer, given: Form) -> Response:
    """Decides of one card, and goes on to the next."""
    asked = dict(request.query_params) | {"passed": ""}
    try:
        deciding.decide(ledger_of(request), given, visitor.name)
    except (NotFound, Overtaken):
        asked["passed"] = given.get("item", "?") or "?"
    return back("/review", **asked)


@router.post("/undo")
def undo(request: Request, visitor: Reviewer, given: Form) -> Response:
    """Takes the visitor's last decision back."""
    asked = dict(request.query_params) | {"passed": "", "after": ""}
    number = given.get("act", "")
    if not (number.isascii() and number.isdigit()):
        raise UsageError(f"{number!r} is no act", "load the page again, and send the form from there")
    try:
        ledger_of(request).undo(visitor.name, int(number[:18]))
    except (NotFound, Overtaken):
        asked["passed"] = "?"
    return back("/review", **asked)


@router.get("/all")
def preview(request: Request) -> Response:
    """What a decision on all that is asked for would be of; with a report, also the report as a whole."""
    ledger, asked = ledger_of(request), review_asked(request)
    report = asked.filter.report
    return shown(
        request,
        "review_all.html",
        review=asked,
        here_below=str(asked.below) if asked.below != SETTLED else None,
        found=deciding.many(ledger, asked),
        report=ledger.reading(report) if report else None,
        report_seen=deciding.reading_state(ledger, report) if report else None,
        passed=bool(request.query_params.get("passed")),
        most=deciding.AT_ONCE,
    )


@router.post("/all")
def decide_all(request: Request, visitor: Reviewer, given: Form) -> Response:
    """Decides of all that is asked for, or of a whole report."""
    ledger, asked, again = ledger_of(request), review_asked(request), dict(request.query_params)
    try:
        if given.get("decision") == "complete" and asked.filter.report:
            deciding.complete(ledger, asked.filter.report, given, visitor.name)
        else:
            deciding.decide_many(ledger, asked, given, visitor.name)
    except Overtaken:
        return back("/review/all", **again | {"passed": "all"})
    return back("/review", **again | {"after": "", "passed": ""})


def review_asked(request: Request) -> Asked:
    """The queue that the address asks for."""
    asked = request.query_params
    return Asked.of(asked.get("kind"), asked_of(request), asked.get("below"), after_of(request))
