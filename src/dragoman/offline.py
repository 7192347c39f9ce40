"""The network shut for a whole process, so that `--offline` is more than a promise.

Invariant: once shut, a process makes no connection by Python's sockets but on its own machine, nor asks for a name; it
cannot be opened again. What libraries in C do by themselves is not seen: a ledger on a PostgreSQL server stays within
reach, and a socket that is given a name in place of a number looks it up before it is stopped.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
from functools import cache
from ipaddress import ip_address
from typing import Any

VARIABLE = "DRAGOMAN_OFFLINE"
_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})


def shut() -> None:
    """Shuts the network for this process and for those that it starts with its environment."""
    os.environ[VARIABLE] = "1"
    _watch()


def shut_if_asked() -> None:
    """Shuts it where the environment says so; for a command, and for processes that another one has started."""
    if os.environ.get(VARIABLE, "") not in ("", "0"):
        _watch()


@cache
def _watch() -> None:
    sys.addaudithook(_check)


def _check(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CONNECTS:
        asked, address = arguments[0], arguments[-1]
        if asked.family in (socket.AF_INET, socket.AF_INET6) and address is not None:
            _refuse_beyond(address[0])
    elif event in _LOOKS_UP:
        host = arguments[0]
        _refuse_beyond(host[0] if isinstance(host, tuple) else host)


def _refuse_beyond(host: str | bytes | None) -> None:
    """An error, as a machine without a network gives it, for all but this machine."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name and name != "localhost" and not _is_here(name):
        raise OSError(errno.ENETDOWN, f"the network is off (--offline): {name} is not asked")


def _is_here(name: str) -> bool:
    try:
        number = ip_address(name)
    except ValueError:
        return False
    return number.is_loopback or number.is_unspecified  # the latter to serve on every network card
