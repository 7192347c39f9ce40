"""What ended of late of all that the most active actors hold to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.compare.state.changed import ACTORS, changed
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from tests.compare.test_state import COUNCIL, embargo, lifting, tell


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "l.sqlite") as opened:
        opened.add(embargo())
        opened.add(lifting())
        yield opened


def test_what_was_lifted_in_these_days_is_told_with_what_lifted_it(ledger: Ledger) -> None:
    (one,) = changed(ledger, "2031-04-01", "2031-04-08", Filter())
    assert (one.actor, one.held.shown.event.type) == (COUNCIL, "SANCTION")
    assert one.held.ended is not None
    assert (one.held.ended.kind, one.held.ended.day) == ("superseded", "2031-04-07")
    assert "lifted" in one.held.ended.why


@pytest.mark.parametrize(("since", "until"), [("2031-04-08", "2031-04-09"), ("2031-03-01", "2031-04-06")])
def test_what_ended_before_or_after_is_left_out(ledger: Ledger, since: str, until: str) -> None:
    assert changed(ledger, since, until, Filter()) == []


def test_what_was_told_later_is_not_known_yet(ledger: Ledger) -> None:
    assert changed(ledger, "2031-03-01", "2031-04-06", Filter(as_of="2031-04-06")) == []


def test_only_the_most_active_are_looked_at(ledger: Ledger) -> None:
    for number in range(ACTORS):
        for day in (7, 8):
            ledger.add(
                tell(f"On day {day} the Band of {number} met Velden.", f"2031-04-0{day}", "met", "CONSULT",
                     by=f"Band of {number}", to="Velden")
            )  # fmt: skip
    assert changed(ledger, "2031-04-01", "2031-04-08", Filter()) == []
