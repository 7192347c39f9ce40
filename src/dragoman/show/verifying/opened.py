"""A zip that may be hostile, opened to be read only.

Invariant: nothing is read whole that has no bound, and members that repeat a name, lead elsewhere or are no plain files
are told and left alone.
"""

from __future__ import annotations

import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from dragoman.errors import NotAPack, UnreadableFile
from dragoman.show.exports.bag import BASE
from dragoman.show.verifying.layout import misplaced

MOST_DIRECTORY = 16 << 20
"""Bytes of the list of files in a zip, which is read at once: some 100,000 reports; 365,000 names of the shortest."""
MOST_BYTES = 50 << 30
"""Of all files together, once they are unpacked."""
MOST_TEXT = 64 << 20
"""Of one text, which is read at once; reports are 1 MB long at most, if the settings say nothing else."""
MOST_LINE = 4 << 20
"""Of one line of JSON."""
_DEFLATED = 1032
"""How much longer than its compressed form a deflated file is at most."""

DAMAGED = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What reading a damaged member may raise."""


class Damaged(Exception):
    """What is wrong with one file, in words."""


class Opened:
    """A pack: its members by their paths below the folder that it unpacks to, and what is wrong with others."""

    def __init__(self, archive: ZipFile, size: int) -> None:
        self._archive = archive
        self.members: dict[str, ZipInfo] = {}
        self.troubles: list[tuple[str, str]] = []
        twice = set()
        for member in archive.infolist():
            path = member.filename.removeprefix(f"{BASE}/")
            if path in self.members:
                twice.add(path)
            if wrong := _wrong(member):
                self.troubles.append((member.filename, wrong))
            else:
                self.members[path] = member
        for path in sorted(twice):
            del self.members[path]
            self.troubles.append((path, "is there more than once"))
        unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MOST_BYTES or unpacked > size * _DEFLATED:
            raise NotAPack(
                f"its files would take {unpacked:,} bytes, which is more than is looked at or than a zip of {size:,} "
                "bytes can hold",
                "get the pack from its source again",
            )
        self.troubles += misplaced(cast(IO[bytes], archive.fp), archive.infolist(), archive.start_dir, size)

    @contextmanager
    def reading(self, path: str) -> Iterator[IO[bytes]]:
        """A member to be read. Damaged."""
        if path not in self.members:
            raise Damaged("is missing")
        try:
            with self._archive.open(self.members[path]) as file:
                yield file
        except DAMAGED as error:
            raise Damaged(f"is damaged ({error})") from error

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a member, without their ends. Damaged, also for one that is too long."""
        with self.reading(path) as file:
            buffered = io.BufferedReader(cast(io.RawIOBase, file))
            while line := buffered.readline(MOST_LINE + 1):
                if len(line) > MOST_LINE:
                    raise Damaged(f"has a line of more than {MOST_LINE:,} bytes")
                yield line.removesuffix(b"\n")

    def whole(self, path: str) -> bytes:
        """A member that is read at once. Damaged, also for one that is too long."""
        with self.reading(path) as file:
            content = file.read(MOST_TEXT + 1)
        if len(content) > MOST_TEXT:
            raise Damaged(f"is longer than {MOST_TEXT:,} bytes")
        return content


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """A file as a pack. NotAPack, UnreadableFile."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, io.SEEK_END)
            try:
                archive = ZipFile(cast(IO[bytes], _Bounded(file)))
            except DAMAGED as error:
                raise NotAPack(
                    f"{path} is no zip, or a damaged one ({error})", "get it from its source again"
                ) from error
            with archive:
                yield Opened(archive, size)
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read ({error.strerror or error})", "check the name") from error


def _wrong(member: ZipInfo) -> str | None:
    """Why a member is not looked at."""
    name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
    if not name.startswith(f"{BASE}/") or "\\" in name or any(part in ("", ".", "..") for part in name.split("/")):
        return "has a name that leads elsewhere"
    if not name.isascii() or not name.isprintable():
        return "has a name that no pack has"
    if kind not in (0, stat.S_IFREG):
        return "is no plain file"
    if member.flag_bits & 1:
        return "is encrypted"
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        return "is compressed in a way that no pack is"
    return None


class _Bounded:
    """A file of which no more is read at once than a zip's list of files may take."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        """Some bytes. NotAPack for too many."""
        if size > MOST_DIRECTORY:
            raise NotAPack("it has more files than are looked at", "make packs of fewer reports: narrow the search")
        return self._file.read(size if size >= 0 else MOST_DIRECTORY)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
