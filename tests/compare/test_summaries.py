"""Happenings as rows for pages: what a row says, lists by weight and by day, one happening, and what came since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dragoman.compare import keeping
from dragoman.compare.of_ledger import happening, happenings, standing, summaries, told_in
from dragoman.compare.summaries import Number, row_of
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.comparisons import ORDERS, Choice
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests.compare.test_happenings import agency, elsewhere, local, outlets, relay
from tests.ledger.places import Place

READINGS = [agency(), relay(), local(), elsewhere()]
AGENCY, RELAY, LOCAL, ELSEWHERE = (mark_id(reading.report.id, "E1") for reading in READINGS)


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        for reading in READINGS:
            opened.add(reading)
        yield opened


def shifted(reading: Reading, day: int) -> Reading:
    """The same of another month: another happening."""
    moved = f"2031-04-{day:02}"
    report = replace(reading.report, published=moved, id=f"{day:02x}{reading.report.id[2:]}")
    events = tuple(replace(event, start=moved, end=moved) for event in reading.events)
    return replace(reading, report=report, events=events)


def test_a_row_says_what_most_reports_tell(ledger: Ledger) -> None:
    (row,) = summaries(ledger).rows
    assert (row.type, row.mode, row.status, row.start, row.end) == (
        "ASSAULT",
        "explosives",
        "occurred",
        "2031-03-03",
        "2031-03-03",
    )
    assert row.place is not None and (row.place.name, row.located) == ("Dorvane", None)
    assert row.sentence.startswith(("A bomb", "At least"))
    assert (row.told_first, row.told_last, row.reports) == ("2031-03-04", "2031-03-05", 3)
    assert set(row.outlets) == {"Norda", "Tollmar Courier", "Radio Brine"}
    [toll] = row.tolls
    assert toll == Number("killed", 14, None, None, toll.event, toll.outlet)
    assert (row.disputes, row.disputed_on, row.unnamed) == (("toll",), "2031-03-04", False)
    assert row == row_of(happenings(ledger)[0])


def test_only_unnamed_sources(ledger: Ledger) -> None:
    assert summaries(ledger, choice=Choice(unnamed=True)).rows == ()
    ledger.retract(READINGS[1].report.id, "2031-03-06")
    ledger.retract(READINGS[2].report.id, "2031-03-06")
    ledger.add(replace(agency(), report=replace(agency().report, outlet="Lantern", id="ab" * 32)))
    (row,) = summaries(ledger, choice=Choice(unnamed=True)).rows
    assert (row.unnamed, set(row.outlets)) == (True, {"Norda", "Lantern"})


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(told_since="2031-03-05"), 1),
        (Choice(told_since="2031-03-06"), 0),
        (Choice(disputed_since="2031-03-04"), 1),
        (Choice(disputed_since="2031-03-05"), 0),
        (Choice(disputed=True), 1),
    ],
)
def test_what_is_chosen(ledger: Ledger, choice: Choice, count: int) -> None:
    assert len(summaries(ledger, choice=choice).rows) == count


def test_filters_ask_of_an_event(ledger: Ledger) -> None:
    assert len(summaries(ledger, Filter(outlet="Radio Brine")).rows) == 1
    assert len(summaries(ledger, Filter(type="AGREE")).rows) == 0
    assert summaries(ledger, Filter(as_of="2031-03-03")).rows == ()


def test_pages_hold_each_happening_once_in_every_order(ledger: Ledger) -> None:
    for day in range(6, 9):
        for reading in (agency(), local()):
            ledger.add(shifted(reading, day))
    whole = {row.id for row in summaries(ledger).rows}
    assert len(whole) > 1
    for order in ORDERS:
        found, after = [], None
        while True:
            page = summaries(ledger, after=after, limit=1, order=order)
            found += [row.id for row in page.rows]
            after = page.next_cursor
            if after is None:
                break
        assert set(found) == whole and len(found) == len(whole)
    with pytest.raises(UsageError, match="cursor"):
        summaries(ledger, after="x")


def test_the_heaviest_come_first_and_the_latest(ledger: Ledger) -> None:
    for reading in (agency(), local()):
        ledger.add(shifted(reading, 9))
    assert [row.reports for row in summaries(ledger).rows] == [3, 2]
    assert [row.told_last for row in summaries(ledger, order="told").rows] == ["2031-04-09", "2031-03-05"]


def test_one_happening_by_any_event_that_tells_it(ledger: Ledger) -> None:
    (found,) = happenings(ledger)
    assert [happening(ledger, event) for event in (AGENCY, RELAY, LOCAL)] == [found] * 3
    alone = happening(ledger, ELSEWHERE)
    assert (outlets(alone), alone.id) == (["Tollmar Courier"], ELSEWHERE)
    assert told_in(ledger, READINGS[1].report.id) == {"E1": row_of(found)}
    assert told_in(ledger, READINGS[3].report.id) == {}
    with pytest.raises(NotFound):
        happening(ledger, ELSEWHERE.replace(":E1", ":E9"))


def test_what_came_since_is_told(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    first = standing(ledger)
    assert first is not None and first.behind == 0
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    ledger.retract(READINGS[2].report.id, "2031-03-06")
    ledger.add(shifted(agency(), 9))
    now = standing(ledger)
    assert now is not None and (now.number, now.behind) == (first.number, 2)
    assert summaries(ledger).rows[0].reports == 3
    assert outlets(happening(ledger, AGENCY)) == ["Norda", "Radio Brine", "Tollmar Courier"]
    assert standing(ledger, AsOf(told="2031-03-04")) is None
    assert summaries(ledger, Filter(as_of="2031-03-04")).rows == ()


def test_a_page_may_take_what_is_old(ledger: Ledger) -> None:
    first = standing(ledger, however_old=True)  # there is none yet: it is worked out
    ledger.retract(READINGS[2].report.id, "2031-03-06")
    old = standing(ledger, however_old=True)
    assert first and old
    assert (old.number, old.behind) == (first.number, 1)
    now = standing(ledger)
    assert now and now.number > first.number
