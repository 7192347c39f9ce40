"""Words that date something: the days they mean, and no guess where they mean none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.names.times import UNRESOLVED, resolve

PUBLISHED = "2022-07-26"  # a Tuesday


@pytest.mark.parametrize(
    ("words", "start", "end", "precision"),
    [
        ("on Monday", "2022-07-25", "2022-07-25", "day"),
        ("late on Tuesday", "2022-07-26", "2022-07-26", "day"),
        ("Wednesday", "2022-07-20", "2022-07-20", "day"),
        ("last Tuesday", "2022-07-19", "2022-07-19", "day"),
        ("on Thursday, July 21", "2022-07-21", "2022-07-21", "day"),
        ("21 July 2019", "2019-07-21", "2019-07-21", "day"),
        ("on 24th July", "2022-07-24", "2022-07-24", "day"),
        ("Dec. 12, 1979", "1979-12-12", "1979-12-12", "day"),
        ("on December 31", "2021-12-31", "2021-12-31", "day"),
        ("2022-02-14", "2022-02-14", "2022-02-14", "day"),
        ("yesterday morning", "2022-07-25", "2022-07-25", "day"),
        ("last night’s", "2022-07-25", "2022-07-25", "day"),
        ("earlier today", "2022-07-26", "2022-07-26", "day"),
        ("the day before yesterday", "2022-07-24", "2022-07-24", "day"),
        ("tomorrow", "2022-07-27", "2022-07-27", "day"),
        ("a week ago", "2022-07-19", "2022-07-19", "day"),
        ("three days ago", "2022-07-23", "2022-07-23", "day"),
        ("two months ago", "2022-05-01", "2022-05-31", "month"),
        ("five years ago", "2017-01-01", "2017-12-31", "year"),
        ("last week", "2022-07-18", "2022-07-24", "week"),
        ("this month", "2022-07-01", "2022-07-31", "month"),
        ("last year", "2021-01-01", "2021-12-31", "year"),
        ("in June", "2022-06-01", "2022-06-30", "month"),
        ("in December", "2021-12-01", "2021-12-31", "month"),
        ("in January this year", "2022-01-01", "2022-01-31", "month"),
        ("in October last year", "2021-10-01", "2021-10-31", "month"),
        ("in February 2020", "2020-02-01", "2020-02-29", "month"),
        ("in 2003", "2003-01-01", "2003-12-31", "year"),
        ("from 3 to 5 March", "2022-03-03", "2022-03-05", "interval"),
        ("March 3-5, 2021", "2021-03-03", "2021-03-05", "interval"),
        ("from 2017 to 2020", "2017-01-01", "2020-12-31", "interval"),
        ("over last weekend", "2022-07-23", "2022-07-24", "interval"),
        ("since April", "2022-04-01", None, "interval"),
        ("since 2015", "2015-01-01", None, "interval"),
        ("until 5 April 2023", None, "2023-04-05", "interval"),
        ("on 5 March last year", "2021-03-05", "2021-03-05", "day"),
        ("on 5 May two years ago", "2020-05-05", "2020-05-05", "day"),
        ("on Tuesday last week", "2022-07-19", "2022-07-19", "day"),
        ("overnight on Saturday", "2022-07-23", "2022-07-23", "day"),
        ("May 2020", "2020-05-01", "2020-05-31", "month"),
        ("in Jan. 2020", "2020-01-01", "2020-01-31", "month"),
        ("last July", "2021-07-01", "2021-07-31", "month"),
    ],
)
def test_what_happened(words: str, start: str | None, end: str | None, precision: str) -> None:
    period = resolve(words, PUBLISHED)
    assert (period.start, period.end, period.precision) == (start, end, precision)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("on Friday", "2022-07-29"),
        ("on Tuesday", "2022-07-26"),
        ("next Tuesday", "2022-08-02"),
        ("on 1 March", "2023-03-01"),
        ("in September", "2022-09-01"),
        ("in March", "2023-03-01"),
        ("next week", "2022-08-01"),
        ("this weekend", "2022-07-30"),
        ("in March next year", "2023-03-01"),
    ],
)
def test_what_is_to_come(words: str, start: str) -> None:
    assert resolve(words, PUBLISHED, ahead=True).start == start


@pytest.mark.parametrize(
    "words",
    [
        "two days later", "a week after the vote", "the previous day", "in recent weeks", "for ninety days",
        "more than a month ago", "soon", "at 3 a.m.", "in the 1990s", "31 February 2022", "during the war", "",
        "around 1730 GMT", "until 30 September", "from 28 February to 3 March", "from March 2020 to May 2021",
        "between Monday and Thursday", "from July 4 to 10 August", "twenty-two days ago", "1.5 years ago",
        "10,000 years ago", "99999999999 days ago", "about two weeks ago", "over the last year",
        "the following Friday", "every Friday", "on a Friday in 2019", "after 5 July",
    ],
)  # fmt: skip
def test_words_that_give_no_day_are_unresolved(words: str) -> None:
    assert resolve(words, PUBLISHED) == UNRESOLVED


@pytest.mark.parametrize(
    "words", ["on Monday", "yesterday", "last week", "in June", "July 21", "a week ago", "since April"]
)
def test_without_a_date_of_publication_relative_words_stay_unresolved(words: str) -> None:
    assert resolve(words, None).start is None
    assert resolve(words, None).precision in ("unresolved", "interval")


def test_without_a_date_of_publication_whole_dates_are_known() -> None:
    assert resolve("on 21 July 2019", None).start == "2019-07-21"


@given(st.text(max_size=60), st.dates().map(lambda day: day.isoformat()), st.booleans())
def test_any_words_give_days_in_order_or_none(words: str, published: str, ahead: bool) -> None:
    period = resolve(words, published, ahead=ahead)
    assert period.precision in codes().date_precisions
    days = [day for day in (period.start, period.end) if day]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days) and days == sorted(days)
    assert bool(days) == (period.precision != "unresolved")
