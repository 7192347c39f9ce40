"""A server of invented outlets on many hosts, which honours conditional requests and remembers what it was asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from xml.sax.saxutils import escape

import httpcore2

from dragoman.config import Settings
from dragoman.documents.web import connect
from dragoman.documents.web.fetch import Fetcher

START = datetime(2031, 3, 4, 8, 0, tzinfo=UTC)
"""A Tuesday."""


@dataclass(slots=True)
class Page:
    """What is at an address."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """Its version."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@dataclass
class Newsroom:
    """The pages by their addresses (`host/path`), and the requests: address, and the headers sent with it.

    `delays` are the seconds that some addresses take to answer.
    """

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)
    at_once: dict[str, int] = field(default_factory=dict)
    most_at_once: int = 0

    @property
    def asked(self) -> list[str]:
        """The addresses that were asked, without those of rules for programs."""
        return [address for address, _ in self.requests if not address.endswith("/robots.txt")]

    def fetcher(self, now: Callable[[], float] = time.monotonic, **settings: Any) -> Fetcher:
        """What fetches from here, whatever the host."""
        return fetcher_from(self.port, now, **settings)


def fetcher_from(port: int, now: Callable[[], float] = time.monotonic, **settings: Any) -> Fetcher:
    """What fetches from a port of this machine, whatever the host; without pauses. Hosts in `.corp` lie inside."""

    def to(number: str, asked: int, seconds: float) -> httpcore2.NetworkStream:
        return connect.connect("127.0.0.1", port, seconds)

    given = Settings(**{"fetch_pause": 0, "fetch_seconds": 5, **settings})
    return Fetcher(
        given, resolve=lambda host, port: ["10.0.0.7" if host.endswith(".corp") else "151.101.1.10"], to=to, now=now
    )


@contextmanager
def newsroom() -> Iterator[Newsroom]:
    """A server on this machine, until the end of the `with` statement."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = str(self.headers["host"])
            address = f"{host}{self.path}"
            with lock:
                running.requests.append((address, {name.lower(): value for name, value in self.headers.items()}))
                running.at_once[host] = running.at_once.get(host, 0) + 1
                running.most_at_once = max(running.most_at_once, running.at_once[host])
            try:
                time.sleep(running.delays.get(address, 0))
                self._answer(running.pages.get(address, Page(status=404)))
            finally:
                with lock:
                    running.at_once[host] -= 1

        def _answer(self, page: Page) -> None:
            same = page.status == 200 and self.headers.get("if-none-match") == page.etag
            self.send_response(304 if same else page.status)
            for name, value in {"etag": page.etag, **page.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", "0" if same else str(len(page.body)))
            self.end_headers()
            if not same:
                self.wfile.write(page.body)

        def log_message(self, *words: Any) -> None:
            """Keeps quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *error: Any) -> None:
            """Keeps quiet: who asks may hang up."""

    with Server(("127.0.0.1", 0), Handler) as server:
        running = Newsroom(server.server_port)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield running
        server.shutdown()


@dataclass
class Outlet:
    """An outlet with one feed, whose articles can be published, edited and withdrawn."""

    room: Newsroom
    host: str
    headers: dict[str, str] = field(default_factory=dict)
    items: dict[int, str] = field(default_factory=dict)

    @property
    def feed(self) -> str:
        """The address of its feed."""
        return f"http://{self.host}/feed"

    def publish(self, number: int, words: str, at: datetime = START, *, page: bool = True) -> None:
        """Publishes an article, or another text of it under its address."""
        address, date = f"http://{self.host}/{number}", f"{at:%a, %d %b %Y %H:%M:%S} +0000"
        self.items[number] = (
            f"<item><title>Report {number}</title><link>{address}</link><guid>{self.host}-{number}</guid>"
            f"<pubDate>{date}</pubDate><description>{escape(words)}</description></item>"
        )
        body = (
            f"<html><head><title>Report {number}</title></head><body><article><p>{escape(words)}</p></article></body>"
        )
        if page:
            self.room.pages[f"{self.host}/{number}"] = Page(body.encode())
        self.put()

    def put(self) -> None:
        """Puts the feed as it is now on the server."""
        items = "".join(self.items[number] for number in sorted(self.items, reverse=True))
        body = f"<rss version='2.0'><channel><title>{self.host} News</title>{items}</channel></rss>".encode()
        self.room.pages[f"{self.host}/feed"] = Page(body, headers=self.headers)


@dataclass
class Hours:
    """A clock that moves on when somebody waits, and stops the watch after some hours."""

    hours: float
    time: datetime = START

    def now(self) -> datetime:
        """The time."""
        return self.time

    def wait(self, seconds: float) -> None:
        """Moves on."""
        self.time += timedelta(seconds=seconds)
        self.hours -= seconds / 3600
        if self.hours < 0:
            raise KeyboardInterrupt
