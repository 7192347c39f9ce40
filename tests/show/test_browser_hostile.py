"""Hostile strings through every view in a real browser, and none runs (row 9 of reliability.md).

The views are the routes of the application, so a new one is walked through without being named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest

from dragoman.compare.of_ledger import happenings
from dragoman.config import Settings
from dragoman.ledger import accounts, audit, searches, tokens
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.browsing import served
from tests.show.hostile import PAYLOADS, hostile
from tests.show.routes import asked_of
from tests.show.sharing import PASSWORD, quick_passwords

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page

pytestmark = pytest.mark.browser

NAMES = 6
"""Strings that one actor is called by: every sixth actor's page has all of them."""

READINGS = [hostile(payload, PAYLOADS[number + 1 : number + NAMES]) for number, payload in enumerate(PAYLOADS)]
TYPED = ("text", "q", "actor", "source", "outlet", "name")
"""What of an address is shown again as it was typed."""

TURNS = {"after", "kind", "format"}
"""What in an address only turns to another page of a list, to another kind of row or to a sheet for the printer."""

LOOK = """() => {
  for (const one of [...document.querySelectorAll('main a, main [title], main button, main summary')].slice(0, 25))
    for (const kind of ['pointerover', 'mouseover', 'focusin', 'focus'])
      one.dispatchEvent(new Event(kind, {bubbles: true}));
  const all = [...document.querySelectorAll('*')];
  const attributes = all.flatMap(one => [...one.attributes]);
  const foreign = (value) => new URL(value, location).origin !== location.origin;
  return {
    ran: window.__xss ?? null,
    strange: [...document.querySelectorAll('iframe, frame, object, embed, base, portal, main script, main style, ' +
      'main link, main meta, main form[action^="http"], [popover], main image, math, foreignObject, animate')]
      .map(one => one.outerHTML),
    handlers: attributes.filter(one => /^(on|hx-on|data-hx-on|srcdoc|formaction|v-html|ng-|x-init)/.test(one.name))
      .map(one => one.name),
    asking: attributes.filter(one => /^(data-)?hx-(get|post|put|patch|delete)$/.test(one.name) && foreign(one.value))
      .map(one => one.value),
    loaded: all.filter(one => one.src && foreign(one.src)).map(one => one.outerHTML),
    leading: all.filter(one => one.tagName === 'A' && one.href && !/^https?:/.test(one.href)).map(one => one.href),
    clobbered: typeof document.cookie !== 'string' || typeof document.querySelector !== 'function' ||
      document.querySelectorAll('main#main').length !== 1,
  };
}"""
CLEAN: dict[str, Any] = {
    "ran": None, "strange": [], "handlers": [], "asking": [], "loaded": [], "leading": [], "clobbered": False,
}  # fmt: skip


