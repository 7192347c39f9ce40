"""What sources have told and what became of it, and grades that people give, through a real ledger."""

from __future__ import annotations

import random
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest

from dragoman.compare.grades import Rulings, graded, letters, number, vouches
from dragoman.compare.happenings import happenings
from dragoman.compare.of_ledger import happenings as of_ledger
from dragoman.compare.overruling import overrule, rulings
from dragoman.compare.sources import CONFIRMED, CONTRADICTED, OPEN, Source, named, outlets, sources
from dragoman.compare.speaking import head
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.filters import Filter
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.happening import as_dict as happening_as_dict
from dragoman.show.happening import put as put_happening
from dragoman.show.screen import Screen
from dragoman.show.sources import as_dict, put_whole, whole_as_dict
from tests.builders import ReadingBuilder, make_report
from tests.compare.shelling import denial, of, own, said

PERSON = {"type": "person"}


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


def add(ledger: Ledger, *readings: Reading) -> None:
    for reading in readings:
        ledger.add(reading)


def one(found: Sequence[Source], id: str) -> Source:
    (source,) = (source for source in found if source.id == id)
    return source


def fates(source: Source) -> list[str]:
    return [claim.fate for claim in source.claims]


# --- who is one -----------------------------------------------------------------------------------


def test_a_name_is_one_over_reports_and_a_description_is_one_in_its_outlet(ledger: Ledger) -> None:
    add(
        ledger,
        said("Oda Lenk", about=PERSON, outlet="Norda"),
        said("Oda Lenk", about=PERSON, outlet="Radio Lisk"),
        said("two diplomats", kind="unnamed", outlet="Norda"),
        said("three diplomats briefed on the talks", kind="unnamed", outlet="Norda"),
        said("a diplomat", kind="unnamed", outlet="Radio Lisk"),
        said("the interior ministry", about={"type": "government"}, outlet="Norda"),
        said("the justice ministry", about={"type": "government"}, outlet="Norda"),
        said("the interior ministry", about={"type": "government"}, outlet="Radio Lisk"),
    )
    found = {source.id: len(source.reports) for source in sources(ledger)}
    assert found == {
        "named:oda lenk (person)": 2,
        "unnamed:diplomat (norda)": 2,
        "unnamed:diplomat (radio lisk)": 1,
        "named:interior ministry (norda)": 1,
        "named:justice ministry (norda)": 1,
        "named:interior ministry (radio lisk)": 1,
    }


def test_who_was_judged_to_be_the_same_is_one(ledger: Ledger) -> None:
    first, second = said("Oda Lenk", about=PERSON), said("Ode Lenk", about=PERSON, outlet="Radio Lisk")
    add(ledger, first, second)
    assert len(sources(ledger)) == 2
    ledger.judge(mark_id(first.report.id, "N2"), mark_id(second.report.id, "N2"), "same")
    (source,) = sources(ledger)
    assert len(source.reports) == 2 and source.attributions == 2


def test_an_alias_is_one_where_type_and_country_agree(ledger: Ledger) -> None:
    front = {"type": "armed_group", "country": "VLM"}
    add(
        ledger,
        said("the Lisk Valley Front", about={**front, "known_as": ["LVF"]}),
        said("LVF", about=front, outlet="Radio Lisk"),
        said("LVF", about={**front, "country": "OSK"}, outlet="Lantern"),
    )
    assert sorted(len(source.reports) for source in sources(ledger)) == [1, 2]


def test_an_outlets_own_voice_and_those_who_cite_it_are_one_source(ledger: Ledger) -> None:
    add(
        ledger,
        own("Norda"),
        said("the news agency Norda", kind="outlet", about={"type": "outlet"}, outlet="Radio Lisk"),
        said("Norda", about=PERSON, outlet="Lantern"),
    )
    (source,) = sources(ledger)
    assert (source.id, source.kind, len(source.reports), source.attributions) == ("outlet:norda", "outlet", 3, 2)


def test_outlets_of_the_same_words_are_one_only_in_their_order(ledger: Ledger) -> None:
    add(ledger, own("Daily Star"), own("Star Daily"), own("the Daily Star newspaper"))
    found = outlets(ledger)
    assert [len(source.reports) for source in found] == [2, 1]
    happening = of(own("Daily Star"), own("Star Daily", text="Guns shelled the bus station of Dorvane on Monday."))
    assert happening.independent == 2


def test_an_outlet_of_common_words_is_not_one_without_a_name(ledger: Ledger) -> None:
    add(ledger, own("News Agency"), own("News Site"), own(None))
    assert sorted(source.id for source in outlets(ledger)) == ["outlet:-", "outlet:news agency", "outlet:news site"]


