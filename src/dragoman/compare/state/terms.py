"""How long something holds, by the words beside its trigger: `for ninety days`, `until a new government is formed`.

Invariant: it depends on the text alone; every part carries its words, and a day is told only where words tell it.
What stands in another clause, or is nearer to another trigger, is not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dragoman import times
from dragoman.conditions import REST, conditions_in
from dragoman.records import Span, TimeExpression, touch
from dragoman.sentences import Sentences
from dragoman.times.calendar import days_away, months_away


@dataclass(frozen=True, slots=True)
class Term:
    """How long something holds. Days are ISO 8601, None where no words tell them.

    `start` is the first day, `end` the last, `by` the day by which something is to be done. `until` are the words for
    what ends it or on what it hangs, after the word that opens them, `opener`. `longer` is an ISO 8601 duration by
    which what held before is prolonged. `words` are all the words that say so, in order.
    """

    words: tuple[Span, ...]
    start: str | None = None
    end: str | None = None
    by: str | None = None
    until: Span | None = None
    opener: str | None = None
    longer: str | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """Some words of a term, and what they tell: the day of start, end or by; how long by span, within or longer."""

    words: Span
    tells: str
    value: str | None = None


_ASIDE = re.compile(r", (?:who|whose|whom|which|where|when)\b[^,;:\n]*(?:,|$)")
_DATELINE = re.compile(r"[A-Z]{2}[A-Z'’. ]{0,40}(?:, [^\n.]{0,60}?)?(?: ?\([^\n)]{1,30}\))? ?[-–—] ")
_BOUNDS = re.compile(
    r"[;:]\s|, (?:who|whose|whom|which|where|when|after|but|although|though|whereas)\b"
    r"|\b(?:after|when) (?=(?:he|she|it|they|the)\b)"
    r"| (?:and|but) (?:then |later |also )?(?=(?:said|says|\w{3,}ed)\b)"
    r"|, (?:and|but) (?=[^,;.]{1,50}? (?:said|says|told|announced|would|will|has|had)\b)"
)
_NEAR = 100
_FAR = 1500
"""Characters on each side of a trigger in which its clause is looked for: some sentences in reports have no end."""
_DATED = (
    ("end", re.compile(r"\b(?:until|till|til|through|thru|up to|expir\w+(?: on| at)?|laps\w+(?: on| at)?)\s\Z", re.I)),
    ("end", re.compile(r"\b(?:lasts?|lasting|runs?|running|ends?|ending) (?:on|at|to)\s\Z", re.I)),
    ("by", re.compile(r"\b(?:by|before|ahead of|(?:no|not) later than)\s\Z", re.I)),
    ("start", re.compile(r"\b(?:with effect from|effective(?: from| on)?|as (?:of|from)|from|between)\s\Z", re.I)),
    ("start", re.compile(r"\b(?:start|begin)(?:s|ning|ing)?(?: on| at| from)?\s\Z", re.I)),
    ("start", re.compile(r"(?<!not take )(?<!not come into )\b(?:effect|force)(?: on| at| from)?\s\Z", re.I)),
)
_REST = re.compile(r"\bfor the (?:rest|remainder) of\s\Z", re.I)
_TO = re.compile(r"\b(?:to|and|until)\s\Z", re.I)
_LASTING = (
    ("within", re.compile(r"\b(?:with)?in(?: the next)?\s\Z", re.I)),
    ("longer", re.compile(r"\bby(?: (?:another|a further|an additional))?\s\Z", re.I)),
    (
        "span",
        re.compile(r"\bfor(?: (?:another|a further|an additional|a period of|the next|up to|a total of))?\s\Z", re.I),
    ),
    ("span", re.compile(r"\b(?:lasts?|lasting|runs? for)\s\Z", re.I)),
    ("span", re.compile(r"\bof\s\Z", re.I)),
)
_PREPOSITION = re.compile(
    r"(?:\b(?:with effect from|effective(?: from| on)?|as (?:of|from)|(?:starting|beginning)(?: on| at| from)?|"
    r"for the (?:rest|remainder) of|"
    r"(?:for|by)(?: (?:another|a further|an additional|a period of|the next|up to|a total of))?|"
    r"(?:with)?in(?: the next)?|no later than|ahead of|up to|\w+)\s)\Z",
    re.I,
)
_PROLONGED = re.compile(r"\b(?:extend|extension|prolong|lengthen|renew)", re.I)
_GIVEN = re.compile(r"\b(?:ha[sd]|have|had|ga?ve|given|giving|set)\b[^.,;]{0,60}\Z", re.I)
_TO_DO = re.compile(r"\s?to \w+", re.I)
_PERFECT = re.compile(r"\b(?:has|have|having)\s(?:\w+\s){0,2}\Z", re.I)
_AT_LEAST = re.compile(r"\bat least\b|\bmore than\b|\bnot before\b", re.I)
_AT_ONCE = re.compile(r"\b(?:with immediate effect|effective immediately|effective at once)\b", re.I)
_OPEN = re.compile(
    r"\b(?:indefinitely|until further notice|for an indefinite period|permanently|for good|for life)\b", re.I
)
_UNTIL = re.compile(rf"\b(?P<opener>until|till|for as long as|for the duration of|while|pending|once){REST}", re.I)
_FINITE = re.compile(r"\b(?:has|have|had|is|are|was|were)\b", re.I)
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:\d+M)?(?:\d+S)?)?")


def term_of(
    text: str,
    trigger: Span,
    *,
    published: str | None,
    since: str | None = None,
    condition: Span | None = None,
    others: Sequence[Span] = (),
    expressions: Sequence[TimeExpression] | None = None,
) -> Term | None:
    """The term of what a trigger tells; None where its sentence tells none.

    Durations count from the start that the words tell, else from `since`, else from the day of publication. `condition`
    is what the reading says it depends on. `others` are the triggers beside it, whose words are not taken.
    `expressions` are those of the whole text, where somebody has them already.
    """
    sentence = Sentences(text).at(trigger[0])
    if expressions is None:
        expressions = times.expressions(text, published)
    clause = Clause(text, sentence, trigger, others)
    parts = [*_dated(clause, expressions, published), *_worded(clause, published)]
    hanging = _hanging(clause, condition, expressions)
    if hanging:
        parts = [part for part in parts if not touch(part.words, hanging[0])]
        parts += _deadline(clause, hanging[0], expressions, published)
    if not parts and not hanging:
        return None
    told = {part.tells: part.value for part in reversed(parts)}
    start, end = told.get("start"), told.get("end")
    words = {part.words for part in parts if hanging is None or not touch(part.words, hanging[0])}
    return Term(
        words=_joined(text, sorted(words | ({hanging[0]} if hanging else set()))),
        start=start,
        end=end or later(start or since or published, told.get("span")),
        by=told.get("by") or later(since or published, told.get("within")),
        until=hanging[1] if hanging else None,
        opener=text[hanging[0][0] : hanging[1][0]].strip().casefold() if hanging else None,
        longer=told.get("longer"),
    )


def later(day: str | None, duration: str | None) -> str | None:
    """The day that lies a duration (`P90D`, `PT72H`, `P3M`) after another; None where either is not exact."""
    found = _DURATION.fullmatch(duration or "")
    if day is None or found is None:
        return None
    years, months, weeks, days, hours = (int(part or 0) for part in found.groups())
    base = months_away(date.fromisoformat(day), 12 * years + months)
    last = base and days_away(base, 7 * weeks + days + -(-hours // 24))
    return last.isoformat() if last else None


def _joined(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans, those of a range (`from 1 April to 30 June`) as one."""
    found: list[Span] = []
    for span in spans:
        if found and span[0] - found[-1][1] <= 1 and re.match(r"(?:to|and|until|through)\b", text[slice(*span)], re.I):
            found[-1] = (found[-1][0], span[1])
        else:
            found.append(span)
    return tuple(found)