@contextmanager
def watched(browser: Browser, address: str) -> Iterator[Page]:
    """A page that notes what it should not do: open a dialog, ask elsewhere, be refused something by its policy."""
    troubles: list[str] = []

    def note(told: ConsoleMessage) -> None:
        if told.type in ("error", "warning") and "server responded with" not in told.text:
            troubles.append(told.text)

    def refuse(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", refuse)
        page.on("popup", lambda popup: troubles.append(popup.url))
        page.on("request", lambda asked: None if asked.url.startswith(address) else troubles.append(asked.url))
        yield page
    assert troubles == []


def look(page: Page, url: str) -> None:
    """Opens an address, points at what is there, and asserts that nothing of a report's became part of the page."""
    page.goto(url)
    assert page.evaluate(LOOK) == CLEAN, url


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with every hostile string in every field, also of what people decide."""
    place = tmp_path_factory.mktemp("hostile") / "ledger.sqlite"
    with Ledger.open(place) as ledger:
        for number, (payload, reading) in enumerate(zip(PAYLOADS, READINGS, strict=True)):
            assert ledger.add(reading)
            ledger.correct(f"{reading.report.id}:E2", "status", "planned", payload, payload)
            ledger.grade(payload, "B", payload, payload)
            with ledger.writing() as connection:
                asked = urlencode({"kind": "events", "text": payload}, errors="replace")
                searches.save(connection, "", f"{payload[: searches.LONGEST - 4]} {number}", asked, payload)
    return place


def views(place: Path) -> Iterator[str]:
    """Every page with what its address may name: reports, actors and happenings with the strings, else these."""
    with Ledger.open(place) as ledger:
        found = {
            "reports": [reading.report.id for reading in READINGS],
            "actors": [f"{reading.report.id[:12]}:N1" for reading in READINGS[::NAMES]],
            "happenings": [happening.id for happening in happenings(ledger, limit=30)],
        }
    for asked in asked_of(create_app(place, Settings())):
        if asked.method != "GET" or asked.path.startswith("/v1/"):
            continue
        if "{" not in asked.path:
            yield asked.path
            continue
        values = found.get(asked.path.split("/")[1]) or [quote(payload, safe="") for payload in PAYLOADS[::24]]
        yield from (asked.address(id=value, name=value) for value in values)


def is_page(page: Page, url: str) -> bool:
    """Whether an address is a page; what is none must say so, so that no browser takes it for one."""
    answer = page.context.request.get(url, headers={"accept": "text/html"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    return answer.headers["content-type"].startswith("text/html")


def further(page: Page) -> set[str]:
    """Where a page leads to others of its kind: the next one, the same for other things, a sheet to print."""
    links: list[str] = page.locator("main a[href^='/'], main a[href^='?']").evaluate_all("all => all.map(a => a.href)")
    wanted = [link for link in links if (asked := urlsplit(link).query) and set(parse_qs(asked)) <= TURNS]
    return {link.partition("#")[0] for link in wanted}


def test_there_are_enough() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 150


def test_hostile_strings_never_run(browser: Browser, place: Path) -> None:
    walked = list(views(place))
    assert len(walked) > len(PAYLOADS)
    with served(place) as address, watched(browser, address) as page:
        lists = [view for view in walked if view.count("/") == 1 and is_page(page, address + view)]
        seen: set[str] = set()
        coming = [address + view for view in lists]
        while coming:
            url = coming.pop(0)
            if url not in seen and is_page(page, url):
                look(page, url)
                coming += sorted(further(page) - seen)
            seen.add(url)
        assert len(seen) > 2 * len(lists) > 10
        for number in range(0, len(PAYLOADS), len(TYPED)):
            typed = urlencode(dict(zip(TYPED, PAYLOADS[number:], strict=False)), errors="replace")
            look(page, f"{address}{lists[number // len(TYPED) % len(lists)]}?{typed}")
        for view in walked:
            if view.count("/") > 1 and not view.startswith("/reports/"):
                look(page, address + view)
        for view in {view for view in walked if view.count("/") == 1}.difference(lists):
            if "content-disposition" not in page.context.request.get(address + view).headers:
                page.goto(address + view)  # a feed
                assert page.evaluate("window.__xss ?? null") is None


def test_a_hostile_report_is_shown_as_it_is(browser: Browser, place: Path) -> None:
    """Each string as the title of its report, retracted for a reason that is no better: its very characters."""
    with Ledger.open(place) as ledger:
        for payload, reading in zip(PAYLOADS, READINGS, strict=True):
            ledger.retract(reading.report.id, "2031-03-06", payload, payload)
    with served(place) as address, watched(browser, address) as page:
        for payload, reading in zip(PAYLOADS, READINGS, strict=True):
            look(page, f"{address}/reports/{reading.report.id}")
            shown = re.sub("\r\n?", "\n", re.sub("[\x00\ud800-\udfff]", "\ufffd", payload))
            assert page.locator("h1").first.text_content() == shown
            assert page.locator(".retracted bdi").first.text_content() == shown.strip()


def test_hostile_names_in_the_accounts_never_run(browser: Browser, place: Path) -> None:
    with quick_passwords(), Ledger.open(place) as ledger:
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
        for payload in PAYLOADS:
            tokens.add_token(ledger, payload[:100], "mara", "read", 1, payload)
            audit.record(ledger, audit.Act(payload, payload, payload, payload, payload))
    with served(place, name="127.0.0.1") as address, watched(browser, address) as page:
        look(page, f"{address}/signin?next={quote('/account?done=<script>window.__xss=1</script>')}")
        page.get_by_label("Name").fill("mara")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/account**")
        assert "signed in as mara" in (page.locator(".stand").text_content() or "")
        for view in ("/account", "/accounts"):
            look(page, address + view)
        while page.locator("a[rel=next]").count():
            look(page, address + (page.locator("a[rel=next]").get_attribute("href") or ""))
        page.locator("footer").get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/signin")
        page.goto(f"{address}/accounts")
        assert "/signin" in page.url
