"""The days that words name: dates, weekdays, today and its neighbours, hours of the clock, feasts.

Invariant: a day that words do not fix has a reason in its `Meaning`; its value is the best reading all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from dragoman.times import calendar as calendar
from dragoman.times.calendar import day_of, days_away, week_value
from dragoman.times.grammar import Expression
from dragoman.times.meaning import Meaning, Setting, step
from dragoman.times.reading import number_of

_NEAREST, _FAR = 60, 240  # days: a date without a year is the near one, where the other is so much farther


def _date(found: Expression, setting: Setting) -> Meaning:
    """21 July 2022, Friday, Oct. 23, the evening of 5 May."""
    if found.word:
        return _numbers(found.word)
    month, day = found.month or 0, found.day or 0
    year = found.year or _year_told(found, setting)
    made = day_of(year, month, day) if year else _recurring_day(found, setting)
    if made is None:
        reason = "unclear" if year or setting.base else "no_report_date"
        return Meaning("DATE", f"{year or 'XXXX'}-{month:02}-{day:02}", reason)
    return _day(made, found.part)


def _numbers(word: str) -> Meaning:
    """2022-07-21; 11/02/89 only where no other order of day and month is one."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", word):
        year, month, day = map(int, word.split("-"))
        return Meaning("DATE", word, None if day_of(year, month, day) else "unclear")
    month, day, year = map(int, word.split("/"))
    year += 0 if year > 99 else 1900 if year > 49 else 2000
    if month > 12:
        month, day = day, month
    made = day_of(year, month, day)
    return Meaning("DATE", f"{year}-{month:02}-{day:02}", None if made and (day > 12 or day == month) else "unclear")


def _year_told(found: Expression, setting: Setting) -> int | None:
    """The year that words tell beside a day or month: last year, two years ago."""
    if setting.base is None or found.unit != "year":
        return None
    if found.number is not None:
        return setting.base.year - int(found.number)
    return setting.base.year + step(found.which)


def _recurring_day(found: Expression, setting: Setting) -> date | None:
    """A day and month without a year: of the weekday told, else by the words and verbs around it."""
    base = setting.base
    if base is None:
        return None
    years = range(max(base.year - 7, 1), min(base.year + 8, 9999))
    days = [made for year in years if (made := day_of(year, found.month or 0, found.day or 0))]
    if found.weekday is not None:
        days = [made for made in days if made.weekday() == found.weekday]
        return min(days, key=lambda made: abs(made - base), default=None)
    return _chosen(days, base, step(found.which), setting.ahead)


def _chosen(days: list[date], base: date, looks: int, ahead: bool | None) -> date | None:
    """Of a day that comes again each year, the one meant."""
    past = max((made for made in days if made <= base), default=None)
    coming = min((made for made in days if made >= base), default=None)
    if looks or past is None or coming is None or past == coming:
        return coming if looks > 0 else past
    since, until = (base - past).days, (coming - base).days
    if min(since, until) <= _NEAREST and max(since, until) >= _FAR:
        return past if since < until else coming
    return coming if ahead else past


def _listed(found: Expression, setting: Setting) -> Meaning:
    """April 24 and 25: the month and year are those of the day before."""
    before = setting.anchor or ""
    if not re.match(r"\d{4}-\d\d-\d\d", before):
        return Meaning("DATE", f"XXXX-XX-{found.day:02}", "no_anchor")
    made = day_of(int(before[:4]), int(before[5:7]), found.day or 0)
    return _day(made, None) if made else Meaning("DATE", f"{before[:8]}{found.day:02}", "unclear")


def _days(found: Expression, setting: Setting) -> Meaning:
    """From 3 to 5 March."""
    year = found.year or _year_told(found, setting)
    first = day_of(year, found.month or 0, found.day or 0) if year else _recurring_day(found, setting)
    last = first and day_of(first.year, first.month, found.end_day or 0)
    if first is None or last is None or last <= first:
        reason = "unclear" if year or setting.base else "no_report_date"
        return Meaning("DURATION", "PXD", reason)
    return Meaning("DURATION", f"{first}/{last}", None, (first, last))


def _week(found: Expression, setting: Setting) -> Meaning:
    """The week of March 6."""
    made = _recurring_day(found, setting)
    return Meaning("DATE", week_value(made)) if made else Meaning("DATE", "XXXX-WXX", "no_report_date")


def _weekday(found: Expression, setting: Setting) -> Meaning:
    """On Monday: the last one, the report's day included; of something to come, the next."""
    base = setting.base
    if found.weekday is None or base is None:
        return Meaning("DATE", f"XXXX-WXX-{(found.weekday or 0) + 1}", "no_report_date")
    if found.which and found.which.split()[0] in ("that", "same", "previous", "following"):
        return _beside(found, setting)
    return _day(_weekday_day(found, setting, base), found.part)


