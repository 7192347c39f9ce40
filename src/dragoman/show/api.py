"""`/v1`: the ledger as JSON, for programs. Rows are those of `ledger.rows`, readings the public JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from dragoman.codes import codes
from dragoman.ledger import query
from dragoman.ledger.query import MOST, AsOf, Filter, Page
from dragoman.ledger.rows import AnyRow, AttributionRow, EntityRow, EventRow, ReportRow
from dragoman.ledger.store import AnyMark, Ledger
from dragoman.records import Attribution, Entity, Event, Reading
from dragoman.show.export import as_json, export
from dragoman.show.listing import mark_as_dict

router = APIRouter(prefix="/v1")


# --- what may be asked --------------------------------------------------------------------------


def _one_of(values: Any) -> str:
    return f"one of {', '.join(values)}"


_AS_OF = "what had been told by the end of this day, as 2031-03-04"
_RECORDED = "what the ledger itself held by this day or time (UTC), as it read it then"


class AboutEntities(BaseModel):
    """What entities may be asked for; a name that is not here is refused, since it is a slip."""

    model_config = ConfigDict(extra="forbid")

    type: str | None = Field(None, description=_one_of(codes().entity_types))
    actor: str | None = Field(None, description="part of a name or of the words")
    source_kind: str | None = Field(None, description=_one_of(codes().source_kinds))
    since: str | None = Field(None, description="from this day, as 2031-03-04")
    until: str | None = Field(None, description="to this day, it included")
    text: str | None = Field(None, description="words of the report, phrases in double quotes")
    outlet: str | None = Field(None, description="the outlet's whole name")
    report: str | None = Field(None, description="a report's id, or the start of it")
    as_of: str | None = Field(None, description=_AS_OF)
    recorded: str | None = Field(None, description=_RECORDED)

    def filter(self) -> Filter:
        """The filter for the ledger."""
        return Filter(**self.model_dump(exclude={"after", "limit", "entity"}))


class Then(BaseModel):
    """By what time one report or mark is asked for."""

    model_config = ConfigDict(extra="forbid")

    as_of: str | None = Field(None, description=_AS_OF)
    recorded: str | None = Field(None, description=_RECORDED)

    def as_of_then(self) -> AsOf:
        """For the ledger."""
        return query.as_of(Filter(as_of=self.as_of, recorded=self.recorded))


class About(AboutEntities):
    """What reports, events and attributions may be asked for."""

    type: str | None = Field(None, description=_one_of(codes().event_types))
    status: str | None = Field(None, description=_one_of(codes().statuses))
    source: str | None = Field(None, description="part of the name or words of who says so")


class _Paged(BaseModel):
    after: str | None = Field(None, description="next_cursor of the page before")
    limit: int = Field(50, ge=1, le=MOST, description="rows of a page at most")


class Listed(About, _Paged):
    """A page of reports."""


class Linked(Listed):
    """A page of events or attributions, which may be those of one entity."""

    entity: str | None = Field(None, description="an entity's id: only what it does or says, in all reports")


class EntitiesListed(AboutEntities, _Paged):
    """A page of entities."""


# --- answers --------------------------------------------------------------------------------------


class Problem(BaseModel):
    """What was wrong and what to do about it, after RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    cure: str
    instance: str


class Origin(BaseModel):
    """What is known of a report, without its text."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    language: str | None


class OneEvent(BaseModel):
    """An event as the reading has it."""

    report: Origin
    kind: Literal["event"]
    event: Event


class OneAttribution(BaseModel):
    """An attribution as the reading has it."""

    report: Origin
    kind: Literal["attribution"]
    attribution: Attribution


class OneEntity(BaseModel):
    """An entity as the reading has it."""

    report: Origin
    kind: Literal["entity"]
    entity: Entity


class Health(BaseModel):
    """That the ledger can be read, and which version reads it."""

    status: str
    version: str


_PROBLEM: dict[str, Any] = {
    "description": "what was wrong, and what to do",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def _answers(model: Any) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI description: what a route answers, and its errors (no 422: see `app.STATUS`)."""
    return {200: {"model": model}, **dict.fromkeys((400, 404, 503), _PROBLEM)}


