"""Takes the pictures of the manual anew: `make screenshots` serves the sample crisis and looks at it in Chromium.

`python docs/screenshots.py` writes docs/images/*.png.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote
from urllib.request import urlopen

from playwright.sync_api import sync_playwright

IMAGES = Path(__file__).parent / "images"
DRAGOMAN = [sys.executable, "-m", "dragoman"]
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}


@contextmanager
def served() -> Iterator[str]:
    """The address of the sample crisis, served from a ledger of its own."""
    with TemporaryDirectory() as folder:
        subprocess.run([*DRAGOMAN, "demo", "--no-serve", "--folder", folder], check=True)
        command = [*DRAGOMAN, "serve", "--ledger", f"{folder}/ledger.sqlite", "--port", "0"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
            assert server.stderr
            told = next(found for line in server.stderr if (found := re.search(r"http://\S+(?=/)", line)))
            try:
                yield told[0]
            finally:
                server.terminate()


def first(address: str, rows: str) -> str:
    """The id of the first row that `/v1` gives."""
    with urlopen(f"{address}/v1/{rows}") as answer:
        return quote(json.load(answer)["rows"][0]["id"])


def main() -> None:
    """The command."""
    with served() as address, sync_playwright() as playwright:
        happening = f"/happenings/{first(address, 'happenings?limit=1')}"
        actor = f"/actors/{first(address, 'entities?actor=Lisk%20Valley%20Front&type=armed_group&limit=1')}"
        report = f"/reports/{first(address, 'reports?text=pulls&limit=1')}"
        pictures = (
            ("today", "/", DESK, "light"),
            ("today-phone", "/", PHONE, "dark"),
            ("search", "/search?text=bus+station", DESK, "light"),
            ("report", report, DESK, "light"),
            ("report-phone", report, PHONE, "light"),
            ("happening", happening, DESK, "light"),
            ("timeline", "/timeline", DESK, "dark"),
            ("map", "/map", DESK, "light"),
            ("actor", actor, DESK, "light"),
            ("network", "/network", DESK, "light"),
            ("sources", "/sources", DESK, "light"),
            ("review", "/review", DESK, "light"),
        )
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, path, size, scheme in pictures:
            context = browser.new_context(viewport=size, color_scheme=scheme)
            page = context.new_page()
            page.goto(address + path, wait_until="networkidle")
            page.wait_for_timeout(1000)  # pictures settle
            page.screenshot(path=IMAGES / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
