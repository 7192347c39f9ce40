"""A BagIt bag (RFC 8493) in a zip, written as it goes: files with the SHA-256 of each.

Invariant: the same files in the same order give the same bytes; there is no clock in it. What was written is handed out
at once, so that memory does not grow with the files, but for some 600 bytes for the name of each.
"""

from __future__ import annotations

import io
from collections.abc import Generator, Iterator, Mapping
from hashlib import sha256
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BASE = "dragoman-evidence"
"""The folder that the zip unpacks to."""
PAYLOAD = "data"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

_IN_MEMORY = 1 << 20
_AT_ONCE = 1 << 18


class Spool:
    """A file that grows beside the bag until it is put into it: on disk, once it is larger than 1 MB."""

    def __init__(self) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (the bag closes it)
        self.size = 0

    def write(self, content: bytes) -> None:
        """Adds to its end."""
        self.size += self.file.write(content)


class Bag:
    """A bag being written. Each method gives the bytes of the zip that are ready."""

    def __init__(self) -> None:
        self._out = _Out()
        self._zip = ZipFile(self._out, "w", ZIP_DEFLATED)
        self._payload, self._tags = Spool(), Spool()
        self._size = self._count = 0

    def has(self, path: str) -> bool:
        """Whether there is such a file in the payload."""
        try:
            return bool(self._zip.getinfo(_member(f"{PAYLOAD}/{path}")))
        except KeyError:
            return False

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
        self._zip.close()
        yield self._out.taken()

    def _put(self, path: str, content: bytes | Spool) -> Generator[bytes, None, tuple[int, str]]:
        """Writes a member; its size and SHA-256 are what the generator returns."""
        source = content.file if isinstance(content, Spool) else io.BytesIO(content)
        size = content.size if isinstance(content, Spool) else len(content)
        member = ZipInfo(_member(path))  # whose time is 1980-01-01
        member.compress_type = ZIP_DEFLATED
        member.create_system = 3
        member.external_attr = 0o100644 << 16
        member.file_size = size
        digest = sha256()
        source.seek(0)
        with self._zip.open(member, "w") as file:
            while piece := source.read(_AT_ONCE):
                digest.update(piece)
                file.write(piece)
                yield self._out.taken()
        source.close()
        yield self._out.taken()
        return size, digest.hexdigest()


def _member(path: str) -> str:
    return f"{BASE}/{path}"


class _Out(io.RawIOBase):
    """Where the zip is written to, piece by piece; it cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(content))
        return len(content)

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
