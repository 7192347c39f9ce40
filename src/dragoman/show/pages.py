"""The pages for people: what each address shows. All work without script; the looks are in `templates`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from dragoman.codes import codes
from dragoman.ledger import query
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import EVERYTHING, AsOf, Filter, Page
from dragoman.records import Entity, Reading
from dragoman.show import wording
from dragoman.show.api import ledger_of
from dragoman.show.cards import tied
from dragoman.show.reading_page import reading_page
from dragoman.show.voices import words_of

HERE = Path(__file__).parent
ROWS = 50
"""Rows of one page: about three screens."""

router = APIRouter(include_in_schema=False)

_FILTERS = (
    "plain", "by", "kind_name", "stance_name", "type_name", "bearing",
    "day", "number", "percent", "web_address", "host", "country", "located", "map_link",
)  # fmt: skip
_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


# --- routes ---------------------------------------------------------------------------------------


@router.get("/")
def reports(request: Request) -> Response:
    """The reports, newest first, and what is in the ledger."""
    page = query.reports(ledger_of(request), _asked(request), _after(request), ROWS)
    return _shown(request, "reports.html", page=page, counts=ledger_of(request).counts(_then(request)))


@router.get("/reports/{id}")
def report(request: Request, id: str, source: str | None = None) -> Response:
    """One report, set for reading."""
    ledger, then = ledger_of(request), _then(request)
    reading = ledger.reading(id, then)
    retraction = ledger.retraction(reading.report.id, then)
    return _shown(request, "report.html", page=reading_page(reading, source), retraction=retraction)


@router.get("/events")
def events(request: Request) -> Response:
    """The events of all reports."""
    return _linked(request, "events.html", query.events)


@router.get("/attributions")
def attributions(request: Request) -> Response:
    """What is attributed in all reports."""
    return _linked(request, "attributions.html", query.attributions)


@router.get("/entities")
def entities(request: Request) -> Response:
    """Who and what all reports name."""
    page = query.entities(ledger_of(request), _asked(request), _after(request), ROWS)
    return _shown(request, "entities.html", page=page)


@router.get("/entities/{id}")
def entity(request: Request, id: str) -> Response:
    """One entity as one report has it, and what it does and says in all of them."""
    ledger = ledger_of(request)
    reading, found = ledger.entity(id, _then(request))
    whole = mark_id(reading.report.id, found.id)
    return _shown(
        request,
        "entity.html",
        id=whole,
        entity=found,
        reading=reading,
        words=_other_words(reading, found),
        ties=[tied(reading, tie) for tie in reading.relations if found.id in (tie.subject, tie.object)],
        acts=query.events(ledger, _by_then(request), limit=10, entity=whole),
        says=query.attributions(ledger, _by_then(request), limit=10, entity=whole),
    )


@router.get("/api")
def reference(request: Request) -> Response:
    """What programs may ask, in the words of the OpenAPI description."""
    return _shown(request, "api.html", description=request.app.openapi())


def failure(request: Request, status: HTTPStatus, what: str, cure: str, headers: Mapping[str, str]) -> Response:
    """An error as a page."""
    return _shown(request, "failure.html", status, headers, error_status=status, what=what, cure=cure)


# --- what the pages need ----------------------------------------------------------------------------


def _asked(request: Request) -> Filter:
    """The filter in the address; parameters that are none of it do nothing here."""
    asked = request.query_params
    return Filter(**{field.name: asked.get(field.name) for field in fields(Filter)})


def _by_then(request: Request) -> Filter:
    """Only the time by which something was known, of all that the address asks for."""
    asked = _asked(request)
    return Filter(as_of=asked.as_of, recorded=asked.recorded)


def _then(request: Request) -> AsOf:
    return query.as_of(_by_then(request))


def _after(request: Request) -> str | None:
    return request.query_params.get("after") or None


def _linked(request: Request, template: str, ask: Callable[..., Page[Any]]) -> Response:
    """A list that may also be asked for what one entity does or says."""
    ledger, asked, entity = ledger_of(request), _asked(request), request.query_params.get("entity", "").strip()
    page = ask(ledger, asked, _after(request), ROWS, entity=entity)
    if not entity:
        return _shown(request, template, page=page)
    name = ledger.entity(entity, _then(request))[1].name
    return _shown(request, template, page=page, asked={**asked.given(), "entity": entity}, entity_name=name)


def _other_words(reading: Reading, entity: Entity) -> list[str]:
    """What the report calls an entity besides the name that heads its page."""
    shown = (entity.canonical or entity.name).casefold()
    names = (entity.name, *(entity.known_as or (reading.words(span) for span in entity.mentions)))
    return [words for words in dict.fromkeys(names) if words.casefold() != shown]


def _address(path: str, /, **asked: str | None) -> str:
    """A path with what is asked of it, under any names; None and blank values are left out."""
    given = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def _shown(
    request: Request,
    template: str,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
    **shown: Any,
) -> Response:
    """A template as an answer. What HTML cannot hold is shown as the replacement character."""
    then = _by_then(request) if status == HTTPStatus.OK else EVERYTHING
    html = (
        _templates()
        .get_template(template)
        .render(
            {
                "path": request.url.path,
                "asked": _asked(request).given(),
                "then": then,
                "to": lambda path, **asked: _address(path, **asked, **then.given()),
                "here": lambda **changed: _address(request.url.path, **{**request.query_params, **changed}),
                **shown,
            }
        )
    )
    return HTMLResponse(_UNSHOWABLE.sub("\ufffd", html), status, {"cache-control": "no-cache", **(headers or {})})


def _static(name: str) -> str:
    """The address of a static file; it changes with the file, so that browsers may keep it for good."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


class _Kept(StaticFiles):
    """Files that browsers may keep when they were asked for with their version."""

    async def get_response(self, path: str, scope: Any) -> Response:
        answer = await super().get_response(path, scope)
        kept = "max-age=31536000, immutable" if b"v=" in scope["query_string"] else "no-cache"
        answer.headers["cache-control"] = kept
        return answer


def static_files() -> StaticFiles:
    """The style sheets and the script."""
    return _Kept(directory=HERE / "static")


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {name: getattr(wording, name) for name in _FILTERS}
    made.globals |= {
        "codes": codes(),
        "address": _address,
        "many": wording.many,
        "when": wording.when,
        "counted": wording.counted,
        "tells": wording.tells,
        "words_of": words_of,
        "low": wording.LOW,
        "static": {path.name: _static(path.name) for path in sorted((HERE / "static").iterdir())},
    }
    return made
