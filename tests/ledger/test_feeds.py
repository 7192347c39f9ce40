"""Feeds in the ledger: each entry is due once, and once for each edit; and a gap is told by a feed's own rhythm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dragoman.errors import NotFound
from dragoman.ledger import feeds
from dragoman.ledger.feeds import Due, Told
from dragoman.ledger.silence import silent_since
from dragoman.ledger.store import Ledger
from dragoman.ledger.trouble import missing
from tests.ledger.places import Place
from tests.ledger.synthetic import synthetic

NOW = "2031-03-04T05:06:07+00:00"
START = datetime(2031, 3, 3, 8, tzinfo=UTC)
"""A Monday."""
ONE, OTHER = "https://a.example/feed", "https://b.example/feed"


def told(number: int, digest: str = "first", published: str = "") -> Told:
    at = f"https://a.example/{number}"
    return Told(id=f"id{number}\x00", address=at, title=f"T{number}", published=published, digest=digest)


def note(ledger: Ledger, feed: int, *entries: Told) -> list[Due]:
    with ledger.writing() as connection:
        feeds.note(connection, feed, entries, NOW)
        return feeds.due(connection, feed)


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as ledger:
        with ledger.writing() as connection:
            for address in (ONE, OTHER, ONE):
                feeds.watch(connection, address, "A", NOW)
        yield ledger


def finish(ledger: Ledger, due: Due, trouble: str = "", *, again: bool = False) -> None:
    reading = synthetic(due.number)
    ledger.add(reading)
    with ledger.writing() as connection:
        feeds.done(connection, due, None if trouble else reading.report.id, trouble, again=again)


def test_a_feed_is_kept_as_it_stands(ledger: Ledger) -> None:
    with ledger.writing() as connection:
        first, second = feeds.kept(connection)
        assert (first.address, first.current_address, second.address) == (ONE, ONE, OTHER)
        gone = replace(
            first, current_address="https://c.example/", etag='"1"', failures=3, trouble="gone", stopped=True
        )
        feeds.keep(connection, gone)
        assert feeds.kept(connection) == [gone, second]
        feeds.watch(connection, ONE, "", NOW)
        assert feeds.kept(connection)[0] == replace(gone, current_address=ONE, stopped=False)
        assert feeds.by_number(connection, second.number) == second
        with pytest.raises(NotFound):
            feeds.by_number(connection, 99)
        with pytest.raises(NotFound):
            feeds.keep(connection, replace(first, number=99))


def test_an_entry_is_due_until_it_is_done(ledger: Ledger) -> None:
    one, two = note(ledger, 1, told(1), told(2))
    assert (one.address, one.title, one.tries) == ("https://a.example/1", "T1", 0)
    finish(ledger, one)
    assert note(ledger, 1, told(1), told(2)) == [two]
    finish(ledger, two, "no article")
    assert note(ledger, 1, told(1), told(2), told(1)) == []


def test_what_fails_for_now_is_tried_some_more_times(ledger: Ledger) -> None:
    [due] = note(ledger, 1, told(1))
    for tries in range(1, feeds.MOST_TRIES):
        finish(ledger, due, "no connection", again=True)
        [due] = note(ledger, 1)
        assert due.tries == tries
    finish(ledger, due, "no connection", again=True)
    assert note(ledger, 1) == []


def test_an_edited_entry_is_due_again_but_not_without_end(ledger: Ledger) -> None:
    for edit in range(feeds.MOST_VERSIONS + 5):
        due = note(ledger, 1, told(1, f"edit {edit}"))
        assert len(due) == (edit < feeds.MOST_VERSIONS)
        for one in due:
            finish(ledger, one)


def test_an_article_in_two_feeds_is_due_in_one(ledger: Ledger) -> None:
    [due] = note(ledger, 1, told(1))
    finish(ledger, due)
    assert note(ledger, 2, told(1)) == []
    [due] = note(ledger, 1, told(1, "edited"))
    assert note(ledger, 2, told(1, "edited")) == []
    with ledger.connection() as connection:
        found = [feeds.output(connection, number) for number in (1, 2)]
    assert [one.articles for one in found if one] == [1, 1]


def test_an_article_that_fails_in_one_feed_is_due_in_the_next(ledger: Ledger) -> None:
    """Whether it is seen there before or after that, and until it is there."""
    [one] = note(ledger, 1, told(1))
    assert note(ledger, 2, told(1)) == []
    finish(ledger, one, "the site does not let programs fetch it")
    [other] = note(ledger, 2)
    finish(ledger, other, "no article")
    with ledger.writing() as connection:
        for address in ("https://c.example/feed", "https://d.example/feed"):
            feeds.watch(connection, address, "", NOW)
    [third] = note(ledger, 3, told(1))
    finish(ledger, third)
    assert note(ledger, 4, told(1)) == note(ledger, 1, told(1)) == note(ledger, 2, told(1)) == []


def test_many_entries_are_noted_at_once(ledger: Ledger) -> None:
    many = [told(number) for number in range(1_200)]
    assert len(note(ledger, 1, *many)) == len(note(ledger, 1, *many)) == 1_200


def test_moments_are_in_utc_and_never_to_come(ledger: Ledger) -> None:
    written = ["2031-03-01", "2031-03-02T01:00:00+03:00", "2032-01-01T00:00:00+00:00", "soon"]
    note(ledger, 1, *(told(number, published=words) for number, words in enumerate(written)))
    with ledger.connection() as connection:
        found, other = (feeds.output(connection, number) for number in (1, 2))
    assert other is None
    assert found is not None
    assert found.moments == (NOW, "2031-03-01T22:00:00+00:00", "2031-03-01T00:00:00+00:00")


def test_an_entry_that_is_dated_before_those_that_came_before_it_came_when_it_was_seen(ledger: Ledger) -> None:
    later = "2031-03-05T05:00:00+00:00"
    with ledger.writing() as connection:
        feeds.note(connection, 1, [told(1, published="2031-02-20")], NOW)
        feeds.note(connection, 1, [told(2, published="2031-02-24"), told(3, published="2031-03-04T20:00")], later)
        found = feeds.output(connection, 1)
    assert found is not None
    assert found.moments == (later, "2031-03-04T20:00:00+00:00", "2031-02-20T00:00:00+00:00")


def test_a_rhythm_is_that_of_weeks_however_much_comes(ledger: Ledger) -> None:
    """A feed of ten entries a weekday, and one that goes back for years."""
    busy = [
        told(10 * day + n, published=(START + timedelta(days=day, hours=n)).isoformat())
        for day in range(47)
        if (START + timedelta(days=day)).weekday() < 5
        for n in range(10)
    ]
    rare = [told(9_000 + n, published=(START - timedelta(days=40 * n)).isoformat()) for n in range(40)]
    with ledger.writing() as connection:
        feeds.note(connection, 1, busy, "2031-05-01T00:00:00+00:00")
        feeds.note(connection, 2, rare, "2031-05-01T00:00:00+00:00")
        one, other = (feeds.output(connection, number) for number in (1, 2))
    assert one is not None and other is not None
    assert 200 < len(one.moments) < 250
    friday = START + timedelta(days=46, hours=9)
    assert friday.weekday() == 4 and one.moments[0] == friday.isoformat()
    assert silent_since(one.moments, friday + timedelta(days=5)) is None
    assert silent_since(one.moments, friday + timedelta(days=6)) == friday
    assert len(other.moments) == feeds.RHYTHM_ENTRIES
    assert silent_since(other.moments, START + timedelta(days=79)) is None


def test_dates_at_the_beginning_of_all_times_do_no_harm(ledger: Ledger) -> None:
    note(ledger, 1, *(told(number, published=f"0001-01-0{number}") for number in range(1, 9)))
    with ledger.connection() as connection:
        assert missing(connection, datetime(2031, 3, 4, tzinfo=UTC)) == []


def moments(*hours: float) -> list[str]:
    """Entries so many hours ago."""
    return [(datetime(2031, 3, 4, tzinfo=UTC) - timedelta(hours=one)).isoformat() for one in hours]


@pytest.mark.parametrize(
    ("hours", "silent"),
    [
        ((25, 26, 27, 28, 200), False),  # it was silent for a week before
        ((25, *range(26, 200)), True),  # an hourly feed, for a day
        ((23, *range(24, 200)), False),  # a day is the least
        ((49, 72, 96, 120, 144, 168, 192, 216, 240), True),  # a daily one, for two days
        ((47, 72, 96, 120, 144, 168, 192, 216, 240), False),
        ((60, 61, 62, 98, 99, *range(100, 250)), False),  # it has been silent for 36 hours before
        ((160, 161, 162, 163, 164), False),  # an hourly one that is known for four hours
        ((169, 170, 171, 172, 173), True),  # and it has been silent for a week
        ((900, 901, 902, 903), False),  # too few to tell
    ],
)
def test_a_gap_is_told_by_a_feeds_own_rhythm(hours: tuple[float, ...], silent: bool) -> None:
    found = silent_since(moments(*hours), datetime(2031, 3, 4, tzinfo=UTC))
    assert found == (datetime.fromisoformat(moments(hours[0])[0]) if silent else None)


def test_what_is_missing_is_told_in_words(ledger: Ledger) -> None:
    now = datetime(2031, 3, 4, 8, tzinfo=UTC)
    for feed in (1, 2):
        note(ledger, feed, *(told(99 * feed + n, published=moments(40 + 4 * n)[0]) for n in range(50)))
    with ledger.writing() as connection:
        first, second = (replace(feed, checked_at=now.isoformat()) for feed in feeds.kept(connection))
        feeds.keep(connection, second)
        feeds.keep(connection, replace(first, title="Harbour Post"))
        assert missing(connection, now) == [f"nothing from {name} since Sunday" for name in ("Harbour Post", "A")]
        for since, words in (("2031-03-02T07", ["A cannot be had since Sunday"]), ("2031-03-04T07", [])):
            feeds.keep(connection, replace(second, failures=3, failing_since=f"{since}:00:00+00:00"))
            assert missing(connection, now)[1:] == words
        feeds.keep(connection, replace(second, stopped=True))
        assert len(missing(connection, now)) == 1
        assert missing(connection, now - timedelta(hours=30)) == []
        feeds.keep(connection, replace(first, checked_at="2031-03-02T09:00:00+00:00"))
        assert missing(connection, now) == []  # nobody has asked since