def test_an_outlet_that_is_only_described_is_one_in_its_outlets_reports_alone(ledger: Ledger) -> None:
    add(
        ledger,
        own("News Agency"),
        said("the news agency", kind="outlet"),
        said("the agency", kind="outlet", outlet="B"),
    )
    assert len(sources(ledger)) == 3


def test_outlets_that_are_not_known_are_not_one(ledger: Ledger) -> None:
    add(ledger, own(None), own(None, text="Guns of the army shelled the bus station of Dorvane again on Monday."))
    assert [source.name for source in sources(ledger)] == ["outlet unknown"] * 2


@pytest.mark.parametrize(
    ("words", "noun"),
    [("three diplomats briefed on the talks", "diplomats"), ("A person who has seen the log", "person"),
     ("the town's only working hospital", "hospital"), ("officials, who asked not to be named", "officials")],
)  # fmt: skip
def test_the_noun_that_says_what_somebody_is(words: str, noun: str) -> None:
    assert head(words) == noun


# --- what became of it ----------------------------------------------------------------------------


def test_an_independent_chain_on_the_day_or_later_confirms(ledger: Ledger) -> None:
    add(ledger, own("Norda", "2031-03-04"), own("Radio Lisk", "2031-03-05"))
    found = sources(ledger)
    first, second = one(found, "outlet:norda"), one(found, "outlet:radio lisk")
    assert fates(first) == [CONFIRMED] and first.claims[0].by == (second.claims[0].event,)
    assert first.confirmed == first.happenings == second.happenings
    assert fates(second) == [OPEN]


def test_a_copy_and_the_same_source_elsewhere_confirm_nothing(ledger: Ledger) -> None:
    add(ledger, own("Norda"), said("Norda", kind="outlet", about={"type": "outlet"}, outlet="Radio Lisk"))
    assert fates(one(sources(ledger), "outlet:norda")) == [OPEN, OPEN]


def test_a_report_without_a_date_confirms_and_contradicts_nothing(ledger: Ledger) -> None:
    make = ReadingBuilder(make_report("Guns of the army shelled the bus station of Dorvane on Monday.", outlet="Lisk"))
    make.event("shelled", "ASSAULT", recipients=["the bus station of Dorvane"], time="on Monday", start="2031-03-03",
               end="2031-03-03")  # fmt: skip
    add(ledger, own("Norda"), make.build())
    assert [fates(source) for source in sources(ledger)] == [[OPEN], [OPEN]]


def test_a_denial_since_contradicts_and_one_before_leaves_it_open(ledger: Ledger) -> None:
    add(ledger, own("Norda", "2031-03-04"), denial("Radio Lisk", published="2031-03-05"))
    found = sources(ledger)
    told, denied = one(found, "outlet:norda"), one(found, "outlet:radio lisk")
    assert fates(told) == [CONTRADICTED] and told.claims[0].because == "happened"
    assert told.contradicted == told.happenings and not told.confirmed
    assert fates(denied) == [OPEN] and denied.claims[0].because == "happened" and not denied.claims[0].by


def test_who_declines_vouches_for_nothing_and_who_denies_for_what_did_not_happen(ledger: Ledger) -> None:
    add(
        ledger,
        said("Oda Lenk", about=PERSON, stance="cannot_confirm"),
        said("Ivo Marr", about=PERSON, stance="denies", status="not_occurred", outlet="Radio Lisk"),
    )
    found = sources(ledger)
    assert one(found, "named:oda lenk (person)").claims == ()
    assert one(found, "named:oda lenk (person)").attributions == 1
    assert len(one(found, "named:ivo marr (person)").claims) == 1


def test_outlets_are_told_with_what_rests_on_unnamed_sources(ledger: Ledger) -> None:
    add(ledger, own("Norda"), said("two diplomats", kind="unnamed"), said("Oda Lenk", about=PERSON))
    (norda,) = outlets(ledger)
    assert (len(norda.reports), norda.attributions, len(norda.claims), norda.on_unnamed) == (3, 2, 3, 1)


def test_what_was_known_at_a_day(ledger: Ledger) -> None:
    add(ledger, own("Norda", "2031-03-04"), denial("Radio Lisk", published="2031-03-06"))
    (before,) = sources(ledger, Filter(as_of="2031-03-05"))
    assert fates(before) == [OPEN]
    assert len(sources(ledger, Filter(as_of="2031-03-06"))) == 2
    with pytest.raises(UsageError):
        sources(ledger, Filter(as_of="Monday"))


def test_a_retracted_report_is_left_out(ledger: Ledger) -> None:
    first, second = own("Norda"), own("Radio Lisk")
    add(ledger, first, second)
    ledger.retract(second.report.id, "2031-03-07", "false")
    assert [source.id for source in sources(ledger)] == ["outlet:norda"]


