"""One's own account in a shared ledger: password and tokens."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from dragoman.config import Settings
from dragoman.errors import Forbidden, UsageError
from dragoman.ledger.accounts import change_password, is_password_of
from dragoman.ledger.sessions import sign_in
from dragoman.ledger.tokens import MOST_DAYS, SCOPES, add_token, revoke_token, tokens_of
from dragoman.show.access import Visitor, attempts_of, keep_session, ledger_of, manages, sees_accounts
from dragoman.show.auditing import address_of
from dragoman.show.pages.page import back, shown

router = APIRouter()

Seeing = Annotated[Visitor, Depends(sees_accounts("reader"))]
Changing = Annotated[Visitor, Depends(manages("reader"))]


@router.get("/account")
def account(request: Request, visitor: Seeing) -> Response:
    """One's own account."""
    return _shown(request, visitor)


@router.post("/account/password")
def password(
    request: Request,
    visitor: Changing,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Changes one's own password; every session of theirs ends, and this browser gets a new one."""
    settings: Settings = request.app.state.settings
    ledger, attempts, address = ledger_of(request), attempts_of(request), address_of(request)
    if not attempts.admit(visitor.name, address):
        raise Forbidden("too many tries with a wrong password", "wait a quarter of an hour, then try again")
    if not is_password_of(ledger, visitor.name, old):
        raise UsageError("the present password is wrong", "go back, and give the one that you signed in with")
    attempts.forget(visitor.name, address)
    if new != again:
        raise UsageError("the new passwords differ", "go back, and give the same twice")
    change_password(ledger, visitor.name, new, visitor.name)
    answer = back("/account", done="password")
    keep_session(
        request, answer, sign_in(ledger, visitor.name, new, settings.session_hours) or "", settings.session_hours
    )
    return answer


@router.post("/account/tokens")
def new_token(
    request: Request,
    visitor: Changing,
    name: Annotated[str, Form()] = "",
    scope: Annotated[str, Form()] = "",
    days: Annotated[int, Form()] = 90,
) -> Response:
    """Makes a token, and shows it this once."""
    request.state.subject = f"token {name.strip()!r}"
    secret = add_token(ledger_of(request), name, visitor.name, scope, days, visitor.name)
    return _shown(request, visitor, secret=secret)


@router.post("/account/tokens/{id}/revoke")
def revoke(request: Request, visitor: Changing, id: str) -> Response:
    """Lets one's own token do nothing any more."""
    token = revoke_token(ledger_of(request), id, visitor.name, user=visitor.name)
    request.state.subject = f"token {token.name!r}"
    return back("/account", done="revoked")


def _shown(request: Request, visitor: Visitor, secret: str = "") -> Response:
    return shown(
        request,
        "account.html",
        tokens=tokens_of(ledger_of(request), visitor.name),
        scopes=SCOPES,
        most_days=MOST_DAYS,
        secret=secret,
        done=request.query_params.get("done", ""),
    )
