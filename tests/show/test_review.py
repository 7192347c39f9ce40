"""The review without a browser: what a card shows, what its form does, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.compare.alike import queue as pairs_of_entities
from dragoman.config import Settings
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from dragoman.show.deciding import AT_ONCE
from dragoman.show.review import Asked, queue
from tests.builders import ReadingBuilder, make_report
from tests.compare.shelling import denial, own, said
from tests.compare.test_alike import told
from tests.show.hostile import PAYLOADS, hostile
from tests.show.html import Parsed
from tests.show.readings import crisis, lock

LOCK = lock().report.id
UNSURE = f"{LOCK[:12]}:E8"
"""The event nearest to even odds."""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """A ledger of its own, since it is decided in."""
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        for reading in crisis():
            opened.add(reading)
        yield opened


@pytest.fixture
def client(ledger: Ledger, tmp_path: Path) -> Iterator[TestClient]:
    app = create_app(tmp_path / "ledger.sqlite", Settings())
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def fields(page: str) -> dict[str, str]:
    """What the card's form sends besides the decision: hidden fields, and those of a change."""
    found = dict[str, str]()
    for element in Parsed(page).elements:
        if element.tag == "input" and element.attributes.get("type") == "hidden":
            found.setdefault(element.attributes["name"], element.attributes.get("value", ""))
    return {name: found[name] for name in ("csrf", "item", "seen", "act") if name in found}


def decide(client: TestClient, decision: str, address: str = "/review", **more: str) -> Any:
    page = client.get(address)
    assert page.status_code == 200
    return client.post(address, data={**fields(page.text), "decision": decision, **more})


def shown_item(client: TestClient, address: str = "/review") -> str | None:
    return fields(client.get(address).text).get("item")


