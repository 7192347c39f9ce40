"""What time expressions a text holds, and what each says in its words, before it is known what they count from.

Invariant: expressions come in order and do not overlap; finding them is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from dragoman.times.reading import READERS
from dragoman.times.rules import FRAGMENTS, NO_START, RULES
from dragoman.times.words import CODES, MONTHS, Line


@dataclass(frozen=True, slots=True)
class Expression:
    """The tokens of a time expression (`last` exclusive) and its parts; a part that is not told is None.

    `number` is None for `several`, `about` is true where words like `nearly` or `or so` blur it, `tied`
    where it counts from what follows (`a week after the vote`); `which` holds words
    such as `last`, `this coming`, `following`; the strings are small letters.
    """

    kind: str
    first: int
    last: int
    number: float | None = None
    about: bool = False
    unit: str | None = None
    which: str | None = None
    the: bool = False
    tied: bool = False
    mod: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    end_day: int | None = None
    weekday: int | None = None
    part: str | None = None
    season: str | None = None
    nth: int | None = None
    clock: str | None = None
    near: str | None = None
    word: str | None = None


_EARLIEST = 1100  # a year that words spell: `ten thirty` is an hour


def find(line: Line) -> Iterator[Expression]:
    """The time expressions of a text in order."""
    at = 0
    while match := _FINDER.search(line.kinds, at):
        rule = int((match.lastgroup or "r0")[1:])
        parts = _PARTS_OF[rule].match(line.kinds, match.start())
        made = _made(RULES[rule][0], parts, line) if parts else None
        if made and _is_time(made, line) and (made.year or _EARLIEST) >= _EARLIEST:
            yield made
            at = made.last
        else:
            at = match.start() + 1


def _expanded(rule: str, number: Iterator[int] | None = None) -> str:
    """A rule as a regular expression over kinds; its groups are numbered, or plain where no numbers are given."""
    while (spelled := _NAME.sub(lambda name: FRAGMENTS.get(name[0]) or CODES[name[0]], rule)) != rule:
        rule = spelled
    rule = re.sub(r"\s+", "", rule)
    return _GROUP.sub(lambda group: "(?:" if number is None else f"(?P<{group[1]}_{next(number)}>", rule)


_NAME, _GROUP = re.compile(r"(?<![?\w])[A-Z][A-Z0-9]*"), re.compile(r"\(\?P<(\w+)>")
_FINDER = re.compile(
    f"(?![{''.join(CODES[name] for name in NO_START.split())}])(?:"
    + "|".join(f"(?P<r{number}>{_expanded(rule)})" for number, (_, rule) in enumerate(RULES))
    + ")"
)
_PARTS_OF = tuple(re.compile(_expanded(rule, count())) for _, rule in RULES)


# --- what the words of a rule's groups say ---------------------------------------------------------


def _made(kind: str, match: re.Match[str], line: Line) -> Expression:
    """The expression that a rule found, its parts read."""
    parts: dict[str, Any] = {}
    for group, kinds in match.groupdict().items():
        if kinds is not None:
            name = group.rpartition("_")[0]
            field, read = READERS.get(name, (name, " ".join))
            parts[field] = read(line.words(*match.span(group)))
    if parts.pop("half", None):
        parts["number"] += 0.5
    if kind == "span" and "number" not in parts and line.word(match.start()) == parts.get("unit"):
        parts["number"] = 1.0  # day-long
    return Expression(kind, match.start(), match.end(), **parts)


# --- what only looks like a time -----------------------------------------------------------------


def _kind_in(line: Line, number: int, kinds: frozenset[str]) -> bool:
    return 0 <= number < len(line.kinds) and line.kinds[number] in kinds


def _word_at(line: Line, number: int) -> str:
    return line.word(number) if 0 <= number < len(line.kinds) else ""


def _is_time(found: Expression, line: Line) -> bool:
    """Whether words that a rule found mean a time where they stand."""
    check = _CHECKS.get(found.kind)
    return check is None or check(found, line)


def _month(found: Expression, line: Line) -> bool:
    """A month alone may be a verb or a name: May I, the March of Dimes, April Ryan."""
    if found.last - found.first > 1 and line.word(found.last - 1) != ".":
        return True
    if _kind_in(line, found.first - 1, _LEADS):
        return True
    if line.word(found.first) in MONTHS and line.word(found.first) != "may":  # Jan and Mar are names, too
        return False
    if line.word(found.first) in ("may", "march"):
        return _kind_in(line, found.first - 1, _ARTICLES) and _kind_in(line, found.last, _PLAIN)
    return not _kind_in(line, found.last, _NAMES)


def _year(found: Expression, line: Line) -> bool:
    """Four figures are a year after words like `in`, or where no counted thing follows."""
    if found.last - found.first > 1:
        return True
    if _kind_in(line, found.last, _COUNTED) or _word_at(line, found.last) in _THINGS:
        return False
    year = found.year or 0
    return 1500 <= year < 2100 if _kind_in(line, found.first - 1, _LEADS) else 1900 <= year < 2050


def _season(found: Expression, line: Line) -> bool:
    """To fall and to spring are verbs; the fall of a city is no autumn."""
    if found.season == "FA" and found.which is None and _kind_in(line, found.last, _OF) and not found.year:
        return False
    if found.which or found.year or found.mod:
        return True
    if line.word(found.last - 1) in ("fall", "spring"):
        return found.the and _kind_in(line, found.first - 1, _LEADS)
    return found.the or _kind_in(line, found.first - 1, _LEADS)


def _quarter(found: Expression, line: Line) -> bool:
    """A period is a quarter only where it is named by its year, or the latest; three quarters are a share."""
    if found.nth is not None:
        return found.nth <= 4
    return line.word(found.last - 1) != "period" or found.which in (None, "latest")


def _span(found: Expression, line: Line) -> bool:
    return found.unit != "second" or found.number is not None


def _unit_time(found: Expression, line: Line) -> bool:
    """This day is seldom a date; the title of a programme is none."""
    return not (found.which == "this" and found.unit == "day")


def _decade_time(found: Expression, line: Line) -> bool:
    """In her 30s tells an age."""
    return not _kind_in(line, found.first - 1, _ITS)


def _ref(found: Expression, line: Line) -> bool:
    """As soon as tells no time by itself, and Now may end a title."""
    if _is_capital(line, found.first) and _kind_in(line, found.first - 1, _NAMES):
        return False
    return line.word(found.first) != "soon" or _word_at(line, found.last) != "as"


def _set(found: Expression, line: Line) -> bool:
    """The Daily Mail comes every day, and tells none."""
    beside = _kind_in(line, found.first - 1, _NAMES) or _kind_in(line, found.last, _NAMES)
    return not (found.word and _is_capital(line, found.first) and beside)


def _is_capital(line: Line, number: int) -> bool:
    return line.text[line.spans[number][0]].isupper()


def _whole(found: Expression, line: Line) -> bool:
    return found.which != "the" or found.unit in ("year", "week", "month")


def _clock(found: Expression, line: Line) -> bool:
    return not re.match(r"(?:2[5-9]|[3-9]\d)", found.clock or "")


def _holiday(found: Expression, line: Line) -> bool:
    """The eastern churches keep another Easter, which no rule here knows."""
    return _word_at(line, found.first - 1) != "orthodox"


_CHECKS: dict[str, Callable[[Expression, Line], bool]] = {
    "month": _month, "year": _year, "season": _season, "quarter": _quarter, "span": _span, "whole": _whole,
    "set": _set, "clock": _clock, "unit": _unit_time, "decade": _decade_time, "ref": _ref, "holiday": _holiday,
}  # fmt: skip


def _codes(names: str) -> frozenset[str]:
    return frozenset(CODES[name] for name in names.split())


_LEADS = _codes("IN OF SINCE UNTIL BY BEFORE AFTER FROM TO AND OR BETWEEN EARLY LATER ON ABOUT")
_ARTICLES, _OF, _ITS = _codes("THE A"), _codes("OF"), _codes("ITS")
_PLAIN, _NAMES = _codes("OTHERWORD"), _codes("NAME")
_COUNTED = _codes("UNITS MONEY ZONE POWER")
_THINGS = frozenset(
    "people men women children soldiers troops police civilians refugees families homes houses jobs workers miles km "
    "kilometers kilometres metres meters feet tons tonnes pounds dead wounded fighters students protesters members "
    "points seats votes shares copies square others more acres hectares cases deaths prisoners migrants".split()
)
