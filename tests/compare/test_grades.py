"""Grades: a letter for the source, a number for the claim, each rule both ways."""

from __future__ import annotations

from io import StringIO
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.compare.grades import NUMBERS, Grade, graded, letter, number, sides
from dragoman.compare.happenings import Happening, happenings, members_of
from dragoman.compare.standing import parties
from dragoman.records import Reading
from dragoman.show.happening import put
from dragoman.show.screen import Screen
from tests.builders import ReadingBuilder, make_report
from tests.compare.shelling import SHELLED, denial, of, own, said
from tests.ledger.strategies import reading_of_anything


def graded_letter(reading: Reading) -> Grade:
    (member,) = members_of(reading)
    return letter(member, parties([member]))


PERSON = {"type": "person"}

# --- the letter -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "kind", "about", "grade"),
    [
        ("Oda Lenk, who was at the station,", "named", PERSON, "C"),
        ("Oda Lenk", "named", PERSON, "F"),
        ("Oda Lenk, who has not seen the station,", "named", PERSON, "F"),
        ("Jory Tamm, briefed on the strike,", "named", PERSON, "C"),
        ("two diplomats", "unnamed", {"type": "group"}, "D"),
        ("two diplomats", "unnamed", None, "D"),
        ("two diplomats briefed on the talks", "unnamed", {"type": "group"}, "F"),
        ("a person who saw the letter", "unnamed", PERSON, "F"),
        ("the broker", "named", PERSON, "D"),
        ("the hospital", "named", {"type": "organization"}, "F"),
        ("he", "named", None, "F"),
        ("a leaked memo", "document", {"type": "other"}, "F"),
        ("Radio Lisk", "outlet", {"type": "outlet"}, "F"),
    ],
)
def test_the_letter_of_a_source(source: str, kind: str, about: dict[str, Any] | None, grade: str) -> None:
    assert graded_letter(said(source, kind=kind, about=about)).grade == grade


@pytest.mark.parametrize(
    ("source", "about", "grade"),
    [
        ("Colonel Pieter Aroun, an army spokesman who was at the station,", PERSON, "D"),
        ("the army", {"type": "military"}, "D"),
        ("the Oskaran army", {"type": "military"}, "F"),
        ("Hanna Brecke", {"type": "person", "sector": "GOV", "country": "VLM"}, "D"),
        ("Hanna Brecke", {"type": "person", "sector": "GOV", "country": "OSK"}, "F"),
        ("Tilda Hemm", {"type": "person", "sector": "CVL", "country": "VLM"}, "F"),
        ("the interior ministry", {"type": "government"}, "F"),
    ],
)
def test_a_party_is_the_actor_who_speaks_for_it_or_is_of_its_state(
    source: str, about: dict[str, Any], grade: str
) -> None:
    assert graded_letter(said(source, about=about)).grade == grade


@pytest.mark.parametrize(("kind", "grade"), [("spokesperson", "D"), ("member", "D"), ("backed", "F")])
def test_ties_that_the_report_tells_make_a_party(kind: str, grade: str) -> None:
    reading = said("Pieter Aroun", about=PERSON, tie=(kind, "spokesman"))
    assert graded_letter(reading).grade == grade


@pytest.mark.parametrize("cue", ["saw", "witnessed", "counted"])
def test_a_cue_of_seeing_is_access(cue: str) -> None:
    assert graded_letter(said("Oda Lenk", about=PERSON, cue=cue)).grade == "C"


def test_access_may_be_told_elsewhere_in_the_report_and_in_the_first_person() -> None:
    make = ReadingBuilder(make_report('"We saw it fall," said Oda Lenk. Mr Tamm, who was in the hall, agreed. Shells '
                                      "fell, Tamm said later.", outlet="Norda"))  # fmt: skip
    oda = make.entity("Oda Lenk", "person", mentions=["Oda Lenk"])
    tamm = make.entity("Mr Tamm", "person", mentions=["Mr Tamm", ("Tamm", 2)])
    first = make.attribution(source=["Oda Lenk"], cue=[("said", 1)], content=["We saw it fall,"], mode="direct",
                             entity=oda)  # fmt: skip
    second = make.attribution(source=[("Tamm", 2)], cue=["said later"], content=["Shells fell"], entity=tamm)
    make.event(("fall", 1), "ASSAULT", attribution=first)
    make.event("fell", "ASSAULT", attribution=second)
    members = list(members_of(make.build()))
    assert [letter(member, parties(members)).grade for member in members] == ["C", "C"]


