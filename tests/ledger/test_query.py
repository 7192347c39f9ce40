"""Asking: the right rows, in the right order, page by page, for whatever is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.errors import NotFound, UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter, Page
from dragoman.ledger.rows import CountRow, EntityRow, Words
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from tests.builders import ReadingBuilder, denial, in_odesa, make_report
from tests.ledger import brute
from tests.ledger.places import Place, Places, borrowed
from tests.ledger.synthetic import BODIES, PEOPLE, synthetic

READINGS = [denial(), in_odesa(), *(synthetic(seed) for seed in range(80))]
LISTS: tuple[Callable[..., Page[Any]], ...] = (
    query.reports,
    query.events,
    query.attributions,
    query.entities,
)
EVERY_LIST = pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.__name__)


@pytest.fixture(scope="module")
def ledger(places: Places) -> Iterator[Ledger]:
    """All the readings, some of them superseding others that must not be found."""
    with borrowed(places) as place, filled(place) as ledger:
        yield ledger


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """The same in a file of SQLite."""
    with filled(tmp_path_factory.mktemp("query") / "ledger.sqlite") as ledger:
        yield ledger


@contextmanager
def filled(place: Place) -> Iterator[Ledger]:
    """A ledger of all the readings."""
    with Ledger.open(place) as ledger:
        for reading in READINGS[:10]:
            ledger.add(replace(reading, entities=(), attributions=(), events=(), made_by=MadeBy("0", "old", "0")))
        for seed in range(70, 75):  # the same marks under an older model
            ledger.add(replace(synthetic(seed), made_by=MadeBy("0", "old", "0")))
        for reading in READINGS:
            ledger.add(reading)
        yield ledger


def all_rows(listed: Callable[..., Page[Any]], ledger: Ledger, filter: Filter, limit: int = 1000) -> list[Any]:
    """The rows of every page."""
    rows: list[Any] = []
    after = None
    while True:
        page = listed(ledger, filter, after=after, limit=limit)
        rows += page.rows
        if page.next_cursor is None:
            return rows
        assert len(page.rows) == limit
        after = page.next_cursor


def check(ledger: Ledger, asked: Filter) -> None:
    """That every list gives what brute force gives."""
    for_entities = asked
    if asked.type in codes().event_types:
        for_entities = replace(asked, type={"AID": "person", "COERCE": "government"}.get(asked.type or ""))
    for_entities = replace(for_entities, status=None, recipient=None, place=None, source=None)
    reports = [row.id for row in all_rows(query.reports, ledger, asked)]
    events = [row.id for row in all_rows(query.events, ledger, asked)]
    attributions = [row.id for row in all_rows(query.attributions, ledger, asked)]
    assert reports == brute.expected_reports(READINGS, asked)
    assert events == brute.expected_events(READINGS, asked)
    assert attributions == brute.expected_attributions(READINGS, asked)
    for few in (dict.fromkeys(query._FEW, -1), query._FEW):  # found by walking over all of them, and looked up
        with patch.object(query, "_FEW", few):
            entities = [(row.id, row.reports, row.mentions) for row in all_rows(query.entities, ledger, for_entities)]
        assert entities == brute.expected_entities(READINGS, for_entities)
    found = [reading.report.id for reading in query.readings(ledger, asked)]
    assert found == sorted(reports)


SINGLE = [
    Filter(),
    *(Filter(type=type) for type in codes().event_types),
    *(Filter(status=status) for status in codes().statuses),
    *(Filter(source_kind=kind) for kind in codes().source_kinds),
    *(Filter(actor=part) for part in ("dov", "ILAN DOV", "zsofia", "o'connell", "the", "Łódka", "nobody", " Guard ")),
    *(Filter(recipient=part) for part in ("dov", "the market", "Łódka", "nobody", " Guard ")),
    Filter(actor="the", recipient="the"),
    *(Filter(source=part) for part in ("Abu", "official", "letter", "hale")),
    *(Filter(place=part) for part in ("varn", "KESTREL b", "lodka", "%", "nowhere", "UKR", "Ukraine", "odesa", "port")),
    *(Filter(actor=part) for part in ("%", "_", "\\", "D_v", "%dov%", "'", '"')),
    Filter(since="2031-06-01"),
    Filter(until="2031-06-01"),
    Filter(since="2031-03-03", until="2031-03-03"),
    *(Filter(outlet=outlet) for outlet in ("Harbour Post", "harbour post", "Harbour", "nowhere")),
    *(Filter(text=text) for text in ("blockade", "varn blockaded", '"Radio Meridian freed"', "freed Radio", "zzz")),
    *(Filter(text=text) for text in ("o’connell", "LODKA", "Łódka", "“near Varn”", "dispatch 7", "14 people")),
    Filter(report=denial().report.id[:6]),
]


@pytest.mark.parametrize("asked", SINGLE, ids=str)
def test_each_field_against_brute_force(ledger: Ledger, asked: Filter) -> None:
    check(ledger, asked)


parts = st.sampled_from(["a", "dov", "the ", "guard", "ministry", "official", *PEOPLE[:2], *list(BODIES)[:2]])
days = st.sampled_from(["2031-02-11", "2031-06-01", "2031-12-24"])
filters = st.builds(
    Filter,
    type=st.none() | st.sampled_from(tuple(codes().event_types)),
    status=st.none() | st.sampled_from(codes().statuses),
    actor=st.none() | parts,
    recipient=st.none() | parts,
    place=st.none() | st.sampled_from(["varn", "e", "UKR", "Moldova"]),
    source=st.none() | parts,
    source_kind=st.none() | st.sampled_from(codes().source_kinds),
    since=st.none() | days,
    text=st.none() | st.sampled_from(["varn", "blockaded", '"on Monday"', "near killing", "market"]),
    outlet=st.none() | st.sampled_from(["Oru Daily", "RADIO MERIDIAN"]),
)


@given(asked=filters)
@hypothesis_settings(max_examples=60, deadline=None)
def test_fields_together_against_brute_force(ledger: Ledger, asked: Filter) -> None:
    check(ledger, asked)


# --- what one entity does and says ------------------------------------------------------------


@given(asked=filters, at=st.integers(0, len(READINGS) - 1), which=st.integers(0, 20))
@hypothesis_settings(max_examples=60, deadline=None)
def test_one_entity_against_brute_force(ledger: Ledger, asked: Filter, at: int, which: int) -> None:
    reading = READINGS[at]
    who = reading.entities[which % len(reading.entities)]
    id = f"{reading.report.id[:12]}:{who.id}"
    for listed, expected in (
        (query.events, brute.expected_events),
        (query.attributions, brute.expected_attributions),
    ):
        for filter in (Filter(), asked):
            found = [row.id for row in all_rows(partial(listed, entity=id), ledger, filter, limit=9)]
            assert found == expected(READINGS, filter, who)
    done_to = all_rows(partial(query.events, toward=id), ledger, asked, limit=9)
    assert [row.id for row in done_to] == brute.expected_events(READINGS, asked, toward=who)
    both = all_rows(partial(query.events, entity=id, toward=id), ledger, Filter(), limit=9)
    assert [row.id for row in both] == brute.expected_events(READINGS, Filter(), who, who)


def namesake(words: str, name: str, type: str, country: str | None = None) -> Reading:
    """A report in which somebody of that name acts and speaks."""
    make = ReadingBuilder(make_report(f"{words} left, {words} said."))
    who = make.entity(name, type, mentions=[(words, 1)], country=country)
    make.attribution(source=[(words, 2)], cue=["said"], content=["left"], entity=who)
    make.event("left", "RETREAT", actors=[((words, 1), who)])
    make.event("said", "RETREAT", actors=[(words, 2)])  # the same words, linked to nobody
    return make.build()


def test_an_entity_is_its_name_type_and_country_and_no_part_of_a_name(place: Place) -> None:
    same = [namesake("Orvane", "Orvane", "place", "ORV"), namesake("ORVÁNE", "ORVÁNE", "place", "ORV")]
    others = [
        namesake("The council in Orvane", "Council of Orvane", "government", "ORV"),
        namesake("Orvane town", "Orvane town", "place", "ORV"),
        namesake("Orvane, the ship,", "Orvane", "product", "ORV"),
        namesake("Orvane in the south", "Orvane", "place", "SUD"),
        namesake("Orvane somewhere", "Orvane", "place"),
    ]
    with Ledger.open(place) as ledger:
        for reading in (*same, *others):
            ledger.add(reading)
        for reading in (*same, *others):
            id = f"{reading.report.id[:8]}:N1"
            expected = {r.report.id for r in (same if reading in same else [reading])}
            events = query.events(ledger, entity=id).rows
            assert {row.report for row in events} == expected
            assert {row.trigger.words for row in events} == {"left"}
            assert {row.report for row in query.attributions(ledger, entity=id).rows} == expected
        cursor = query.events(ledger, entity=f"{same[0].report.id}:N1", limit=1).next_cursor
        with pytest.raises(UsageError, match="cursor"):
            query.events(ledger, after=cursor)
        assert query.events(ledger, entity=" ") == query.events(ledger)
        with pytest.raises(NotFound):
            query.events(ledger, entity=f"{same[0].report.id}:E1")


# --- pages ------------------------------------------------------------------------------------


@EVERY_LIST
@pytest.mark.parametrize(
    ("asked", "limit"),
    [(Filter(), 40), (Filter(text="varn"), 30), (Filter(since="2031-12-24"), 1), (Filter(actor="dov"), 7)],
)
def test_pages_neither_skip_nor_repeat(
    ledger: Ledger, listed: Callable[..., Page[Any]], asked: Filter, limit: int
) -> None:
    whole = all_rows(listed, ledger, asked)
    assert len({row.id for row in whole}) == len(whole) > 0
    assert all_rows(listed, ledger, asked, limit=limit) == whole


@EVERY_LIST
def test_a_page_goes_on_where_it_was_though_reports_come_in(place: Place, listed: Callable[..., Page[Any]]) -> None:
    with Ledger.open(place) as ledger:
        for seed in range(0, 20, 2):
            ledger.add(synthetic(seed))
        before = [row.id for row in all_rows(listed, ledger, Filter())]
        first = listed(ledger, limit=5)
        for seed in range(1, 20, 2):
            ledger.add(synthetic(seed))
        rest = all_rows_after(listed, ledger, first.next_cursor)
    if listed is not query.entities:  # whose id is that of the first report, which may be new
        assert {*before} <= {row.id for row in (*first.rows, *rest)}
    assert not {row.id for row in first.rows} & {row.id for row in rest}


def all_rows_after(listed: Callable[..., Page[Any]], ledger: Ledger, after: str | None) -> list[Any]:
    return list(listed(ledger, after=after, limit=1000).rows)


@EVERY_LIST
def test_a_cursor_that_was_tampered_with_is_refused(ledger: Ledger, listed: Callable[..., Page[Any]]) -> None:
    cursor = listed(ledger, limit=3).next_cursor
    assert cursor is not None
    flipped = [cursor[:i] + ("A" if cursor[i] != "A" else "B") + cursor[i + 1 :] for i in range(len(cursor) - 1)]
    for wrong in (
        *flipped,
        cursor[:-4],
        cursor + "AAAA",
        "",
        "x",
        "é",
        "=" * 9,
        "\x00",
        "' OR 1=1 --",
        "[" * 4000,
    ):
        with pytest.raises(UsageError, match="cursor"):
            listed(ledger, after=wrong)


def test_a_cursor_goes_with_its_list_and_filter(ledger: Ledger) -> None:
    cursor = query.events(ledger, Filter(text="varn"), limit=3).next_cursor
    assert query.events(ledger, Filter(text=" varn "), after=cursor).rows
    with pytest.raises(UsageError, match="cursor"):
        query.events(ledger, Filter(text="oru"), after=cursor)
    with pytest.raises(UsageError, match="cursor"):
        query.attributions(ledger, Filter(text="varn"), after=cursor)


@EVERY_LIST
@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_page_has_a_size(ledger: Ledger, listed: Callable[..., Page[Any]], limit: int) -> None:
    with pytest.raises(UsageError, match="1 to 1000"):
        listed(ledger, limit=limit)


# --- what is wrong to ask ---------------------------------------------------------------------


@EVERY_LIST
@pytest.mark.parametrize("field", ["type", "source_kind", "status"])
def test_an_unknown_code_is_told_with_the_known_ones(
    ledger: Ledger, listed: Callable[..., Page[Any]], field: str
) -> None:
    with pytest.raises(UsageError) as refused:
        listed(ledger, Filter(**{field: "ASSAULTS"}))
    if listed is query.entities and field == "status":
        assert "entities cannot be listed by status" in refused.value.what
        return
    known = {"type": "ASSAULT", "source_kind": "unnamed", "status": "ruled_out"}[field]
    assert "ASSAULTS" in refused.value.what
    assert ("armed_group" if listed is query.entities and field == "type" else known) in refused.value.cure


@pytest.mark.parametrize("day", ["yesterday", "2031-02-30", "20310101", "2031-W01-1", "2031", "٢٠٣١-01-01"])
@EVERY_LIST
def test_a_day_that_is_none_is_told(ledger: Ledger, listed: Callable[..., Page[Any]], day: str) -> None:
    for asked in (Filter(since=day), Filter(until=day)):
        with pytest.raises(UsageError, match="year-month-day"):
            listed(ledger, asked)


@EVERY_LIST
def test_other_wrong_questions_are_told(ledger: Ledger, listed: Callable[..., Page[Any]]) -> None:
    with pytest.raises(UsageError, match="after until"):
        listed(ledger, Filter(since="2031-02-02", until="2031-02-01"))
    with pytest.raises(UsageError, match="at most 1000"):
        listed(ledger, Filter(text="a" * 1001))
    with pytest.raises(NotFound):
        listed(ledger, Filter(report="abcdef0123"))
    with pytest.raises(UsageError, match="source"):
        query.entities(ledger, Filter(source="dov"))
    with pytest.raises(UsageError, match="recipient"):
        query.entities(ledger, Filter(recipient="dov"))
    with pytest.raises(UsageError, match="country"):
        query.events(ledger, Filter(country="ORV"))


def test_names_that_are_only_numbers_are_none(tmp_path: Path) -> None:
    kept, left_out = ["47th Brigade", "M23", "twelve men"], ["12", "21 people", "12 000"]
    make = ReadingBuilder(make_report(", ".join([*kept, *left_out])))
    for name in (*kept, *left_out):
        make.entity(name, "group", mentions=[(name, 1)], country="ORV" if name == "M23" else None)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(make.build())
        assert [row.name for row in query.entities(ledger).rows] == kept
        assert [row.name for row in query.entities(ledger, Filter(country="orv")).rows] == ["M23"]


@EVERY_LIST
def test_blank_fields_ask_for_nothing(ledger: Ledger, listed: Callable[..., Page[Any]]) -> None:
    blank = Filter(**{field.name: " " for field in fields(Filter)})
    assert listed(ledger, blank) == listed(ledger, Filter())


SEARCHES = (
    *(
        '"',
        '"" ""',
        "AND",
        "NOT varn",
        "varn OR",
        "NEAR(varn oru, 2)",
        "text:varn",
        "varn*",
        "^varn",
        "(varn",
    ),
    *(
        "-varn",
        "{varn} : x",
        "'",
        ";",
        "!!!",
        "\x00",
        "\ud800",
        "varn\x00oru",
        '"varn',
        "“varn",
        "rowid:1",
        "+",
    ),
    "a " * 500,
)


@pytest.mark.parametrize("text", SEARCHES)
def test_no_search_is_an_error(ledger: Ledger, text: str) -> None:
    for listed in LISTS:
        listed(ledger, Filter(text=text))


def test_operators_in_a_search_are_only_words(ledger: Ledger) -> None:
    def found(text: str) -> list[str]:
        return [row.id for row in query.reports(ledger, Filter(text=text), limit=1000).rows]

    assert found("varn*") == found("^varn") == found('"varn') == found("(varn)") == found("varn") != []
    assert found("varn OR zzz") == [] == found("!!!")  # no report has all the words; no word is asked for


@given(text=st.text(alphabet=st.characters(), max_size=40))
@hypothesis_settings(max_examples=80, deadline=None)
def test_no_words_are_an_error_in_any_field(ledger: Ledger, text: str) -> None:
    for listed in LISTS[:3]:
        listed(ledger, Filter(text=text, actor=text, source=text, outlet=text))


# --- what is in a row -------------------------------------------------------------------------


def test_rows_have_their_words(place: Place) -> None:
    reading = denial()
    prefix = reading.report.id[:12]
    with Ledger.open(place) as ledger:
        ledger.add(reading)
        seized, killed, attacked, extended = query.events(ledger).rows
        _claim, _toll, denies = query.attributions(ledger).rows
        (report,) = query.reports(ledger).rows
        entities = query.entities(ledger).rows
    assert (report.id, report.events, report.attributions, report.entities) == (reading.report.id, 4, 3, 7)
    assert (report.title, report.outlet, report.published) == (
        "Marshal claims port as Tessaly denies attack", "Harbour Post", "2031-03-04",
    )  # fmt: skip
    assert seized.id == f"{prefix}:E1" and seized.attribution == f"{prefix}:A1"
    assert (seized.type, seized.mode, seized.status, seized.certainty) == (
        "COERCE",
        "seize",
        "occurred",
        "certain",
    )
    assert (seized.trigger.words, seized.voice, seized.source_kind) == ("seized", "Ilan Dov", "named")
    assert [(who.words, who.name) for who in seized.actors] == [("his forces", "Dov's forces")]
    assert [(who.words, who.name) for who in seized.recipients] == [("the port of Varn", None)]
    assert seized.place == Words("Varn", reading.events[0].place or (0, 0), "Varn")
    assert (seized.time and seized.time.words, seized.start, seized.date_precision) == (
        "Monday",
        "2031-03-03",
        "day",
    )
    assert killed.counts == (
        CountRow("killed", 14, None, "at_least", None, None, "at least 14 people", reading.events[1].counts[0].span),
    )
    assert (killed.voice, killed.source_kind, killed.confidence) == ("harbour officials", "unnamed", 0.6)
    assert (attacked.status, attacked.stance) == ("not_occurred", "denies")
    assert (extended.voice, extended.attribution, extended.rule) == (None, None, "unanimous")
    assert (denies.source, denies.cue, denies.mode) == ("Tessaly’s foreign ministry", "told", "direct")
    assert denies.content == "“We have not attacked any port,”" and denies.voice == "Foreign Ministry of Tessaly"
    assert denies.addressee is not None and denies.addressee.words == "Radio Meridian"
    assert denies.entity == f"{prefix}:N5"
    assert entities[1] == EntityRow(f"{prefix}:N2", "Dov's forces", "military", None, 1, 1, 1, 0, 0)


def test_words_of_rows_stand_where_their_spans_say(ledger: Ledger) -> None:
    texts = {reading.report.id: reading.report.text for reading in READINGS}
    for event in all_rows(query.events, ledger, Filter()):
        marks = [
            event.trigger,
            *event.actors,
            *event.recipients,
            event.place,
            event.time,
            event.condition,
            *event.counts,
        ]
        for mark in marks:
            if mark is not None:
                assert texts[event.report][slice(*mark.span)] == mark.words
    for row in all_rows(query.attributions, ledger, Filter()):
        for words, spans in (
            (row.source, row.source_spans),
            (row.cue, row.cue_spans),
            (row.content, row.content_spans),
        ):
            assert " … ".join(texts[row.report][slice(*span)] for span in spans) == words


def test_an_attribution_without_source_speaks_by_its_cue(ledger: Ledger) -> None:
    row = next(row for row in query.attributions(ledger, Filter(source_kind="none")).rows)
    assert (row.source, row.voice) == ("", "reportedly")


def test_one_entity_in_several_reports_is_one_row(ledger: Ledger) -> None:
    (row,) = query.entities(ledger, Filter(actor="council of oru", type="government", text="dispatch")).rows
    members: list[tuple[Reading, str]] = [
        (reading, entity.id)
        for reading in READINGS[1:]
        for entity in reading.entities
        if entity.name == "the Council of Oru"
    ]
    assert row.reports == len(members) > 1
    assert row.acts == sum(
        who.entity == id for reading, id in members for event in reading.events for who in event.actors
    )
    assert row.says == sum(a.entity == id for reading, id in members for a in reading.attributions)
    assert row.country == "ORU"


# --- how it is found --------------------------------------------------------------------------


OF_ONE_ENTITY = tuple(partial(listed, entity=f"{denial().report.id[:12]}:N1") for listed in LISTS[1:3])


@pytest.mark.parametrize("asked", [asked for asked in SINGLE if not asked.report], ids=str)
@pytest.mark.parametrize("listed", [*LISTS[:3], *OF_ONE_ENTITY], ids=lambda listed: getattr(listed, "__name__", "who"))
def test_lists_are_walked_in_order(file: Ledger, listed: Callable[..., Page[Any]], asked: Filter) -> None:
    """No list is sorted whole, and no table of marks gone through: what keeps a page fast in a big file.

    PostgreSQL plans by its statistics, and would sort one as small as this.
    """
    statements: list[str] = []
    with file.connection() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.set_trace_callback(statements.append)
    try:
        listed(file, asked, limit=10)
    finally:
        raw.set_trace_callback(None)
    questions = [statement for statement in statements if statement.startswith(("SELECT", "WITH"))]
    assert questions
    for question in questions:
        steps = [step for *_, step in raw.execute(f"EXPLAIN QUERY PLAN {question}")]
        assert "USE TEMP B-TREE FOR ORDER BY" not in steps, (question, steps)
        for table in ("entities", "attributions", "events", "participants", "counts"):
            assert not any(step.startswith(f"SCAN {table}") for step in steps), (question, steps)