class Clause:
    """The part of a sentence that tells of a trigger, without asides on somebody or something in it."""

    def __init__(self, text: str, sentence: Span, trigger: Span, others: Sequence[Span]) -> None:
        sentence = max(sentence[0], trigger[0] - _FAR), min(sentence[1], trigger[1] + _FAR)
        self.text, self.sentence, self.trigger = text, sentence, trigger
        asides = [match.span() for match in _ASIDE.finditer(text, *sentence)]
        own = next((aside for aside in asides if aside[0] <= trigger[0] < aside[1]), None)
        self._asides = [aside for aside in asides if aside != own]
        dateline = _DATELINE.match(text, *sentence)
        low, high = own or (dateline.end() if dateline and dateline.end() <= trigger[0] else sentence[0], sentence[1])
        for match in _BOUNDS.finditer(text, *sentence):
            if any(aside[0] <= match.start() < aside[1] for aside in asides):
                continue
            if match.end() <= trigger[0]:
                low = max(low, match.end())
            elif match.start() >= trigger[1]:
                high = min(high, match.start())
                break
        self.span = (low, high)
        """Where it begins and ends in the text."""
        inside = [other for other in others if low <= other[0] < high and not touch(other, trigger)]
        self._others = [other for other in inside if not re.search(r"\beffect\b|\bforce\b", text[slice(*other)])]

    def has(self, span: Span) -> bool:
        """Whether words stand in it, and no other trigger lies between them and this one."""
        if not (self.span[0] <= span[0] and span[1] <= self.span[1]):
            return False
        if any(touch(aside, span) for aside in self._asides):
            return False
        low, high = sorted((self.trigger, span))
        return not any(low[1] <= other[0] and other[1] <= high[0] for other in self._others)

    def before(self, position: int) -> str:
        """The words of the clause shortly before a position."""
        return self.text[max(self.span[0], position - _NEAR) : position]

    def after(self, position: int) -> str:
        """The words of the clause shortly after a position."""
        return self.text[position : min(self.span[1], position + _NEAR)]