def test_the_outlets_own_voice_is_not_known_unless_it_is_a_partys() -> None:
    assert graded_letter(own()).grade == "F"
    told = graded_letter(own("Ministry of Defence of Torvesh", text="The Ministry of Defence of Torvesh said that it "
                             "shelled the bus station of Dorvane on Monday."))  # fmt: skip
    assert told.grade == "F"
    make = ReadingBuilder(make_report("The Torvesh army shelled Dorvane.", outlet="Torvesh Army Command"))
    army = make.entity("The Torvesh army", "military", mentions=["The Torvesh army"])
    make.event(SHELLED, "ASSAULT", actors=[("The Torvesh army", army)])
    assert graded_letter(make.build()).grade == "D"


def test_parties_are_those_of_all_tellings() -> None:
    """A denial names no actor itself."""
    accused = said("Oda Lenk", about=PERSON)
    make = ReadingBuilder(make_report("Nobody shelled the bus station of Dorvane on Monday, the army said.",
                                      outlet="The Courier", published="2031-03-04"))  # fmt: skip
    held = make.attribution(source=["the army"], cue=["said"])
    make.event("Nobody shelled", "ASSAULT", recipients=["the bus station of Dorvane"], time="on Monday",
               start="2031-03-03", end="2031-03-03", status="not_occurred", attribution=held)  # fmt: skip
    found = graded(of(accused, make.build()))
    assert {found.letters[m.told.key].grade for m in found.happening.members if m.voice == "the army"} == {"D"}


# --- the number -----------------------------------------------------------------------------------


def test_one_chain_unopposed_is_three_and_two_are_one() -> None:
    assert number(of(own("Norda"))).grade == "3"
    assert number(of(own("Norda"), own("Radio Lisk"))).grade == "1"


def test_a_copy_is_no_second_chain() -> None:
    first, second = own("Norda"), own("Radio Lisk")
    assert number(of(first, second, copies={second.report.id: first.report.id})).grade == "3"


def test_one_chain_with_a_document_is_two() -> None:
    assert number(of(said("a memo", kind="document"))).grade == "2"


def test_one_chain_with_a_second_voice_is_two_and_the_same_in_other_words_is_none() -> None:
    def both(second: str) -> Reading:
        text = f"Shells fell, two residents said. The station was shelled, {second} told Norda."
        make = ReadingBuilder(make_report(text, outlet="Norda", published="2031-03-04"))
        first = make.attribution(source=["two residents"], cue=["said"], kind="unnamed")
        other = make.attribution(source=[second], cue=["told"], kind="unnamed")
        make.event("Shells fell", "ASSAULT", start="2031-03-03", end="2031-03-03", attribution=first)
        make.event("shelled", "ASSAULT", start="2031-03-03", end="2031-03-03", attribution=other)
        return make.build()

    assert number(of(both("a nurse"))).grade == "2"
    assert number(of(both("the residents"))).grade == "3"


def test_nobody_known_cannot_be_judged_and_is_evidence_beside_a_chain() -> None:
    assert number(of(own(None))).grade == "6"
    assert number(of(own(None), own("Norda"))).grade == "2"


def test_what_nobody_vouches_for_cannot_be_judged() -> None:
    assert number(of(said("Oda Lenk", about=PERSON, stance="cannot_confirm"))).grade == "6"
    assert number(of(own("Norda", status="hypothetical"))).grade == "6"


def test_a_plan_and_what_did_not_happen_are_claims_too() -> None:
    planned, ruled_out = number(of(own("Norda", status="planned"))), number(of(own("Norda", status="ruled_out")))
    assert planned.grade == ruled_out.grade == "3"
    assert "planned" in planned.why and "did not happen" in ruled_out.why


def test_what_is_denied_is_disputed_and_by_more_chains_contradicted() -> None:
    told, no = own("Norda"), denial("Radio Lisk")
    assert number(of(told, no)).grade == "4"
    assert number(of(told, own("The Courier"), no)).grade == "4"
    assert number(of(told, no, denial("Lantern", "a nurse"))).grade == "5"


def test_what_its_own_source_withdrew_is_contradicted() -> None:
    assert number(of(own("Norda"), denial("Norda", published="2031-03-06"))).grade == "5"
    assert number(of(own("Norda", published="2031-03-06"), denial("Norda", published="2031-03-04"))).grade == "4"


