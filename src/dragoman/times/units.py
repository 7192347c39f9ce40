"""Weeks, months, seasons, quarters, years, and what lies so many of them away.

Invariant: a value is as exact as the words: two months ago is a month, a year earlier a year.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from dragoman.times.calendar import SEASON_MONTHS, day_of, days_away, months_away, quarter_of, week_value
from dragoman.times.grammar import Expression
from dragoman.times.meaning import Meaning, Setting, step
from dragoman.times.spans import duration

_EXACT_WEEKS = 2  # a week ago is a day, as our tests have it; six weeks ago a week


def _month(found: Expression, setting: Setting) -> Meaning:
    """In July, last April, June 2019, January this year."""
    year, month, base = found.year, found.month or 0, setting.base
    if year is None and base is None:
        return Meaning("DATE", f"XXXX-{month:02}", "no_report_date")
    if year is None and base:
        year = _year_of_month(found, setting, base, month)
    return Meaning("DATE", f"{year:04}-{month:02}")


def _year_of_month(found: Expression, setting: Setting, base: date, month: int) -> int:
    looks = step(found.which)
    if found.unit == "year":
        return base.year + looks if found.number is None else base.year - int(found.number)
    if looks < 0:
        return base.year - (month >= base.month)
    if looks > 0 or found.which == "this":
        return base.year + (looks > 0 and month <= base.month)
    if setting.ahead:
        return base.year + (month < base.month)
    return base.year - (month > base.month)


def _season(found: Expression, setting: Setting) -> Meaning:
    """Last summer, the spring of 1998; winters lie in two years, so only the words of the year are kept."""
    base, season = setting.base, found.season or ""
    if found.year is None and base is None:
        return Meaning("DATE", f"XXXX-{season}", "no_report_date")
    year = found.year or 0
    if found.year is None and base:
        begun, over = base.month >= SEASON_MONTHS[season], base.month >= SEASON_MONTHS[season] + 3
        looks = step(found.which)
        if found.unit == "year":
            year = base.year + looks
        elif looks < 0:
            year = base.year - (not over)
        elif looks > 0 or found.which == "this" or setting.ahead:
            year = base.year + (begun if looks > 0 else over and found.which != "this")
        else:
            year = base.year - (not begun)
    return Meaning("DATE", f"{year:04}-{season}", "unclear" if season == "WI" else None)


def _half(found: Expression, setting: Setting) -> Meaning:
    """The first half of 1998, the last two quarters of this year."""
    year = found.year or (setting.base.year + step(found.which) if setting.base else None)
    if year is None:
        return Meaning("DATE", f"XXXX-H{found.nth}", "no_report_date")
    if found.word and not found.word.startswith("two "):  # the first three quarters are no half
        return Meaning("DATE", str(year), "unclear")
    return Meaning("DATE", f"{year:04}-H{found.nth}")


def _quarter(found: Expression, setting: Setting) -> Meaning:
    """The third quarter, the latest quarter, the year-ago quarter."""
    base = setting.base
    if base is None and not found.year:
        return Meaning("DATE", f"XXXX-Q{found.nth or 'X'}", "no_report_date")
    words = found.word or ""
    if found.nth is None:
        return _unnamed_quarter(found, setting, words)
    year = found.year
    if year is None and base:
        year = base.year + step(found.which) if found.unit == "year" else base.year
        if found.unit != "year" and found.nth > quarter_of(base) and not setting.ahead:
            year -= 1
        elif found.unit != "year" and found.nth < quarter_of(base) - 1 and setting.ahead:
            year += 1
        year -= "year" in words
    return Meaning("DATE", f"{year:04}-Q{found.nth}", "unclear" if "fiscal" in words else None)


def _unnamed_quarter(found: Expression, setting: Setting, words: str) -> Meaning:
    """A quarter counted from the report's date, or the one told before."""
    base, told = setting.base, setting.quarter
    if found.which and found.which not in ("latest", "same", "that") and base and found.unit != "year":
        month = months_away(base, 3 * step(found.which)) or base
        return Meaning("DATE", f"{month.year:04}-Q{quarter_of(month)}")
    if (told is None or found.which == "latest") and base:
        latest = months_away(base, -3) or base
        told = f"{latest.year:04}-Q{quarter_of(latest)}"
    number, year = (told or "XXXX-QX")[-1], int(told[:4]) if told else 0
    year = found.year or year - ("year" in words) + (step(found.which) if found.unit == "year" else 0)
    sure = setting.quarter is not None
    return Meaning("DATE", f"{year:04}-Q{number}", None if sure else "no_anchor")