def _dated(clause: Clause, expressions: Sequence[TimeExpression], published: str | None) -> Iterator[_Part]:
    """What the time expressions of the clause tell, by the words before each."""
    opened = False
    for expression in expressions:
        start, end = _bare(clause.text, expression.span)
        if not clause.has((start, end)):
            opened = False
            continue
        before = clause.before(start)
        words = (start - len(match[0]) if (match := _PREPOSITION.search(before)) else start, end)
        if _REST.search(before):
            day = times.resolve(f"the end of {clause.text[start:end]}", published, ahead=True).end
            yield _Part((words[0], end), "end", day)
            continue
        if expression.type == "DURATION":
            yield from _lasting(clause, expression, words)
            continue
        tells = next((tells for tells, form in _DATED if form.search(before)), None)
        if opened and _TO.search(before):
            tells = "end"
        if tells == "end" and _GIVEN.search(before) and _TO_DO.match(clause.after(end)):
            tells = "by"
        opened = tells == "start"
        if tells is None:
            continue
        day = _day(clause.text, words, expression, tells, published)
        yield _Part((start, end) if _is_verb(clause.text[slice(*words)]) else words, tells, day)


def _bare(text: str, span: Span) -> Span:
    """An expression without the full stop after it."""
    return span[0], span[0] + len(text[slice(*span)].rstrip(" .,"))


def _is_verb(words: str) -> bool:
    return re.match(r"(?:expir|laps|last|run|end|effect\b|force\b|begins|starts)", words, re.I) is not None


def _day(text: str, words: Span, expression: TimeExpression, tells: str, published: str | None) -> str | None:
    """The day that words with their preposition mean; what is still to come is the next one of its kind."""
    said = text[slice(*expression.span)].rstrip(" .,")
    if _AT_LEAST.search(said):
        return None
    period = times.resolve(said, published, ahead=True)
    if tells == "start":
        return period.start
    if re.match(r"before\b|ahead of\b", text[slice(*words)], re.I):
        return _before(period.start)
    return period.end


