from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.browsing import CHROMIUM, Open, served
from tests.show.readings import crisis

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Page


@pytest.fixture(scope="session")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the invented quarrel in it."""
    path = tmp_path_factory.mktemp("show") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in crisis():
            assert ledger.add(reading)
    return path


@pytest.fixture
def client(ledger_path: Path) -> Iterator[TestClient]:
    """A client of the application over that ledger."""
    with TestClient(create_app(ledger_path, Settings()), base_url="http://localhost:8765") as client:
        yield client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of one file of tests: while Playwright is on, nothing else in its process can run an event loop."""
    if shutil.which(CHROMIUM) is None:
        told = f"there is no {CHROMIUM}: install Debian's chromium"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def address(ledger_path: Path) -> Iterator[str]:
    with served(ledger_path) as address:
        yield address


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens pages, and at the end asserts that none reported an error, asked elsewhere or opened a dialog."""
    troubles: list[str] = []
    contexts = []

    def refuse(dialog: Dialog) -> None:
        troubles.append(dialog.message)
        dialog.dismiss()

    def open_page(url: str, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: troubles.append(told.text) if told.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("dialog", refuse)
        page.on("request", lambda asked: None if asked.url.startswith(url[:17]) else troubles.append(asked.url))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []
