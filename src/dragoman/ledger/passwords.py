"""Passwords: only their argon2id hashes are kept, and a check takes as long for a name that nobody has.

Invariant: no password is in any message, record or error.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dragoman.errors import UsageError

LEAST, MOST = 12, 1_000
"""Characters of a password."""

HASHER = PasswordHasher()
"""argon2id with 64 MiB, the second choice of RFC 9106: 0.1 to 0.4 s of two cores."""

_AT_ONCE = BoundedSemaphore(2)
"""Each check takes 64 MiB: many at once wait for one another, so that nobody can fill the memory with them."""


def hashed(password: str, name: str) -> str:
    """What is kept of the password of a user. UsageError when it is too short, too long, or the name."""
    if not LEAST <= len(password) <= MOST:
        raise UsageError(
            f"a password has {LEAST} characters at least and {MOST:,} at most", "take some words that you remember"
        )
    if name in password.lower() and len(password) < len(name) + LEAST:
        raise UsageError("the password is little more than the name", "take another")
    with _AT_ONCE:
        return HASHER.hash(_bytes(password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether a password is the one of a hash. None, for nobody, is never right and takes as long to tell."""
    with _AT_ONCE:
        try:
            right = HASHER.verify(kept or _nobodys(), _bytes(password[: MOST + 1]))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


def _bytes(password: str) -> bytes:
    """The same bytes however a keyboard composes its characters."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
