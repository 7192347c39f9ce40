"""Whether a feed has been silent for much longer than its own rhythm.

A feed's rhythm is the longest pause among its latest entries: nights and weekends are in it, so that no Sunday is
taken for a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

LEAST_ENTRIES = 5
"""Entries without which no rhythm can be told."""
LEAST_SILENCE = timedelta(days=1)
TIMES = 2
"""How many times its longest pause a feed may be silent."""


def silent_since(moments: Sequence[str], now: datetime) -> datetime | None:
    """The moment of the last entry (ISO 8601, the last first), if a feed has been silent for too long since then."""
    times = [datetime.fromisoformat(moment) for moment in moments]
    if len(times) < LEAST_ENTRIES:
        return None
    longest = max(later - earlier for later, earlier in pairwise(times))
    return times[0] if now - times[0] > max(LEAST_SILENCE, TIMES * longest) else None
