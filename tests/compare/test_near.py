"""What somebody holds to by the newest reports that name it, against what all reports tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from dragoman.compare.state import Ending, of_ledger
from dragoman.compare.state.actors import Actor, is_proper
from dragoman.compare.state.near import near
from dragoman.config import Settings
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import fold
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Reader, load, make_report
from dragoman.records import Report
from tests.compare.test_state import embargo, extension, lifting

SAMPLE = Path(__file__).parents[2] / "src/dragoman/data/sample"
STORIES = Path(__file__).parent / "stories"
LATER = {"sample": "2031-03-31", "coup_attempt": "2032-12-31", "sanctions_vote": "2039-12-31"}
"""A day after the last report of each."""
ALL = 10_000


def reports(name: str) -> Iterator[Report]:
    if name == "sample":
        yield from (found for found in load([SAMPLE], settings=Settings()) if isinstance(found, Report))
        return
    for one in yaml.safe_load((STORIES / f"{name}.yaml").read_text(encoding="utf-8"))["reports"]:
        yield make_report(one["text"], title=one["title"], outlet=one["outlet"], published=str(one["published"]))


@pytest.fixture(scope="module", params=LATER)
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Ledger, str]]:
    reader = Reader()
    with Ledger.open(tmp_path_factory.mktemp("near") / "ledger.sqlite") as ledger:
        for report in reports(request.param):
            ledger.add(reader.read(report))
        yield ledger, LATER[request.param]


def test_the_same_as_by_all_reports_but_for_what_does_not_name_it(read: tuple[Ledger, str]) -> None:
    ledger, day = read
    named = {
        Who.of(entity): f"{reading.report.id}:{entity.id}"
        for reading in ledger.readings()
        for entity in reading.entities
        if entity.type != "place" and is_proper(entity.name)
    }
    holding = 0
    for id in list(named.values())[::2]:
        found, whole = near(ledger, id, day, ALL), of_ledger(ledger, id, day)
        assert not found.more and found.state.actor == whole.actor
        holding += bool(whole.held)
        for one, other in zip(found.state.held, whole.held, strict=True):
            assert replace(one, ended=None, perhaps=()) == replace(other, ended=None, perhaps=())
            assert set(one.perhaps) <= set(other.perhaps)
            for ending in {other.ended, *other.perhaps} - {one.ended, *one.perhaps, None}:
                assert ending and not _all_name(ledger, ending, whole.actor)
    assert holding >= 2


def _all_name(ledger: Ledger, ending: Ending, actor: Actor) -> bool:
    """Whether the reports of an ending all name the actor or who speaks for it."""
    texts = [fold(ledger.event(event)[0].report.text) for event in ending.by]
    return all(any(name in text for name in actor.names | actor.speakers) for text in texts)


def test_older_reports_than_the_newest_are_left_out(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for reading in (embargo(), extension(), lifting(confidence=0.2)):
            assert ledger.add(reading)
        id = f"{embargo().report.id}:N1"
        whole, newest = near(ledger, id, "2031-06-02", 3), near(ledger, id, "2031-06-02", 2)
        assert not whole.more and newest.more
        assert {one.shown.member.reading.report.id for one in whole.state.held} >= {embargo().report.id}
        assert embargo().report.id not in {one.shown.member.reading.report.id for one in newest.state.held}


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.add(embargo())
        with pytest.raises(NotFound):
            near(ledger, f"{embargo().report.id}:N9", "2031-06-02", 2)
        with pytest.raises(NotFound):
            near(ledger, f"{embargo().report.id}:N1", "2031-01-01", 2)
        with pytest.raises(UsageError):
            near(ledger, f"{embargo().report.id}:N1", "June", 2)
