"""Ctrl-C where many reports are read: it is never lost, and never strikes a process that only reads for another one."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import NoReturn


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C waits until the end; a process that is started meanwhile never gets it: whoever started it ends it."""
    if sys.platform == "win32":
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # or the first process would start it, which lets interruptions through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Kept:
    """Remembers Ctrl-C for the length of a `with` statement, besides raising KeyboardInterrupt as ever.

    Python drops what is raised in a callback of its garbage collector, and the database has many of these: of 45
    interruptions of `add`, two were lost. Does nothing outside the main thread, which alone is interrupted.
    """

    def __enter__(self) -> Kept:
        self._struck = False
        self._before = signal.signal(signal.SIGINT, self._strike) if current_thread() is main_thread() else None
        return self

    def __exit__(self, *error: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def check(self) -> None:
        """Raises KeyboardInterrupt if there was one, whoever dropped it."""
        if self._struck:
            raise KeyboardInterrupt

    def _strike(self, number: int, frame: FrameType | None) -> NoReturn:
        self._struck = True
        raise KeyboardInterrupt
