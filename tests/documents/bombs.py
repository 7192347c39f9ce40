"""Files made to take all memory, all time, or a way out of the archive; and what reads each, in a process of its own.

`python -m tests.documents.bombs FOLDER` reads every file of the folder and tells, one JSON object a line, what came of
it and the most memory that the process had taken by then.
"""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import stat
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

import zstandard

from dragoman.config import Settings
from dragoman.documents.incoming import Options, safely
from dragoman.documents.load import Failure, load, read_stream
from dragoman.documents.text import Origin
from dragoman.documents.unpack import as_file
from dragoman.records import Report

MB = 1 << 20
BOMBS: dict[str, Callable[[], bytes]] = {}
"""By the name of the file: what makes its bytes."""


def bomb(name: str) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Puts what makes the bytes of a file into `BOMBS`."""

    def put(make: Callable[[], bytes]) -> Callable[[], bytes]:
        assert name not in BOMBS
        BOMBS[name] = make
        return make

    return put


@dataclass(frozen=True)
class Long:
    """A file that is too long to be written: how it begins, and what follows how often."""

    start: bytes
    piece: bytes
    times: int

    def open(self) -> BinaryIO:
        """The file, to be read from front to back."""
        many = max(1, (1 << 16) // len(self.piece))
        pieces = repeat(self.piece * many, self.times // many)
        return as_file(chain([self.start], pieces))


LONG: dict[str, Long] = {}


def long(name: str, content: Long) -> None:
    """Puts a file that is not written into `LONG`."""
    LONG[name] = content


def gzipped(piece: bytes, times: int) -> bytes:
    """gzip of a piece that is repeated, without the whole of it in memory."""
    packer = zlib.compressobj(1, wbits=31)
    return b"".join([packer.compress(piece) for _ in range(times)]) + packer.flush()


bomb("zeros.txt.gz")(lambda: gzipped(b"\0" * MB, 300))
bomb("one line.jsonl.gz")(lambda: gzipped(b"a" * MB, 300))
bomb("page.html.gz")(lambda: gzipped(b"<p>" * (MB // 3), 300))
bomb("many members.csv.gz")(lambda: gzip.compress(b"a" * MB) * 300)
bomb("gzip in gzip in gzip.gz")(lambda: gzip.compress(gzip.compress(gzipped(b"\0" * MB, 300))))
bomb("too deep.gz")(lambda: gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"The army fled.")))))
bomb("no end.jsonl.gz")(lambda: gzipped(b'{"text": "', 100)[:-20])
bomb("long header.txt.gz")(lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\x03" + b"n" * 30 * MB)
bomb("zeros.txt.bz2")(lambda: bz2.compress(b"\0" * 30 * MB) * 10)
bomb("streams.jsonl.bz2")(lambda: bz2.compress(b"a" * 20 * MB) * 50)
bomb("zeros.jsonl.xz")(lambda: lzma.compress(b"a" * 30 * MB, preset=0) * 10)


@bomb("dictionary.txt.xz")
def _lzma_dictionary() -> bytes:
    return b"\x5d" + struct.pack("<IQ", 0xFFFFFFFF, 1 << 40) + b"\0" * 100


@bomb("run.txt.zst")
def _zstd_run() -> bytes:
    """Blocks of 4 bytes that each stand for 128 KB."""
    run = b"\x02\x00\x10a"[:3] + b"a"
    return b"\x28\xb5\x2f\xfd\x00\x50" + run * 10_000 + b"\x03\x00\x10a"


bomb("zeros.jsonl.zst")(lambda: zstandard.compress(b"a" * 30 * MB) * 10)
bomb("window.txt.zst")(lambda: b"\x28\xb5\x2f\xfd\x00\xb0" + b"\x02\x00\x10a" * 100)
bomb("frames.csv.zst")(lambda: zstandard.compress(b"a" * MB) * 300)


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of names and contents."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", method) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return archive.getvalue()


def with_mode(name: str, mode: int) -> zipfile.ZipInfo:
    """The entry of a member of a kind such as `stat.S_IFLNK`."""
    entry = zipfile.ZipInfo(name)
    entry.external_attr = (mode | 0o777) << 16
    return entry


TEXT = b"The army fled the town on Monday, two senior officials said."


@bomb("one member.zip")
def _one_member() -> bytes:
    data = io.BytesIO()
    archive = zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with archive, archive.open("a.txt", "w") as member:
        for _ in range(300):
            member.write(b"\0" * MB)
    return data.getvalue()


def with_sizes(data: bytes, size: int) -> bytes:
    """An archive of one member, whose entry says that it unpacks to another size."""
    at = data.index(b"PK\x01\x02")
    return data[: at + 24] + struct.pack("<I", size) + data[at + 28 :]


bomb("says four gigabytes.zip")(lambda: with_sizes(zipped(("a.txt", TEXT)), 0xFFFFFFF0))
bomb("says ten bytes.zip")(lambda: with_sizes(zipped(("a.txt", b"\0" * 20 * MB)), 10))


@bomb("one over another.zip")
def _one_over_another() -> bytes:
    """A thousand entries that all lead to the same member, as in Fifield's bomb."""
    data = zipped(("a.txt", b"\0" * MB))
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entries = b"".join(data[at:end].replace(b"a.txt", b"%05d" % n) for n in range(1_000))
    return data[:at] + entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1_000, 1_000, len(entries), at, 0)


