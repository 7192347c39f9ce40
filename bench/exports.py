"""How long each export of a ledger takes, how many bytes it is and how much memory it needs.

    python -m bench.exports LEDGER [--seconds 60] [FORMAT ...]

Each format is written in a process of its own, as its first kind. After so many seconds it is stopped: then the rate
is of what was written until then. `LEDGER` is opened to be written to, if it is of an earlier version: give a copy.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

PROGRAM = "from bench.exports import measured; measured({ledger!r}, {format!r}, {seconds})"


def measured(ledger: str, format: str, seconds: float) -> None:
    """One export, thrown away as it comes; prints its figures."""
    from dragoman.ledger.query import Filter
    from dragoman.ledger.store import Ledger
    from dragoman.show.exports import comments, export

    with Ledger.open(ledger, create=False) as opened:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start, size, whole = time.perf_counter(), 0, True
        pieces = export(opened, Filter(), format)
        for piece in pieces:
            size += len(piece)
            if time.perf_counter() - start > seconds:
                whole = False
                break
        took = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = f"{took:.1f} s{'' if whole else ' (stopped)'}, {size / 1e6:.1f} MB, {size / 1e6 / took:.2f} MB/s"
    print(f"{format}: {told}, peak {peak:.0f} MB ({peak - before:.0f} more than an open ledger), {comments(pieces)}")


def main() -> None:
    """Every format, or those that are named."""
    from dragoman.show.exports import FORMATS

    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("ledger")
    asked.add_argument("formats", nargs="*", default=[])
    asked.add_argument("--seconds", type=float, default=600)
    given = asked.parse_args()
    for format in given.formats or FORMATS:
        program = PROGRAM.format(ledger=given.ledger, format=format, seconds=given.seconds)
        subprocess.run([sys.executable, "-c", program], check=True)


if __name__ == "__main__":
    main()
