"""The pages in a real browser: Debian's chromium, at the widths of a desk and of a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.show.browsing import WIDTHS, Open
from tests.show.readings import lock

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LOCK = f"/reports/{lock().report.id}"
VIEWS = (
    "/",
    "/search?kind=events",
    "/search?kind=attributions",
    "/actors",
    LOCK,
    f"{LOCK}?source=2",
    "/api",
    "/search?text=nothing+here",
)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("view", VIEWS)
def test_pages_load_and_fit(opened: Open, address: str, view: str, width: int) -> None:
    page = opened(address + view, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").is_visible()


def test_cards_stand_beside_their_paragraph_on_a_desk(opened: Open, address: str) -> None:
    page = opened(address + LOCK)
    text, card = page.locator("#text > p").first.bounding_box(), page.locator("#E1").bounding_box()
    assert text and card
    assert card["x"] > text["x"] + text["width"]
    assert abs(card["y"] - text["y"]) < 40
    assert 45 * 8 < text["width"] < 75 * 9.5  # a measure of 45 to 75 characters


def test_cards_stand_under_their_paragraph_on_a_phone(opened: Open, address: str) -> None:
    page = opened(address + LOCK, 390)
    first, second = (page.locator("#text > p").nth(n).bounding_box() for n in (0, 1))
    card = page.locator("#E1").bounding_box()
    assert first and second and card
    assert first["y"] + first["height"] <= card["y"]
    assert card["y"] + card["height"] <= second["y"]


@pytest.mark.parametrize("script", [True, False])
def test_links_lead_from_words_to_card_and_back(opened: Open, address: str, script: bool) -> None:
    page = opened(address + LOCK, java_script_enabled=script)
    page.locator("#words-E4 a").click()
    assert page.url.endswith("#E4")
    page.locator("#E4 .number").click()
    assert page.url.endswith("#words-E4")
    assert page.locator("#words-E4:target").count() == 1


def tied(page: Page) -> list[str]:
    found: list[str] = page.locator(".tied").evaluate_all("all => all.map(one => one.id || one.textContent)")
    return found


def test_pointing_ties_card_and_words_both_ways(opened: Open, address: str) -> None:
    page = opened(address + LOCK)
    both = ["Tidewater Guard patrol boats", "words-E1", "three grain barges", "early on Tuesday"]
    for target in ("#words-E1 a", "#E1 .deed"):
        page.locator(target).hover()
        assert set(tied(page)) == {*both, "the Sarre lock", "E1"}
    page.locator("h1").hover()
    assert tied(page) == []


def test_focus_ties_and_keys_walk(opened: Open, address: str) -> None:
    page = opened(address + LOCK)
    page.locator("#words-E4 a").focus()
    assert {"E4", "words-E4"} <= set(tied(page))
    page.locator("#E5 .number").focus()
    assert {"E5", "words-E5"} <= set(tied(page))
    focused = "document.activeElement.closest('.card').id"
    page.keyboard.press("j")
    assert page.evaluate(focused) == "E6"
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert page.evaluate(focused) == "E4"


def test_keys_are_letters_where_one_writes(opened: Open, address: str) -> None:
    page = opened(address + "/search")
    page.keyboard.press("/")
    page.keyboard.type("jk/")
    assert page.locator("input[name=text]").input_value() == "jk/"


def test_searching_and_reading_one_source_without_script(opened: Open, address: str) -> None:
    page = opened(address + "/search", java_script_enabled=False)
    page.locator("input[name=text]").fill("grain barges")
    page.get_by_role("button", name="Search").click()
    page.locator(".rows h2 a").click()
    page.locator("#sources a", has_text="Anselm Roake").click()
    assert page.locator("#text.only .content.chosen").count() == 1


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (...layers) => {
    for (const colour of layers) { canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1); }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (values) => values.map(v => v / 255)
    .map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const paper = getComputedStyle(document.body).backgroundColor;
  return [...document.querySelectorAll('main *')].filter(one => one.innerText?.trim()).map(one => {
    const style = getComputedStyle(one), behind = [];
    for (let at = one; at && at !== document.body; at = at.parentElement)
      behind.unshift(getComputedStyle(at).backgroundColor);
    const ground = light(rgb(paper, ...behind)), words = light(rgb(paper, ...behind, style.color));
    const [a, b] = [ground, words].sort((x, y) => y - x);
    return [(a + .05) / (b + .05), one.className + ' ' + one.innerText.slice(0, 30)];
  }).filter(([ratio]) => ratio < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "view", ["/", LOCK, f"{LOCK}?source=6", f"{LOCK}?source=outlet", "/search?kind=events", "/actors"]
)
def test_words_stand_out_from_their_ground(opened: Open, address: str, view: str, scheme: str) -> None:
    page = opened(address + view, color_scheme=scheme)
    assert page.evaluate(CONTRAST) == []  # WCAG 2.2 AA: 4.5 to 1
