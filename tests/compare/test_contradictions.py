"""What reports of one happening dispute, through readings as the pipeline gives them."""

from __future__ import annotations

from dragoman.compare.contradictions import Contradiction, contradictions, tolls
from dragoman.compare.happenings import members_of
from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report


def toll(words: str, number: int, *, outlet: str, published: str, more: str = "") -> Reading:
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


def said(text: str, trigger: str, outlet: str, *, source: str | None = None, **told: object) -> Reading:
    make = ReadingBuilder(make_report(text, outlet=outlet, published="2031-03-04"))
    held = make.attribution(source=[source], cue=["said"], kind="unnamed") if source else None
    make.event(trigger, "ASSAULT", attribution=held, **told)  # type: ignore[arg-type]
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
