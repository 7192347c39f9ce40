"""A process of its own at the other end of a pipe, which does one thing after another with a reader.

Invariant: it never gets Ctrl-C, and ends when whoever started it ends it, or is gone. For each thing that it is sent
one comes back, in the same order, until it ends.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

from dragoman.adding.attempts import Reads
from dragoman.adding.interruptions import held_back
from dragoman.errors import DragomanError, ReportError, WorkerError
from dragoman.offline import shut_if_asked

FEWER = "read in this one: --jobs 1; if memory is short, fewer --jobs may do"
_SPAWN = get_context("spawn")
_READY = "ready"

Do = Callable[[Reads, Any], Any]
"""What is done with a reader and a thing that was sent; what it gives goes back, and an error ends the process."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Process:
    """A process with a reader. `ready` once it has that; `ended` says how it ended, if it did so of itself."""

    def __init__(self, make: Callable[[], Reads], do: Do) -> None:
        """Starts it; `make` and `do` must be such that can be pickled."""
        self.ready = False
        self.ended = ""
        self.pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(make, do, theirs), daemon=True)
        with held_back():
            self._process.start()
        theirs.close()  # or the pipe would not end with the process

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid or 0

    def send(self, thing: Any) -> None:
        """Gives it a thing. Where the process has ended, the next look into its pipe finds that out."""
        with suppress(OSError):
            self.pipe.send(thing)

    def received(self) -> Any:
        """What came of a thing; None where it only became ready, or has ended. Raises the error that ended it."""
        try:
            came = self.pipe.recv()
        except (EOFError, OSError):
            self.ended = self.end()
            return None
        if came == _READY:
            self.ready = True
            return None
        if isinstance(came, DragomanError) and not isinstance(came, ReportError):
            raise came
        return came

    def end(self) -> str:
        """Ends it, if it has not ended of itself, and says how it did."""
        self.pipe.close()
        self._process.join(1)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode or 0
        return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended (exit code {code})"


Some = TypeVar("Some", bound=Process)


def heard(processes: Iterable[Some]) -> list[Some]:
    """Those from which something came, or that have ended; waits for the first."""
    pipes = {process.pipe: process for process in processes}
    return [pipes[pipe] for pipe in wait(list(pipes))]  # type: ignore[index]


def with_traceback(error: DragomanError) -> DragomanError:
    """The error with where it happened, which does not go through a pipe, as a note."""
    error.add_note("in a process of its own:\n" + "".join(traceback.format_exception(error)))
    return error


# --- in the process -------------------------------------------------------------------------------


def _work(make: Callable[[], Reads], do: Do, pipe: Connection) -> None:
    """Does what comes until the pipe is closed, which also happens when the one who started it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shut_if_asked()
    things: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_receive, args=(pipe, things), daemon=True).start()
    with suppress(OSError):
        try:
            reader = _reader_of(make)
            pipe.send(_READY)
            while True:
                pipe.send(do(reader, things.get()))
        except DragomanError as error:
            pipe.send(with_traceback(error))


def _reader_of(make: Callable[[], Reads]) -> Reads:
    """The reader of a process; WorkerError for a fault in its making."""
    try:
        return make()
    except DragomanError:
        raise
    except Exception as error:
        what = f"a process that should read reports cannot begin ({type(error).__name__}: {error})"
        raise WorkerError(what, FEWER) from error


def _receive(pipe: Connection, things: SimpleQueue[Any]) -> None:
    """Takes things in while others are worked on, so that the two sides never wait for one another to take something.

    Ends the process at once when the other end is gone.
    """
    while True:
        try:
            things.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)
