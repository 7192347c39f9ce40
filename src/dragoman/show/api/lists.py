"""Reports, events, attributions and entities: pages of rows, one of each, and readings whole."""

from __future__ import annotations

import hashlib
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from dragoman.ledger import query
from dragoman.ledger.query import Page
from dragoman.ledger.rows import AttributionRow, EntityRow, EventRow, ReportRow
from dragoman.records import Reading
from dragoman.show.access import ledger_of
from dragoman.show.api.answers import (
    Captured,
    Health,
    OneAttribution,
    OneEntity,
    OneEvent,
    answers,
    json_of,
    mark_of,
    page_of,
)
from dragoman.show.api.asked import About, EntitiesListed, Linked, LinkedEvents, Listed, Then
from dragoman.show.exports import export

router = APIRouter()


@router.get("/reports", responses=answers(Page[ReportRow]), summary="Reports, newest first")
def reports(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    return page_of(request, query.reports, asked)


@router.get("/reports/{id}", responses=answers(Reading), summary="One report's reading, whole")
def report(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    """The current reading of a report, by its id or the start of it (6 characters at least)."""
    answer = json_of(ledger_of(request).reading(id, then.as_of_then()).to_dict())
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": etag})
    answer.headers["etag"] = etag
    return answer


@router.get(
    "/reports/{id}/captures", responses=answers(list[Captured]), summary="What a report was taken from, as it came"
)
def captures(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    """Address, time, headers and hash of each original; `kept` ones are at `/reports/{id}/originals/{sha256}`."""
    taken = ledger_of(request).captures(id, then.as_of_then())
    return json_of([Captured.model_validate(capture, from_attributes=True).model_dump() for capture in taken])


@router.get("/events", responses=answers(Page[EventRow]), summary="Events, by newest report")
def events(request: Request, asked: Annotated[LinkedEvents, Query()]) -> Response:
    return page_of(request, partial(query.events, entity=asked.entity, toward=asked.toward), asked)


@router.get("/events/{id}", responses=answers(OneEvent), summary="One event, with the origin of its report")
def event(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    return mark_of(ledger_of(request).event(id, then.as_of_then()))


@router.get("/attributions", responses=answers(Page[AttributionRow]), summary="Attributions, by newest report")
def attributions(request: Request, asked: Annotated[Linked, Query()]) -> Response:
    return page_of(request, partial(query.attributions, entity=asked.entity), asked)


@router.get(
    "/attributions/{id}",
    responses=answers(OneAttribution),
    summary="One attribution, with the origin of its report",
)
def attribution(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    return mark_of(ledger_of(request).attribution(id, then.as_of_then()))


@router.get("/entities", responses=answers(Page[EntityRow]), summary="Entities, by name")
def entities(request: Request, asked: Annotated[EntitiesListed, Query()]) -> Response:
    return page_of(request, query.entities, asked)


@router.get("/entities/{id}", responses=answers(OneEntity), summary="One entity, with the origin of its report")
def entity(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    return mark_of(ledger_of(request).entity(id, then.as_of_then()))


@router.get(
    "/readings",
    responses={**answers(Reading), 200: {"content": {"application/x-ndjson": {}}}},
    summary="Readings whole, one a line, as they come out of the ledger",
)
def readings(request: Request, asked: Annotated[About, Query()]) -> Response:
    lines = export(ledger_of(request), asked.filter(), "jsonl")
    return StreamingResponse(lines, media_type="application/x-ndjson")


@router.get("/health", responses=answers(Health), summary="Whether the ledger can be read")
def health(request: Request) -> Response:
    query.reports(ledger_of(request), limit=1)
    return json_of(Health(status="ok", version=request.app.version).model_dump())
