"""How codes, dates and numbers are said to people. The codes themselves stay in the API and the exports."""

from __future__ import annotations

import re
import textwrap
from datetime import date
from urllib.parse import urlsplit

from dragoman.codes import QUAD_NAMES, codes, country_table
from dragoman.records import LOW as LOW
from dragoman.records import Place

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SAID = {"not_occurred": "did not occur"}
_KINDS = {"outlet": "another outlet", "none": "no source named"}
_BY = {
    "confirms": "confirmed by",
    "denies": "denied by",
    "disputes": "disputed by",
    "declines": "comment declined by",
    "cannot_confirm": "not confirmed by",
}
_STANCE = {
    "asserts": "assertion",
    "confirms": "confirmation",
    "denies": "denial",
    "disputes": "dispute",
    "declines": "no comment",
    "cannot_confirm": "no confirmation",
}
_DISPUTES = {
    "denied": "denied",
    "happened": "whether it happened",
    "perpetrator": "who did it",
    "toll": "how many",
    "date": "when",
    "place": "where",
}
_BOUNDS = {"at_least": "at least ", "at_most": "at most ", "about": "about "}

_SURENESS = (
    (0.9, "almost sure"),
    (0.7, "likely"),
    (LOW, "more likely right than wrong"),
    (0.0, "unsure"),
)
"""Words for a confidence, from the least that each is for."""

_UNKNOWN = {
    "no_report_date": "the report has no date",
    "no_anchor": "counted from a day that is not told",
    "vague": "no more exact",
    "recurring": "again and again",
    "duration": "how long, not when",
    "unclear": "date not understood",
}

_ZOOM = {"point": 12, "near": 11, "district": 9, "province": 7, "region": 6}


def plain(code: str) -> str:
    """A code in plain words: `not_occurred` -> did not occur."""
    return _SAID.get(code, code.replace("_", " ").replace("-", " "))


def kind_name(kind: str) -> str:
    """A kind of source in plain words: outlet -> another outlet."""
    return _KINDS.get(kind, plain(kind))


def by(stance: str | None) -> str:
    """What stands before a source's name, alike for one speaker and for many: denied by."""
    return _BY.get(stance or "", "according to")


def stance_name(stance: str) -> str:
    """A stance as a thing: denies -> denial."""
    return _STANCE.get(stance, plain(stance))


def dispute(kind: str) -> str:
    """What a contradiction is over: perpetrator -> who did it."""
    return _DISPUTES.get(kind, plain(kind))


def type_name(type: str) -> str:
    """An event type as a word: ASSAULT -> Assault."""
    return type.capitalize()


def bearing(type: str) -> str:
    """Whether an event type is cooperation or conflict, verbal or material, as two class names."""
    quad = codes().quad(type)
    return QUAD_NAMES[quad] if quad else ""


def day(value: str | None) -> str:
    """An ISO 8601 day as people write it: 2031-03-04 -> 4 March 2031. Anything else stays as it is."""
    parsed = _parsed(value)
    return f"{parsed.day} {_month(parsed)}" if parsed else value or ""


def day_of_year(value: str | None) -> str:
    """An ISO 8601 day without its year: 2031-03-04 -> 4 March. Empty where there is none."""
    parsed = _parsed(value)
    return f"{parsed.day} {_MONTHS[parsed.month - 1]}" if parsed else ""


def when(
    start: str | None, end: str | None, precision: str | None, words: str | None = None, reason: str | None = None
) -> str:
    """A date as exact as it is known; the text's own words, and why, when they could not be turned into one."""
    first, last = _parsed(start), _parsed(end) or _parsed(start)
    if first is None or last is None:
        known = day(start or end)
        if known:
            return f"since {known}" if start else f"until {known}"
        why = _UNKNOWN.get(reason or "", "date unknown")
        return f"“{words}”, {why}" if words else why
    if end is None and precision == "interval":
        return f"since {day(start)}"
    if precision == "decade":
        return f"the {first.year}s"
    if precision == "quarter":
        return f"quarter from {_month(first)}"
    if precision == "season":
        return f"season from {_month(first)} to {_month(last)}"
    if precision == "year":
        return str(first.year)
    if precision == "month":
        return _month(first)
    if precision == "week":
        return f"week of {day(start)}"
    return f"{day(start)} to {day(end)}" if first != last else day(start)


