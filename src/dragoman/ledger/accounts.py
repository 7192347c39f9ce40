"""Who may use a shared ledger: users with a role and a password.

Invariant: a row is never changed, the latest of a name holds; a user that is removed has one without a role. There is
always an admin once there was one. What is changed of a user ends their sessions, which belong to a row (`sessions`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from dragoman.errors import NotFound, UsageError
from dragoman.ledger import passwords
from dragoman.ledger.as_of import now
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.schema import sessions, users
from dragoman.ledger.store import Ledger
from dragoman.ledger.tokens import revoke_all_of

ROLES = ("reader", "reviewer", "editor", "admin")
"""Each may do all that those before it may."""

ADMIN = ROLES[-1]
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_LATEST = users.c.number.in_(select(func.max(users.c.number)).group_by(users.c.name))


@dataclass(frozen=True, slots=True)
class User:
    """A user as the latest row has it: since when, by whom."""

    name: str
    role: str
    decided_by: str
    recorded_at: str


def users_of(ledger: Ledger) -> list[User]:
    """All users who may do anything, by name."""
    with ledger.connection() as connection:
        found = connection.execute(select(users).where(_LATEST, users.c.role != "").order_by(users.c.name))
        return [User(row.name, row.role, row.decided_by, row.recorded_at) for row in found]


def has_admin(ledger: Ledger) -> bool:
    """Whether there is anybody who can manage the accounts."""
    with ledger.connection() as connection:
        return bool(_admins(connection))


def add_user(ledger: Ledger, name: str, password: str, role: str, decided_by: str) -> None:
    """Adds a user. UsageError for a name that is taken or none, a role that is none, a bad password."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot be a user's name", "take small letters a to z, digits, dots, hyphens; 64 at most"
        )
    row = {"password": passwords.hashed(password, name), "role": _role(role)}
    with ledger.writing() as connection:
        if latest(connection, name) is not None:
            raise UsageError(f"there is a user {name!r} already", "take another name, or change their role or password")
        _insert(connection, decided_by, name=name, **row)


def change_role(ledger: Ledger, name: str, role: str, decided_by: str) -> None:
    """Gives a user another role, and ends their sessions. UsageError, NotFound."""
    role = _role(role)
    with ledger.writing() as connection:
        user = _there(connection, name)
        _keep_an_admin(connection, name, role)
        _insert(connection, decided_by, name=name, password=user.password, role=role)


def change_password(ledger: Ledger, name: str, password: str, decided_by: str) -> None:
    """Gives a user another password, and ends their sessions. UsageError, NotFound."""
    kept = passwords.hashed(password, name)
    with ledger.writing() as connection:
        user = _there(connection, name)
        _insert(connection, decided_by, name=name, password=kept, role=user.role)


def remove_user(ledger: Ledger, name: str, decided_by: str) -> None:
    """Lets a user do nothing any more, nor any token of theirs. UsageError for the last admin, NotFound."""
    with ledger.writing() as connection:
        _there(connection, name)
        _keep_an_admin(connection, name, "")
        revoke_all_of(connection, name, decided_by)
        _insert(connection, decided_by, name=name, password="", role="")


def is_password_of(ledger: Ledger, name: str, password: str) -> bool:
    """Whether it is the password of a user; takes as long where there is no such user."""
    with ledger.connection() as connection:
        user = latest(connection, name)
    return passwords.is_right(user.password if user else None, password)


def is_name_of_user(ledger: Ledger, name: str) -> bool:
    """Whether there is a user of that name who may do anything."""
    with ledger.connection() as connection:
        return latest(connection, name) is not None


def latest(connection: Connection, name: str) -> Row[Any] | None:
    """The row of a user who may do anything; None for any other name, whatever is in it."""
    if not _NAME.fullmatch(name):
        return None
    found = select(users).where(users.c.name == name).order_by(users.c.number.desc()).limit(1)
    row = connection.execute(found).one_or_none()
    return row if row is not None and row.role else None


def _role(role: str) -> str:
    if role not in ROLES:
        raise UsageError(f"{role!r} is no role", f"take one of {', '.join(ROLES)}")
    return role


def _there(connection: Connection, name: str) -> Row[Any]:
    user = latest(connection, name)
    if user is None:
        raise NotFound(f"there is no user {name!r}", "see `dragoman user list`")
    return user


def _admins(connection: Connection) -> list[str]:
    return list(connection.execute(select(users.c.name).where(_LATEST, users.c.role == ADMIN)).scalars())


def _keep_an_admin(connection: Connection, name: str, role: str) -> None:
    if role != ADMIN and _admins(connection) == [name]:
        raise UsageError(f"{name} is the only admin", "make somebody else one first")


def _insert(connection: Connection, decided_by: str, **row: str) -> None:
    """Adds the row that holds from now on; the sessions that belong to the one before are gone."""
    before = select(users.c.number).where(users.c.name == row["name"])
    connection.execute(sessions.delete().where(sessions.c.account.in_(before)))
    connection.execute(insert(users), storable_row({**row, "decided_by": decided_by, "recorded_at": now()}))
