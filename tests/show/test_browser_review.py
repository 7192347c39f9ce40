"""The review in a real browser: a hundred cards without a mouse, what keys do, and the same without script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dragoman.compare.alike import queue
from dragoman.compare.of_ledger import happenings
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report
from tests.compare.shelling import denial, own, said
from tests.compare.test_alike import told
from tests.show.browsing import WIDTHS, Open, served
from tests.show.readings import crisis, lock
from tests.show.test_browser import CONTRAST

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CARDS = 100
ITEM = "document.querySelector('#card [name=item]')?.value ?? null"
"""Which card is shown."""


def dispatch(number: int) -> Reading:
    """A report with one event the model is unsure of; no two are equally doubtful, so their order is known."""
    text = f"Dispatch {number}: guards from Oru seized boat {number}, a clerk said."
    make = ReadingBuilder(make_report(text, title=f"Dispatch {number}", outlet="Brine", published="2031-03-04"))
    make.event("seized", "COERCE", actors=["guards from Oru"], confidence=0.5 + (number + 1) / 1000)
    return make.build()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with every kind of card."""
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as opened:
        for reading in crisis():
            opened.add(reading)
        for reading in (
            own("Norda"),
            said("a spokesman", outlet="Radio Brine"),
            denial("Tollmar Courier", "the envoy"),
        ):
            opened.add(reading)
        for number, name in enumerate(("Yahya Saree", "Yahya Sarea")):
            opened.add(told(number, name))
        happenings(opened)
        queue(opened)
    return path


def item(page: Page) -> str | None:
    value: str | None = page.evaluate(ITEM)
    return value


def press(page: Page, *keys: str) -> None:
    """Presses keys, the last of which brings another card."""
    before = item(page)
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_function(
        "before => (document.querySelector('#card [name=item]')?.value ?? null) !== before", arg=before
    )


def test_a_hundred_cards_without_a_mouse(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    readings = [dispatch(number) for number in range(CARDS)]
    with Ledger.open(path) as ledger:
        for reading in readings:
            ledger.add(reading)
    with served(path) as address:
        page = opened(f"{address}/review")
        for number, reading in enumerate(readings):
            assert item(page) == mark_id(reading.report.id, "E1"), number
            if number % 10 == 9:  # change the type, then save
                page.keyboard.press("c")
                page.keyboard.type("Ass")  # the select has the focus
                press(page, "Control+Enter")
            elif number % 10 == 4:  # say why; Enter in the field decides nothing
                page.keyboard.press("w")
                page.keyboard.type("no boat")
                press(page, "Enter", "r")
            else:
                press(page, "a" if number % 3 else "r")
        assert "Nothing here waits" in page.locator("#card").inner_text()
    with Ledger.open(path) as ledger:
        for number, reading in enumerate(readings):
            notes = {note.field: (note.now, note.reason) for note in ledger.reading(reading.report.id).corrections}
            assert notes == decided(number), number


def decided(number: int) -> dict[str, tuple[str, str]]:
    if number % 10 == 9:
        return {"type": ("ASSAULT", ""), "accepted": ("yes", "")}
    if number % 10 == 4:
        return {"dropped": ("yes", "no boat")}
    return {"accepted" if number % 3 else "dropped": ("yes", "")}


def test_undo_skip_merge_and_split_by_keys(opened: Open, ledger: Path) -> None:
    with served(ledger) as address:
        page = opened(f"{address}/review")
        first = item(page)
        press(page, "r")
        second = item(page)
        assert "You rejected “released”" in page.locator(".past").inner_text()
        press(page, "u")
        assert item(page) == first
        press(page, "n")
        assert item(page) == second and "after=" in page.url
        page.keyboard.press("?")
        assert page.locator("#keys dl").is_visible()
        for kind, keys in (("happening", "msd"), ("entity", "sm")):
            page.goto(f"{address}/review?kind={kind}")
            for key in keys:
                if item(page):
                    press(page, key)
                    press(page, "u")
                    press(page, key)
        assert page.evaluate("document.activeElement.id") == "card"
    with Ledger.open(ledger) as opened_again:
        act = opened_again.last_act()
        assert act is not None and act.of == "judgements"
        assert opened_again.reading(lock().report.id) == lock()


def test_keys_pressed_while_a_card_is_on_its_way_are_not_lost(opened: Open, ledger: Path) -> None:
    with served(ledger) as address:
        page = opened(f"{address}/review")
        rows = page.evaluate("fetch('/v1/review').then(answer => answer.json()).then(queue => queue.rows)")
        page.keyboard.press("a")
        page.keyboard.press("a")  # while the first is sent
        page.wait_for_function(f"item => ({ITEM}) === item", arg=rows[2]["item"])


def test_a_refusal_is_told_on_the_card(browser: Any, ledger: Path) -> None:
    with served(ledger) as address:  # not by `opened`: the browser reports the refusal in its console
        page = browser.new_page()
        page.goto(f"{address}/review")
        page.keyboard.press("c")
        page.locator("select[name=mode]").select_option("arrest")
        page.locator("button[value=change]").click()
        page.get_by_role("alert").wait_for()
        assert "cannot be 'arrest'" in page.get_by_role("alert").inner_text()
        page.close()


def test_the_same_without_script(opened: Open, ledger: Path) -> None:
    with served(ledger) as address:
        page = opened(f"{address}/review?below=50", java_script_enabled=False)
        page.locator("summary", has_text="Change").click()
        page.locator(".changing select[name=status]").select_option("planned")
        page.get_by_label("Why").press("Enter")
        page.get_by_label("Why").fill("only announced")
        page.get_by_role("button", name="Save").click()
        assert "You changed “released” (only announced)" in page.locator(".past").inner_text()
        page.get_by_role("button", name="Undo").click()
        page.locator(".skip-it").click()
        page.get_by_role("button", name="Reject").click()
        page.get_by_role("link", name="Decide many at once").click()
        page.get_by_role("button", name="Accept").click()
        assert "You accepted" in page.locator(".past").inner_text()
    with Ledger.open(ledger) as opened_again:
        notes = [note.field for note in opened_again.reading(lock().report.id).corrections]
        assert "dropped" in notes and "accepted" in notes


ADDRESSES = (
    "/review", "/review?kind=attribution", "/review?kind=happening", "/review?kind=entity",
    "/review/all?type=COERCE&below=50", f"/review/all?report={lock().report.id}", "/review?outlet=nobody",
)  # fmt: skip


def test_every_kind_of_card_fits_and_can_be_read(opened: Open, ledger: Path) -> None:
    with served(ledger) as address:
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                page = opened(address, width, color_scheme=scheme)
                for view in ADDRESSES:
                    page.goto(address + view)
                    page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true")
                    assert page.evaluate("document.documentElement.scrollWidth") <= width, view
                    assert page.locator("h1").is_visible()
                    assert page.evaluate(CONTRAST) == [], view
