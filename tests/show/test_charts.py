"""Timeline and map through HTTP: each happening once, what is asked for and no more, and a page without script."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.show import pictured
from dragoman.show.app import create_app
from tests.show.charted import MARKS, charted, fill
from tests.show.hostile import PAYLOADS, hostile

BOTH = ("timeline", "map")


def client_of(path: Path) -> TestClient:
    return TestClient(create_app(path, Settings()), base_url="http://localhost:8765")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("charts") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in charted():
            ledger.add(reading)
    return path


@pytest.fixture
def client(path: Path) -> Iterator[TestClient]:
    with client_of(path) as client:
        yield client


def get(client: TestClient, address: str, **asked: str) -> Any:
    answer = client.get(address, params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_happening_in_two_reports_is_one_mark(client: TestClient) -> None:
    told = get(client, "/v1/timeline")
    assert len(told["marks"]) + len(told["undated"]) == MARKS
    (shelling,) = [mark for mark in told["marks"] if mark["type"] == "ASSAULT"]
    assert (shelling["reports"], shelling["first"], shelling["shape"]) == (2, "2031-03-03", "day")
    assert set(shelling["outlets"]) == {"Harbour Post", "Sarre Courier"}
    assert shelling["voices"] == ["a nurse"]
    assert not (told["more"] or told["more_undated"] or told["behind"])


def test_marks_say_what_the_ledger_says(client: TestClient) -> None:
    marks = {mark["words"]: mark for mark in get(client, "/v1/timeline")["marks"]}
    assert marks["met"]["when"] == "5 March 2031"
    assert marks["met"]["where"] == "Tolne, Denmark"
    assert (marks["blocked"]["shape"], marks["blocked"]["doubt"]) == ("range", True)
    assert (marks["kept"]["shape"], marks["kept"]["last"]) == ("since", "2031-03-07")
    assert marks["will send"]["status"] == "planned"
    assert marks["did not close"]["side"] == "conflict"
    for mark in marks.values():
        assert client.get(f"/v1/events/{mark['id']}").status_code == 200


def test_what_has_no_date_is_listed_apart(client: TestClient) -> None:
    told = get(client, "/v1/timeline")
    assert [mark["words"] for mark in told["undated"]] == ["went on"]
    assert get(client, "/v1/timeline", clock="reported")["undated"] == []


def test_the_clock_of_reports(client: TestClient) -> None:
    told = get(client, "/v1/timeline", clock="reported")
    assert len(told["marks"]) == MARKS
    shelling = next(mark for mark in told["marks"] if mark["type"] == "ASSAULT")
    assert (shelling["first"], shelling["last"], shelling["shape"]) == ("2031-03-04", "2031-03-07", "told")
    before = get(client, "/v1/timeline", clock="reported", window="2031-03-01..2031-03-05")["marks"]
    assert [mark["type"] for mark in before] == ["ASSAULT"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"type": "CONSULT"}, {"met"}),
        ({"status": "planned"}, {"will send"}),
        ({"actor": "kade"}, {"met"}),
        ({"since": "2031-03-05", "until": "2031-03-06"}, {"met", "did not close"}),
        ({"window": "2031-03-05..2031-03-06"}, {"met", "did not close"}),
        ({"window": "2031-03-05..2031-03-31", "until": "2031-03-05"}, {"met"}),
        ({"window": "2031-03-05..2031-03-31", "until": "2031-03-01"}, set()),
        ({"text": "miners"}, {"met", "will send", "blocked", "did not close", "signed", "kept"}),
        ({"outlet": "Sarre Courier"}, set()),
        ({"as_of": "2031-03-05"}, set()),
        ({"source_kind": "named"}, set()),
    ],
)
def test_the_filters_of_the_ledger_apply(client: TestClient, asked: dict[str, str], expected: set[str]) -> None:
    marks = get(client, "/v1/timeline", **asked)["marks"]
    assert {mark["words"] for mark in marks if mark["type"] != "ASSAULT"} == expected
    if asked.keys() & {"outlet", "as_of"}:
        (shelling,) = marks
        assert shelling["reports"] == (1 if "as_of" in asked else 2)


def test_lanes_count_every_mark(client: TestClient) -> None:
    told = get(client, "/v1/timeline")
    for lanes in told["lanes"].values():
        assert sum(lane["count"] for lane in lanes) == len(told["marks"])


def test_the_strip_leaves_out_what_is_long_ago_and_says_so(client: TestClient) -> None:
    told = get(client, "/v1/timeline")
    strip = told["overview"]["strip"]
    assert sum(count for _, count in strip["bins"]) + told["overview"]["earlier"] == len(told["marks"])
    first, last = told["overview"]["window"]
    assert strip["first"] <= first <= last <= strip["last"]
    assert get(client, "/v1/timeline", window="2031-03-01..2031-03-31")["overview"] is None


def test_the_map_has_each_place_once_and_knows_what_is_no_point(client: TestClient) -> None:
    told = get(client, "/v1/map")
    assert [spot["name"] for spot in told["places"]] == ["Tolne, Denmark", "Sarre, Ukraine", "Dorvane, Sarre, Ukraine"]
    assert [spot["vague"] for spot in told["places"]] == [False, True, False]
    marks = [*told["marks"], *told["undated"]]
    assert sorted(mark["words"] for mark in marks if mark["type"] != "ASSAULT") == [
        "blocked",
        "met",
        "signed",
        "went on",
    ]
    assert all(mark["where"] == told["places"][mark["place"]]["name"] for mark in marks)
    assert {"Crimea"} <= {one["name"] for one in told["contested"]}


def test_what_is_left_out_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictured, "DRAWN", 50)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        fill(ledger, 120)
    with client_of(tmp_path / "l.sqlite") as client:
        told = get(client, "/v1/timeline")
        assert (len(told["marks"]), told["more"]) == (50, True)
        assert told["overview"]["of"] == "all events"
        assert sum(count for _, count in told["overview"]["strip"]["bins"]) + told["overview"]["earlier"] == 120
        within = get(client, "/v1/timeline", window="2030-01-01..2030-02-28")
        assert (len(within["marks"]), within["more"]) == (sum(n % 12 < 2 for n in range(120)), False)
        assert len(get(client, "/v1/map")["marks"]) == 50


@pytest.mark.parametrize("view", BOTH)
@pytest.mark.parametrize(
    "asked",
    [
        {"clock": "sundial"},
        {"window": "2031"},
        {"window": "2031-03-09..2031-03-01"},
        {"type": "x"},
        {"status": "x"},
        {"since": "yesterday"},
        {"as_of": "x"},
        {"report": "zz"},
    ],
)
def test_what_is_wrong_is_refused(client: TestClient, view: str, asked: dict[str, str]) -> None:
    for address in (f"/{view}", f"/v1/{view}"):
        assert client.get(address, params=asked).status_code in (400, 404)


def test_unknown_names_are_slips_for_programs_and_nothing_for_pages(client: TestClient) -> None:
    assert client.get("/v1/timeline?colour=red").status_code == 400
    assert client.get("/timeline?colour=red").status_code == 200
    assert client.get("/timeline?lanes=height").status_code == 400


def test_the_pages_are_whole_without_script(client: TestClient) -> None:
    timeline = client.get("/timeline").text
    assert timeline.count("<tr data-id=") == MARKS - 1
    assert timeline.index("10 March 2031") < timeline.index("5 March 2031") < timeline.index("1172")
    assert "1 without a date are not drawn" in timeline or "1 without a date is not drawn" in timeline
    assert "in 2 reports" in timeline
    places = client.get("/map").text
    assert "somewhere in this province" in places and "at this place" in places
    assert places.index("Sarre, Ukraine") < places.index("Dorvane, Sarre, Ukraine")
    assert "Borders are Natural Earth’s" in places


@pytest.mark.parametrize("view", BOTH)
def test_links_keep_the_time_asked_for(client: TestClient, view: str) -> None:
    text = client.get(f"/{view}?as_of=2031-03-09&clock=reported").text
    assert "as_of=2031-03-09" in text.partition('href="/happenings/')[2].partition('"')[0]
    assert f"/v1/{view}?clock=reported&amp;as_of=2031-03-09" in text
    assert '<input type="hidden" name="clock" value="reported">' in text


@pytest.mark.parametrize("view", BOTH)
def test_an_empty_ledger_says_what_to_do(tmp_path: Path, view: str) -> None:
    with Ledger.open(tmp_path / "l.sqlite"):
        pass
    with client_of(tmp_path / "l.sqlite") as client:
        assert "dragoman add" in client.get(f"/{view}").text
        assert "Leave out one" in client.get(f"/{view}?type=AID").text
        told = get(client, f"/v1/{view}")
        assert (told["marks"], told["undated"], told["overview"]) == ([], [], None)


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for payload in PAYLOADS:
            assert ledger.add(hostile(payload))
    with client_of(tmp_path / "l.sqlite") as client:
        for clock in ("happened", "reported"):
            text = client.get("/timeline", params={"clock": clock}).text
            assert "<script>window" not in text and "<img src=x" not in text
            assert len(get(client, "/v1/timeline", clock=clock)["undated" if clock == "happened" else "marks"])
        for payload in (payload for payload in PAYLOADS if payload.isprintable()):
            for view in BOTH:
                for names in (("actor", "outlet", "text"), ("clock",), ("window",), ("lanes",)):
                    answer = client.get(f"/{view}", params=dict.fromkeys(names, payload))
                    assert answer.status_code in (200, 400), (view, names, payload)
                    assert "<script>window" not in answer.text
