"""How long, how often, and hardly when: durations, sets and words like `recently`.

Invariant: only a span that ends or begins at the report's day has days; all others have a reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from dragoman.times.calendar import days_away, months_away
from dragoman.times.grammar import Expression
from dragoman.times.meaning import Meaning, Setting, step
from dragoman.times.words import UNITS

_CLOCK_UNITS = frozenset({"second", "minute", "hour"})
_HALVES = {"year": "6M", "hour": "30M", "minute": "30S", "month": "15D", "day": "12H"}
_DAYS, _MONTHS = {"day": 1, "week": 7}, {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}
_EVERY = {
    "daily": "P1D", "nightly": "P1D", "weekly": "P1W", "monthly": "P1M", "yearly": "P1Y", "annually": "P1Y",
    "hourly": "PT1H",
}  # fmt: skip


def duration(number: float | None, unit: str) -> str:
    """A duration as ISO 8601, X for an unknown number: P3D, PXM, PT5H30M."""
    if unit == "weekend":
        number, unit = (None if number is None else 2 * number), "day"
    if unit == "decade":
        number, unit = (None if number is None else 10 * number), "year"
    if unit == "century" and number is not None:
        number, unit = 100 * number, "year"
    sign = "PT" if unit in _CLOCK_UNITS else "P"
    if number is None:
        return f"{sign}X{UNITS.get(unit, 'X')}"
    whole, half = int(number), number - int(number) == 0.5 and _HALVES.get(unit)
    if half:
        return f"{sign}{f'{whole}{UNITS[unit]}' if whole else ''}{half}"
    return f"{sign}{whole if number == whole else number}{UNITS.get(unit, 'X')}"


def _span(found: Expression, setting: Setting) -> Meaning:
    """Three days; the past three months, which end at the report's day."""
    unit, looks = found.unit or "", step(found.which)
    if found.which in ("these", "those") and found.number is None:
        return Meaning("DATE", "PRESENT_REF", "vague")
    if found.which == "future":
        return Meaning("DATE", "FUTURE_REF", "vague")
    value = duration(found.number, unit)
    if found.tied:
        return Meaning("DURATION", value, "no_anchor")
    if found.number is None:
        return Meaning("DURATION", value, "vague" if found.which else "duration")
    if not looks or found.which == "following" or found.which == "previous":
        return Meaning("DURATION", value, "duration")
    if setting.base is None:
        return Meaning("DURATION", value, "no_report_date")
    if found.about:
        return Meaning("DURATION", value, "vague")
    days = _around(setting.base, unit, looks, found.number)
    return Meaning("DURATION", value, None if days else "duration", days)


def _around(base: date, unit: str, looks: int, number: float) -> tuple[date, date] | None:
    """The days from so many units ago up to the report's, or from it so many ahead."""
    if number != int(number) or number > 9999:
        return None
    if unit == "hour" and number % 24 == 0:  # the last 24 hours
        unit, number = "day", number // 24
    if unit in _DAYS:
        other = days_away(base, looks * int(number) * _DAYS[unit])
    elif unit in _MONTHS:
        other = months_away(base, looks * int(number) * _MONTHS[unit])
    else:
        return None
    if other is None:
        return None
    return (other, base) if other < base else (base, other)


def _whole(found: Expression, setting: Setting) -> Meaning:
    """The year, all week: the one told of before, or the report's, or none."""
    unit, base = found.unit or "", setting.base
    if found.which != "the" or base is None or unit != "year" or found.about:
        return Meaning("DURATION", duration(1, unit), "unclear")
    return Meaning("DATE", str(base.year), "unclear")


def _set(found: Expression, setting: Setting) -> Meaning:
    """Every Friday, daily, Tuesday nights, each July."""
    if found.unit:
        number = found.number if found.number is not None else 1
        value = "XXXX-WXX-WE" if found.unit == "weekend" else duration(number, found.unit)
    elif found.weekday is not None:
        value = f"XXXX-WXX-{found.weekday + 1}" + (f"T{found.part}" if found.part else "")
    elif found.month:
        value = f"XXXX-{found.month:02}"
    elif found.season:
        value = f"XXXX-{found.season}"
    elif found.part:
        value = f"XXXX-XX-XXT{found.part}"
    else:
        value = _EVERY.get(found.word or "", "XXXX")
    return Meaning("SET", value, "recurring")


def _ref(found: Expression, setting: Setting) -> Meaning:
    """Now, recently, soon: no more exact than that."""
    word = found.word or ""
    if word.startswith(("now", "current", "these", "those")):
        return Meaning("DATE", "PRESENT_REF", "vague")
    return Meaning("DATE", "FUTURE_REF" if word.endswith("future") or word == "soon" else "PAST_REF", "vague")


READERS: dict[str, Callable[[Expression, Setting], Meaning]] = {
    "span": _span, "whole": _whole, "set": _set, "ref": _ref,
}  # fmt: skip
"""A reader for each kind of expression that tells how long or how often."""
