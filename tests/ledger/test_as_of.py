"""What was known when: by the day of publication, by the moment of recording, and without what was retracted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dragoman.errors import NotFound, UsageError
from dragoman.ledger import query
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import AsOf, Filter
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from tests.builders import ReadingBuilder, make_report
from tests.ledger.helpers import ask
from tests.ledger.places import Place

LATER = MadeBy(version="0.3.0", model="later", model_sha256="1" * 64)


def told(text: str, published: str | None, *, status: str = "occurred") -> Reading:
    """A report of one sentence with one event and one attribution."""
    made = ReadingBuilder(make_report(text, outlet="Norda", published=published))
    actor = made.entity("Oru", "government", mentions=["Oru"])
    said = made.attribution(source=["the harbour master"], cue=["said"], content=[text[: text.index(", ")]])
    made.event("seized", type="SEIZE", status=status, actors=[("Oru", actor)], attribution=said)
    return made.build()


FIRST = told("Oru seized the ferry, the harbour master said.", "2031-03-01")
SECOND = told("Oru seized the lighthouse, the harbour master said.", "2031-03-05")
UNDATED = told("Oru seized the mill, the harbour master said.", None)


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        for reading in (FIRST, SECOND, UNDATED):
            opened.add(reading)
        yield opened


def now() -> str:
    return datetime.now(UTC).isoformat()


def reports(ledger: Ledger, **asked: str) -> set[str]:
    """The reports of every kind of list and of the export, which must agree."""
    filter = Filter(**asked)
    found = {reading.report.id for reading in query.readings(ledger, filter)}
    assert {row.id for row in query.reports(ledger, filter).rows} == found
    assert {row.report for row in query.events(ledger, filter).rows} == found
    assert {row.report for row in query.attributions(ledger, filter).rows} == found
    assert sum(row.reports for row in query.entities(ledger, filter).rows) == len(found)
    assert ledger.counts(query.as_of(filter))["events"] == len(found)
    return found


def ids(*readings: Reading) -> set[str]:
    return {reading.report.id for reading in readings}


def test_told_by_a_day(ledger: Ledger) -> None:
    assert reports(ledger) == ids(FIRST, SECOND, UNDATED)
    assert reports(ledger, as_of="2031-02-28") == ids(UNDATED)  # recorded before that, and nobody knows when it came
    assert reports(ledger, as_of="2031-03-01") == ids(FIRST, UNDATED)
    assert reports(ledger, as_of="2031-03-05") == ids(FIRST, SECOND, UNDATED)
    assert reports(ledger, as_of="2001-01-01") == set()


def test_what_the_ledger_held(ledger: Ledger) -> None:
    before = now()
    changed = replace(FIRST, events=(replace(FIRST.events[0], status="planned"),), made_by=LATER)
    ledger.add(changed)
    assert [row.status for row in query.events(ledger, Filter(report=FIRST.report.id)).rows] == ["planned"]
    then = Filter(report=FIRST.report.id, recorded=before)
    assert [row.status for row in query.events(ledger, then).rows] == ["occurred"]
    assert ledger.reading(FIRST.report.id, AsOf(recorded=before)) == FIRST
    assert ledger.reading(FIRST.report.id) == changed
    assert reports(ledger, recorded="2001-01-01") == set()
    assert reports(ledger, recorded=now()[:10]) == ids(FIRST, SECOND, UNDATED)


def test_a_page_goes_on_at_the_same_time(ledger: Ledger) -> None:
    page = query.reports(ledger, Filter(as_of="2031-03-05"), limit=2)
    rest = query.reports(ledger, Filter(as_of="2031-03-05"), page.next_cursor, limit=2)
    assert [row.id for row in (*page.rows, *rest.rows)] == [r.report.id for r in (SECOND, FIRST, UNDATED)]
    with pytest.raises(UsageError, match="cursor"):
        query.reports(ledger, Filter(as_of="2031-03-04"), page.next_cursor)


def test_of_one_report(ledger: Ledger) -> None:
    with pytest.raises(NotFound, match="not known then"):
        ledger.reading(SECOND.report.id, AsOf(told="2031-03-04"))
    assert ledger.event(mark_id(SECOND.report.id, "E1"), AsOf(told="2031-03-05"))[0] == SECOND


@pytest.mark.parametrize("moment", ["2031-13-01", "yesterday", "2031-03-04T25:00", ""])
def test_no_moment(ledger: Ledger, moment: str) -> None:
    if moment:
        with pytest.raises(UsageError, match="no moment"):
            query.reports(ledger, Filter(recorded=moment))
        with pytest.raises(UsageError, match="no day"):
            query.reports(ledger, Filter(as_of=moment))
    else:
        assert len(query.reports(ledger, Filter(recorded=moment)).rows) == 3


@pytest.mark.parametrize("moment", ["2999-03-04T16:30", "2999-03-04T16:30+02:00", "2999-03-04"])
def test_moments(ledger: Ledger, moment: str) -> None:
    assert len(query.reports(ledger, Filter(recorded=moment)).rows) == 3


# --- retractions ------------------------------------------------------------------------------


def test_retracted_from_a_day_on(ledger: Ledger) -> None:
    before = now()
    ledger.retract(FIRST.report.id[:8], "2031-03-04", "the outlet withdrew it", "Mara")
    assert reports(ledger) == ids(SECOND, UNDATED)
    assert reports(ledger, as_of="2031-03-03") == ids(FIRST, UNDATED)
    assert reports(ledger, as_of="2031-03-04") == ids(UNDATED)
    assert reports(ledger, recorded=before) == ids(FIRST, SECOND, UNDATED)
    assert ledger.reading(FIRST.report.id) == FIRST  # nothing is lost
    found = ledger.retraction(FIRST.report.id)
    assert found is not None
    assert (found.day, found.decision.reason, found.decision.decided_by) == (
        "2031-03-04",
        "the outlet withdrew it",
        "Mara",
    )
    assert ledger.retraction(FIRST.report.id, AsOf(told="2031-03-03")) is None
    assert ledger.retraction(SECOND.report.id) is None


def test_restored(ledger: Ledger, place: Place) -> None:
    ledger.retract(FIRST.report.id, "2031-03-04")
    ledger.restore(FIRST.report.id, "2031-03-10")
    assert reports(ledger) == ids(FIRST, SECOND, UNDATED)
    assert reports(ledger, as_of="2031-03-09") == ids(SECOND, UNDATED)
    assert reports(ledger, as_of="2031-03-10") == ids(FIRST, SECOND, UNDATED)
    assert ledger.retraction(FIRST.report.id) is None
    assert len(ask(place, "SELECT * FROM retractions")) == 2


def test_what_cannot_be_retracted(ledger: Ledger, place: Place) -> None:
    with pytest.raises(NotFound):
        ledger.retract("ffffffffff", "2031-03-04")
    with pytest.raises(UsageError, match="no day"):
        ledger.retract(FIRST.report.id, "4 March")
    assert ask(place, "SELECT * FROM retractions") == []


def test_judgements_and_grades_count_from_when_they_were_made(ledger: Ledger) -> None:
    made = ReadingBuilder(make_report("Orland seized the quay.", outlet="Norda", published="2031-03-06"))
    other = made.entity("Orland", "government", mentions=["Orland"])
    made.event("seized", type="SEIZE", status="occurred", actors=[("Orland", other)])
    ledger.add(made.build())
    orland, oru = (mark_id(reading.report.id, "N1") for reading in (made.build(), FIRST))
    before = now()
    ledger.judge(orland, oru, "same")
    ledger.grade("event:x", "2")
    assert len(query.events(ledger, entity=orland).rows) == 4
    assert len(query.events(ledger, Filter(recorded=before), entity=orland).rows) == 1
    assert (ledger.overrulings(AsOf(recorded=before)), len(ledger.overrulings())) == ({}, 1)


def test_only_what_is_retracted_is_restored(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="is not retracted"):
        ledger.restore(FIRST.report.id, "2031-03-04")
    with pytest.raises(UsageError, match="no day"):
        ledger.retract(FIRST.report.id, " ")