@bomb("42.zip")
def _nested() -> bytes:
    data = zipped(("0.txt", b"\0" * 10 * MB))
    for depth in range(5):
        data = zipped(*[(f"{depth} {n}.zip", data) for n in range(6)])
    return data


bomb("deep.zip")(lambda: _deep(40))


def _deep(depth: int) -> bytes:
    data = zipped(("a.txt", TEXT))
    for _ in range(depth):
        data = zipped(("a.zip", data))
    return data


for number, slip in enumerate(["../a.txt", "a/../../b.txt", "/etc/a.txt", "C:/a.txt", "a\\..\\b.txt", "a\nb.txt"]):
    bomb(f"slip {number}.zip")(lambda slip=slip: zipped((slip, TEXT)))  # type: ignore[misc]
for kind in ("S_IFLNK", "S_IFCHR", "S_IFBLK", "S_IFIFO", "S_IFSOCK"):
    linked = zipped((with_mode("a.txt", getattr(stat, kind)), b"/etc/passwd"))
    bomb(f"{kind}.zip")(lambda linked=linked: linked)  # type: ignore[misc]
bomb("members.zip")(lambda: zipped(*[(f"{n}", b"") for n in range(50_001)], method=zipfile.ZIP_STORED))
bomb("bzip2.zip")(lambda: zipped(("a.txt", b"\0" * 30 * MB), method=zipfile.ZIP_BZIP2))
bomb("lzma.zip")(lambda: zipped(("a.txt", b"\0" * 20 * MB), method=zipfile.ZIP_LZMA))
bomb("locked.zip")(lambda: zipped(("a.txt", TEXT)).replace(b"\x14\x03\x14\0\0", b"\x14\x03\x14\0\x01"))


@bomb("long list.zip")
def _long_list() -> bytes:
    return b"PK\x03\x04" + b"\0" * 20 * MB + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 20 * MB, 4, 0)


def told(name: str, read: Iterator[Report | Failure]) -> dict[str, Any]:
    """What came of a file."""
    start = perf_counter()
    reads = list(read)
    failures = [each for each in reads if isinstance(each, Failure)]
    return {
        "name": name,
        "reports": len(reads) - len(failures),
        "failures": [(each.name, type(each.error).__name__, each.error.what, each.error.cure) for each in failures[:3]],
        "seconds": perf_counter() - start,
        "peak": peak(),
    }


def peak() -> int:
    """The most memory of this process so far, in MB. (`resource` would count that of the one which started it, too.)"""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


def main(folder: Path) -> None:
    """Reads the files of the folder, and those that are not written."""
    settings = Settings()
    options = Options(origin=Origin(), force=False, settings=settings)
    for path in sorted(folder.iterdir()):
        print(json.dumps(told(path.name, load([path], settings=settings))), flush=True)
    for name, content in LONG.items():
        read = safely(name, read_stream(content.open(), name, options))
        print(json.dumps(told(name, read)), flush=True)


if __name__ == "__main__":
    from tests.documents import bombs, bombs_of_documents  # noqa: F401

    bombs.main(Path(sys.argv[1]))
