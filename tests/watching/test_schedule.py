"""When a feed is asked again, and how people are told of times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from dragoman.ledger.trouble import since
from dragoman.watching.schedule import Schedule

NOW = datetime(2031, 3, 4, 8, tzinfo=UTC)
SCHEDULE = Schedule(timedelta(minutes=15), Random(1))
HOUR = 60


@pytest.mark.parametrize(
    ("minutes", "header", "wait"),
    [
        (0, "", 15),
        (5, "", 15),
        (60, "max-age=60", 60),
        (0, "public, max-age=7200", 2 * HOUR),
        (0, "s-maxage=7200", 15),
        (0, "max-age=junk", 15),
        (0, "MAX-AGE = 3600", HOUR),
        (10**9, "max-age=999999999", 24 * HOUR),
    ],
)
def test_a_feed_is_left_alone_as_long_as_it_asks_within_a_day(minutes: int, header: str, wait: int) -> None:
    assert SCHEDULE.after_success(NOW, minutes, header) == NOW + timedelta(minutes=wait)


def test_failures_double_the_pause_give_or_take_a_fourth() -> None:
    for failures, minutes in ((1, 30), (2, 60), (3, 120), (6, 960)):
        waits = [(SCHEDULE.after_failure(NOW, failures, None) - NOW) / timedelta(minutes=minutes) for _ in range(200)]
        assert 0.75 <= min(waits) < 0.8
        assert 1.2 < max(waits) <= 1.25
    for failures in (7, 10**6):
        days = [(SCHEDULE.after_failure(NOW, failures, None) - NOW) / timedelta(days=1) for _ in range(200)]
        assert 0.9 < min(days) <= max(days) == 1


@pytest.mark.parametrize(("seconds", "hours"), [(36_000, 10), (10**12, 7 * 24)])
def test_a_site_may_ask_for_a_longer_pause_within_a_week(seconds: float, hours: int) -> None:
    assert SCHEDULE.after_failure(NOW, 1, seconds) == NOW + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (1, "07:00 UTC"),
        (9, "Monday"),
        (24 * 6, "Wednesday"),
        (24 * 7, "25 February 2031"),
        (24 * 400, "28 January 2030"),
    ],
)
def test_times_are_told_as_people_say_them(hours: int, words: str) -> None:
    assert since(NOW - timedelta(hours=hours), NOW) == words
