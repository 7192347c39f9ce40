"""Today, the happenings and the sources in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from tests.show.browsing import WIDTHS, Open, served
from tests.show.hostile import PAYLOADS, hostile
from tests.show.story import BOMB, address, rumour, story

pytestmark = pytest.mark.browser

PAGE = address(BOMB)
VIEWS = ("/", "/happenings", PAGE, address(rumour()), "/sources", "/sources/one?id=outlet:norda")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("story") / "story.sqlite"
    with Ledger.open(path) as ledger:
        for reading in story():
            assert ledger.add(reading)
    with served(path) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_views_load_and_fit(opened: Open, site: str, width: int, scheme: str) -> None:
    page = opened(site + "/", width, color_scheme=scheme)
    for view in VIEWS:
        page.goto(site + view)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        assert page.locator("h1").is_visible()


@pytest.mark.parametrize("script", [True, False])
def test_from_the_front_page_to_the_words_in_the_report(opened: Open, site: str, script: bool) -> None:
    page = opened(site + "/", java_script_enabled=script)
    page.locator(".lead h3 a").click()
    assert "/happenings/" in page.url
    page.locator(".tellings blockquote a").first.click()
    assert "/reports/" in page.url
    assert page.locator(":target").count() == 1


def test_the_front_page_has_the_heaviest_happening_largest(opened: Open, site: str) -> None:
    page = opened(site + "/")
    sizes = page.locator("h3").evaluate_all("all => all.map(one => parseFloat(getComputedStyle(one).fontSize))")
    assert sizes[0] > max(sizes[1:])
    lead, dispute = page.locator(".lead").bounding_box(), page.locator(".disputes").bounding_box()
    assert lead and dispute
    assert dispute["x"] >= lead["x"] + lead["width"]


def test_positions_come_after_the_rest_of_the_page(opened: Open, site: str) -> None:
    page = opened(site + "/")
    page.locator(".changed .told").wait_for()
    assert page.locator(".changed h1").count() == 0  # only the list is taken from its page


def test_both_sides_stand_beside_each_other_on_a_desk_and_above_on_a_phone(opened: Open, site: str) -> None:
    for width, beside in zip(WIDTHS, (True, False), strict=True):
        page = opened(site + PAGE, width)
        one, other = (page.locator(".side").nth(n).bounding_box() for n in (0, 1))
        assert one and other
        assert (other["x"] >= one["x"] + one["width"]) is beside
        assert (other["y"] >= one["y"] + one["height"]) is not beside


def test_points_of_a_toll_stand_where_their_numbers_are(opened: Open, site: str) -> None:
    page = opened(site + PAGE)
    points = page.locator(".toll circle")
    heights = {
        points.nth(n).locator("xpath=..").locator("title").text_content(): float(points.nth(n).get_attribute("cy") or 0)
        for n in range(points.count())
    }
    high = {height for told, height in heights.items() if told and told.startswith("14+")}
    low = {height for told, height in heights.items() if told and told.startswith("9,")}
    assert len(high) == len(low) == 1
    assert max(high) < min(low)  # the greater number is nearer to the top


@pytest.mark.parametrize("script", [True, False])
def test_a_grade_is_given_by_keys_alone(opened: Open, tmp_path: Path, script: bool) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for reading in story():
            ledger.add(reading)
    with served(tmp_path / "l.sqlite") as address:
        page = opened(address + PAGE, java_script_enabled=script)
        page.locator(".overrule summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type("2")
        page.keyboard.press("Tab")
        page.keyboard.type("seen on site")
        page.keyboard.press("Enter")
        page.locator(".by-hand").wait_for()
        assert "seen on site" in page.locator(".by-hand").inner_text()
        assert page.locator("#grade-title").inner_text().startswith("2")
        page.close()


def test_keys_walk_over_the_stories(opened: Open, site: str) -> None:
    page = opened(site + "/")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('.lead') !== null")


def test_hostile_strings_never_run(opened: Open, tmp_path: Path) -> None:
    readings = [hostile(payload) for payload in PAYLOADS]
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        for reading in readings:
            assert ledger.add(reading)
    with served(tmp_path / "l.sqlite") as address:
        page = opened(address + "/")
        events = [mark_id(reading.report.id, reading.events[0].id) for reading in readings]
        views = ["/", "/happenings", "/sources", *(f"/happenings/{id}" for id in events)]
        for view in views:
            page.goto(address + view)
            assert page.evaluate("window.__xss") is None, view
            assert page.locator("h1").is_visible(), view
        page.close()
