"""Coded reports into PostgreSQL: `python -m bench.bulk FOLDER [--reports N] [--read N] [--sqlite]`.

Makes a folder of coded reports if it is not there: some varied ones are truly read, and told many times over
(`bench.many`). Brings them into a ledger of a server of its own, which writes through to the disk, and prints reports a
second for each tenth, the peak of memory, and how long the same takes again, when nothing is to be added.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from bench.many import Press, read
from dragoman.adding.batch import Outcome
from dragoman.coding.bringing import bring
from dragoman.coding.output import Coded, Manifest, found
from dragoman.coding.partitions import Partition
from dragoman.coding.storage import location
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests import postgresql

A_FILE = 500


def make(folder: str, reports: int, truly_read: int) -> None:
    """Writes a folder of coded reports, unless it is there."""
    coded = Coded(location(folder))
    if coded.manifest() is not None:
        return
    given = _each_once(Press(read(truly_read)).readings())
    parts = tuple(Partition("invented", reports, at, at + A_FILE) for at in range(0, reports, A_FILE))
    for part in parts:
        with coded.put(part) as out:
            for reading in islice(given, A_FILE):
                out.add(reading)
    first = next(iter(coded.readings()))
    coded.folder.child("_manifest.json").write(Manifest(first.made_by, {}, parts, {}).to_json().encode())


def _each_once(readings: Iterable[Reading]) -> Iterator[Reading]:
    seen = set[str]()
    for reading in readings:
        if reading.report.id not in seen:
            seen.add(reading.report.id)
            yield reading


def measure(folder: str, ledger: str | Path, reports: int) -> None:
    """Adds all, and prints how fast."""
    for again in (False, True):
        outcome, began, last, shown = Outcome(print), time.perf_counter(), 0.0, 0
        with Ledger.open(ledger) as opened:
            for _ in bring(found(folder)[1], opened, outcome):
                there = outcome.done + outcome.already_there
                if there - shown >= reports / 10:
                    spent = time.perf_counter() - began
                    print(f"{there:>9,} reports: {(there - shown) / (spent - last):,.0f}/s")
                    last, shown = spent, there
        spent = time.perf_counter() - began
        what = "already there" if again else "added"
        print(f"{outcome.already_there if again else outcome.done:,} {what}, {there / spent:,.0f}/s, {spent:,.0f} s")
        assert not outcome.failed
    print(f"peak of memory {getrusage(RUSAGE_SELF).ru_maxrss / 1e3:,.0f} MB")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--reports", type=int, default=100_000)
    parser.add_argument("--read", type=int, default=1_000, help="varied reports that are truly read")
    parser.add_argument("--sqlite", action="store_true")
    args = parser.parse_args()
    make(args.folder, args.reports, args.read)
    if args.sqlite:
        with TemporaryDirectory() as made:
            measure(args.folder, Path(made, "ledger.sqlite"), args.reports)
        return
    with postgresql.server(fsync=True) as server:
        measure(args.folder, server.url(server.new_database()), args.reports)


if __name__ == "__main__":
    main()