ADDRESSES = (
    "/review", "/review?kind=attribution", "/review?kind=happening", "/review?kind=entity",
    "/review/all", "/review/all?kind=attribution&below=50", f"/review/all?report={LOCK}",
)  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_well_formed(client: TestClient, ledger: Ledger, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    page = Parsed(answer.text)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert [e for e in page.elements if e.tag == "h1"]
    assert not [e for e in page.elements if "style" in e.attributes or any(a.startswith("on") for a in e.attributes)]


def test_a_card_shows_the_words_with_their_voice(client: TestClient) -> None:
    page = Parsed(client.get("/review").text)
    assert shown_item(client) == UNSURE
    (side,) = page.of_class("quote")
    assert "Halmar’s foreign ministry summoned" in side.text
    assert [e.text for e in page.of_class("trigger")] == ["released"]
    assert "the barges be released" in [e.text for e in page.of_class("content")]
    assert "47" in page.by_id("card").text and "Retreat" in page.by_id("card").text


def test_accepting_records_who_and_why_and_goes_on(client: TestClient, ledger: Ledger) -> None:
    answer = decide(client, "accept", reason="the ministry’s own words")
    assert (answer.status_code, answer.headers["location"]) == (303, "/review")
    reading = ledger.reading(LOCK)
    (note,) = reading.corrections
    assert (note.mark, note.field, note.reason) == ("E8", "accepted", "the ministry’s own words")
    page = client.get("/review").text
    assert shown_item(client) != UNSURE
    assert "You accepted “released”" in Parsed(page).by_id("card").text
    undone = client.post("/review/undo", data=fields(page))
    assert undone.status_code == 303
    assert ledger.reading(LOCK) == lock()
    assert shown_item(client) == UNSURE


def test_changing_saves_only_what_is_other_and_accepts(client: TestClient, ledger: Ledger) -> None:
    given = {"type": "RETREAT", "mode": "release", "status": "planned", "start": "2031-03-07", "end": "2031-03-06"}
    refused = decide(client, "change", **given)
    assert refused.status_code == 400 and "is after" in refused.text
    assert ledger.reading(LOCK) == lock()
    answer = decide(client, "change", **{**given, "end": "2031-03-09", "certainty": "certain"})
    assert answer.status_code == 303
    changed = {note.field: note.now for note in ledger.reading(LOCK).corrections}
    assert changed == {"status": "planned", "start": "2031-03-07", "end": "2031-03-09", "accepted": "yes"}
    act = ledger.last_act()
    assert act is not None and (act.did, act.last - act.first) == ("change", 3)


def test_a_change_of_days_may_move_both_beyond_the_old_end(client: TestClient, ledger: Ledger) -> None:
    ledger.correct(UNSURE, "start", "2031-03-01")
    ledger.correct(UNSURE, "end", "2031-03-02")
    ledger.undo()
    ledger.undo()
    page = client.get("/review")
    seen = {**fields(page.text), "decision": "change", "start": "2031-03-03", "end": "2031-03-04"}
    assert client.post("/review", data=seen).status_code == 303
    event = next(event for event in ledger.reading(LOCK).events if event.id == "E8")
    assert (event.start, event.end) == ("2031-03-03", "2031-03-04")
    again = {"item": UNSURE, "csrf": seen["csrf"], "decision": "change", "start": "2031-04-03", "end": "2031-04-04"}
    assert client.post("/review", data=again).status_code == 303


def test_rejecting_an_attribution(client: TestClient, ledger: Ledger) -> None:
    address = "/review?kind=attribution&below=60"
    item = shown_item(client, address)
    assert item == f"{LOCK[:12]}:A4"
    answer = decide(client, "reject", address)
    assert answer.headers["location"] == "/review?kind=attribution&below=60"
    assert "A4" not in [said.id for said in ledger.reading(LOCK).attributions]
    assert "Nothing here waits" in client.get(address).text


def test_skipping_leaves_it_for_later(client: TestClient) -> None:
    page = Parsed(client.get("/review?below=50").text)
    (skip,) = [e for e in page.elements if e.attributes.get("data-key") == "n"]
    following = skip.attributes["href"]
    assert shown_item(client, following) not in (None, UNSURE)
    assert shown_item(client, "/review?below=50") == UNSURE
    answer = decide(client, "accept", following)
    assert "after=" in answer.headers["location"]
    assert shown_item(client, answer.headers["location"]) not in (None, UNSURE)


def test_what_was_decided_meanwhile_says_so(client: TestClient, ledger: Ledger) -> None:
    page = client.get("/review").text
    ledger.correct(UNSURE, "status", "planned", "", "Ada")
    answer = client.post("/review", data={**fields(page), "decision": "reject"})
    assert answer.status_code == 303
    told = Parsed(client.get(answer.headers["location"]).text).of_class("passed")
    assert "decided meanwhile by Ada" in told[0].text
    assert [event.id for event in ledger.reading(LOCK).events] == [event.id for event in lock().events]
    gone = client.post("/review", data={**fields(page), "item": f"{LOCK[:12]}:E99", "decision": "accept"})
    assert "meanwhile" in client.get(gone.headers["location"]).text


def test_many_at_one_stroke_with_preview_and_one_undo(client: TestClient, ledger: Ledger) -> None:
    address = "/review/all?type=COERCE&outlet=the+orvane+ledger&below=50"
    page = client.get(address)
    told = Parsed(page.text)
    assert [e.text for e in told.elements if e.tag == "h1"] == ["2 events at one stroke"]
    assert "The Orvane Ledger" in told.text and len(told.of_class("side")) == 2
    sent = {**fields(page.text), "decision": "reject", "reason": "not coercion"}
    ledger.correct(f"{LOCK[:12]}:E5", "accepted", "yes")
    meanwhile = client.post(address, data=sent)
    assert "passed=all" in meanwhile.headers["location"]
    assert "Others match by now" in client.get(meanwhile.headers["location"]).text
    ledger.undo()
    done = client.post(address, data=sent)
    assert done.headers["location"].startswith("/review?")
    assert {"E5", "E16"}.isdisjoint(event.id for event in ledger.reading(LOCK).events)
    after = client.get(done.headers["location"]).text
    assert "You rejected 2 marks (not coercion)" in Parsed(after).by_id("card").text
    client.post("/review/undo", data=fields(after))
    assert ledger.reading(LOCK) == lock()
    assert client.get("/review/all?kind=entity").status_code == 400


def test_no_more_than_some_hundreds_at_one_stroke(client: TestClient, ledger: Ledger) -> None:
    for number in range(AT_ONCE + 3):
        make = ReadingBuilder(make_report(f"Dispatch {number}: boats sank.", outlet="Brine"))
        make.event("sank", "ASSAULT", confidence=0.4)
        ledger.add(make.build())
    page = client.get("/review/all?outlet=brine")
    assert f"More than {AT_ONCE} match" in page.text
    client.post("/review/all?outlet=brine", data={**fields(page.text), "decision": "accept"})
    rest = Parsed(client.get("/review/all?outlet=brine").text)
    assert "3 events at one stroke" in rest.text


def test_a_whole_report(client: TestClient, ledger: Ledger) -> None:
    address = f"/review/all?report={LOCK}&below=1"
    page = client.get(address)
    seen = re.findall(r'name="seen" value="(\w+)"', page.text)
    assert "Nothing to decide" in page.text
    sent = {**fields(page.text), "seen": seen[-1], "decision": "complete"}
    assert client.post(address, data={**sent, "seen": "other"}).headers["location"].endswith("passed=all")
    assert client.post(address, data=sent).status_code == 303
    assert {note.field for note in ledger.reading(LOCK).corrections} == {"accepted", "complete"}
    assert LOCK[:12] not in (shown_item(client) or "")
    assert "accepted the whole report" in client.get("/review").text


def test_two_events_are_judged(client: TestClient, ledger: Ledger) -> None:
    for reading in (own("Norda"), said("a spokesman", outlet="Radio Brine"), denial("Tollmar Courier", "the envoy")):
        ledger.add(reading)
    address = "/review?kind=happening"
    page = Parsed(client.get(address).text)
    assert len(page.of_class("side")) == 2 and "They differ" in page.text
    item = shown_item(client, address)
    assert decide(client, "accept", address).status_code == 400
    assert decide(client, "different", address, reason="two days").status_code == 303
    assert shown_item(client, address) != item
    assert "You parted two events (two days)" in Parsed(client.get(address).text).by_id("card").text
    stale = {**fields(client.get(address).text), "item": item or "", "decision": "same"}
    assert "passed=" in client.post(address, data=stale).headers["location"]
    client.post("/review/undo", data=fields(client.get(address).text))
    assert shown_item(client, address) == item


def test_two_entities_are_judged(client: TestClient, ledger: Ledger) -> None:
    address = "/review?kind=entity"
    for number, name in enumerate(("Yahya Saree", "Yahya Sarea")):
        ledger.add(told(number, name))
    pairs = pairs_of_entities(ledger)
    assert len(pairs) == 2
    address = "/review?kind=entity&actor=saree"
    assert "names spelt alike" in client.get(address).text
    assert decide(client, "same", address).status_code == 303
    assert shown_item(client, address) is None
    assert pairs_of_entities(ledger) == [pair for pair in pairs if pair.one.name != "Yahya Sarea"]


def test_reviewers_begin_at_different_cards(client: TestClient, ledger: Ledger) -> None:
    asked = Asked("event", Filter(), 100)
    first = {name: queue(ledger, asked, name).item for name in ("Mara", "Ada", "Nils", "Lea", "Anna", "")}
    assert len({item.item for item in first.values() if item}) > 2
    assert queue(ledger, asked, "Mara").item == first["Mara"]
    few = {name: queue(ledger, Asked("event", Filter(), 45), name).item for name in ("Mara", "Ada", "Nils")}
    assert all(few.values())  # whoever begins further on than there are cards gets one that there is


def test_what_is_too_much_to_compare_while_a_page_waits(
    client: TestClient, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.compare.keeping.AT_ONCE", 0)
    assert "Nothing was compared yet" in client.get("/review?kind=happening").text
    assert "dragoman review" in client.get("/review?kind=entity").text
    pairs_of_entities(ledger)
    ledger.add(told(1, "Yahya Saree"))
    page = client.get("/review?kind=entity&actor=saree").text
    assert "1 reading came since" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/review?kind=war", 400), ("/review?below=0", 400), ("/review?below=1e3", 400),
        ("/review?below=9" + "9" * 99, 400), ("/review?after=x", 400), ("/review?type=WAR", 400),
        ("/review?report=zz", 404), ("/review?kind=entity&after=%00", 400),
        ("/review?kind=happening&after=QQ", 400), ("/review?passed=%3Cscript%3E", 200), ("/review?passed=a:b", 200),
        ("/review/all?report=beefbeef", 404), ("/review?actor=%00", 200), ("/review?kind=entity&actor=%ED%A0%80", 200),
    ],
)  # fmt: skip
def test_wrong_addresses(client: TestClient, address: str, status: int) -> None:
    assert client.get(address).status_code == status


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({}, 400), ({"decision": "accept"}, 303), ({"decision": "same", "item": "a b"}, 303),
        ({"decision": "accept", "item": UNSURE, "seen": "0"}, 303), ({"decision": "boo", "item": UNSURE}, 400),
        ({"decision": "change", "item": UNSURE, "type": "WAR"}, 400),
        ({"decision": "change", "item": UNSURE, "status": ""}, 400),
        ({"decision": "accept", "item": f"{LOCK[:12]}:N1"}, 400),
        ({"decision": "same", "item": f"{UNSURE} {UNSURE}"}, 400),
        ({"decision": "accept", "item": "\ud800:E1".encode("utf-8", "replace").decode()}, 303),
    ],
)  # fmt: skip
def test_wrong_forms_change_nothing(client: TestClient, ledger: Ledger, sent: dict[str, str], status: int) -> None:
    csrf = fields(client.get("/review").text)["csrf"]
    assert client.post("/review", data={"csrf": csrf, **sent}).status_code == status
    assert client.post("/review", data={"csrf": "x", **sent}).status_code == 403
    assert client.post("/review/undo", data={"csrf": csrf, "act": sent.get("item", "x")}).status_code == 400
    assert client.post("/review/undo", data={"csrf": csrf, "act": "7"}).status_code == 303
    assert client.post("/review/all", data={"csrf": csrf, **sent}).status_code in (303, 400)
    assert ledger.last_act() is None
    assert ledger.reading(LOCK) == lock()


