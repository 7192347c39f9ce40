"""The accounts of a shared ledger, for admins: who may do what, by which tokens, and what was done."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from dragoman.ledger import accounts as kept
from dragoman.ledger.audit import acts
from dragoman.ledger.tokens import revoke_token, tokens_of
from dragoman.show.access import Visitor, ledger_of, manages, sees_accounts
from dragoman.show.pages.page import ROWS, after_of, back, shown

router = APIRouter()

Seeing = Annotated[Visitor, Depends(sees_accounts("admin"))]
Changing = Annotated[Visitor, Depends(manages("admin"))]
Typed = Annotated[str, Form()]


@router.get("/accounts")
def accounts(request: Request, visitor: Seeing) -> Response:
    """All users, all tokens, and the audit list."""
    ledger = ledger_of(request)
    audit = acts(ledger, after_of(request), ROWS)
    users, tokens = kept.users_of(ledger), tokens_of(ledger)
    return shown(request, "accounts.html", users=users, tokens=tokens, roles=kept.ROLES, page=audit)


@router.post("/accounts")
def add(
    request: Request, visitor: Changing, name: Typed = "", password: Typed = "", role: Typed = "reader"
) -> Response:
    """Adds a user."""
    name = name.strip().lower()
    kept.add_user(ledger_of(request), name, password, role, visitor.name)
    request.state.subject = f"user {name}: {role}"
    return back("/accounts")


@router.post("/accounts/{name}/role")
def change_role(request: Request, visitor: Changing, name: str, role: Typed = "") -> Response:
    """Gives a user another role."""
    kept.change_role(ledger_of(request), name, role, visitor.name)
    request.state.subject = f"user {name}: {role}"
    return back("/accounts")


@router.post("/accounts/{name}/password")
def change_password(request: Request, visitor: Changing, name: str, password: Typed = "") -> Response:
    """Gives a user another password."""
    kept.change_password(ledger_of(request), name, password, visitor.name)
    request.state.subject = f"user {name}"
    return back("/accounts")


@router.post("/accounts/{name}/remove")
def remove(request: Request, visitor: Changing, name: str) -> Response:
    """Lets a user do nothing any more."""
    kept.remove_user(ledger_of(request), name, visitor.name)
    request.state.subject = f"user {name}"
    return back("/accounts")


@router.post("/accounts/tokens/{id}/revoke")
def revoke(request: Request, visitor: Changing, id: str) -> Response:
    """Lets anybody's token do nothing any more."""
    token = revoke_token(ledger_of(request), id, visitor.name)
    request.state.subject = f"token {token.name!r} of {token.user}"
    return back("/accounts")
