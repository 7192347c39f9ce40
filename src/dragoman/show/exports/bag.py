"""A BagIt bag (RFC 8493) in a zip, written as it goes: files with the SHA-256 of each.

Invariant: the same files in the same order give the same bytes; there is no clock in it. What was written is handed out
at once (`growing`).
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator, Mapping
from tempfile import SpooledTemporaryFile
from typing import IO

from dragoman.show.exports.growing import IN_MEMORY, GrowingZip

BASE = "dragoman-evidence"
"""The folder that the zip unpacks to."""
PAYLOAD = "data"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


class Spool:
    """A file that grows beside the bag until it is put into it: on disk, once it is larger than 1 MB."""

    def __init__(self) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the bag closes it)

    def write(self, content: bytes) -> None:
        """Adds to its end."""
        self.file.write(content)


class Bag:
    """A bag being written. Each method gives the bytes of the zip that are ready."""

    def __init__(self) -> None:
        self._zip = GrowingZip()
        self._payload, self._tags = Spool(), Spool()
        self._size = self._count = 0

    def has(self, path: str) -> bool:
        """Whether there is such a file in the payload."""
        return self._zip.has(_member(f"{PAYLOAD}/{path}"))

    def add(self, path: str, content: bytes | Spool) -> Iterator[bytes]:
        """Puts a file into the payload."""
        size, hash = yield from self._put(f"{PAYLOAD}/{path}", content)
        self._payload.write(f"{hash}  {PAYLOAD}/{path}\n".encode())
        self._size += size
        self._count += 1

    def close(self, about: Mapping[str, str], tags: Mapping[str, bytes]) -> Iterator[bytes]:
        """Puts in what describes the bag: `about` for bag-info.txt, other files beside the payload, the manifests."""
        info = {**about, "Payload-Oxum": f"{self._size}.{self._count}"}
        told = "".join(f"{name}: {value}\n" for name, value in info.items())
        described: dict[str, bytes | Spool] = {
            "bagit.txt": DECLARATION.encode(),
            "bag-info.txt": told.encode(),
            **tags,
            MANIFEST: self._payload,
        }
        for path, content in described.items():
            _, hash = yield from self._put(path, content)
            self._tags.write(f"{hash}  {path}\n".encode())
        yield from self._put(TAG_MANIFEST, self._tags)
        yield self._zip.close()

    def _put(self, path: str, content: bytes | Spool) -> Generator[bytes, None, tuple[int, str]]:
        """Writes a member; its size and SHA-256 are what the generator returns."""
        file = content.file if isinstance(content, Spool) else io.BytesIO(content)
        size, hash = yield from self._zip.put(_member(path), file)
        file.close()
        return size, hash


def _member(path: str) -> str:
    return f"{BASE}/{path}"
