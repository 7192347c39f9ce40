"""Today, the happenings and the sources as pages and for programs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.compare import keeping
from dragoman.compare.grades import NUMBERS
from dragoman.config import Settings
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from dragoman.show.pages import today
from tests.compare.test_state import embargo, lifting
from tests.show.hostile import hostile
from tests.show.html import Parsed
from tests.show.readings import lock
from tests.show.story import BOMB, COPY, DENIED, SHELLED, address, rumour, story

PAGE = address(BOMB)
ALONE = address(rumour())
PAGES = (
    "/",
    "/?since=2031-03-01",
    "/today/positions",
    "/happenings",
    PAGE,
    ALONE,
    "/sources",
    "/sources/one?id=outlet:norda",
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("story") / "story.sqlite"
    with Ledger.open(path) as ledger:
        for reading in story():
            assert ledger.add(reading)
    return path


@pytest.fixture
def client(path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(path, Settings()), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def own(path: Path, tmp_path: Path) -> Iterator[TestClient]:
    """A client of a copy that a test may change."""
    copy = shutil.copy(path, tmp_path)
    with TestClient(create_app(copy, Settings()), base_url="http://localhost") as client:
        yield client


def csrf_in(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found
    return found[1]


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_well_formed_and_keep_the_time(client: TestClient, page: str) -> None:
    asked = f"{page}{'&' if '?' in page else '?'}as_of=2031-03-11"
    answer = client.get(asked)
    assert answer.status_code == 200
    parsed = Parsed(answer.text)
    ids = [element.attributes["id"] for element in parsed.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert sum(element.tag == "h1" for element in parsed.elements) == 1
    assert "style=" not in answer.text
    links = [
        e.attributes["href"] for e in parsed.elements if e.tag == "a" and e.attributes.get("href", "").startswith("/")
    ]
    views = [link for link in links if not link.startswith(("/api", "/static"))]
    (now,) = (link for link in views if "as_of" not in link)  # what is known now
    assert now.startswith(page.partition("?")[0])


# --- today ----------------------------------------------------------------------------------------


def test_today_begins_a_week_before_the_newest_report(client: TestClient) -> None:
    page = client.get("/").text
    assert "Since 4 March 2031" in page
    assert "9 reports by 5 outlets" in page
    assert "7 reports" in page
    (current,) = [e for e in Parsed(page).elements if e.attributes.get("aria-current") == "true"]
    assert current.text == "week"


def test_today_counts_from_the_day_that_is_asked_for(client: TestClient) -> None:
    page = client.get("/?since=2031-03-11").text
    assert "2 reports by 2 outlets" in page
    assert client.get("/?since=2031-03-12").text.count("No happening that several reports tell") == 1


def test_today_shows_both_sides_of_what_came_to_be_disputed(client: TestClient) -> None:
    page = Parsed(client.get("/?since=2031-03-11").text)
    (aside,) = page.of_class("disputes")
    assert "Nobody shelled" in aside.text
    assert "whether it happened" in aside.text
    assert "No contradiction came up" in client.get("/?since=2031-03-12").text


def test_today_tells_what_rests_on_unnamed_sources_alone(client: TestClient) -> None:
    (section,) = Parsed(client.get("/").text).of_class("anonymous")
    assert "a clerk" in section.text
    assert "withdrawal" in section.text.casefold()
    assert "two officers" not in section.text  # others tell it, too


def test_today_of_then_knows_nothing_of_later(client: TestClient) -> None:
    page = client.get("/?as_of=2031-03-05").text
    assert "Since 26 February 2031" in page
    assert "3 reports by 3 outlets" in page
    assert "clerk" not in page


def test_positions_that_changed_are_told_with_both_words(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for reading in (embargo(), lifting()):
            ledger.add(reading)
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        page = client.get("/today/positions").text
        assert "superseded" in page
        assert "imposed an arms embargo" in page
        assert "lifted the arms embargo" in page
        assert "Nothing is known to have ended" in client.get("/today/positions?since=2031-04-08").text


def test_an_empty_ledger_has_nothing_new(tmp_path: Path) -> None:
    Ledger.open(tmp_path / "l.sqlite").close()
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        for page in ("/", "/today/positions", "/happenings", "/sources"):
            assert client.get(page).status_code == 200
        assert all("dragoman add" in client.get(page).text for page in ("/", "/happenings", "/sources"))


def test_a_calendar_begins_somewhere() -> None:
    assert today._before("0001-01-03", 7) == "0001-01-01"


# --- happenings -----------------------------------------------------------------------------------


def test_happenings_are_listed_with_what_they_rest_on(client: TestClient) -> None:
    page = Parsed(client.get("/happenings").text)
    (row,) = page.of_class("happenings")
    assert "4 independent chains" in row.text
    assert "7 reports" in row.text
    assert "whether it happened, how many" in row.text
    assert "No happening matches" in client.get("/happenings?type=AID").text
    assert "No happening matches" in client.get("/happenings?unnamed=yes").text
    assert "4 independent chains" in client.get("/happenings?disputed=yes&order=disputed").text


def test_a_happening_shows_every_report_with_its_words_and_source(client: TestClient) -> None:
    page = Parsed(client.get(PAGE).text)
    tellings = page.of_class("tellings")[0].text
    for reading in (BOMB, DENIED, SHELLED):
        assert reading.report.text.split(",")[0].split(". ")[0].rstrip(".") in tellings
    assert "two harbour officials" in tellings
    assert "the hospital" in tellings
    links = {e.attributes["href"] for e in page.elements if e.tag == "a"}
    assert f"/reports/{BOMB.report.id}#words-E1" in links


def test_a_copy_stands_under_what_it_copies(client: TestClient) -> None:
    page = Parsed(client.get(PAGE).text)
    (same,) = page.of_class("same")
    assert "Radio Lisk" in same.text
    assert mark_id(COPY.report.id, "E1") not in {e.attributes.get("id") for e in page.elements}
    (copy,) = page.of_class("copy")
    assert "Radio Lisk" in copy.text


def test_both_sides_of_a_dispute_stand_side_by_side_with_their_numbers(client: TestClient) -> None:
    page = Parsed(client.get(PAGE).text)
    whether, toll = (e.text for e in page.of_class("dispute"))
    assert "Nobody shelled" in whether and "two officers" in whether
    assert "At least 14" in toll and "nine" in toll
    sides = [e.text for e in page.of_class("side")]
    assert len(sides) == 4
    assert all(any(number in side for number in NUMBERS.values()) for side in sides)


def test_tolls_are_a_picture_and_a_table(client: TestClient) -> None:
    page = Parsed(client.get(PAGE).text)
    (svg,) = [e for e in page.elements if e.tag == "svg"]
    assert "14+" in svg.text and "9" in svg.text
    table = next(e for e in page.elements if e.tag == "table").text
    assert "two harbour officials" in table and "Radio Brine" in table


def test_a_happening_of_one_report_has_a_page(client: TestClient) -> None:
    page = client.get(ALONE).text
    assert "One report tells this" in page
    assert "a clerk" in page
    assert "Why these are taken for one" not in page


def test_any_event_of_a_happening_leads_to_it(client: TestClient) -> None:
    heads = {
        next(e.text for e in Parsed(client.get(address(one)).text).elements if e.tag == "h1") for one in (BOMB, COPY)
    }
    assert len(heads) == 1


def test_a_reviewer_grades_over_the_rules(own: TestClient) -> None:
    token = csrf_in(own.get(PAGE).text)
    sent = {"csrf": token, "grade": "2", "reason": "seen on site"}
    answer = own.post(f"{PAGE}/grade", data=sent, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"][:12]) == (303, "/happenings/")
    page = own.get(PAGE).text
    assert "seen on site" in page
    assert "4 by the rules" in page


@pytest.mark.parametrize(
    ("page", "sent", "status"),
    [
        (PAGE, {"grade": "2", "csrf": "no"}, 403),
        (PAGE, {"grade": "9"}, 400),
        (PAGE, {"grade": ""}, 400),
        (PAGE, {"grade": "2", "of": "ffffffffffff:E1"}, 404),
        ("/happenings/ffffffffffff:E1", {"grade": "2"}, 404),
        ("/happenings/\u2028x", {"grade": "2"}, 404),
    ],
)
def test_what_is_no_grade_is_refused(client: TestClient, page: str, sent: dict[str, str], status: int) -> None:
    token = csrf_in(client.get(PAGE).text)
    assert client.post(f"{page}/grade", data={"csrf": token, **sent}).status_code == status


# --- sources --------------------------------------------------------------------------------------


def test_outlets_and_sources_with_what_became_of_their_claims(client: TestClient) -> None:
    page = Parsed(client.get("/sources").text)
    outlets, cited = (e.text for e in page.elements if e.tag == "table")
    for name in ("Norda", "Lantern", "Radio Brine", "Tollmar Courier"):
        assert name in outlets
    assert "clerk" in cited and "as Lantern tells" in cited
    assert "Radio Brine" not in cited


def test_sources_are_found_by_name_and_kind(client: TestClient) -> None:
    assert "clerk" in client.get("/sources?kind=unnamed&name=clerk").text
    assert "No source goes by that" in client.get("/sources?kind=named&name=clerk").text


def test_one_source_with_each_claim(client: TestClient) -> None:
    page = client.get("/sources/one", params={"id": "unnamed:clerk (lantern)"}).text
    assert "withdraw" in page
    assert "neither confirmed nor contradicted" in page
    assert client.get("/sources/one", follow_redirects=False).headers["location"] == "/sources"


def test_a_reviewer_gives_a_source_a_letter(own: TestClient) -> None:
    id = "unnamed:clerk (lantern)"
    token = csrf_in(own.get("/sources/one", params={"id": id}).text)
    own.post("/sources/grade", data={"csrf": token, "id": id, "grade": "C", "reason": "right twice"})
    page = own.get("/sources/one", params={"id": id}).text
    assert "Graded" in page and "right twice" in page
    assert own.post("/sources/grade", data={"csrf": token, "id": id, "grade": "1"}).status_code == 400
    assert own.post("/sources/grade", data={"csrf": token, "id": "named:x", "grade": "B"}).status_code == 404


def test_a_ledger_too_large_says_that_its_sources_are_being_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    with Ledger.open(tmp_path / "large.sqlite") as ledger:
        ledger.add(lock())
    with TestClient(create_app(tmp_path / "large.sqlite", Settings()), base_url="http://localhost") as client:
        assert "sources of this ledger are not worked out yet" in client.get("/sources").text
        assert client.get("/sources/one?id=x").status_code == 404
        assert client.get("/v1/sources").status_code == 404


# --- for programs ---------------------------------------------------------------------------------


def test_programs_get_rows_and_a_whole_happening(client: TestClient) -> None:
    (row,) = client.get("/v1/happenings?disputed=true&told_since=2031-03-11").json()["rows"]
    assert (row["reports"], row["independent"], row["disputes"]) == (7, 4, ["happened", "toll"])
    assert client.get("/v1/happenings?told_since=2031-03-12").json()["rows"] == []
    whole = client.get(f"/v1/happenings/{row['id']}").json()
    assert whole["number"]["grade"] == "4"
    assert len(whole["told"]) == 7
    assert len(whole["chains"]) == 4


def test_programs_get_sources(client: TestClient) -> None:
    assert "outlet:norda" in {one["id"] for one in client.get("/v1/outlets").json()["rows"]}
    (row,) = client.get("/v1/sources?kind=unnamed&name=clerk").json()["rows"]
    found = client.get("/v1/sources/one", params={"id": row["id"]}).json()
    assert found["row"] == row
    (claim,) = found["source"]["claims"]
    assert (claim["fate"], claim["unnamed"]) == ("open", True)
    first = client.get("/v1/outlets?limit=1")
    assert 'rel="next"' in first.headers["link"]
    assert client.get("/v1/sources?kind=nobody").status_code == 400


# --- what is put wrongly --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("/?since=2031-02-30", 400),
        ("/?since=%00", 400),
        ("/?as_of=soon", 400),
        ("/today/positions?since=x", 400),
        ("/happenings?order=size", 400),
        ("/happenings?told_since=yes", 400),
        ("/happenings?disputed_since=%22", 400),
        ("/happenings?after=x", 400),
        ("/happenings?type=WAR", 400),
        ("/happenings/x", 404),
        ("/happenings/ffffffffffff:E1", 404),
        (f"{PAGE[:-2]}E99", 404),
        ("/happenings/%00:%00", 404),
        ("/sources?kind=spy", 400),
        ("/sources?as_of=soon", 400),
        ("/sources/one?id=nobody", 404),
        ("/sources/one?id=outlet:norda&fate=lost", 400),
        ("/v1/happenings?order=size", 400),
        ("/v1/happenings?told_since=yes", 400),
        ("/v1/happenings?disputed=perhaps", 400),
        ("/v1/happenings?size=3", 400),
        ("/v1/happenings/x", 404),
        ("/v1/sources/one", 400),
        ("/v1/sources/one?id=nobody", 404),
        ("/v1/sources?as_of=soon", 400),
    ],
)
def test_what_cannot_be_asked_is_told_so(client: TestClient, asked: str, status: int) -> None:
    assert client.get(asked).status_code == status


def test_hostile_words_are_shown_as_words(tmp_path: Path) -> None:
    payload = "<script>window.__xss=1</script>"
    one = hostile(payload)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(one)
    with TestClient(create_app(tmp_path / "l.sqlite", Settings()), base_url="http://localhost") as client:
        for page in ("/", "/happenings", address(one), "/sources", f"/sources/one?id=outlet:{payload}"):
            assert payload not in client.get(page).text