def problem(request: Request, status: HTTPStatus, what: str, cure: str, headers: Mapping[str, str]) -> Response:
    """An error as a problem document."""
    body = Problem(
        type="about:blank",
        title=status.phrase,
        status=status,
        detail=what,
        cure=cure,
        instance=request.url.path,
    )
    return _json(body.model_dump(), status, headers, "application/problem+json")


def _json(
    value: Any,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    return Response(as_json(value), status, headers, media_type)


Ask = Callable[[Ledger, Filter, str | None, int], Page[AnyRow]]


def _page(request: Request, ask: Ask[AnyRow], asked: Listed | EntitiesListed) -> Response:
    """A page of rows, with the address of the next one in a Link header."""
    page = ask(ledger_of(request), asked.filter(), asked.after, asked.limit)
    headers = {}
    if page.next_cursor is not None:
        asked_again = {**request.query_params, "after": page.next_cursor}
        headers["link"] = f'<{request.url.path}?{urlencode(asked_again)}>; rel="next"'
    return _json(asdict(page), headers=headers)


def _mark(found: tuple[Reading, AnyMark]) -> Response:
    """One mark, as `dragoman show` gives it."""
    return _json(mark_as_dict(*found))


def ledger_of(request: Request) -> Ledger:
    """The ledger that the application was made over."""
    ledger: Ledger = request.app.state.ledger
    return ledger


# --- routes ---------------------------------------------------------------------------------------


@router.get("/reports", responses=_answers(Page[ReportRow]), summary="Reports, newest first")
def reports(request: Request, asked: Annotated[Listed, Query()]) -> Response:
    return _page(request, query.reports, asked)


@router.get("/reports/{id}", responses=_answers(Reading), summary="One report's reading, whole")
def report(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    """The current reading of a report, by its id or the start of it (6 characters at least)."""
    answer = _json(ledger_of(request).reading(id, then.as_of_then()).to_dict())
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    known = request.headers.get("if-none-match", "")
    if known == "*" or etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"etag": etag})
    answer.headers["etag"] = etag
    return answer


@router.get("/events", responses=_answers(Page[EventRow]), summary="Events, by newest report")
def events(request: Request, asked: Annotated[Linked, Query()]) -> Response:
    return _page(request, partial(query.events, entity=asked.entity), asked)


@router.get("/events/{id}", responses=_answers(OneEvent), summary="One event, with the origin of its report")
def event(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    return _mark(ledger_of(request).event(id, then.as_of_then()))


@router.get("/attributions", responses=_answers(Page[AttributionRow]), summary="Attributions, by newest report")
def attributions(request: Request, asked: Annotated[Linked, Query()]) -> Response:
    return _page(request, partial(query.attributions, entity=asked.entity), asked)


@router.get(
    "/attributions/{id}",
    responses=_answers(OneAttribution),
    summary="One attribution, with the origin of its report",
)
def attribution(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    return _mark(ledger_of(request).attribution(id, then.as_of_then()))


@router.get("/entities", responses=_answers(Page[EntityRow]), summary="Entities, by name")
def entities(request: Request, asked: Annotated[EntitiesListed, Query()]) -> Response:
    return _page(request, query.entities, asked)


@router.get("/entities/{id}", responses=_answers(OneEntity), summary="One entity, with the origin of its report")
def entity(request: Request, id: str, then: Annotated[Then, Query()]) -> Response:
    return _mark(ledger_of(request).entity(id, then.as_of_then()))


@router.get(
    "/readings",
    responses={**_answers(Reading), 200: {"content": {"application/x-ndjson": {}}}},
    summary="Readings whole, one a line, as they come out of the ledger",
)
def readings(request: Request, asked: Annotated[About, Query()]) -> Response:
    lines = export(ledger_of(request), asked.filter(), "jsonl")
    return StreamingResponse(lines, media_type="application/x-ndjson")


@router.get("/health", responses=_answers(Health), summary="Whether the ledger can be read")
def health(request: Request) -> Response:
    query.reports(ledger_of(request), limit=1)
    return _json(Health(status="ok", version=request.app.version).model_dump())


def describe(schema: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description that FastAPI made, put right where it cannot know better.

    Problems replace its 422; the offset map of a report stays inside the program.
    """
    schemas = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError", "OffsetMap"):
        schemas.pop(name, None)
    schemas["Report"]["properties"].pop("offsets", None)
    schemas["Problem"] = Problem.model_json_schema()
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return schema
