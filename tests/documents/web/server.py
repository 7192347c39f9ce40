"""A small internet in this process: a server, names, and a connector that takes every public number to the server.

All of it remembers what it was asked, so that a test can show that nothing was.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpcore2

from dragoman.config import Settings
from dragoman.documents.web import connect
from dragoman.documents.web.fetch import Fetcher

PUBLIC = "151.101.1.10"
Answer = bytes | Callable[[socket.socket], None]
"""Bytes to send, or what sends them."""


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """An answer with its length; a header `content_type` is sent as `Content-Type`."""
    told = {"content_length": str(len(body)), **headers}
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-').title()}: {value}" for name, value in told.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    """An answer that leads on."""
    return answer(status=status, location=location)


NONE = answer(status="404 Not Found")


@dataclass
class Site:
    """What the server answers by path, and what it was asked: whole requests, and how often somebody connected."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def asked(self) -> list[str]:
        """The paths that were asked, without those of rules for programs."""
        paths = [request.split(" ")[1] for request in self.requests]
        return [path for path in paths if path != "/robots.txt"]

    def serve(self, came: socket.socket) -> None:
        """Answers one request and hangs up."""
        self.connections += 1
        with came, suppress(OSError):
            came.settimeout(5)
            request = b""
            while b"\r\n\r\n" not in request:
                if not (part := came.recv(65_536)):
                    return
                request += part
            self.requests.append(request.decode("latin-1"))
            said = self.pages.get(request.split(b" ")[1].decode("latin-1"), NONE)
            if callable(said):
                said(came)
            else:
                came.sendall(said)


@contextmanager
def site(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A server on this machine, until the end of the `with` statement."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        running = Site(listening.getsockname()[1])

        def serve(came: socket.socket) -> None:
            try:
                running.serve(tls.wrap_socket(came, server_side=True) if tls else came)
            except OSError:  # who asks does not trust us
                came.close()

        def accept() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield running
        listening.shutdown(socket.SHUT_RDWR)


@dataclass
class Internet:
    """Names with their numbers, and connections that all end at the site.

    `names` gives the answers to one lookup after another, the last one for ever; a name that is not in it leads to
    `PUBLIC`.
    """

    site: Site
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    connected: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        """The numbers of a host; a number is its own."""
        self.looked_up.append(host)
        if ":" in host or host.replace(".", "").isdigit():
            return [host]
        answers = self.names.get(host, [[PUBLIC]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, number: str, port: int, seconds: float) -> httpcore2.NetworkStream:
        """A connection to the site, whatever the number."""
        self.connected.append((number, port))
        return connect.connect("127.0.0.1", self.site.port, seconds)

    def fetcher(self, **settings: Any) -> Fetcher:
        """A Fetcher that lives in it; without pauses, if nothing else is said."""
        given = Settings(**{"fetch_pause": 0, "fetch_seconds": 30, **settings})
        return Fetcher(given, resolve=self.resolve, to=self.connect)

    def assert_untouched(self) -> None:
        """Nobody connected to anything."""
        assert self.connected == []
        assert self.site.connections == 0
