"""Pages and addresses by the time at which something was known."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.readings import crisis


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    path = tmp_path_factory.mktemp("as_of") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in crisis():
            ledger.add(reading)
        ledger.retract(LAST.report.id, "2031-12-01", "<b>withdrawn</b> by the outlet", "Mara")
    return TestClient(create_app(path, Settings()), base_url="http://localhost:8765")


READINGS = sorted(crisis(), key=lambda reading: reading.report.published or "")
FIRST, *_, LAST = (reading for reading in READINGS if reading.report.published)
DAY = str(FIRST.report.published)


def test_lists_are_as_of_the_day_and_so_are_their_links(client: TestClient) -> None:
    page = client.get("/search", params={"as_of": DAY}).text
    assert "What had been told by the end of" in page
    assert f'href="/reports/{FIRST.report.id}?as_of={DAY}"' in page
    assert LAST.report.id not in page
    assert f'href="/search?as_of={DAY}"' in page


def test_a_retracted_report_says_so_and_is_in_no_list(client: TestClient) -> None:
    page = client.get(f"/reports/{LAST.report.id}").text
    assert "Retracted from 1 December 2031 on: <bdi>&lt;b&gt;withdrawn&lt;/b&gt; by the outlet</bdi> (Mara)" in page
    assert LAST.report.id not in client.get("/search").text
    assert LAST.report.id in client.get("/search?as_of=2031-11-30").text
    assert "Retracted" not in client.get(f"/reports/{LAST.report.id}?as_of=2031-11-30").text


def test_one_report_before_it_was_told(client: TestClient) -> None:
    for address in (f"/reports/{LAST.report.id}", f"/v1/reports/{LAST.report.id}"):
        assert client.get(address, params={"as_of": DAY}).status_code == 404
        assert client.get(address, params={"recorded": "2001-01-01T10:00"}).status_code == 404
        assert client.get(address, params={"recorded": "2999-01-01T10:00"}).status_code == 200


@pytest.mark.parametrize("name", ["as_of", "recorded"])
@pytest.mark.parametrize("kind", ["reports", "events", "attributions", "entities", "readings"])
def test_addresses_for_programs(client: TestClient, kind: str, name: str) -> None:
    assert client.get(f"/v1/{kind}", params={name: "then"}).status_code == 400
    answer = client.get(f"/v1/{kind}", params={name: "2001-01-01"})
    assert answer.text in ('{"rows":[],"next_cursor":null}', "")
    assert len(client.get(f"/v1/{kind}", params={name: "2999-01-01"}).text) > 100
