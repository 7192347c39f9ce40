from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.config import Settings
from dragoman.errors import LedgerBusy, LedgerError, NotALedger, UsageError
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.builders import ReadingBuilder, make_report
from tests.show.html import Parsed
from tests.show.readings import TITLES, lock

LOCK = lock().report.id
SEARCHES = ("/search", "/search?kind=events", "/search?kind=attributions")
PAGES = (
    "/",
    *SEARCHES,
    "/happenings",
    "/sources",
    "/actors",
    f"/reports/{LOCK}",
    "/export",
    "/export?kind=events&format=sheet",
    "/api",
)


# --- pages ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", PAGES)
def test_pages_are_well_formed(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    page = Parsed(answer.text)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    inside = {e.attributes["href"][1:] for e in page.elements if e.attributes.get("href", "")[:1] == "#"}
    assert inside <= set(ids)


def test_reports_newest_first_and_what_is_in_the_ledger(client: TestClient) -> None:
    page = Parsed(client.get("/search").text)
    assert "7 reports" in page.text
    places = [page.text.index(title) for title in ("Guard boats seize", "Council weighs", "Correction:")]
    assert places == sorted(places)


def test_searching_narrows_and_says_what_was_asked(client: TestClient) -> None:
    page = Parsed(client.get("/search?text=grain&type=COERCE&status=").text)
    assert "Guard boats seize" in page.text
    assert all(title not in page.text for title, _, _ in TITLES)
    (asked,) = page.of_class("asked")
    assert "grain" in asked.text
    assert "COERCE" in asked.text
    assert "Nothing here matches" in client.get("/search?text=unheardof").text


def test_the_report_page_shows_the_text_and_what_is_said_of_it(client: TestClient) -> None:
    page = Parsed(client.get(f"/reports/{LOCK}").text)
    text = page.by_id("text")
    paragraphs = [e.text for e in page.elements if e.tag == "p" and e.attributes == {"dir": "auto"}]
    assert "".join(paragraphs) == lock().report.text
    assert text.text.count("denied by") == 1
    toll = page.by_id("E4").text
    for told in (
        "Assault",
        "four deckhands",
        "disputed by",
        "harbour pilots",
        "at least 4 wounded",
        "“wounded”",
        "90",
    ):
        assert told in toll
    assert "by unanimous decision" in page.by_id("E2").text
    assert "(interval)" in page.by_id("E2").text
    assert "unsure" in page.by_id("E5").text


def test_one_source_alone_needs_no_script(client: TestClient) -> None:
    page = Parsed(client.get(f"/reports/{LOCK}?source=5").text)
    assert "only" in page.by_id("text").classes
    assert page.of_class("chosen")
    assert client.get(f"/reports/{LOCK}?source=77").status_code == 400


def test_an_entity_has_a_page(client: TestClient) -> None:
    row = client.get("/v1/entities?actor=roake").json()["rows"][0]
    page = Parsed(client.get(f"/actors/{row['id']}").text)
    assert "Anselm Roake" in page.text
    assert "foreign minister of Halmar" in page.text
    assert "rail crossings" in page.text


def orvane(client: TestClient) -> str:
    """The id of the place Orvane, where a council sits that has its name in its own."""
    rows = client.get("/v1/entities?actor=orvane").json()["rows"]
    return next(str(row["id"]) for row in rows if row["name"] == "Orvane")


def test_an_entity_page_has_only_what_is_linked_to_it(client: TestClient) -> None:
    """A part of a name is not enough: the council in Orvane is not Orvane."""
    page = Parsed(client.get(f"/actors/{orvane(client)}").text)
    assert "No event has it as an actor." in page.text
    assert "Nothing is attributed to it." in page.text
    assert "council" not in page.by_id("main").text


def test_an_entity_page_joins_all_reports(client: TestClient) -> None:
    row = client.get("/v1/entities?actor=harbour master").json()["rows"][0]
    assert row["reports"] == row["says"] == len(TITLES)
    answer = client.get(f"/actors/{row['id']}")
    assert all(title in Parsed(answer.text).text for title, _, _ in TITLES)
    assert f"/search?kind=attributions&amp;entity={row['id'].replace(':', '%3A')}" in answer.text


@pytest.mark.parametrize("kind", ["events", "attributions"])
def test_a_list_of_one_entity_says_whose_and_stays_so(client: TestClient, kind: str) -> None:
    row = client.get("/v1/entities?actor=roake").json()["rows"][0]
    answer = client.get("/search", params={"kind": kind, "entity": row["id"]})
    page = Parsed(answer.text)
    (asked,) = page.of_class("asked")
    assert "Anselm Roake" in asked.text
    (kept,) = [e for e in page.elements if e.tag == "input" and e.attributes["name"] == "entity"]
    assert kept.attributes["value"] == row["id"]
    assert "rail crossings" in page.text
    assert "barges at the Sarre lock" not in page.text
    assert client.get(f"/search?kind={kind}&entity={row['id'].partition(':')[0]}:N99").status_code == 404
    assert client.get(f"/search?kind={kind}&entity=").text.count("<li") > answer.text.count("<li")


def test_lists_go_on(client: TestClient, tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for number in range(60):
            ledger.add(ReadingBuilder(make_report(f"Dispatch {number}.", title=f"No {number}")).build())
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        first = Parsed(client.get("/search").text)
        (following,) = [e for e in first.elements if e.attributes.get("rel") == "next"]
        second = Parsed(client.get(following.attributes["href"]).text)
        titles = [{e.text for e in page.elements if e.tag == "h2"} for page in (first, second)]
        assert [len(found) for found in titles] == [50, 10]
        assert not titles[0] & titles[1]


def test_an_empty_ledger_says_how_to_begin(tmp_path: Path) -> None:
    Ledger.open(tmp_path / "l.sqlite").close()
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        assert "dragoman add" in client.get("/search").text


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/reports/abcdef99", 404, "No report"),
        ("/reports/%00", 404, "No report"),
        ("/actors/x", 404, "names no mark"),
        ("/nowhere", 404, "nothing at this address"),
        ("/search?kind=events&type=WAR", 400, "no event type"),
        ("/search?since=2031-02-30", 400, "no day"),
        ("/search?kind=wars", 400, "cannot be searched"),
        ("/search?after=x", 400, "cursor"),
        ("/static/../app.py", 404, "nothing at this address"),
    ],
)
def test_errors_are_pages_with_a_cure(client: TestClient, address: str, status: int, told: str) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert told in Parsed(answer.text).text
    assert "content-security-policy" in answer.headers


