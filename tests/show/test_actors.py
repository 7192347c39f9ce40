"""The pages of actors and of their network, and what programs may ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.app import create_app
from tests.builders import ReadingBuilder, make_report
from tests.compare.quarrel import told
from tests.compare.test_network import QUARREL
from tests.ledger.test_about import report as meeting
from tests.show.html import Parsed

MEETINGS = (meeting("2031-03-04"), meeting("2031-03-06", "Courier"))
SHUT = "2031-03-05"


def demand() -> Reading:
    """Velmar Guard demands that the border be opened."""
    text = "The Velmar Guard demanded that the Oru League open the border crossings at Tarn."
    make = ReadingBuilder(make_report(text, outlet="Norda", published=SHUT))
    guard = make.entity("Velmar Guard", "organization", mentions=["Velmar Guard"])
    league = make.entity("Oru League", "organization", mentions=["Oru League"])
    make.event("demanded", "REQUEST", actors=[("The Velmar Guard", guard)], recipients=[("the Oru League", league)])
    return make.build()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for reading in (*QUARREL, *MEETINGS, demand(), told("Velmar Guard attacked 21 people", "2031-03-09")):
            assert ledger.add(reading)
    with TestClient(create_app(tmp_path / "ledger.sqlite", Settings()), base_url="http://localhost:8765") as client:
        yield client


def id_of(client: TestClient, name: str) -> str:
    (row,) = client.get("/v1/entities", params={"actor": name}).json()["rows"]
    found: str = row["id"]
    return found


# --- actors -----------------------------------------------------------------------------------


def test_who_is_named_most_leads_and_all_follow_by_name(client: TestClient) -> None:
    page = Parsed(client.get("/actors").text)
    leading, _, rest = page.text.partition("All by name")
    assert "Named most of late" in leading
    assert leading.index("Velmar Guard") < leading.index("Ilan Dov")
    assert rest.index("Halm Union") < rest.index("Ilan Dov") < rest.index("Velmar Guard")
    assert "21 people" not in page.text


def test_asking_narrows_and_leaves_the_leading_out(client: TestClient) -> None:
    assert "Named most of late" not in client.get("/actors?actor=velm").text
    page = Parsed(client.get("/actors?type=person&country=vlm").text)
    assert "Ilan Dov" in page.text and "Tea Hale" not in page.text and "Velmar Guard" not in page.text
    assert "Named most of late" in client.get("/actors?type=person").text
    assert "Nothing here matches" in client.get("/actors?country=XXX").text


def test_an_actor_over_all_reports(client: TestClient) -> None:
    page = Parsed(client.get(f"/actors/{id_of(client, 'ilan')}").text)
    said = " ".join(page.text.split())
    assert "Named 2 times in 2 reports" in said
    assert "acts 2 times, is acted upon 0 times and speaks 2 times" in said
    assert "foreign minister, since 1 January 2030" in said
    assert "Courier, 6 March 2031, and 1 other report" in said
    assert "No event has it as a recipient" in said
    assert "Varn 2 events" in said


def test_the_lists_of_what_it_did_and_what_was_done_to_it(client: TestClient) -> None:
    page = " ".join(Parsed(client.get(f"/actors/{id_of(client, 'oru')}").text).text.split())
    did, done, said = (page.index(f"What {part}") for part in ("it did", "was done to it", "it said"))
    assert "Halm Union" in page[did:done] and "Tarn Front" not in page
    assert page[done:said].count("attacked") == 2
    assert "did not occur" in page[done:said]
    assert "Velmar Guard 4 events, 2 conflict, 1 cooperation" in page[said:]


def test_long_lists_are_cut_with_a_link_to_all(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for day in range(1, 13):
            assert ledger.add(told("Velmar Guard attacked Oru League", f"2031-03-{day:02}"))
    with TestClient(create_app(tmp_path / "ledger.sqlite", Settings()), base_url="http://localhost:8765") as client:
        id = id_of(client, "velmar")
        page = Parsed(client.get(f"/actors/{id}").text)
        all_events = next(e for e in page.elements if e.tag == "a" and e.text == "all events")
        assert all_events.attributes["href"] == f"/search?kind=events&entity={id.replace(':', '%3A')}"
        assert page.text.count("“attacked”") == 10
        toward = Parsed(client.get("/search", params={"kind": "events", "toward": id_of(client, "oru")}).text)
        assert toward.text.count("“attacked”") == 12
        assert "toward Oru League" in " ".join(toward.text.split())


def test_positions_of_an_actor(client: TestClient) -> None:
    id = id_of(client, "velmar guard")
    assert f'hx-get="/actors/{id}/positions"' in client.get(f"/actors/{id}").text
    page = " ".join(Parsed(client.get(f"/actors/{id}/positions").text).text.split())
    assert "Demands unanswered" in page and "open the border crossings" in page
    then = {"as_of": "2031-03-04"}
    (row,) = client.get("/v1/entities", params={"actor": "velmar guard", **then}).json()["rows"]
    before = client.get(f"/actors/{row['id']}/positions", params=then).text
    assert "Demands" not in before and "No report tells of a position" in before
    assert client.get(f"/actors/{id}/positions?as_of=2031-02-04").status_code == 404
    assert "No report tells of a position" in client.get(f"/actors/{id_of(client, 'tea')}/positions").text


def test_somebody_whom_only_retracted_reports_name_has_a_page(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.add(demand())
        ledger.retract(demand().report.id, SHUT)
    with TestClient(create_app(tmp_path / "ledger.sqlite", Settings()), base_url="http://localhost") as client:
        page = client.get(f"/actors/{demand().report.id[:12]}:N1")
        assert page.status_code == 200 and "in 0 reports" in Parsed(page.text).text
        assert client.get(f"/actors/{demand().report.id[:12]}:N1/positions").status_code == 404  # nobody knows of it


# --- network ----------------------------------------------------------------------------------


def lines(client: TestClient, address: str) -> list[str]:
    page = Parsed(client.get(address).text)
    return [" ".join(e.text.split()) for e in page.elements if e.tag == "tr" and "data-actor" in e.attributes]


def test_the_table_has_the_lines_of_the_network(client: TestClient) -> None:
    found = lines(client, "/network")
    assert found[0].startswith("Velmar Guard →upon Oru League Assault 2, Aid, Request; 1 did not occur 4 events")
    assert len(found) == 5
    assert "21 people" not in " ".join(found)
    assert [line.partition(" Aid")[0] for line in lines(client, "/network?type=AID&actor=halm")] == [
        "Halm Union →upon Tarn Front"
    ]
    assert "Nothing here matches" in client.get("/network?actor=nobody").text


def test_a_line_leads_to_the_events_behind_it(client: TestClient) -> None:
    page = Parsed(client.get("/network?type=ASSAULT").text)
    behind = next(e for e in page.elements if "behind" in e.classes)
    events = Parsed(client.get(behind.attributes["href"]).text)
    assert events.text.count("“attacked”") == 2
    assert "helped" not in events.text


def test_the_network_around_an_actor(client: TestClient) -> None:
    id = id_of(client, "tarn")
    assert len(lines(client, f"/network?entity={id}")) == 1
    assert len(lines(client, f"/network?entity={id}&depth=2")) == 2
    asked = client.get("/v1/network", params={"entity": id, "depth": 2}).json()
    assert {node["id"]: node["name"] for node in asked["nodes"]}[asked["around"]] == "Tarn Front"


def test_programs_get_the_same(client: TestClient) -> None:
    found = client.get("/v1/network").json()
    names = {node["id"]: node["name"] for node in found["nodes"]}
    first = found["edges"][0]
    assert (names[first["actor"]], names[first["recipient"]], first["events"]) == ("Velmar Guard", "Oru League", 4)
    assert first["types"] == {"ASSAULT": 2, "AID": 1, "REQUEST": 1}
    assert len(client.get("/v1/network?least=2").json()["edges"]) == 2
    assert len(client.get("/v1/network?actors=2").json()["nodes"]) == 2


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/network?depth=3", 400),
        ("/network?depth=two", 400),
        ("/network?least=0", 400),
        ("/network?least=-1", 400),
        ("/network?least=²", 400),
        ("/network?actors=501", 400),
        ("/network?actors=99999999999999999999", 400),
        ("/network?entity=x", 404),
        ("/network?type=WAR", 400),
        ("/network?country=VLM", 400),
        ("/v1/network?depth=0", 400),
        ("/v1/network?actors=0", 400),
        ("/v1/network?entity=ffffffff:N1", 404),
        ("/v1/network?country=VLM", 400),
        ("/v1/network?colour=red", 400),
        ("/actors?type=WAR", 400),
        ("/actors?recipient=oru", 400),
        ("/actors/x/positions", 404),
        ("/actors/ffffffff:N1/positions", 404),
        ("/search?kind=events&toward=x", 404),
    ],
)
def test_what_is_not_right_is_said(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize("view", ["/actors", "/network"])
def test_an_empty_ledger_says_what_to_do(tmp_path: Path, view: str) -> None:
    Ledger.open(tmp_path / "empty.sqlite").close()
    with TestClient(create_app(tmp_path / "empty.sqlite", Settings()), base_url="http://localhost:8765") as client:
        assert "dragoman add" in client.get(view).text


@pytest.mark.parametrize("view", ["/actors", "/actors/{}", "/actors/{}/positions", "/network", "/network?entity={}"])
def test_pages_are_well_formed(client: TestClient, view: str) -> None:
    answer = client.get(view.format(id_of(client, "velmar guard")))
    assert answer.status_code == 200
    page = Parsed(answer.text)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert "style=" not in answer.text
