"""The day of a report's publication, from the forms in which files write it. Never a guess.

`03/04/2022` is refused: it is 3 April in London and 4 March in Washington.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\.?,? +)?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
# A time of day after the date is let stand: the day is the one written, in whatever zone.
_ZONE = r"(?: ?(?:[ap]\.m\.|[a-z]{1,5}|(?:utc|gmt)?[+-]\d{1,2}(?::?\d{2})?|\([a-z ]{1,30}\))){0,3}"
_TIME = r"(?:(?:t|,? +(?:at +)?)\d{1,2}(?::?\d{2}(?::?\d{2}(?:[.,]\d+)?)?)?" + _ZONE + ")?"
_FORMS = tuple(
    re.compile(form + _TIME, re.IGNORECASE | re.ASCII)
    for form in (
        _YEAR + r"-?(?P<month>\d{2})-?" + r"(?P<day>\d{2})",
        _YEAR + r"/(?P<month>\d{1,2})/(?P<day>\d{1,2})",
        _WEEKDAY + _DAY + r"(?: +(?:of +)?|-)" + _MONTH + r"(?:,? +|-)" + _YEAR,
        _WEEKDAY + _MONTH + r" +" + _DAY + r",? +" + _YEAR,
    )
)
_WITH_TIME = re.compile(r"\d[Tt:]\d")


def iso_day(words: str) -> str | None:
    """The ISO 8601 day that the words name, or None.

    Understood are ISO days and timestamps, RFC 2822, `26 July 2022`, `July 26, 2022` and the like.
    """
    words = words.strip()[:100]
    for form in _FORMS:
        if found := form.fullmatch(words):
            month = found["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            try:
                return date(int(found["year"]), number, int(found["day"])).isoformat()
            except ValueError:
                return None
    return None


def iso_moment(words: str) -> str | None:
    """The moment that the words name, in ISO 8601 with the zone as written; the day where no time can be told; or None.

    A time without a zone is taken for UTC, as feeds mean it.
    """
    words = words.strip()[:100]
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(words)
        except (ValueError, IndexError, TypeError, OverflowError):
            continue
        if _WITH_TIME.search(words):
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat(timespec="seconds")
    return iso_day(words)
