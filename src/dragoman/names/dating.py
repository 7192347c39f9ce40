"""When events were: the time expressions that date them, or the reason why no day is known.

Invariant: an event is dated by words that the model ties to it, or to the clause that it depends on (`shelled the town
on Monday, killing nine`); a date that merely stands near is not taken.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from itertools import pairwise

from dragoman import times
from dragoman.records import Period, Report, TimeExpression, TriggerMark
from dragoman.sentences import Sentences

_PARTICIPLE = re.compile(r"\w+ing\b")
_HANGING = re.compile(r"(?:,\s*(?:and )?|\band )\Z")
AHEAD = frozenset({"planned", "ruled_out", "hypothetical"})
"""The statuses of what is still to come: its weekday is the next one."""


def periods(
    report: Report, triggers: Sequence[TriggerMark], expressions: Sequence[TimeExpression]
) -> Mapping[TriggerMark, Period]:
    """The days of each event that words date: from the expression in those words, else from the words alone.

    What hangs on another clause by its form (`, killing`) happened when that did: in the marked reports nine of ten
    such events have its date, or none of their own.
    """
    told = {mark: _period(report, mark, expressions) for mark in triggers if mark.time}
    ordered, sentences = sorted(triggers, key=lambda mark: mark.trigger), Sentences(report.text)
    for before, mark in pairwise(ordered):
        same = sentences.at(before.trigger[0]) == sentences.at(mark.trigger[0])
        if mark not in told and before in told and same and _depends(report.text, mark):
            told[mark] = told[before]
    return told


def _depends(text: str, mark: TriggerMark) -> bool:
    """Whether an event is told by a participle after a comma."""
    start, end = mark.trigger
    return bool(_PARTICIPLE.match(text, start, end) and _HANGING.search(text, max(0, start - 6), start))


def _period(report: Report, mark: TriggerMark, expressions: Sequence[TimeExpression]) -> Period:
    assert mark.time is not None
    first = bisect_left(expressions, mark.time[0], key=lambda expression: expression.span[1] - 1)
    last = bisect_left(expressions, mark.time[1], key=lambda expression: expression.span[0])
    inside = expressions[first:last]
    if len(inside) == 1 and inside[0].period.precision != "unresolved":
        return inside[0].period
    alone = times.resolve(report.text[slice(*mark.time)], report.published, ahead=mark.status in AHEAD)
    return inside[0].period if inside and alone.precision == "unresolved" else alone
