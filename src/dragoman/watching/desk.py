"""What many threads have done by the one thread that keeps the ledger and reads reports.

Invariant: all that is asked of the desk is done one after the other, in the thread that serves it. What finds the
ledger busy is done anew, so whatever is asked must be such that it may be.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from dragoman.errors import GazetteerError, LedgerBusy, LedgerError, ModelError, WorkerError

Answer = TypeVar("Answer")
_Request = tuple[Callable[[], Any], Future[Any]]
_HITS_ALL = (LedgerError, ModelError, GazetteerError, WorkerError)


class Desk:
    """Asked from many threads, served in one."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[_Request] = SimpleQueue()
        self._again: _Request | None = None

    def ask(self, do: Callable[[], Answer]) -> Answer:
        """Has something done, and gives what comes of it, also its error."""
        future: Future[Answer] = Future()
        self._asked.put((do, future))
        return future.result()

    def serve(self, seconds: float) -> LedgerBusy | None:
        """Does the next thing that is asked for within so many seconds; LedgerBusy where that is still to be done.

        Whoever asked gets its error; but one that would hit whatever is asked is raised here, and nobody is answered.
        """
        try:
            request = self._again or self._asked.get(timeout=seconds)
        except Empty:
            return None
        self._again, (do, future) = None, request
        try:
            future.set_result(do())
        except LedgerBusy as error:
            self._again = request
            return error
        except _HITS_ALL:
            raise
        except Exception as error:
            future.set_exception(error)
        return None
