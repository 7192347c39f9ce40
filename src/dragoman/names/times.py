"""Words that date something -> the days they mean, counted from the report's date. Never a silent guess.

Invariant: a period's precision is that of its words (a month stays a month), and words that cannot be turned
into days for sure are `UNRESOLVED`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from dragoman.records import Period

UNRESOLVED = Period(None, None, "unresolved")

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip

_MONTH = (
    r"\b(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ANY_MONTH, _ANY_WEEKDAY = _MONTH.replace("?P<month>", "?:"), "|".join(_WEEKDAYS)
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?!s| ?(?:gmt|utc|local|hours|hrs))"
_DAY_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"\b{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR}\b)?",
        rf"{_MONTH} {_DAY}\b(?! ?[-–] ?\d)(?:,? {_YEAR}\b)?",
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)\b",
    )
)
_JOINT = r" ?(?:-|–|to|and|until) ?"
_DAYS_FORM = re.compile(
    rf"(?:{_MONTH} (?P<day>\d\d?){_JOINT}(?P<last>\d\d?)\b"
    rf"|\b(?P<day2>\d\d?){_JOINT}(?P<last2>\d\d?) {_MONTH.replace('month', 'month2')})(?:,? {_YEAR}\b)?"
)
_MONTH_FORM = re.compile(rf"(?:\b(?P<which>last|next|this|early|late|mid-?) ?)?{_MONTH}(?:(?: of)?,? {_YEAR}\b)?")
_YEARS_FORM = re.compile(r"\b((?:1[5-9]|20)\d\d) ?(?:-|–|to|and|until) ?((?:1[5-9]|20)\d\d)\b")
_YEAR_FORM = re.compile(rf"\b{_YEAR}\b")
_WEEKDAY_FORM = re.compile(rf"\b(?:(?P<which>last|next|this|coming) )?(?P<weekday>{_ANY_WEEKDAY})\b")
_AGO_FORM = re.compile(
    rf"(?<![\w.,-])(?P<number>\d{{1,3}}|an?|{'|'.join(_SMALL[1:])}) (?P<unit>day|week|month|year)s? ago\b"
)
_UNIT_FORM = re.compile(r"\b(?P<which>last|this|next|the previous) (?P<unit>week|month|year|weekend)\b")
_NEAR_DAYS = (
    (re.compile(r"\bday before yesterday\b"), -2),
    (re.compile(r"\byesterday\b|\blast (?:night|evening)\b|\bovernight\b"), -1),
    (re.compile(r"\btoday\b|\btonight\b|\bthis (?:morning|afternoon|evening)\b|\bearlier in the day\b"), 0),
    (re.compile(r"\bday after tomorrow\b"), 2),
    (re.compile(r"\btomorrow\b"), 1),
)
# Counted from something else than the report's date, or from nothing that can be told; two dates at once.
_ELSEWHERE = re.compile(
    r"\b(?:earlier than|later|before that|after that|previous day|next day|same day|that day|by then|following|every"
    r"|each|(?:over|in|during|within|for|throughout) the (?:last|past|coming|next))\b|^after\b|^on an? "
    r"|\b(?:days?|weeks?|months?|years?|hours?) (?:earlier|before(?! yesterday)|after(?! tomorrow)|later|prior)\b"
    r"|\b(?:more than|over|less than|at least|about|around|roughly|some|nearly|almost) (?:\w+ )+ago\b"
    rf"|(?:{_ANY_MONTH}|{_ANY_WEEKDAY}).*(?: to | and | until | till | ?[-–] ?).*(?:{_ANY_MONTH}|{_ANY_WEEKDAY})"
)
_SINCE, _UNTIL = (
    re.compile(r"\b(?:ever )?since\b|\bfrom .* on(?:wards?)?$"),
    re.compile(r"^(?:until|till|up to|by|before)\b"),
)
LONGEST = 200  # characters of words that may date something; longer ones are no date
_LONG_PAST = 180  # days: `until 30 September` in July does not mean last year's


def clean(words: str) -> str:
    """The words in small letters, with one space between them."""
    return " ".join(words.replace("’", "'").casefold().split()).strip(" ,.;:()\"'")


def resolve(words: str, published: str | None, *, ahead: bool = False) -> Period:
    """The days that the words mean: `on Monday`, `late last week`, `since 2015`, `from 3 to 5 March`.

    `published` is the report's ISO 8601 day; without it relative words stay unresolved. `ahead`: the words
    date something still to come, so `on Friday` is the next one.
    """
    said = clean(words)
    base = date.fromisoformat(published) if published else None
    if len(said) > LONGEST or _ELSEWHERE.search(said):
        return UNRESOLVED
    found = next((period for rule in _RULES if (period := rule(said, base, ahead))), None)
    if found is None:
        return UNRESOLVED
    if _SINCE.search(said):
        return Period(found.start, None, "interval")
    if _UNTIL.search(said):
        past = base and found.end and not _YEAR_FORM.search(said) and (base - date.fromisoformat(found.end)).days
        return UNRESOLVED if past and past > _LONG_PAST else Period(None, found.end, "interval")
    return found


def _days(said: str, base: date | None, ahead: bool) -> Period | None:
    """From 3 to 5 March."""
    if not (match := _DAYS_FORM.search(said)):
        return None
    month = _month_number(match["month"] or match["month2"])
    year = int(match["year"]) if match["year"] else None
    first = _day(year, month, int(match["day"] or match["day2"]), base, ahead)
    last = _day(first.year if first else year, month, int(match["last"] or match["last2"]), base, ahead)
    return _period(first, last, "interval") if first and last and first < last else None


def _one_day(said: str, base: date | None, ahead: bool) -> Period | None:
    """21 July 2022, July 21st, 2022-07-21."""
    for form in _DAY_FORMS:
        if match := form.search(said):
            year = int(match["year"]) if match["year"] else _year_meant(said, base)
            day = _day(year, _month_number(match["month"]), int(match["day"]), base, ahead)
            return _period(day, day, "day") if day else UNRESOLVED
    return None


def _near_day(said: str, base: date | None, ahead: bool) -> Period | None:
    for form, away in _NEAR_DAYS:
        if form.search(said):
            day = base and base + timedelta(days=away)
            return _period(day, day, "day") if day else UNRESOLVED
    return None


def _weekday(said: str, base: date | None, ahead: bool) -> Period | None:
    """On Monday: the last one, the day of publication included; of something to come, the next."""
    if not (match := _WEEKDAY_FORM.search(said)):
        return None
    if base is None:
        return UNRESOLVED
    number = _WEEKDAYS.index(match["weekday"])
    if week := re.search(r"\b(last|next) week\b", said):
        monday = base - timedelta(days=base.weekday()) + timedelta(days=7 if week[1] == "next" else -7)
        return _period(monday + timedelta(days=number), monday + timedelta(days=number), "day")
    ahead = ahead or match["which"] in ("next", "coming")
    away = (number - base.weekday()) % 7 if ahead else -((base.weekday() - number) % 7)
    if away == 0 and match["which"] in ("last", "next", "coming"):
        away = -7 if match["which"] == "last" else 7
    day = base + timedelta(days=away)
    return _period(day, day, "day")


def _ago(said: str, base: date | None, ahead: bool) -> Period | None:
    if not (match := _AGO_FORM.search(said)):
        return None
    if base is None:
        return UNRESOLVED
    number = _ago_number(match)
    return _unit_away(base, match["unit"], -number, exact=match["unit"] in ("day", "week"))


def _unit(said: str, base: date | None, ahead: bool) -> Period | None:
    """Last week, this month, next year."""
    if not (match := _UNIT_FORM.search(said)):
        return None
    if base is None:
        return UNRESOLVED
    steps = {"this": 0, "next": 1}.get(match["which"], -1)
    if match["unit"] == "weekend":
        saturday = base - timedelta(days=(base.weekday() - 5) % 7)
        to_come = steps == 1 or (steps == 0 and ahead)
        away = 7 if to_come and saturday < base else -7 if steps == -1 and base.weekday() >= 5 else 0
        saturday += timedelta(days=away)
        return _period(saturday, saturday + timedelta(days=1), "interval")
    return _unit_away(base, match["unit"], steps, exact=False)


def _month(said: str, base: date | None, ahead: bool) -> Period | None:
    """In July, last April, in June 2019, in January this year."""
    if not (match := _MONTH_FORM.search(said)) or re.match(r"may [a-z]", said):
        return None
    month = _month_number(match["month"])
    if match["year"]:
        year = int(match["year"])
    elif base is None:
        return UNRESOLVED
    elif meant := _year_meant(said, base):
        year = meant
    elif match["which"] == "last":
        year = base.year - (month >= base.month)
    elif ahead or match["which"] == "next":
        year = base.year + (month < base.month)
    else:
        year = base.year - (month > base.month)
    return _whole_month(year, month)


def _years(said: str, base: date | None, ahead: bool) -> Period | None:
    if not (match := _YEARS_FORM.search(said)) or int(match[1]) >= int(match[2]):
        return None
    return _period(date(int(match[1]), 1, 1), date(int(match[2]), 12, 31), "interval")


def _year(said: str, base: date | None, ahead: bool) -> Period | None:
    if not (match := _YEAR_FORM.search(said)):
        return None
    return _period(date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31), "year")


_RULES: tuple[Callable[[str, date | None, bool], Period | None], ...] = (
    _days, _one_day, _weekday, _near_day, _month, _ago, _years, _unit, _year,
)  # fmt: skip
"""From the exact to the vague: `on Tuesday last week` is a day, `in June last year` a month."""


def _year_meant(said: str, base: date | None) -> int | None:
    """The year that the words tell beside a day or month: last year, two years ago."""
    if base is None:
        return None
    if match := re.search(r"\b(last|this|next) year\b", said):
        return base.year + {"last": -1, "this": 0, "next": 1}[match[1]]
    ago = _AGO_FORM.search(said)
    return base.year - _ago_number(ago) if ago and ago["unit"] == "year" else None


def _ago_number(match: re.Match[str]) -> int:
    word = match["number"]
    return int(word) if word.isdigit() else 1 if word in ("a", "an") else _SMALL.index(word)


def _day(year: int | None, month: int, day: int, base: date | None, ahead: bool) -> date | None:
    """A day; without a year the last one up to the report's date, of what is to come the next."""
    if year:
        return _made(year, month, day)
    if base is None:
        return None
    days = [made for y in range(base.year - 1, base.year + 2) if (made := _made(y, month, day))]
    if ahead:
        return min((made for made in days if made >= base), default=None)
    return max((made for made in days if made <= base), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _unit_away(base: date, unit: str, number: int, *, exact: bool) -> Period:
    """The day, week, month or year that lies so many away; weeks begin on Monday."""
    if unit == "day" or (unit == "week" and exact):
        day = base + timedelta(days=number * (7 if unit == "week" else 1))
        return _period(day, day, "day")
    if unit == "week":
        monday = base - timedelta(days=base.weekday()) + timedelta(days=7 * number)
        return _period(monday, monday + timedelta(days=6), "week")
    if unit == "month":
        months = base.year * 12 + base.month - 1 + number
        return _whole_month(months // 12, months % 12 + 1)
    year = base.year + number
    return _period(date(year, 1, 1), date(year, 12, 31), "year")


def _whole_month(year: int, month: int) -> Period:
    return _period(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _month_number(word: str) -> int:
    return int(word) if word.isdigit() else _MONTHS.index(word[:3]) + 1


def _period(start: date, end: date, precision: str) -> Period:
    return Period(start.isoformat(), end.isoformat(), precision)
