"""The application behind a real server, for tests in a browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from dragoman.config import Settings
from dragoman.show.app import create_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1280, 390)

Open = Callable[..., "Page"]
"""Opens an address: `open(url, width=1280, **options of the browser's context)`."""


@contextmanager
def served(ledger: Path, name: str = "") -> Iterator[str]:
    """The application behind a real server, shared if it has a name; gives its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    config = uvicorn.Config(create_app(ledger, Settings(port=port, name=name)), port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)
