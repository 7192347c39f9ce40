"""What `/v1` answers with: rows in pages, marks with their origin, problems."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from dragoman.ledger.query import Filter, Page
from dragoman.ledger.rows import AnyRow
from dragoman.ledger.store import AnyMark, Ledger
from dragoman.records import Attribution, Entity, Event, Reading
from dragoman.show.access import ledger_of
from dragoman.show.api.asked import EntitiesListed, Listed
from dragoman.show.listing import mark_as_dict
from dragoman.show.output import as_json


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


class Captured(BaseModel):
    """What a report was taken from; `kept` says whether the ledger has the bytes themselves."""

    address: str
    captured_at: str | None
    sha256: str
    size: int
    media_type: str | None
    status: int | None
    headers: list[tuple[str, str]]
    kept: bool


class Health(BaseModel):
    """That the ledger can be read, and which version reads it."""

    status: str
    version: str


_PROBLEM: dict[str, Any] = {
    "description": "what was wrong, and what to do",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def answers(model: Any, *more: int) -> dict[int | str, dict[str, Any]]:
    """For the OpenAPI description: what a route answers, and its errors (no 422: see `app.STATUS`), `more` of them."""
    return {200: {"model": model}, **dict.fromkeys((400, 401, 403, *more, 404, 503), _PROBLEM)}


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
    return json_of(body.model_dump(), status, headers, "application/problem+json")


def json_of(
    value: Any,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Response:
    return Response(as_json(value), status, headers, media_type)


Ask = Callable[[Ledger, Filter, str | None, int], Page[AnyRow]]


def page_of(request: Request, ask: Ask[AnyRow], asked: Listed | EntitiesListed) -> Response:
    """A page of rows, with the address of the next one in a Link header."""
    page = ask(ledger_of(request), asked.filter(), asked.after, asked.limit)
    return json_of(asdict(page), headers=next_page(request, page))


def next_page(request: Request, page: Page[Any]) -> dict[str, str]:
    """The Link header that leads to the rows after a page, if there are more."""
    if page.next_cursor is None:
        return {}
    asked_again = {**request.query_params, "after": page.next_cursor}
    return {"link": f'<{request.url.path}?{urlencode(asked_again)}>; rel="next"'}


def mark_of(found: tuple[Reading, AnyMark]) -> Response:
    """One mark, as `dragoman show` gives it."""
    return json_of(mark_as_dict(*found))
