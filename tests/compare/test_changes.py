"""What changed between two readings: by a later model, by a correction, because an article was edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings

from dragoman.compare.changes import Change, Changes, FieldChange, between, changes
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from dragoman.show.diff import put
from dragoman.show.screen import Screen
from tests.builders import ReadingBuilder, make_report
from tests.ledger.strategies import reading_of_anything

LATER = MadeBy(version="0.3.0", model="later", model_sha256="1" * 64)
TEXT = "Dispatch 1. The guard seized a ferry on Monday, the harbour master said. Two sailors were hurt."
EDITED = "Correction: it was a barge. Dispatch 1. The guard seized a barge on Monday, the harbour master said."
URL = "https://norda.example/ferry"


def reading(text: str = TEXT, url: str | None = URL, published: str = "2031-03-01") -> Reading:
    made = ReadingBuilder(make_report(text, outlet="Norda", published=published, url=url, title="Ferry seized"))
    guard = made.entity("The guard", "military", mentions=["The guard"])
    said = made.attribution(source=["the harbour master"], cue=["said"], content=[text[text.index("The g") :][:20]])
    made.event("seized", type="SEIZE", status="occurred", actors=[("The guard", guard)], attribution=said)
    if "hurt" in text:
        made.event("hurt", type="ASSAULT", status="occurred", recipients=["Two sailors"])
    return made.build()


BEFORE, AFTER = reading(), reading(EDITED, published="2031-03-02")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        opened.add(BEFORE)
        yield opened


def in_words(found: Changes) -> str:
    stream = StringIO()
    put(Screen.on(stream), found)
    return " ".join(stream.getvalue().split())


def test_by_a_later_model(ledger: Ledger) -> None:
    seized, _hurt = BEFORE.events
    after = replace(BEFORE, events=(replace(seized, id="E7", status="attempted", confidence=0.2),), made_by=LATER)
    ledger.add(after)
    (found,) = between(ledger, None, None, None)
    assert found.marks == (
        Change(
            "changed",
            "event",
            mark_id(BEFORE.report.id, "E7"),
            "seized",
            (FieldChange("status", "occurred", "attempted"),),
        ),
        Change("dropped", "event", mark_id(BEFORE.report.id, "E2"), "hurt"),
    )
    assert (found.added, found.cut) == ((), ())
    said = in_words(found)
    assert "status occurred → attempted" in said
    assert "1 event changed, 1 event dropped" in said
    assert "later, Dragoman 0.3.0" in said


def test_an_edited_article(ledger: Ledger) -> None:
    ledger.add(AFTER)
    (found,) = between(ledger, AFTER.report.id, None, None)
    assert (found.before, found.after) == (BEFORE.report.id, AFTER.report.id)
    assert found.added == ("Correction: it was a barge.", "barge")
    assert found.cut == ("ferry", "Two sailors were hurt.")
    assert [(m.what, m.kind, m.words) for m in found.marks] == [
        ("dropped", "event", "hurt"),
        ("changed", "attribution", "the harbour master … said"),
    ]
    assert list(between(ledger, BEFORE.report.id, None, None)) == []  # nothing was there before it
    (back,) = between(ledger, AFTER.report.id, BEFORE.report.id, None)
    assert (back.added, back.cut) == (found.cut, found.added)


def test_corrections_say_whose_they_are(ledger: Ledger) -> None:
    ledger.correct(mark_id(BEFORE.report.id, "E1"), "type", "COERCE", "it was searched", "Mara")
    (found,) = between(ledger, BEFORE.report.id, None, None)
    assert "E1 type corrected by Mara: it was searched" in in_words(found)


def test_since_a_moment(ledger: Ledger) -> None:
    ledger.correct(mark_id(BEFORE.report.id, "E1"), "type", "COERCE")
    moment = datetime.now(UTC).isoformat()
    ledger.correct(mark_id(BEFORE.report.id, "E1"), "status", "planned")
    ledger.correct(mark_id(BEFORE.report.id, "E1"), "certainty", "possible")
    (found,) = between(ledger, None, None, moment)
    assert [field.field for mark in found.marks for field in mark.fields] == ["status", "certainty"]
    assert list(between(ledger, None, None, "2001-01-01")) == []  # nothing was held then


def test_nothing_changed(ledger: Ledger) -> None:
    assert list(between(ledger, None, None, None)) == []
    assert list(between(ledger, BEFORE.report.id, None, None)) == []
    assert "nothing else is other" in in_words(changes(BEFORE, BEFORE))


@pytest.mark.parametrize("asked", [("ffffff", None, None), (BEFORE.report.id, "ffffff", None)])
def test_what_is_not_there(ledger: Ledger, asked: tuple[str, str | None, None]) -> None:
    with pytest.raises(NotFound):
        list(between(ledger, *asked))
    with pytest.raises(UsageError):
        list(between(ledger, None, None, "yesterday"))


@settings(max_examples=40, deadline=None)
@given(reading_of_anything(), reading_of_anything())
def test_any_two_readings(one: Reading, other: Reading) -> None:
    assert changes(one, one).marks == ()
    there = changes(one, other)
    marks = [m.id for m in one.events] + [m.id for m in one.attributions] + [m.id for m in one.entities]
    assert {m.id for m in there.marks if m.what == "dropped"} <= {mark_id(one.report.id, id) for id in marks}
    in_words(there)


def test_every_correction_is_shown(ledger: Ledger) -> None:
    ledger.correct(mark_id(BEFORE.report.id, "E1"), "type", "COERCE", "it was searched", "Mara")
    ledger.correct(mark_id(BEFORE.report.id, "E1"), "status", "planned", "", "Ada")
    (found,) = between(ledger, None, None, None)
    assert [field.field for mark in found.marks for field in mark.fields] == ["type", "status"]
    assert [correction.decided_by for correction in found.corrections] == ["Mara", "Ada"]
