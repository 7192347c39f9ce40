"""Who asks, and what they may do. Every route says so by one of these dependencies.

| role | may |
|---|---|
| reader | read |
| reviewer | and decide of marks, entities, happenings, grades |
| editor | and retract reports |
| admin | and manage accounts |

Invariant: what changes something is asked for by a form that only our own page can have given (`csrf`), or by a
program with a token, which no page of others can send. A token never does what manages accounts.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Form, Header, Request
from starlette.responses import Response

from dragoman.errors import Forbidden, NotFound, SignedOut
from dragoman.ledger.accounts import ROLES
from dragoman.ledger.sessions import session
from dragoman.ledger.store import Ledger
from dragoman.ledger.tokens import SCOPES, bearer
from dragoman.show.signing_in import Attempts

LOCAL, SESSION, TOKEN = "local", "session", "token"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: the name that goes into the record, the role, what a form must send back, and how they are known."""

    name: str
    role: str
    csrf: str
    known_by: str = LOCAL

    def may(self, role: str) -> bool:
        """Whether they may do what a role may."""
        return ROLES.index(self.role) >= ROLES.index(role)


def local() -> Callable[[Request], Visitor]:
    """Who asks where there are no accounts: whoever sits at this machine, who may do everything."""
    visitor = Visitor("", "admin", secrets.token_urlsafe(32))
    return lambda _request: visitor


def by_accounts(ledger: Ledger) -> Callable[[Request], Visitor]:
    """Who asks of a shared ledger: the bearer of a token, else who is signed in. SignedOut for nobody."""

    def visitor(request: Request) -> Visitor:
        if "authorization" in request.headers:
            return _bearer(ledger, request)
        found = session(ledger, session_secret(request))
        if found is None:
            raise SignedOut("you are not signed in", "sign in at /signin; a program sends a token (see the manual)")
        return Visitor(found.user, found.role, found.csrf, SESSION)

    return visitor


def _bearer(ledger: Ledger, request: Request) -> Visitor:
    """Whom the token in the header stands for.

    Feed readers know no other way than Basic, with the token as the password. It is taken for reading only, since a
    browser would send it by itself to whatever another site asks.
    """
    scheme, _, secret = request.headers["authorization"].partition(" ")
    if scheme.lower() == "basic" and request.method in ("GET", "HEAD"):
        secret = _password(secret)
    elif scheme.lower() != "bearer":
        secret = ""
    found = bearer(ledger, secret.strip())
    if found is None:
        raise SignedOut(
            "this token is none that holds", "send `Authorization: Bearer TOKEN` with one that has not expired"
        )
    return Visitor(found.user, min(found.role, SCOPES[found.scope], key=ROLES.index), "", TOKEN)


def _password(basic: str) -> str:
    """The password in the header of Basic; nothing where there is none."""
    try:
        return base64.b64decode(basic, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


# --- the cookie -----------------------------------------------------------------------------------


def session_secret(request: Request) -> str:
    """The secret that the browser sent, if any."""
    return request.cookies.get(_cookie(request), "")


def keep_session(request: Request, answer: Response, secret: str, hours: float) -> None:
    """Has the browser keep a secret for some hours, out of reach of scripts and of other sites."""
    secure = request.url.scheme == "https"
    answer.set_cookie(
        _cookie(request), secret, max_age=int(hours * 3600), secure=secure, httponly=True, samesite="strict"
    )


def drop_session(request: Request, answer: Response) -> None:
    """Has the browser forget the secret, and what it kept of the pages."""
    secure = request.url.scheme == "https"
    answer.delete_cookie(_cookie(request), secure=secure, httponly=True, samesite="strict")
    answer.headers["clear-site-data"] = '"cache", "storage"'


def _cookie(request: Request) -> str:
    """`__Host-`: browsers then take the cookie by TLS from this very host only, not from one beside it."""
    return "__Host-dragoman" if request.url.scheme == "https" else "dragoman"


# --- what routes depend on ------------------------------------------------------------------------


def ledger_of(request: Request) -> Ledger:
    """The ledger that the application was made over."""
    ledger: Ledger = request.app.state.ledger
    return ledger


def attempts_of(request: Request) -> Attempts:
    """The tries to sign in to a shared ledger."""
    attempts: Attempts = request.app.state.attempts
    return attempts


def anybody(request: Request) -> None:
    """Whoever asks, signed in or not: only for signing in and out."""


def reads(request: Request) -> Visitor:
    """Whoever may read; sets `request.state.visitor`. SignedOut."""
    visitor: Visitor = request.app.state.visitors(request)
    request.state.visitor = visitor
    return visitor


async def sent(request: Request) -> Mapping[str, str]:
    """The fields of the form that was sent, under any names."""
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}


def decides(role: str) -> Callable[..., Visitor]:
    """Whoever may do what a role may and sent the form from our page, or a token. SignedOut, Forbidden."""

    def check(request: Request, csrf: Annotated[str, Form()] = "", x_csrf: Annotated[str, Header()] = "") -> Visitor:
        visitor = reads(request)
        if visitor.known_by != TOKEN:
            _ours(visitor, csrf or x_csrf)
        return _allowed(visitor, role)

    return _says(check, role, tokens=True)


def manages(role: str) -> Callable[..., Visitor]:
    """The same for what changes accounts: those of a shared ledger, and never by a token. Also NotFound."""

    def check(request: Request, csrf: Annotated[str, Form()] = "") -> Visitor:
        visitor = _in_person(reads(request))
        _ours(visitor, csrf)
        return _allowed(visitor, role)

    return _says(check, role, tokens=False)


def sees_accounts(role: str) -> Callable[..., Visitor]:
    """Whoever may look at what `manages` lets the role change. SignedOut, Forbidden, NotFound."""

    def check(request: Request) -> Visitor:
        return _allowed(_in_person(reads(request)), role)

    return _says(check, role, tokens=False)


@dataclass(frozen=True, slots=True)
class Declared:
    """What a route says of who may ask: the least role, and whether a token may."""

    role: str
    tokens: bool


DECLARED: dict[Callable[..., Any], Declared] = {reads: Declared(ROLES[0], tokens=True)}
"""By dependency; `anybody` declares that nobody is kept out."""


def _says(check: Callable[..., Visitor], role: str, *, tokens: bool) -> Callable[..., Visitor]:
    DECLARED[check] = Declared(role, tokens)
    return check


def _ours(visitor: Visitor, csrf: str) -> None:
    if not secrets.compare_digest(csrf.encode("utf-8", "surrogatepass"), visitor.csrf.encode()):
        raise Forbidden("this form is not from this session", "load the page again, and send it from there")


def _in_person(visitor: Visitor) -> Visitor:
    if visitor.known_by == LOCAL:
        raise NotFound("this ledger is served to this machine only, without accounts", "see `dragoman user --help`")
    if visitor.known_by == TOKEN:
        raise Forbidden("a token does not manage accounts", "sign in")
    return visitor


def _allowed(visitor: Visitor, role: str) -> Visitor:
    if not visitor.may(role):
        raise Forbidden(
            f"only {'an' if role[0] in 'ae' else 'a'} {role} may do this", f"you are a {visitor.role}: ask an admin"
        )
    return visitor