def located(place: Place) -> str:
    """A place with the first-order division and the country it lies in: El Fasher, North Darfur, Sudan."""
    around = (place.admin1, country(place.country))
    parts = [place.name, *(part for part in around if part)]
    said = ", ".join(dict.fromkeys(parts))
    if place.geonames_id is None and place.precision in ("near", "province"):  # what no gazetteer knows
        return f"{said} (about)"
    return f"near {said}" if place.precision == "near" else said


def country(code: str | None) -> str:
    """The name of a country by its code; the code itself where we have none."""
    known = country_table().get(code or "")
    return str(known["name"]) if known else code or ""


def map_link(place: Place) -> str:
    """The address of a map at the place, no closer than it is known."""
    zoom = _ZOOM.get(place.precision, 5)
    at = f"{place.latitude:.4f}/{place.longitude:.4f}"
    return f"https://www.openstreetmap.org/?mlat={place.latitude:.4f}&mlon={place.longitude:.4f}#map={zoom}/{at}"


def number(value: int) -> str:
    """A number with thin spaces between thousands, as the eye counts."""
    return f"{value:,}".replace(",", "\u202f")


def counted(kind: str, low: int | None, high: int | None, bound: str, who: str | None = None) -> str:
    """A count of people: at least 14 killed; 3 to 9 children wounded; nobody killed."""
    if low is None or high is None:
        known = low if high is None else high
        said = f"{_BOUNDS.get(bound, '')}{number(known)}" if known is not None else "an unknown number"
    elif low == high:
        said = f"{_BOUNDS.get(bound, '')}{number(low)}" if high else "nobody"
    else:
        said = f"{_BOUNDS.get(bound, '')}{number(low)} to {number(high)}"
    return " ".join(part for part in (said, plain(who) if who and high != 0 else "", plain(kind)) if part)


def range_of(low: int | None, high: int | None) -> str:
    """A number between two ends, of which one may be open: at least 14, 3 to 9, 17."""
    if low is None or high is None:
        known = low if high is None else high
        return "unknown" if known is None else f"at {'least' if high is None else 'most'} {number(known)}"
    return number(low) if low == high else f"{number(low)} to {number(high)}"


def many(value: int, one: str, more: str | None = None) -> str:
    """A number and its noun: 1 event, 3 events, 2 entities."""
    return f"{number(value)} {one if value == 1 else more or one + 's'}"


def size(bytes: float) -> str:
    """Bytes in the unit that makes them few: 12 bytes, 340 MB, 1.2 TB."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if bytes < 1000:
            return f"{bytes:,.0f} {unit}"
        bytes /= 1000
    return f"{bytes:,.1f} TB"


def percent(confidence: float) -> str:
    """A confidence from 0 to 1 in per cent."""
    return f"{round(confidence * 100)}\u202f%"


def shorten(text: str, most: int) -> str:
    """Words of a report, cut after so many characters at the end of a word."""
    return textwrap.shorten(text, most, placeholder=" …")


def valued(value: str | None, field: str) -> str:
    """What a field of a mark says, in plain words."""
    if not value:
        return "none"
    said = {"type": type_name, "kind": kind_name, "stance": stance_name, "start": day, "end": day}
    return said.get(field, plain)(value)


def moment(value: str) -> str:
    """A moment in UTC as people write it: 4 March 2031, 09:05 UTC."""
    return f"{day(value[:10])}, {value[11:16]} UTC" if len(value) > 16 else day(value)


def sureness(confidence: float) -> str:
    """What a confidence means, in words and in how many of a hundred such marks are right.

    So it is, and not only called so, because confidences are fitted to how often marks were right (docs/training.md).
    """
    said = next(words for least, words in _SURENESS if confidence >= least)
    return f"{said}: of such marks about {min(99, max(1, round(confidence * 100)))} in 100 are right"


def web_address(url: str | None) -> str | None:
    """The address when a browser may be sent there: http or https and a host; None for any other.

    Browsers read a backslash as a slash, so the host that they go to would not be the one that is shown.
    """
    try:
        parts = urlsplit(url or "")
        _port = parts.port  # one that is none is a ValueError
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and "\\" not in parts.netloc
    except ValueError:
        return None
    return url if fine else None


def host(url: str) -> str:
    """The host of a web address, which is what a reader should see before following it."""
    return urlsplit(url).hostname or ""


def tells(words: str, name: str) -> bool:
    """Whether words of a report show which name they mean: they share a word of some length with it."""
    long = {word for word in _words(name) if len(word) > 3} or _words(name)
    return not long.isdisjoint(_words(words))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


def _parsed(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def _month(value: date) -> str:
    return f"{_MONTHS[value.month - 1]} {value.year}"
