"""Sessions: who is signed in, each for a fixed time.

Invariant: the secret of a session is made here when somebody signs in, never taken from outside, and only its SHA-256
is kept. A session belongs to a row of `users` and holds only while that is the latest of its name: whatever is changed
of the user ends it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from dragoman.ledger import passwords
from dragoman.ledger.accounts import latest
from dragoman.ledger.as_of import now
from dragoman.ledger.schema import sessions, users
from dragoman.ledger.store import Ledger
from dragoman.ledger.tokens import digest, in_time

_LATER = users.alias("later")


@dataclass(frozen=True, slots=True)
class Session:
    """Who is signed in; what their forms must send back."""

    user: str
    role: str
    csrf: str


def sign_in(ledger: Ledger, name: str, password: str, hours: float) -> str | None:
    """Opens a session for some hours: its secret. None for a wrong name or password, which take equally long."""
    with ledger.connection() as connection:
        user = latest(connection, name)
    if not passwords.is_right(user.password if user else None, password) or user is None:
        return None
    secret = secrets.token_urlsafe(32)
    row = {"account": user.number, "sha256": digest(secret), "expires_at": in_time(hours=hours), "recorded_at": now()}
    with ledger.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.expires_at <= now()))
        connection.execute(insert(sessions), row)
    return secret


def session(ledger: Ledger, secret: str) -> Session | None:
    """The session of a secret, None when there is none or it has ended."""
    is_latest = select(func.max(_LATER.c.number)).where(_LATER.c.name == users.c.name).scalar_subquery()
    found = (
        select(users.c.name, users.c.role)
        .join(sessions, sessions.c.account == users.c.number)
        .where(sessions.c.sha256 == digest(secret), sessions.c.expires_at > now(), users.c.number == is_latest)
        .where(users.c.role != "")
    )
    with ledger.connection() as connection:
        row = connection.execute(found).one_or_none()
    # from the secret, so that who reads the ledger cannot make forms
    return None if row is None else Session(row.name, row.role, digest(f"csrf {secret}"))


def sign_out(ledger: Ledger, secret: str) -> None:
    """Ends a session."""
    with ledger.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.sha256 == digest(secret)))
