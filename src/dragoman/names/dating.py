"""When events were: the time expressions that date them, or the reason why no day is known.

Invariant: an event is dated by words that the model ties to it; a date that merely stands near is not taken.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from dragoman.names import times
from dragoman.records import Period, Report, TimeExpression, TriggerMark

AHEAD = frozenset({"planned", "ruled_out", "hypothetical"})
"""The statuses of what is still to come: its weekday is the next one."""


def periods(
    report: Report, triggers: Sequence[TriggerMark], expressions: Sequence[TimeExpression]
) -> Mapping[TriggerMark, Period]:
    """The days of each event that words date: from the expression in those words, else from the words alone."""
    return {mark: _period(report, mark, expressions) for mark in triggers if mark.time}


def _period(report: Report, mark: TriggerMark, expressions: Sequence[TimeExpression]) -> Period:
    assert mark.time is not None
    first = bisect_left(expressions, mark.time[0], key=lambda expression: expression.span[1] - 1)
    last = bisect_left(expressions, mark.time[1], key=lambda expression: expression.span[0])
    inside = expressions[first:last]
    if len(inside) == 1 and inside[0].period.precision != "unresolved":
        return inside[0].period
    alone = times.resolve(report.text[slice(*mark.time)], report.published, ahead=mark.status in AHEAD)
    return inside[0].period if inside and alone.precision == "unresolved" else alone
