"""Speed and memory of reading, as ratios in one run: `make bench`, or `python -m bench.bench [--seconds N]`.

Each figure is the best of several rounds, so that a busy machine disturbs it less. The bare encoder is the same
ONNX session over the same windows, with nothing done to what it gives. Reports are put together from the
sample reports; their words are invented.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from dragoman import times
from dragoman.config import Settings
from dragoman.events.assemble import events
from dragoman.model.encoder import OVERLAP, SIZE
from dragoman.model.tokens import fill, windows
from dragoman.names.dating import periods
from dragoman.names.entities import entities
from dragoman.names.relations import relations
from dragoman.pipeline import Reader, make_report
from dragoman.records import Report
from dragoman.show.server import samples
from dragoman.sources.attributions import attributions

LENGTHS = (100, 1_400, 20_000)
"""Words of a brief, a long report, and a dossier."""


def report_of(words: int) -> Report:
    """A report of about so many words, in whole paragraphs, from the sample reports."""
    paragraphs = [
        paragraph
        for path in sorted(samples().glob("*.txt"))
        for paragraph in path.read_text(encoding="utf-8").split("\n\n")[1:]
    ]
    taken: list[str] = []
    while sum(len(paragraph.split()) for paragraph in taken) < words:
        taken.append(paragraphs[len(taken) % len(paragraphs)])
    whole = "\n\n".join(taken).split(" ")
    return make_report(" ".join(whole[:words]), published="2031-03-07")


def best(call: Callable[[], object], seconds: float) -> float:
    """The shortest time of one call, over rounds that last so long together."""
    call()
    took: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(took) < 3:
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return min(took)


def reading(threads: int, seconds: float) -> None:
    """Reports a second, and a whole read against the bare encoder, for each length."""
    reader = Reader(Settings(threads=threads))
    annotator = reader.annotator
    for words in LENGTHS:
        report = report_of(words)
        whole = best(lambda report=report: reader.read(report), seconds)  # type: ignore[misc]
        tokens = annotator.tokenizing(report.text)
        pieces = int(tokens.first[-1])
        batches = [fill([tokens], [window], [0], [None], SIZE) for window in windows(tokens, SIZE, OVERLAP)]
        bare = best(lambda batches=batches: [annotator.encoder(b) for b in batches], seconds)  # type: ignore[misc]
        print(
            f"{threads} core{'s' * (threads > 1)}  {words:>6,} words  {pieces:>6,} pieces"
            f"  {1 / whole:8.2f} reports/s  {whole * 1000:8.1f} ms  {whole / bare:5.2f} x the encoder alone"
            f"  {pieces / bare:8,.0f} pieces/s in it"
        )


def stages(seconds: float) -> None:
    """What each stage after the encoder takes of a long report, beside the encoder's time, on one core."""
    reader, report = Reader(Settings(threads=1)), report_of(1_400)
    marks = reader.annotator.marks(report.text)
    tokens = reader.annotator.tokenizing(report.text)
    batches = [fill([tokens], [window], [0], [None], SIZE) for window in windows(tokens, SIZE, OVERLAP)]
    bare = best(lambda: [reader.annotator.encoder(batch) for batch in batches], seconds)
    named, dated = entities(report, marks), times.expressions(report.text, report.published)
    said = attributions(report.text, marks.cues, named)
    when = periods(report, marks.triggers, dated)
    calls: dict[str, Callable[[], object]] = {
        "actors and places": lambda: entities(report, marks),
        "times": lambda: periods(report, marks.triggers, times.expressions(report.text, report.published)),
        "relations": lambda: relations(report.text, named, dated),
        "attributions": lambda: attributions(report.text, marks.cues, named),
        "events and counts": lambda: events(report.text, marks.triggers, said, named, when),
    }
    for name, call in calls.items():
        took = best(call, seconds / 2)
        print(f"{name:20}{took * 1000:8.1f} ms  {100 * took / bare:5.1f} % of the encoder's time")


def memory() -> None:
    """The highest memory of a process that reads reports of every length."""
    code = (
        "import resource; from bench.bench import *; reader = Reader(Settings(threads=1))\n"
        "for words in LENGTHS: reader.read(report_of(words))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    kilobytes = int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout)
    print(f"memory, one process, all lengths read: {kilobytes / 1024:,.0f} MB")


def cold_start() -> None:
    """The command from its start to its end, on one short report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.txt"
        path.write_text(report_of(100).text, encoding="utf-8")
        command = [sys.executable, "-m", "dragoman", "read", str(path), "--published", "2031-03-07"]
        took = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            took.append(time.perf_counter() - began)
    print(f"`dragoman read` of 100 words from cold: {min(took):.2f} s (median {statistics.median(took):.2f} s)")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each figure is measured")
    seconds = parser.parse_args().seconds
    print(f"{os.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GiB, Python {sys.version.split()[0]}")
    for threads in (1, 2):
        reading(threads, seconds)
    stages(seconds)
    memory()
    cold_start()


if __name__ == "__main__":
    main()
