"""The page Search: what was found in its sentence, searches to come back to, feeds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.errors import UsageError
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.access import Visitor
from dragoman.show.app import create_app
from dragoman.show.search import Search
from tests.builders import in_odesa
from tests.show.hostile import PAYLOADS, hostile
from tests.show.html import Parsed
from tests.show.readings import crisis, lock

ATOM = "{http://www.w3.org/2005/Atom}"
REQUIRED = ("id", "title", "updated")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """A client over a ledger that the test may write to."""
    with Ledger.open(tmp_path / "own.sqlite") as ledger:
        for reading in [*crisis(), in_odesa()]:
            ledger.add(reading)
    with TestClient(create_app(tmp_path / "own.sqlite", Settings()), base_url="http://localhost:8765") as client:
        yield client


def page(client: TestClient, address: str) -> Parsed:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return Parsed(answer.text)


# --- searching -----------------------------------------------------------------------------------


def test_words_are_marked_in_their_sentence(client: TestClient) -> None:
    found = page(client, "/search?text=grain barges")
    (snippet,) = found.of_class("snippet")
    assert {e.text for e in found.elements if e.tag == "mark"} == {"grain", "barges"}
    assert "grain barges" in snippet.text
    assert not page(client, "/search").of_class("snippet")


def test_every_kind_is_searched_by_the_same_question(client: TestClient) -> None:
    asked = {"text": "grain", "place": "sarre"}
    for kind, shown in (("reports", "Guard boats seize"), ("events", "Tidewater Guard"), ("attributions", "")):
        found = page(client, f"/search?{urlencode({'kind': kind, **asked})}")
        assert shown in found.text
        tabs = [e for e in found.elements if e.tag == "a" and e.text in ("Reports", "Events", "Attributions")]
        current = [tab.text for tab in tabs if tab.attributes.get("aria-current") == "page"]
        assert current == [kind.capitalize()]
        told = {tab.text.lower(): dict(parse_qsl(urlsplit(tab.attributes["href"]).query)) for tab in tabs}
        assert told == {name: {"kind": name, **asked} for name in ("reports", "events", "attributions")}
    assert "Nothing here matches" in page(client, "/search?kind=happenings&place=nowhere").text


def test_an_entity_goes_only_where_it_can_be_asked_for(client: TestClient) -> None:
    row = client.get("/v1/entities?actor=roake").json()["rows"][0]
    asked = Search.of({"kind": "events", "entity": row["id"], "type": "COERCE"})
    assert asked.of_kind("attributions") == {"kind": "attributions", "type": "COERCE", "entity": row["id"]}
    assert asked.of_kind("reports") == {"kind": "reports", "type": "COERCE"}
    assert asked.of_kind("entities") == {"kind": "entities"}
    assert Search.of({"kind": "reports", "entity": "nothing"}).entity == ""


def test_a_search_is_one_question_however_it_is_written() -> None:
    one = Search.of({"text": " grain ", "type": "", "kind": "events", "after": "x"})
    assert one.query() == Search("events", Filter(text="grain")).query() == "kind=events&text=grain"
    with pytest.raises(UsageError, match="take one of reports"):
        Search.of({"kind": "wars"})


def test_happenings_are_chosen_as_on_their_page(client: TestClient) -> None:
    asked = "disputed=yes&told_since=2031-01-01&type=ASSAULT"
    search = Search.of({"kind": "happenings", "disputed": "yes", "told_since": "2031-01-01", "type": "ASSAULT"})
    assert search.query() == "kind=happenings&type=ASSAULT&told_since=2031-01-01&disputed=yes"
    assert search.of_kind("events") == {"kind": "events", "type": "ASSAULT"}
    found = page(client, f"/happenings?{asked}")
    (csv,) = [e.attributes["href"] for e in found.elements if e.tag == "a" and e.text == "CSV"] or [""]
    if csv:
        assert "disputed=yes" in csv
    lines = client.get(f"/export?kind=happenings&format=jsonl&{asked}").text.splitlines()
    every = client.get("/export?kind=happenings&format=jsonl").text.splitlines()
    disputed = [one for one in map(json.loads, every) if one["disputes"] and one["type"] == "ASSAULT"]
    assert [json.loads(line)["id"] for line in lines] == [one["id"] for one in disputed]
    assert client.get("/search?kind=happenings&told_since=soon").status_code == 400


# --- saved searches ------------------------------------------------------------------------------


def form(client: TestClient, address: str, action: str) -> dict[str, str]:
    """The hidden fields of the form that goes there."""
    found = page(client, address)
    (sent,) = [e for e in found.elements if e.tag == "form" and e.attributes["action"] == action]
    inside = [e for e in found.elements if e.tag == "input" and sent.start <= e.start <= sent.end]
    hidden = [e.attributes for e in inside if e.attributes.get("type") == "hidden"]
    return {field["name"]: field["value"] for field in hidden if field["name"] not in ("kind", "text", "place")}


def test_a_search_is_saved_opened_renamed_and_given_up(own: TestClient) -> None:
    address = "/search?kind=events&place=Ukraine"
    sent = form(own, address, "/search/save")
    answer = own.post("/search/save", data={**sent, "name": "In Ukraine"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    (link,) = [e for e in page(own, "/search").elements if e.tag == "a" and e.text == "In Ukraine"]
    assert link.attributes["href"] == address
    sent = form(own, address, "/search/rename")
    assert own.post("/search/rename", data={**sent, "new": "Odesa <b>"}).status_code == 200
    assert "Odesa <b>" in page(own, "/search").text
    sent = form(own, address, "/search/rename")
    assert own.post("/search/give-up", data=sent).status_code == 200
    assert not page(own, "/search").of_class("saved")


@pytest.mark.parametrize("action", ["save", "rename", "give-up"])
def test_only_our_own_form_changes_searches(own: TestClient, action: str) -> None:
    sent = {"asked": "kind=events", "name": "x", "new": "y"}
    assert own.post(f"/search/{action}", data=sent).status_code == 403
    assert own.post(f"/search/{action}", data={**sent, "csrf": "guess"}).status_code == 403


def test_what_cannot_be_asked_is_not_saved(own: TestClient) -> None:
    sent = form(own, "/search?text=x", "/search/save")
    for asked, told in (("kind=wars", "cannot be searched"), ("kind=events&type=WAR", "no event type")):
        answer = own.post("/search/save", data={**sent, "asked": asked, "name": "x"})
        assert answer.status_code == 400
        assert told in answer.text
    assert own.post("/search/save", data={**sent, "name": " "}).status_code == 400
    assert own.post("/search/rename", data={**sent, "name": "none such", "new": "x"}).status_code == 404


def test_with_accounts_each_has_their_own_and_a_reviewer_those_of_all(own: TestClient) -> None:
    def enter(name: str, role: str) -> dict[str, str]:
        own.app.state.visitors = lambda _request: Visitor(name, role, "token")  # type: ignore[attr-defined]
        return {"csrf": "token", "asked": "kind=events&text=lock"}

    sent = enter("mara", "reader")
    assert own.post("/search/save", data={**sent, "name": "Mine"}).status_code == 200
    assert own.post("/search/save", data={**sent, "name": "All", "everybody": "1"}).status_code == 403
    assert "for everybody" not in own.get("/search?kind=events&text=lock").text
    sent = enter("teodor", "reviewer")
    assert own.post("/search/save", data={**sent, "name": "All", "everybody": "1"}).status_code == 200
    assert "Mine" not in page(own, "/search").text
    sent = enter("mara", "reader")
    assert {"Mine", "All"} <= {e.text for e in page(own, "/search").elements if e.tag == "a"}
    assert own.post("/search/give-up", data={**sent, "name": "All", "everybody": "1"}).status_code == 403
    assert own.post("/search/give-up", data={**sent, "name": "All"}).status_code == 404


# --- feeds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reports", "events", "attributions", "happenings"])
def test_a_feed_is_what_rfc_4287_asks_for(client: TestClient, kind: str) -> None:
    answer = client.get(f"/search.atom?kind={kind}&as_of=2031-12-31")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for part in [feed, *entries]:
        assert all(len(part.findall(f"{ATOM}{name}")) == 1 for name in REQUIRED)
        assert str(part.findtext(f"{ATOM}id")).startswith("urn:uuid:")
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    read = feedparser.parse(answer.content)
    assert not read.bozo
    assert all(entry.author and entry.updated_parsed and entry.summary for entry in read.entries)
    for entry in read.entries:
        path = "happenings" if kind == "happenings" else "reports"
        assert entry.link.startswith(f"http://localhost:8765/{path}/")
        assert client.get(entry.link.partition("#")[0]).status_code == 200
        assert "as_of=2031-12-31" in entry.link


def test_the_page_leads_to_its_feed(client: TestClient) -> None:
    found = page(client, "/search?text=grain")
    (link,) = [e for e in found.elements if e.tag == "link" and e.attributes.get("rel") == "alternate"]
    assert link.attributes["href"] == "/search.atom?kind=reports&text=grain"
    read = feedparser.parse(client.get(link.attributes["href"]).content)
    assert [entry.title for entry in read.entries] == [lock().report.title]
    assert "grain barges" in read.entries[0].summary
    assert {link.rel: link.href for link in read.feed.links} == {
        "self": "http://localhost:8765/search.atom?kind=reports&text=grain",
        "alternate": "http://localhost:8765/search?kind=reports&text=grain",
    }


def test_the_ids_of_a_feed_do_not_depend_on_the_address_it_is_asked_by(client: TestClient) -> None:
    def ids(host: str) -> list[str]:
        feed = feedparser.parse(client.get("/search.atom?kind=events", headers={"host": host}).content)
        return [entry.id for entry in feed.entries]

    assert ids("localhost:1") == ids("127.0.0.1:2")


def test_hostile_words_are_text_in_a_feed(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for payload in PAYLOADS:
            ledger.add(hostile(payload))
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        for kind in ("reports", "events", "attributions"):
            feed = fromstring(client.get(f"/search.atom?kind={kind}").content)
            known = "feed id title updated generator link entry published author name summary".split()
            assert {element.tag.removeprefix(ATOM) for element in feed.iter()} == set(known)
            links = [link.get("href", "") for link in feed.iter(f"{ATOM}link")]
            assert all(link.startswith("http://localhost/") for link in links)


def test_what_has_no_feed_says_so(client: TestClient) -> None:
    assert client.get("/search.atom?kind=entities").status_code == 400
    assert client.get("/search.atom?kind=wars").status_code == 400
    empty = feedparser.parse(client.get("/search.atom?text=unheardof").content)
    assert (empty.bozo, empty.entries) == (False, [])
