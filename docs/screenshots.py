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

from playwright.sync_api import Browser, ViewportSize, sync_playwright

IMAGES = Path(__file__).parent / "images"
DRAGOMAN = [sys.executable, "-m", "dragoman"]
BRIEFS = (
    ("2031-03-03", "Dockers went on strike in Marseille on Monday over night shifts, the port authority said."),
    ("2031-03-03", "Police arrested nine people in Lyon on Monday after a march against the fuel levy."),
    (
        "2031-03-04",
        "Two soldiers were killed on Tuesday when a bomb exploded near Gao in northern Mali.",
    ),
    ("2031-03-04", "Protesters marched in Nairobi on Tuesday against the new tax bill."),
    ("2031-03-05", "Kenya and Ethiopia signed a water agreement in Addis Ababa on Wednesday, both ministries said."),
    ("2031-03-05", "Gunmen attacked a convoy in Borno State on Wednesday, killing four, residents said."),
    ("2031-03-06", "Turkey sent food aid to Aleppo on Thursday, the Red Crescent said."),
    ("2031-03-06", "Shells hit a village in Donetsk region on Thursday, wounding three people, officials said."),
    ("2031-03-07", "Farmers blocked roads around Toulouse and Warsaw on Friday, unions said."),
    ("2031-03-07", "India and Pakistan exchanged fire in Kashmir on Friday, an Indian army spokesman said."),
    ("2031-03-08", "The foreign ministers of Armenia and Azerbaijan met in Tbilisi on Saturday."),
    ("2031-03-08", "Police fired tear gas at students in Jakarta on Saturday."),
)
"""Invented, and set in real places, which the sample crisis is not: for the map."""
DESK: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


@contextmanager
def served(briefs: tuple[tuple[str, str], ...] = ()) -> Iterator[str]:
    """The address of some briefs, or of the sample crisis, served from a ledger of its own."""
    with TemporaryDirectory() as folder:
        if briefs:
            lines = [json.dumps({"text": text, "published": day, "outlet": "Norda"}) for day, text in briefs]
            (Path(folder) / "briefs.jsonl").write_text("\n".join(lines), encoding="utf-8")
            added = f"{folder}/briefs.jsonl"
            subprocess.run([*DRAGOMAN, "add", added, "--ledger", f"{folder}/ledger.sqlite"], check=True)
        else:
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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        with served() as address:
            happening = f"/happenings/{first(address, 'happenings?limit=1')}"
            actor = f"/actors/{first(address, 'entities?actor=Anselm%20Kade&limit=1')}"
            report = f"/reports/{first(address, 'reports?text=pulls&limit=1')}"
            for name, path, size, scheme in (
                ("today", "/", DESK, "light"),
                ("today-phone", "/", PHONE, "dark"),
                ("search", "/search?text=bus+station", DESK, "light"),
                ("report", report, DESK, "light"),
                ("report-phone", report, PHONE, "light"),
                ("happening", happening, DESK, "light"),
                ("timeline", "/timeline", DESK, "dark"),
                ("actor", actor, DESK, "light"),
                ("network", "/network", DESK, "light"),
                ("sources", "/sources", DESK, "light"),
                ("review", "/review", DESK, "light"),
            ):
                take(browser, address + path, name, size, scheme)
        with served(BRIEFS) as address:
            take(browser, f"{address}/map", "map", {"width": 1280, "height": 1250}, "light")
        browser.close()


def take(browser: Browser, address: str, name: str, size: ViewportSize, scheme: str) -> None:
    """Takes one picture."""
    context = browser.new_context(viewport=size, color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.wait_for_timeout(1000)  # pictures settle
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


if __name__ == "__main__":
    main()
