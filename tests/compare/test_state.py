"""What somebody holds to at a day: terms, what supersedes, carries out, answers and ends it; all reports invented."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dragoman
from dragoman.compare.state import Act, Held, State, of_ledger
from dragoman.config import Settings
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Reader, load
from dragoman.records import LOW, Reading, Report
from dragoman.show.screen import Screen
from dragoman.show.state import as_dict, first, nothing, put
from tests.builders import ReadingBuilder, make_report
from tests.ledger.strategies import reading_of_anything

COUNCIL = "Council of Oru"
Told = Callable[[Sequence[Reading], str, str], State]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """The state of somebody at a day, after some readings went into a ledger in their order."""
    made = iter(range(1000))

    def state(readings: Sequence[Reading], who: str, day: str) -> State:
        with Ledger.open(tmp_path / f"{next(made)}.sqlite", create=True) as ledger:
            for reading in readings:
                ledger.add(reading)
            return of_ledger(ledger, who, day)

    return state


def tell(
    text: str,
    day: str | None,
    trigger: str,
    type: str,
    *,
    outlet: str = "Norda",
    by: str | None = COUNCIL,
    to: str | None = None,
    says: tuple[str, str, str] | None = None,
    **event: Any,
) -> Reading:
    """A report with one event; `says` are the words of source and cue, and who the source is."""
    make = ReadingBuilder(make_report(text, outlet=outlet, published=day))
    ids: dict[str, str] = {}

    def known(name: str) -> str:
        if name not in ids:
            ids[name] = make.entity(name, "person" if " " not in name else "organization", mentions=[])
        return ids[name]

    said = None
    if says:
        source, cue, who = says
        said = make.attribution(source=[source], cue=[cue], entity=known(who))
    make.event(
        trigger,
        type,
        actors=[(by, known(by))] if by else [],
        recipients=[(to, known(to))] if to else [],
        attribution=said,
        **event,
    )
    return make.build()


def embargo(outlet: str = "Norda", day: str = "2031-03-07") -> Reading:
    return tell(
        "The Council of Oru imposed an arms embargo on Velden for ninety days from 14 March.",
        day, "imposed", "SANCTION", mode="discontinue", to="Velden", outlet=outlet,
    )  # fmt: skip


def extension() -> Reading:
    return tell(
        "The Council of Oru extended its arms embargo on Velden by thirty days.",
        "2031-06-01", "extended", "SANCTION", mode="discontinue", to="Velden",
    )  # fmt: skip


def lifting(status: str = "occurred", **more: Any) -> Reading:
    return tell(
        "The Council of Oru lifted the arms embargo on Velden on Monday.",
        "2031-04-07", "lifted", "CONCEDE", to="Velden", status=status, start="2031-04-07", end="2031-04-07", **more,
    )  # fmt: skip


def kinds(state: State) -> list[str]:
    return [one.kind for one in state.open]


def only(held: Sequence[Held]) -> Held:
    [one] = held
    return one


# --- terms ----------------------------------------------------------------------------------------


def test_a_decision_holds_for_the_days_it_names(told: Told) -> None:
    assert told([embargo()], COUNCIL, "2031-03-06").held == ()
    before = only(told([embargo()], COUNCIL, "2031-03-08").open)
    assert (before.kind, before.since, before.end) == ("commitment", "2031-03-14", "2031-06-12")
    assert before.lasting is not None and before.lasting.term is not None
    words = [before.lasting.member.reading.words(span) for span in before.lasting.term.words]
    assert words == ["for ninety days", "from 14 March"]
    assert only(told([embargo()], COUNCIL, "2031-06-12").open).ended is None
    over = only(told([embargo()], COUNCIL, "2031-06-13").held)
    assert over.ended is not None and (over.ended.kind, over.ended.day) == ("lapsed", "2031-06-12")


def test_a_decision_holds_until_a_day(told: Told) -> None:
    curfew = tell(
        "The Council of Oru declared a curfew in Varn until 20 March.", "2031-03-04", "declared a curfew", "COERCE",
        mode="curfew",
    )  # fmt: skip
    assert only(told([curfew], COUNCIL, "2031-03-20").open).end == "2031-03-20"
    assert told([curfew], COUNCIL, "2031-03-21").open == ()


def test_a_decision_on_a_condition_stays_open_with_the_words_of_what_ends_it(told: Told) -> None:
    suspended = tell(
        "The Council of Oru suspended all fishing licences until a new treaty is signed.", "2031-03-04", "suspended",
        "SANCTION", mode="discontinue",
    )  # fmt: skip
    one = only(told([suspended], COUNCIL, "2040-01-01").open)
    assert one.end is None and one.lasting is not None and one.lasting.term is not None
    assert one.lasting.term.until is not None
    assert one.lasting.member.reading.words(one.lasting.term.until) == "a new treaty is signed"


# --- superseded -----------------------------------------------------------------------------------


def test_an_extension_supersedes_and_counts_from_the_old_end(told: Told) -> None:
    readings = [embargo(), extension()]
    assert only(told(readings, COUNCIL, "2031-05-31").open).end == "2031-06-12"
    after = told(readings, COUNCIL, "2031-06-01")
    new = only(after.open)
    assert new.shown.words.startswith("The Council of Oru extended") and new.end == "2031-07-12"
    old = only([one for one in after.held if one.ended])
    assert old.ended is not None and old.ended.kind == "superseded" and old.ended.by == (new.shown.key,)
    assert "extended" in old.ended.why and "embargo" in old.ended.why
    assert told(readings, COUNCIL, "2031-07-13").open == ()


def test_lifting_supersedes_from_its_day(told: Told) -> None:
    readings = [embargo(), lifting()]
    assert kinds(told(readings, COUNCIL, "2031-04-06")) == ["commitment"]
    after = told(readings, COUNCIL, "2031-04-07")
    assert kinds(after) == ["position"]  # that it lifted it
    old = only([one for one in after.held if one.kind == "commitment"])
    assert old.ended is not None and (old.ended.kind, old.ended.day) == ("superseded", "2031-04-07")


def test_what_the_reading_is_unsure_of_ends_nothing(told: Told) -> None:
    state = told([embargo(), lifting(confidence=0.3)], COUNCIL, "2031-04-07")
    old = only([one for one in state.open if one.kind == "commitment"])
    assert old.perhaps and not old.perhaps[0].sure
    screen = StringIO()
    put(Screen.on(screen), state, state.open)
    shown = " ".join(screen.getvalue().split())
    assert "low confidence, 30" in shown and "perhaps superseded" in shown


def test_a_passive_without_a_doer_lifts_too_but_not_another_matter(told: Told) -> None:
    lifted = tell(
        "The arms embargo on Velden was lifted on Monday.", "2031-04-07", "lifted", "CONCEDE", by=None, to="Velden",
    )  # fmt: skip
    other = tell("The curfew in Varn was lifted on Monday.", "2031-04-07", "lifted", "CONCEDE", by=None)
    assert kinds(told([embargo(), lifted], COUNCIL, "2031-04-07")) == []
    assert kinds(told([embargo(), other], COUNCIL, "2031-04-07")) == ["commitment"]


def test_a_like_measure_against_somebody_else_supersedes_nothing(told: Told) -> None:
    other = tell(
        "The Council of Oru lifted the arms embargo on Sarn.", "2031-04-07", "lifted", "CONCEDE", to="Sarn",
    )  # fmt: skip
    assert "commitment" in kinds(told([embargo(), other], COUNCIL, "2031-04-08"))


# --- threats --------------------------------------------------------------------------------------


def threat() -> Reading:
    return tell(
        "The Council of Oru will close its harbours to Velden if the crew is not freed by noon on Sunday.",
        "2031-03-04", "will close", "THREATEN", mode="restrict", to="Velden",
        condition="if the crew is not freed by noon on Sunday",
    )  # fmt: skip


def test_a_threat_is_in_force_until_its_deadline(told: Told) -> None:
    assert told([threat()], COUNCIL, "2031-03-03").held == ()
    one = only(told([threat()], COUNCIL, "2031-03-09").open)
    assert (one.kind, one.by) == ("threat", "2031-03-09")
    over = only(told([threat()], COUNCIL, "2031-03-10").held)
    assert over.ended is not None and over.ended.kind == "lapsed"


def test_a_threat_ends_when_it_is_carried_out(told: Told) -> None:
    closed = tell(
        "The Council of Oru closed its harbours to Velden on Thursday.", "2031-03-06", "closed", "COERCE",
        mode="restrict", to="Velden",
    )  # fmt: skip
    readings = [threat(), closed]
    assert kinds(told(readings, COUNCIL, "2031-03-05")) == ["threat"]
    after = told(readings, COUNCIL, "2031-03-06")
    assert kinds(after) == ["commitment"]
    ended = only([one for one in after.held if one.kind == "threat"]).ended
    assert ended is not None and ended.kind == "carried_out" and ended.by == (f"{closed.report.id[:12]}:E1",)


def test_a_threat_ends_when_it_is_withdrawn(told: Told) -> None:
    withdrawn = tell(
        "The Council of Oru withdrew its threat to close its harbours to Velden.", "2031-03-05", "withdrew its threat",
        "CONCEDE", to="Velden",
    )  # fmt: skip
    state = told([threat(), withdrawn], COUNCIL, "2031-03-05")
    assert "threat" not in kinds(state)
    ended = only([one for one in state.held if one.kind == "threat"]).ended
    assert ended is not None and ended.kind == "superseded"


# --- demands --------------------------------------------------------------------------------------


def demand() -> Reading:
    return tell(
        "The Council of Oru demanded that Velden release the crew of the trawler.", "2031-03-04", "demanded",
        "REQUEST", mode="yield", to="Velden",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "trigger", "type", "by", "answers"),
    [
        ("Velden released the crew of the trawler on Friday.", "released", "RETREAT", "Velden", True),
        ("Velden refused to release the crew.", "refused", "REJECT", "Velden", True),
        ("Velden agreed to free the trawler and its crew.", "agreed", "AGREE", "Velden", True),
        ("Velden released two bankers on Friday.", "released", "RETREAT", "Velden", False),
        ("Sarn released the crew of a trawler on Friday.", "released", "RETREAT", "Sarn", False),
    ],
)
def test_a_demand_is_answered_by_whom_it_was_put_to(
    told: Told, text: str, trigger: str, type: str, by: str, answers: bool
) -> None:
    readings = [demand(), tell(text, "2031-03-07", trigger, type, by=by)]
    assert kinds(told(readings, COUNCIL, "2031-03-06")) == ["demand"]
    after = told(readings, COUNCIL, "2031-03-07")
    assert kinds(after) == ([] if answers else ["demand"])
    if answers:
        ended = only(after.held).ended
        assert ended is not None and ended.kind == "answered" and ended.day == "2031-03-07"


# --- commitments ----------------------------------------------------------------------------------


def plan(**more: Any) -> Reading:
    return tell(
        "The Council of Oru will withdraw its gunboats from Lake Hale.", "2031-03-04", "withdraw", "RETREAT",
        mode="withdraw", status="planned", **more,
    )  # fmt: skip


def test_a_commitment_is_closed_when_it_is_done(told: Told) -> None:
    did = tell(
        "The Council of Oru withdrew its gunboats from Lake Hale.", "2031-03-09", "withdrew", "RETREAT",
        mode="withdraw",
    )  # fmt: skip
    assert kinds(told([plan(), did], COUNCIL, "2031-03-08")) == ["commitment"]
    after = told([plan(), did], COUNCIL, "2031-03-09")
    assert after.open == ()
    ended = only(after.held).ended
    assert ended is not None and ended.kind == "done"


def test_a_commitment_is_closed_when_it_is_called_off(told: Told) -> None:
    off = tell(
        "The Council of Oru cancelled the withdrawal of gunboats from Lake Hale.", "2031-03-06", "cancelled", "REJECT",
        status="occurred",
    )  # fmt: skip
    ruled = tell(
        "The Council of Oru will not withdraw its gunboats from Lake Hale after all.", "2031-03-06", "withdraw",
        "RETREAT", mode="withdraw", status="ruled_out",
    )  # fmt: skip
    assert kinds(told([plan(), off], COUNCIL, "2031-03-06"))[0] == "position"
    after = told([plan(), ruled], COUNCIL, "2031-03-06")
    assert kinds(after) == ["position"]  # what is ruled out is a position
    ended = only([one for one in after.held if one.kind == "commitment"]).ended
    assert ended is not None and ended.kind == "superseded"


def test_what_was_planned_for_a_day_is_over_after_it_and_nobody_says_that_it_was_done(told: Told) -> None:
    meeting = plan(time="Lake Hale", start="2031-03-10", end="2031-03-10")
    assert kinds(told([meeting], COUNCIL, "2031-03-10")) == ["commitment"]
    ended = only(told([meeting], COUNCIL, "2031-03-11").held).ended
    assert ended is not None and ended.kind == "lapsed" and "no report tells" in ended.why


@pytest.mark.parametrize("status", ["not_occurred", "attempted", "hypothetical"])
def test_what_is_denied_or_supposed_makes_no_commitment(told: Told, status: str) -> None:
    assert told([lifting(status), plan()], COUNCIL, "2031-05-01").open[0].shown.event.status == "planned"


# --- positions ------------------------------------------------------------------------------------


def test_a_position_is_reversed(told: Told) -> None:
    against = tell(
        "The Council of Oru rejected the fisheries treaty.", "2031-03-04", "rejected", "REJECT", mode="change",
    )  # fmt: skip
    favour = tell("The Council of Oru endorsed the fisheries treaty.", "2031-03-09", "endorsed", "SUPPORT")
    assert only(told([against, favour], COUNCIL, "2031-03-08").open).shown.event.type == "REJECT"
    after = told([against, favour], COUNCIL, "2031-03-09")
    assert only(after.open).shown.event.type == "SUPPORT"
    assert "reversed" in str(only([one for one in after.held if one.ended]).ended)


# --- who ------------------------------------------------------------------------------------------


def ministry() -> Reading:
    make = ReadingBuilder(
        make_report(
            "Ivo Brand, a spokesman for the Foreign Ministry of Velden, rejected the fisheries treaty. "
            "Brand said the ministry would recall its envoy until the trawler is returned.",
            outlet="Norda", published="2031-03-04",
        )
    )  # fmt: skip
    body = make.entity("Foreign Ministry of Velden", "government", mentions=["the Foreign Ministry of Velden"])
    brand = make.entity(
        "Ivo Brand", "person", role="spokesman", of="Foreign Ministry of Velden", mentions=["Ivo Brand"]
    )
    make.relation(
        brand, "spokesperson", "Ivo Brand, a spokesman for the Foreign Ministry of Velden", object=body,
        body="Foreign Ministry of Velden", role="spokesman",
    )  # fmt: skip
    said = make.attribution(
        source=[("Brand", 2)], cue=["said"], content=["the ministry would recall its envoy"], entity=brand
    )
    make.event("rejected", "REJECT", mode="change", actors=[("Ivo Brand", brand)])
    make.event(
        "would recall", "SANCTION", mode="withdraw", status="planned", actors=[("the ministry", body)],
        attribution=said,
    )  # fmt: skip
    return make.build()


def test_a_spokesman_states_the_position_of_the_body(told: Told) -> None:
    state = told([ministry()], "Foreign Ministry of Velden", "2031-03-05")
    assert kinds(state) == ["position", "commitment"]
    recall = state.open[1]
    assert recall.own and recall.shown.voice == "Brand"
    assert recall.lasting is not None and recall.lasting.term is not None and recall.lasting.term.opener == "until"


def test_who_speaks_for_a_body_in_one_report_does_in_another(told: Told) -> None:
    alone = tell(
        "Ivo Brand demanded an apology from Sarn.", "2031-03-06", "demanded", "REQUEST", by="Ivo Brand", to="Sarn"
    )
    assert "demand" in kinds(told([ministry(), alone], "Foreign Ministry of Velden", "2031-03-06"))
    with pytest.raises(NotFound):
        told([alone], "Foreign Ministry of Velden", "2031-03-06")


def test_what_an_opponent_says_is_according_to_the_opponent(told: Told) -> None:
    claim = tell(
        "Velden said that the Council of Oru had threatened to mine the lake.", "2031-03-04", "threatened", "THREATEN",
        says=("Velden", "said", "Velden"),
    )  # fmt: skip
    state = told([claim], COUNCIL, "2031-03-04")
    one = only(state.open)
    assert not one.own and one.shown.voice == "Velden"
    screen = StringIO()
    put(Screen.on(screen), state, state.open)
    assert "according to Velden · Norda, 4 March 2031" in " ".join(screen.getvalue().split())


def test_its_own_denial_stands_beside_the_claim(told: Told) -> None:
    claim = tell(
        "Velden said that the Council of Oru had threatened to mine the lake.", "2031-03-04", "threatened", "THREATEN",
        says=("Velden", "said", "Velden"),
    )  # fmt: skip
    denial = tell(
        "A clerk of the Council of Oru said that it had not threatened to mine the lake.", "2031-03-05", "threatened",
        "THREATEN", by="it", status="not_occurred", says=("the Council of Oru", "said", COUNCIL),
    )  # fmt: skip
    one = only(told([claim, denial], COUNCIL, "2031-03-05").open)
    assert one.denied == (f"{denial.report.id[:12]}:E1",)


def test_an_opponents_word_alone_ends_nothing(told: Told) -> None:
    claim = tell(
        "Sarn said that the Council of Oru had lifted the arms embargo on Velden.", "2031-04-07", "lifted", "CONCEDE",
        to="Velden", says=("Sarn", "said", "Sarn"),
    )  # fmt: skip
    state = told([embargo(), claim], COUNCIL, "2031-04-08")
    assert only([one for one in state.open if one.kind == "commitment"]).perhaps


def test_copies_and_other_reports_of_one_decision_are_one_line(told: Told) -> None:
    other = tell(
        "An arms embargo on Velden was imposed by the Council of Oru on Friday for ninety days from 14 March.",
        "2031-03-08", "imposed", "SANCTION", mode="discontinue", to="Velden", outlet="Radio Hale",
    )  # fmt: skip
    one = only(told([embargo(), embargo("Lake Post", "2031-03-08"), other], COUNCIL, "2031-03-09").open)
    assert {act.member.reading.report.outlet for act in one.acts} == {"Norda", "Lake Post", "Radio Hale"}
    assert one.since == "2031-03-14"


def test_a_part_of_a_name_takes_who_acts_most_and_names_the_others(told: Told) -> None:
    party = tell(
        "The Council of Oru Party backed the treaty.", "2031-03-04", "backed", "SUPPORT", by="Council of Oru Party"
    )
    state = told([embargo(), extension(), party], "Oru", "2031-06-01")
    assert state.actor.name == COUNCIL and state.others == ("Council of Oru Party",)


def test_an_id_names_one_and_judgements_join(tmp_path: Path) -> None:
    other = tell("The Lake Council backed the treaty.", "2031-03-08", "backed", "SUPPORT", by="Lake Council")
    first_report = embargo()
    with Ledger.open(tmp_path / "l.sqlite", create=True) as ledger:
        ledger.add(first_report)
        ledger.add(other)
        id, its = f"{first_report.report.id[:12]}:N1", f"{other.report.id[:12]}:N1"
        assert kinds(of_ledger(ledger, id, "2031-03-09")) == ["commitment"]
        ledger.judge(id, its, "same")
        assert kinds(of_ledger(ledger, id, "2031-03-09")) == ["position", "commitment"]
        ledger.judge(id, its, "different")
        assert kinds(of_ledger(ledger, id, "2031-03-09")) == ["commitment"]


def labour(country: str | None, type: str = "organization", day: str = "2031-03-04") -> Reading:
    text = f"The Labour Party backed the treaty of {country or type}."
    make = ReadingBuilder(make_report(text, outlet="Norda", published=day))
    party = make.entity("Labour Party", type, mentions=["Labour Party"], country=country)
    make.event("backed", "SUPPORT", actors=[("The Labour Party", party)])
    return make.build()


def backed(state: State) -> list[str]:
    return sorted(act.words.split()[-1] for one in state.held for act in one.acts)


def id_in(reading: Reading) -> str:
    return f"{reading.report.id[:12]}:N1"


def test_a_name_in_two_countries_is_two(told: Told) -> None:
    velmari, oskari, nobody_knows = labour("VLM"), labour("OSK"), labour(None)
    both = [velmari, oskari, replace(velmari, report=make_report(velmari.report.text, published="2031-03-05"))]
    by_name = told(both, "labour", "2031-04-01")
    assert (by_name.actor.country, set(backed(by_name))) == ("VLM", {"VLM"})
    assert by_name.others == ("Labour Party (OSK)",)
    assert backed(told(both, id_in(oskari), "2031-04-01")) == ["OSK"]
    assert backed(told([velmari, nobody_knows], id_in(velmari), "2031-04-01")) == ["VLM", "organization"]
    assert backed(told([*both, nobody_knows], id_in(oskari), "2031-04-01")) == ["OSK"]


def test_a_name_that_was_judged_to_be_two_is_two(tmp_path: Path) -> None:
    one, other = labour(None), labour(None, "armed_group")
    with Ledger.open(tmp_path / "l.sqlite", create=True) as ledger:
        for reading in (one, other):
            ledger.add(reading)
        assert backed(of_ledger(ledger, "labour", "2031-04-01")) == ["armed_group", "organization"]
        ledger.judge(id_in(one), id_in(other), "different")
        assert backed(of_ledger(ledger, id_in(other), "2031-04-01")) == ["armed_group"]
        state = of_ledger(ledger, "labour", "2031-04-01")
        assert len(backed(state)) == 1 and state.others == ("Labour Party",)


def front(day: str) -> Reading:
    """A report that tells what the council was called before."""
    make = ReadingBuilder(make_report("The Salt Front denied it.", outlet="Norda", published=day))
    make.entity("Salt Front", "organization", mentions=["Salt Front"], known_as=[COUNCIL])
    return make.build()


def test_who_was_not_told_of_yet_holds_to_nothing_whatever_a_later_report_calls_it(told: Told) -> None:
    later = front("2031-06-01")
    before = told([embargo(), later], "salt front", "2031-04-01")
    assert (before.actor.name, before.held, before.reports) == ("salt front", (), 1)
    assert told([embargo(), later], id_in(later), "2031-04-01").held == ()
    assert told([embargo(), later], "salt front", "2031-06-01").held
    with pytest.raises(NotFound):
        told([embargo(), later], "salt council", "2031-04-01")


def test_an_id_means_whom_it_meant_then(tmp_path: Path) -> None:
    council = embargo()
    renamed = replace(
        council,
        entities=tuple(
            replace(entity, name="Salt Front") if entity.id == "N1" else entity for entity in council.entities
        ),
        made_by=replace(council.made_by, version="0.9.0"),
    )
    with Ledger.open(tmp_path / "l.sqlite", create=True) as ledger:
        ledger.add(council)
        before = datetime.now(UTC).isoformat()
        ledger.add(renamed)
        assert of_ledger(ledger, id_in(council), "2031-04-01", before).actor.name == COUNCIL
        assert of_ledger(ledger, id_in(council), "2031-04-01").actor.name == "Salt Front"


# --- the sample crisis ----------------------------------------------------------------------------


def test_the_sample_tells_a_decision_with_a_term_and_that_it_was_superseded(told: Told) -> None:
    sample = Path(dragoman.__file__).parent / "data/sample"
    reader = Reader(Settings(threads=1))
    readings = [reader.read(report) for report in load([sample], settings=Settings()) if isinstance(report, Report)]
    before = told(readings, "Littoral Union", "2031-03-08")
    embargo = only([one for one in before.open if one.kind == "commitment" and one.end])
    assert (embargo.since, embargo.end) == ("2031-03-14", "2031-06-12")
    assert embargo.confidence >= LOW and "arms embargo on Velmar for ninety days" in embargo.shown.words
    after = told(readings, "Littoral Union", "2031-03-12")
    old = only([one for one in after.held if one.shown.key == embargo.shown.key])
    assert old.ended is not None and (old.ended.kind, old.ended.day) == ("superseded", "2031-03-12")
    assert "would not take effect on Friday" in old.ended.why


# --- order, emptiness, bad input ------------------------------------------------------------------


def test_the_order_of_arrival_does_not_matter(told: Told) -> None:
    readings = [embargo(), extension(), embargo("Lake Post", "2031-03-08"), threat()]
    seen = {
        json.dumps([as_dict(state, one) for one in state.held])
        for order in permutations(readings)
        for state in [told(order, COUNCIL, "2031-06-02")]
    }
    assert len(seen) == 1 and len(json.loads(seen.pop())) == 3


def test_a_day_before_everything_is_empty_and_says_so(told: Told) -> None:
    state = told([embargo()], COUNCIL, "2031-01-01")
    assert state.held == () and nothing(state) == "no report in the ledger was published by 1 January 2031"
    later = told([embargo(), lifting("not_occurred")], COUNCIL, "2033-01-01")
    assert nothing(later).endswith("(see --all)")


def test_a_report_without_a_date_counts_from_when_it_was_recorded(told: Told) -> None:
    undated = tell("The Council of Oru backed the treaty.", None, "backed", "SUPPORT")
    assert told([undated], COUNCIL, "2020-01-01").reports == 0
    one = only(told([undated], COUNCIL, "9999-12-31").open)
    assert one.since == ""


@pytest.mark.parametrize("day", [None, "2031-03-04"])
def test_acts_of_one_day_or_none_are_not_all_compared(
    told: Told, monkeypatch: pytest.MonkeyPatch, day: str | None
) -> None:
    compared: list[str] = []

    def counted(one: Act, other: Act) -> bool:
        compared.append(f"{one.key} {other.key}")
        return False

    monkeypatch.setattr("dragoman.compare.state._is_same", lambda one, other, *_: counted(one, other))
    things = [f"{letter}{letter.lower()}or{vowel}n" for letter in "BDFGKLMNPR" for vowel in "aei"]
    readings = [tell(f"The Council of Oru backed {thing}.", day, "backed", "SUPPORT") for thing in things]
    assert len(told(readings, COUNCIL, "9999-12-31").held) == 30
    assert len(compared) < 30 * 29 / 2 / 4


@pytest.mark.parametrize("day", ["soon", "2031-02-30", "20310304", "5"])
def test_a_day_that_is_none_is_refused(told: Told, day: str) -> None:
    with pytest.raises(UsageError, match="is no day"):
        told([embargo()], COUNCIL, day)


@pytest.mark.parametrize("who", ["Nobody", "", "   ", "%", "0123456789ab:N1"])
def test_nobody_is_not_found_with_a_cure(told: Told, who: str) -> None:
    with pytest.raises(NotFound) as caught:
        told([embargo()], who, "2031-03-09")
    assert caught.value.cure


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(st.lists(reading_of_anything(), min_size=1, max_size=3, unique_by=lambda reading: reading.report.id))
def test_any_words_whatever_give_a_state_with_spans_inside_the_text(told: Told, readings: list[Reading]) -> None:
    for reading in readings:
        for entity in reading.entities[:1]:
            if entity.type == "place":
                continue
            state = told(readings, f"{reading.report.id[:12]}:{entity.id}", "9999-12-31")
            for one in state.held:
                assert one.shown.clause[0] <= one.shown.clause[1] <= len(one.shown.member.reading.report.text)
            put(Screen.on(StringIO()), state, first(state.held, 5))
            json.dumps([as_dict(state, one) for one in state.held])
