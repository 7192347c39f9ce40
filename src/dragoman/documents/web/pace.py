"""How often a host is asked: one request at a time, with a pause after each, and not at all while it wants that.

Invariant: between the end of one request to a host and the start of the next lie at least the seconds asked for.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from dragoman.errors import FetchFailed

LONGEST_REFUSAL = 604_800.0
"""Seconds for which a host is left alone at most: a week."""
PATIENCE = 60.0
"""Seconds that are rather waited, where a host wants to be left alone, than not asking it."""


@dataclass(slots=True)
class _Host:
    """When it may be asked again: after the last request, and after a refusal with that status."""

    busy: Lock = field(default_factory=Lock)
    free_at: float = 0.0
    refuses_until: float = 0.0
    status: int | None = None


class Pace:
    """Turns at hosts, by a clock that never goes back. Several threads may share it."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._lock = Lock()

    @contextmanager
    def turn(self, host: str, pause: float) -> Iterator[None]:
        """Waits until the host may be asked, and leaves it alone for so many seconds after.

        FetchFailed, as if it had been asked, where it wants to be left alone for long.
        """
        place = self._place(host)
        with place.busy:
            if left := self.refusal(host):
                what = f"{host} wants to be left alone for now ({place.status})"
                raise FetchFailed(what, "try again later", status=place.status, retry_after=left)
            time.sleep(max(0.0, max(place.free_at, place.refuses_until) - self._now()))
            try:
                yield
            finally:
                place.free_at = self._now() + pause

    def refusal(self, host: str) -> float:
        """The seconds for which a host is not asked as it wants to be left alone, 0 if it is."""
        left = self._place(host).refuses_until - self._now()
        return left if left > PATIENCE else 0.0

    def refused(self, host: str, seconds: float, status: int) -> None:
        """That a host wants to be left alone for so long, as it said with that status."""
        place = self._place(host)
        place.refuses_until, place.status = self._now() + min(seconds, LONGEST_REFUSAL), status

    def _place(self, host: str) -> _Host:
        with self._lock:
            return self._hosts[host]
