"""The events and the attributions of all reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.ledger import query
from dragoman.ledger.query import Page
from dragoman.show.access import ledger_of
from dragoman.show.pages.page import ROWS, after_of, asked_of, shown, then_of

router = APIRouter()


@router.get("/events")
def events(request: Request) -> Response:
    """The events of all reports."""
    return _linked(request, "events.html", query.events)


@router.get("/attributions")
def attributions(request: Request) -> Response:
    """What is attributed in all reports."""
    return _linked(request, "attributions.html", query.attributions)


def _linked(request: Request, template: str, ask: Callable[..., Page[Any]]) -> Response:
    """A list that may also be asked for what one entity does or says."""
    ledger, asked, entity = ledger_of(request), asked_of(request), request.query_params.get("entity", "").strip()
    page = ask(ledger, asked, after_of(request), ROWS, entity=entity)
    if not entity:
        return shown(request, template, page=page)
    name = ledger.entity(entity, then_of(request))[1].name
    return shown(request, template, page=page, asked={**asked.given(), "entity": entity}, entity_name=name)
