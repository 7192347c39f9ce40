"""Files and folders of a corpus: on this machine, or in a store that fsspec knows (s3://, gs://...).

Invariant: a file is written whole or not at all. Whatever a store's own library raises is a StorageError.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from dragoman.documents.unpack import Stretch
from dragoman.errors import DragomanError, StorageError, UsageError

SCHEMES = ("s3", "gs", "az", "abfs", "hdfs", "sftp", "memory")
"""Stores that may be named; each but `memory`, which is for tests, needs a library of its own."""

_LIBRARIES = {"s3": "s3fs", "gs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "hdfs": "pyarrow", "sftp": "paramiko"}
_WRITING = "_writing"


@dataclass(frozen=True, slots=True)
class Location:
    """A file or folder, there or not. `address` is a whole path, or `scheme://...`."""

    address: str

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        return "://" not in self.address

    def child(self, name: str) -> Location:
        """What is called so in this folder."""
        return Location(f"{self.address.rstrip('/')}/{name}")

    def is_folder(self) -> bool:
        """Whether it is a folder that is there."""
        with errors(self.address):
            return bool(self._store().isdir(self.address))

    def size(self) -> int:
        """Bytes of a file."""
        with errors(self.address):
            return int(self._store().size(self.address))

    def modified(self) -> str:
        """When a file was changed last, as its store tells; empty where it does not."""
        with errors(self.address):
            try:
                return str(self._store().modified(self.address))
            except NotImplementedError:
                return ""

    def holds(self, other: Location) -> bool:
        """Whether another one lies in this folder, or is it."""
        return f"{other.address}/".startswith(f"{self.address.rstrip('/')}/")

    def files(self) -> list[Location]:
        """The files of a folder and those under it, in order of their addresses, without hidden ones."""
        with errors(self.address):
            if self.is_local:
                found = list(_files_in(Path(self.address)))
            else:
                store = self._store()
                root = store._strip_protocol(self.address)
                whole = [str(name) for name in store.find(self.address)]
                found = [store.unstrip_protocol(name) for name in whole if not _is_hidden(name.removeprefix(root))]
        return [Location(address) for address in sorted(found)]

    def names(self) -> set[str]:
        """The names of what is in a folder; none where it is not there."""
        with errors(self.address):
            store = self._store()
            store.invalidate_cache()
            try:
                return {str(name).rstrip("/").rpartition("/")[2] for name in store.ls(self.address, detail=False)}
            except FileNotFoundError:
                return set()

    def open(self) -> BinaryIO:
        """The file, to be read; its own reads raise what they do."""
        with errors(self.address):
            opened: BinaryIO = self._store().open(self.address, "rb")
            return opened

    def read(self) -> bytes | None:
        """What is in a small file; None where it is not there."""
        with errors(self.address):
            try:
                return bytes(self._store().cat_file(self.address))
            except FileNotFoundError:
                return None

    def write(self, data: bytes) -> None:
        """Puts a small file there."""
        with self.written() as path:
            path.write_bytes(data)

    @contextmanager
    def written(self) -> Iterator[Path]:
        """A file of this machine to write to, which comes to stand here once that went well."""
        from tempfile import TemporaryDirectory

        if not self.is_local:
            with TemporaryDirectory(prefix="dragoman-") as folder:
                whole = Path(folder, "file")
                yield whole
                with errors(self.address):
                    self._store().put_file(str(whole), self.address)
            return
        with errors(self.address):
            path = Path(self.address)
            beside = path.parent / _WRITING / f"{path.name}.{uuid4().hex}"
            beside.parent.mkdir(parents=True, exist_ok=True)
            try:
                yield beside
                with beside.open("rb") as file:
                    os.fsync(file.fileno())
                beside.replace(path)
            finally:
                beside.unlink(missing_ok=True)

    def remove(self) -> None:
        """Removes a file, if it is there."""
        with errors(self.address), suppress(FileNotFoundError):
            self._store().rm_file(self.address)

    def clear(self) -> None:
        """Removes what killed processes left half written in this folder, and the folder where nothing is in it."""
        if not self.is_local:
            return
        left = Path(self.address, _WRITING)
        with errors(self.address), suppress(FileNotFoundError):
            for path in left.iterdir():
                path.unlink(missing_ok=True)
        for folder in (left, left.parent):
            with suppress(OSError):  # somebody else writes there
                folder.rmdir()

    def _store(self) -> Any:
        from fsspec.core import url_to_fs

        return url_to_fs(self.address)[0]


def location(given: str) -> Location:
    """The location that somebody named. UsageError for one of a kind that is not read."""
    scheme, mark, _ = given.partition("://")
    if not mark:
        if given == "-":
            raise UsageError("standard input cannot be coded in parts", "name a file, or use `dragoman add -`")
        return Location(str(Path(given).absolute()))
    if scheme in ("http", "https"):
        raise UsageError(f"{given} is an address of the web", "get the file first, or use `dragoman add`")
    if scheme not in SCHEMES or "::" in given:
        raise UsageError(f"{scheme}:// names no store", f"give a path, or one of {', '.join(SCHEMES[:-1])}")
    try:
        return Location(Location(given)._store().unstrip_protocol(given))
    except ImportError as error:
        library = _LIBRARIES[scheme]
        raise UsageError(f"{scheme}:// needs a library ({error})", f"install it: pip install {library}") from error


@contextmanager
def errors(address: str) -> Iterator[None]:
    """Makes what a file system or store raises a StorageError that names the location."""
    try:
        yield
    except DragomanError:
        raise
    except Exception as error:
        if isinstance(error, OSError) or "://" in address:  # the library of each store has errors of its own
            raise _told(address, error) from error
        raise


def bytes_between(file: BinaryIO, address: str, start: int, end: int) -> io.BufferedReader:
    """The bytes of an open file from `start` to `end`, as a file of their own, whose reads raise StorageErrors."""
    return io.BufferedReader(_Bytes(file, address, start, end))


class _Bytes(Stretch):
    def __init__(self, file: BinaryIO, address: str, start: int, end: int) -> None:
        super().__init__(file, start, end - start)
        self._address = address

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        with errors(self._address):
            return super().readinto(buffer)


def _told(address: str, error: Exception) -> StorageError:
    if isinstance(error, FileNotFoundError):
        return StorageError(f"{address} is not there", "check the path or address")
    said = (error.strerror if isinstance(error, OSError) else None) or f"{type(error).__name__}: {error}"
    return StorageError(
        f"{address} cannot be read or written ({said})",
        "check your rights, the disk and the network, then run it again: what is done is kept",
    )


def _files_in(folder: Path) -> Iterator[str]:
    """The files under a folder; linked folders are not entered, so there is no circle."""

    def failed(error: OSError) -> None:
        raise error

    for parent, folders, names in os.walk(folder, onerror=failed):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (str(Path(parent, name)) for name in names if not name.startswith("."))


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))
