"""How often somebody may try to sign in.

Invariant: no more than `PAIR` tries for one name from one address, `ADDRESS` from one address and `NAME` for one name
come through in `SECONDS`, so a password of twelve characters is not guessed; and who knows it is kept out by others'
tries only where these come from many addresses or from their own. Kept in memory: a server that starts anew forgets.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from threading import Lock

SECONDS = 900.0
PAIR, ADDRESS, NAME = 5, 50, 200
_MOST_KEYS = 20_000
"""Kept at most, the last tried ones: 10 MB."""

_Key = tuple[str, str]


class Attempts:
    """The tries of the last quarter of an hour."""

    def __init__(self) -> None:
        self._tries: OrderedDict[_Key, deque[float]] = OrderedDict()
        self._lock = Lock()

    def admit(self, name: str, address: str, moment: float | None = None) -> bool:
        """Whether one more try is let through; it counts from now on, before anybody knows whether it is right."""
        moment = time.monotonic() if moment is None else moment
        limits = _limits(name, address)
        with self._lock:
            if any(len(self._recent(key, moment)) >= most for key, most in limits.items()):
                return False
            for key in limits:
                tries = self._recent(key, moment)
                tries.append(moment)
                self._tries[key] = tries
                self._tries.move_to_end(key)
            while len(self._tries) > _MOST_KEYS:
                self._tries.popitem(last=False)
        return True

    def forget(self, name: str, address: str) -> None:
        """Somebody was right: their own tries count no more."""
        with self._lock:
            self._tries.pop((name, network(address)), None)

    def _recent(self, key: _Key, moment: float) -> deque[float]:
        tries = self._tries.get(key) or deque()
        while tries and tries[0] <= moment - SECONDS:
            tries.popleft()
        return tries


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else address


def _limits(name: str, address: str) -> dict[_Key, int]:
    there = network(address)
    return {(name, there): PAIR, ("", there): ADDRESS, (name, ""): NAME}
