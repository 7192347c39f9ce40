"""Tokens, by which programs ask in a user's name.

Invariant: only the SHA-256 of a token is kept, so it is shown once; a row is never changed, the latest of a hash holds.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from dragoman.errors import NotFound, UsageError
from dragoman.ledger.as_of import now
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.folding import storable
from dragoman.ledger.schema import tokens, users
from dragoman.ledger.store import Ledger

SCOPES = {"read": "reader", "review": "reviewer", "edit": "editor"}
"""The role whose rights a token of each scope has at most. None manages accounts."""

MOST_DAYS = 3_660
_PREFIX = "dragoman_"
"""So that a token in a file or a log is known for what it is."""
_ID = 12
_LATEST = tokens.c.number.in_(select(func.max(tokens.c.number)).group_by(tokens.c.sha256))


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the list shows it; `id` is the start of its SHA-256."""

    id: str
    name: str
    user: str
    scope: str
    expires_at: str
    decided_by: str
    recorded_at: str

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= now()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token stands for: the user, their role now, and what the token may do of that."""

    user: str
    role: str
    scope: str


def in_time(**length: float) -> str:
    """The moment after some days or hours from now, as the ledger writes it."""
    return (datetime.now(UTC) + timedelta(**length)).isoformat(timespec="microseconds")


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits; a password would need more."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def add_token(ledger: Ledger, name: str, user: str, scope: str, days: int, decided_by: str) -> str:
    """Makes a token for a user: the secret itself, which is never to be had again. UsageError, NotFound."""
    name = name.strip()
    if not name or len(name) > 100:
        raise UsageError("a token needs a name of 1 to 100 characters", "say what it is for")
    if scope not in SCOPES:
        raise UsageError(f"{scope!r} is no scope", f"take one of {', '.join(SCOPES)}")
    if not 1 <= days <= MOST_DAYS:
        raise UsageError(f"a token cannot be valid for {days} days", f"give a number from 1 to {MOST_DAYS:,}")
    secret = _PREFIX + secrets.token_urlsafe(32)
    user = storable(user)
    row = {"name": name, "user": user, "sha256": digest(secret), "scope": scope}
    with ledger.writing() as connection:
        if _role_of(connection, user) is None:
            raise NotFound(f"there is no user {user!r}", "see `dragoman user list`")
        _insert(connection, decided_by, **row, expires_at=in_time(days=days))
    return secret


def tokens_of(ledger: Ledger, user: str | None = None) -> list[Token]:
    """All tokens that were not revoked, those that expired too, the newest first; or those of one user."""
    whose = [] if user is None else [tokens.c.user == user]
    found = select(tokens).where(_LATEST, tokens.c.scope != "", *whose).order_by(tokens.c.number.desc())
    with ledger.connection() as connection:
        return [_token(row) for row in connection.execute(found)]


def revoke_token(ledger: Ledger, id: str, decided_by: str, user: str | None = None) -> Token:
    """Lets a token do nothing any more; `user`: only if it is theirs. NotFound."""
    whose = [] if user is None else [tokens.c.user == user]
    found = select(tokens).where(_LATEST, tokens.c.scope != "", tokens.c.sha256.startswith(id, autoescape=True), *whose)
    with ledger.writing() as connection:
        rows = connection.execute(found).all() if re.fullmatch(f"[0-9a-f]{{{_ID}}}", id) else []
        if len(rows) != 1:
            raise NotFound(f"there is no token {id!r}", "see `dragoman token list`")
        _revoke(connection, rows[0], decided_by)
    return _token(rows[0])


def revoke_all_of(connection: Connection, user: str, decided_by: str) -> None:
    """The same for all tokens of a user who is removed."""
    for row in connection.execute(select(tokens).where(_LATEST, tokens.c.scope != "", tokens.c.user == user)).all():
        _revoke(connection, row, decided_by)


def bearer(ledger: Ledger, secret: str) -> Bearer | None:
    """Whom a token stands for; None for one that is none, was revoked or has expired."""
    found = select(tokens).where(tokens.c.sha256 == digest(secret)).order_by(tokens.c.number.desc()).limit(1)
    with ledger.connection() as connection:
        row = connection.execute(found).one_or_none()
        if row is None or not row.scope or row.expires_at <= now():
            return None
        role = _role_of(connection, row.user)
        return Bearer(row.user, role, row.scope) if role else None


def _role_of(connection: Connection, user: str) -> str | None:
    found = select(users.c.role).where(users.c.name == user).order_by(users.c.number.desc()).limit(1)
    return connection.execute(found).scalar_one_or_none() or None


def _revoke(connection: Connection, row: Row[Any], decided_by: str) -> None:
    kept = {name: getattr(row, name) for name in ("name", "user", "sha256", "expires_at")}
    _insert(connection, decided_by, **kept, scope="")


def _insert(connection: Connection, decided_by: str, **row: str) -> None:
    connection.execute(insert(tokens), storable_row({**row, "decided_by": decided_by, "recorded_at": now()}))


def _token(row: Row[Any]) -> Token:
    return Token(row.sha256[:_ID], row.name, row.user, row.scope, row.expires_at, row.decided_by, row.recorded_at)
