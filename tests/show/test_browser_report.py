"""A report in a real browser: reading one source, and correcting marks by keyboard, without script and in place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dragoman.ledger.store import Ledger
from dragoman.records import Event
from tests.show.browsing import WIDTHS, Open, served
from tests.show.readings import lock

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

REPORT = lock().report.id


class Desk:
    """A report of a ledger of its own, behind a server."""

    def __init__(self, address: str, ledger: Ledger) -> None:
        self.address = f"{address}/reports/{REPORT}"
        self.ledger = ledger

    def event(self, id: str) -> Event:
        return next(event for event in self.ledger.reading(REPORT).events if event.id == id)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        ledger.add(lock())
        with served(tmp_path / "l.sqlite") as address:
            yield Desk(address, ledger)


def tab_to(page: Page, selector: str) -> None:
    """Goes on with the tab key until something has the focus."""
    for _ in range(60):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is out of the keyboard's reach")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_mark_is_corrected_and_that_undone_by_keyboard_alone(opened: Open, desk: Desk, width: int) -> None:
    page = opened(desk.address, width)
    page.keyboard.press("j")
    tab_to(page, "#E1 summary")
    page.keyboard.press("Enter")
    tab_to(page, "#E1 .correct a")
    page.keyboard.press("Enter")
    page.wait_for_selector("#E1 [name=type]:focus")
    page.keyboard.type("Threaten")
    tab_to(page, "#E1 [name=mode]")
    page.keyboard.type("arrest")
    tab_to(page, "#E1 [name=reason]")
    page.keyboard.type("only a threat 0123")  # digits are letters here
    page.keyboard.press("Enter")
    page.wait_for_selector("#E1:has(.corrected) summary:focus")
    assert (desk.event("E1").type, desk.event("E1").mode) == ("THREATEN", "arrest")
    tab_to(page, "#E1 summary")
    page.keyboard.press("Enter")
    assert "only a threat 0123" in page.locator("#E1").inner_text()
    tab_to(page, "#E1 .undo")
    page.keyboard.press("Enter")
    page.wait_for_selector("#E1 .type:text-is('Coerce')")
    assert (desk.event("E1").type, desk.event("E1").mode) == ("COERCE", "arrest")  # the mode is undone by itself


def test_a_mark_is_corrected_without_script(opened: Open, desk: Desk) -> None:
    page = opened(desk.address + "?source=2", java_script_enabled=False)
    page.locator("#E4 summary").click()
    page.locator("#E4 .correct a").click()
    page.locator("#E4 [name=status]").select_option("planned")
    page.locator("#E4 [name=reason]").fill("it is to come")
    page.locator("#E4").get_by_role("button", name="Save").click()
    assert page.url == f"{desk.address}?source=2#E4"
    page.locator("#E4 summary").click()
    assert "it is to come" in page.locator("#E4").inner_text()
    page.locator("#E4 .undo").click()
    assert desk.event("E4") == next(event for event in lock().events if event.id == "E4")


def test_only_the_card_changes_where_there_is_script(opened: Open, desk: Desk) -> None:
    page = opened(desk.address)
    page.evaluate("window.same = true")
    page.locator("#said-A3 summary").click()
    page.locator("#said-A3 .correct a").click()
    page.locator("#said-A3 [name=stance]").select_option("confirms")
    page.locator("#said-A3").get_by_role("button", name="Save").click()
    page.wait_for_selector("#said-A3 .corrected")
    assert "confirmation" in page.locator("#said-A3").inner_text()
    page.locator("#E5 summary").click()
    page.locator("#E5 .correct a").click()
    page.locator("#E5 [name=reason]").fill("<img src=x onerror=window.__xss=1>")
    page.get_by_role("button", name="This is no event").click()
    page.wait_for_selector("#E5.dropped")
    assert "<img src=x" in page.locator("#E5").inner_text()
    assert "E5" not in {event.id for event in desk.ledger.reading(REPORT).events}
    page.locator("#E5 .undo").click()
    page.wait_for_selector("#E5:not(.dropped)")
    assert desk.event("E5").confidence == 0.41
    page.locator("#E6 summary").click()
    page.locator("#E6 .correct a").click()
    page.wait_for_selector("#E6 [name=type]:focus")
    page.keyboard.press("Escape")
    page.wait_for_selector("#E6:not(:has(.correcting))")
    assert page.evaluate("window.same && !window.__xss")


def test_what_makes_no_sense_is_told_in_place(browser: Browser, desk: Desk) -> None:
    page = browser.new_page()  # the browser itself tells of the refusal on its console
    page.goto(desk.address)
    page.locator("#E1 summary").click()
    page.locator("#E1 .correct a").click()
    page.locator("#E1 [name=start]").fill("some day")
    page.locator("#E1 [name=reason]").fill("it was later")
    page.locator("#E1").get_by_role("button", name="Save").click()
    page.wait_for_selector("#E1 .trouble")
    assert "year-month-day" in page.locator("#E1 .trouble").inner_text()
    assert page.locator("#E1 [name=start]").input_value() == "some day"
    page.locator("#E1 [name=start]").fill("2031-03-02")
    page.locator("#E1").get_by_role("button", name="Save").click()
    page.wait_for_selector("#E1 .corrected")
    assert desk.event("E1").start == "2031-03-02"
    page.close()


def test_only_the_modes_of_the_chosen_type_are_offered(opened: Open, desk: Desk) -> None:
    page = opened(desk.address + "?mark=E1")
    offered = "all => all.map(one => one.label)"
    groups = page.locator("#E1 [name=mode] optgroup:not([hidden])")
    assert groups.evaluate_all(offered) == ["Coerce"]
    page.locator("#E1 [name=type]").select_option("PROTEST")
    assert groups.evaluate_all(offered) == ["Protest"]
    assert page.locator("#E1 [name=mode]").input_value() == ""


def chosen(page: Page) -> set[str]:
    return set(page.locator("#text .chosen").evaluate_all("all => all.map(one => one.dataset.voice)"))


@pytest.mark.parametrize("width", WIDTHS)
def test_one_source_is_read_by_keys_and_the_text_stays_where_it_is(opened: Open, desk: Desk, width: int) -> None:
    page = opened(desk.address, width)
    page.evaluate("document.querySelectorAll('#text > p')[4].scrollIntoView()")
    place = "document.querySelectorAll('#text > p')[4].getBoundingClientRect().top"
    before = page.evaluate(place)
    for key, voice in (("6", {"6"}), ("8", {"8"}), ("0", set()), ("Escape", set())):
        page.keyboard.press(key)
        assert chosen(page) == voice
        assert abs(page.evaluate(place) - before) < 2
        assert page.locator(".switch").is_visible()  # whom one reads is always in sight
    assert page.locator("#text.only, #text.outlet-only").count() == 0
    page.keyboard.press("0")
    assert page.locator("#text.outlet-only").count() == 1
    assert page.url.endswith("source=outlet")
    page.locator(".switch select").select_option("5")
    assert chosen(page) == {"5"}
    assert page.locator("#E7.heard").count() == 0
    assert page.locator("#said-A6.heard").count() + page.locator("#said-A5.heard").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_source_is_read_from_the_list_without_script(opened: Open, desk: Desk) -> None:
    page = opened(desk.address, java_script_enabled=False)
    page.locator(".switch select").select_option("6")
    page.get_by_role("button", name="Show").click()
    assert chosen(page) == {"6"}
    page.locator("#sources .everything a").click()
    assert chosen(page) == set()


def test_a_cue_leads_to_its_card_and_back(opened: Open, desk: Desk) -> None:
    page = opened(desk.address, 390)
    page.locator("#text .cite", has_text="believes").click()
    assert page.url.endswith("#said-A9")
    page.locator("#said-A9 .number").click()
    assert page.locator("#A9:target").count() == 1


def test_on_paper_cards_are_notes_and_voices_need_no_colour(opened: Open, desk: Desk) -> None:
    page = opened(desk.address)
    page.emulate_media(media="print")
    last = page.locator("#text > p").last.bounding_box()
    first = page.locator("#E1").bounding_box()
    assert last and first
    assert first["y"] > last["y"] + last["height"]
    before = "getComputedStyle(document.querySelector('#A7'), '::before').content"
    assert page.evaluate(before).strip('"').strip() == "[6"
    assert not page.locator(".switch").is_visible()
    assert page.locator("#said-A1").is_visible()
    assert page.locator("#sources").is_visible()
