from __future__ import annotations

import pytest

from dragoman.errors import UsageError
from dragoman.ledger.decisions import Correction, span_of
from dragoman.show.corrections import Change, corrections_of, wanted
from tests.show.readings import lock

SEIZED, SHUT = lock().events[:2]
CALM = lock().attributions[0]


def decided(field: str, value: str | None, day: int, kind: str = "event") -> Correction:
    mark = SEIZED if kind == "event" else CALM
    return Correction(kind, span_of(mark), field, value, "why", "Mara", f"2031-03-0{day}")


def change(field: str, was: str | None, now: str | None, day: int, holds: bool) -> Change:
    return Change(field, was, now, "why", "Mara", f"2031-03-0{day}", holds)


def test_each_decision_tells_what_the_one_before_had_said() -> None:
    history = [
        decided("status", "planned", 1),
        decided("stance", "denies", 2, kind="attribution"),
        decided("status", "ongoing", 3),
        decided("dropped", "yes", 4),
        decided("dropped", "no", 5),
        decided("mode", None, 6),
    ]
    found = corrections_of(lock(), lock(), history)
    assert found.of("E1") == (
        change("status", "occurred", "planned", 1, holds=False),
        change("status", "planned", "ongoing", 3, holds=True),
        change("dropped", "no", "yes", 4, holds=False),
        change("dropped", "yes", "no", 5, holds=True),
        change("mode", "seize", None, 6, holds=True),
    )
    assert found.of("A1") == (change("stance", "asserts", "denies", 2, holds=True),)
    assert found.dropped == ()


def test_what_waits_for_another_reading_is_left_out() -> None:
    elsewhere = Correction("event", (0, 1), "status", "planned")
    assert corrections_of(lock(), lock(), [elsewhere]).changes == {}


def test_only_what_differs_is_wanted() -> None:
    as_it_is = {"type": "COERCE", "mode": "seize", "status": "occurred", "start": "2031-03-04", "end": SEIZED.end or ""}
    assert wanted(SEIZED, {**as_it_is, "status": "ongoing"}) == [("status", "ongoing")]
    assert wanted(SEIZED, {**as_it_is, "mode": ""}) == [("mode", None)]
    with pytest.raises(UsageError, match="nothing is changed"):
        wanted(SEIZED, as_it_is)


def test_a_mode_follows_its_type() -> None:
    assert wanted(SEIZED, {"mode": "withdraw", "type": "RETREAT"}) == [("type", "RETREAT"), ("mode", "withdraw")]
    assert wanted(SEIZED, {"type": "RETREAT", "mode": "seize"}) == [("type", "RETREAT")]  # left as it was
    assert wanted(SEIZED, {"type": "RETREAT", "mode": ""}) == [("type", "RETREAT")]
    assert wanted(SHUT, {"type": "THREATEN", "mode": "restrict"}) == [("type", "THREATEN")]  # which has it, too
    with pytest.raises(UsageError, match="mode"):
        wanted(SEIZED, {"type": "RETREAT", "mode": "arrest"})


def test_days_that_move_past_each_other_are_written_in_an_order_that_can_be() -> None:
    later = {"start": "2031-05-01", "end": "2031-05-09"}
    assert wanted(SHUT, later) == [("end", "2031-05-09"), ("start", "2031-05-01")]
    earlier = {"start": "2031-01-01", "end": "2031-01-02"}
    assert wanted(SHUT, earlier) == list(earlier.items())
    with pytest.raises(UsageError, match="after"):
        wanted(SHUT, {"start": "2031-05-09", "end": "2031-05-01"})


def test_taking_out_takes_nothing_else() -> None:
    assert wanted(SEIZED, {"status": "planned", "dropped": "yes"}) == [("dropped", "yes")]
    assert wanted(CALM, {"dropped": "yes"}) == [("dropped", "yes")]
    with pytest.raises(UsageError, match="dropped"):
        wanted(SEIZED, {"dropped": "maybe"})


def test_what_was_found_to_be_right_is_told_and_can_be_taken_back() -> None:
    found = corrections_of(lock(), lock(), [decided("accepted", "yes", 1)])
    assert found.of("E1") == (change("accepted", "no", "yes", 1, holds=True),)
    assert wanted(SEIZED, {"accepted": "no"}) == [("accepted", "no")]
