"""What a time expression is read against, and what it then means.

Invariant: `Meaning.value` is the best reading by the conventions of TIMEX3; `Meaning.reason` (`codes.date_reasons`)
is set wherever it is not sure, and then its days stay unresolved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Setting:
    """What an expression is read against: the report's day, the tense around it, and the dates told before.

    `ahead` is None where no verb tells; `anchor` is the value of the nearest earlier date within reach, `quarter`
    that of the nearest quarter. `torn`: the words around look both back and ahead.
    """

    base: date | None
    ahead: bool | None = None
    anchor: str | None = None
    quarter: str | None = None
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """Type and value of a TIMEX3, why its days are not known, and the days themselves where no value tells them."""

    type: str
    value: str
    reason: str | None = None
    days: tuple[date, date] | None = None


_BACK = frozenset("last past previous preceding prior before earlier".split())
_ON = frozenset("next coming upcoming following subsequent ensuing after afterward afterwards later".split())


def step(which: str | None) -> int:
    """Whether words like `last`, `this coming` look back (-1), ahead (1) or at what is now (0)."""
    words = set((which or "").split())
    return -1 if words & _BACK else int(bool(words & _ON))