def test_busy_and_unforeseen_errors(ledger_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(ledger_path, Settings())
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)

    def fails(error: Exception) -> None:
        def reading(_ledger: Ledger, *_asked: object) -> None:
            raise error

        monkeypatch.setattr(Ledger, "reading", reading)

    fails(LedgerBusy("another process writes", "wait"))
    busy = client.get("/v1/reports/abcdef")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "2")
    fails(ZeroDivisionError("secret detail"))
    for address in ("/reports/abcdef", "/v1/reports/abcdef"):
        broken = client.get(address)
        assert broken.status_code == 500
        assert "secret detail" not in broken.text
        assert "content-security-policy" in broken.headers


def test_there_must_be_a_ledger(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger"):
        create_app(tmp_path / "none.sqlite", Settings())
    (tmp_path / "notes.txt").write_text("not a ledger, but long enough to have a header of its own" * 40)
    with pytest.raises(NotALedger):
        create_app(tmp_path / "notes.txt", Settings())


ASKED = [
    "/",
    "/search",
    "/happenings",
    "/sources",
    "/sources/one",
    "/today/positions",
    "/search.atom",
    "/export",
    "/actors",
    f"/reports/{LOCK}",
]
ASKING = ASKED + [
    f"/v1/{kind}" for kind in ("reports", "events", "attributions", "entities", "readings", "happenings", "sources")
]
NAMES = [
    *Filter.__dataclass_fields__,
    "entity",
    "kind",
    "format",
    "after",
    "limit",
    "path",
    "request",
    "asked",
    "here",
    "self",
]
VALUES = [
    "events",
    "happenings",
    "sheet",
    "csv",
    "geojson",
    "'; DROP TABLE reports;--",
    "%",
    '"',
    "2031-03-04",
    "NEAR(",
    "-1",
    "9" * 5000,
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    address=st.sampled_from(ASKING),
    asked=st.dictionaries(
        st.sampled_from(NAMES) | st.text(max_size=5),
        st.text(max_size=30) | st.sampled_from(VALUES),
        max_size=3,
    ),
)
def test_nothing_that_is_asked_breaks_a_page(client: TestClient, address: str, asked: dict[str, str]) -> None:
    answer = client.get(address, params={k: v.encode("utf-8", "replace").decode() for k, v in asked.items()})
    assert answer.status_code in (200, 400, 404)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("address", ASKED)
def test_no_name_of_a_parameter_breaks_a_page(client: TestClient, address: str, name: str) -> None:
    """Whatever our own functions call theirs."""
    assert client.get(address, params={name: "x"}).status_code in (200, 400, 404)


# --- safety --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:9000", "127.0.0.1:8765", "[::1]:8765", "LOCALHOST", "127.0.0.2:1"]
)
def test_own_names_are_answered(ledger_path: Path, host: str) -> None:
    client = TestClient(create_app(ledger_path, Settings(host="127.0.0.2")), base_url="http://localhost")
    assert client.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil.example:8765", "127.0.0.1.evil.example",
     "localhost@evil.example", "evil.example@localhost", "localhost/x", "localhost:80x", "", "[::1",
     "192.168.0.4", "0.0.0.0", "2130706433"],
)  # fmt: skip
def test_foreign_names_are_not(client: TestClient, host: str) -> None:
    answer = client.get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Reports" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil.example"])
def test_foreign_pages_are_not_answered(client: TestClient, origin: str) -> None:
    assert client.get("/v1/reports", headers={"origin": origin}).status_code == 403
    assert client.get("/v1/reports", headers={"origin": "http://localhost:8765"}).status_code == 200


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org", ""])
def test_sharing_is_refused(ledger_path: Path, host: str) -> None:
    with pytest.raises(UsageError, match="accounts"):
        create_app(ledger_path, Settings(host=host))


@pytest.mark.parametrize("address", [*PAGES, "/v1/reports", "/static/base.css", "/nowhere", "/v1/nowhere"])
def test_every_answer_bears_the_headers(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("address", PAGES)
def test_pages_load_nothing_from_elsewhere_and_carry_no_inline_code(client: TestClient, address: str) -> None:
    page = Parsed(client.get(address).text)
    for element in page.elements:
        assert element.tag != "style"
        assert element.tag != "script" or not element.text.strip()
        assert not [name for name in element.attributes if name.startswith("on") or name == "style"]
        if element.tag in ("script", "link", "img"):
            if element.attributes.get("rel") == "alternate":  # the feed, which nothing loads by itself
                continue
            source = element.attributes.get("src") or element.attributes["href"]
            assert source.startswith("/static/")
            assert client.get(source).headers["cache-control"] == "max-age=31536000, immutable"
