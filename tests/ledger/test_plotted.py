"""Events for pictures: bounded, with what is left out said; counts by day of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from dragoman.ledger import query
from dragoman.ledger.as_of import NOW
from dragoman.ledger.plotted import Window, by_day, by_day_told, plotted
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from tests.ledger.places import Place
from tests.ledger.synthetic import synthetic
from tests.show.charted import charted

ANY = Window()


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as ledger:
        for reading in (*charted(), *(synthetic(seed) for seed in range(20))):
            ledger.add(reading)
        yield ledger


@pytest.mark.parametrize(
    "filter",
    [EVERYTHING, Filter(type="ASSAULT"), Filter(status="planned"), Filter(since="2031-03-01"), Filter(actor="kade")],
)
def test_the_same_events_as_the_list_in_its_order(ledger: Ledger, filter: Filter) -> None:
    listed = query.events(ledger, filter, limit=1000).rows
    found, more = plotted(ledger, filter, ANY, None, 1000)
    assert not more
    assert [event.id for event in found] == [row.id for row in listed]
    for event, row in zip(found, listed, strict=True):
        assert (event.start, event.end, event.status, event.voice) == (row.start, row.end, row.status, row.voice)
        assert event.actor == (row.actors[0].name or row.actors[0].words if row.actors else None)
        assert event.located == row.located


def test_a_limit_takes_the_newest_and_says_so(ledger: Ledger) -> None:
    every, _ = plotted(ledger, EVERYTHING, ANY, None, 1000)
    found, more = plotted(ledger, EVERYTHING, ANY, None, 5)
    assert (found, more) == (every[:5], True)
    assert plotted(ledger, EVERYTHING, ANY, None, len(every)) == (every, False)


def test_windows(ledger: Ledger) -> None:
    every, _ = plotted(ledger, EVERYTHING, ANY, None, 1000)

    def ids(window: Window) -> list[str]:
        return [event.id for event in plotted(ledger, EVERYTHING, window, None, 1000)[0]]

    assert ids(Window(located=True)) == [event.id for event in every if event.located]
    assert ids(Window(dated=True)) == [event.id for event in every if event.start or event.end]
    assert ids(Window(dated=False)) == [event.id for event in every if not (event.start or event.end)]
    told = [event.id for event in every if "2031-03-05" <= (event.published or "") <= "2031-03-08"]
    assert told and ids(Window(first="2031-03-05", last="2031-03-08")) == told


def test_days_are_counted_for_what_counts(ledger: Ledger) -> None:
    def expected() -> Counter[str]:
        rows = query.events(ledger, limit=1000).rows
        return Counter(day for row in rows if (day := row.start or row.end))

    assert dict(by_day(ledger, NOW)) == expected()
    reports = [row for row in query.reports(ledger, limit=1000).rows if row.published]
    assert dict(by_day_told(ledger, NOW)) == Counter(row.published for row in reports)
    before = expected()
    ledger.retract(reports[0].id, "2031-04-01")
    assert dict(by_day(ledger, NOW)) == expected() != before
    earlier = query.as_of(Filter(as_of="2031-03-04"))
    rows = query.events(ledger, Filter(as_of="2031-03-04"), limit=1000).rows
    assert dict(by_day(ledger, earlier)) == Counter(day for row in rows if (day := row.start or row.end))
