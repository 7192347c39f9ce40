"""A web archive of many varied pages, read and coded: `python -m bench.archive [--count N] [--sample N] [--damaged N]`.

Writes a .warc.gz file of pages as news sites have them (an article of `bench.varied` among menus, related links and
scripts), with the other answers of a crawl between them, and garbles some of its bytes. Then measures, each in a
process of its own: the records alone with our reader and with fastwarc, the reports, and a sample of them coded by the
model. Prints pages a second, the peak of memory, and what was damaged.
"""

from __future__ import annotations

import argparse
import gzip
import html
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from bench.varied import varied

DAY = "2031-03-{:02}T{:02}:{:02}:00Z"


def page(report: dict[str, str], draw: random.Random, titles: list[str]) -> bytes:
    """A page with the report in it: some ten times as long as its words, as pages are."""
    links = "".join(
        f'<li class="item-{n}"><a href="/{n}/{draw.randrange(10**6)}">{html.escape(title)}</a></li>'
        for n, title in enumerate(draw.sample(titles, 40))
    )
    script = "".join(f"window.data{n}={draw.random()};" for n in range(600))
    told = "".join(f"<p>{html.escape(paragraph)}</p>" for paragraph in report["text"].split("\n\n"))
    title, outlet = html.escape(report["title"]), html.escape(report["outlet"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | {outlet}</title>'
        f'<meta property="og:title" content="{title}"><meta property="og:site_name" content="{outlet}">'
        f'<meta property="article:published_time" content="{report["published"]}T09:00:00Z"><script>{script}</script>'
        f"</head><body><header><nav><ul>{links}</ul></nav></header><main><article><h1>{title}</h1>{told}</article>"
        f'<aside class="related"><ul>{links}</ul></aside></main><footer><ul>{links}</ul></footer></body></html>'
    ).encode()


def record(kind: str, address: str, head: str, body: bytes, number: int) -> bytes:
    """A record as CC-NEWS has it, packed by itself."""
    block = head.encode() + body
    fields = {
        "WARC-Type": kind,
        "WARC-Target-URI": address,
        "WARC-Date": DAY.format(1 + number % 28, number % 24, number % 60),
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-0000-0000-{number:012}>",
        "Content-Type": f"application/http; msgtype={kind}",
        "Content-Length": str(len(block)),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return gzip.compress(f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n", 6)


def records(count: int, seed: int = 20310304) -> Iterator[bytes]:
    """The answers of a crawl: so many pages with an article, and one answer in four that is none."""
    draw = random.Random(seed)
    ok = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    titles = [" ".join(report["title"].split()[:9]) for report in islice(varied((20, 30)), 400)]
    for number, report in enumerate(islice(varied((120, 900), seed), count)):
        address = f"https://{draw.choice('abcdefgh')}.example/news/{number}"
        yield record("request", address, "GET / HTTP/1.1\r\n\r\n", b"", number)
        yield record("response", address, ok, page(report, draw, titles), number)
        if number % 4 == 0:
            menu = "".join(f"<li><a href=/{n}>{title.split()[0]}</a>" for n, title in enumerate(titles[:60]))
            yield record(
                "response", f"{address}/menu", ok, f"<html><body><ul>{menu}</ul></body></html>".encode(), number
            )


def garble(path: Path, places: int) -> None:
    """Writes other bytes over some of a file's."""
    draw = random.Random(places)
    with path.open("r+b") as file:
        for _ in range(places):
            file.seek(draw.randrange(path.stat().st_size))
            file.write(draw.randbytes(20))


# --- what is measured, each in a process of its own -----------------------------------------------


def ours(path: Path, sample: int) -> tuple[int, int]:
    """Records and damages with our reader."""
    from dragoman.documents.warc import Damage
    from dragoman.documents.warc import records as read

    found = damaged = 0
    with path.open("rb") as file:
        for one in read(file, path.name, 1 << 20):
            damaged += isinstance(one, Damage)
            found += 1
    return found - damaged, damaged


def fastwarc(path: Path, sample: int) -> tuple[int, int]:
    """Records with fastwarc, with the bytes of each; it stops at the first damage."""
    from fastwarc.warc import ArchiveIterator

    found = 0
    try:
        for one in ArchiveIterator(path.open("rb"), parse_http=False):
            one.reader.read()
            found += 1
    except Exception:
        return found, 1
    return found, 0


def reports(path: Path, sample: int) -> tuple[int, int]:
    """Reports and failures."""
    from dragoman.config import Settings
    from dragoman.documents.load import Failure, load

    found = failed = 0
    for one in load([path], settings=Settings()):
        failed += isinstance(one, Failure)
        found += 1
        if found % 2000 == 0:
            print(f"    {found:,}: {getrusage(RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB", file=sys.stderr, flush=True)
    return found - failed, failed


def coded(path: Path, sample: int) -> tuple[int, int]:
    """A sample of the reports, read by the model."""
    from dragoman.config import Settings
    from dragoman.documents.load import Failure, load
    from dragoman.pipeline import Reader

    reader, done, failed = Reader(Settings()), 0, 0
    for one in load([path], settings=Settings()):
        if isinstance(one, Failure):
            failed += 1
        elif done < sample:
            reader.read(one)
            done += 1
        else:
            break
    return done, failed


MEASURES: dict[str, Callable[[Path, int], tuple[int, int]]] = {
    "ours": ours,
    "fastwarc": fastwarc,
    "reports": reports,
    "coded": coded,
}


def measure(name: str, path: Path, sample: int) -> None:
    """Runs one measure and prints what came of it."""
    began, busy = time.perf_counter(), time.process_time()
    found, failed = MEASURES[name](path, sample)
    took, busy = time.perf_counter() - began, time.process_time() - busy
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:9} {found:8,} in {took:6.1f} s ({busy:6.1f} s of a core): {found / busy:8,.0f} a second of a core, "
          f"{failed} failures, peak {peak:,.0f} MB", flush=True)  # fmt: skip


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--sample", type=int, default=300)
    parser.add_argument("--damaged", type=int, default=20)
    parser.add_argument("--measure", nargs=2, metavar=("NAME", "FILE"))
    args = parser.parse_args()
    if args.measure:
        measure(args.measure[0], Path(args.measure[1]), args.sample)
        return
    with tempfile.TemporaryDirectory() as folder:
        sound, garbled = Path(folder, "sound.warc.gz"), Path(folder, "garbled.warc.gz")
        with sound.open("wb") as file:
            file.writelines(records(args.count))
        shutil.copy(sound, garbled)
        garble(garbled, args.damaged)
        print(f"{args.count:,} pages, {sound.stat().st_size / 1e6:,.0f} MB packed")
        for name, path in (("ours", sound), ("fastwarc", sound), ("ours", garbled), ("fastwarc", garbled),
                           ("reports", garbled), ("coded", garbled)):  # fmt: skip
            print(f"{path.stem:14}", end=" ", flush=True)
            command = [sys.executable, "-m", "bench.archive", "--sample", str(args.sample)]
            subprocess.run([*command, "--measure", name, str(path)], check=True)


if __name__ == "__main__":
    main()
