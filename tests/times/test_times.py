"""Words that date something: the days they mean, and no guess where they mean none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.records import Period
from dragoman.times import compare, resolve

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
        ("in June two years ago", "2020-06-01", "2020-06-30", "month"),
        ("in the 1990s", "1990-01-01", "1999-12-31", "decade"),
        ("the late '80s", "1980-01-01", "1989-12-31", "decade"),
        ("the 20th century", "1901-01-01", "2000-12-31", "interval"),
        ("this summer", "2022-06-01", "2022-08-31", "season"),
        ("last spring", "2022-03-01", "2022-05-31", "season"),
        ("in the autumn of 2019", "2019-09-01", "2019-11-30", "season"),
        ("the second quarter", "2022-04-01", "2022-06-30", "quarter"),
        ("the third quarter of 2019", "2019-07-01", "2019-09-30", "quarter"),
        ("the first half of 2019", "2019-01-01", "2019-06-30", "interval"),
        ("the week of March 7", "2022-03-07", "2022-03-13", "week"),
        ("six weeks ago", "2022-06-13", "2022-06-19", "week"),
        ("twenty-two days ago", "2022-07-04", "2022-07-04", "day"),
        ("Friday morning", "2022-07-22", "2022-07-22", "day"),
        ("on the evening of 5 May 2019", "2019-05-05", "2019-05-05", "day"),
        ("5 May 2019 at noon", "2019-05-05", "2019-05-05", "day"),
        ("at 10:35 a.m. on Friday", "2022-07-22", "2022-07-22", "day"),
        ("overnight", "2022-07-25", "2022-07-26", "interval"),
        ("from 28 February to 3 March", "2022-02-28", "2022-03-03", "interval"),
        ("from March 2020 to May 2021", "2020-03-01", "2021-05-31", "interval"),
        ("between 1982 and 1992", "1982-01-01", "1992-12-31", "interval"),
        ("2017-2020", "2017-01-01", "2020-12-31", "interval"),
        ("over the past three months", "2022-04-26", "2022-07-26", "interval"),
        ("over the last year", "2021-07-26", "2022-07-26", "interval"),
        ("in the last 24 hours", "2022-07-25", "2022-07-26", "interval"),
        ("in the last two weeks", "2022-07-12", "2022-07-26", "interval"),
        ("after 5 July", "2022-07-06", None, "interval"),
        ("before dawn on Friday", "2022-07-22", "2022-07-22", "day"),
        ("shortly after 10 p.m. on Friday", "2022-07-22", "2022-07-22", "day"),
        ("before 2010", None, "2009-12-31", "interval"),
        ("until May 2021", None, "2021-05-31", "interval"),
        ("31/12/2020", "2020-12-31", "2020-12-31", "day"),
        ("nineteen ninety-seven", "1997-01-01", "1997-12-31", "year"),
        ("on Christmas Day", "2021-12-25", "2021-12-25", "day"),
        ("New Year's Eve", "2021-12-31", "2021-12-31", "day"),
        ("on Good Friday", "2022-04-15", "2022-04-15", "day"),
        ("Easter Monday 2019", "2019-04-22", "2019-04-22", "day"),
        ("last Thanksgiving", "2021-11-25", "2021-11-25", "day"),
        ("the Fourth of July", "2022-07-04", "2022-07-04", "day"),
        ("May Day", "2022-05-01", "2022-05-01", "day"),
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
        ("in the next two weeks", "2022-07-26"),
        ("next summer", "2023-06-01"),
        ("on Christmas Day", "2022-12-25"),
        ("next quarter", "2022-10-01"),
    ],
)
def test_what_is_to_come(words: str, start: str) -> None:
    assert resolve(words, PUBLISHED, ahead=True).start == start


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("no_anchor", "two days later"), ("no_anchor", "a week after the vote"), ("no_anchor", "the previous day"),
        ("no_anchor", "the following Friday"), ("no_anchor", "that day"), ("no_anchor", "the same year"),
        ("no_anchor", "at 3 a.m."), ("no_anchor", "around 1730 GMT"), ("no_anchor", "days before the vote"),
        ("vague", "in recent weeks"), ("vague", "soon"), ("vague", "recently"), ("vague", "more than a month ago"),
        ("vague", "about two weeks ago"), ("vague", "several years ago"), ("vague", "in the future"),
        ("vague", "over the past few days"), ("vague", "now"),
        ("duration", "for ninety days"), ("duration", "for years"), ("duration", "a two-week visit"),
        ("duration", "half an hour"),
        ("recurring", "every Friday"), ("recurring", "daily"), ("recurring", "on Tuesdays"), ("recurring", "each July"),
        ("unclear", "in place of them"), ("unclear", "31 February 2022"), ("unclear", "during the war"),
        ("unclear", ""), ("unclear", "until 30 September"), ("unclear", "between Monday and Thursday"),
        ("unclear", "from July 4 to 10 August"), ("unclear", "1.5 years ago"), ("unclear", "10,000 years ago"),
        ("unclear", "99999999999 days ago"), ("unclear", f"{'9' * 90} days ago"), ("unclear", "on a Friday in 2019"),
        ("unclear", "on Monday and Friday"), ("unclear", "11/02/89"), ("unclear", "fiscal 2019"),
        ("unclear", "the first three quarters of 2019"), ("unclear", "the 20s"),
        ("unclear", "in the next year"),
        ("unclear", "last winter"), ("unclear", "Ramadan"), ("unclear", "Eid al-Fitr"), ("unclear", "Labour Day"),
        ("unclear", "Independence Day"), ("unclear", "Diwali"), ("unclear", "Nowruz"), ("unclear", "Orthodox Easter"),
        ("unclear", "x" * 300),
    ],
)  # fmt: skip
def test_words_that_give_no_day_say_why(reason: str, words: str) -> None:
    assert resolve(words, PUBLISHED) == Period(None, None, "unresolved", reason)


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        (("2022-07-01", "2022-07-31"), ("2022-07-01", "2022-07-31"), "same"),
        (("2022-07-05", "2022-07-05"), ("2022-07-01", "2022-07-31"), "inside"),
        (("2022-07-01", "2022-07-31"), ("2022-07-05", "2022-07-05"), "contains"),
        (("2022-07-01", "2022-07-10"), ("2022-07-05", "2022-07-20"), "overlaps"),
        (("2022-07-01", "2022-07-10"), ("2022-07-11", "2022-07-20"), "apart"),
        (("2022-07-01", None), ("2022-07-11", "2022-07-20"), "contains"),
        ((None, "2022-07-01"), ("2022-07-11", None), "apart"),
        (("2022-07-11", None), ("2022-07-01", None), "inside"),
        ((None, None), ("2022-07-01", None), "unknown"),
    ],
)
def test_periods_compare(one: tuple[str | None, str | None], other: tuple[str | None, str | None], how: str) -> None:
    first, second = (Period(*days, "interval" if any(days) else "unresolved") for days in (one, other))
    assert compare(first, second) == how


@pytest.mark.parametrize(
    "words", ["on Monday", "yesterday", "last week", "in June", "July 21", "a week ago", "since April"]
)
def test_without_a_date_of_publication_relative_words_stay_unresolved(words: str) -> None:
    assert resolve(words, None).start is None
    assert resolve(words, None).precision in ("unresolved", "interval")


def test_without_a_date_of_publication_the_reason_says_so() -> None:
    assert {resolve(words, None).reason for words in ("on Monday", "yesterday", "in June", "July 21", "last week")} == {
        "no_report_date"
    }


def test_without_a_date_of_publication_whole_dates_are_known() -> None:
    assert resolve("on 21 July 2019", None).start == "2019-07-21"


@given(st.text(max_size=60), st.dates().map(lambda day: day.isoformat()), st.booleans())
def test_any_words_give_days_in_order_or_none(words: str, published: str, ahead: bool) -> None:
    period = resolve(words, published, ahead=ahead)
    assert period.precision in codes().date_precisions
    days = [day for day in (period.start, period.end) if day]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days) and days == sorted(days)
    assert bool(days) == (period.precision != "unresolved") == (period.reason is None)
    assert period.reason is None or period.reason in codes().date_reasons
