"""Files that are handed out while they grow: what any writer of bytes writes to, and zips.

Invariant: the same members in the same order give the same bytes, for there is no clock in a zip; what was taken is
forgotten, so that memory does not grow with the file but for some 600 bytes for each name in a zip.
"""

from __future__ import annotations

import io
from collections.abc import Generator
from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

IN_MEMORY = 1 << 20
"""Bytes of a file beside a zip that stay in memory; one that is larger goes to the disk."""
_AT_ONCE = 1 << 18


class Growing(io.RawIOBase):
    """Where a file is written to, piece by piece; it cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since it was last asked for."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


class GrowingZip:
    """A zip as it is written. Each method gives the bytes that are ready."""

    def __init__(self) -> None:
        self._out = Growing()
        self._zip = ZipFile(self._out, "w")

    def has(self, path: str) -> bool:
        """Whether there is a member of that name."""
        return path in self._zip.NameToInfo

    def put(self, path: str, file: IO[bytes], method: int = ZIP_DEFLATED) -> Generator[bytes, None, tuple[int, str]]:
        """Writes a member; its size and SHA-256 are what the generator returns."""
        member = ZipInfo(path)  # whose time is 1980-01-01
        member.compress_type = method
        member.create_system = 3
        member.external_attr = 0o100644 << 16
        member.file_size = file.seek(0, io.SEEK_END)
        digest = sha256()
        file.seek(0)
        with self._zip.open(member, "w") as written:
            while piece := file.read(_AT_ONCE):
                digest.update(piece)
                written.write(piece)
                yield self._out.taken()
        yield self._out.taken()
        return member.file_size, digest.hexdigest()

    def close(self) -> bytes:
        """Ends the zip: its last bytes."""
        self._zip.close()
        return self._out.taken()
