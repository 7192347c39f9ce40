"""What timeline and map reckon with before anything is drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.errors import UsageError
from dragoman.ledger.plotted import PlottedEvent
from dragoman.show.contested import contested
from dragoman.show.pictured import clock_of, period_of
from dragoman.show.pictures import (
    LANES,
    Lane,
    Mark,
    Period,
    Places,
    by_actor,
    by_type,
    densest,
    gathered,
    marks_of,
    periods,
    span_of,
    starts,
    strip_of,
    told_span,
)
from tests.show.charted import DORVANE, SARRE

EVENT = PlottedEvent(
    id="0123456789ab:E1", outlet="Norda", published="2031-03-04", type="ASSAULT", mode=None, status="occurred",
    certainty="certain", trigger="shelled", actor="The army", recipient=None, place="Dorvane", located=DORVANE,
    time=None, start="2031-03-03", end="2031-03-03", date_precision="day", date_reason=None, voice=None, stance=None,
    confidence=0.9, finding=None,
)  # fmt: skip


def mark(**told: object) -> Mark:
    (found,) = marks_of([replace(EVENT, **told)], {}, "happened", Places({}))  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("start", "end", "precision", "told", "drawn"),
    [
        ("2031-03-03", "2031-03-03", "day", "2031-03-04", ("2031-03-03", "2031-03-03", "day")),
        ("2031-03-01", "2031-03-31", "month", None, ("2031-03-01", "2031-03-31", "range")),
        ("2031-01-01", None, "interval", "2031-03-04", ("2031-01-01", "2031-03-04", "since")),
        ("2031-04-01", None, "interval", "2031-03-04", ("2031-04-01", "2031-04-01", "since")),
        ("2031-01-01", None, "interval", None, ("2031-01-01", "2031-01-01", "since")),
        (None, "2031-01-01", "interval", None, ("2031-01-01", "2031-01-01", "until")),
        (None, None, "unresolved", "2031-03-04", None),
        ("soon", "2031", "day", "2031-03-04", None),
        ("2031-01-01", None, "interval", "yesterday", ("2031-01-01", "2031-01-01", "since")),
    ],
)
def test_a_date_is_drawn_as_exactly_as_it_is_known(
    start: str | None, end: str | None, precision: str, told: str | None, drawn: object
) -> None:
    assert span_of(start, end, precision, told) == drawn


def test_reported_time_goes_from_the_first_report_to_the_last() -> None:
    assert told_span("2031-03-03", "2031-03-11") == ("2031-03-03", "2031-03-11", "told")
    assert told_span("2031-03-03", "2031-03-03") == ("2031-03-03", "2031-03-03", "day")
    assert told_span(None, None) is None


def test_a_lone_event_says_who_and_how_sure() -> None:
    found = mark(voice="Ilan Dov", stance="denies", confidence=0.2)
    assert (found.voices, found.doubt, found.side) == (("denied by Ilan Dov",), True, "conflict")
    assert mark().voices == ("Norda",)
    assert mark(outlet=None).voices == ("the outlet itself",)
    assert (mark(type="AID").side, mark(type="AID").material) == ("cooperation", True)
    assert (mark(type="ACCUSE").side, mark(type="ACCUSE").material) == ("conflict", False)
    assert (mark(type="OF_ANOTHER_MODEL").side, mark(type="OF_ANOTHER_MODEL").material) == ("", False)
    assert mark(stance="disputes", voice="Dov").disputes


def test_what_has_no_date_says_why() -> None:
    found = mark(start=None, end=None, time="recently", date_reason="vague", date_precision="unresolved")
    assert (found.first, found.last, found.shape, found.when) == (None, None, None, "“recently”, no more exact")


DAYS = st.dictionaries(
    st.dates(date(2030, 1, 1), date(2032, 1, 1)).map(date.isoformat), st.integers(1, 9), min_size=1, max_size=30
)


@given(DAYS, st.floats(0.01, 1))
def test_the_densest_period_is_the_shortest_that_holds_its_share(days: dict[str, int], share: float) -> None:
    found = densest(days.items(), share)
    assert found is not None
    wanted = share * sum(days.values())

    def held(first: date, last: date) -> int:
        return sum(count for day, count in days.items() if first.isoformat() <= day <= last.isoformat())

    assert held(found.first, found.last) >= wanted
    ends = [date.fromisoformat(day) for day in days]
    fit = [(last - first).days + 1 for first in ends for last in ends if first <= last and held(first, last) >= wanted]
    assert found.days == min(fit)


def test_nothing_has_no_period() -> None:
    assert densest([], 0.8) is None
    assert periods([], []) is None


def test_a_date_of_long_ago_leaves_strip_and_picture_with_the_rest() -> None:
    days = [("1172-03-01", 1), *((f"2031-03-{n:02}", 5) for n in range(1, 31))]
    found = periods(days, days)
    assert found is not None
    strip, window = found
    assert strip.first.year == window.first.year == 2031
    assert strip.first <= window.first <= window.last <= strip.last


@given(DAYS, DAYS)
def test_the_strip_has_all_that_the_picture_shows_at_first(days: dict[str, int], drawn: dict[str, int]) -> None:
    found = periods(list(days.items()), list(drawn.items()))
    assert found is not None
    strip, window = found
    assert strip.first <= window.first <= window.last <= strip.last
    assert strip.days >= 14


def test_periods_at_the_ends_of_the_calendar_are_cut() -> None:
    assert Period(date.min, date.max).wider(0.5) == Period(date.min, date.max)


@pytest.mark.parametrize(
    ("first", "last", "unit", "bins"),
    [
        ("2031-03-01", "2031-04-30", "day", (("2031-03-03", 2), ("2031-04-01", 1))),
        ("2025-01-01", "2035-01-01", "month", (("2031-03-01", 2), ("2031-04-01", 1), ("2033-01-01", 4))),
        ("1800-01-01", "2035-01-01", "year", (("1914-01-01", 3), ("2031-01-01", 3), ("2033-01-01", 4))),
    ],
)
def test_a_strip_counts_in_bins_that_fit(first: str, last: str, unit: str, bins: object) -> None:
    days = [("1914-08-01", 3), ("2031-03-03", 2), ("2031-04-01", 1), ("2033-01-09", 4)]
    found = strip_of(days, Period(date.fromisoformat(first), date.fromisoformat(last)))
    assert (found.unit, found.bins) == (unit, bins)


@given(DAYS, st.integers(0, 5000))
def test_a_strip_loses_nothing_within_its_period(days: dict[str, int], wider: int) -> None:
    within = Period(date(2030, 6, 1) - timedelta(wider), date(2031, 6, 1) + timedelta(wider))
    inside = {d: n for d, n in days.items() if within.first.isoformat() <= d <= within.last.isoformat()}
    assert sum(count for _, count in strip_of(days.items(), within).bins) == sum(inside.values())


def test_the_most_active_have_lanes_then_others_then_nobody() -> None:
    names = [*("abcdefgh"), "a", "a", "b", None, None, "z"]
    lanes = by_actor([mark(actor=name) for name in names])
    assert lanes[:2] == (Lane("a", 3), Lane("b", 2))
    assert lanes[-2:] == (Lane("others", 2), Lane("no actor named", 2))
    assert len(lanes) == LANES + 2
    assert sum(lane.count for lane in lanes) == len(names)
    assert by_actor([]) == ()


def test_types_stand_in_the_order_of_the_codebook() -> None:
    lanes = by_type([mark(type=type) for type in ("ASSAULT", "ZZ", "AGREE", "ASSAULT")])
    assert lanes == (Lane("AGREE", 1), Lane("ASSAULT", 2), Lane("ZZ", 1))


def test_marks_that_begin_on_a_day_are_counted_there() -> None:
    some = [mark(), mark(), mark(start="2031-01-01", end="2031-12-31"), mark(start=None, end=None)]
    assert starts(some) == [("2031-01-01", 1), ("2031-03-03", 2)]


def test_a_province_is_no_point() -> None:
    places = Places({})
    marks = marks_of([EVENT, replace(EVENT, id="x:E2", located=SARRE)], {}, "happened", places)
    assert [spot.vague for spot in places.found] == [False, True]
    some = gathered([*marks, mark(type="AID")], tuple(places.found))
    assert [(len(one.marks), one.count("conflict")) for one in some] == [(2, 1), (1, 1)]


@pytest.mark.parametrize("wrong", ["2031", "2031-03-01", "2031-03-01..", "2031-13-01..2031-14-01", "a..b", "a..b..c"])
def test_a_window_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(UsageError, match="no period"):
        period_of(wrong)


def test_windows_and_clocks() -> None:
    assert period_of("2031-03-01..2031-03-31") == Period(date(2031, 3, 1), date(2031, 3, 31))
    assert period_of(None) is period_of("") is None
    with pytest.raises(UsageError, match="before it begins"):
        period_of("2031-03-02..2031-03-01")
    assert clock_of("reported") == "reported"
    with pytest.raises(UsageError, match="no clock"):
        clock_of("sundial")


def test_contested_territories_are_told_in_neutral_words() -> None:
    found = contested()
    names = [one.name for one in found]
    assert len(set(names)) == len(names)
    assert {"Crimea", "Jammu and Kashmir", "Western Sahara", "Taiwan", "Kosovo", "Golan Heights", "Essequibo"} <= {
        *names
    }
    for one in found:
        assert -90 <= one.latitude <= 90 and -180 <= one.longitude <= 180
        assert any(word in one.told for word in ("held", "claim", "governs", "occupied", "divided", "independent")), one
        assert not any(word in one.told for word in ("illegal", "rightful", "terror", "rebel", "liberat"))
