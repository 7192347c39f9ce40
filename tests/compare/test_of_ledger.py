"""Copies and happenings of a ledger: filtered, as of a day, after a judgement; kept while nothing changes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman.compare import of_ledger
from dragoman.compare.happenings import Happening
from dragoman.compare.happenings import happenings as worked_out
from dragoman.compare.happenings import told_by_several as from_readings
from dragoman.compare.of_ledger import happening_of, happenings, tree_of, trees
from dragoman.errors import UsageError
from dragoman.ledger import bulk
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.comparisons import KEPT
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from tests.builders import ReadingBuilder, make_report
from tests.compare.test_happenings import agency, elsewhere, local, outlets, relay
from tests.ledger.helpers import ask
from tests.ledger.places import Place

READINGS = [agency(), relay(), local(), elsewhere()]
AGENCY, RELAY, LOCAL, ELSEWHERE = (mark_id(reading.report.id, "E1") for reading in READINGS)


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        for reading in READINGS:
            opened.add(reading)
        yield opened


def kept(place: Place) -> list[tuple[int, str]]:
    return [(int(n), str(step)) for n, step in ask(place, "SELECT number, step FROM comparisons ORDER BY 1")]


def test_kept_and_worked_out_are_the_same(ledger: Ledger, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    first = happenings(ledger)
    assert first == [one for one in worked_out(READINGS) if len(one.reports) > 1]
    monkeypatch.setattr(of_ledger, "told_by_several", None)  # would fail if it were asked again
    assert happenings(ledger) == first
    assert kept(place) == [(1, "copies"), (2, "happenings")]


def test_a_ledger_that_cannot_be_written_to_keeps_nothing(ledger: Ledger, place: Place) -> None:
    found = happenings(ledger, Filter(outlet="Radio Brine"))
    if isinstance(place, Path):
        place.chmod(0o400)
    with Ledger.open_as_it_is(place) or ledger as read_only:
        assert read_only is not ledger
        assert happenings(read_only, Filter(outlet="Radio Brine", as_of="2031-03-20")) == found
        assert happenings(read_only, Filter(outlet="Nobody", as_of="2031-03-20")) == []
    assert len(kept(place)) == 2


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"type": "ASSAULT"}, 1),
        ({"type": "AGREE"}, 0),
        ({"outlet": "Radio Brine"}, 1),
        ({"source": "harbour officials"}, 1),
        ({"since": "2031-03-04"}, 0),
        ({"text": '"fish market"'}, 1),
        ({"report": READINGS[3].report.id[:10]}, 0),
    ],
)
def test_those_of_which_an_event_matches(ledger: Ledger, asked: dict[str, str], count: int) -> None:
    found = happenings(ledger, Filter(**asked))
    assert [outlets(one) for one in found] == [["Norda", "Radio Brine", "Tollmar Courier"]] * count


def test_as_of_a_day_later_reports_are_not_compared(ledger: Ledger) -> None:
    (then,) = happenings(ledger, Filter(as_of="2031-03-04"))
    assert outlets(then) == ["Norda", "Radio Brine"]
    assert happenings(ledger, Filter(as_of="2031-03-03")) == []
    with pytest.raises(UsageError, match="no day"):
        happenings(ledger, Filter(as_of="Tuesday"))


def test_a_retracted_report_tells_nothing(ledger: Ledger) -> None:
    assert len(happenings(ledger)[0].reports) == 3
    ledger.retract(READINGS[2].report.id, "2031-03-06", "it was a drill")
    assert outlets(happenings(ledger)[0]) == ["Norda", "Tollmar Courier"]
    assert outlets(happenings(ledger, Filter(as_of="2031-03-05"))[0]) == ["Norda", "Radio Brine", "Tollmar Courier"]


def test_what_somebody_judged_holds_over_the_scores(ledger: Ledger) -> None:
    ledger.judge(LOCAL, AGENCY, "different", "there were two blasts", "Mara")
    ledger.judge(LOCAL, RELAY, "different")
    (found,) = happenings(ledger)
    assert outlets(found) == ["Norda", "Tollmar Courier"]
    ledger.judge(ELSEWHERE, AGENCY, "same")
    assert outlets(happenings(ledger)[0]) == ["Norda", "Tollmar Courier", "Tollmar Courier"]
    assert [feature.name for join in happenings(ledger)[0].joins for feature in join.features][-1] == "judged the same"
    ledger.judge(AGENCY, ELSEWHERE, "unsure")  # the latest holds: that of the machine again
    ledger.judge(AGENCY, LOCAL, "unsure")
    ledger.judge(RELAY, LOCAL, "unsure")
    assert [one.reports for one in happenings(ledger)] == [one.reports for one in told_by_several()]


def told_by_several() -> list[Happening]:
    return [one for one in worked_out(READINGS) if len(one.reports) > 1]


def test_what_cannot_be_judged(ledger: Ledger, place: Place) -> None:
    for one, other, verdict in ((AGENCY, AGENCY, "same"), (AGENCY, LOCAL, "alike")):
        with pytest.raises(UsageError):
            ledger.judge(one, other, verdict)
    with pytest.raises(UsageError, match="two entities, or two events"):
        ledger.judge(AGENCY, mark_id(READINGS[0].report.id, "N1"), "same")
    assert ask(place, "SELECT * FROM joins") == []


def test_only_the_last_comparisons_are_kept(ledger: Ledger, place: Place) -> None:
    for day in range(1, KEPT + 4):
        happenings(ledger, Filter(as_of=f"2031-03-{day:02}"))
    steps = [step for _, step in kept(place)]
    assert (steps.count("happenings"), steps.count("copies")) == (KEPT, KEPT)
    rows = "SELECT count(*) FROM {0} WHERE comparison NOT IN (SELECT number FROM comparisons)"
    assert [ask(place, rows.format(table)) for table in ("findings", "tellings")] == [[(0,)], [(0,)]]


def test_trees_are_kept_too(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    found = trees(ledger)
    assert [copy.kind for tree in found for copy in tree.copies] == ["relay"]
    monkeypatch.setattr(of_ledger, "copies", None)
    assert trees(ledger) == found
    assert trees(ledger, limit=0) == []


def test_chance_order_of_sets_changes_nothing(ledger: Ledger) -> None:
    """Python orders sets anew in each process; sums of floats must not show it."""
    asked = "from dragoman.compare.happenings import happenings; from tests.compare.test_happenings import readings"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", f"{asked}; print(repr([one.joins for one in happenings(readings())]))"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_the_happening_of_one_event_and_the_tree_of_one_report(ledger: Ledger) -> None:
    report = READINGS[1].report.id
    assert (happening_of(ledger, AGENCY), tree_of(ledger, report)) == (None, None)  # nothing is worked out yet
    (found,), (tree,) = happenings(ledger), trees(ledger)
    assert [happening_of(ledger, event) for event in (AGENCY, RELAY, LOCAL, ELSEWHERE)] == [found] * 3 + [None]
    assert [tree_of(ledger, r.report.id) for r in READINGS] == [tree, tree, None, None]
    assert happening_of(ledger, AGENCY, AsOf(told="2031-03-04")) is None


def test_before_anything_was_told(ledger: Ledger) -> None:
    assert trees(ledger, AsOf(told="2001-01-01")) == []


def test_what_comes_while_happenings_are_worked_out(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others go on: the answer is that of the moment it was asked, and the next one of the moment after."""

    def meanwhile(*asked: Any) -> list[Happening]:
        found = list(from_readings(*asked))
        ledger.retract(READINGS[2].report.id, "2031-03-04")
        ledger.correct(AGENCY, "dropped", "yes")
        return found

    monkeypatch.setattr(of_ledger, "told_by_several", meanwhile)
    assert outlets(happenings(ledger)[0]) == ["Norda", "Radio Brine", "Tollmar Courier"]
    monkeypatch.setattr(of_ledger, "told_by_several", from_readings)
    assert happenings(ledger) == []


