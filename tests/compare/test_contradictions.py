"""What reports of one happening dispute, through readings as the pipeline gives them."""

from __future__ import annotations

from dragoman.compare.contradictions import Contradiction, contradictions, tolls
from dragoman.compare.happenings import happenings, members_of
from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report


def toll(words: str, number: int, *, outlet: str, published: str | None, more: str = "") -> Reading:
    """A report that a strike killed so many."""
    text = f"The strike on Varn killed {words} on Monday{more}."
    make = ReadingBuilder(make_report(text, outlet=outlet, published=published))
    make.event(
        "strike on Varn killed", "ASSAULT", time="on Monday", start="2031-03-03", end="2031-03-03",
        recipients=[words], counts=[("killed", number, "exact", words.split()[0])],
    )  # fmt: skip
    return make.build()


def found(*readings: Reading) -> list[Contradiction]:
    return list(contradictions([member for reading in readings for member in members_of(reading)]))


def kinds(*readings: Reading) -> list[str]:
    return [one.kind for one in found(*readings)]


def test_tolls_of_one_day_that_differ_are_disputed_in_both_words() -> None:
    (one,) = found(
        toll("nine people", 9, outlet="Norda", published="2031-03-04"),
        toll("four people", 4, outlet="Radio Brine", published="2031-03-04"),
    )
    assert one.kind == "toll"
    assert {claim.words for claim in (*one.one, *one.other)} == {"nine", "four"}
    assert {claim.voice for claim in (*one.one, *one.other)} == {"Norda", "Radio Brine"}


def test_a_toll_that_rises_later_is_an_update() -> None:
    early = toll("nine people", 9, outlet="Norda", published="2031-03-04")
    assert kinds(early, toll("twelve people", 12, outlet="Courier", published="2031-03-06")) == []
    assert kinds(early, toll("seven people", 7, outlet="Courier", published="2031-03-06")) == ["toll"]


def test_a_later_toll_that_disputes_the_earlier_is_no_update() -> None:
    early = toll("nine people", 9, outlet="Norda", published="2031-03-04")
    late = toll("twelve people", 12, outlet="Courier", published="2031-03-06", more=", not 9 as was said")
    assert kinds(early, late) == ["toll"]


def test_tolls_stand_in_order_of_publication() -> None:
    late = toll("twelve people", 12, outlet="Courier", published="2031-03-06")
    early = toll("nine people", 9, outlet="Norda", published="2031-03-04")
    series = tolls(member for reading in (late, early) for member in members_of(reading))
    assert [(one.low, one.claim.outlet) for one in series] == [(9, "Norda"), (12, "Courier")]


def test_what_has_no_date_stands_last_and_is_no_update() -> None:
    undated = toll("40 people", 40, outlet="A", published=None)
    late = toll("3 people", 3, outlet="B", published="2031-03-05")
    early = toll("3 people", 3, outlet="C", published="2031-03-04")
    series = tolls(member for reading in (undated, late, early) for member in members_of(reading))
    assert [point.claim.outlet for point in series] == ["C", "B", "A"]
    (dispute,) = found(undated, late, early)
    assert [[claim.outlet for claim in side] for side in (dispute.one, dispute.other)] == [["C", "B"], ["A"]]


def said(
    text: str, trigger: str, outlet: str, *, source: str | None = None, type: str = "ASSAULT",
    published: str = "2031-03-04", **told: object,
) -> Reading:  # fmt: skip
    make = ReadingBuilder(make_report(text, outlet=outlet, published=published))
    held = make.attribution(source=[source], cue=["said"], kind="unnamed") if source else None
    make.event(trigger, type, attribution=held, **told)  # type: ignore[arg-type]
    return make.build()


def test_who_is_in_charge_denies_and_others_tell_it_otherwise() -> None:
    attack = said("Gunners shelled Brelsk.", "shelled", "Norda")
    ministry = said("Torvesh did not shell Brelsk.", "did not shell", "Ministry of Defence of Torvesh",
                    status="not_occurred")  # fmt: skip
    nurse = said("Nobody shelled it, a nurse said.", "Nobody shelled", "Radio Brine", source="a nurse",
                 status="not_occurred")  # fmt: skip
    assert kinds(attack, ministry) == ["denied"]
    assert kinds(attack, nurse) == ["happened"]


def test_what_denies_another_act_contradicts_nothing() -> None:
    attack = said("Gunners shelled Brelsk.", "shelled", "Norda")
    other = said("Nobody cut the road.", "Nobody cut", "Radio Brine", status="not_occurred")
    assert kinds(attack, other) == []


def test_other_days_and_other_perpetrators() -> None:
    one = said("On Monday the Sarn Front bombed it.", "bombed", "Norda", actors=["the Sarn Front"], time="On Monday",
               start="2031-03-03", end="2031-03-03")  # fmt: skip
    other = said("On Tuesday the Kadrin navy bombed it.", "bombed", "Radio Brine", actors=["the Kadrin navy"],
                 time="On Tuesday", start="2031-03-04", end="2031-03-04")  # fmt: skip
    assert kinds(one, other) == ["perpetrator", "date"]


