"""Coding a corpus by each engine: `python -m bench.code [--reports N] [--words FROM TO] [--jobs N] [--plan]`.

Codes the same varied reports (`bench.varied`) in one process, in several and by Ray, each measure in a process of its
own. Prints reports a second without the start (from when each process has done its first partition), all seconds with
it, how that compares, the peak of memory of each process, and bytes of output; and checks that the files are the same.

`--plan` turns a rate into the tables of docs/scale.md: `python -m bench.code --plan --rate 40 --bytes 2500 ...`, each
number as measured; see `--help`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

from bench.varied import varied
from dragoman.coding import partitions
from dragoman.coding.plan import planned
from dragoman.config import Settings
from dragoman.pipeline import Reader

RUNS = (("local", 1), ("local", 0), ("ray", 0))
WORKERS = ("spawn_main", "ray::MapWorker")


# --- measuring ------------------------------------------------------------------------------------


def peaks(until: Event, found: dict[int, int]) -> None:
    """Notes the most memory that each process which codes has held, in bytes."""
    while not until.wait(0.2):
        for process in [psutil.Process(), *psutil.Process().children(recursive=True)]:
            try:
                if process.pid == psutil.Process().pid or any(w in " ".join(process.cmdline()) for w in WORKERS):
                    found[process.pid] = max(found[process.pid], process.memory_info().rss)
            except psutil.Error:
                continue


def measure(engine: str, jobs: int, corpus: Path, out: Path) -> dict[str, Any]:
    """Codes a corpus, and says how it went."""
    settings = Settings(threads=1)
    ready = planned([str(corpus)], str(out), Reader(settings).made_by, settings=settings)
    until, memory, done = Event(), defaultdict[int, int](int), []
    watch = Thread(target=peaks, args=(until, memory))
    watch.start()
    began = time.perf_counter()
    for one in ready.run(engine, partial(Reader, settings), jobs):
        assert not one.error and not one.failures, one
        done.append((time.perf_counter() - began, one.readings))
    spent = time.perf_counter() - began
    until.set()
    watch.join()
    first = jobs or psutil.cpu_count() or 1
    own = memory.pop(psutil.Process().pid)
    return {
        "reports": sum(readings for _, readings in done),
        "rate": sum(readings for _, readings in done[first:]) / (done[-1][0] - done[first - 1][0]),
        "seconds": spent,
        "megabytes": sorted(
            round(size / 1e6) for size in (memory.values() if engine != "local" or jobs != 1 else [own])
        ),
        "bytes": sum(path.stat().st_size for path in out.glob("*.parquet")),
        "files": {path.name: sha256(path.read_bytes()).hexdigest() for path in out.glob("*.parquet")},
    }


def compare(count: int, words: tuple[int, int], jobs: int, part: int) -> None:
    """Measures each engine, and prints what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus.jsonl")
        with corpus.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(report) + "\n" for report in islice(varied(words), count))
        print(f"{count:,} reports of {words[0]} to {words[1]} words, {corpus.stat().st_size / 1e6:.1f} MB")
        rates, files = [], []
        for engine, fixed in RUNS:
            told = [engine, str(fixed or jobs), str(corpus), str(Path(folder, f"{engine}-{fixed}"))]
            done = subprocess.run(
                [sys.executable, "-m", __spec__.name, "--part", str(part), "--measure", *told],
                capture_output=True,
                text=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # as the command has it
            )
            if done.returncode:
                sys.exit(done.stderr)
            found = json.loads(done.stdout.splitlines()[-1])
            rates.append(found["rate"])
            files.append(found["files"])
            size = found["bytes"] / found["reports"]
            print(f"{engine}, {fixed or jobs} processes: {found['rate']:.1f} reports/s", end="")
            print(f", {found['seconds']:.0f} s with the start", end="")
            print(f", {max(found['megabytes'])} MB a process, {size:,.0f} bytes a report")
        print(f"local is {rates[1] / rates[0]:.2f} of one process, Ray {rates[2] / rates[1]:.2f} of local")
        print("the files are the same" if files[0] == files[1] == files[2] else "THE FILES DIFFER")


# --- planning -------------------------------------------------------------------------------------

CORES = (2, 16, 64)


def plan(args: argparse.Namespace) -> None:
    """Prints the tables of the manual."""
    rows = [("a million reports", 1e6, 0.0)]
    if args.pages:
        a_day = args.files * args.pages * args.english
        other = args.files * args.pages * (1 - args.english) / args.passed
        rows += [("CC-NEWS in a year", 365 * a_day, 365 * other), ("CC-NEWS every day", a_day, other)]
    print(
        f"| | reports in English | core-hours | {' | '.join(f'hours on {n} cores' for n in CORES)} | Parquet | cost |"
    )
    print(f"|---|{'---|' * (len(CORES) + 4)}")
    for name, reports, seconds in rows:
        hours = (reports / args.rate + seconds) / 3600
        spread = " | ".join(f"{hours / (n * args.gain):,.1f}" for n in CORES)
        cost = f"{hours * args.price:,.0f} {args.currency}" if args.price else "–"
        print(f"| {name} | {reports:,.0f} | {hours:,.0f} | {spread} | {reports * args.bytes / 1e9:,.1f} GB | {cost} |")
    if args.ledger:
        print(f"\nA million of them come into PostgreSQL in {1e6 / args.ledger / 3600:.1f} hours.")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=4_000)
    parser.add_argument("--words", type=int, nargs=2, default=(150, 450), metavar=("FROM", "TO"))
    parser.add_argument("--part", type=int, default=partitions.BYTES, help="bytes of a partition")
    parser.add_argument("--jobs", type=int, default=psutil.cpu_count())
    parser.add_argument("--measure", nargs=4, metavar=("ENGINE", "JOBS", "CORPUS", "OUT"))
    parser.add_argument("--plan", action="store_true")
    parser.add_argument("--rate", type=float, help="reports a second that one process codes")
    parser.add_argument("--gain", type=float, default=1.0, help="share of that rate which each of many processes has")
    parser.add_argument("--bytes", type=float, help="bytes of Parquet for a report")
    parser.add_argument("--ledger", type=float, help="reports a second that `add --from` adds")
    parser.add_argument("--files", type=float, help="archives of CC-NEWS a day")
    parser.add_argument("--pages", type=float, help="pages in an archive")
    parser.add_argument("--english", type=float, help="share of the pages that give a report in English")
    parser.add_argument("--passed", type=float, help="pages a second that one process passes over (bench.archive)")
    parser.add_argument("--price", type=float, help="price of a core for an hour")
    parser.add_argument("--currency", default="USD")
    args = parser.parse_args()
    partitions.BYTES = args.part
    if args.measure:
        engine, jobs, corpus, out = args.measure
        print(json.dumps(measure(engine, int(jobs), Path(corpus), Path(out))))
    elif args.plan:
        plan(args)
    else:
        compare(args.reports, tuple(args.words), args.jobs, args.part)


if __name__ == "__main__":
    main()
