"""One scenario on SQLite and on PostgreSQL: whatever is done and asked, the results are equal."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dragoman.compare import alike, of_ledger
from dragoman.compare.changes import between
from dragoman.errors import DragomanError
from dragoman.ledger import as_of, query
from dragoman.ledger.folding import search_words
from dragoman.ledger.query import Filter, Page
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from dragoman.show.exports import export
from tests.builders import denial
from tests.compare.test_happenings import agency, elsewhere, local, relay
from tests.ledger.helpers import contents
from tests.ledger.places import Databases, Place, borrowed
from tests.ledger.strategies import reading_of_anything
from tests.ledger.synthetic import synthetic
from tests.postgresql import Server
from tests.soak import SOAK

LISTS: tuple[Callable[..., Page[Any]], ...] = (query.reports, query.events, query.attributions, query.entities)
ASKED = (
    Filter(),
    Filter(text='varn "on Monday"'),
    Filter(actor="dov", since="2031-03-01"),
    Filter(outlet="harbour post", as_of="2031-06-01"),
    Filter(recorded="2031-01-01T00:00:20"),
)


@pytest.fixture(scope="module")
def databases(postgresql: Server) -> Databases:
    return Databases(postgresql)


@pytest.fixture
def both(databases: Databases, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """A place of each kind."""
    with borrowed(databases) as url:
        yield tmp_path / "ledger.sqlite", url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Sets the clock of recording to a start, from which it goes on by a second each time it is asked."""

    class Clock(datetime):
        ticks = count()

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime(2031, 1, 1, 0, 0, next(cls.ticks) % 60, tzinfo=UTC)

    for module in (as_of,):
        monkeypatch.setattr(module, "datetime", Clock)

    def start() -> None:
        Clock.ticks = count()

    return start


def scenario(place: Place) -> list[Any]:
    """Reports come, are read anew, copied, judged, corrected and retracted; then everything is asked."""
    draw = random.Random(7)
    some = [denial(), agency(), relay(), local(), elsewhere(), *(synthetic(seed) for seed in range(12))]
    told: list[Any] = []
    with Ledger.open(place) as ledger:
        for reading in draw.sample(some, len(some)):
            undated = replace(reading, report=replace(reading.report, published=None))
            told += [ledger.add(undated), ledger.add(reading), ledger.add(undated)]
        for reading in some[4:8]:
            told.append(ledger.add(replace(reading, events=reading.events[1:], made_by=MadeBy("9", "new", "9"))))
        first, second, third = (some[number].report.id for number in (9, 10, 11))
        for decide in (
            partial(ledger.judge, f"{first}:N1", f"{second}:N2", "same", "Mara\x00", "alike"),
            partial(ledger.judge, f"{first}:E1", f"{second}:E1", "different"),
            partial(ledger.judge, f"{first}:E1", f"{first}:E1", "same"),
            partial(ledger.correct, f"{first}:E1", "status", "planned", "only planned"),
            partial(ledger.correct, f"{second}:A1", "stance", "denies"),
            partial(ledger.retract, third, "2031-05-01"),
            partial(ledger.restore, third, "2031-05-09"),
            partial(ledger.retract, some[2].report.id, "2031-04-01", "withdrawn"),
            partial(ledger.grade, "Harbour Post", "C", "known"),
            partial(ledger.event, f"{first}:E99"),
            partial(ledger.resolve, "abc"),
        ):
            told.append(_outcome(decide))
        for listed in LISTS:
            for asked in ASKED:
                told.append(_pages(partial(listed, ledger, asked)))
        for listed in LISTS[1:3]:
            told.append(_pages(partial(listed, ledger, entity=f"{first}:N1")))
        told += [of_ledger.trees(ledger), of_ledger.happenings(ledger), of_ledger.happenings(ledger, Filter(actor="a"))]
        told += [
            list(between(ledger, None, None, None)),
            alike.queue(ledger, 20),
            ledger.counts(),
            ledger.overrulings(),
        ]
        told += [b"".join(export(ledger, asked, "jsonl")) for asked in (Filter(), Filter(text="varn"))]
    return told


def _outcome(decide: Callable[[], Any]) -> Any:
    try:
        return decide()
    except DragomanError as error:
        return type(error), str(error)


def _pages(ask: Callable[..., Page[Any]]) -> list[Page[Any]]:
    """Every page, with its cursor."""
    pages = [ask(limit=7)]
    while pages[-1].next_cursor:
        pages.append(ask(limit=7, after=pages[-1].next_cursor))
    return pages


def test_the_same_scenario_gives_equal_results(both: tuple[Place, Place], clock: Callable[[], None]) -> None:
    results, rows = [], []
    for place in both:
        clock()
        results.append([repr(step) for step in scenario(place)])
        kept = contents(place)
        rows.append({name: found for name, found in kept.items() if name not in ("report_words", "comparisons")})
    assert len(results[0]) > 80
    assert [n for n, (one, other) in enumerate(zip(*results, strict=True)) if one != other] == []
    assert [name for name in rows[0] if rows[0][name] != rows[1][name]] == []


@given(some=st.lists(reading_of_anything(), min_size=1, max_size=3, unique_by=lambda r: r.report.id), data=st.data())
@hypothesis_settings(max_examples=1000 if SOAK else 40, deadline=None)
def test_any_words_are_found_in_the_same_reports(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, some: list[Reading], data: st.DataObject
) -> None:
    """Words of the texts, next to one another or not, whole or not."""
    words = search_words(" ".join(f"{one.report.title or ''} {one.report.text}" for one in some)) or ["none"]
    part = st.lists(st.sampled_from(words), min_size=1, max_size=3).map(lambda several: f'"{" ".join(several)}"')
    at = st.integers(0, len(words) - 1)
    stretch = at.flatmap(lambda start: st.integers(1, 4).map(lambda n: f'"{" ".join(words[start : start + n])}"'))
    asked = data.draw(st.lists(part | stretch | st.sampled_from(words), min_size=1, max_size=3).map(" ".join))
    found = []
    with borrowed(databases, ledger=True) as url:
        for place in (tmp_path_factory.mktemp("words") / "ledger.sqlite", url):
            with Ledger.open(place) as ledger:
                for reading in some:
                    ledger.add(reading)
                found.append([row.id for row in query.reports(ledger, Filter(text=asked[:1000])).rows])
    assert found[0] == found[1]
