"""Events of several reports joined to happenings, through readings as the pipeline gives them."""

from __future__ import annotations

from io import StringIO
from itertools import permutations
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.codes import codes, read_data
from dragoman.compare.candidates import Rarity, pairs
from dragoman.compare.chains import chains
from dragoman.compare.clusters import cluster
from dragoman.compare.features import compare, near_acts
from dragoman.compare.grades import graded
from dragoman.compare.happenings import Happening, happenings, members_of
from dragoman.compare.judge import BOUND, VERDICTS, verdict, weigh
from dragoman.compare.telling import told
from dragoman.compare.words import families, stem
from dragoman.records import Reading
from dragoman.show.happening import put
from dragoman.show.screen import Screen
from tests.builders import ReadingBuilder, make_report
from tests.compare.shelling import said
from tests.ledger.strategies import reading_of_anything


def agency() -> Reading:
    """The agency's report of a blast, by two officials."""
    make = ReadingBuilder(
        make_report(
            "A bomb tore through the fish market of Dorvane on Monday, killing at least 14 people, two harbour "
            "officials told Norda.",
            title="Bomb at Dorvane",
            outlet="Norda",
            published="2031-03-04",
        )
    )
    place = make.entity("Dorvane", "place", mentions=["Dorvane"])
    said = make.attribution(source=["two harbour officials"], cue=["told"], addressee="Norda", kind="unnamed")
    make.event(
        "bomb tore through", "ASSAULT", mode="explosives", recipients=["at least 14 people"], place="Dorvane",
        place_entity=place, time="on Monday", start="2031-03-03", end="2031-03-03",
        counts=[("killed", 14, "at_least", "at least 14")], attribution=said,
    )  # fmt: skip
    return make.build()


def relay() -> Reading:
    """Another outlet that only cites the agency."""
    make = ReadingBuilder(
        make_report(
            "At least 14 people died when a bomb exploded at the fish market of Dorvane on 3 March, according to "
            "Norda.",
            outlet="Tollmar Courier",
            published="2031-03-05",
        )
    )
    norda = make.entity("Norda", "outlet", mentions=["Norda"])
    place = make.entity("Dorvane", "place", mentions=["Dorvane"])
    said = make.attribution(source=["Norda"], cue=["according to"], kind="outlet", entity=norda)
    make.event(
        "bomb exploded", "ASSAULT", mode="explosives", recipients=["At least 14 people"], place="Dorvane",
        place_entity=place, time="on 3 March", start="2031-03-03", end="2031-03-03",
        counts=[("killed", 14, "at_least", "At least 14")], attribution=said,
    )  # fmt: skip
    return make.build()


def local(outlet: str | None = "Radio Brine") -> Reading:
    """A report that names nobody; its own people, or nobody knows whose."""
    make = ReadingBuilder(
        make_report("A bomb killed nine people at the fish market of Dorvane on Monday.", outlet=outlet,
                    published="2031-03-04")
    )  # fmt: skip
    place = make.entity("Dorvane", "place", mentions=["Dorvane"])
    make.event(
        "bomb killed", "ASSAULT", mode="explosives", recipients=["nine people"], place="Dorvane", place_entity=place,
        time="on Monday", start="2031-03-03", end="2031-03-03", counts=[("killed", 9, "exact", "nine")],
    )  # fmt: skip
    return make.build()


def elsewhere() -> Reading:
    """A like happening in another town, a week later."""
    make = ReadingBuilder(
        make_report("A bomb wrecked the ice house of Pellhaven on Sunday, killing five packers, Mayor Sigrun Aldo "
                    "said.", outlet="Tollmar Courier", published="2031-03-10")
    )  # fmt: skip
    place = make.entity("Pellhaven", "place", mentions=["Pellhaven"])
    said = make.attribution(source=["Mayor Sigrun Aldo"], cue=["said"])
    make.event(
        "bomb wrecked", "ASSAULT", mode="explosives", recipients=["five packers"], place="Pellhaven",
        place_entity=place, time="on Sunday", start="2031-03-09", end="2031-03-09",
        counts=[("killed", 5, "exact", "five")], attribution=said,
    )  # fmt: skip
    return make.build()


def readings() -> list[Reading]:
    return [agency(), relay(), local(), elsewhere()]


def outlets(happening: Happening) -> list[str]:
    return sorted(str(member.reading.report.outlet) for member in happening.members)


