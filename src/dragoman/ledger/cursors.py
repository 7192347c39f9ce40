"""Cursors: where a page ended, as an opaque string for one kind of row and one filter.

Invariant: what `decode` gives is what `encode` was given; anything else is a UsageError. The check
sum guards against accidents. It is no secret: the values are only ever bound as parameters.
"""

from __future__ import annotations

import base64
import hashlib
import json

from dragoman.errors import UsageError
from dragoman.ledger.folding import storable

Key = tuple[str | int, ...]


def encode(scope: str, key: Key) -> str:
    """The cursor of a row's key; `scope` tells apart what it may be used for."""
    payload = json.dumps(key, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_check_sum(scope, payload) + payload).decode().rstrip("=")


def decode(scope: str, cursor: str, kinds: tuple[type, ...]) -> Key:
    """The key of a cursor, each value of its kind (str or int); a UsageError for any other string."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        key = json.loads(raw[8:]) if raw[:8] == _check_sum(scope, raw[8:]) else None
    except (ValueError, RecursionError):  # not ASCII, not base64, not UTF-8, not JSON
        key = None
    if not isinstance(key, list) or tuple(type(value) for value in key) != kinds:
        raise UsageError("the cursor is none of this list", "start again without it: pages go with one filter")
    if any(isinstance(value, int) and abs(value) >= 2**63 for value in key):
        raise UsageError("the cursor is none of this list", "start again without it")
    return tuple(storable(value) if isinstance(value, str) else value for value in key)


def _check_sum(scope: str, payload: bytes) -> bytes:
    return hashlib.sha256(scope.encode("utf-8", "surrogatepass") + b"\0" + payload).digest()[:8]