def test_a_denial_by_nobody_known_is_a_dispute() -> None:
    no = denial("Norda")
    make = ReadingBuilder(make_report(no.report.text, published="2031-03-04"))
    make.event("Nobody shelled", "ASSAULT", recipients=["the bus station of Dorvane"], time="on Monday",
               start="2031-03-03", end="2031-03-03", status="not_occurred")  # fmt: skip
    assert number(of(own("Radio Lisk"), make.build())).grade == "4"


def test_each_side_of_a_contradiction_has_its_number() -> None:
    happening = of(own("Norda"), own("The Courier"), denial("Radio Lisk"))
    (dispute,) = happening.contradictions
    assert [grade.grade for grade in sides(happening, dispute)] == ["4", "5"]
    assert all(reason.ids for grade in sides(happening, dispute) for reason in grade.reasons)


# --- both -----------------------------------------------------------------------------------------

CLAUSES = ("", ", who was at the station,", ", who has a cold,", ", briefed on the talks,")
ABOUT = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["person", "group", "military", "government", "organization"]),
        "sector": st.sampled_from([None, "GOV", "MIL", "CVL"]),
        "country": st.sampled_from([None, "VLM", "OSK"]),
        "role": st.sampled_from([None, "army spokesman", "baker"]),
    }
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_what_makes_the_letter_does_not_change_the_number(data: st.DataObject) -> None:
    """The same sources with other access, sides and offices: letters come out otherwise, the number does not."""
    opposed = data.draw(st.booleans())

    def with_sources(clause: str, about: dict[str, Any], kind: str) -> Happening:
        first = said(f"Oda Lenk{clause}", about=about, kind=kind)
        second = said(f"Ivo Marr{clause}", about=about, kind=kind, outlet="Radio Lisk")
        return of(first, second, *([denial("Lantern", "a nurse")] if opposed else []))

    plain = with_sources("", {"type": "person"}, "named")
    other = with_sources(
        data.draw(st.sampled_from(CLAUSES)), data.draw(ABOUT), data.draw(st.sampled_from(["named", "unnamed"]))
    )
    assert number(other).grade == number(plain).grade == ("4" if opposed else "1")


def test_those_letters_do_come_out_otherwise() -> None:
    every = [said(f"Oda Lenk{clause}", about=PERSON, kind=kind) for clause in CLAUSES for kind in ("named", "unnamed")]
    assert {graded_letter(reading).grade for reading in every} == {"C", "D", "F"}


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    every = [own("Norda"), denial("Radio Lisk"), said("Oda Lenk", about=PERSON, outlet="Lantern"), own("The Courier")]
    assert graded(of(*[every[i] for i in order])) == graded(of(*every))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(reading_of_anything(), min_size=1, max_size=3, unique_by=lambda reading: reading.report.id))
def test_a_machine_gives_no_a_b_or_e_and_every_grade_its_reasons(readings: list[Reading]) -> None:
    for happening in happenings(readings):
        found = graded(happening)
        assert found.letters.keys() == {member.told.key for member in happening.members}
        assert {grade.grade for grade in found.letters.values()} <= set("CDF")
        every = [found.number, *(grade for both in found.sides for grade in both)]
        assert {grade.grade for grade in every} <= NUMBERS.keys()
        assert all(grade.reasons and grade.why for grade in (*every, *found.letters.values()))


def test_tolls_stand_on_the_screen_as_a_series_by_source() -> None:
    def toll(number: int, outlet: str, published: str) -> Reading:
        text = f"Guns shelled the bus station of Dorvane on Monday, killing {number} people."
        make = ReadingBuilder(make_report(text, outlet=outlet, published=published))
        make.event(SHELLED, "ASSAULT", recipients=["the bus station of Dorvane"], time="on Monday", start="2031-03-03",
                   end="2031-03-03", counts=[("killed", number, "exact", str(number))])  # fmt: skip
        return make.build()

    def shown(*readings: Reading) -> str:
        stream = StringIO()
        put(Screen.on(stream), graded(of(*readings)))
        return " ".join(stream.getvalue().split())

    first, second = toll(12, "Norda", "2031-03-04"), toll(12, "Radio Lisk", "2031-03-04")
    series = shown(first, second, toll(15, "The Courier", "2031-03-05"))
    assert "killed: 12 (" in series
    assert "Norda, 4 March" in series.split("killed: 12 (")[1].split(") → 15 (The Courier, 5 March)")[0]
    assert "killed: 12" not in shown(first, second)
