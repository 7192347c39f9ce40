"""Search and Export in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.ledger import searches
from dragoman.ledger.filters import LONGEST
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.show.search import Search
from tests.builders import in_odesa
from tests.show.browsing import WIDTHS, Open, served
from tests.show.hostile import PAYLOADS, hostile
from tests.show.readings import crisis, lock
from tests.show.test_browser import CONTRAST

pytestmark = pytest.mark.browser

VIEWS = (
    "/search",
    "/search?text=grain+barges",
    "/search?kind=events&place=sarre",
    "/search?kind=attributions",
    "/search?kind=happenings",
    "/export",
    "/export?kind=events&format=sheet",
    "/export?kind=attributions&format=sheet&text=grain",
)


@pytest.fixture
def own(tmp_path: Path) -> Iterator[str]:
    """The address of a ledger that the test may write to."""
    with Ledger.open(tmp_path / "own.sqlite") as ledger:
        for reading in [*crisis(), in_odesa()]:
            ledger.add(reading)
    with served(tmp_path / "own.sqlite") as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_views_fit_and_can_be_read(opened: Open, address: str, view: str, width: int, scheme: str) -> None:
    page = opened(address + view, width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").is_visible()
    assert page.evaluate(CONTRAST) == []


def test_a_search_without_a_mouse(opened: Open, address: str) -> None:
    page = opened(address + "/search")
    page.keyboard.press("/")
    page.keyboard.type("grain barges")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?kind=reports&text=grain+barges")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/**")
    assert page.url.endswith(f"/reports/{lock().report.id}")


@pytest.mark.parametrize("kind", ["reports", "events", "attributions"])
def test_every_row_is_walked_to(opened: Open, address: str, kind: str) -> None:
    page = opened(f"{address}/search?kind={kind}")
    rows = page.locator(".rows > li").count()
    focused = "[...document.querySelectorAll('.rows > li')].indexOf(document.activeElement.closest('li'))"
    for row in range(min(rows, 5)):
        page.keyboard.press("j")
        assert page.evaluate(focused) == row
    page.keyboard.press("k")
    assert page.evaluate(focused) == min(rows, 5) - 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/**")


def test_kinds_keep_the_question(opened: Open, address: str) -> None:
    page = opened(address + "/search?text=grain", java_script_enabled=False)
    page.get_by_role("link", name="Events", exact=True).click()
    assert page.locator("input[name=text]").input_value() == "grain"
    page.locator("select[name=type]").select_option("COERCE")
    page.get_by_role("button", name="Search").click()
    assert page.url == address + "/search?kind=events&text=grain&type=COERCE"
    assert set(page.locator(".events .type").all_inner_texts()) == {"Coerce"}


@pytest.mark.parametrize("script", [True, False])
def test_a_search_is_kept_by_name(opened: Open, own: str, script: bool) -> None:
    page = opened(own + "/search?kind=events&place=Ukraine", java_script_enabled=script)
    page.get_by_text("Save this search").click()
    page.locator(".keep input[name=name]").fill("In Ukraine")
    page.get_by_role("button", name="Save").click()
    page.goto(own + "/search")
    page.get_by_role("link", name="In Ukraine").click()
    assert page.url == own + "/search?kind=events&place=Ukraine"
    page.get_by_text("rename or give up").click()
    page.get_by_label("New name").fill("Odesa")
    page.get_by_role("button", name="Rename").click()
    assert page.locator(".saved a[aria-current]").inner_text() == "Odesa"
    page.get_by_text("rename or give up").click()
    page.get_by_role("button", name="Give up").click()
    assert page.locator(".saved").count() == 0


def test_files_are_downloaded(opened: Open, address: str) -> None:
    page = opened(address + "/search?kind=events&text=grain")
    with page.expect_download() as download:
        page.locator(".exports").get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.startswith("dragoman-events-grain-")
    assert "COERCE" in Path(download.value.path()).read_text(encoding="utf-8-sig")


def test_a_sheet_prints_on_numbered_pages(opened: Open, address: str) -> None:
    page = opened(address + "/export?kind=reports&format=sheet")
    page.emulate_media(media="print")
    assert page.locator(".masthead nav").is_hidden()
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") > 1
    rules = "[...document.styleSheets].flatMap(sheet => [...sheet.cssRules]).map(rule => rule.cssText)"
    assert "counter(pages)" in "".join(page.evaluate(rules))


def test_hostile_strings_never_run_in_searches_feeds_or_sheets(opened: Open, tmp_path: Path) -> None:
    asked = [Search("reports", Filter(text=payload)).query() for payload in PAYLOADS]
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        assert all(ledger.add(hostile(payload)) for payload in PAYLOADS)
        with ledger.writing() as connection:
            for number, (payload, query) in enumerate(zip(PAYLOADS, asked, strict=True)):
                name = f"{payload[: searches.LONGEST - 4]} {number}"
                searches.save(connection, searches.EVERYBODY, name, query, payload)
    with served(tmp_path / "l.sqlite") as address:
        page = opened(address + "/search")
        assert page.locator(".saved a").count() == len(PAYLOADS)
        for query in [query for query, payload in zip(asked, PAYLOADS, strict=True) if len(payload) <= LONGEST][::3]:
            page.goto(f"{address}/search?{query}")
            assert page.evaluate("window.__xss") is None, query
        for view in [*VIEWS, "/search?kind=reports&text=script", "/search?kind=events&text=window"]:
            page.goto(address + view)
            for element in page.locator("main a, main [title]").all()[:12]:
                element.dispatch_event("mouseover")
                element.dispatch_event("focus")
            assert page.evaluate("window.__xss") is None, view
            assert page.evaluate("document.querySelectorAll('iframe, object, base, main script').length") == 0
            links = page.locator("a").evaluate_all("all => all.map(one => new URL(one.href).protocol)")
            assert set(links) <= {"http:", "https:"}
