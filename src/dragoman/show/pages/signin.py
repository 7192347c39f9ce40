"""Signing in and out, where the ledger is shared.

Invariant: signing in makes a new session each time and ends the one that the browser had; what is answered to a wrong
name and to a wrong password is the same, after the same time; nobody is led to another site afterwards.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from dragoman.config import Settings
from dragoman.errors import SignedOut
from dragoman.ledger import sessions
from dragoman.ledger.accounts import is_name_of_user
from dragoman.show.access import Visitor, attempts_of, drop_session, keep_session, ledger_of, reads, session_secret
from dragoman.show.auditing import NOBODY, address_of
from dragoman.show.pages.looks import address
from dragoman.show.pages.page import back, shown
from dragoman.show.safety import is_shared
from dragoman.show.signing_in import SECONDS

router = APIRouter()

_OUR_OWN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""A path on this host: browsers read // and /\\ as another one, and leave out tabs and line ends before they look."""


def to_sign_in(request: Request) -> Response:
    """What follows a request by nobody: the page to sign in on, which then leads to what was asked for.

    After a link on another site browsers do not send the cookie of who is signed in. So a page of ours comes between:
    from there they do, and the page to sign in on leads on at once.
    """
    if "hx-request" in request.headers:  # htmx would put the page where a part of one should be
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"hx-redirect": "/signin"})
    asked = quote(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
    onwards = address("/signin", next=asked if request.method == "GET" and asked != "/" else None)
    if request.headers.get("sec-fetch-site") == "cross-site":
        return shown(request, "again.html", HTTPStatus.UNAUTHORIZED, onwards=onwards)
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": onwards})


@router.get("/signin")
def signin(request: Request, next: str = "/") -> Response:
    """The form, for who is not signed in yet."""
    return _led_on(next) if _visitor(request) else _form(request, next)


@router.post("/signin")
def sign_in(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Opens a session, if the password is right."""
    settings: Settings = request.app.state.settings
    if not is_shared(settings):
        return _led_on(next)
    ledger, attempts = ledger_of(request), attempts_of(request)
    name, network = name.strip().lower()[:100], address_of(request)
    if not attempts.admit(name, network):
        told = f"Too many tries. Wait {SECONDS / 60:.0f} minutes, then try again."
        return _form(request, next, told, HTTPStatus.TOO_MANY_REQUESTS, {"retry-after": f"{SECONDS:.0f}"})
    secret = sessions.sign_in(ledger, name, password, settings.session_hours)
    request.state.acting = name if is_name_of_user(ledger, name) else NOBODY
    if secret is None:
        return _form(request, next, "The name or the password is wrong.", HTTPStatus.UNAUTHORIZED)
    attempts.forget(name, network)
    sessions.sign_out(ledger, session_secret(request))
    answer = _led_on(next)
    keep_session(request, answer, secret, settings.session_hours)
    return answer


@router.post("/signout")
def sign_out(request: Request) -> Response:
    """Ends the session of this browser. Needs no proof that the form is ours: other sites cannot send the cookie."""
    visitor = _visitor(request)
    if visitor is not None and session_secret(request):
        request.state.acting = visitor.name
        sessions.sign_out(ledger_of(request), session_secret(request))
    answer = back("/signin")
    drop_session(request, answer)
    return answer


def own_path(next: str) -> str:
    """Where to lead somebody who signed in: a path of ours, / for anything else."""
    return quote(next, safe="/?&=%:@+,;~!$'()*-._", errors="replace") if _OUR_OWN.fullmatch(next) else "/"


def _led_on(next: str) -> Response:
    return Response(status_code=HTTPStatus.SEE_OTHER, headers={"location": own_path(next)})


def _visitor(request: Request) -> Visitor | None:
    try:
        return reads(request)
    except SignedOut:
        return None


def _form(
    request: Request,
    next: str,
    told: str = "",
    status: HTTPStatus = HTTPStatus.OK,
    headers: dict[str, str] | None = None,
) -> Response:
    return shown(request, "signin.html", status, headers, next=own_path(next), told=told)
