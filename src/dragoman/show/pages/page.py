"""What every page is made with: what its address asks for, and a template as the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from dragoman.ledger import query
from dragoman.ledger.query import EVERYTHING, AsOf, Filter
from dragoman.show.access import Visitor
from dragoman.show.pages.looks import address, templates

ROWS = 50
"""Rows of one page: about three screens."""

_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


def asked_of(request: Request) -> Filter:
    """The filter in the address; parameters that are none of it do nothing here."""
    asked = request.query_params
    return Filter(**{field.name: asked.get(field.name) for field in fields(Filter)})


def times_of(request: Request) -> Filter:
    """Only the time by which something was known, of all that the address asks for."""
    asked = asked_of(request)
    return Filter(as_of=asked.as_of, recorded=asked.recorded)


def then_of(request: Request) -> AsOf:
    """The time that the address asks for. UsageError for a day or moment that is none."""
    return query.as_of(times_of(request))


def after_of(request: Request) -> str | None:
    """The cursor in the address."""
    return request.query_params.get("after") or None


def day_of(request: Request, name: str) -> str | None:
    """A day that the address gives under a name. UsageError for one that is none."""
    given = request.query_params.get(name, "").strip() or None
    query.as_of(Filter(since=given))  # which checks it
    return given


def shown(
    request: Request,
    template: str,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    **shown: Any,
) -> Response:
    """A template as an answer. What HTML cannot hold is shown as the replacement character."""
    then = times_of(request) if status == HTTPStatus.OK else EVERYTHING
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    html = (
        templates()
        .get_template(template)
        .render(
            {
                "path": request.url.path,
                "asked": asked_of(request).given(),
                "then": then,
                "to": lambda path, **asked: address(path, **asked, **then.given()),
                "here": lambda **changed: address(request.url.path, **{**request.query_params, **changed}),
                "visitor": visitor,
                **shown,
            }
        )
    )
    return HTMLResponse(_UNSHOWABLE.sub("\ufffd", html), status, {"cache-control": "no-cache", **(headers or {})})


def failure(request: Request, status: HTTPStatus, what: str, cure: str, headers: Mapping[str, str]) -> Response:
    """An error as a page."""
    return shown(request, "failure.html", status, headers, error_status=status, what=what, cure=cure)


def back(path: str, place: str = "", /, **asked: str | None) -> Response:
    """What follows a form that was sent: the page that shows what it did, at a place of it."""
    goal = address(path, **asked) + (f"#{quote(place)}" if place else "")
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": goal})
