"""The pages of actors and their network in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from dragoman.ledger.store import Ledger
from tests.compare.test_network import QUARREL
from tests.show.browsing import WIDTHS, Open, served
from tests.show.test_actors import MEETINGS, demand
from tests.show.test_browser import CONTRAST

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GUARD = f"{demand().report.id[:12]}:N1"
VIEWS = ("/actors", f"/actors/{GUARD}", f"/actors/{GUARD}/positions", "/network", f"/network?entity={GUARD}&depth=2")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("actors") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in (*QUARREL, *MEETINGS, demand()):
            assert ledger.add(reading)
    with served(path) as address:
        yield address


def drawn(page: Page) -> Page:
    page.wait_for_selector("#network[data-drawn]")
    return page


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_pages_fit_and_can_be_read(opened: Open, address: str, view: str, width: int, scheme: str) -> None:
    page = opened(address + view, width, color_scheme=scheme)
    page.wait_for_load_state("networkidle")
    assert page.locator("h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(CONTRAST) == []


def test_positions_come_after_the_page_and_without_script_are_a_link_away(opened: Open, address: str) -> None:
    page = opened(f"{address}/actors/{GUARD}")
    page.wait_for_selector("#positions .held")
    assert "open the border crossings" in page.locator("#positions").inner_text()
    plain = opened(f"{address}/actors/{GUARD}", java_script_enabled=False)
    plain.locator("#positions a").click()
    assert "open the border crossings" in plain.locator("#positions").inner_text()


def test_without_script_the_network_is_a_table(opened: Open, address: str) -> None:
    page = opened(address + "/network", java_script_enabled=False)
    assert not page.locator("#network").is_visible()
    assert page.locator(".edges tbody tr").count() == 5
    page.locator(".edges .behind").first.click()
    assert "/search?kind=events&entity=" in page.url


CY = "document.querySelector('#network').cy"


def test_the_picture_draws_the_lines_of_the_table_the_same_each_time(opened: Open, address: str) -> None:
    page = drawn(opened(address + "/network"))
    assert page.evaluate(f"{CY}.edges().length") == page.locator(".edges tbody tr").count() == 5
    places = f"{CY}.nodes().map(node => [node.id(), node.position('x'), node.position('y')])"
    first = page.evaluate(places)
    assert len({(x, y) for _, x, y in first}) == len(first) == 6
    page.reload()
    assert drawn(page).evaluate(places) == first


def test_a_row_in_focus_is_marked_in_the_picture_and_enter_opens_the_actor(opened: Open, address: str) -> None:
    page = drawn(opened(address + "/network"))
    row = page.locator(".edges tbody tr").first
    row.locator("a").first.focus()
    assert page.evaluate(f"{CY}.edges('.chosen').map(edge => edge.data('source'))") == [row.get_attribute("data-actor")]
    assert page.evaluate(f"{CY}.nodes('.quiet').length") == 4
    page.keyboard.press("Enter")
    page.wait_for_url("**/actors/*")
    assert page.locator("h1").inner_text() == "Velmar Guard"


def test_a_line_shows_the_events_behind_it(opened: Open, address: str) -> None:
    page = drawn(opened(address + "/network"))
    page.locator(".edges .behind").first.click()
    page.wait_for_selector("#behind .rows li")
    assert page.locator("#behind .rows li").count() == 4
    assert "attacked" in page.locator("#behind").inner_text()
    assert page.locator("tr.chosen").count() == 1


def test_an_actor_in_the_picture_can_be_chosen_moved_and_zoomed(opened: Open, address: str) -> None:
    page = drawn(opened(address + "/network"))
    box = page.locator("#picture").bounding_box()
    assert box
    spot = page.evaluate(f"{CY}.nodes()[0].renderedPosition()")
    page.mouse.click(box["x"] + spot["x"], box["y"] + spot["y"])
    assert page.locator("#behind h2 a").first.inner_text() == page.evaluate(f"{CY}.nodes()[0].data('name')")
    before = page.evaluate(f"{CY}.pan()")
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 65, box["y"] + 45, steps=4)
    page.mouse.up()
    assert page.evaluate(f"{CY}.pan().x") == pytest.approx(before["x"] + 60, abs=2)
    zoom = page.evaluate(f"{CY}.zoom()")
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(200)
    assert page.evaluate(f"{CY}.zoom()") > zoom
    page.get_by_role("button", name="farther").click()
    page.get_by_role("button", name="all").click()
    assert page.evaluate(f"{CY}.nodes().every(node => node.renderedPosition('x') > 0)")


@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing_serious(opened: Open, address: str, view: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(address + view, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
