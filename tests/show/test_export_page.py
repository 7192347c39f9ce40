"""Files of what is listed: tables without formulas, JSON Lines, points, evidence sheets."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show import evidence, exports
from dragoman.show.app import create_app
from dragoman.show.exports import tables
from dragoman.show.pages.export import file_name
from dragoman.show.search import Search
from tests.builders import ReadingBuilder, denial, in_odesa, make_report
from tests.show.hostile import PAYLOADS, hostile
from tests.show.html import Parsed
from tests.show.readings import crisis

KINDS = ("reports", "events", "attributions", "happenings", "entities")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in [*crisis(), in_odesa()]:
            ledger.add(reading)
        ledger.correct(f"{in_odesa().report.id[:12]}:E1", "status", "planned", "they only will", "Mara")
    return path


@pytest.fixture
def client(place: Path) -> Iterator[TestClient]:
    with TestClient(create_app(place, Settings()), base_url="http://localhost:8765") as client:
        yield client


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith(tables.MARK)
    return list(csv.DictReader(io.StringIO(text.removeprefix(tables.MARK), newline=""), strict=True))


# --- files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_tables_and_lines_have_all_that_the_list_has(client: TestClient, kind: str) -> None:
    lines = client.get(f"/export?kind={kind}&format=jsonl")
    assert lines.headers["content-type"] == "application/x-ndjson"
    told = [json.loads(line) for line in lines.text.splitlines()]
    table = client.get(f"/export?kind={kind}&format=csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert [row["id"] for row in rows(table.text)] == [row["id"] for row in told]
    assert told
    if kind != "happenings":
        assert told == client.get(f"/v1/{kind}?limit=1000").json()["rows"]


def test_a_table_says_what_an_event_is(client: TestClient) -> None:
    table = client.get("/export?kind=events&format=csv&place=UKR")
    (row,) = rows(table.text)
    told = ("CONSULT", "planned", "Dockers", "the harbour city", "UKR", "46.48", "30.73", "Harbour Post")
    columns = ("type", "status", "actors", "place", "country", "latitude", "longitude", "outlet")
    assert tuple(row[column] for column in columns) == told
    assert re.fullmatch(
        r'attachment; filename="dragoman-events-ukr-\d{4}-\d\d-\d\d\.csv"', table.headers["content-disposition"]
    )


def test_the_filter_and_the_entity_of_the_address_hold(client: TestClient) -> None:
    id = client.get("/v1/entities?actor=roake").json()["rows"][0]["id"]
    for asked in ("text=grain", "place=sarre&status=occurred", f"entity={id}"):
        expected = [row["id"] for row in client.get(f"/v1/events?{asked}").json()["rows"]]
        found = rows(client.get(f"/export?kind=events&format=csv&{asked}").text)
        assert [row["id"] for row in found] == expected != []


def test_points_are_geojson(client: TestClient) -> None:
    answer = client.get("/export?kind=events&format=geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    told = answer.json()
    assert told["type"] == "FeatureCollection"
    (feature,) = told["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [30.73, 46.48]}
    assert feature["id"] == f"{in_odesa().report.id[:12]}:E1"
    properties = feature["properties"]
    assert (properties["type"], properties["words"], properties["place_precision"]) == ("CONSULT", "met", "point")
    assert properties["report"] == in_odesa().report.id
    assert client.get("/export?kind=happenings&format=geojson").json()["features"] == []


@pytest.mark.parametrize(
    "words",
    ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r\n@x", "\u00a0=1", "\x0b=1", "＝1", "＠x", "\tplain"],
)
def test_no_cell_is_a_formula(tmp_path: Path, words: str) -> None:
    text = f"{words} happened; {words} said so in {words}."
    make = ReadingBuilder(make_report(text, title=words, outlet=words, published="2031-03-05"))
    who = make.entity(words, "person", mentions=[(words, 1)])
    make.attribution(source=[(words, 2)], cue=["said"], content=[(words, 3)], entity=who)
    make.event("happened", "ASSAULT", actors=[((words, 1), who)], place=(words, 3))
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(make.build())
        for kind in ("reports", "events", "attributions", "entities"):
            (row,) = rows(b"".join(exports.export(ledger, Filter(), "csv", kind)).decode())
            assert f"'{words}" in row.values()
            assert not [cell for cell in row.values() if re.match(r"\s*[=+\-@＝＠]|\t", cell)]


def test_hostile_words_stay_in_their_cell(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for payload in PAYLOADS:
            ledger.add(hostile(payload))
        found = rows(b"".join(exports.export(ledger, Filter(), "csv", "events")).decode())
        assert len(found) == 2 * len(PAYLOADS)
        assert all(None not in row.values() and None not in row for row in found)
        lines = b"".join(exports.export(ledger, Filter(), "jsonl", "events")).decode().removesuffix("\n").split("\n")
        assert len([json.loads(line) for line in lines]) == len(found)


def test_what_does_not_go_together_is_refused(client: TestClient) -> None:
    for asked, told in (
        ("kind=reports&format=geojson", "cannot be written as geojson"),
        ("kind=entities&format=sheet", "make no evidence sheet"),
        ("kind=events&format=xml", "no format"),
        ("kind=wars&format=csv", "cannot be searched"),
        ("kind=events&format=csv&type=WAR", "no event type"),
        ("kind=events&type=WAR", "no event type"),
    ):
        answer = client.get(f"/export?{asked}")
        assert (answer.status_code, told in answer.text) == (400, True), asked


def test_the_command_writes_the_same(place: Path, client: TestClient) -> None:
    with Ledger.open(place) as ledger:
        for format, kind in (("csv", "events"), ("geojson", "events"), ("jsonl", "reports"), ("csv", "happenings")):
            written = b"".join(exports.export(ledger, Filter(), format, kind)).decode()
            assert client.get(f"/export?kind={kind}&format={format}").text.encode() == written.encode()
        unsaid, said = (exports.export(ledger, Filter(), "csv", kind) for kind in (None, "events"))
        assert b"".join(unsaid) == b"".join(said)
        with pytest.raises(UsageError, match="readings cannot be written as csv"):
            exports.export(ledger, Filter(), "csv", "readings")
        with pytest.raises(UsageError, match="take one of readings, reports"):
            exports.export(ledger, Filter(), "csv", "wars")


def test_file_names_tell_what_was_asked() -> None:
    asked = Search("events", Filter(text='Łódka "x"; rm -rf /', outlet="é" * 200))
    assert re.fullmatch(r"dragoman-events-[a-z0-9-]{1,60}-\d{4}-\d\d-\d\d\.csv", file_name(asked, "csv"))
    assert re.fullmatch(r"dragoman-reports-\d{4}-\d\d-\d\d\.jsonl", file_name(Search("reports", Filter()), "jsonl"))


# --- the page and the sheet ----------------------------------------------------------------------


def test_the_page_offers_the_files_of_each_kind(client: TestClient) -> None:
    found = Parsed(client.get("/export?kind=events&text=grain").text)
    links = [e.attributes["href"] for e in found.elements if e.tag == "a" and "format=" in e.attributes["href"]]
    assert links == [
        f"/export?kind=events&format={name}&text=grain" for name in (*exports.formats_of("events"), "sheet")
    ]
    for link in links:
        assert client.get(link).status_code == 200


def test_a_sheet_has_what_a_reader_needs_to_check_a_claim(client: TestClient) -> None:
    found = Parsed(client.get("/export?kind=events&format=sheet&place=UKR").text)
    report = in_odesa().report
    (claim,) = [e for e in found.elements if e.tag == "blockquote"]
    assert claim.text == "Dockers met in the harbour city on Sunday."
    assert [e.text for e in found.elements if e.tag == "mark"] == ["met"]
    for told in (
        "Harbour Post, 10 March 2031",
        "https://post.example/7",
        report.id,
        sha256(report.text.encode()).hexdigest(),
        "hand, Dragoman 0.1.0",
        "0" * 64,
        "the outlet itself",
        "Odesa, Odesa Oblast, Ukraine",
        "decided by a person",
        "status: the model had occurred, a person says planned (Mara): they only will",
        "events; place: UKR",
        "UTC",
    ):
        assert told in found.text, told


@pytest.mark.parametrize("kind", evidence.ROWS)
def test_every_kind_makes_a_sheet_and_goes_on(place: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(evidence.ROWS, kind, 2)
    seen: list[str] = []
    with Ledger.open(place) as ledger:
        asked, after = Search(kind, Filter()), None
        while True:
            sheet = evidence.sheet(ledger, asked, after)
            for one in sheet.reports:
                seen += [f"{one.reading.report.id[:12]}:{claim.id}" for claim in one.claims]
                for claim in one.claims:
                    assert "".join(piece.words for piece in claim.pieces) in one.reading.report.text
            after = sheet.next_cursor
            if after is None:
                break
        if kind in ("reports", "events"):
            assert sorted(seen) == sorted(row.id for row in query.events(ledger, limit=1000).rows)
        if kind == "attributions":
            assert sorted(seen) == sorted(row.id for row in query.attributions(ledger, limit=1000).rows)
        assert seen


def test_the_model_s_confidence_is_told_where_nobody_decided(client: TestClient) -> None:
    text = Parsed(client.get("/export?kind=events&format=sheet&place=Ukraine+Street").text).text
    assert "90\u202f%" in text
    assert "decided by a person" not in text


def test_dropped_and_accepted_marks_are_told(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(denial())
        ledger.correct(f"{denial().report.id[:12]}:E1", "accepted", "yes", "read twice", "Mara")
        ledger.correct(f"{denial().report.id[:12]}:E4", "dropped", "yes", "no restriction", "Teodor")
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        text = Parsed(client.get("/export?kind=reports&format=sheet").text).text
    assert "a person found it right (Mara): read twice" in text
    assert "was dropped" in text
    assert "no restriction" in text
