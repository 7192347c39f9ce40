"""How quick the pages of a large ledger are: `python -m bench.page FILE [--seconds N] [--only PART]`.

Serves the ledger as `dragoman serve` does (`bench.many` makes one of 100,000 reports), and measures three things: how
long each page takes, asked for one after another with varied filters; how long until it can be used in Chromium; and
how long pages take when 50 people ask at once. The addresses are made from the routes and from what the ledger holds,
so a new page is measured without being named. Prints tables in Markdown.

Beside the clock stands what the server's processor spent: on a busy machine that is the steadier figure.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import httpx
import psutil
from sqlalchemy import select

from dragoman.codes import codes
from dragoman.compare import of_ledger, of_sources
from dragoman.ledger.ids import mark_id
from dragoman.ledger.schema import entities, events, readings
from dragoman.ledger.store import Ledger
from dragoman.show.comparing import compare
from tests.show import views
from tests.show.browsing import CHROMIUM

USERS, SECONDS, THINKS = 50, 60, (0.3, 0.9)
EACH = 20
"""Addresses of each page."""
TARGET, USABLE = 300, 1000
"""Milliseconds that 95 of 100 answers may take on the server, and until a page can be used in the browser."""
PICTURES = ("/timeline", "/map", "/network")

Addresses = dict[str, list[str]]


# --- what is asked for ----------------------------------------------------------------------------


class Holdings:
    """Names, words, days and ids that a ledger holds, drawn from a seed."""

    def __init__(self, ledger: Ledger, seed: int = 7) -> None:
        self.draw = random.Random(seed)
        with ledger.connection() as connection:
            last = connection.execute(
                select(readings.c.number).order_by(readings.c.number.desc()).limit(1)
            ).scalar_one()
            numbers = [self.draw.randint(1, last) for _ in range(4 * EACH)]
            rows = connection.execute(
                select(readings.c.number, readings.c.report, readings.c.outlet, readings.c.published, readings.c.title)
                .where(readings.c.number.in_(numbers))
            ).all()  # fmt: skip
            people = connection.execute(
                select(entities.c.reading, entities.c.id, entities.c.name).where(entities.c.reading.in_(numbers))
            ).all()
            done = connection.execute(
                select(events.c.reading, events.c.id).where(events.c.reading.in_(numbers))
            ).all()  # fmt: skip
        reports = {row.number: row.report for row in rows}
        self.reports = list(reports.values())
        self.entities = [mark_id(reports[row.reading], row.id) for row in people]
        self.events = [mark_id(reports[row.reading], row.id) for row in done]
        self.names = [row.name for row in people]
        self.outlets = [row.outlet for row in rows if row.outlet]
        self.days = [row.published for row in rows if row.published]
        self.words = [word.lower() for row in rows for word in re.findall(r"[A-Za-z]{5,}", row.title or "")]
        self.happenings = [row.id for row in of_ledger.summaries(ledger, limit=50).rows] or self.events
        kept = of_sources.sources(ledger, limit=50)
        self.sources = [row.id for row in kept.rows] if kept else ["outlet:-"]

    def addresses(self, path: str) -> list[str]:
        """Addresses of a path, with ids or with filters."""
        ids = {"reports": self.reports, "actors": self.entities, "entities": self.entities, "events": self.events,
               "happenings": self.happenings}  # fmt: skip
        if "{" in path:
            kind = path.split("/")[-2] if path.endswith("}") else path.split("{")[0].split("/")[-2]
            known = ids.get(kind)
            return [re.sub(r"\{[^}]+\}", self.draw.choice(known), path) for _ in range(EACH)] if known else []
        if "/one" in path:
            return [f"{path}?{urlencode({'name': id, 'id': id})}" for id in self.sources[:EACH]]
        return [path, *(f"{path}?{urlencode(self._asked())}" for _ in range(EACH - 1))]

    def _asked(self) -> dict[str, str]:
        day = self.draw.choice(self.days)
        every = [
            {"text": self.draw.choice(self.words)},
            {"actor": self.draw.choice(self.names)},
            {"type": self.draw.choice(list(codes().event_types))},
            {"status": self.draw.choice(codes().statuses)},
            {"outlet": self.draw.choice(self.outlets)},
            {"since": day, "until": f"{day[:8]}28"} if day[8:] <= "28" else {"since": day},
            {"text": self.draw.choice(self.words), "type": self.draw.choice(list(codes().event_types))},
            {"as_of": day},
        ]
        return self.draw.choice(every)


def addresses(ledger: Ledger, only: str) -> Addresses:
    """For each page what is asked of it."""
    holdings = Holdings(ledger)
    asked = {path: holdings.addresses(path) for path in views.paths()}
    return {path: found for path, found in asked.items() if found and only in path}


# --- asking ---------------------------------------------------------------------------------------


@contextmanager
def served(ledger: Path, *, comparing: bool) -> Iterator[tuple[str, psutil.Process]]:
    """The address of a server in a process of its own, and the process; without `comparing` nothing goes on beside."""
    command = [sys.executable, "-m", "dragoman", "serve", "--ledger", str(ledger), "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as server:
        assert server.stdout is not None
        try:
            found = next(match for line in server.stdout if (match := re.search(r"http://[\w.:]+", line)))
            process = psutil.Process(server.pid)
            httpx.get(f"{found[0]}/v1/health", timeout=60)  # from then on it compares
            for child in process.children() if not comparing else ():
                child.kill()
            yield found[0], process
        finally:
            server.terminate()


def one_after_another(address: str, server: psutil.Process, asked: Addresses) -> None:
    """Asks for each page, and prints how long half of the answers took, and 95 of 100."""
    print("| page | p50 ms | p95 ms | processor ms | kB | |\n|---|---|---|---|---|---|")
    with httpx.Client(base_url=address, timeout=60) as client:
        for path, every in asked.items():
            client.get(every[0])
            took, spent, sizes, failed = [], [], [], []
            for one in every:
                before, began = _spent(server), time.perf_counter()
                try:
                    answer = client.get(one)
                except httpx.HTTPError as error:
                    failed.append(f"{one}: {type(error).__name__}")
                    continue
                took.append(1000 * (time.perf_counter() - began))
                spent.append(1000 * (_spent(server) - before))
                sizes.append(len(answer.content) / 1024)
                if answer.status_code >= 400:
                    failed.append(f"{one}: {answer.status_code}")
            slow = every[took.index(max(took))] if _part(took, 0.95) > TARGET else ""
            note = "; ".join(failed) or (f"over: {slow}" if slow else "")
            figures = f"{_part(took, 0.5):.0f} | {_part(took, 0.95):.0f} | {_part(spent, 0.95):.0f}"
            print(f"| {path} | {figures} | {_part(sizes, 0.5):.0f} | {note} |", flush=True)


def _spent(server: psutil.Process) -> float:
    used = server.cpu_times()
    return used.user + used.system


def in_browser(address: str, asked: Addresses) -> None:
    """Opens some of each page in Chromium, and prints how long until it can be used: painted, its picture drawn."""
    from playwright.sync_api import sync_playwright

    print("\n| page | first paint p95 ms | usable p95 ms |\n|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for path, every in asked.items():
            painted, usable = [], []
            for one in every[: EACH // 2]:
                page = browser.new_page()
                page.goto(address + one, wait_until="load")
                found = page.evaluate(_USABLE, path in PICTURES)
                painted.append(found["painted"])
                usable.append(found["usable"])
                page.close()
            print(f"| {path} | {_part(painted, 0.95):.0f} | {_part(usable, 0.95):.0f} |", flush=True)
        browser.close()


_USABLE = """async (drawn) => {
  const painted = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
  const end = performance.now() + 10000;
  while ((!painted() || (drawn && !document.documentElement.dataset.ready)) && performance.now() < end)
    await new Promise(done => requestAnimationFrame(done));
  const loaded = performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd;
  return {painted: painted(), usable: drawn ? performance.now() : Math.max(loaded, painted())};
}"""


async def at_once(address: str, asked: Addresses, seconds: float) -> None:
    """Fifty people who each ask for one page after another, thinking in between."""
    draw, took, failed = random.Random(7), list[float](), defaultdict[str, int](int)
    every = [one for some in asked.values() for one in some]
    end = time.perf_counter() + seconds

    async def user(client: httpx.AsyncClient) -> None:
        await asyncio.sleep(draw.uniform(0, THINKS[1]))
        while time.perf_counter() < end:
            one, began = draw.choice(every), time.perf_counter()
            try:
                answer = await client.get(one)
                if answer.status_code >= 500:
                    failed[f"{answer.status_code} {one}"] += 1
            except httpx.HTTPError as error:
                failed[f"{type(error).__name__} {one}"] += 1
            took.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(draw.uniform(*THINKS))

    limits = httpx.Limits(max_connections=USERS)
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=limits) as client:
        await asyncio.gather(*(user(client) for _ in range(USERS)))
    print(f"\n{USERS} users for {seconds:.0f} s: {len(took):,} pages, {len(took) / seconds:.0f} a second, "
          f"p50 {_part(took, 0.5):.0f} ms, p95 {_part(took, 0.95):.0f} ms, {sum(failed.values())} errors")  # fmt: skip
    for what, times in sorted(failed.items()):
        print(f"- {times} times {what}")


def _part(values: list[float], share: float) -> float:
    """The value that such a share of values do not exceed."""
    return sorted(values)[max(0, min(len(values) - 1, round(share * len(values)) - 1))]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--only", default="", help="pages whose path has this part")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of 50 users at once; 0 for none")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--as-it-is", action="store_true", help="do not compare first what is not compared")
    args = parser.parse_args()
    with Ledger.open(args.ledger, create=False) as ledger:
        if not args.as_it_is:
            began = time.perf_counter()
            compare(ledger, lambda step: print(f"{step}: {time.perf_counter() - began:,.0f} s", flush=True))
        asked = addresses(ledger, args.only)
    with served(args.ledger, comparing=not args.as_it_is) as (address, server):
        one_after_another(address, server, asked)
        if not args.no_browser:
            in_browser(address, asked)
        if args.seconds:
            asyncio.run(at_once(address, asked, args.seconds))


if __name__ == "__main__":
    main()
