"""A process of its own at the other end of a pipe.

Invariant: it never gets Ctrl-C, and ends when whoever started it ends it, or is gone.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from dragoman.adding.attempts import Reads
from dragoman.adding.interruptions import held_back
from dragoman.errors import DragomanError, WorkerError

FEWER = "read in this one: --jobs 1; if memory is short, fewer --jobs may do"
_SPAWN = get_context("spawn")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Process:
    """A process that does `work`, a function that is given some things and its end of the pipe."""

    def __init__(self, work: Callable[..., None], *given: Any) -> None:
        self.pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=work, args=(*given, theirs), daemon=True)
        with held_back():
            self._process.start()
        theirs.close()  # or the pipe would not end with the process

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid or 0

    def end(self) -> str:
        """Ends it, if it has not ended of itself, and says how it did."""
        self.pipe.close()
        self._process.join(1)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode or 0
        return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended (exit code {code})"


def reader_of(make: Callable[[], Reads]) -> Reads:
    """The reader of a process; WorkerError for a fault in its making."""
    try:
        return make()
    except DragomanError:
        raise
    except Exception as error:
        what = f"a process that should read reports cannot begin ({type(error).__name__}: {error})"
        raise WorkerError(what, FEWER) from error


def receive(pipe: Connection, given: SimpleQueue[Any]) -> None:
    """Takes things in while others are worked on, so that the two sides never wait for one another to take something.

    Ends the process at once when the other end is gone.
    """
    while True:
        try:
            given.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)


def told(error: DragomanError) -> DragomanError:
    """The error with where it happened, which does not go through a pipe, as a note."""
    error.add_note("in a process of its own:\n" + "".join(traceback.format_exception(error)))
    return error
