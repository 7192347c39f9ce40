"""One connection for one request, to numbers that were checked, and over when its time is.

Invariant: what is connected to is one of the numbers that `connected` was given, whatever the name of the host leads
to by then; TLS still checks the certificate against the name.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

import httpcore2

from dragoman.documents.web.addresses import IP, Address

Resolve = Callable[[str, int], Iterable[str]]
"""The numbers that a host has, as text."""
Connect = Callable[[str, int, float], httpcore2.NetworkStream]
"""A connection to a number and port, made within so many seconds."""


class Deadline:
    """A moment at which a request must be over."""

    def __init__(self, seconds: float) -> None:
        self._at = monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; a TimeoutException where there are none."""
        left = self._at - monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("its time is over")
        return left


@contextmanager
def connected(
    address: Address, numbers: Sequence[IP], deadline: Deadline, connect: Connect
) -> Iterator[httpcore2.HTTPConnection]:
    """A connection to the first of the numbers that answers."""
    origin = httpcore2.Origin(address.scheme.encode(), address.host.encode(), address.port)
    backend = _Pinned(numbers, deadline, connect)
    with httpcore2.HTTPConnection(origin, _tls(), network_backend=backend) as connection:
        yield connection


def connect(number: str, port: int, seconds: float) -> httpcore2.NetworkStream:
    """A TCP connection."""
    return httpcore2.SyncBackend().connect_tcp(number, port, seconds)


def resolve(host: str, port: int) -> list[str]:
    """The numbers of a host, by the resolver of this machine; OSError where it has none."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def numbers_of(address: Address, resolve: Resolve, deadline: Deadline) -> list[IP]:
    """The numbers that an address leads to, each once. A ConnectError where it has none, or they take too long.

    The resolver knows no time limit, and is asked in a thread that is left behind when the time is over.
    """
    answers: SimpleQueue[Iterable[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(resolve(address.host, address.port)))
        except Exception as error:  # goes to the one who waits
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        found = answers.get(timeout=deadline.left())
    except Empty:
        raise httpcore2.ConnectTimeout("its name is not found in time") from None
    if isinstance(found, Exception):
        raise httpcore2.ConnectError(f"its name is not found ({found})") from found
    if not (numbers := list(dict.fromkeys(map(ip_address, found)))):
        raise httpcore2.ConnectError("its name leads nowhere")
    return numbers


@cache
def _tls() -> ssl.SSLContext:
    """Checks certificates and names against the authorities that this machine trusts; loading them takes 20 ms."""
    return httpcore2.default_ssl_context()


class _Pinned(httpcore2.NetworkBackend):
    """Connects to the numbers given, by whatever name it is asked."""

    def __init__(self, numbers: Sequence[IP], deadline: Deadline, connect: Connect) -> None:
        self._numbers = numbers
        self._deadline = deadline
        self._connect = connect

    def connect_tcp(self, host: str, port: int, *given: Any, **options: Any) -> httpcore2.NetworkStream:
        *others, last = self._numbers
        for tried, number in enumerate(others):
            with suppress(httpcore2.ConnectError, httpcore2.ConnectTimeout):
                return self._to(number, port, self._deadline.left() / (len(self._numbers) - tried))
        return self._to(last, port, self._deadline.left())

    def _to(self, number: IP, port: int, seconds: float) -> httpcore2.NetworkStream:
        return _Timed(self._connect(str(number), port, seconds), self._deadline)


class _Timed(httpcore2.NetworkStream):
    """A stream whose every step ends at the deadline, so that a byte now and then gains a server nothing."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._deadline.left()), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
