"""Watching many feeds, measured: `python -m bench.feeds [--feeds 500]`.

A server in a process of its own has a feed and articles on as many hosts, all invented. Three rounds are measured: all
is new; nothing is new; one article is new in each feed. Memory is the greatest that this process, which watches and
reads, has held since its start. Hosts are asked without pauses, so that the time is that of the work.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

from dragoman.adding.attempts import Reads
from dragoman.adding.workers import Workers
from dragoman.config import Settings
from dragoman.documents.feeds import Listed
from dragoman.documents.incoming import Options
from dragoman.documents.text import Origin
from dragoman.ledger.store import Ledger
from dragoman.watching.check import Checking, moment
from dragoman.watching.desk import Desk
from dragoman.watching.keeper import Keeper
from dragoman.watching.schedule import Schedule
from dragoman.watching.watch import Clock, Watch
from tests.watching.newsroom import START, Outlet, fetcher_from, newsroom

PARAGRAPH = (
    "The army of Dalmar seized the port of Town {number} on Monday, two officials of the ministry said, and the "
    "governor of the province, who had fled the night before, denied that his guards had attacked the market. At least "
    "four people were killed and dozens wounded, according to the hospital of the town. The foreign minister met the "
    "envoys of three neighbours on Tuesday and demanded that the crews of the ships be let go before any talks begin. "
)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took."""

    name: str
    feeds: int
    added: int
    failed: int
    requests: int
    seconds: float
    peak_mb: float


def measure(feeds: int, articles: int, reader: Reads) -> Iterator[Round]:
    """The rounds, one after the other."""
    with tempfile.TemporaryDirectory() as folder, _server(feeds, articles) as (port, server):
        fetcher = fetcher_from(port, fetch_seconds=30)
        with Ledger.open(Path(folder) / "ledger.sqlite") as ledger, Workers(reader, lambda: reader, 1) as workers:
            keeper = Keeper(ledger, workers)
            keeper.watch([Listed(address=f"http://{_host(number)}/feed") for number in range(feeds)], moment(START))
            options = Options(origin=Origin(), force=False, settings=Settings(), fetch=fetcher.fetch)
            checking = Checking(fetcher, keeper, Desk(), Schedule(timedelta(minutes=15)), options)
            for hour, name in enumerate(("all is new", "nothing is new", "one article each")):
                server.send(name)
                server.recv()
                time = START + timedelta(hours=hour)
                watch = Watch(checking, lambda what, cure: None, clock=Clock(lambda time=time: time))  # type: ignore[misc]
                began = perf_counter()
                watch.run(once=True)
                seconds = perf_counter() - began
                server.send("requests")
                sums = watch.sums
                failed = sums.failed + sums.not_had
                yield Round(name, sums.had, sums.added, failed, server.recv(), round(seconds, 1), _peak())


@contextmanager
def _server(feeds: int, articles: int) -> Iterator[tuple[int, Connection]]:
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, feeds, articles), daemon=True)
    process.start()
    try:
        yield here.recv(), here
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection, feeds: int, articles: int) -> None:
    """Has a feed on each host; on demand publishes one more article in each, and tells how often it was asked."""
    with newsroom() as room:
        outlets = [Outlet(room, _host(number)) for number in range(feeds)]
        pipe.send(room.port)
        counted = 0
        while True:
            asked = pipe.recv()
            if asked == "requests":
                pipe.send(len(room.requests) - counted)
                counted = len(room.requests)
                continue
            for number, outlet in enumerate(outlets):
                if asked == "all is new":
                    for item in range(articles):
                        outlet.publish(item, PARAGRAPH.format(number=number * 1000 + item) * 3)
                elif asked == "one article each":
                    outlet.publish(articles, PARAGRAPH.format(number=number * 1000 + articles) * 3)
            pipe.send("done")


def _host(number: int) -> str:
    return f"outlet{number}.example"


def _peak() -> float:
    """The most memory that this process has held, in MB."""
    with Path("/proc/self/status").open(encoding="utf-8") as status:
        return next(round(int(line.split()[1]) / 1024, 1) for line in status if line.startswith("VmHWM"))


def main() -> None:
    """Prints each round, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--articles", type=int, default=2, help="in each feed at first")
    parser.add_argument("--words", action="store_true", help="read with the tests' reader, without the model")
    given = parser.parse_args()
    for found in measure(given.feeds, given.articles, _reader(given.words)):
        print(json.dumps(asdict(found)), flush=True)


def _reader(words: bool) -> Any:
    if words:
        from tests.command import WordReader

        return WordReader(Settings())
    from dragoman.pipeline import Reader

    return Reader(Settings(threads=1))


if __name__ == "__main__":
    sys.exit(main())
