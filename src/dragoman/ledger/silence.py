"""Whether a feed has been silent for much longer than its own rhythm.

A feed's rhythm is the longest pause in the last weeks of it: nights and weekends are in it, so that no Sunday is taken
for a gap. Where a feed is not known for a week, it may rest for a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

LEAST_MOMENTS = 5
"""Moments at which something came, without which no rhythm can be told."""
LEAST_SILENCE = timedelta(days=1)
TIMES = 2
"""How many times its longest pause a feed may be silent."""
_WEEK = timedelta(days=7)


def silent_since(moments: Sequence[str], checked: datetime) -> datetime | None:
    """The last of the moments (ISO 8601, the last first, each once), if a feed was silent for too long after it.

    `checked` is when it was last asked: what has come since then is not known.
    """
    times = [datetime.fromisoformat(moment) for moment in moments]
    if len(times) < LEAST_MOMENTS:
        return None
    longest = max(later - earlier for later, earlier in pairwise(times))
    least = LEAST_SILENCE if times[0] - times[-1] >= _WEEK else _WEEK
    return times[0] if checked - times[0] > max(least, TIMES * longest) else None
