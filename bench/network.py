"""How many frames a second the network's picture has while it is moved and zoomed, in Debian's chromium.

`python -m bench.network` serves the sample crisis and gives its page a made network, so that what is measured is the
picture: 500 actors and 2,000 lines if not told otherwise. Chromium draws in software, as on a machine without a GPU.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.show.browsing import CHROMIUM, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

_COUNT = """() => {
  window.frames_ = []; window.counting_ = true;
  const tick = (now) => { window.frames_.push(now); if (window.counting_) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""
_COUNTED = "() => { window.counting_ = false; return window.frames_; }"


def made(actors: int, edges: int, seed: int = 7) -> dict[str, Any]:
    """A network as `/v1/network` answers it, in which few have to do with many, as in the news."""
    chance = random.Random(seed)
    weights = [1 / (1 + n) ** 0.7 for n in range(actors)]
    ways: dict[tuple[int, int], int] = {}
    for n in range(1, actors):  # everybody with somebody
        ways[chance.choices(range(n), weights[:n])[0], n] = 1
    while len(ways) < edges:
        one, other = chance.choices(range(actors), weights, k=2)
        if one != other:
            ways[one, other] = ways.get((one, other), 0) + 1
    events = [0] * actors
    for (one, other), times in ways.items():
        events[one] += times
        events[other] += times
    return {
        "nodes": [
            {"id": f"{n:012x}:N1", "name": f"Actor number {n}", "type": "person", "country": None, "events": events[n]}
            for n in range(actors)
        ],
        "edges": [
            {
                "actor": f"{one:012x}:N1",
                "recipient": f"{other:012x}:N1",
                "events": times,
                "conflict": times if (one + other) % 2 else 0,
                "cooperation": 0 if (one + other) % 2 else times,
                "types": {"ASSAULT": times},
                "statuses": {"occurred": times},
                "latest": "2031-03-04",
            }
            for (one, other), times in ways.items()
        ],
        "pairs": sum(ways.values()),
        "more": False,
        "left_out": 0,
        "around": None,
    }


def measured(page: Page, address: str, network: dict[str, Any], seconds: float = 4.0) -> dict[str, float]:
    """Seconds until a network is drawn, and frames a second while it is dragged, zoomed, and brushed by the pointer.

    `slowest` is the frame of which one in twenty takes longer, in milliseconds, over all three.
    """
    page.route("**/v1/network*", lambda route: route.fulfill(json=network))
    start = time.perf_counter()
    page.goto(f"{address}/network")
    page.wait_for_selector("#network[data-drawn]")
    found = {"drawn_s": round(time.perf_counter() - start, 2)}
    box = page.locator("#picture").bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(box["x"] + 3, box["y"] + 3)
    gaps: list[float] = []
    for name, move in (("dragging", _drag), ("zooming", _zoom), ("pointing", _point)):
        page.mouse.move(*middle)
        page.evaluate(_COUNT)
        end, n = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            move(page, middle, n)
            n += 1
        page.mouse.up()
        times: list[float] = page.evaluate(_COUNTED)
        found[f"{name}_fps"] = round(1000 * (len(times) - 1) / (times[-1] - times[0]), 1)
        gaps += [later - one for one, later in pairwise(times)]
    gaps.sort()
    found["slowest_ms"] = round(gaps[int(len(gaps) * 0.95)], 1)
    return found


def _drag(page: Page, middle: tuple[float, float], n: int) -> None:
    if n == 0:
        page.mouse.move(middle[0] - 300, middle[1] - 200)
        page.mouse.down()
    page.mouse.move(middle[0] - 300 + (n * 7) % 400, middle[1] - 200 + (n * 3) % 200)


def _zoom(page: Page, _middle: tuple[float, float], n: int) -> None:
    page.mouse.wheel(0, -60 if n // 12 % 2 else 60)


def _point(page: Page, middle: tuple[float, float], n: int) -> None:
    page.mouse.move(middle[0] - 200 + (n * 11) % 400, middle[1] - 150 + (n * 5) % 300)


def main() -> None:
    """Measures and prints JSON."""
    from playwright.sync_api import sync_playwright

    from dragoman.ledger.store import Ledger
    from tests.show.readings import crisis

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--actors", type=int, default=500)
    asked.add_argument("--edges", type=int, default=2000)
    told = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        path = Path(folder) / "ledger.sqlite"
        with Ledger.open(path) as ledger:
            for reading in crisis():
                ledger.add(reading)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        with served(path) as address:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            print(json.dumps(measured(page, address, made(told.actors, told.edges))))
        browser.close()


if __name__ == "__main__":
    main()