def test_a_clock_that_is_wrong_hides_nothing(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "now", lambda: "2999-01-01T00:00:00.000000+00:00")
    late = ReadingBuilder(make_report("A bomb killed nine people at the fish market of Dorvane on Monday, police said.",
                                      outlet="Lantern", published="2031-03-04"))  # fmt: skip
    late.event("bomb killed", "ASSAULT", mode="explosives", recipients=["nine people"], place="Dorvane",
               start="2031-03-03", end="2031-03-03")  # fmt: skip
    ledger.add(late.build())
    assert "Lantern" in outlets(happenings(ledger)[0])


def test_the_comparison_of_now_outlives_those_of_days(ledger: Ledger) -> None:
    happenings(ledger)
    for day in range(1, KEPT + 4):
        happenings(ledger, Filter(as_of=f"2031-03-{day:02}"))
    assert happening_of(ledger, AGENCY) is not None


def test_half_a_surrogate_pair_is_kept(ledger: Ledger) -> None:
    report = replace(READINGS[0].report, outlet="Nor\ud800da", id="0" * 64)
    ledger.add(replace(READINGS[0], report=report))
    assert happenings(ledger) == happenings(ledger)
    assert trees(ledger) == trees(ledger)


def test_happenings_of_more_reports_than_one_question_may_name(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    found = happenings(ledger)
    assert len(found[0].reports) == 3
    monkeypatch.setattr(of_ledger, "_REPORTS_AT_ONCE", 2)
    assert happenings(ledger) == found
