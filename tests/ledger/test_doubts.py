"""The queue of marks that the model is unsure of, against the same worked out from the readings one by one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dragoman.errors import UsageError
from dragoman.ledger import doubts as module
from dragoman.ledger.doubts import SETTLED, doubts
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.schema import events
from dragoman.ledger.store import Ledger
from dragoman.records import LOW, Attribution, Event, Reading
from tests.ledger.places import Place
from tests.ledger.synthetic import synthetic


def readings() -> list[Reading]:
    """Some with as many equal confidences as a calibrated model gives."""
    draw = random.Random(3)

    def doubtful(reading: Reading) -> Reading:
        return replace(
            reading,
            events=tuple(replace(event, confidence=draw.randint(2, 20) / 20) for event in reading.events),
            attributions=tuple(replace(said, confidence=draw.randint(2, 20) / 20) for said in reading.attributions),
        )

    return [doubtful(synthetic(seed)) for seed in range(12)]


READINGS = readings()


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        for reading in READINGS:
            opened.add(reading)
        yield opened


def expected(kind: str, below: int = SETTLED, type: str | None = None, outlet: str | None = None) -> list[str]:
    """The ids in order of doubt, then of reports and marks."""
    found = []
    for reading in READINGS:
        marks: tuple[Event | Attribution, ...] = reading.events if kind == "event" else reading.attributions
        for mark in marks:
            of_type = type is None or (isinstance(mark, Event) and mark.type == type)
            if mark.confidence < below / 100 and outlet in (None, reading.report.outlet) and of_type:
                found.append((abs(mark.confidence - LOW), reading.report.id, mark.id))
    return [mark_id(report, id) for _, report, id in sorted(found)]


def walked(ledger: Ledger, kind: str, filter: Filter = EVERYTHING, limit: int = 7, below: int = SETTLED) -> list[str]:
    found, after = list[str](), None
    while True:
        page = doubts(ledger, kind, filter, after, limit, below)
        found += [row.id for row in page.rows]
        after = page.next_cursor
        if after is None:
            return found


@pytest.mark.parametrize("kind", ["event", "attribution"])
@pytest.mark.parametrize("below", [30, SETTLED, 100])
def test_nearest_to_even_odds_first_page_by_page(ledger: Ledger, kind: str, below: int) -> None:
    assert walked(ledger, kind, below=below) == expected(kind, below) != []


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_filter_leaves_the_same_whether_few_or_many_match(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(module, "_FEW", few)
    event, outlet = READINGS[0].events[0], READINGS[0].report.outlet
    assert walked(ledger, "event", Filter(type=event.type)) == expected("event", type=event.type)
    assert walked(ledger, "event", Filter(outlet=outlet)) == expected("event", outlet=outlet) != []
    report = READINGS[1].report.id
    found = walked(ledger, "attribution", Filter(report=report[:10]))
    assert found == [id for id in expected("attribution") if id.startswith(report[:12])]


def test_what_is_decided_leaves_the_queue_and_comes_back_when_that_is_taken_back(ledger: Ledger) -> None:
    first, second, third, *rest = expected("event")
    ledger.correct(first, "accepted", "yes")
    ledger.correct(second, "dropped", "yes")
    ledger.correct(third, "certainty", "possible" if ledger.event(third)[1].certainty != "possible" else "probable")
    assert walked(ledger, "event") == rest
    ledger.undo()
    assert walked(ledger, "event") == [third, *rest]
    ledger.retract(ledger.event(third)[0].report.id, "2031-01-01")
    assert third not in walked(ledger, "event")


def test_a_cursor_goes_on_though_a_mark_of_the_same_report_was_decided(ledger: Ledger) -> None:
    ids = expected("event")
    page = doubts(ledger, "event", Filter(), None, 5)
    others = [id for id in ids[5:] if id[:12] == ids[4][:12]]
    ledger.correct(others[0], "accepted", "yes")
    left = doubts(ledger, "event", Filter(), page.next_cursor, 1000).rows
    assert [row.id for row in left] == [id for id in ids[5:] if id != others[0]]


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"below": 0}, "no confidence"), ({"after": "x"}, "cursor"), ({"filter": Filter(type="WAR")}, "no event type")],
)
def test_what_makes_no_sense_is_refused(ledger: Ledger, asked: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"filter": Filter(), **asked}
    with pytest.raises(UsageError, match=said):
        doubts(ledger, "event", **given)  # type: ignore[arg-type]


def test_the_index_is_of_the_doubt_that_is_asked_for() -> None:
    (index,) = [index for index in events.indexes if index.name == "events_by_doubt"]
    assert str(index.expressions[0]) == f"abs(confidence - {LOW})"
    assert str(module.KINDS["event"].doubt.element) == f"abs(events.confidence - {LOW})"