def _before(day: str | None) -> str | None:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat() if day and day > "0001-01-01" else None


def _lasting(clause: Clause, expression: TimeExpression, words: Span) -> Iterator[_Part]:
    """What a duration tells: how long, by when, or by how much longer."""
    said, before = clause.text[slice(*expression.span)], clause.before(expression.span[0])
    value = None if _AT_LEAST.search(said) or "X" in expression.value else expression.value
    if "-" in said and re.search(r"-(?:hour|day|week|month|year)s?\Z", said, re.I):
        yield _Part(expression.span, "span", value)
        return
    if said.startswith("the ") and not said.startswith("the next"):
        return  # `of the month` counts no days
    tells = next((tells for tells, form in _LASTING if form.search(before)), None)
    if _GIVEN.search(before) and _TO_DO.match(clause.after(expression.span[1])):
        yield _Part(expression.span, "within", value)
    elif tells == "longer":
        if _PROLONGED.search(clause.text, *clause.span):
            yield _Part(words, "longer", value)
    elif tells and not _PERFECT.search(clause.before(clause.trigger[0])):
        verb = re.match(r"(?:last|run)", clause.text[slice(*words)], re.I)
        if value or tells != "within":
            yield _Part(expression.span if verb else words, tells, value)


def _worded(clause: Clause, published: str | None) -> Iterator[_Part]:
    """What words without a date tell: at once, without an end."""
    for form, tells, value in ((_AT_ONCE, "start", published), (_OPEN, "open", None)):
        for match in form.finditer(clause.text, *clause.span):
            if clause.has(match.span()):
                yield _Part(match.span(), tells, value)


def _hanging(clause: Clause, condition: Span | None, expressions: Sequence[TimeExpression]) -> tuple[Span, Span] | None:
    """What ends it or on what it hangs: all the words, and those after the one that opens them."""
    text = clause.text
    for match in _UNTIL.finditer(text, *clause.span):
        words = match.span()[0], match.start() + len(match[0].rstrip())
        rest = match.end("opener") + 1, words[1]
        opener = match["opener"].casefold()
        if not clause.has(words) or touch(words, clause.trigger) or _OPEN.match(text, words[0]):
            continue
        if opener in ("until", "till") and any(
            touch(expression.span, (rest[0], rest[0] + 12)) for expression in expressions
        ):
            continue
        if opener == "once" and not _FINITE.search(text, *rest):
            continue
        if opener == "while" and text[max(0, words[0] - 2) : words[0]].startswith(","):
            continue
        if opener == "pending" and re.search(r"\b(?:the|a|an|its|any|other)\s\Z", clause.before(words[0])):
            continue
        return words, rest
    found = condition or next((span for span in conditions_in(text, clause.sentence) if clause.has(span)), None)
    if found is None or touch(found, clause.trigger):
        return None
    opened = re.match(r"(?:unless|only if|only when|if|as long as|provided that|on (?:the )?condition that|in case)\s",
                      text[slice(*found)], re.I)  # fmt: skip
    return (found, (found[0] + opened.end(), found[1])) if opened else (found, found)


def _deadline(
    clause: Clause, condition: Span, expressions: Sequence[TimeExpression], published: str | None
) -> Iterator[_Part]:
    """The day by which a condition is to be met: `if the convoys are not let through by noon on Saturday`."""
    for expression in expressions:
        start, end = expression.span
        before = clause.text[condition[0] : start]
        if not (condition[0] <= start and end <= condition[1] + 1):
            continue
        words = start, min(end, condition[1])
        if expression.type == "DURATION":
            if dict(_LASTING)["within"].search(before):
                yield _Part(words, "within", expression.value)
        elif dict(_DATED)["by"].search(before):
            yield _Part(words, "by", _day(clause.text, words, expression, "by", published))
