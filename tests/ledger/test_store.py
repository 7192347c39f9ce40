"""Adding and reading back: each report once, whole, and exactly as it was given."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dragoman.errors import NotFound, UsageError
from dragoman.ledger import query
from dragoman.ledger.copies import better
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from tests.builders import NEWER, ReadingBuilder, denial, make_report
from tests.ledger.helpers import as_json, ask, assert_sound, assert_whole, contents
from tests.ledger.places import Place, Places, borrowed
from tests.ledger.strategies import HOSTILE, reading_of_anything
from tests.ledger.synthetic import synthetic


def by_newer_model(reading: Reading) -> Reading:
    """What a later model made of the same report: one event fewer."""
    return replace(reading, events=reading.events[1:], made_by=NEWER)


@pytest.fixture
def place(places: Places) -> Iterator[Place]:
    with borrowed(places, ledger=True) as place:
        yield place


@pytest.fixture
def ledger(place: Place) -> Iterator[Ledger]:
    with Ledger.open(place) as ledger:
        yield ledger


def test_a_reading_comes_back_as_it_went_in(ledger: Ledger) -> None:
    assert ledger.add(denial()) is True
    assert ledger.reading(denial().report.id) == denial()
    assert ledger.reading(denial().report.id).to_dict() == denial().to_dict()


def test_adding_again_changes_nothing(ledger: Ledger, place: Place) -> None:
    readings = [denial(), *(synthetic(seed) for seed in range(5))]
    assert all(ledger.add(reading) for reading in readings)
    before = contents(place)
    assert not any(ledger.add(reading) for reading in readings)
    assert contents(place) == before


def test_a_newer_model_supersedes_and_nothing_is_erased(ledger: Ledger, place: Place) -> None:
    old, new = synthetic(1), by_newer_model(synthetic(1))
    ledger.add(old)
    before = contents(place)
    assert ledger.add(new) is True
    after = contents(place)
    for table, rows in before.items():
        if table != "report_words":  # the index merges its segments as it grows
            assert after[table][: len(rows)] == rows, table
    assert ledger.reading(old.report.id) == new
    assert ledger.counts()["reports"] == 1
    assert ledger.counts()["readings"] == 2
    assert ledger.counts()["events"] == len(new.events)
    assert ask(place, "SELECT number, supersedes FROM readings") == [(1, None), (2, 1)]


def test_an_older_model_again_does_not_come_back(ledger: Ledger) -> None:
    old, new = synthetic(1), by_newer_model(synthetic(1))
    assert [ledger.add(reading) for reading in (old, new, old)] == [True, True, False]
    assert ledger.reading(old.report.id) == new


def test_superseded_marks_are_in_no_list(ledger: Ledger) -> None:
    old = synthetic(1)
    ledger.add(old)
    ledger.add(replace(old, entities=(), attributions=(), events=(), made_by=NEWER))
    for list_all in (query.events, query.attributions, query.entities):
        assert list_all(ledger).rows == ()
    assert [row.id for row in query.reports(ledger, Filter(text="dispatch")).rows] == [old.report.id]
    assert query.reports(ledger, Filter(type=old.events[0].type)).rows == ()


def test_has_tells_reports_and_makers_apart(ledger: Ledger) -> None:
    ledger.add(denial())
    id = denial().report.id
    assert ledger.has(id) and ledger.has(id, denial().made_by)
    assert not ledger.has(id, NEWER) and not ledger.has("0" * 64)


def test_readings_come_in_the_same_order_whatever_the_order_of_adding(places: Places) -> None:
    readings = [synthetic(seed, sentences=2) for seed in range(30)]
    listed = []
    for shuffle in (1, 2):
        random.Random(shuffle).shuffle(readings)
        with borrowed(places) as place, Ledger.open(place) as ledger:
            for reading in readings:
                ledger.add(reading)
            lists = [list_all(ledger).rows for list_all in (query.events, query.attributions, query.entities)]
            listed.append((as_json(ledger), lists, [row.id for row in query.reports(ledger).rows]))
    assert listed[0] == listed[1]
    assert [reading["report"]["id"] for reading in listed[0][0]] == sorted(r.report.id for r in readings)


def test_readings_do_not_lock_the_ledger_while_they_are_gone_through(ledger: Ledger, place: Place) -> None:
    ledger.add(synthetic(1))
    ledger.add(synthetic(2))
    walk = ledger.readings()
    next(walk)
    with Ledger.open(place, busy_seconds=0) as other:
        assert other.add(synthetic(3)) is True


def test_threads_may_read_while_one_adds(ledger: Ledger) -> None:
    ledger.add(synthetic(0))

    def read(_: int) -> int:
        return min(len(list(ledger.readings())) for _ in range(20))

    with ThreadPoolExecutor(4) as threads:
        seen = threads.map(read, range(4))
        for seed in range(1, 15):
            ledger.add(synthetic(seed))
        assert all(count >= 1 for count in seen)
    assert ledger.counts()["reports"] == 15


# --- copies of one report ---------------------------------------------------------------------


def copy_of(reading: Reading, **told: str | None) -> Reading:
    """The reading of the same text and outlet, of which no more is known than is told."""
    return replace(reading, report=replace(reading.report, **{"title": None, "published": None, "url": None, **told}))  # type: ignore[arg-type]


def added(place: Place, readings: Iterable[Reading]) -> list[dict[str, object]]:
    """What a new ledger exports once these were added; `wants` said each time whether `add` would take one."""
    with Ledger.open(place) as ledger:
        for reading in readings:
            wanted = ledger.wants(reading.report, reading.made_by)
            assert ledger.add(reading) is wanted
            assert ledger.has(reading.report.id, reading.made_by)
            assert not ledger.wants(reading.report, reading.made_by)
            assert not ledger.wants(reading.report)
        return as_json(ledger)


def test_a_date_that_comes_later_supersedes_and_nothing_is_erased(ledger: Ledger, place: Place) -> None:
    dated = synthetic(1)
    undated = copy_of(dated)
    ledger.add(undated)
    before = contents(place)
    assert ledger.wants(dated.report, dated.made_by) and ledger.wants(dated.report)
    assert ledger.add(dated) is True
    after = contents(place)
    for table, rows in before.items():
        if table != "report_words":  # the index merges its segments as it grows
            assert after[table][: len(rows)] == rows, table
    assert ledger.reading(dated.report.id) == dated
    assert (ledger.counts()["reports"], ledger.counts()["readings"]) == (1, 2)
    assert ask(place, "SELECT number, supersedes FROM readings") == [(1, None), (2, 1)]
    assert [row.published for row in query.reports(ledger).rows] == [dated.report.published]
    assert len(query.events(ledger).rows) == len(dated.events)


def test_a_worse_copy_changes_nothing(ledger: Ledger, place: Place) -> None:
    dated = synthetic(1)
    ledger.add(dated)
    before = contents(place)
    assert not ledger.wants(copy_of(dated).report, dated.made_by)
    assert ledger.add(copy_of(dated)) is False
    assert contents(place) == before


DAY, LATER = "2031-03-04", "2031-03-05"
BEST_FIRST: tuple[dict[str, str], ...] = (
    {"published": DAY, "title": "A", "url": "https://a.example"},
    {"published": DAY, "title": "B", "url": "https://a.example"},
    {"published": LATER, "title": "A", "url": "https://a.example"},
    {"published": DAY, "title": "A"},
    {"published": DAY, "url": "https://a.example"},
    {"published": LATER},
    {"title": "A", "url": "https://a.example"},
    {"title": "B"},
    {"url": "https://a.example"},
    {},
    {"title": ""},
)
"""What copies of one report tell, each better than those after it: day, then title, then address."""


def test_better_copies_are_told_from_worse_ones() -> None:
    copies = [copy_of(denial(), **told).report for told in BEST_FIRST]
    for place, one in enumerate(copies):
        for further, other in enumerate(copies):
            assert better(one, other) is (place < further), (one, other)


def test_the_best_copy_stays_in_every_order(places: Places) -> None:
    copies = [copy_of(denial(), **BEST_FIRST[place]) for place in (0, 3, 6, 9)]
    for order in permutations(copies):
        with borrowed(places, ledger=True) as place:
            assert added(place, order) == [copies[0].to_dict()]


def test_a_better_copy_does_not_bring_back_another_model(ledger: Ledger) -> None:
    """A newer model read an undated copy: what the older one now makes of a dated one is not asked for."""
    dated = synthetic(1)
    newer = by_newer_model(copy_of(dated))
    ledger.add(copy_of(dated))
    ledger.add(newer)
    assert not ledger.wants(dated.report, dated.made_by)
    assert ledger.add(dated) is False
    assert ledger.reading(dated.report.id) == newer
    assert ledger.wants(dated.report, NEWER) and ledger.wants(dated.report)


def test_wants_what_is_not_there(ledger: Ledger) -> None:
    assert ledger.wants(denial().report) and ledger.wants(denial().report, NEWER)
    ledger.add(denial())
    assert not ledger.wants(denial().report) and ledger.wants(denial().report, NEWER)


# --- ids --------------------------------------------------------------------------------------


def test_the_start_of_an_id_is_enough(ledger: Ledger) -> None:
    ledger.add(denial())
    ledger.add(synthetic(1))
    id = denial().report.id
    for start in (id, id[:6], id[:20].upper(), f" {id[:8]} "):
        assert ledger.reading(start) == denial()


@pytest.mark.parametrize(
    "id", ["", "12345", "zzzzzzzz", "0" * 64, "0" * 65, "%%%%%%", "______", "' OR 1=1 --", "\x00" * 8]
)
def test_an_id_that_is_not_there_is_not_found(ledger: Ledger, id: str) -> None:
    ledger.add(denial())
    with pytest.raises(NotFound, match="no report") as missing:
        ledger.reading(id)
    assert "dragoman list reports" in missing.value.cure


def test_the_start_of_several_ids_is_told(ledger: Ledger) -> None:
    for last in "ab":
        report = replace(denial().report, id="abcdef" + last * 58)
        ledger.add(replace(denial(), report=report))
    with pytest.raises(UsageError, match=r"abcdefa.*abcdefb"):
        ledger.reading("abcdef")
    assert ledger.reading("abcdefa").report.id == "abcdef" + "a" * 58


def test_marks_are_named_across_the_ledger(ledger: Ledger) -> None:
    reading = denial()
    ledger.add(reading)
    id = reading.report.id
    assert ledger.event(mark_id(id, "E2")) == (reading, reading.events[1])
    assert ledger.attribution(mark_id(id, "A3")) == (reading, reading.attributions[2])
    assert ledger.entity(f"{id}:N1") == (reading, reading.entities[0])
    assert ledger.mark(f"{id[:6]}:A1") == (reading, reading.attributions[0])
    for row, get in (
        (query.events(ledger).rows[0], ledger.event),
        (query.attributions(ledger).rows[0], ledger.attribution),
        (query.entities(ledger).rows[0], ledger.entity),
    ):
        assert mark_id(id, get(row.id)[1].id) == row.id


@pytest.mark.parametrize("mark", ["E99", "", "A1", "E1:E1"])
def test_a_mark_that_is_not_there_is_not_found(ledger: Ledger, mark: str) -> None:
    ledger.add(denial())
    with pytest.raises(NotFound):
        ledger.event(f"{denial().report.id[:12]}:{mark}")
    with pytest.raises(NotFound, match="no mark"):
        ledger.event("E1")


# --- whatever the words -----------------------------------------------------------------------


@given(reading=reading_of_anything())
@hypothesis_settings(max_examples=60, deadline=None)
def test_any_reading_comes_back_as_it_went_in(places: Places, reading: Reading) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        assert ledger.add(reading) is True
        assert ledger.add(reading) is False
        assert ledger.reading(reading.report.id) == reading
        assert len(query.events(ledger).rows) == len(reading.events)
        assert len(query.attributions(ledger).rows) == len(reading.attributions)
        assert_sound(place)


telling = st.fixed_dictionaries(
    {
        "published": st.none() | st.sampled_from([DAY, LATER]),
        "title": st.none() | st.sampled_from(["", "A", "a", "nul\x00", "nul\ufffd", "lone \ud83d"]),
        "url": st.none() | st.sampled_from(["https://a.example", "https://b.example"]),
    }
)


@given(several=st.lists(telling, min_size=2, max_size=5), shuffle=st.randoms())
@hypothesis_settings(max_examples=40, deadline=None)
def test_copies_in_any_order_give_the_same_ledger(
    places: Places, several: list[dict[str, str | None]], shuffle: random.Random
) -> None:
    copies = [copy_of(denial(), **told) for told in several] + [synthetic(1, sentences=2)]
    shuffled = shuffle.sample(copies, len(copies))
    with borrowed(places, ledger=True) as one, borrowed(places, ledger=True) as other:
        assert added(one, copies) == added(other, shuffled)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(ledger: Ledger, place: Place, words: str) -> None:
    report = make_report(f"Today {words} met the envoy.", title=words, outlet=words, url=words)
    make = ReadingBuilder(report, made_by=MadeBy(words, words, words))
    who = make.entity(words, "person", mentions=[words], country=words, role=words, of=words, known_as=[words])
    held = make.attribution(source=[words], cue=["met"], content=["the envoy"], entity=who, addressee=words)
    make.event(
        words,
        "CONSULT",
        actors=[(words, who)],
        recipients=[words],
        place=words,
        place_entity=who,
        time=words,
        attribution=held,
        counts=[("killed", 10**30, "exact", words)],
        rule=words,
        condition=words,
    )
    reading = make.build()
    ledger.add(synthetic(1))
    assert ledger.add(reading) is True
    assert ledger.reading(reading.report.id) == reading
    for filter in (Filter(actor=words), Filter(outlet=words), Filter(source=words)):
        assert [row.report for row in query.events(ledger, filter).rows] == [reading.report.id], filter
    for filter in (Filter(text=words), Filter(text=f'"{words}"')):  # no words in it, no report found
        assert {row.report for row in query.events(ledger, filter).rows} <= {reading.report.id}, filter
    assert_sound(place)


def test_marks_that_do_not_fit_together_are_refused_whole(ledger: Ledger, place: Place) -> None:
    reading = denial()
    ledger.add(synthetic(1))
    before = contents(place)
    for broken in (
        replace(reading, attributions=()),
        replace(reading, entities=()),
        replace(reading, events=reading.events * 2),
        replace(reading, events=(replace(reading.events[0], confidence=float("nan")),)),
        replace(reading, report=replace(reading.report, id="report 1")),
    ):
        with pytest.raises(UsageError):
            ledger.add(broken)
    assert contents(place) == before
    assert_whole(place, [synthetic(1)])
