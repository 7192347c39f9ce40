"""The web application over one ledger: pages for people, `/v1` for programs. `create_app` makes it.

Errors become HTTP here and nowhere else:

| error | status |
|---|---|
| UsageError, a parameter of the wrong kind | 400 |
| SignedOut | 401; a browser that wants a page is led to /signin |
| Forbidden | 403 |
| NotFound, an unknown path | 404 |
| Overtaken | 409 |
| LedgerBusy | 503 |
| any other DragomanError | 500 |
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from dragoman.config import Settings
from dragoman.errors import DragomanError, Forbidden, LedgerBusy, NotFound, Overtaken, SignedOut, UsageError
from dragoman.ledger.accounts import has_admin
from dragoman.ledger.passwords import is_right
from dragoman.ledger.store import Ledger
from dragoman.show import access, api, pages, safety
from dragoman.show.auditing import Audit
from dragoman.show.pages.looks import static_files
from dragoman.show.pages.page import failure
from dragoman.show.signing_in import Attempts

STATUS = (
    (UsageError, HTTPStatus.BAD_REQUEST),
    (SignedOut, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Overtaken, HTTPStatus.CONFLICT),
    (LedgerBusy, HTTPStatus.SERVICE_UNAVAILABLE),
    (DragomanError, HTTPStatus.INTERNAL_SERVER_ERROR),
)
"""The first class that an error belongs to gives its status."""


def create_app(ledger: str | Path, settings: Settings) -> FastAPI:
    """The application over a ledger, a file or `postgresql://user@host/database`.

    It is for who sits at this machine, or shared: by `settings.name`, with accounts. Raises UsageError when `settings`
    would let others in without accounts, and LedgerError when there is no ledger or it cannot be used. The ledger is
    closed when the server stops.
    """
    names, proxies = safety.names_served(settings), safety.proxies(settings)
    opened = Ledger.open(ledger, create=False)

    @asynccontextmanager
    async def open_while_serving(_app: FastAPI) -> AsyncIterator[None]:
        yield
        opened.close()

    app = FastAPI(
        title="Dragoman",
        version=version("dragoman"),
        summary="What happened, according to whom.",
        lifespan=open_while_serving,
        openapi_url=None,  # ours, in `api`, asks for a role like every route
        docs_url=None,  # FastAPI's own reference loads its script from elsewhere; ours is at /api
        redoc_url=None,
    )
    app.state.ledger = opened
    app.state.settings = settings
    app.state.visitors = access.local()
    app.openapi = _described(app)  # type: ignore[method-assign]  # FastAPI's documented way to change it
    app.include_router(api.router)
    app.include_router(pages.router)
    app.include_router(pages.for_anybody)
    app.mount("/static", static_files())
    if safety.is_shared(settings):
        _share(app, opened)
    app.add_middleware(safety.Guard, names=names, shared=safety.is_shared(settings))
    if proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=proxies)
    for kind in (DragomanError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _answer)
    return app


def _share(app: FastAPI, ledger: Ledger) -> None:
    """Has everybody sign in, and what they change recorded. UsageError when nobody could let others in."""
    if not has_admin(ledger):
        place = ledger.database.name
        ledger.close()
        raise UsageError(
            f"{place} has no accounts, and would be shared",
            "make an admin first: `dragoman user add NAME --role admin`; or serve on 127.0.0.1 without --name",
        )
    app.state.visitors = access.by_accounts(ledger)
    app.state.attempts = Attempts()
    is_right(None, "")  # what checks a name that nobody has is made now, so that the first one takes no longer
    app.add_middleware(Audit, ledger=ledger)


def _described(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """The OpenAPI description, made once."""
    return cache(lambda: api.describe(FastAPI.openapi(app)))


def _answer(request: Request, error: Exception) -> Response:
    """The page or, under /v1, the problem document of an error."""
    if isinstance(error, SignedOut) and _wants_page(request):
        return pages.signin.to_sign_in(request)
    status, what, cure = _told(error)
    # an error that nobody expected is answered outside the Guard, so the headers are put on here too
    headers = {**(getattr(error, "headers", None) or {}), **safety.HEADERS}
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Bearer realm="Dragoman"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = "2"
    answer = api.problem if request.url.path.startswith("/v1/") else failure
    return answer(request, status, what, cure, headers)


def _wants_page(request: Request) -> bool:
    """Whether somebody in a browser follows a link, or asks by htmx for a part of a page."""
    return "text/html" in request.headers.get("accept", "") or "hx-request" in request.headers


def _told(error: Exception) -> tuple[HTTPStatus, str, str]:
    """The status of an error, what was wrong, and what to do."""
    if isinstance(error, DragomanError):
        return next(status for kind, status in STATUS if isinstance(error, kind)), error.what, error.cure
    if isinstance(error, RequestValidationError):
        first = error.errors()[0]
        name = first["loc"][-1]
        return HTTPStatus.BAD_REQUEST, f"{name}: {first['msg'].lower()}", "see /api for what may be asked"
    if not isinstance(error, HTTPException):
        return HTTPStatus(500), "a fault in Dragoman itself", "its terminal has the details: please report it"
    status = HTTPStatus(error.status_code)
    if status == HTTPStatus.NOT_FOUND:
        return status, "there is nothing at this address", "start from the reports"
    return status, status.phrase.lower(), status.description
