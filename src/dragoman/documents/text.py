"""One text -> one `Report`: cleaned, dated, checked for its language, with a map back to the original.

Invariant: `report.offsets` maps every character of `report.text` to where it stood in the text as given.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, replace
from datetime import date

from dragoman.documents.clean import clean, one_line
from dragoman.documents.dates import iso_day
from dragoman.documents.language import check_language
from dragoman.errors import EmptyReport, ReportError
from dragoman.records import OffsetMap, Report

HEADER_KEYS = ("title", "outlet", "published", "url")
# ASCII: where case is ignored, Unicode takes `ı` for i and `ſ` for s, and neither is in a key.
_HEADER_LINE = re.compile(
    rf"[ \t]*({'|'.join(HEADER_KEYS)})[ \t]*:([^\r\n]*)(?:\r\n|\r|\n|\Z)", re.IGNORECASE | re.ASCII
)
_BLANK_LINE = re.compile(r"[ \t]*(?:\r\n|\r|\n|\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What is known of where a report comes from, in the words given."""

    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None

    def over(self, other: Origin) -> Origin:
        """This origin, with what it lacks taken from another."""
        return Origin(**{key: getattr(self, key) or getattr(other, key) for key in HEADER_KEYS})

    def with_told(self, told: Origin) -> Origin:
        """This origin with what the document says of itself over it; but where it was found is known better here."""
        return replace(told.over(self), url=self.url or told.url)


def make_report(
    text: str,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: str | date | None = None,
    url: str | None = None,
    force: bool = False,
) -> Report:
    """The report of a text, which is taken as it is: no header block is looked for.

    `published` is a date, or a day in one of the forms of `dates.iso_day`; any other is a ReportError. Only a web
    address (http, https) is kept as `url`. A text without words is an EmptyReport error, one in another
    language an OtherLanguage error unless forced.
    """
    draft = clean(text)
    if not any(character.isalnum() for character in draft.text):
        raise EmptyReport("the report has no words", "give a report with text in it")
    outlet = one_line(outlet or "") or None
    return Report(
        id=report_id(draft.text, outlet),
        text=draft.text,
        title=one_line(title or "") or None,
        outlet=outlet,
        published=published_day(published),
        url=web_address(url),
        language=check_language(draft.text, force=force),
        offsets=draft.offsets(),
    )


def make_plain_report(text: str, origin: Origin, *, force: bool = False) -> Report:
    """The report of a plain-text file: its header block, if it has one, is taken off and wins over `origin`, but for
    an address that is known.

    Offsets count from the start of the file's text, header included.
    """
    header, start = read_header(text)
    report = make_report(text[start:], **asdict(origin.with_told(header)), force=force)
    return replace(report, offsets=_shifted(report.offsets, start)) if start and report.offsets else report


def read_header(text: str) -> tuple[Origin, int]:
    """What the header block says, and where the text after it starts; 0 if there is none.

    A block is one or more `Title:`, `Outlet:`, `Published:`, `Url:` lines at the very top, each once, in any
    order and case, ended by a blank line. With any other line among them it is part of the report.
    """
    found: dict[str, str] = {}
    position = 1 if text.startswith("\ufeff") else 0
    while (line := _HEADER_LINE.match(text, position)) and line[1].lower() not in found:
        found[line[1].lower()] = line[2].strip()
        position = line.end()
    blank = _BLANK_LINE.match(text, position)
    return (Origin(**found), blank.end()) if found and blank else (Origin(), 0)


def report_id(text: str, outlet: str | None) -> str:
    """SHA-256, in hex, of the outlet, a NUL and the cleaned text in UTF-8; neither can hold a NUL."""
    return hashlib.sha256(f"{outlet or ''}\0{text}".encode()).hexdigest()


def published_day(given: str | date | None) -> str | None:
    """The ISO 8601 day of a date or of words; None for no words, and a ReportError for what names no day.

    Of a date with a time the day is the one written, in whatever zone.
    """
    words = given.isoformat()[:10] if isinstance(given, date) else given
    if words is None or (isinstance(words, str) and not words.strip()):
        return None
    cure = "write it as year-month-day, such as 2022-07-26, or leave it out"
    if not isinstance(words, str):  # callers without type checks, and rows out of a data frame
        raise ReportError(f"the date of publication is neither text nor a date but {type(words).__name__}", cure)
    if day := iso_day(words):
        return day
    raise ReportError(f"the date of publication {words.strip()[:60]!r} is not a day that can be told for sure", cure)


def web_address(url: str | None) -> str | None:
    """The address, if a page may safely link to it: `javascript:` and the like are dropped."""
    address = one_line(url or "")
    # `one_line` leaves no white space but the space, so that ASCII, which keeps `httpſ` out, lets none in.
    return address if re.match(r"https?://[^\s<>\"]+\Z", address, re.IGNORECASE | re.ASCII) else None


def _shifted(offsets: OffsetMap, by: int) -> OffsetMap:
    runs = tuple((start, original + by) for start, original in offsets.runs)
    return OffsetMap(runs, offsets.length, offsets.original_length + by)
