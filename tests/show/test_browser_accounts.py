"""Signing in, one's account and the accounts of a shared ledger in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from dragoman.ledger import tokens
from dragoman.ledger.store import Ledger
from tests.show.browsing import WIDTHS, Open, served
from tests.show.sharing import PASSWORD, furnish, quick_passwords

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("accounts") / "ledger.sqlite"
    with quick_passwords():
        furnish(place)
        with Ledger.open(place) as ledger:
            tokens.add_token(ledger, "nightly export of all that is new", "admin", "read", 90, "admin")
        with served(place, name="127.0.0.1, localhost") as address:
            yield address


def sign_in(page: Page, name: str = "admin", password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("script", [True, False])
def test_signing_in_leads_to_what_was_asked_for_and_out_again(opened: Open, shared: str, script: bool) -> None:
    page = opened(f"{shared}/actors?text=grain", java_script_enabled=script)
    assert "/signin?next=" in page.url
    sign_in(page)
    page.wait_for_url("**/actors?text=grain")
    page.get_by_role("link", name="admin").click()
    page.wait_for_url("**/account")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/signin")
    page.goto(f"{shared}/account")
    assert "/signin" in page.url


def test_a_link_on_another_site_leads_who_is_signed_in_to_the_page(browser: Browser, shared: str) -> None:
    """Though browsers keep the cookie back at first: 127.0.0.1 and localhost are two sites."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{shared}/signin")
        sign_in(page)
        page.get_by_text("Signed in as admin").wait_for()
        page.goto(shared.replace("127.0.0.1", "localhost") + "/signin")
        link = "url => { const a = document.createElement('a'); a.href = url; document.body.append(a); a.click(); }"
        page.evaluate(link, f"{shared}/actors?text=grain")
        page.wait_for_url(f"{shared}/actors?text=grain")
        page.get_by_text("Signed in as admin").wait_for()


def test_a_token_is_made_and_revoked(opened: Open, shared: str) -> None:
    page = opened(f"{shared}/account")
    sign_in(page, "editor")
    page.get_by_label("What it is for").fill("newsroom bot")
    page.get_by_label("Scope").select_option("edit")
    page.get_by_role("button", name="Make a token").click()
    secret = page.locator("#secret").input_value()
    assert secret.startswith("dragoman_")
    asked = page.context.request.get(f"{shared}/v1/health", headers={"authorization": f"Bearer {secret}", "cookie": ""})
    assert asked.ok
    page.get_by_role("button", name="Revoke newsroom bot").click()
    page.get_by_text("may do nothing any more").wait_for()
    assert page.get_by_text("You have no token").is_visible()


def test_an_admin_gives_a_role(opened: Open, shared: str) -> None:
    page = opened(f"{shared}/accounts")
    sign_in(page)
    page.get_by_label("Change reader", exact=True).click()
    page.get_by_label("Role of reader", exact=True).select_option("reviewer")
    page.locator("tr", has=page.locator("details[open]")).get_by_role("button", name="Give this role").click()
    page.get_by_text("user reader: reviewer").wait_for()
    row = page.locator(".users tr", has=page.get_by_label("Change reader", exact=True))
    assert (row.text_content() or "").split()[:2] == ["reader", "reviewer"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_fit_and_axe_finds_nothing_serious(opened: Open, shared: str, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(f"{shared}/accounts", width, color_scheme=scheme, bypass_csp=True)
    for view in ("signin", "accounts", "account"):
        if view != "signin":
            page.goto(f"{shared}/{view}")
            page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("h1").is_visible()
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")] == []
        if view == "signin":
            sign_in(page)
            page.wait_for_url("**/accounts")
