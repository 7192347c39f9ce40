"""Time expressions of whole reports: what is found, what is not, what each counts from."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.records import TimeExpression
from dragoman.times import expressions

PUBLISHED = "2022-07-26"  # a Tuesday


def found(text: str, published: str | None = PUBLISHED) -> list[tuple[str, str, str]]:
    """The words, type and value of each expression."""
    return [(text[slice(*made.span)], made.type, made.value) for made in expressions(text, published)]


def only(text: str, published: str | None = PUBLISHED) -> TimeExpression:
    (made,) = expressions(text, published)
    return made


@pytest.mark.parametrize(
    ("text", "words", "kind", "value"),
    [
        ("They met Friday, Oct. 23, 1998, in Buffalo.", "Friday, Oct. 23, 1998", "DATE", "1998-10-23"),
        ("They met on the Oct. 23 anniversary.", "Oct. 23", "DATE", "2021-10-23"),
        ("They met in late November.", "late November", "DATE", "2021-11"),
        ("He left last October.", "last October", "DATE", "2021-10"),
        ("He fled in July 1997 by boat.", "July 1997", "DATE", "1997-07"),
        ("He fled in the early 1990s by boat.", "the early 1990s", "DATE", "199X"),
        ("He fled in 1959 by boat.", "1959", "DATE", "1959"),
        ("It was signed this week.", "this week", "DATE", "2022-W30"),
        ("It fell over the weekend.", "the weekend", "DATE", "2022-W29-WE"),
        ("It rose in the third quarter of 2019.", "the third quarter of 2019", "DATE", "2019-Q3"),
        ("A third-quarter loss hurt it.", "third-quarter", "DATE", "2022-Q3"),
        ("They spoke Wednesday night.", "Wednesday night", "TIME", "2022-07-20TNI"),
        ("They spoke at 9 a.m. EST Tuesday.", "9 a.m. EST Tuesday", "TIME", "2022-07-26T09:00"),
        ("They spoke last night.", "last night", "TIME", "2022-07-25TNI"),
        ("They spoke at 10:35 p.m. on Friday.", "10:35 p.m. on Friday", "TIME", "2022-07-22T22:35"),
        ("It was a two-day visit.", "two-day", "DURATION", "P2D"),
        ("He stayed for 2 1/2 years.", "2 1/2 years", "DURATION", "P2Y6M"),
        ("He stayed for more than four hours.", "more than four hours", "DURATION", "PT4H"),
        ("He stayed for twenty or thirty days.", "twenty or thirty days", "DURATION", "PXD"),
        ("He stayed for twenty-four days.", "twenty-four days", "DURATION", "P24D"),
        ("He stayed for 12-14 days.", "12-14 days", "DURATION", "PXD"),
        ("He stayed for years.", "years", "DURATION", "PXY"),
        ("He stayed for two decades.", "two decades", "DURATION", "P20Y"),
        ("It eased over the past 18 months.", "the past 18 months", "DURATION", "P18M"),
        ("They march every Friday.", "every Friday", "SET", "XXXX-WXX-5"),
        ("They march daily.", "daily", "SET", "P1D"),
        ("They march on Tuesday nights.", "Tuesday nights", "SET", "XXXX-WXX-2TNI"),
        ("It costs $1 billion a year.", "a year", "SET", "P1Y"),
        ("They now agree.", "now", "DATE", "PRESENT_REF"),
        ("They recently agreed.", "recently", "DATE", "PAST_REF"),
        ("They may agree in the near future.", "the near future", "DATE", "FUTURE_REF"),
        ("They killed him on Thanksgiving Day 1999.", "Thanksgiving Day 1999", "DATE", "1999-11-25"),
    ],
)
def test_an_expression_has_its_extent_type_and_value(text: str, words: str, kind: str, value: str) -> None:
    assert found(text) == [(words, kind, value)]


@pytest.mark.parametrize(
    "text",
    [
        "The troops may march to the front.",
        "May I ask who will march?",
        "The March of Dimes thanked April Ryan.",
        "He came in second and fell.",
        "They sat in the sun and saw the sat dish.",
        "At least 1,500 people came.",
        "Some 2000 people came with 1998 soldiers.",
        "He died at 70.",
        "The 44-year-old protester fled.",
        "The street lies at 1999 feet.",
        "The score was 3-2 and the vote 52 to 48.",
        "Prices fall where rivers spring.",
        "A woman in her 30s was hurt.",
        "He will come as soon as he can.",
        "She met Jan in Utrecht.",
        "He told the Daily Mail so.",
        "She is reading Enlightenment Now by Pinker.",
        "They paid $1999 for it.",
        "The fall of Kabul stunned them.",
        "One quarter of the voters stayed at home.",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Officials said Friday that the talks failed.", "2022-07-22"),
        ("The talks will resume on Friday.", "2022-07-29"),
        ("The court is to rule on Friday.", "2022-07-29"),
        ("He plans a visit on Friday.", "2022-07-29"),
        ("A hearing is scheduled for Friday.", "2022-07-29"),
        ("The rally to be held on Friday drew fire.", "2022-07-22"),
        ("The rally will be held on Friday.", "2022-07-29"),
        ("They agreed to meet on Friday.", "2022-07-29"),
        ("Talks were postponed until Friday.", None),
        ("Friday's ruling would free him.", "2022-07-22"),
        ("They would have met on Friday.", "2022-07-22"),
        ("The deadline is Aug. 9.", "2022-08-09"),
        ("The bombs of July 7 would change it.", "2022-07-07"),
    ],
)
def test_the_verbs_around_decide_whether_a_day_is_past_or_to_come(text: str, day: str | None) -> None:
    assert only(text).period.start == day


def test_until_looks_ahead_after_what_was_put_off_and_is_unclear_after_what_lasted() -> None:
    assert only("Talks were postponed until Friday.").period.end == "2022-07-29"
    assert only("The strike lasted until Friday.").period.reason == "unclear"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("He was shot on 5 May 2019. He died two days later.", "2019-05-07"),
        ("He was shot on 5 May 2019 and died the following day.", "2019-05-06"),
        ("He was shot on 5 May 2019. That day, shops closed.", "2019-05-05"),
        ("He was shot on 5 May 2019. The next morning, shops closed.", "2019-05-06TMO"),
        ("He was shot on 5 May 2019. A week earlier, he had left.", "2019-04-28"),
        ("He was shot on 5 May 2019. The following month, she fled.", "2019-06"),
        ("He fled in 1998. The following year, she fled.", "1999"),
        ("He was shot on 5 May 2019. At 10 p.m., she fled.", "2019-05-05T22:00"),
        ("It was shown on April 24 and 25.", "2022-04-25"),
        ("Net rose in the second quarter. It was lower a year earlier.", "2021-Q2"),
    ],
)
def test_what_counts_from_another_date_finds_it(text: str, value: str) -> None:
    last = expressions(text, PUBLISHED)[-1]
    assert (last.value, last.period.reason) == (value, None)


@pytest.mark.parametrize(
    "text",
    [
        "Two days later, he died.",
        "He was shot in 2019. Two days later, he died.",
        "He was shot on 5 May 2019. It rained. It snowed. Two days later, he died.",
        "Police said Friday that he had died two days later.",
    ],
)
def test_without_a_date_near_and_exact_enough_there_is_no_anchor(text: str) -> None:
    assert expressions(text, PUBLISHED)[-1].period.reason == "no_anchor"


def test_words_before_open_and_join_periods() -> None:
    since = only("It has been shut since March 2020.").period
    assert (since.start, since.end, since.precision) == ("2020-03-01", None, "interval")
    first, last = (made.period for made in expressions("It was shut from March 2020 to May 2021.", PUBLISHED))
    assert first == last and (first.start, first.end) == ("2020-03-01", "2021-05-31")


def test_no_expression_crosses_a_paragraph() -> None:
    assert [words for words, _, _ in found("It was shut in March\n\n2020 was a hard year.")] == ["March", "2020"]


PIECES = (
    "1 ", "on ", "a ", "the ", "one ", "twenty-", "1,", "1 to ", "May ", "last ", "the last ", "first ", "hundred ",
    "10:", "1/", "a.m. ", "2020-", "every ", "year-", "- ", "\n", " ", "0", "the end of ", "about ", "and a half ",
    "2 days later ", "that same ", "1 March ", "Monday ", "’", "A", "said ", "Friday's ",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
def test_the_cost_is_linear_on_text_made_to_be_slow(piece: str) -> None:
    text = (piece * (100_000 // len(piece) + 1))[:100_000]
    began = process_time()
    expressions(text, PUBLISHED)
    assert process_time() - began < 10


@given(
    st.lists(
        st.sampled_from(
            "the a two 3 31 1998 May March Friday last next of to from since until by week weeks year days ago later "
            "every quarter third summer noon , . - 's and in before after end Easter Day half more than about "
            "couple few twenty four hundred 1/2 or ago".split()
        ),
        max_size=14,
    ),
    st.one_of(st.none(), st.dates().map(lambda day: day.isoformat())),
)
def test_any_text_gives_expressions_in_order_with_days_or_a_reason(words: list[str], published: str | None) -> None:
    text, end = " ".join(words), 0
    for made in expressions(text, published):
        assert end <= made.span[0] < made.span[1] <= len(text)
        assert made.type in ("DATE", "TIME", "DURATION", "SET") and made.value
        assert made.period.precision in codes().date_precisions
        assert (made.period.precision == "unresolved") == (made.period.reason is not None)
        days = [day for day in (made.period.start, made.period.end) if day]
        assert days == sorted(days) and bool(days) == (made.period.reason is None)
        end = made.span[1]
