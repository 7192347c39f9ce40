"""How adding grows with the number of reports: `make bench-ledger`, or `python -m bench.growth [--reports N]`.

Adds varied reports of 100 to 150 words (`bench.varied`) to a new ledger in one process with one thread. At each
doubling it prints how long the last half took, in seconds of the clock and of the processor (which a busy machine
disturbs less), split into reading and adding, and the memory held.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import psutil

from bench.varied import varied
from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Reader, make_report

FIRST = 1_250


class Watch:
    """Seconds of the clock and of the processor that went into something."""

    def __init__(self) -> None:
        self.clock = self.processor = 0.0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        clock, processor = time.perf_counter(), time.process_time()
        yield
        self.clock += time.perf_counter() - clock
        self.processor += time.process_time() - processor


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000)
    wanted = parser.parse_args().reports
    reader = Reader(Settings(threads=1))
    print(
        f"{'reports':>8}{'reading':>10}{'(cpu)':>9}{'adding':>10}{'(cpu)':>9}{'ms each':>10}{'memory':>10}{'file':>9}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite"
        with Ledger.open(path) as ledger:
            given, done, step = varied((100, 150)), 0, FIRST
            while done < wanted:
                reading, adding = Watch(), Watch()
                for row in islice(given, step):
                    report = make_report(row.pop("text"), force=True, **row)  # type: ignore[arg-type]
                    with adding():
                        new = ledger.wants(report, reader.made_by)
                    if new:
                        with reading():
                            found = reader.read(report)
                        with adding():
                            ledger.add(found)
                done += step
                memory = psutil.Process().memory_info().rss / 2**20
                each = adding.processor / step * 1000
                print(
                    f"{done:>8,}{reading.clock:>9.1f}s{reading.processor:>8.1f}s{adding.clock:>9.1f}s"
                    f"{adding.processor:>8.1f}s{each:>10.2f}{memory:>7.0f} MB{path.stat().st_size / 2**20:>6.0f} MB",
                    flush=True,
                )
                step = done


if __name__ == "__main__":
    main()
