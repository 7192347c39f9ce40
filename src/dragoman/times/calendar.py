"""Days counted: away from a day by weeks, months and years, and the movable feasts.

Invariant: nothing here reads words; what lies outside the calendar (years 1 to 9999) is None.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
"""The month each season begins with; of the northern half of the world, as the news of these corpora means it."""


def day_of(year: int, month: int, day: int) -> date | None:
    """A day of the calendar, or None where there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_away(base: date, days: int) -> date | None:
    """The day that lies so many days away."""
    try:
        return base + timedelta(days=days)
    except OverflowError:
        return None


def months_away(base: date, months: int) -> date | None:
    """The same day of the month so many months away, or that month's last day."""
    year, month = divmod(base.year * 12 + base.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(base.day, monthrange(year, month + 1)[1]))


def week_value(day: date) -> str:
    """The ISO week of a day: `1998-W20`."""
    year, week, _ = day.isocalendar()
    return f"{year:04}-W{week:02}"


def quarter_of(day: date) -> int:
    """The quarter of the calendar year, from 1."""
    return (day.month + 2) // 3


def easter(year: int) -> date | None:
    """Easter Sunday of the western churches (the Gregorian computus of Meeus, Jones and Butcher), from 1583."""
    if year < 1583:
        return None
    golden, (century, rest) = year % 19, divmod(year, 100)
    leap, cycle = divmod(century, 4)
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    sunday = (32 + 2 * cycle + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * sunday) // 451
    month, day = divmod(moon + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


_FIXED = {
    "christmas": (12, 25), "christmas day": (12, 25), "christmas eve": (12, 24), "boxing day": (12, 26),
    "new year's day": (1, 1), "new year day": (1, 1), "new year's eve": (12, 31), "new year eve": (12, 31),
    "may day": (5, 1), "valentine's day": (2, 14), "fourth of july": (7, 4),
}  # fmt: skip
_FROM_EASTER = {
    "easter": 0, "easter sunday": 0, "easter monday": 1, "good friday": -2, "palm sunday": -7, "ash wednesday": -46,
}  # fmt: skip
UNSURE_FEASTS = frozenset({"election day"})
"""Feasts whose day depends on the country: the value is that of the United States, the days stay unresolved."""


def feast(name: str, year: int) -> date | None:
    """The day of a feast; None where it depends on the moon's sighting or the country."""
    if name in _FIXED:
        return day_of(year, *_FIXED[name])
    if name in _FROM_EASTER:
        sunday = easter(year)
        return sunday and days_away(sunday, _FROM_EASTER[name])
    if name in ("thanksgiving", "thanksgiving day"):
        return _nth_weekday(year, 11, 3, 4)
    if name == "election day":
        return _nth_weekday(year, 11, 0, 1) + timedelta(days=1)
    return None
