"""TIMEX3 values -> the days they mean, and how the words around open or join them.

Invariant: a period has days or a reason, never neither; `since`, `until` and ranges are intervals.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from dragoman.records import Period
from dragoman.times.calendar import SEASON_MONTHS
from dragoman.times.meaning import Meaning


def unresolved(reason: str) -> Period:
    """Days that are not known, and why (`codes.date_reasons`)."""
    return Period(None, None, "unresolved", reason)


def period_of(made: Meaning) -> Period:
    """The days that a meaning tells, as exact as its value."""
    if made.reason:
        return unresolved(made.reason)
    if made.days:
        return Period(made.days[0].isoformat(), made.days[1].isoformat(), "interval")
    for shape, read in _SHAPES:
        if match := shape.fullmatch(made.value):
            try:
                return read(match)
            except (ValueError, OverflowError):  # a week 53, a month 13 that no calendar has
                break
    return unresolved("duration" if made.type == "DURATION" else "unclear")


def opened(period: Period, frame: str) -> Period:
    """The days from a period on (`since`, and past it `after`) or up to it (`until`, and short of it `before`)."""
    if period.start is None or period.end is None:
        return period
    try:
        if frame == "since":
            return Period(period.start, None, "interval")
        if frame == "after":
            return Period(str(date.fromisoformat(period.end) + timedelta(days=1)), None, "interval")
        if frame == "before":
            return Period(None, str(date.fromisoformat(period.start) - timedelta(days=1)), "interval")
    except OverflowError:  # after the last day of the calendar
        return unresolved("unclear")
    return Period(None, period.end, "interval")


def joined(first: Period, last: Period) -> Period:
    """From the one to the other."""
    for part in (first, last):
        if part.precision == "unresolved":
            return part
    if first.start is None or last.end is None or first.start > last.end:
        return unresolved("unclear")
    return Period(first.start, last.end, "interval")


def _between(first: date, last: date, precision: str) -> Period:
    return Period(first.isoformat(), last.isoformat(), precision)


def _day(match: re.Match[str]) -> Period:
    day = date.fromisoformat(match[1])
    return _between(day, day, "day")


def _week(match: re.Match[str]) -> Period:
    monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
    if match[3]:
        return _between(monday + timedelta(days=5), monday + timedelta(days=6), "interval")
    return _between(monday, monday + timedelta(days=6), "week")


def _months(year: int, month: int, count: int, precision: str) -> Period:
    """So many months of one year, from a month on."""
    last = month + count - 1
    return _between(date(year, month, 1), date(year, last, monthrange(year, last)[1]), precision)


def _season(match: re.Match[str]) -> Period:
    """The three months of a northern season."""
    return _months(int(match[1]), SEASON_MONTHS[match[2]], 3, "season")


def _decade(match: re.Match[str]) -> Period:
    year = 10 * int(match[1])
    return _between(date(year, 1, 1), date(year + 9, 12, 31), "decade")


def _century(match: re.Match[str]) -> Period:
    year = 100 * int(match[1])
    return _between(date(year + 1, 1, 1), date(year + 100, 12, 31), "interval")


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period]], ...] = (
    (re.compile(r"(\d{4}-\d\d-\d\d)(?:T.*)?"), _day),
    (re.compile(r"(\d{4})-W(\d\d)(-WE)?"), _week),
    (re.compile(r"(\d{4})-(\d\d)"), lambda match: _months(int(match[1]), int(match[2]), 1, "month")),
    (re.compile(r"(\d{4})-Q([1-4])"), lambda match: _months(int(match[1]), 3 * int(match[2]) - 2, 3, "quarter")),
    (re.compile(r"(\d{4})-H([12])"), lambda match: _months(int(match[1]), 6 * int(match[2]) - 5, 6, "interval")),
    (re.compile(r"(\d{4})-(SP|SU|FA)"), _season),
    (re.compile(r"(\d{4})"), lambda match: _months(int(match[1]), 1, 12, "year")),
    (re.compile(r"(\d{3})X"), _decade),
    (re.compile(r"(\d\d)"), _century),
)


def compare(one: Period, other: Period) -> str:
    """How the days of one lie to those of the other: same, inside, contains, overlaps, apart; else unknown."""
    if "unresolved" in (one.precision, other.precision):
        return "unknown"
    starts, ends = (one.start or "", other.start or ""), (one.end or "~", other.end or "~")  # "" < any day < "~"
    if starts[0] == starts[1] and ends[0] == ends[1]:
        return "same"
    if ends[0] < starts[1] or ends[1] < starts[0]:
        return "apart"
    if starts[0] >= starts[1] and ends[0] <= ends[1]:
        return "inside"
    return "contains" if starts[0] <= starts[1] and ends[0] >= ends[1] else "overlaps"