def test_one_report_does_not_contradict_itself() -> None:
    make = ReadingBuilder(make_report("A strike killed nine. The strike killed four more.", outlet="Norda"))
    make.event("A strike killed", "ASSAULT", counts=[("killed", 9, "exact", "nine")])
    make.event("The strike killed", "ASSAULT", counts=[("killed", 4, "exact", "four")])
    assert kinds(make.build()) == []


ATTACK = "Soldiers of the Kadrin army shelled the town of Brelsk on Monday."


def attack(**told: object) -> Reading:
    return said(ATTACK, "shelled", "Norda", recipients=["the town of Brelsk"], **told)  # type: ignore[arg-type]


def test_who_knows_nothing_denies_nothing() -> None:
    silent = said("No group has said that it shelled the town.", "shelled", "Radio Brine", status="not_occurred")
    assert kinds(attack(), silent) == []


def test_what_is_negated_after_the_act_is_not_the_act() -> None:
    siege = said("The siege of Brelsk goes on.", "siege", "Norda", type="COERCE", status="ongoing")
    eased = said("The siege of Brelsk was eased, not lifted.", "siege", "Radio Brine", type="COERCE",
                 status="not_occurred")  # fmt: skip
    false = said("Talk of a siege of Brelsk is false.", "siege", "Radio Brine", type="COERCE", status="not_occurred")
    assert kinds(siege, eased) == []
    assert kinds(siege, false) == ["happened"]


def test_what_was_denied_before_it_was_done_is_something_else() -> None:
    done = attack(time="on Monday", start="2031-03-03", end="2031-03-03")
    no = "Nobody shelled Brelsk."
    early = said(no, "Nobody shelled", "Radio Brine", status="not_occurred", published="2031-03-02")
    late = said(no, "Nobody shelled", "Radio Brine", status="not_occurred", published="2031-03-04")
    assert kinds(done, early) == []
    assert kinds(done, late) == ["happened"]


def test_no_one_in_a_role_is_a_denial_whatever_the_status() -> None:
    nobody = said("No resident was shelled in Brelsk.", "was shelled", "Radio Brine", recipients=["No resident"])
    assert kinds(attack(), nobody) == ["happened"]


def test_to_have_had_no_part_in_it_is_to_deny_it() -> None:
    general = said("The general said he took no part in the coup.", "coup", "Radio Brine", source="The general")
    (one,) = found(said("A coup failed on Monday.", "coup", "Norda"), general)
    assert (one.kind, one.other[0].words) == ("happened", "no part")


def accusation(text: str, accused: str, act: str) -> Reading:
    """A report whose own account of the act names nobody, but somebody accused of it."""
    make = ReadingBuilder(make_report(text, outlet="Norda", published="2031-03-04"))
    make.event("blast hit", "ASSAULT", recipients=["the market"])
    make.event("accused", "ACCUSE", actors=["The governor"], recipients=[accused])
    assert act in text
    return make.build()


def test_who_is_accused_of_it_is_a_perpetrator() -> None:
    text = "A blast hit the market. The governor accused fighters of the Sarn Front of planting the bomb."
    navy = said("On Monday the Kadrin navy bombed the market.", "bombed", "Radio Brine", actors=["the Kadrin navy"],
                recipients=["the market"])  # fmt: skip
    (one,) = found(accusation(text, "fighters of the Sarn Front", "bomb"), navy)
    assert one.kind == "perpetrator"
    assert [(claim.words, claim.voice) for claim in one.one] == [("fighters of the Sarn Front", "The governor")]
    other = text.replace("planting the bomb", "burning a barn")
    assert kinds(accusation(other, "fighters of the Sarn Front", "barn"), navy) == []


def test_a_sentence_may_say_that_it_was_not_they() -> None:
    text = "A blast hit the market. The governor accused fighters of the Sarn Front of planting the bomb."
    for words in ("A bomb of the navy, and not of the Sarn Front, hit it.", "A bomb of the navy hit it."):
        no = said(words, "hit", "Radio Brine")
        made = [one.kind for one in found(accusation(text, "fighters of the Sarn Front", "bomb"), no)]
        assert made == (["perpetrator"] if "not" in words else [])


def test_who_speaks_is_not_who_did_it() -> None:
    make = ReadingBuilder(make_report("The general, accused by Kadrin of the bombing, said he was asleep.", outlet="A"))
    held = make.attribution(source=["The general, accused by Kadrin"], cue=["said"])
    make.event("bombing", "ASSAULT", actors=["Kadrin"], attribution=held)
    front = said("On Monday the Sarn Front bombed it.", "bombed", "Norda", actors=["the Sarn Front"])
    assert kinds(make.build(), front) == []


