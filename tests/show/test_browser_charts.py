"""Timeline and map in a real browser: what is drawn is what there is, and it can be moved by hand and by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dragoman.ledger.store import Ledger
from tests.show.browsing import WIDTHS, Open, served
from tests.show.charted import MARKS, charted, fill

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WHOLE = "window=2031-01-01..2031-04-30"
TIMELINE, MAP = f"/timeline?{WHOLE}", "/map"
DRAWN = MARKS - 2  # all but the treaty of 1172, which is not in those days, and what has no date


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("charts") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in charted():
            ledger.add(reading)
    with served(path) as address:
        yield address


def ready(page: Page) -> Page:
    page.wait_for_selector("html[data-ready]", timeout=20_000)
    return page


def frames(page: Page) -> None:
    """Waits until what was asked for is drawn, listed and in the address."""
    page.wait_for_timeout(500)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [TIMELINE, f"{TIMELINE}&lanes=type", "/timeline?clock=reported", MAP])
def test_pictures_load_and_fit(opened: Open, charts: str, view: str, scheme: str, width: int) -> None:
    page = ready(opened(charts + view, width, color_scheme=scheme))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#plot svg").is_visible() and page.locator("#strip svg").is_visible()
    assert page.locator("figcaption").inner_text()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("view", [TIMELINE, f"{MAP}?at=34.3,45.3,6"])
def test_axe_finds_nothing_serious(opened: Open, charts: str, view: str, scheme: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = ready(opened(charts + view, width, color_scheme=scheme, bypass_csp=True))
    found = Axe().run(page).response["violations"]
    grave = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], node["html"][:120], node["failureSummary"]) for one in grave for node in one["nodes"]] == []


@pytest.mark.parametrize("lanes", ["actor", "type"])
def test_as_many_marks_are_drawn_as_there_are(opened: Open, charts: str, lanes: str) -> None:
    page = ready(opened(f"{charts}{TIMELINE}&lanes={lanes}"))
    assert page.locator("#plot .mark").count() == page.locator("#table tbody tr").count() == DRAWN
    assert page.locator("#plot .mark.hollow").count() == 1
    assert page.locator("#plot .mark.struck .strike").count() == 1
    assert page.locator("#plot .mark.range > rect").count() == page.locator("#plot .mark.since > rect").count() == 1
    counted = page.locator("#plot .lane .count").all_text_contents()
    assert sum(map(int, counted)) == DRAWN


def test_lanes_are_switched_and_the_address_keeps_them(opened: Open, charts: str) -> None:
    page = ready(opened(charts + TIMELINE))
    assert "The Velmari army" in page.locator("#plot .lane title").all_text_contents()
    page.get_by_role("button", name="by type").click()
    assert page.locator("#plot .lane title").all_text_contents()[0] == "Agree"
    assert "lanes=type" in page.url
    page.reload()
    assert ready(page).locator("#plot .lane title").all_text_contents()[0] == "Agree"


def test_pointing_and_focus_show_words_sources_and_the_way(opened: Open, charts: str) -> None:
    page = ready(opened(charts + TIMELINE))
    mark = page.locator("#plot .mark[aria-label^='Assault']")
    mark.hover()
    words = page.locator("#pointed").inner_text()
    assert "shelled" in words and "a nurse" in words and "in 2 reports" in words and "3 March 2031" in words
    href = page.locator("#pointed a").get_attribute("href")
    assert href and href.startswith("/happenings/") and href == mark.get_attribute("href")
    page.locator("#table a", has_text="Anselm Kade").focus()
    assert "met" in page.locator("#pointed q").inner_text()
    assert page.locator("#plot .mark.pinned").count() == 1


def test_keys_move_zoom_and_walk(opened: Open, charts: str) -> None:
    page = ready(opened(charts + TIMELINE))
    page.locator("#plot").focus()
    for _ in range(3):
        page.keyboard.press("+")
    frames(page)
    narrow = page.locator("#plot .mark").count()
    assert narrow < DRAWN
    zoomed = page.url
    assert "window=" in zoomed and WHOLE not in zoomed
    page.keyboard.press("ArrowRight")
    frames(page)
    assert page.url != zoomed
    page.keyboard.press("Home")
    frames(page)
    assert page.locator("#plot .mark").count() == DRAWN
    walked = []
    for _ in range(3):
        page.keyboard.press("ArrowDown")
        walked.append(page.evaluate("document.activeElement.dataset.id"))
    assert len(set(walked)) == 3
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.id") == walked[1]
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "plot"


def drag(page: Page, where: str, start: float, end: float) -> None:
    """Drags with the mouse over an element, from one share of its width to another."""
    page.locator(where).scroll_into_view_if_needed()
    box = page.locator(where).bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * start, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, box["y"] + 14, steps=4)
    page.mouse.move(box["x"] + box["width"] * end, box["y"] + 14, steps=4)
    page.mouse.up()
    frames(page)


def test_a_brush_over_the_strip_chooses_days(opened: Open, charts: str) -> None:
    page = ready(opened(charts + "/timeline"))
    page.locator("#plot").focus()
    page.keyboard.press("Home")
    frames(page)
    drag(page, "#strip", 0.02, 0.2)
    early = page.locator("#plot .mark").count()
    assert 0 < early < DRAWN
    assert page.locator("#table tbody tr").count() == early
    shared = page.url
    page.goto(shared)
    assert ready(page).locator("#plot .mark").count() == early
    drag(page, "#plot", 0.8, 0.2)
    assert page.url != shared


def test_the_other_picture_shows_the_same_days(opened: Open, charts: str) -> None:
    page = ready(opened(f"{charts}{TIMELINE}&type=CONSULT"))
    page.locator("#plot").focus()
    page.keyboard.press("+")
    frames(page)
    days = page.url.partition("window=")[2].partition("&")[0]
    page.get_by_role("link", name="on the map").click()
    ready(page)
    assert "/map?" in page.url and "type=CONSULT" in page.url and f"window={days}" in page.url
    page.get_by_role("link", name="on the timeline").click()
    assert "/timeline?" in page.url and f"window={days}" in page.url


def test_the_wheel_zooms_once_the_picture_is_meant(opened: Open, charts: str) -> None:
    page = ready(opened(charts + TIMELINE))
    page.locator("#plot").hover()
    page.mouse.wheel(0, -600)
    frames(page)
    assert WHOLE in page.url
    page.locator("#plot").focus()
    page.locator("#plot").hover()
    page.mouse.wheel(0, -600)
    frames(page)
    assert WHOLE not in page.url


COLOURS = """selector => [...document.querySelectorAll(selector)].map(one => getComputedStyle(one).stroke)"""
ROOT = """name => {
  const probe = document.createElement('i');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_are_those_of_the_page(opened: Open, charts: str, scheme: str) -> None:
    page = ready(opened(charts + TIMELINE, color_scheme=scheme))
    for side in ("conflict", "cooperation"):
        assert set(page.evaluate(COLOURS, f"#plot .mark.{side} > circle:not(.ring)")) == {
            page.evaluate(ROOT, f"--{side}")
        }
    page.goto(charts + MAP)
    ready(page)
    assert set(page.evaluate(COLOURS, "#plot .arc.conflict")) == {page.evaluate(ROOT, "--conflict")}
    land = page.evaluate("getComputedStyle(document.querySelector('.land')).fill")
    assert land == page.evaluate(ROOT, "--paper")


def marks_on(page: Page) -> int:
    counted: list[str] = page.locator("#plot .cluster").evaluate_all("all => all.map(one => one.dataset.marks)")
    return sum(map(int, counted))


def test_the_map_has_all_marks_with_a_place(opened: Open, charts: str) -> None:
    page = ready(opened(charts + MAP))
    assert marks_on(page) == 5
    assert page.locator("#plot .cluster.vague-one").count() == 1  # never with the point beside it
    assert page.locator("#places > li").count() == 3
    page.locator("#plot .cluster.vague-one").click()
    frames(page)
    assert page.locator("#places h3").all_inner_texts() == ["Sarre, Ukraine"]
    page.locator("#plot").focus()
    page.keyboard.press("Escape")
    frames(page)
    assert page.locator("#places > li").count() == 3


def test_the_map_moves_zooms_and_can_be_shared(opened: Open, charts: str) -> None:
    page = ready(opened(charts + MAP))
    page.locator("#plot").focus()
    for key in ("+", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
        frames(page)
    assert "at=" in page.url
    centre = "(() => { const at = document.querySelector('#plot .land').getCTM(); return [at.a, at.e, at.f] })()"
    before, listed = page.evaluate(centre), page.locator("#places h3").all_inner_texts()
    page.goto(page.url)
    ready(page)
    assert page.evaluate(centre) == pytest.approx(before, abs=8)
    assert page.locator("#places h3").all_inner_texts() == listed
    page.locator("#plot").focus()
    page.keyboard.press("Home")
    frames(page)
    assert marks_on(page) == 5


def test_days_under_the_map_filter_it_and_the_list(opened: Open, charts: str) -> None:
    page = ready(opened(charts + f"{MAP}?window=2031-03-05..2031-03-06"))
    assert marks_on(page) == 1  # the meeting: what has no date is of no day
    assert page.locator("#places h3").all_inner_texts() == ["Tolne, Denmark"]
    page.locator("#strip").focus()
    page.keyboard.press("Home")
    frames(page)
    assert "window=" not in page.url
    page.locator("#plot").focus()
    page.keyboard.press("Home")
    frames(page)
    assert marks_on(page) == 5


def test_disputed_borders_are_noted_where_they_are_in_view(opened: Open, charts: str) -> None:
    page = ready(opened(charts + f"{MAP}?at=34.3,45.3,12"))
    assert "Crimea" in page.locator("#plot .disputed-here text").all_text_contents()
    assert "Crimea" in page.locator("#disputed").inner_text()
    page.goto(charts + f"{MAP}?at=10,60,12")
    ready(page)
    assert page.locator("#plot .disputed-here").count() == 0


def test_a_cluster_is_chosen_by_key(opened: Open, charts: str) -> None:
    page = ready(opened(charts + MAP))
    page.locator("#plot .cluster.vague-one").focus()
    page.keyboard.press("Enter")
    frames(page)
    assert page.locator("#plot .cluster.vague-one").get_attribute("aria-pressed") == "true"
    assert page.locator("#places > li").count() == 1


@pytest.mark.parametrize(("view", "row"), [("/timeline", "#table tbody tr"), ("/map", "#places > li")])
def test_without_script_there_is_the_same_in_words(opened: Open, charts: str, view: str, row: str) -> None:
    page = opened(charts + view, java_script_enabled=False)
    assert page.locator(row).count() == (MARKS - 1 if view == "/timeline" else 3)
    assert not page.locator("figure").is_visible()


def test_a_finger_pans_and_taps(opened: Open, charts: str) -> None:
    page = ready(opened(charts + TIMELINE, 390, has_touch=True))
    mark = page.locator("#plot .mark[aria-label^='Assault']")
    mark.tap()
    assert page.url.startswith(charts + "/timeline")
    assert "shelled" in page.locator("#pointed").inner_text()


def test_a_shorter_time_brings_what_was_left_out(opened: Open, tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        fill(ledger, 2_100)
    with served(tmp_path / "l.sqlite") as address:
        page = ready(opened(address + "/timeline"))
        assert "the newest of those that match" in page.locator("figcaption").inner_text()
        page.goto(address + "/timeline?window=2030-01-01..2030-01-31")
        ready(page)
        drawn = page.evaluate("Number(document.querySelector('#timeline').dataset.marks)")
        assert drawn == sum(n % 12 == 0 for n in range(2_100))
        hidden = page.evaluate("Number(document.querySelector('#timeline').dataset.hidden)")
        assert page.locator("#plot .mark").count() + hidden == drawn
        assert "narrow the days" not in page.locator("figcaption").inner_text()
