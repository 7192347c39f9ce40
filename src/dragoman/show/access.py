"""Who asks, and what they may do. Every route says so by one of these dependencies.

| role | may |
|---|---|
| reader | read |
| reviewer | and decide of marks, entities, happenings, grades |
| editor | and retract reports |
| admin | and manage accounts |

Invariant: what changes something is asked for by a form that only our own page can have given (`csrf`).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Form, Header, Request

from dragoman.errors import Forbidden
from dragoman.ledger.store import Ledger

ROLES = ("reader", "reviewer", "editor", "admin")
"""Each may do all that those before it may."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the name that goes into the record, the role, and what a form must send back."""

    name: str
    role: str
    csrf: str

    def may(self, role: str) -> bool:
        """Whether they may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def local() -> Callable[[Request], Visitor]:
    """Who asks where there are no accounts: whoever sits at this machine, who may do everything."""
    visitor = Visitor("", "admin", secrets.token_urlsafe(32))
    return lambda _request: visitor


def ledger_of(request: Request) -> Ledger:
    """The ledger that the application was made over."""
    ledger: Ledger = request.app.state.ledger
    return ledger


def reads(request: Request) -> Visitor:
    """Whoever may read; sets `request.state.visitor`."""
    visitor: Visitor = request.app.state.visitors(request)
    request.state.visitor = visitor
    return visitor


def decides(role: str) -> Callable[..., Visitor]:
    """Whoever may do what a role may and sent the form from our page. Forbidden."""

    def check(request: Request, csrf: Annotated[str, Form()] = "", x_csrf: Annotated[str, Header()] = "") -> Visitor:
        visitor = reads(request)
        if not secrets.compare_digest((csrf or x_csrf).encode(), visitor.csrf.encode()):
            raise Forbidden("this form is not from this session", "load the page again, and send it from there")
        if not visitor.may(role):
            raise Forbidden(f"only a {role} may do this", f"you are a {visitor.role}: ask an admin")
        return visitor

    return check