def _year(found: Expression, setting: Setting) -> Meaning:
    if found.year is None:
        return Meaning("DATE", str(setting.base.year if setting.base else "XXXX"), "unclear")
    return Meaning("DATE", f"{found.year:04}", "unclear" if found.word == "fiscal" else None)


def _years(found: Expression, setting: Setting) -> Meaning:
    """2017-2020, 1989-90."""
    first, _, last = (found.word or "").replace("–", "-").partition("-")
    end = int(last) if len(last) == 4 else int(first[:2] + last)
    if end <= int(first):
        return Meaning("DATE", first, "unclear")
    return Meaning("DURATION", f"{first}/{end}", None, (date(int(first), 1, 1), date(end, 12, 31)))


def _decade(found: Expression, setting: Setting) -> Meaning:
    if found.year is None:
        return Meaning("DATE", "XXXX", "unclear")
    return Meaning("DATE", f"{found.year // 10:03}X")


def _century(found: Expression, setting: Setting) -> Meaning:
    return Meaning("DATE", f"{(found.nth or 1) - 1:02}")


# --- so many units away --------------------------------------------------------------------------


def away(base: date, unit: str, number: int) -> str | None:
    """The day, week, month, year or decade so many units from a day, as exact as the unit."""
    if unit in ("day", "week"):
        day = days_away(base, number * (7 if unit == "week" else 1))
        if day is None:
            return None
        return day.isoformat() if unit == "day" or abs(number) <= _EXACT_WEEKS else week_value(day)
    if unit == "month":
        month = months_away(base, number)
        return month.isoformat()[:7] if month else None
    years = {"year": 1, "decade": 10, "century": 100}.get(unit)
    if years is None or not 1 <= base.year + number * years <= 9999:
        return None
    return f"{base.year + number * years:04}"


def _ago(found: Expression, setting: Setting) -> Meaning:
    """Three days ago; a year ago, beside a quarter, is that quarter of last year."""
    unit, base, number = found.unit or "", setting.base, found.number
    if number is None:
        return Meaning("DATE", "PAST_REF", "vague")
    if base is None:
        return Meaning("DATE", "PAST_REF", "no_report_date")
    if unit == "year" and number == 1 and setting.quarter:
        return Meaning(
            "DATE", f"{int(setting.quarter[:4]) - 1:04}{setting.quarter[4:]}", "vague" if found.about else None
        )
    if found.about:
        return Meaning("DURATION", duration(number, unit), "vague")
    value = away(base, unit, -int(number)) if number == int(number) and number < 10_000 else None
    if value is None:
        return Meaning("DURATION", duration(number, unit), "unclear")
    return Meaning("DATE", value)


def _away(found: Expression, setting: Setting) -> Meaning:
    """Two days later, a year earlier: counted from the date told before."""
    unit, number = found.unit or "year", 1 if found.word else found.number
    looks = -1 if found.word else step(found.which)
    if number is None or number != int(number) or unit in ("second", "minute", "hour") or number > 9999:
        return Meaning("DURATION", duration(number, unit), "vague" if number is None else "no_anchor")
    if unit == "year" and setting.quarter and looks < 0:
        return Meaning("DATE", f"{max(int(setting.quarter[:4]) - int(number), 0):04}{setting.quarter[4:]}")
    return _from_anchor(setting, unit, looks * int(number), "vague" if found.about else None)


def _from_anchor(setting: Setting, unit: str, number: int, reason: str | None = None) -> Meaning:
    """So many units from the anchor, where it is exact enough; else from the report's day, and no_anchor."""
    anchor = _anchor_day(setting.anchor, unit)
    start = anchor or setting.base
    value = away(start, unit, number) if start else None
    if value is None:
        return Meaning("DATE", "XXXX-XX-XX", "no_anchor")
    return Meaning("DATE", value, reason if anchor else "no_anchor")


