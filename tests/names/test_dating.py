"""When events were: by the words that the model ties to them, as they stand in their text."""

from __future__ import annotations

import pytest

from dragoman.names.dating import periods
from dragoman.records import Report, TriggerMark
from dragoman.times import expressions
from tests.builders import Where, locate


@pytest.mark.parametrize(
    ("text", "time", "status", "days"),
    [
        ("They met on Monday.", "on Monday", "occurred", ("2031-03-03", "2031-03-03", "day", None)),
        ("They will meet on Monday.", "on Monday", "planned", ("2031-03-10", "2031-03-10", "day", None)),
        ("He was shot on 1 March. Two days later he died.", "Two days later", "occurred",
         ("2031-03-03", "2031-03-03", "day", None)),
        ("Two days later he died.", "Two days later", "occurred", (None, None, "unresolved", "no_anchor")),
        ("They meet every Friday.", "every Friday", "ongoing", (None, None, "unresolved", "recurring")),
        ("They met recently.", "recently", "occurred", (None, None, "unresolved", "vague")),
        ("They fought for three months.", "for three months", "occurred", (None, None, "unresolved", "duration")),
        ("They fought from 1 March to 3 March.", "from 1 March to 3 March", "occurred",
         ("2031-03-01", "2031-03-03", "interval", None)),
        ("They met in secret.", "in secret", "occurred", (None, None, "unresolved", "unclear")),
    ],
)  # fmt: skip
def test_days_and_why_there_are_none(
    text: str, time: Where, status: str, days: tuple[str | None, str | None, str, str | None]
) -> None:
    report = Report(id="0" * 64, text=text, published="2031-03-05")
    mark = TriggerMark((0, 4), "CONSULT", None, status, "certain", (), (), None, locate(text, time), 0.9)
    [period] = periods(report, [mark], expressions(text, report.published)).values()
    assert (period.start, period.end, period.precision, period.reason) == days


def test_an_event_without_words_for_its_time_has_no_period() -> None:
    report = Report(id="0" * 64, text="They met. It was Monday.", published="2031-03-05")
    mark = TriggerMark((5, 8), "CONSULT", None, "occurred", "certain", (), (), None, None, 0.9)
    assert periods(report, [mark], expressions(report.text, report.published)) == {}


def test_without_a_day_of_publication_relative_words_have_a_reason() -> None:
    report = Report(id="0" * 64, text="They met on Monday.")
    mark = TriggerMark((5, 8), "CONSULT", None, "occurred", "certain", (), (), None, (9, 18), 0.9)
    [period] = periods(report, [mark], expressions(report.text, None)).values()
    assert (period.precision, period.reason) == ("unresolved", "no_report_date")


def test_what_hangs_on_a_dated_clause_happened_when_that_did() -> None:
    text = "They shelled it on Monday, killing nine. They met, and it was raining."
    report = Report(id="0" * 64, text=text, published="2031-03-05")

    def mark(word: str, time: Where | None = None) -> TriggerMark:
        at = None if time is None else locate(text, time)
        return TriggerMark(locate(text, word), "ASSAULT", None, "occurred", "certain", (), (), None, at, 0.9)

    shelled, killing, met, raining = mark("shelled", "on Monday"), mark("killing"), mark("met"), mark("raining")
    dated = periods(report, [killing, shelled, met, raining], expressions(text, report.published))
    assert dated[killing] == dated[shelled] and dated[shelled].start == "2031-03-03"
    assert met not in dated and raining not in dated
