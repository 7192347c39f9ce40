"""How often a host is asked: one request at a time, with a pause after each.

Invariant: between the end of one request to a host and the start of the next lie at least the seconds asked for.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass(slots=True)
class _Host:
    busy: Lock = field(default_factory=Lock)
    free_at: float = 0.0


class Pace:
    """Turns at hosts. Several threads may share it."""

    def __init__(self) -> None:
        self._hosts: defaultdict[str, _Host] = defaultdict(_Host)
        self._lock = Lock()

    @contextmanager
    def turn(self, host: str, pause: float) -> Iterator[None]:
        """Waits until the host may be asked, and leaves it alone for so many seconds after."""
        with self._lock:
            place = self._hosts[host]
        with place.busy:
            time.sleep(max(0.0, place.free_at - time.monotonic()))
            try:
                yield
            finally:
                place.free_at = time.monotonic() + pause