def _anchor_day(anchor: str | None, unit: str) -> date | None:
    """The day that an anchor's value begins with, if it is as exact as the unit asks."""
    least = {"day": 10, "week": 10, "weekend": 10, "month": 7}.get(unit, 4)
    told = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?=T|$)", anchor or "")
    if told is None or len(told[0]) < least:
        return None
    return day_of(int(told[1]), int(told[2] or 1), int(told[3] or 1))


def _next(found: Expression, setting: Setting) -> Meaning:
    """The following day, the next morning: beside the date told before."""
    looks = step(found.which)
    if found.part:
        made = _from_anchor(setting, "day", looks)
        return Meaning("TIME", f"{made.value}T{found.part}", made.reason)
    unit = found.unit or "day"
    if unit in ("second", "minute", "hour", "weekend"):
        return Meaning("DURATION", duration(1, unit), "no_anchor")
    if unit == "week" and (anchor := _anchor_day(setting.anchor, "week")):
        day = days_away(anchor, 7 * looks)
        return Meaning("DATE", week_value(day)) if day else Meaning("DATE", "XXXX-WXX", "unclear")
    return _from_anchor(setting, unit, looks)


def _same(found: Expression, setting: Setting) -> Meaning:
    """That day, the same year, that night."""
    unit = "day" if found.part else found.unit or found.season or ""
    anchor = _anchor_day(setting.anchor, unit)
    value = away(anchor, unit, 0) if anchor and unit != "week" else week_value(anchor) if anchor else None
    if value is None or found.season:
        return Meaning("DATE", "XXXX-XX-XX", "no_anchor")
    return Meaning("TIME", f"{value}T{found.part}") if found.part else Meaning("DATE", value)


def _unit(found: Expression, setting: Setting) -> Meaning:
    """Last week, this month, next year, the weekend, the end of the year."""
    base, unit, looks = setting.base, found.unit or "year", step(found.which)
    if unit in ("second", "minute", "hour", "day"):
        return Meaning("DURATION", duration(1, unit), "unclear")
    if base is None:
        return Meaning("DATE", "XXXX", "no_report_date")
    reason = "vague" if found.about else "unclear" if found.the and found.which == "next" else None
    if "past" in (found.which or "").split() or (found.the and found.which == "last"):
        return _past_unit(base, unit, reason)
    if unit == "weekend":
        return Meaning("DATE", _weekend(base, looks, found.which, setting.ahead), reason)
    if unit == "week":
        day = days_away(base, 7 * looks)
        return Meaning("DATE", week_value(day), reason) if day else Meaning("DATE", "XXXX-WXX", "unclear")
    if unit == "decade":
        return Meaning("DATE", f"{base.year // 10 + looks:03}X", reason)
    if unit == "century":
        return Meaning("DATE", f"{base.year // 100 + looks:02}", reason)
    return Meaning("DATE", away(base, unit, looks) or "XXXX", reason)


def _past_unit(base: date, unit: str, reason: str | None) -> Meaning:
    """The past year: the twelve months up to the report; TimeBank writes the last calendar year."""
    start = (
        days_away(base, -7)
        if unit in ("week", "weekend")
        else months_away(base, -{"month": 1, "year": 12, "decade": 120, "century": 1200}[unit])
    )
    days = (start, base) if start and not reason else None
    if unit in ("year", "month"):
        return Meaning("DATE", away(base, unit, -1) or "XXXX", reason, days)
    return Meaning("DURATION", duration(1, unit), reason, days)


def _weekend(base: date, looks: int, which: str | None, ahead: bool | None) -> str:
    """The Saturday's week: last weekend is the one before, this weekend one to come where the words look ahead."""
    to_come = looks > 0 or (looks == 0 and bool(ahead))
    away_days = -((base.weekday() - 5) % 7)
    if looks > 0 or (to_come and base.weekday() < 5):
        away_days += 7
    elif looks < 0 and base.weekday() >= 5:
        away_days -= 7
    saturday = days_away(base, away_days) or base
    return f"{week_value(saturday)}-WE"


READERS: dict[str, Callable[[Expression, Setting], Meaning]] = {
    "month": _month, "season": _season, "half": _half, "quarter": _quarter, "year": _year, "years": _years,
    "decade": _decade, "century": _century, "ago": _ago, "away": _away, "next": _next, "same": _same, "unit": _unit,
}  # fmt: skip
"""A reader for each kind of expression that names a week or more, or counts in them."""