def test_events_that_tell_the_same_are_joined_and_others_are_not() -> None:
    blast, other = happenings(readings())
    assert outlets(blast) == ["Norda", "Radio Brine", "Tollmar Courier"]
    assert outlets(other) == ["Tollmar Courier"]
    assert (blast.type, blast.start, blast.end) == ("ASSAULT", "2031-03-03", "2031-03-03")


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    every = readings()
    assert happenings([every[i] for i in order]) == happenings(every)


def test_every_join_tells_its_reasons() -> None:
    blast = happenings(readings())[0]
    assert len(blast.joins) == len(blast.members) - 1
    for join in blast.joins:
        assert join.verdict in VERDICTS and join.features
        assert all(feature.evidence for feature in join.features)
    assert "same day" in {feature.name for feature in blast.joins[0].features}


def test_an_outlet_that_cites_another_is_no_second_chain() -> None:
    blast = happenings(readings())[0]
    assert blast.independent == 2
    cited = next(chain for chain in blast.chains if len(chain.reports) == 2)
    assert cited.links == ("cites the other: Norda",)
    assert "two harbour officials" in cited.sources


def test_copies_are_one_chain() -> None:
    every = [agency(), relay()]
    assert {join.verdict for join in happenings(every)[0].joins} == {"corroborates"}
    copies = {copy.report.id: agency().report.id for copy in (relay(), local())}
    (blast,) = happenings([*every, local()], copies)
    assert blast.independent == 1
    assert blast.chains[0].links == ("one report copies the other",)
    assert "duplicate" in {join.verdict for join in blast.joins}


def test_chains_of_hundreds_of_reports_are_quick() -> None:
    readings = [said(f"Oda{n} Lenk{n}", outlet=f"Post{n}") for n in range(400)]
    members = [member for reading in readings for member in members_of(reading)]
    began = process_time()
    found = chains(members)
    assert process_time() - began < 3, "0.14 s where nothing is looked at for three at a time, 11 s where it is"
    assert len(found) == 400


def test_unknown_provenance_is_not_independent() -> None:
    blast = happenings([agency(), local(outlet=None)])[0]
    assert len(blast.chains) == 2
    assert blast.independent == 1
    assert [chain.known for chain in blast.chains if not chain.sources] == [False]


def test_a_denial_in_another_type_joins_what_it_denies() -> None:
    make = ReadingBuilder(
        make_report("Orvane carried out no strike on Kessalun.", outlet="Orvane", published="2031-03-05")
    )
    make.event("no strike", "PROTEST", mode="strike", actors=["Orvane"], place="Kessalun", status="not_occurred")
    denial = make.build()
    make = ReadingBuilder(
        make_report("A strike killed nine at Kessalun, which Orvane wants.", outlet="Norda", published="2031-03-04")
    )
    make.event("strike killed", "ASSAULT", mode="drone", place="Kessalun", counts=[("killed", 9, "exact", "nine")])
    strike = make.build()
    (one,) = happenings([strike, denial])
    assert [join.verdict for join in one.joins] == ["contradicts"]
    assert [dispute.kind for dispute in one.contradictions] == ["happened"]
    assert len(happenings([denial, elsewhere()])) == 2


def test_an_outlet_that_heard_others_is_no_second_chain() -> None:
    heard = ReadingBuilder(
        make_report("Villagers interviewed by Brine Valley said nine died in Dorvane.", outlet="Courier",
                    published="2031-03-05")
    )  # fmt: skip
    held = heard.attribution(source=["Villagers interviewed by Brine Valley"], cue=["said"], kind="unnamed")
    heard.event("died", "ASSAULT", place="Dorvane", counts=[("killed", 9, "exact", "nine")], attribution=held)
    own = ReadingBuilder(make_report("Nine died in Dorvane.", outlet="Brine Valley Radio", published="2031-03-04"))
    own.event("died", "ASSAULT", place="Dorvane", counts=[("killed", 9, "exact", "Nine")])
    (one,) = happenings([heard.build(), own.build()])
    assert one.independent == 1


def appeal(words: str, who: str, trigger: str, whom: str, published: str) -> Reading:
    """A report of one appeal."""
    make = ReadingBuilder(make_report(words, outlet="Norda", published=published))
    make.event(trigger, "REQUEST", actors=[who], recipients=[whom])
    return make.build()


def test_appeals_to_other_ends_by_others_are_not_one_happening() -> None:
    readings = [
        appeal("In Dorvane the Dock Union asked shipowners for a rise in wages.", "the Dock Union", "asked",
               "shipowners", "2031-03-04"),
        appeal("The strikers of the Dock Union asked shipowners for a rise.", "the Dock Union", "asked", "shipowners",
               "2031-03-05"),
        appeal("In Tolne envoy Anna Kest asked both armies to open a corridor.", "Anna Kest", "asked", "both armies",
               "2031-03-06"),
    ]  # fmt: skip
    assert sorted(len(one.members) for one in happenings(readings)) == [1, 2]


