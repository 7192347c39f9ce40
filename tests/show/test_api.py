from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.listing import mark_as_dict
from dragoman.show.output import as_json
from tests.show.readings import crisis, lock

LISTS = ("reports", "events", "attributions", "entities")
LOCK = lock().report.id


@pytest.mark.parametrize("kind", LISTS)
def test_pages_follow_one_another_through_the_link_header(client: TestClient, kind: str) -> None:
    whole = client.get(f"/v1/{kind}").json()["rows"]
    paged, address = [], f"/v1/{kind}?limit=2"
    while address:
        answer = client.get(address)
        paged += answer.json()["rows"]
        link = re.fullmatch(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        assert bool(link) == bool(answer.json()["next_cursor"])
        address = link.group(1) if link else ""
    assert len(whole) > 2
    assert paged == whole


def test_filters_reach_the_ledger_and_stay_in_the_link(client: TestClient) -> None:
    answer = client.get("/v1/events", params={"type": "COERCE", "status": "occurred", "limit": 1})
    assert {row["type"] for row in answer.json()["rows"]} == {"COERCE"}
    assert "type=COERCE" in answer.headers["link"]
    found = client.get("/v1/reports", params={"text": '"grain barges"'}).json()["rows"]
    assert [row["id"] for row in found] == [LOCK]


def test_a_report_is_its_reading(client: TestClient) -> None:
    assert Reading.from_dict(client.get(f"/v1/reports/{LOCK}").json()) == lock()
    assert client.get(f"/v1/reports/{LOCK[:8]}").json()["report"]["id"] == LOCK


def test_a_report_that_is_known_is_not_sent_again(client: TestClient) -> None:
    tag = client.get(f"/v1/reports/{LOCK}").headers["etag"]
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(f"/v1/reports/{LOCK}", headers={"if-none-match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(f"/v1/reports/{LOCK}", headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("kind", LISTS[1:])
def test_a_mark_is_what_is_shown_of_it(client: TestClient, ledger_path: Path, kind: str) -> None:
    """Each row of a list leads to the mark as the reading has it, as `dragoman show` prints it."""
    rows = client.get(f"/v1/{kind}").json()["rows"]
    with Ledger.open(ledger_path, create=False) as ledger:
        for row in rows:
            shown = as_json(mark_as_dict(*ledger.mark(row["id"])))
            assert client.get(f"/v1/{kind}/{row['id']}").text == shown
    assert len(rows) > 5
    assert "text" not in json.loads(shown)["report"]


def test_marks_of_one_entity_are_those_linked_to_it(client: TestClient) -> None:
    roake = client.get("/v1/entities?actor=roake").json()["rows"][0]
    for kind, count in (("events", roake["acts"]), ("attributions", roake["says"])):
        answer = client.get(f"/v1/{kind}", params={"entity": roake["id"], "limit": 1})
        assert len(client.get(f"/v1/{kind}", params={"entity": roake["id"]}).json()["rows"]) == count > 0
        assert (count > 1) == ("link" in answer.headers)
    for kind in ("reports", "entities", "readings"):
        assert client.get(f"/v1/{kind}", params={"entity": roake["id"]}).status_code == 400


def test_readings_come_as_lines(client: TestClient) -> None:
    answer = client.get("/v1/readings")
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    ids = [json.loads(line)["report"]["id"] for line in answer.text.splitlines()]
    assert ids == sorted(reading.report.id for reading in crisis())


@pytest.mark.parametrize(
    ("address", "status", "detail"),
    [
        ("/v1/events?type=WAR", 400, "event type"),
        ("/v1/events?since=yesterday", 400, "no day"),
        ("/v1/events?typ=ASSAULT", 400, "typ: extra"),
        ("/v1/events?limit=0", 400, "limit"),
        ("/v1/events?limit=ten", 400, "limit"),
        ("/v1/events?after=nonsense", 400, "cursor"),
        ("/v1/entities?status=occurred", 400, "status"),
        ("/v1/readings?type=WAR", 400, "event type"),
        ("/v1/reports/ffffffff", 404, "no report"),
        ("/v1/reports/x", 404, "no report"),
        ("/v1/events/x", 404, "names no mark"),
        (f"/v1/events/{LOCK[:12]}:E99", 404, "no event"),
        (f"/v1/events/{LOCK[:12]}:A1", 404, "no event"),
        (f"/v1/attributions/{LOCK[:12]}:E1", 404, "no attribution"),
        (f"/v1/entities/{LOCK[:12]}:E1", 404, "no entity"),
        ("/v1/entities/ffffffff:N1", 404, "no report"),
        (f"/v1/events?entity={LOCK[:12]}:N99", 404, "no entity"),
        ("/v1/nothing", 404, "nothing at this address"),
    ],
)
def test_errors_are_problem_documents(client: TestClient, address: str, status: int, detail: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert detail in problem["detail"]
    assert problem["cure"]
    assert problem["instance"] == address.partition("?")[0]


def test_writing_is_not_offered(client: TestClient) -> None:
    answer = client.post("/v1/reports", json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_is_whole(client: TestClient) -> None:
    described = client.get("/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    assert set(described["paths"]) == {
        "/v1/reports", "/v1/reports/{id}", "/v1/reports/{id}/captures", "/v1/events", "/v1/events/{id}",
        "/v1/attributions",
        "/v1/attributions/{id}", "/v1/entities", "/v1/entities/{id}", "/v1/readings", "/v1/health",
        "/v1/timeline", "/v1/map", "/v1/network",
        "/v1/review", "/v1/review/undo", "/v1/happenings", "/v1/happenings/{id}", "/v1/sources", "/v1/sources/one",
        "/v1/outlets",
    }  # fmt: skip
    known = set(described["components"]["schemas"])
    used = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(described)))
    assert used <= known
    assert "offsets" not in described["components"]["schemas"]["Report"]["properties"]
    assert "422" not in json.dumps(described)


def test_what_is_described_is_what_comes(client: TestClient) -> None:
    schemas = client.get("/v1/openapi.json").json()["components"]["schemas"]
    for kind, row in zip(LISTS, ("ReportRow", "EventRow", "AttributionRow", "EntityRow"), strict=True):
        assert set(schemas[row]["properties"]) == set(client.get(f"/v1/{kind}").json()["rows"][0])
    reading = client.get(f"/v1/reports/{LOCK}").json()
    for name, part in (("Report", reading["report"]), ("Event", reading["events"][0]), ("Reading", reading)):
        assert set(schemas[name]["properties"]) == set(part)
    for kind, name, mark in (
        ("events", "OneEvent", "E1"),
        ("attributions", "OneAttribution", "A1"),
        ("entities", "OneEntity", "N1"),
    ):
        one = client.get(f"/v1/{kind}/{LOCK[:12]}:{mark}").json()
        assert set(schemas[name]["properties"]) == set(one)
        assert set(schemas["Origin"]["properties"]) == set(one["report"])
        assert schemas[name]["properties"]["kind"]["const"] == one["kind"]


def test_health(client: TestClient) -> None:
    assert client.get("/v1/health").json()["status"] == "ok"
