"""Pairs of events to judge: those that dispute each other, those that are doubtfully one happening."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import Any

import pytest

from dragoman.compare import disputes as module
from dragoman.compare.disputes import JOIN, disputes
from dragoman.compare.of_ledger import HAPPENINGS, happenings, kept_happenings
from dragoman.errors import UsageError
from dragoman.ledger import comparisons
from dragoman.ledger.as_of import NOW
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from tests.compare.shelling import denial, own, said
from tests.ledger.places import Place


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as opened:
        for reading in (
            own("Norda"),
            said("a spokesman", outlet="Radio Brine"),
            denial("Tollmar Courier", "the army's envoy", "2031-03-05"),
        ):
            opened.add(reading)
        yield opened


def pairs(ledger: Ledger, **asked: Any) -> list[tuple[str, str, str]]:
    found, after = [], None
    while True:
        page = disputes(ledger, Filter(**asked), after, 1)
        found += [(row.kind, row.one, row.other) for row in page.rows]
        after = page.next_cursor
        if after is None:
            return found


def test_nothing_is_worked_out_here(ledger: Ledger) -> None:
    assert pairs(ledger) == []
    assert kept_happenings(ledger) == []


def test_a_dispute_waits_until_it_is_judged_and_comes_back(ledger: Ledger) -> None:
    (happening,) = happenings(ledger)
    assert [dispute.kind for dispute in happening.contradictions]
    found = pairs(ledger)
    kinds = {dispute.kind for dispute in happening.contradictions}
    assert {kind for kind, _, _ in found} & kinds
    ((_, one, other), *rest) = found
    assert pairs(ledger, outlet="radio brine") == found
    assert pairs(ledger, outlet="Nobody") == []
    ledger.judge(other, one, "unsure")
    assert pairs(ledger) == rest
    ledger.undo()
    assert pairs(ledger) == found
    ledger.correct(one, "dropped", "yes")
    assert (one, other) not in [pair[1:] for pair in pairs(ledger)]


def test_doubtful_joins_come_nearest_to_even_odds_first(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    happenings(ledger)
    ((position, kept),) = kept_happenings(ledger)
    join = kept.joins[0]
    members = [member for member in kept.members if member != kept.members[0]]
    joins = tuple(
        replace(join, one=kept.members[0], other=m, score=s) for m, s in zip(members, (0.5, -0.1), strict=True)
    )
    made = replace(kept, contradictions=(), joins=(*joins, replace(join, score=2.5)))
    monkeypatch.setattr(
        module, "kept_happenings", lambda _l, _f, after, _n: [(position, made)] if after < position else []
    )
    assert pairs(ledger) == [(JOIN, kept.members[0], members[1]), (JOIN, kept.members[0], members[0])]
    first, second = disputes(ledger).rows
    assert first.probability is not None and second.probability is not None
    assert abs(first.probability - 0.5) < abs(second.probability - 0.5)


def test_taking_a_judgement_back_asks_for_a_new_comparison(ledger: Ledger) -> None:
    (happening,) = happenings(ledger)
    one, other = (member.told.key for member in happening.members[:2])
    ledger.judge(one, other, "different")
    apart = happenings(ledger)
    ledger.undo()
    with ledger.connection() as connection:
        kept = comparisons.latest(connection, HAPPENINGS, version("dragoman"), NOW)
    assert kept is not None and kept.behind == 1
    assert happenings(ledger) == [happening] != apart


def test_a_cursor_of_something_else_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="cursor"):
        disputes(ledger, after="x")
