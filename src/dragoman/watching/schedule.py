"""When a feed is asked again: as often as allowed, less often where it wants that or fails.

Invariant: never sooner than the least interval, and never later than a day, unless a site that fails says so itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from dragoman.documents.web.pace import LONGEST_REFUSAL

LONGEST = timedelta(days=1)
"""What a feed may ask for at most, and the longest pause after failures."""
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Schedule:
    """The least interval between two visits of a feed."""

    every: timedelta
    random: Random = field(default_factory=Random)

    def after_success(self, now: datetime, minutes: int, cache_control: str) -> datetime:
        """The next visit of a feed that asks to be left alone for `minutes`, and sent such a header."""
        asked = max(timedelta(minutes=min(minutes, 10**6)), _max_age(cache_control))
        return now + max(self.every, min(asked, LONGEST))

    def after_failure(self, now: datetime, failures: int, retry_after: float | None) -> datetime:
        """The next visit after so many failures in a row: each doubles the pause, give or take a fourth of it."""
        doubled = self.every * (1 << min(failures, 12)) * self.random.uniform(0.75, 1.25)
        asked = min(timedelta(seconds=min(retry_after or 0, 10**9)), timedelta(seconds=LONGEST_REFUSAL))
        return now + max(self.every, asked, min(doubled, LONGEST))


def _max_age(cache_control: str) -> timedelta:
    """How long an answer stays fresh by its Cache-Control header."""
    found = _MAX_AGE.search(cache_control)
    return timedelta(seconds=int(found[1])) if found else timedelta(0)