def test_an_attack_and_its_dead_are_told_in_other_words() -> None:
    make = ReadingBuilder(make_report("Guns shelled Dorvane on Monday.", outlet="Norda", published="2031-03-04"))
    make.event("shelled", "ASSAULT", mode="heavy-weapons", place="Dorvane", start="2031-03-03", end="2031-03-03")
    shelled = make.build()
    make = ReadingBuilder(make_report("Nine died in Dorvane on Monday.", outlet="Courier", published="2031-03-05"))
    make.event("died", "ASSAULT", place="Dorvane", start="2031-03-03", end="2031-03-03")
    (one,) = happenings([shelled, make.build()])
    assert "an attack and its dead" in {feature.name for feature in one.joins[0].features}
    fired, guns = frozenset(["fir"]), frozenset(["shell"])
    assert near_acts(guns, fired) == near_acts(fired, guns) == "words for attacks"
    assert near_acts(guns, frozenset(["urg"])) is None


def test_comparing_is_symmetric() -> None:
    events = [event for reading in readings() for event in told(reading)]
    rarity = Rarity(event.about for event in events)
    for a, b in pairs(events, rarity):
        there = {feature.name: feature.value for feature in compare(events[a], events[b], rarity)}
        back = {feature.name: feature.value for feature in compare(events[b], events[a], rarity)}
        assert there == pytest.approx(back)


def test_a_verdict_leaves_room_for_unsure() -> None:
    assert verdict(0.1) == verdict(-0.1) == "unsure"
    assert verdict(BOUND) == "corroborates"
    assert verdict(BOUND, copied=True) == "duplicate"
    assert verdict(BOUND, copied=True, contradicted=True) == "contradicts"
    assert verdict(-BOUND) == "unrelated"


def test_weights_lie_on_straight_lines_between_the_points() -> None:
    curve = [[0.0, 0.0], [0.5, 1.0], [1.0, 0.0]]
    assert [weigh(curve, value) for value in (0.0, 0.25, 0.5, 0.75, 1.0, 2.0)] == [0.0, 0.5, 1.0, 0.5, 0.0, 0.0]


def test_clusters_do_not_depend_on_order() -> None:
    scores = {("a", "b"): 2.0, ("b", "c"): 2.0, ("a", "c"): -1.0, ("c", "d"): 2.0, ("a", "e"): -2.0}
    keys = ["a", "b", "c", "d", "e"]
    first = cluster(keys, scores)
    assert cluster(keys[::-1], dict(reversed(scores.items()))) == first
    assert ["e"] in first


@pytest.mark.parametrize(
    ("one", "other"), [("killed", "killings"), ("bombing", "bombed"), ("shot", "shooting"), ("died", "deaths"),
                       ("refusal", "refused"), ("arrests", "arrested"), ("seizure", "seized")],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stem(one) == stem(other)


def test_the_data_keeps_its_shape() -> None:
    data = read_data("happenings.yaml")
    assert {name for pair in data["near_types"] for name in pair} <= set(codes().event_types)
    assert all(len(set(family)) == len(family) for family in data["families"])
    assert set(data["near_modes"]) <= set(codes().event_types["ASSAULT"].modes)
    assert {stem(word) for name in ("attack_words", "toll_words") for word in data[name]} <= set(families())
    forms = [form for of in data["irregular"].values() for form in of]
    assert len(set(forms)) == len(forms)
    assert data["weights"].keys().isdisjoint(data["set_by_hand"])
    for curve in (*data["weights"].values(), *data["set_by_hand"].values()):
        assert [value for value, _ in curve] == sorted({value for value, _ in curve})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(reading_of_anything(), min_size=1, max_size=3, unique_by=lambda reading: reading.report.id))
def test_any_words_whatever_give_happenings_that_hold_each_event_once(readings: list[Reading]) -> None:
    found = happenings(readings)
    told_once = sorted(member.told.key for one in found for member in one.members)
    assert told_once == sorted(f"{r.report.id[:12]}:{event.id}" for r in readings for event in r.events)
    for one in found:
        assert len(one.joins) == len(one.members) - 1
        assert sorted(report for chain in one.chains for report in chain.reports) == sorted(one.reports)
        put(Screen.on(StringIO()), graded(one))
