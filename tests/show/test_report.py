"""The page of a report: what is shown beside the text, and what is corrected and retracted in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.compare import of_ledger
from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.access import Visitor
from dragoman.show.app import create_app
from tests.builders import ReadingBuilder, make_report
from tests.compare.test_happenings import agency, elsewhere, local, relay
from tests.show.hostile import PAYLOADS
from tests.show.html import Element, Parsed
from tests.show.readings import crisis, lock

LOCK = lock().report.id
EVENT = ("type", "mode", "status", "certainty", "start", "end")


class Desk:
    """A client of the pages over a ledger of its own, who may be anybody."""

    def __init__(self, path: Path) -> None:
        self.app: FastAPI = create_app(path, Settings())
        self.client = TestClient(self.app, base_url="http://localhost", follow_redirects=False)
        self.ledger: Ledger = self.app.state.ledger
        self.sits("admin", "Mara")

    def sits(self, role: str, name: str = "Mara") -> None:
        self.app.state.visitors = lambda _request: Visitor(name, role, "token")

    def page(self, address: str = f"/reports/{LOCK}") -> Parsed:
        answer = self.client.get(address)
        assert answer.status_code == 200
        return Parsed(answer.text)

    def form(self, mark: str, address: str = f"/reports/{LOCK}") -> dict[str, str]:
        """What the form of a mark would send as it stands."""
        return filled(self.client.get(f"{address}?mark={mark}").text)

    def send(self, mark: str, report: str = LOCK, **given: str) -> Any:
        return self.client.post(f"/reports/{report}/marks/{mark}", data={"csrf": "token", **given})

    def correct(self, mark: str, report: str = LOCK, **given: str) -> Any:
        """Sends the form of a mark with some fields changed."""
        answer = self.send(mark, report, **{**self.form(mark, f"/reports/{report}"), **given})
        assert answer.status_code == 303, Parsed(answer.text).text
        return answer

    def reading(self, report: str = LOCK) -> Reading:
        return self.ledger.reading(report)


def filled(html: str) -> dict[str, str]:
    """The fields of the form that corrects a mark."""
    (form,) = re.findall(r'<form class="correcting" .*?aria-label="Correct (?:event|attribution).*?</form>', html, re.S)
    found = {}
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', form, re.S):
        found[name] = [*re.findall(r'value="([^"]*)" selected', options), ""][0]
    for element in Parsed(form).elements:
        if element.tag == "input":
            found[element.attributes["name"]] = element.attributes.get("value", "")
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for reading in crisis():
            ledger.add(reading)
    made = Desk(tmp_path / "l.sqlite")
    with made.client:
        yield made


def card(page: Parsed, id: str) -> str:
    return " ".join(page.by_id(id).text.split())


def links(page: Parsed) -> list[str]:
    return [element.attributes["href"] for element in page.elements if "href" in element.attributes]


def inside(page: Parsed, one: Element) -> list[Element]:
    return [e for e in page.elements if one.start <= e.start and e.end <= one.end and e is not one]


# --- what is shown ------------------------------------------------------------------------------


def test_a_card_says_why(desk: Desk) -> None:
    page = desk.page()
    mine = card(page, "E10")
    assert "army chief of Halmar: “Halmar’s army chief … believes”" in mine
    assert "cited by Radio Meridian: “Radio Meridian … According to”" in mine
    assert "73 %, likely: of such marks about 73 in 100 are right" in mine
    assert "Marked byhand, Dragoman 0.1.0" in mine
    assert "“preparing to mine”" in mine
    assert "the outlet itself, in its own words" in card(page, "E1")


def test_every_attribution_has_a_card_that_its_cue_leads_to(desk: Desk) -> None:
    page = desk.page()
    by_href = {element.attributes.get("href"): element for element in page.of_class("cite")}
    for attribution in lock().attributions:
        assert lock().words(attribution.content[0])[:20] in page.by_id(f"said-{attribution.id}").text
        cue = lock().words(attribution.cue[0])
        assert f"#said-{attribution.id}" in by_href or cue == "demanded"  # there the event has the link
        assert f"#{attribution.id}" in links(page)


def test_a_voice_inside_a_voice_is_seen_as_such_everywhere(desk: Desk) -> None:
    page = desk.page()
    memo, chief = page.by_id("A8"), page.by_id("A9")
    assert {"nested", "in-6"} <= set(memo.classes)
    assert {"nested", "in-7"} <= set(chief.classes)
    told = "according to army chief of Halmar, cited by a leaked memorandum from the ministry, cited by Radio Meridian"
    assert chief.attributes["title"] == told
    lists = [e for e in page.elements if e.tag == "ol" and e.attributes.get("aria-label", "").startswith("Cited by")]
    under = {(e.attributes["aria-label"], "army chief" in e.text) for e in lists}
    assert ("Cited by Radio Meridian", True) in under
    assert ("Cited by a leaked memorandum from the ministry", True) in under
    assert len([e for e in lists if "Radio Meridian" in e.attributes["aria-label"]]) == 2  # sources, who says what


def test_it_leads_to_the_marks_that_the_model_is_unsure_of(desk: Desk) -> None:
    page = desk.page()
    assert f"/review?report={LOCK}" in links(page)
    assert "https://orvaneledger.example/2031/03/sarre-lock" in links(page)


def test_versions_of_the_article_lead_to_one_another(desk: Desk) -> None:
    edited = make_report(
        "The lock is open.", title="Sarre lock opens", outlet="The Orvane Ledger", url=lock().report.url
    )
    desk.ledger.add(ReadingBuilder(replace(edited, published="2031-03-06")).build())
    assert "Sarre lock opens" in card(desk.page(), "versions")
    back = desk.page(f"/reports/{edited.id}")
    assert f"/reports/{LOCK}" in links(back)
    assert "1 other version" in back.text


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Desk]:
    """Reports that copy one another and tell one happening."""
    with Ledger.open(tmp_path / "t.sqlite") as ledger:
        for reading in (agency(), relay(), local(), elsewhere()):
            ledger.add(reading)
    made = Desk(tmp_path / "t.sqlite")
    with made.client:
        yield made


def test_copies_and_happenings_are_shown_though_something_changed_since(told: Desk) -> None:
    report = f"/reports/{relay().report.id}"
    (happening,) = of_ledger.happenings(told.ledger)
    page = told.page(report)
    tree = card(page, "copies")
    assert "this report" in tree
    assert f"/reports/{agency().report.id}" in links(page)
    assert f"/happenings/{happening.id}" in links(page)
    assert "told by 3 reports" in card(page, "E1")
    assert "relays Norda" in page.text
    assert "taken up by 1 report" in told.page(f"/reports/{agency().report.id}").text
    assert "no other report tells it" in told.page(f"/reports/{elsewhere().report.id}").text
    told.correct("E1", relay().report.id, status="ongoing")
    after = told.page(report)
    assert "1 reading or decision came since" in after.text
    assert f"/happenings/{happening.id}" in links(after)


def test_a_past_view_has_no_forms(desk: Desk) -> None:
    answer = desk.client.get(f"/reports/{LOCK}?as_of=2031-03-06&mark=E1")
    assert "Correct this" not in answer.text
    assert "Retract this report" not in answer.text
    assert "as_of=2031-03-06" in answer.text


# --- correcting ---------------------------------------------------------------------------------


def test_the_form_holds_what_the_mark_says(desk: Desk) -> None:
    event = lock().events[0]
    form = desk.form("E1")
    assert {name: form[name] or None for name in EVENT} == {name: getattr(event, name) for name in EVENT}
    said = desk.form("A2")
    assert (said["kind"], said["stance"]) == ("named", "denies")


def test_a_correction_is_written_shown_and_undone(desk: Desk) -> None:
    answer = desk.correct("E1", type="RETREAT", mode="withdraw", reason="they left", status="planned")
    assert answer.headers["location"] == f"/reports/{LOCK}#E1"
    event = desk.reading().events[0]
    assert (event.type, event.mode, event.status) == ("RETREAT", "withdraw", "planned")
    assert {(c.field, c.reason, c.decided_by) for c in desk.reading().corrections} == {
        ("type", "they left", "Mara"),
        ("mode", "they left", "Mara"),
        ("status", "they left", "Mara"),
    }
    shown = card(desk.page(), "E1")
    assert "corrected" in shown
    assert "type Coerce Retreat Mara" in shown
    assert ": they left" in shown
    for field, value in (("mode", "seize"), ("status", "occurred"), ("type", "COERCE")):
        seen = str(shown.count("Mara,"))
        answer = desk.send("E1", seen=seen, reason="undone", **{field: value})
        assert answer.status_code == (400 if field == "mode" else 303)  # RETREAT has no such mode
        shown = card(desk.page(), "E1")
    event = desk.reading().events[0]
    assert (event.type, event.status) == ("COERCE", "occurred")
    assert "undone" in shown


def test_a_mode_goes_with_its_type(desk: Desk) -> None:
    desk.correct("E1", type="AID")
    assert (desk.reading().events[0].type, desk.reading().events[0].mode) == ("AID", None)
    assert [c.field for c in desk.reading().corrections] == ["type"]


def test_two_days_move_together(desk: Desk) -> None:
    desk.correct("E2", start="2031-05-01", end="2031-05-09")
    event = desk.reading().events[1]
    assert (event.start, event.end) == ("2031-05-01", "2031-05-09")
    desk.correct("E2", start="2031-01-01", end="2031-01-02")
    event = desk.reading().events[1]
    assert (event.start, event.end) == ("2031-01-01", "2031-01-02")


@pytest.mark.parametrize(
    ("mark", "given", "told"),
    [
        ("E1", {"start": "yesterday"}, "year-month-day"),
        ("E1", {"start": "2031-03-09", "end": "2031-03-08"}, "after"),
        ("E1", {"type": "AID", "mode": "arrest"}, "mode cannot be 'arrest' here"),
        ("E1", {"type": "WAR"}, "take one of AGREE"),
        ("E1", {"status": ""}, "cannot be empty"),
        ("A1", {"stance": "lies"}, "take one of asserts"),
        ("A1", {}, "nothing is changed"),
        ("E1", {"seen": "7", "status": "planned"}, "meanwhile"),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_form_and_nothing_typed_is_lost(
    desk: Desk, mark: str, given: dict[str, str], told: str
) -> None:
    sent = {**desk.form(mark), "reason": "I <b>think</b>", **given}
    answer = desk.send(mark, **sent)
    assert answer.status_code == 400
    page = Parsed(answer.text)
    (trouble,) = page.of_class("trouble")
    assert told in trouble.text
    again = filled(answer.text)
    no_choice = ("WAR", "lies", "")
    kept = {name: value for name, value in given.items() if value not in no_choice and name != "seen"}
    assert kept.items() <= again.items()
    assert again["reason"] == "I <b>think</b>"
    assert desk.reading() == lock()


def test_a_mark_that_was_accepted_says_so_and_can_be_undone(desk: Desk) -> None:
    event = desk.reading().events[0].id
    desk.ledger.correct(f"{LOCK[:12]}:{event}", "accepted", "yes", "as it says", "Mara")
    shown = card(desk.page(), event)
    assert "Checked" in shown and "found to be right" in shown and "as it says" in shown
    assert "corrected" not in shown.lower()
    assert desk.send(event, accepted="no", seen="1").status_code == 303
    assert "no longer said to be right" in card(desk.page(), event)


def test_a_mark_that_is_none_is_taken_out_and_put_back(desk: Desk) -> None:
    desk.correct("E4", dropped="yes", reason="twice")
    assert "E4" not in {event.id for event in desk.reading().events}
    page = desk.page()
    gone = card(page, "E4")
    assert "Assault taken out" in gone
    assert "“wounded”" in gone
    assert desk.send("E4", seen="1", dropped="no", reason="undone").status_code == 303
    assert desk.reading() == lock()
    desk.correct("A7", dropped="yes")
    page = desk.page()
    assert "According to" in card(page, "said-A7")
    assert "nested" not in page.by_id("A8").classes


def test_an_attribution_is_corrected_in_place(desk: Desk) -> None:
    answer = desk.correct("A3", kind="named", stance="confirms", reason="names given")
    assert answer.headers["location"] == f"/reports/{LOCK}#said-A3"
    said = next(one for one in desk.reading().attributions if one.id == "A3")
    assert (said.kind, said.stance) == ("named", "confirms")
    assert "confirmed by" in card(desk.page(), "E4")


def test_the_address_is_kept(desk: Desk) -> None:
    form = desk.form("E1")
    answer = desk.client.post(f"/reports/{LOCK}/marks/E1?source=2", data={**form, "csrf": "token", "status": "planned"})
    assert answer.headers["location"] == f"/reports/{LOCK}?source=2#E1"


def test_who_may_not_is_refused_and_sees_no_forms(desk: Desk) -> None:
    desk.sits("reader")
    assert desk.send("E1", status="planned", seen="0").status_code == 403
    text = desk.client.get(f"/reports/{LOCK}").text
    assert "Correct this" not in text
    assert "Retract this report" not in text
    desk.sits("reviewer")
    assert desk.client.post(f"/reports/{LOCK}/marks/E1", data={"status": "planned", "seen": "0"}).status_code == 403
    assert "Retract this report" not in desk.client.get(f"/reports/{LOCK}").text
    retracting = {"csrf": "token", "verdict": "retracted", "day": "2031-03-06"}
    assert desk.client.post(f"/reports/{LOCK}/retraction", data=retracting).status_code == 403
    assert desk.reading() == lock()
    assert desk.ledger.retraction(LOCK) is None


def test_a_mark_that_is_not_there_is_not_found(desk: Desk) -> None:
    assert desk.client.get(f"/reports/{LOCK}?mark=E99").status_code == 404
    assert desk.send("N1", seen="0").status_code == 404
    assert desk.send("E1", "abcdef99", seen="0").status_code == 404


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_reasons_are_words(desk: Desk, payload: str) -> None:
    payload = payload.encode("utf-8", "replace").decode()
    form = {**desk.form("E1"), "csrf": "token", "reason": payload, "status": "planned"}
    assert desk.client.post(f"/reports/{LOCK}/marks/E1", data=form).status_code == 303
    page = desk.page()
    words = " ".join(payload.replace("\x00", "\ufffd").split())
    assert words in card(page, "E1")
    assert not [e for e in page.elements if e.tag in ("script", "img", "svg", "iframe") and "src" not in e.attributes]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mark=st.sampled_from(["E1", "A1", "E1%00", "%2e%2e"]) | st.text("EA019:/?#é", min_size=1, max_size=5),
    sent=st.dictionaries(
        st.sampled_from([*EVENT, "kind", "stance", "dropped", "reason", "seen", "verdict", "day"]),
        st.sampled_from(["", "0", "yes", "no", "AID", "2031-03-04", "\x00", "none"]) | st.text(max_size=8),
    ),
    to=st.sampled_from(["marks", "retraction"]),
)
def test_nothing_that_is_sent_breaks_it(desk: Desk, mark: str, sent: dict[str, str], to: str) -> None:
    data = {name: value.encode("utf-8", "replace").decode() for name, value in sent.items()}
    address = f"/reports/{LOCK}/marks/{mark}" if to == "marks" else f"/reports/{LOCK}/retraction"
    answer = desk.client.post(address, data={"csrf": "token", **data})
    assert answer.status_code in (303, 307, 400, 404, 405)
    assert desk.client.get(f"/reports/{LOCK}").status_code == 200


# --- retracting ---------------------------------------------------------------------------------


def test_a_report_is_retracted_and_counts_again(desk: Desk) -> None:
    def send(**given: str) -> Any:
        return desk.client.post(f"/reports/{LOCK}/retraction", data={"csrf": "token", **given})

    assert send(verdict="restored", day="2031-03-06").status_code == 400
    wrong = send(verdict="retracted", day="soon", reason="an <i>error</i>")
    assert wrong.status_code == 400
    assert "an &lt;i&gt;error&lt;/i&gt;" in wrong.text
    assert 'value="soon"' in wrong.text
    done = send(verdict="retracted", day="2031-03-06", reason="withdrawn")
    assert done.headers["location"] == f"/reports/{LOCK}#counts"
    found = desk.ledger.retraction(LOCK)
    assert found
    assert (found.day, found.decision.reason, found.decision.decided_by) == ("2031-03-06", "withdrawn", "Mara")
    page = desk.page()
    assert "Retracted from 6 March 2031 on: withdrawn (Mara)" in page.text
    assert "Let this report count again" in page.text
    assert send(verdict="restored", day="2031-03-07", reason="it was right").status_code == 303
    assert desk.ledger.retraction(LOCK) is None
