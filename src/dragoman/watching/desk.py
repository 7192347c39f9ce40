"""What many threads have done by the one thread that keeps the ledger and reads reports.

Invariant: all that is asked of the desk is done one after the other, in the thread that serves it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from dragoman.errors import GazetteerError, LedgerError, ModelError, WorkerError

Answer = TypeVar("Answer")
_HITS_ALL = (LedgerError, ModelError, GazetteerError, WorkerError)


class Desk:
    """Asked from many threads, served in one."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = SimpleQueue()

    def ask(self, do: Callable[[], Answer]) -> Answer:
        """Has something done, and gives what comes of it, also its error."""
        future: Future[Answer] = Future()
        self._asked.put((do, future))
        return future.result()

    def serve(self, seconds: float) -> None:
        """Does the next thing that is asked for within so many seconds.

        Whoever asked gets its error; but one that would hit whatever is asked is raised here, and nobody is answered.
        """
        try:
            do, future = self._asked.get(timeout=seconds)
        except Empty:
            return
        try:
            future.set_result(do())
        except _HITS_ALL:
            raise
        except Exception as error:
            future.set_exception(error)
