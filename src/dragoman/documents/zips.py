"""Zip archives and their members, unpacked bit by bit.

Invariant: no more comes out of an archive than its list of files says and its `Allowance` has. Nothing is ever written
to a path that an archive names.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from dragoman.documents.unpack import GIVE_PARTS, PACK_AGAIN, Allowance, as_file
from dragoman.errors import DamagedFile, EncryptedFile, UnsafeArchive

_PIECE = 1 << 16
_MEMBER_HEADER = 30
_LARGEST_DIRECTORY, _MOST_MEMBERS = 16_000_000, 50_000
_ODD_NAME = re.compile(r"[\x00-\x1f\x7f\\]|\A/|\A[A-Za-z]:")


def open_zip(stream: BinaryIO, allowance: Allowance, *, inside: bool = False) -> zipfile.ZipFile:
    """A zip archive whose list of members is sound: not too many, none over another, not too much in all.

    Raises DamagedFile, UnsafeArchive or UnpacksTooFar.
    """
    try:
        archive = zipfile.ZipFile(_Wary(stream))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise DamagedFile(f"it is no zip archive, or a damaged one ({error})", PACK_AGAIN) from error
    if len(members) > _MOST_MEMBERS:
        raise UnsafeArchive(f"it holds more than {_MOST_MEMBERS:,} files", GIVE_PARTS)
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            name = shown(member.filename)
            raise UnsafeArchive(f"its files lie over one another, or it is damaged ({name})", GIVE_PARTS)
        end = member.header_offset + _MEMBER_HEADER + len(member.filename) + member.compress_size
    if not inside:
        allowance.packed += sum(member.compress_size for member in members)
    allowance.take(sum(member.file_size for member in members))
    return archive


def open_member(archive: zipfile.ZipFile, named: str | zipfile.ZipInfo) -> io.BufferedReader:
    """A file of an archive that `open_zip` opened, or the last of that name; no more comes out than its entry says.

    Raises DamagedFile, EncryptedFile or UnsafeArchive; reading it a DamagedFile error.
    """
    try:
        member = archive.getinfo(named) if isinstance(named, str) else named
    except KeyError as error:
        raise DamagedFile(f"there is no {shown(str(named))} in it", PACK_AGAIN) from error
    if _ODD_NAME.search(member.orig_filename) or ".." in PurePosixPath(member.filename).parts:
        raise UnsafeArchive("its name leads out of the archive", "pack it again with plain names")
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG):
        raise UnsafeArchive("it is a link or a device, not a file", "pack the file itself")
    if member.flag_bits & 1:
        raise EncryptedFile("it is encrypted", "unpack it with its password and give what is in it")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # only these unpack bit by bit
        raise UnsafeArchive("it is packed by an unusual method", "pack it again as ordinary zip (deflate)")
    return as_file(_member_pieces(archive, member))


def shown(name: str) -> str:
    """The name of a member, fit for a message."""
    return re.sub(r"[^\x20-\x7e\xa1-\ud7ff]", "\ufffd", name[-100:])


def _member_pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(member) as opened:
            while piece := opened.read(_PIECE):
                yield piece
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise DamagedFile(f"it is damaged ({error or 'it breaks off'})", PACK_AGAIN) from error


class _Wary(io.RawIOBase):
    """A file that `zipfile` may read, but not so much of at once as a false list of members would make it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def read(self, size: int | None = -1) -> bytes:
        some = _LARGEST_DIRECTORY if size is None or size < 0 else min(size, _LARGEST_DIRECTORY)
        data = self._stream.read(some)
        if len(data) == _LARGEST_DIRECTORY:
            raise UnsafeArchive("its list of files is too long", GIVE_PARTS)
        return data
