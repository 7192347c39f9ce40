"""Words that date something -> TIMEX3 values and the days they mean: one rule for readings and for comparing them.

Invariant: a period's precision is that of its words (a month stays a month); words that cannot be turned into days
for sure are `unresolved`, with a reason; never a silent guess. `grammar` finds, `values` reads, `periods` turns into
days.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

from dragoman.records import Period, TimeExpression
from dragoman.sentences import Sentences
from dragoman.times import periods
from dragoman.times.grammar import Expression, find
from dragoman.times.meaning import Meaning, Setting
from dragoman.times.periods import joined, opened, period_of, unresolved
from dragoman.times.tense import tense
from dragoman.times.values import TENSED, meaning
from dragoman.times.words import CODES, Line, line_of

UNRESOLVED = unresolved("unclear")
LONGEST = 200  # characters of words that may date something; longer ones are no date
_LONG_PAST = 180  # days: `until 30 September` in July does not mean last year's
_ANCHOR_REACH = 1  # sentences: `two days later` counts from a date of its own sentence or the one before
_SAYING = frozenset("said says told added announced reported saying".split())
_FRAMES = {CODES["SINCE"]: "since", CODES["AFTER"]: "after", CODES["UNTIL"]: "until", CODES["BY"]: "until",
           CODES["BEFORE"]: "before"}  # fmt: skip
_OPENERS, _JOINERS = (CODES["FROM"], CODES["BETWEEN"]), (CODES["TO"], CODES["UNTIL"], CODES["DASH"], CODES["AND"])


def clean(words: str) -> str:
    """The words in small letters, with one space between them."""
    return " ".join(words.replace("’", "'").casefold().split()).strip(" ,.;:()\"'")


def compare(one: Period, other: Period) -> str:
    """How the days of one lie to those of the other: same, inside, contains, overlaps, apart; else unknown."""
    return periods.compare(one, other)


def expressions(text: str, published: str | None) -> tuple[TimeExpression, ...]:
    """The time expressions of a report in order; `published` is its ISO 8601 day.

    What counts from another date (`two days later`) takes the nearest one told in the same or the sentence before;
    weekdays and dates without a year look back or ahead as the verbs around them do.
    """
    line, base = line_of(text), _base(published)
    found = tuple(find(line))
    made = _meanings(line, found, base, Sentences(text))
    return tuple(
        TimeExpression(line.span(expression.first, expression.last), mean.type, mean.value, period)
        for expression, mean, period in zip(found, made, _periods(line, found, made, base), strict=True)
    )


def resolve(words: str, published: str | None, *, ahead: bool = False) -> Period:
    """The days that the words mean: `on Monday`, `late last week`, `since 2015`, `from 3 to 5 March`.

    `published` is the report's ISO 8601 day; without it relative words stay unresolved. `ahead`: the words
    date something still to come, so `on Friday` is the next one. Two dates that no range joins are unclear.
    """
    if len(words) > LONGEST:
        return UNRESOLVED
    line, base = line_of(words), _base(published)
    found = tuple(find(line))
    periods = _periods(line, found, _meanings(line, found, base, ahead), base)
    return periods[0] if len(set(periods)) == 1 else UNRESOLVED


def _base(published: str | None) -> date | None:
    return date.fromisoformat(published[:10]) if published else None


def _meanings(line: Line, found: tuple[Expression, ...], base: date | None, told: Sentences | bool) -> list[Meaning]:
    """What each expression means beside those before it; `told` are the text's sentences, or the tense of bare words.

    The dates that others count from are kept with the number of their sentence, and forgotten out of reach.
    """
    made: list[Meaning] = []
    anchor, quarter = (0, ""), (0, "")
    for expression in found:
        number = 0 if isinstance(told, bool) else told.number(line.spans[expression.first][0])
        near, beside = (value if number - at <= _ANCHOR_REACH else None for at, value in (anchor, quarter))
        setting = Setting(base, None, near or None, beside or None)
        if isinstance(told, bool):
            setting = replace(setting, ahead=told)
        elif expression.kind in TENSED or expression.unit == "weekend":
            ahead, torn = tense(line, expression.first, expression.last)
            setting = replace(setting, ahead=ahead, torn=torn)
        mean = meaning(expression, setting)
        made.append(mean)
        if expression.kind == "quarter" and (expression.nth or expression.which) and "year" not in str(expression.word):
            quarter = (number, mean.value)
        if _is_anchor(expression, mean, line):
            anchor = (number, mean.value)
    return made


def _is_anchor(found: Expression, mean: Meaning, line: Line) -> bool:
    """Whether later words may count from a date: not from the day that somebody said so."""
    if mean.reason or mean.type not in ("DATE", "TIME") or not mean.value[:4].isdigit():
        return False
    return not (found.first and line.word(found.first - 1) in _SAYING)


def _periods(line: Line, found: tuple[Expression, ...], made: list[Meaning], base: date | None) -> list[Period]:
    """The days of each expression, opened or joined by the words around it."""
    periods = [_framed(line, expression, mean, base) for expression, mean in zip(found, made, strict=True)]
    for number, (one, other) in enumerate(pairwise(found)):
        if _is_range(line, one, other):
            whole = joined(period_of(made[number]), period_of(made[number + 1]))
            periods[number] = periods[number + 1] = whole
    return periods


def _is_range(line: Line, one: Expression, other: Expression) -> bool:
    """From the one to the other: one word between them, and `from` or `between` before."""
    return (
        other.first == one.last + 1
        and line.kinds[one.last] in _JOINERS
        and one.first > 0
        and line.kinds[one.first - 1] in _OPENERS
    )


def _framed(line: Line, found: Expression, mean: Meaning, base: date | None) -> Period:
    """The days of an expression, open where `since` or `until` stands before it."""
    period = period_of(mean)
    frame = _FRAMES.get(line.kinds[found.first - 1]) if found.first else None
    owned = found.last < len(line.kinds) and line.kinds[found.last] == CODES["GENITIVE"]
    by_the_hour = frame in ("before", "after") and mean.type == "TIME"  # before dawn on Wednesday is Wednesday
    if frame is None or owned or by_the_hour:
        return period
    yearless = frame == "until" and base and period.end and not found.year and found.unit != "year"
    if yearless and base and (base - date.fromisoformat(period.end or "")).days > _LONG_PAST:
        return UNRESOLVED
    return opened(period, frame)
