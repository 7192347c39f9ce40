"""What was decided at one stroke: accepted marks, many at once, and what taking it back leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dragoman.errors import NotFound, Overtaken, UsageError
from dragoman.ledger import query
from dragoman.ledger.acts import Change, state
from dragoman.ledger.correcting import CERTAIN
from dragoman.ledger.decisions import joined
from dragoman.ledger.identity import all_judged
from dragoman.ledger.store import Ledger
from dragoman.records import Corrected
from tests.ledger.helpers import ask, assert_sound
from tests.ledger.places import Place
from tests.ledger.test_correcting import EVENT, HURT, LATER, READING

REPORT = READING.report.id
ACCEPT, REJECT = (("accepted", "yes"),), (("dropped", "yes"),)


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        opened.add(READING)
        yield opened


def change(mark: str, fields: tuple[tuple[str, str | None], ...], seen: str | None = None) -> Change:
    return Change(REPORT, mark, fields, seen)


def test_an_accepted_mark_is_in_no_doubt_and_says_who_checked_it(ledger: Ledger) -> None:
    made = ledger.correct(EVENT, "accepted", "yes", "the video shows it", "Mara")
    assert made.events[0] == replace(READING.events[0], confidence=CERTAIN)
    assert made.events[1] == READING.events[1]
    assert made.corrections == (Corrected("E1", "accepted", "no", "yes", "the video shows it", "Mara"),)
    assert [row.confidence for row in query.events(ledger).rows] == [CERTAIN, READING.events[1].confidence]
    later = replace(READING, made_by=LATER)
    ledger.add(later)
    assert ledger.reading(REPORT).events[0].confidence == CERTAIN
    assert ledger.as_read(REPORT) == later


def test_many_marks_are_one_act_and_one_undo(ledger: Ledger, place: Place) -> None:
    other = READING.report.id.replace(READING.report.id[:4], "beef", 1)
    second = replace(READING, report=replace(READING.report, id=other))
    ledger.add(second)
    changes = [change("E2", REJECT), change("A2", REJECT), Change(other, "E1", ACCEPT)]
    made = ledger.change(changes, "bulk", "all false", "Mara")
    assert [[mark.id for mark in made[id].events] for id in (REPORT, other)] == [["E1"], ["E1", "E2"]]
    act = ledger.last_act("Mara")
    assert act is not None
    assert (act.did, act.first, act.last, act.decision.reason) == ("bulk", 1, 3, "all false")
    assert len(ask(place, "SELECT * FROM readings")) == 4
    assert ledger.undo("Mara", act.number) == act
    assert [ledger.reading(id) for id in (REPORT, other)] == [READING, second]
    assert len(ask(place, "SELECT * FROM corrections")) == 3  # nothing is erased
    assert_sound(place)


def test_undo_goes_back_act_by_act_and_leaves_what_others_decided(ledger: Ledger) -> None:
    ledger.correct(EVENT, "status", "planned", "", "Mara")
    ledger.correct(EVENT, "status", "ruled_out", "", "Mara")
    ledger.correct(HURT, "certainty", "possible", "", "Ada")
    ledger.undo("Mara")
    assert [event.status for event in ledger.reading(REPORT).events] == ["planned", "occurred"]
    ledger.undo("Mara")
    events = ledger.reading(REPORT).events
    assert events == (READING.events[0], replace(READING.events[1], certainty="possible", confidence=CERTAIN))
    with pytest.raises(NotFound, match="nothing to take back"):
        ledger.undo("Mara")
    assert ledger.last_act("Ada") is not None


def test_what_was_taken_back_is_no_correction_of_a_later_reading(ledger: Ledger) -> None:
    ledger.correct(EVENT, "status", "planned", "", "Mara")
    ledger.undo("Mara")
    later = replace(READING, events=(replace(READING.events[0], status="attempted"), READING.events[1]), made_by=LATER)
    ledger.add(later)
    assert ledger.reading(REPORT) == later


def test_what_changed_meanwhile_is_told_and_nothing_is_recorded(ledger: Ledger, place: Place) -> None:
    seen = state(READING.events[0])
    ledger.change([change("E1", ACCEPT, seen)], "accept", "", "Ada")
    with pytest.raises(Overtaken):
        ledger.change([change("E2", REJECT), change("E1", REJECT, seen)], "reject", "", "Mara")
    ledger.correct(HURT, "dropped", "yes", "", "Ada")
    with pytest.raises(Overtaken):
        ledger.change([change("E2", ACCEPT, state(READING.events[1]))], "accept", "", "Mara")
    assert ledger.last_act("Mara") is None
    assert len(ask(place, "SELECT * FROM corrections")) == 2
    act = ledger.last_act("Ada")
    assert act is not None
    with pytest.raises(Overtaken):
        ledger.undo("Ada", act.number - 1)


def test_several_fields_are_checked_one_after_the_other(ledger: Ledger) -> None:
    fields = (("type", "COERCE"), ("mode", "seize"), *ACCEPT)
    (made,) = ledger.change([change("E2", fields)], "change").values()
    assert (made.events[1].type, made.events[1].mode) == ("COERCE", "seize")
    with pytest.raises(UsageError, match="mode cannot be"):
        ledger.change([change("E2", (("type", "AID"), ("mode", "seize")))], "change")
    with pytest.raises(UsageError, match="nothing is decided"):
        ledger.change([], "accept")
    assert ledger.reading(REPORT) == made


def test_a_report_is_complete_by_a_row_of_its_own(ledger: Ledger) -> None:
    (made,) = ledger.change([change("", (("complete", "yes"),))], "complete", "", "Mara").values()
    assert made == replace(READING, corrections=(Corrected("", "complete", "no", "yes", "", "Mara"),))
    ledger.undo("Mara")
    assert ledger.reading(REPORT) == READING


def test_judgements_are_taken_back_and_known_as_of_then(ledger: Ledger, place: Place) -> None:
    ledger.judge(EVENT, HURT, "same", "", "Mara")
    with pytest.raises(Overtaken):
        ledger.judge(HURT, EVENT, "different", "", "Ada", seen="")
    ledger.judge(HURT, EVENT, "different", "", "Mara", seen="same")
    ledger.undo("Mara")
    [(_, verdict)] = held(ledger, "").items()
    assert verdict == "same"
    before = str(ask(place, "SELECT max(recorded_at) FROM acts")[0][0])
    ledger.undo("Mara")
    assert held(ledger, "") == {}
    assert list(held(ledger, before).values()) == ["same"]


def held(ledger: Ledger, recorded: str) -> dict[tuple[str, str], str]:
    with ledger.connection() as connection:
        assert all_judged(connection) == {}
        return joined(connection, query.as_of(query.Filter(recorded=recorded)))


def test_the_marks_of_an_act(ledger: Ledger) -> None:
    ledger.change([change("E1", (("status", "planned"), *ACCEPT)), change("A2", ACCEPT)], "accept")
    act = ledger.last_act()
    assert act is not None
    marks = [(report, kind, READING.words(span)) for report, kind, span in ledger.marks_of(act)]
    assert marks == [(REPORT, "event", "seized"), (REPORT, "attribution", "the harbour master said")]