def test_hostile_words_stay_words(ledger: Ledger, client: TestClient) -> None:
    for payload in PAYLOADS[:12]:
        ledger.add(hostile(payload))
    for kind in ("event", "attribution"):
        page = client.get(f"/review?kind={kind}&below=100")
        assert page.status_code == 200
        assert not [e for e in Parsed(page.text).elements if e.tag == "script" and e.text.strip()]


# --- for programs -------------------------------------------------------------------------------------


def test_programs_see_the_queue_and_decide(client: TestClient, ledger: Ledger) -> None:
    page = client.get("/v1/review?below=50&limit=1").json()
    (row,) = page["rows"]
    assert (row["kind"], row["item"]) == ("event", UNSURE) and page["next_cursor"]
    second = client.get("/v1/review", params={"below": 50, "after": page["next_cursor"]}).json()["rows"]
    assert UNSURE not in [row["item"] for row in second]
    for kind in ("happening", "entity"):
        assert client.get(f"/v1/review?kind={kind}").json() == {"rows": [], "next_cursor": None}
    assert client.get("/v1/review?kind=war").status_code == 400
    csrf = fields(client.get("/review").text)["csrf"]
    sent = {"item": UNSURE, "decision": "accept", "reason": "seen"}
    assert client.post("/v1/review", data=sent).status_code == 403
    done = client.post("/v1/review", data=sent, headers={"x-csrf": csrf})
    assert done.json() == {"did": "accept", "act": 1}
    assert ledger.reading(LOCK).corrections[0].reason == "seen"
    stale = client.post("/v1/review", data={**sent, "seen": row["seen"]}, headers={"x-csrf": csrf})
    assert stale.status_code == 409
    assert client.post("/v1/review/undo", headers={"x-csrf": csrf}).json() == {"did": "accept", "act": 1}
    assert client.post("/v1/review/undo", headers={"x-csrf": csrf}).status_code == 404
    assert ledger.reading(LOCK) == lock()
