"""A shared ledger with a user of every role, for tests of who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger import accounts, passwords, sessions, tokens
from dragoman.ledger.accounts import ROLES
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.readings import crisis

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Hashes that take no time."""

PASSWORD = "four horses in the rain"
NAME = "news.example.org"
SHARED = Settings(name=NAME)


@contextmanager
def quick_passwords() -> Iterator[None]:
    """Has passwords hashed in no time meanwhile."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "HASHER", QUICK)
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


def furnish(place: Path) -> Path:
    """Makes a ledger with users that are named as their roles are, and a second admin `gone`."""
    with Ledger.open(place) as ledger:
        for reading in crisis():
            ledger.add(reading)
        for role in (*ROLES, "gone"):
            accounts.add_user(ledger, role, PASSWORD, role if role in ROLES else "admin", "(command line)")
    return place


@dataclass
class Shared:
    """The application over a furnished ledger."""

    place: Path
    settings: Settings = SHARED
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.app = create_app(self.place, self.settings)

    @property
    def ledger(self) -> Ledger:
        ledger: Ledger = self.app.state.ledger
        return ledger

    def client(self, **options: Any) -> TestClient:
        """A client that follows nothing."""
        return TestClient(
            self.app, f"http://{NAME}", follow_redirects=False, **{"raise_server_exceptions": False, **options}
        )

    def session(self, role: str, hours: float = 1) -> tuple[dict[str, str], str]:
        """The header of a new session of the user of a role, and what its forms send back."""
        secret = sessions.sign_in(self.ledger, role, PASSWORD, hours)
        assert secret is not None
        found = sessions.session(self.ledger, secret)
        return {"cookie": f"dragoman={secret}"}, found.csrf if found else ""

    def token(self, role: str, scope: str = "read") -> dict[str, str]:
        """The header of a new token of the user of a role."""
        return {"authorization": f"Bearer {tokens.add_token(self.ledger, 'a test', role, scope, 1, role)}"}
