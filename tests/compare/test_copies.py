"""Copies of reports: which hang on which, why, what they added and cut; the figures on the set of pairs."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.compare.copies import Copy, Rule, copies, grouped
from dragoman.compare.copies.outlets import Outlets
from dragoman.compare.copies.words import Sketcher, Words
from dragoman.compare.of_ledger import trees
from dragoman.ledger.store import Ledger
from dragoman.records import Report
from tests.builders import ReadingBuilder, make_report
from training.copies import RELAYS, Pair, Story, halves, pairs, relays, score, score_together, stories

STORIES = {story.name: story for story in stories()}
HARBOUR, BORDER = STORIES["harbour_blast"], STORIES["border_shelling"]


def told(text: str, outlet: str = "The Gazette", published: str | None = "2031-03-04", title: str = "") -> Report:
    return make_report(text, outlet=outlet, published=published, title=title or None)


def hanging(story: Story, found: list[Copy]) -> dict[str, tuple[str, str]]:
    """Of each report of a story that hangs on another: how, and on which, by their names in the story."""
    names = {report.id: name for name, report in story.reports.items()}
    return {names[copy.report.id]: (copy.kind, names[copy.original.id]) for copy in found}


def assert_sound(found: list[Copy], reports: list[Report]) -> None:
    """Every span of every record holds the words that it says."""
    text = {report.id: report.text for report in reports}
    for copy in found:
        here, there = text[copy.report.id], text[copy.original.id]
        assert copy.features and 0 <= copy.likeness <= 1
        for feature in copy.features:
            assert feature.evidence and 0 <= feature.value <= 1
            if feature.span:
                assert here[slice(*feature.span)] == feature.evidence
        for passage in copy.added:
            assert here[slice(*passage.span)] == passage.words == passage.words.strip() != ""
        for passage in copy.cut:
            assert there[slice(*passage.span)] == passage.words == passage.words.strip() != ""


# --- the set --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def second_half() -> list[Pair]:
    return halves(pairs())[1]


def test_the_set_is_large_and_the_same_for_the_same_seed() -> None:
    some = pairs()
    assert some == pairs() and len(some) >= 300
    assert sum(pair.kind.startswith("paraphrase") for pair in some) >= 15
    assert min(sum(pair.is_copy for pair in some), sum(not pair.is_copy for pair in some)) >= 150


@pytest.mark.slow
def test_pairs_of_the_half_that_nothing_was_chosen_on(second_half: list[Pair]) -> None:
    assert score(second_half).f1 >= 99  # measured 100.00 on 584 pairs
    assert score_together(second_half).f1 >= 99  # 100.00, all reports in one heap


def test_relays_of_the_stories() -> None:
    assert relays() == (len(RELAYS), 0, 0)


@pytest.mark.parametrize("name", sorted(STORIES))
def test_the_copies_of_a_story_hang_on_the_wire_report(name: str) -> None:
    story = STORIES[name]
    found = copies(story.reports.values())
    assert_sound(found, list(story.reports.values()))
    expected = {copy: ("copy", of) for copy, of in story.copy_of.items()}
    expected[RELAYS[name][0]] = ("relay", RELAYS[name][1])
    assert hanging(story, found) == expected


# --- what a record tells --------------------------------------------------------------------------


def test_what_a_copy_cut_and_added() -> None:
    wire = HARBOUR.reports["r1"]
    paragraphs = wire.text.split("\n\n")
    own = "Dealers on our own quay expect no herring before June."
    report = told("\n\n".join([*paragraphs[:2], own, *paragraphs[3:6]]), "The Courier")
    [copy] = copies([report, wire])
    assert copy.original.id == wire.id and [passage.words for passage in copy.added] == [own]
    assert [passage.words for passage in copy.cut] == [paragraphs[2], "\n\n".join(paragraphs[6:])]
    features = {feature.name: feature for feature in copy.features}
    assert next(iter(features)) == "agency tag" and features["agency tag"].evidence == "Norda"
    passage = features["longest common passage"]
    assert passage.original_span and wire.text[slice(*passage.original_span)] == passage.evidence


def test_a_copy_of_a_copy_hangs_on_the_nearest_and_stands_in_the_same_tree() -> None:
    wire = BORDER.reports["r1"]
    local = "The ferry at Cask was full of people with bedding until late at night, our reader Jorn Hale writes."
    one = told(f"{local}\n\n{wire.text}".replace("(QA) ", ""), "The Tribune", "2032-09-13")
    other = told(one.text + "\n\nMore tomorrow.", "The Echo", "2032-09-14")
    found = copies([other, one, wire])
    assert [(copy.report.id, copy.original.id) for copy in found] == [(one.id, wire.id), (other.id, one.id)]
    [tree] = grouped(found)
    assert tree.original.id == wire.id and [copy.report.id for copy in tree.copies] == [one.id, other.id]


def test_of_the_same_day_the_agency_is_the_original_then_the_longer() -> None:
    wire, text = HARBOUR.reports["r1"], HARBOUR.reports["r1"].text
    longer = told(f"{text}\n\n{HARBOUR.written['lead']}", "A Paper")
    [copy] = copies([longer, wire])
    assert (copy.report.id, copy.original.id) == (longer.id, wire.id)
    plain = text.replace("(Norda) ", "")
    short, long = told(plain[: len(plain) * 2 // 3], "One"), told(plain, "Other")
    [copy] = copies([short, long])
    assert copy.original.id == long.id


def test_an_unknown_day_comes_last() -> None:
    text = HARBOUR.reports["r3"].text
    dated, undated = told(text[:700], "One", "2031-03-09"), told(text, "Other", None)
    [copy] = copies([undated, dated])
    assert copy.original.id == dated.id


def test_a_tag_of_the_original_s_outlet_needs_less_in_common() -> None:
    wire = HARBOUR.reports["r1"]
    half = "\n\n".join(wire.text.split("\n\n")[1:3])
    mixed = f"{HARBOUR.written['background']}\n\n{half}"
    assert not copies([wire, told(mixed)], Rule(tagged=0.4))
    [copy] = copies([wire, told(f"{mixed} (Norda)")], Rule(tagged=0.4))
    assert copy.features[0].name == "agency tag"


def test_background_that_an_outlet_repeats_makes_no_copy() -> None:
    background = HARBOUR.written["background"]
    reports = [told(f"{HARBOUR.reports[name].text}\n\n{background}", "Norda") for name in ("r1", "r8", "r9")]
    assert copies(reports) == []


def test_a_story_in_a_digest_is_found() -> None:
    wire = HARBOUR.reports["r1"]
    others = [report.text for story in STORIES.values() for report in story.independent if story is not HARBOUR]
    digest = told("\n\n".join([*others[:20], wire.text, *others[20:]]), "The Digest", "2031-03-05")
    [copy] = copies([digest, wire])
    assert (copy.report.id, copy.kind) == (digest.id, "copy")


def test_two_that_cite_each_other_make_no_circle() -> None:
    text = "The bridge at Corrin fell into the Sarn on Monday and nine lorries with it, {} reported on Tuesday."
    both = [told(text.format("Radio Brine"), "The Echo"), told(text.format("the Echo"), "Radio Brine")]
    found = copies(both)
    assert len(found) == 1 and grouped(found)[0].copies == tuple(found)


# --- order, repetition, hostile texts -------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(chance: random.Random) -> None:
    some = [report for name in ("harbour_blast", "coup_attempt") for report in STORIES[name].reports.values()]
    expected = copies(some)
    chance.shuffle(some)
    assert copies(some) == expected and copies([*some, *some]) == expected


LONG = "The harbour of Dorvane was closed on Monday after a blast. " * 17_000

HOSTILE = ["", "\n", "Fire", "no comment", "🔥" * 50, "🔥 burns 🔥 " * 30, "a " * 5000, "(" * 5000, "Norda - " * 2000]
HOSTILE += ["\ud800\x00 broken " * 40, "A" * 100_000, "Aa " * 40_000, "“" * 3000, "According to the " * 3000, "İ" * 999]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts(text: str) -> None:
    wire = HARBOUR.reports["r1"]
    reports = [
        wire,
        told(text, "Norda"),
        told(text, "The Echo"),
        told(text + wire.text, ""),
        told(wire.text + text, "A"),
    ]
    assert_sound(copies(reports), list({report.id: report for report in reports}.values()))


def test_a_megabyte() -> None:
    reports = [told(LONG, "One"), told(LONG + "And more.", "Two"), HARBOUR.reports["r1"]]
    found = copies(reports)
    assert len(LONG) > 1_000_000 and len(found) == 1
    assert_sound(found, reports)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet="ab. \n“”İß🔥", max_size=200), max_size=6))
def test_any_texts(texts: list[str]) -> None:
    reports = [told(text, f"Outlet {place % 3}") for place, text in enumerate(texts)]
    assert_sound(copies(reports), reports)


def test_nothing_and_one() -> None:
    assert copies([]) == [] and copies([HARBOUR.reports["r1"]]) == [] and grouped([]) == []


@given(st.text(max_size=300))
def test_words_stand_where_they_say(text: str) -> None:
    words = Words(told(text))
    assert len(words.spans) == len(words.folded) and all(text[s:e].strip() for s, e in words.spans)
    assert sum(sentence.length for sentence in words.sentences) == len(words.folded)


def test_hashes_are_the_same_in_every_process() -> None:
    sketch = Sketcher().sketch(told("Shells hit Brelsk at seven in the morning."))
    assert sketch.grams.tolist()[0] == 371680381158721420


# --- outlets --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("DORVANE, March 4 (Norda) - A blast tore", "Norda"),
        ("BRELSK, Sept 12 (QA) - Fire from the", "QA"),
        ("Norda - A blast tore through the market.", "Norda"),
        ("A blast tore through the market. (Norda)", "Norda"),
        ("A blast tore through the market. - Norda", "Norda"),
        ("By Norda\n\nA blast tore through the market.", "By Norda"),
        ("A blast tore through the market.\n\nReported by Norda.", "Reported by Norda."),
        ("A blast tore through the market. (Agencies)", "Agencies"),
    ],
)
def test_agency_tags(text: str, words: str) -> None:
    [tag] = Outlets(["Norda", "Quillon Agency"]).tags(told(text))
    assert tag.words == words == text[slice(*tag.span)]


@pytest.mark.parametrize(
    "text", ["A blast (Monday) - and fire.", "By Ada Thornquill\n\nNorda said.", "The market (agency)."]
)
def test_no_agency_tags(text: str) -> None:
    assert [tag.outlets for tag in Outlets(["Norda"]).tags(told(text)) if tag.outlets] == []


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("Nine died, according to Radio Brine.", "radio brine"),
        ("Nine died, the Lanmere Tribune reported on Tuesday.", "the lanmere tribune"),
        ("Citing the newspaper Lanmere Tribune, officials left.", "the lanmere tribune"),
        ("Radio Brine, a station on the coast, has reported that nine died.", "radio brine"),
        ("Nine died, the radio said.", None),
        ("Nine died, Marsk told Radio Brine.", None),
        ("According to the ministry, nine died.", None),
    ],
)
def test_citations(text: str, outlet: str | None) -> None:
    found = list(Outlets(["Radio Brine", "The Lanmere Tribune", "The Echo"]).cited(told(text, "The Echo")))
    assert [set(mention.outlets) for mention in found] == ([{outlet}] if outlet else [])


# --- the ledger -----------------------------------------------------------------------------------


def test_trees_of_a_ledger(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for name in ("r5", "r2", "r1", "r3"):
            report = HARBOUR.reports[name]
            kept = told(report.text, report.outlet or "", report.published, report.title or "")
            ledger.add(ReadingBuilder(kept).build())
        found = trees(ledger)
    assert sorted((tree.original.outlet or "", [copy.kind for copy in tree.copies]) for tree in found) == [
        ("Norda", ["copy"]),
        ("Radio Brine", ["relay"]),
    ]