def two_tolls(first: str, second: str) -> Reading:
    """One report with the tolls of two sources."""
    make = ReadingBuilder(make_report(f"Nine died, {first} said. Four died, {second} said.", outlet="Norda"))
    for words, number, source, nth in (("Nine", 9, first, 1), ("Four", 4, second, 2)):
        held = make.attribution(source=[(source, 2 if first == second and nth == 2 else 1)], cue=[("said", nth)])
        make.event(("died", nth), "ASSAULT", counts=[("killed", number, "exact", words)], attribution=held)
    return make.build()


def test_two_sources_in_one_report_may_dispute_a_toll() -> None:
    assert kinds(two_tolls("the police", "the hospital")) == ["toll"]
    assert kinds(two_tolls("the police", "the police")) == []


def test_numbers_that_may_both_be_right_stand_on_one_side() -> None:
    def arrests(words: str, low: int, bound: str, outlet: str) -> Reading:
        return said(f"The police arrested {words} marchers.", "arrested", outlet, type="COERCE",
                    counts=[("arrested", low, bound, words)])  # fmt: skip

    (one,) = found(
        arrests("more than 150", 150, "at_least", "A"),
        arrests("187", 187, "exact", "B"),
        arrests("64", 64, "exact", "C"),
    )
    assert sorted(sorted(claim.words for claim in side) for side in (one.one, one.other)) == [
        ["187", "more than 150"], ["64"],
    ]  # fmt: skip


def freed(words: str, outlet: str) -> Reading:
    make = ReadingBuilder(make_report(f"The government freed {words} on Monday.", outlet=outlet))
    who = make.entity(words, "group", mentions=[words])
    make.event("freed", "RETREAT", recipients=[(words, who)])
    return make.build()


def test_people_that_no_count_tells_are_counted_in_words() -> None:
    (one,) = found(freed("120 prisoners", "A"), freed("eighty-four men", "B"))
    assert {claim.words for claim in (*one.one, *one.other)} == {"120 prisoners", "eighty-four men"}


def march(text: str, place: str, outlet: str, *, day: str = "2031-03-03") -> Reading:
    return said(text, "arrested", outlet, type="COERCE", place=place, time="then", start=day, end=day)


def test_a_place_told_to_be_wrong_is_disputed_though_both_know_it() -> None:
    bridge = march("Police arrested them then on the Mill Bridge near the square.", "the Mill Bridge", "A")
    wrong = march("Police arrested them then in the square, and not on the Mill Bridge.", "the square", "B")
    silent = march("Police arrested them then in the square.", "the square", "B")
    assert kinds(bridge, wrong) == ["place"]
    assert kinds(bridge, silent) == []


def test_another_day_at_another_place_is_another_happening() -> None:
    def bombed(place: str, day: str, date: str, outlet: str) -> Reading:
        return said(f"In {place} a bomb killed them on {day}.", "bomb killed", outlet, place=place, time=f"on {day}",
                    start=date, end=date)  # fmt: skip

    one = bombed("Dorvane", "Monday", "2031-03-03", "A")
    assert kinds(one, bombed("Dorvane", "Tuesday", "2031-03-04", "B")) == ["date"]
    assert kinds(one, bombed("Pellhaven", "Monday", "2031-03-03", "B")) == ["place"]
    assert kinds(one, bombed("Pellhaven", "Tuesday", "2031-03-04", "B")) == []


def test_the_day_on_which_it_was_condemned_is_not_its_day() -> None:
    one = said("A coup failed in Brelsk on Monday.", "coup", "A", time="on Monday", start="2031-03-03",
               end="2031-03-03")  # fmt: skip
    make = ReadingBuilder(make_report("The Union condemned the coup on Thursday.", outlet="B"))
    when = {"time": "on Thursday", "start": "2031-03-06", "end": "2031-03-06"}
    make.event("condemned", "ACCUSE", actors=["The Union"], **when)  # type: ignore[arg-type]
    make.event("coup", "ASSAULT", **when)  # type: ignore[arg-type]
    assert kinds(one, make.build()) == []


def test_a_type_that_the_codebook_does_not_have_stops_nothing() -> None:
    def told(outlet: str) -> Reading:
        text = "The general said on Thursday that he had no part in the coup, which failed in Brelsk on Thursday."
        make = ReadingBuilder(make_report(text, outlet=outlet, published="2031-03-07"))
        when = {"time": ("on Thursday", 2), "start": "2031-03-06", "end": "2031-03-06"}
        make.event("said", "DECLARE", actors=["The general"], **when)  # type: ignore[arg-type]
        make.event("coup", "OVERTHROW", place="Brelsk", **when)  # type: ignore[arg-type]
        return make.build()

    (one,) = (one for one in happenings([told("A"), told("B")]) if one.type == "OVERTHROW")
    assert len(one.reports) == 2
