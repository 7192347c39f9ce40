"""What pages show of many reports, compared anew in the background for as long as the ledger is served.

Invariant: no request waits for it, and it ends with the server, however that ends. It begins once the ledger was quiet
for a while; of two servers on one ledger both may work, and what the first has kept the second takes.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from dragoman.compare import alike, of_ledger, of_sources
from dragoman.errors import DragomanError
from dragoman.ledger import comparisons
from dragoman.ledger.as_of import NOW
from dragoman.ledger.store import Ledger
from dragoman.offline import shut_if_asked
from dragoman.show.output import tell

QUIET = 3.0
"""Seconds without a change after which everything is compared."""
NICENESS = 15
"""By how much it gives way to other processes, where the system knows that."""
_SPAWN = get_context("spawn")


class Comparing:
    """The process, for a `with` statement. `failed` says why comparing failed last; empty when it did not."""

    def __init__(self, place: str, quiet: float = QUIET) -> None:
        self.failed = ""
        self._here, there = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_go_on, args=(place, there, quiet), daemon=True)
        self._there = there

    def __enter__(self) -> Self:
        self._process.start()
        self._there.close()
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()  # what it was writing, the database undoes
        self._process.join()

    def _listen(self) -> None:
        with suppress(EOFError, OSError):
            while True:
                said = str(self._here.recv())
                if said and said != self.failed:
                    tell(f"comparing failed: {said}", "the pages show what was kept before")
                self.failed = said


def _go_on(place: str, server: Connection, quiet: float) -> None:
    """The process: compares whenever the ledger has changed, until the server is gone."""
    shut_if_asked()
    threading.Thread(target=_end_with, args=(server,), daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    before, done = "", ""
    while True:
        try:
            with Ledger.open(place, create=False) as ledger:
                while True:
                    now = _content(ledger)
                    if now == before != done:
                        compare(ledger)
                        done = now
                        server.send("")
                    before = now
                    time.sleep(quiet)
        except DragomanError as error:
            server.send(str(error))
        except Exception as error:
            server.send(f"{type(error).__name__}: {error}")
        done = before  # what failed is not tried again until something changes
        time.sleep(quiet)


def compare(ledger: Ledger, each: Callable[[str], None] = lambda _step: None) -> None:
    """Works out and keeps all that pages show of many reports, unless it is kept; `each` is told the steps done."""
    of_ledger.trees(ledger, limit=0)
    each("copies")
    of_ledger.happenings(ledger, limit=0)
    each("happenings")
    of_sources.keep(ledger)
    each("sources")
    alike.queue(ledger, 0)
    each("likely entities")


def _content(ledger: Ledger) -> str:
    with ledger.connection() as connection:
        return comparisons.content(connection, NOW)[0]


def _end_with(server: Connection) -> None:
    """Ends this process when the server's end of the pipe is closed; nothing comes through it."""
    with suppress(EOFError, OSError):
        server.recv()
    os._exit(0)