def test_the_most_telling_come_first_and_one_may_be_asked_for(ledger: Ledger) -> None:
    add(ledger, own("Norda"), own("Norda", "2031-03-05", "Shells shelled the bus station of Dorvane on Monday."),
        said("Óda Lenk", about=PERSON, outlet="Radio Lisk"))  # fmt: skip
    found = sources(ledger)
    assert [source.name for source in found] == ["Norda", "Óda Lenk"]
    assert [source.name for source in named(found, "oda")] == ["Óda Lenk"]
    assert [source.name for source in named(found, "LENK")] == ["Óda Lenk"]
    assert [source.name for source in named(found, "outlet:norda")] == ["Norda"]
    assert named(found, "enk") == []


def test_the_screen_and_json_tell_it_at_any_width(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    add(ledger, own("Norda"), denial("Radio Lisk", "two \x1b[31mdiplomats", published="2031-03-05"))
    for width in ("20", "80"):
        monkeypatch.setenv("COLUMNS", width)
        for source in (*sources(ledger), *outlets(ledger)):
            stream = StringIO()
            put_whole(Screen.on(stream), source)
            assert "\x1b" not in stream.getvalue()
            assert all(claim.event in stream.getvalue() for claim in source.claims)
            assert max(map(len, stream.getvalue().splitlines())) <= max(int(width), 24)
    norda = one(sources(ledger), "outlet:norda")
    assert as_dict(norda)["contradicted"] == norda.contradicted and "claims" not in as_dict(norda)
    assert whole_as_dict(norda)["claims"][0]["by"] == norda.claims[0].by


# --- overruling -----------------------------------------------------------------------------------


def test_a_number_that_somebody_gives_holds_and_the_rules_own_stays(ledger: Ledger) -> None:
    add(ledger, own("Norda"), own("Radio Lisk"))
    (happening,) = of_ledger(ledger)
    second = happening.members[1].told.key
    assert graded(happening, rulings(ledger, [happening])).number.holds == "1"
    overrule(ledger, second, "5", "staged", "Ada")
    overrule(ledger, happening.id, "3", "no picture", "Bo")
    found = graded(happening, rulings(ledger, [happening]))
    assert (found.number.holds, found.number.grade) == ("3", "1")
    assert found.number.human and found.number.human.decision.decided_by == "Bo"
    stream = StringIO()
    put_happening(Screen.on(stream), found)
    head_line = " ".join(stream.getvalue().split())
    assert "3 one chain (by Bo: no picture; by the rules 1, 2 independent chains for it; nobody denies it)" in head_line
    assert happening_as_dict(found)["number"]["human"]["grade"] == "3"


def test_a_letter_for_one_attribution_and_for_all_that_a_source_tells(ledger: Ledger) -> None:
    first, second = said("Oda Lenk", about=PERSON), said("Oda Lenk", about=PERSON, outlet="Radio Lisk")
    add(ledger, first, second)

    def held() -> dict[str, str]:
        (happening,) = of_ledger(ledger)
        grades = graded(happening, rulings(ledger, [happening])).letters
        return {str(m.reading.report.outlet): grades[m.told.key].holds for m in happening.members}

    assert held() == {"Norda": "F", "Radio Lisk": "F"}
    overrule(ledger, mark_id(first.report.id, "E1"), "b", by_words := "was right before", "Ada")
    assert held() == {"Norda": "B", "Radio Lisk": "F"}
    overrule(ledger, "named:oda lenk (person)", "A", by_words)
    assert held() == {"Norda": "B", "Radio Lisk": "A"}
    overrule(ledger, mark_id(first.report.id, "A1"), "E")
    assert held() == {"Norda": "E", "Radio Lisk": "A"}


def test_a_letter_for_a_source_follows_who_is_judged_the_same(ledger: Ledger) -> None:
    first, second = said("Oda Lenk", about=PERSON), said("Ode Lenk", about=PERSON, outlet="Radio Lisk")
    add(ledger, first, second)
    overrule(ledger, "named:ode lenk (person)", "B")
    ledger.judge(mark_id(first.report.id, "N2"), mark_id(second.report.id, "N2"), "same")
    (happening,) = of_ledger(ledger)
    assert {grade.holds for grade in graded(happening, rulings(ledger, [happening])).letters.values()} == {"B"}


def test_letters_for_sources_are_found_without_reading_the_ledger(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    council = {"type": "organization", "country": "VLM"}
    add(
        ledger,
        said("the Lake Council", about=council),
        said("Lake Council", about=council, outlet="Radio Lisk"),
        said("two diplomats", kind="unnamed", outlet="Lantern"),
        said("two diplomats", kind="unnamed", outlet="Meridian Post"),
        own("Daily Star"),
    )
    (happening,) = of_ledger(ledger)
    for id, grade in (("named:the lake council (organization, VLM)", "B"), ("unnamed:diplomat (lantern)", "A"),
                      ("outlet:daily star", "E")):  # fmt: skip
        overrule(ledger, id, grade)
    monkeypatch.delattr(Ledger, "readings")
    found = graded(happening, rulings(ledger, [happening])).letters
    outlets_of = {member.told.key: member.reading.report.outlet for member in happening.members}
    assert {outlets_of[key]: grade.human and grade.holds for key, grade in found.items()} == {
        "Norda": "B", "Radio Lisk": "B", "Lantern": "A", "Meridian Post": None, "Daily Star": "E",
    }  # fmt: skip


def test_a_letter_changes_no_number(ledger: Ledger) -> None:
    add(ledger, said("Oda Lenk", about=PERSON), own("Radio Lisk"))
    (happening,) = of_ledger(ledger)
    before = graded(happening, rulings(ledger, [happening])).number
    for id in ("named:oda lenk (person)", "outlet:radio lisk"):
        overrule(ledger, id, "E")
    assert graded(happening, rulings(ledger, [happening])).number == before


@pytest.mark.parametrize(
    ("mark", "grade"), [("E1", "7"), ("E1", "G"), ("E1", ""), ("A1", "3"), ("N1", "A"), ("N1", "1")]
)
def test_a_grade_that_does_not_fit_is_refused(ledger: Ledger, mark: str, grade: str) -> None:
    reading = said("Oda Lenk", about=PERSON)
    add(ledger, reading)
    with pytest.raises(UsageError):
        overrule(ledger, mark_id(reading.report.id, mark), grade)
    assert ledger.overrulings() == {}


def test_an_attribution_without_words_takes_no_letter(ledger: Ledger) -> None:
    make = ReadingBuilder(make_report("Guns shelled the bus station of Dorvane on Monday.", outlet="Norda"))
    make.event("shelled", "ASSAULT", attribution=make.attribution(kind="none"))
    reading = make.build()
    add(ledger, reading)
    for mark in ("A1", "E1"):
        with pytest.raises(UsageError, match=r"without words.*grade the source"):
            overrule(ledger, mark_id(reading.report.id, mark), "B")
    assert ledger.overrulings() == {}


def test_what_is_not_there_is_told(ledger: Ledger) -> None:
    reading = own("Norda")
    add(ledger, reading)
    with pytest.raises(NotFound):
        overrule(ledger, "named:nobody", "B")
    with pytest.raises(NotFound):
        overrule(ledger, mark_id(reading.report.id, "E9"), "3")
    with pytest.raises(UsageError, match="outlet itself"):
        overrule(ledger, mark_id(reading.report.id, "E1"), "B")
    with pytest.raises(UsageError):
        overrule(ledger, "outlet:norda", "3")


# --- the marked stories, as the model reads them -----------------------------------------------------


@pytest.fixture(scope="module")
def stories() -> list[Reading]:
    from training.happenings import stories

    return [reading for story in stories() for reading in story.readings.values()]


def test_the_stories_grades_keep_to_the_rules(stories: list[Reading]) -> None:
    numbers, given = set(), set()
    for happening in happenings(stories):
        mine = number(happening)
        numbers.add(mine.grade)
        given |= {grade.grade for grade in letters(happening).values()}
        opposed = any(dispute.kind in ("denied", "happened") for dispute in happening.contradictions)
        assert (mine.grade in "45") <= opposed
        assert (mine.grade in "123") <= (not opposed)
        if mine.grade == "1":
            assert len({m.told.report for m in happening.members}) > 1
        if not any(vouches(m.reading, m.event) for m in happening.members):
            assert mine.grade == "6"
    assert given == set("CDF") and numbers >= set("1346")


def test_the_stories_sources_tell_every_claim_once_in_any_order(tmp_path: Path, stories: list[Reading]) -> None:
    found, stories = [], stories[:30]
    for n, seed in enumerate((1, 2)):
        shuffled = random.Random(seed).sample(stories, len(stories))
        with Ledger.open(tmp_path / f"{n}.sqlite") as opened:
            add(opened, *shuffled)
            found.append((sources(opened), outlets(opened)))
    assert found[0] == found[1]
    told = sorted(m.told.key for one in happenings(stories) for m in one.members if vouches(m.reading, m.event))
    for every in found[0]:
        claims = [claim for source in every for claim in source.claims]
        assert sorted(claim.event for claim in claims) == told
        assert all(bool(claim.by) == (claim.fate != OPEN) for claim in claims)
        assert all(claim.event.split(":")[0] not in {key.split(":")[0] for key in claim.by} for claim in claims)
        assert {claim.fate for claim in claims} == {CONFIRMED, CONTRADICTED, OPEN}
    assert graded(happenings(stories)[0]) == graded(happenings(stories)[0], Rulings())
