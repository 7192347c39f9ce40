"""Happenings: pages of rows, and one of them with every telling, judgement and grade."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from dragoman.compare import of_ledger
from dragoman.compare.overruling import graded_in
from dragoman.compare.summaries import HappeningRow
from dragoman.errors import UsageError
from dragoman.ledger.comparisons import ORDERS, Choice
from dragoman.ledger.query import Page
from dragoman.show.access import ledger_of
from dragoman.show.api.answers import answers, json_of, page_of
from dragoman.show.api.asked import Day, Listed, Then, one_of
from dragoman.show.happening import as_dict

router = APIRouter()


class HappeningsListed(Listed):
    """A page of happenings: those that an event tells which matches the rest."""

    order: str = Field("weight", description=f"the greatest first: {one_of(ORDERS)}")
    told_since: Day = Field(None, description="told again on this day or later")
    disputed_since: Day = Field(None, description="a contradiction came up on this day or later")
    disputed: bool = Field(False, description="only those that reports contradict one another in")
    unnamed: bool = Field(False, description="only those that rest on unnamed sources alone")


@router.get("/happenings", responses=answers(Page[HappeningRow]), summary="Happenings that several reports tell")
def happenings(request: Request, asked: Annotated[HappeningsListed, Query()]) -> Response:
    if asked.order not in ORDERS:
        raise UsageError(f"{asked.order!r} is no order of happenings", f"take {one_of(ORDERS)}")
    choice = Choice(
        told_since=asked.told_since,
        disputed_since=asked.disputed_since,
        disputed=asked.disputed,
        unnamed=asked.unnamed,
    )
    return page_of(request, partial(of_ledger.summaries, choice=choice, order=asked.order), asked)


@router.get(
    "/happenings/{id}",
    responses=answers(dict[str, Any]),
    summary="The happening that an event tells: tellings, contradictions, tolls, chains and grades",
)
def happening(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    """By the id of any of its events; one that a single report tells is a happening, too."""
    ledger, as_of = ledger_of(request), then.as_of_then()
    (graded,) = graded_in(ledger, [of_ledger.happening(ledger, id, as_of)], as_of)
    return json_of(as_dict(graded))