def _beside(found: Expression, setting: Setting) -> Meaning:
    """The previous Friday, that Friday: beside the day told before."""
    told = re.match(r"\d{4}-\d\d-\d\d", setting.anchor or "")
    number, looks = found.weekday or 0, step(found.which)
    if told is None:
        return Meaning("DATE", f"XXXX-WXX-{number + 1}", "no_anchor")
    anchor = date.fromisoformat(told[0])
    if looks == 0 and anchor.weekday() != number:
        return Meaning("DATE", f"XXXX-WXX-{number + 1}", "unclear")
    away = (number - anchor.weekday()) % 7 if looks > 0 else -((anchor.weekday() - number) % 7)
    return _day(days_away(anchor, away or 7 * looks), found.part)


def _weekday_day(found: Expression, setting: Setting, base: date) -> date | None:
    looks, number = step(found.which), found.weekday or 0
    if found.unit == "week":
        return days_away(base, number - base.weekday() + 7 * looks)
    forward = looks > 0 or (looks == 0 and bool(setting.ahead or found.which == "this"))
    away = (number - base.weekday()) % 7 if forward else -((base.weekday() - number) % 7)
    return days_away(base, away or 7 * looks)


def _near(found: Expression, setting: Setting) -> Meaning:
    """Yesterday, this morning, last night, overnight."""
    base, near = setting.base, found.near or ""
    if base is None:
        return Meaning("DATE", "PRESENT_REF" if near in ("today", "this") else "XXXX-XX-XX", "no_report_date")
    if near == "overnight":
        before = days_away(base, -1)
        return Meaning("TIME", f"{base}TNI", None, (before, base) if before else None)
    away = {"yesterday": -1, "last": -1, "tomorrow": 1}.get(near, 0) + (step(found.which) if found.which else 0)
    return _day(days_away(base, away), "NI" if near == "tonight" else found.part)


def _clock(found: Expression, setting: Setting) -> Meaning:
    """At 10:35 a.m. Friday; without a day that of the nearest date before."""
    day = (
        _near(found, setting) if found.near
        else _date(found, setting) if found.month
        else _weekday(found, setting) if found.weekday is not None
        else None
    )  # fmt: skip
    if day is None:
        told = re.match(r"\d{4}-\d\d-\d\d", setting.anchor or "")
        day = Meaning("DATE", told[0] if told else str(setting.base or "XXXX-XX-XX"), None if told else "no_anchor")
    return Meaning("TIME", f"{day.value[:10]}T{_hour(found)}", day.reason)


def _hour(found: Expression) -> str:
    """The time of day as TIMEX3 has it; a.m. and p.m. and the part of day count."""
    words = found.clock or ""
    if words in ("noon", "midday", "midnight"):
        return "12:00" if words != "midnight" else "24:00"
    figures = re.findall(r"\d+", words) or [str(int(number_of(words.split()[:1]) or 0))]
    if len(figures[0]) == 4:
        figures = [figures[0][:2], figures[0][2:]]
    hour, late = int(figures[0]), bool(re.search(r"p\.?\s?m", words)) or found.part in ("AF", "EV", "NI")
    hour = hour % 12 + 12 if late and hour < 13 else 0 if hour == 12 and re.search(r"a\.?\s?m", words) else hour
    return f"{hour:02}:{figures[1] if len(figures) > 1 else '00'}"


def _day(day: date | None, part: str | None) -> Meaning:
    if day is None:
        return Meaning("DATE", "XXXX-XX-XX", "unclear")
    if part == "MI":
        return Meaning("TIME", f"{day}T12:00")
    return Meaning("TIME", f"{day}T{part}") if part else Meaning("DATE", day.isoformat())


def _holiday(found: Expression, setting: Setting) -> Meaning:
    """Christmas, last Thanksgiving, Easter 2019."""
    name, base = (found.word or "").replace(" '", "'"), setting.base
    if found.year:
        day = calendar.feast(name, found.year)
    elif base is None:
        return Meaning("DATE", "XXXX-XX-XX", "no_report_date")
    else:
        years = range(max(base.year - 1, 1), min(base.year + 2, 9999))
        days = [made for year in years if (made := calendar.feast(name.removesuffix(" week"), year))]
        day = _chosen(days, base, step(found.which), setting.ahead)
    if day is None:
        return Meaning("DATE", "XXXX-XX-XX", "unclear")
    if name.endswith(" week"):
        return Meaning("DATE", week_value(day))
    return Meaning("DATE", day.isoformat(), "unclear" if name in calendar.UNSURE_FEASTS else None)


READERS: dict[str, Callable[[Expression, Setting], Meaning]] = {
    "date": _date, "listed": _listed, "days": _days, "week": _week, "weekday": _weekday, "near": _near,
    "clock": _clock, "holiday": _holiday,
}  # fmt: skip
"""A reader for each kind of expression that names days."""
