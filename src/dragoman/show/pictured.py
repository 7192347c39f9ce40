"""Timeline and map as the ledger has them: what `/v1` answers, and what the pages list without script.

Invariant: a picture is made from the events of the newest reports that match, `DRAWN` at most, and says so when there
are more; then the strip of a timeline counts all days of the ledger, where nothing is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from dragoman.compare.of_ledger import standing, summaries_at
from dragoman.errors import UsageError
from dragoman.ledger import plotted, query
from dragoman.ledger.as_of import NOW
from dragoman.ledger.plotted import Window
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.pictures import Clock, Mark, Period, Places, Spot, Strip, known, marks_of, periods, starts, strip_of

DRAWN = 2_000
"""Events that a picture is made from at most: of a million, they are there within 300 ms."""
LISTED = 100
"""Events without a date that a timeline lists at most."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn, and the newest of what has no date by the clock, which a map draws too.

    `more` and `more_undated`: others match than those that these are made from. `behind`: reports and decisions since
    the happenings were worked out; None where they never were.
    """

    clock: Clock
    marks: tuple[Mark, ...]
    undated: tuple[Mark, ...]
    places: tuple[Spot, ...]
    more: bool
    more_undated: bool
    behind: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The strip under a picture, and the period that the picture shows at first; `of` is what the strip counts."""

    strip: Strip
    window: Period
    earlier: int
    later: int
    of: str


def clock_of(value: str) -> Clock:
    """The clock by its name, or a UsageError."""
    for clock in get_args(Clock):
        if value == clock:
            return clock  # type: ignore[no-any-return]
    raise UsageError(f"{value!r} is no clock", f"take one of {', '.join(get_args(Clock))}")


def period_of(value: str | None) -> Period | None:
    """Two days as `2031-03-01..2031-03-31`; None for nothing, or a UsageError."""
    if not value:
        return None
    cure = "give it as two days: 2031-03-01..2031-03-31"
    try:
        first, last = (date.fromisoformat(day) for day in value.split(".."))
    except ValueError as error:
        raise UsageError(f"window {value!r} is no period", cure) from error
    if first > last:
        raise UsageError(f"window {value!r} ends before it begins", cure)
    return Period(first, last)


def picture(
    ledger: Ledger,
    filter: Filter,
    clock: Clock,
    window: Period | None = None,
    *,
    located: bool = False,
    limit: int | None = None,
) -> Picture:
    """The marks of what matches, in a window of days by that clock; of `limit` events or `DRAWN`. UsageError."""
    asked = _within(filter, clock, window)
    kept = standing(ledger, query.as_of(filter))
    if asked is None:
        return Picture(clock, (), (), (), False, False, kept.behind if kept else None)
    places = Places({})

    def drawn(within: Window, limit: int) -> tuple[list[Mark], bool]:
        events, more = plotted.plotted(ledger, asked, within, kept.number if kept else None, limit)
        positions = sorted({event.finding for event in events if event.finding is not None})
        return marks_of(events, summaries_at(ledger, kept, positions) if kept else {}, clock, places), more

    first, last = _told(window) if window and clock == "reported" else (None, None)
    apart = clock == "happened" and not located  # a map draws what has no date with the rest
    marks, more = drawn(Window(located=located, dated=apart or None, first=first, last=last), limit or DRAWN)
    more_undated = False
    if apart and window is None:
        others, more_undated = drawn(Window(dated=False), LISTED)
        known = {mark.id for mark in marks}
        marks += [mark for mark in others if not mark.first and mark.id not in known]
    dated, undated = (tuple(mark for mark in marks if bool(mark.first) is has) for has in (True, False))
    behind = kept.behind if kept else None
    return Picture(clock, dated, undated, tuple(places.found), more, more_undated, behind)


def _within(filter: Filter, clock: Clock, window: Period | None) -> Filter | None:
    """The filter for a window of days on which something happened; None where they do not meet."""
    if window is None or clock == "reported":
        return filter
    given, (first, last) = filter.given(), _told(window)
    first, last = max(first, given.get("since", first)), min(last, given.get("until", last))
    return replace(filter, since=first, until=last) if first <= last else None


def _told(window: Period) -> tuple[str, str]:
    return window.first.isoformat(), window.last.isoformat()


def overview(ledger: Ledger, filter: Filter, drawn: Picture, *, located: bool = False) -> Overview | None:
    """The strip to a picture that no window was asked for; None where nothing is dated."""
    own = starts(drawn.marks)
    days, of = own, "what is drawn"
    if drawn.more and not located and not filter.given():
        of = "all events" if drawn.clock == "happened" else "all reports"
        count = plotted.by_day if drawn.clock == "happened" else plotted.by_day_told
        days = [(day, number) for day, number in count(ledger, NOW) if known(day)]
    found = periods(days, own)
    if found is None:
        return None
    first, last = _told(found[0])
    earlier = sum(count for day, count in days if day < first)
    later = sum(count for day, count in days if day > last)
    return Overview(strip_of(days, found[0]), found[1], earlier, later, of)
