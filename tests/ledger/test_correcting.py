"""Corrections: what somebody changed holds for the current reading and for those of later models; nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman.errors import NotFound, UsageError
from dragoman.ledger import query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.correcting import CERTAIN
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Corrected, MadeBy, Reading
from tests.builders import ReadingBuilder, make_report
from tests.ledger.helpers import ask, assert_sound, assert_whole
from tests.ledger.places import Place

LATER = MadeBy(version="0.3.0", model="later", model_sha256="1" * 64)
TEXT = "Dispatch 1. Oru seized the ferry, the harbour master said, according to Radio Meridian. Two guards were hurt."


def reading() -> Reading:
    """Two attributions, one in the other, and an event in the inner one."""
    made = ReadingBuilder(make_report(TEXT, outlet="Norda", published="2031-03-01"))
    oru = made.entity("Oru", "government", mentions=["Oru"])
    outer = made.attribution(
        source=["Radio Meridian"], cue=["according to"], content=["Oru seized the ferry, the harbour master said"]
    )
    inner = made.attribution(
        source=["the harbour master"], cue=["said"], content=["Oru seized the ferry"], inside=outer
    )
    made.event("seized", type="SEIZE", mode=None, status="occurred", actors=[("Oru", oru)], attribution=inner)
    made.event("hurt", type="ASSAULT", mode=None, status="occurred")
    return made.build()


READING = reading()
EVENT, HURT = (mark_id(READING.report.id, id) for id in ("E1", "E2"))
OUTER, INNER = (mark_id(READING.report.id, id) for id in ("A1", "A2"))


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        opened.add(READING)
        yield opened


def test_a_correction_is_a_new_reading(ledger: Ledger, place: Place) -> None:
    made = ledger.correct(EVENT, "status", "not_occurred", "it was only boarded", "Mara")
    assert ledger.reading(READING.report.id) == made
    assert made.events[0] == replace(READING.events[0], status="not_occurred", confidence=CERTAIN)
    assert made.corrections == (Corrected("E1", "status", "occurred", "not_occurred", "it was only boarded", "Mara"),)
    assert [row.status for row in query.events(ledger).rows] == ["not_occurred", "occurred"]
    assert ask(place, "SELECT number, supersedes FROM readings") == [(1, None), (2, 1)]
    assert Reading.from_dict(made.to_dict()) == made


def test_the_same_model_again_does_not_undo_it(ledger: Ledger) -> None:
    ledger.correct(EVENT, "type", "COERCE")
    assert ledger.add(READING) is False
    assert ledger.reading(READING.report.id).events[0].type == "COERCE"


def test_a_later_model_is_corrected_too(ledger: Ledger) -> None:
    ledger.correct(EVENT, "type", "COERCE")
    renumbered = replace(
        READING,
        events=tuple(replace(event, id=f"E{9 - n}") for n, event in enumerate(READING.events)),
        made_by=LATER,
    )
    assert ledger.add(renumbered)
    found = ledger.reading(READING.report.id)
    assert (found.made_by, found.events[0].type, found.corrections[0].mark) == (LATER, "COERCE", "E9")


def test_a_mark_that_a_later_model_has_not_waits(ledger: Ledger) -> None:
    ledger.correct(EVENT, "type", "COERCE")
    without = replace(READING, events=READING.events[1:], made_by=LATER)
    assert ledger.add(without)
    assert ledger.reading(READING.report.id) == without
    again = replace(READING, made_by=replace(LATER, version="0.4.0"))
    ledger.add(again)
    assert ledger.reading(READING.report.id).events[0].type == "COERCE"


def test_the_last_correction_holds(ledger: Ledger, place: Place) -> None:
    for status in ("planned", "attempted", "occurred"):
        ledger.correct(EVENT, "status", status)
    found = ledger.reading(READING.report.id)
    assert found == READING  # back at what the model said, so there is nothing corrected
    assert len(ask(place, "SELECT * FROM corrections")) == 3


def test_an_event_that_is_none(ledger: Ledger, place: Place, tmp_path: Path) -> None:
    made = ledger.correct(EVENT, "dropped", "yes")
    assert [event.id for event in made.events] == ["E2"]
    assert [row.id for row in query.events(ledger).rows] == [HURT]
    with pytest.raises(NotFound):
        ledger.event(EVENT)
    assert_corrected_whole(place, made, tmp_path)


def test_an_attribution_that_is_none_leaves_what_it_held_to_the_one_around(
    ledger: Ledger, place: Place, tmp_path: Path
) -> None:
    made = ledger.correct(INNER, "dropped", "yes")
    assert [a.id for a in made.attributions] == ["A1"]
    assert [event.attribution for event in made.events] == ["A1", None]
    (row,) = query.events(ledger, Filter(source="Meridian")).rows
    assert row.attribution == OUTER
    made = ledger.correct(OUTER, "dropped", "yes")
    assert [event.attribution for event in made.events] == [None, None]
    assert_corrected_whole(place, made, tmp_path)


def assert_corrected_whole(place: Place, made: Reading, tmp_path: Path) -> None:
    assert_sound(place)
    with Ledger.open(tmp_path / "anew.sqlite") as anew:
        anew.add(made)
    assert_whole(tmp_path / "anew.sqlite", [made])


def test_days(ledger: Ledger) -> None:
    ledger.correct(EVENT, "start", "2031-02-27")
    made = ledger.correct(EVENT, "end", "2031-02-28")
    event = made.events[0]
    assert (event.start, event.end, event.date_precision) == ("2031-02-27", "2031-02-28", "interval")
    event = ledger.correct(EVENT, "start", "2031-02-28").events[0]
    assert (event.start, event.end, event.date_precision) == ("2031-02-28", "2031-02-28", "day")
    ledger.correct(EVENT, "start", None)
    event = ledger.correct(EVENT, "end", None).events[0]
    assert (event.start, event.end, event.date_precision) == (None, None, READING.events[0].date_precision)


@pytest.mark.parametrize(
    ("mark", "field", "value", "said"),
    [
        (EVENT, "status", "happened", "status cannot be"),
        (EVENT, "status", None, "cannot be empty"),
        (EVENT, "trigger", "x", "cannot be corrected"),
        (EVENT, "start", "March", "no day"),
        (INNER, "type", "SEIZE", "cannot be corrected"),
        (INNER, "dropped", "perhaps", "dropped cannot be"),
        (mark_id(READING.report.id, "N1"), "name", "Tessaly", "is an entity"),
    ],
)
def test_what_cannot_be_corrected(
    ledger: Ledger, place: Place, mark: str, field: str, value: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        ledger.correct(mark, field, value)
    assert ask(place, "SELECT * FROM corrections") == []
    assert len(ask(place, "SELECT * FROM readings")) == 1


def test_a_second_correction_keeps_the_later_model(ledger: Ledger) -> None:
    ledger.correct(EVENT, "type", "COERCE")
    later = replace(
        READING, events=(replace(READING.events[0], certainty="possible"), READING.events[1]), made_by=LATER
    )
    ledger.add(later)
    made = ledger.correct(EVENT, "status", "planned")
    assert made.made_by == LATER
    assert (made.events[0].type, made.events[0].status, made.events[0].certainty) == ("COERCE", "planned", "possible")
    assert ledger.add(later) is False


def test_what_was_dropped_comes_back(ledger: Ledger) -> None:
    ledger.correct(EVENT, "dropped", "yes")
    assert ledger.correct(EVENT, "dropped", "no") == READING
    assert ledger.reading(READING.report.id) == READING


def test_what_changes_nothing_is_no_new_reading(ledger: Ledger, place: Place) -> None:
    ledger.correct(EVENT, "status", "occurred")
    assert len(ask(place, "SELECT * FROM readings")) == 1
    assert len(ask(place, "SELECT * FROM corrections")) == 1


def test_another_type_leaves_no_mode_of_the_old_one(ledger: Ledger) -> None:
    ledger.correct(HURT, "mode", "explosives")
    assert ledger.correct(HURT, "type", "COERCE").events[1].mode is None
    with pytest.raises(UsageError, match="mode cannot be"):
        ledger.correct(HURT, "mode", "explosives")


def test_sources_that_share_a_cue_are_two(ledger: Ledger) -> None:
    made = ReadingBuilder(make_report("Dispatch 2. Officials and witnesses said the ferry sank.", outlet="Norda"))
    for words in ("Officials", "witnesses"):
        made.attribution(source=[words], cue=["said"], content=["the ferry sank"])
    ledger.add(made.build())
    found = ledger.correct(mark_id(made.build().report.id, "A2"), "stance", "denies")
    assert [said.stance for said in found.attributions] == ["asserts", "denies"]


def test_all_that_was_corrected_is_told_in_order(ledger: Ledger) -> None:
    ledger.correct(EVENT, "status", "planned", "so it says", "Mara")
    first = ledger.corrections(READING.report.id)
    ledger.correct(EVENT, "status", "occurred", "no", "Pavel")
    told = ledger.corrections(READING.report.id[:12])
    assert [(one.kind, one.span, one.field, one.value, one.reason, one.decided_by) for one in told] == [
        ("event", (16, 22), "status", "planned", "so it says", "Mara"),
        ("event", (16, 22), "status", "occurred", "no", "Pavel"),
    ]
    assert told[0].recorded_at < told[1].recorded_at
    assert ledger.corrections(READING.report.id, AsOf(recorded=told[0].recorded_at)) == first
    assert ledger.as_read(READING.report.id) == READING == ledger.reading(READING.report.id)


def test_the_versions_of_an_article(ledger: Ledger) -> None:
    def edited(text: str, published: str | None, url: str | None = "https://norda.example/ferry") -> Reading:
        return ReadingBuilder(make_report(text, title=text, outlet="Norda", published=published, url=url)).build()

    late, early, undated = edited("Two hurt.", "2031-03-03"), edited("One hurt.", "2031-03-02"), edited("Hurt.", None)
    for reading in (late, early, undated, edited("Else.", None, "https://norda.example/else")):
        ledger.add(reading)
    versions = ledger.versions(early)
    assert [one.title for one in versions] == ["Hurt.", "One hurt.", "Two hurt."]
    assert ledger.versions(READING) == []
    assert [one.title for one in ledger.versions(early, AsOf(told="2031-03-02"))] == ["Hurt.", "One hurt."]
    earlier = ledger.earlier(late)
    assert earlier
    assert earlier.report.id == early.report.id
    assert ledger.earlier(undated) is None
