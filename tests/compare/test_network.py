"""Who does what to whom, over invented reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dragoman.compare.network import Edge, Network, network
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests.compare.quarrel import told

QUARREL = (
    told("Velmar Guard attacked Oru League", "2031-03-04"),
    told("Velmar Guard attacked Oru League", "2031-03-06", status="not_occurred", outlet="Courier"),
    told("Velmar Guard helped Oru League", "2031-03-05"),
    told("Oru League accused Velmar Guard", "2031-03-05"),
    told("Oru League praised Halm Union", "2031-03-07"),
    told("Halm Union helped Tarn Front", "2031-03-08"),
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        yield ledger


def filled(ledger: Ledger, *readings: Reading) -> Ledger:
    for reading in readings:
        assert ledger.add(reading)
    return ledger


def ways(found: Network) -> dict[tuple[str, str], Edge]:
    names = {node.id: node.name for node in found.nodes}
    return {(names[edge.actor], names[edge.recipient]): edge for edge in found.edges}


def id_of(ledger: Ledger, name: str) -> str:
    return next(
        f"{reading.report.id}:{entity.id}"
        for reading in ledger.readings()
        for entity in reading.entities
        if entity.name == name
    )


def test_edges_count_what_each_does_to_each_other_by_type_and_status(ledger: Ledger) -> None:
    found = network(filled(ledger, *QUARREL))
    edge = ways(found)["Velmar Guard", "Oru League"]
    assert (edge.events, edge.types, edge.statuses) == (
        3,
        {"ASSAULT": 2, "AID": 1},
        {"occurred": 2, "not_occurred": 1},
    )
    assert (edge.conflict, edge.cooperation) == (1, 1)  # what did not occur was done to nobody
    assert edge.latest == "2031-03-06"
    assert list(ways(found)) == [
        ("Velmar Guard", "Oru League"),
        *sorted([("Oru League", "Velmar Guard"), ("Oru League", "Halm Union"), ("Halm Union", "Tarn Front")],
                key=lambda way: (ways(found)[way].actor, ways(found)[way].recipient)),
    ]  # fmt: skip
    assert [(node.name, node.events) for node in found.nodes][:2] == [("Oru League", 5), ("Velmar Guard", 4)]
    assert (found.pairs, found.more, found.left_out, found.around) == (6, False, 0, None)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        (Filter(type="AID"), {("Velmar Guard", "Oru League"), ("Halm Union", "Tarn Front")}),
        (Filter(status="not_occurred"), {("Velmar Guard", "Oru League")}),
        (Filter(actor="halm"), {("Halm Union", "Tarn Front")}),
        (Filter(recipient="halm"), {("Oru League", "Halm Union")}),
        (Filter(as_of="2031-03-04"), {("Velmar Guard", "Oru League")}),
        (Filter(since="2031-03-01"), set()),  # none of them has a day of its own
    ],
    ids=str,
)
def test_only_events_that_match_count(ledger: Ledger, asked: Filter, left: set[tuple[str, str]]) -> None:
    assert set(ways(network(filled(ledger, *QUARREL), asked))) == left


def test_one_actors_network_to_either_depth(ledger: Ledger) -> None:
    tarn = id_of(filled(ledger, *QUARREL), "Tarn Front")
    assert set(ways(network(ledger, entity=tarn))) == {("Halm Union", "Tarn Front")}
    near = network(ledger, entity=tarn, depth=2)
    assert set(ways(near)) == {("Halm Union", "Tarn Front"), ("Oru League", "Halm Union")}
    assert {node.id: node.name for node in near.nodes}[near.around or ""] == "Tarn Front"
    assert near.nodes[0].name == "Tarn Front"


def test_what_is_left_out_is_told(ledger: Ledger) -> None:
    filled(ledger, *QUARREL)
    assert set(ways(network(ledger, least=2))) == {("Velmar Guard", "Oru League")}
    small = network(ledger, actors=2)
    assert set(ways(small)) == {("Velmar Guard", "Oru League"), ("Oru League", "Velmar Guard")}
    assert small.left_out == 2
    newest = network(ledger, most=2)
    assert set(ways(newest)) == {("Halm Union", "Tarn Front"), ("Oru League", "Halm Union")}
    assert newest.more and not network(ledger, most=6).more


def test_an_event_counts_once_however_often_a_report_names_its_actor(ledger: Ledger) -> None:
    reading = told("Velmar Guard attacked Oru League")
    event = replace(reading.events[0], actors=reading.events[0].actors * 2)
    found = network(filled(ledger, replace(reading, events=(event,))))
    assert [edge.events for edge in found.edges] == [1]


def test_nobody_acts_upon_itself_and_a_number_is_nobody(ledger: Ledger) -> None:
    assert network(filled(ledger, told("Velmar Guard attacked 21 people"))).nodes == ()


STATE: dict[str, Any] = {"country": "VLM", "type": "government"}


def test_one_by_alias_and_country_is_one_node(ledger: Ledger) -> None:
    filled(
        ledger,
        told("Velmar Cabinet attacked Oru League", "2031-03-04", Cabinet={**STATE, "known_as": ("Velmar Council",)}),
        told("Velmar Council helped Oru League", "2031-03-05", Council=STATE),
        told("Velmar Council helped Oru League", "2031-03-06", Council={**STATE, "country": "ORU"}),
    )
    found = network(ledger)
    assert sorted((node.country or "", node.events) for node in found.nodes) == [("", 3), ("ORU", 1), ("VLM", 2)]
    one, other = (id_of(ledger, name) for name in ("Velmar Cabinet", "Velmar Council"))
    assert {edge.events for edge in network(ledger, entity=one).edges} == {2}
    ledger.judge(one, other, "different")
    assert sorted(node.events for node in network(ledger).nodes) == [1, 1, 1, 3]


def test_those_judged_to_be_one_are_one_node(ledger: Ledger) -> None:
    filled(ledger, *QUARREL)
    ledger.judge(id_of(ledger, "Halm Union"), id_of(ledger, "Velmar Guard"), "same")
    found = network(ledger)
    assert (found.nodes[0].name, found.nodes[0].events) == ("Halm Union", 6)  # as the newest report has it
    assert len(found.nodes) == 3
    assert {edge.events for edge in network(ledger, entity=id_of(ledger, "Velmar Guard")).edges} == {1, 2, 3}


def test_what_is_not_right_is_refused(ledger: Ledger) -> None:
    filled(ledger, *QUARREL)
    wrong: list[dict[str, Any]] = [{"depth": 3}, {"least": 0}, {"actors": 0}, {"actors": 501}]
    for asked in wrong:
        with pytest.raises(UsageError):
            network(ledger, **asked)
    with pytest.raises(UsageError, match="event type"):
        network(ledger, Filter(type="WAR"))
    with pytest.raises(NotFound):
        network(ledger, entity=f"{QUARREL[0].report.id}:N9")
    assert network(ledger, entity=" ") == network(ledger)
