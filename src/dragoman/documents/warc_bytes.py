"""The bytes of a WARC file from any offset on, plain or unpacked with gzip or zstd; and where records may begin.

Invariant: of what is unpacked no more is held than is asked for, and 8 MB; what unpacks as a bomb does is damaged.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dragoman.documents.unpack import BOMB_RATIO, LARGEST_WINDOW, is_bomb

if TYPE_CHECKING:
    from zstandard import ZstdDecompressor

NO_RECORD = "there is no record"
"""What is damaged where nothing begins that could be a record."""
_BEGINS = b"WARC/1."
# A record's head where the reader has lost its way: the line before it may be garbled, too.
_HEAD = re.compile(rb"WARC/1\.\d\r?\n(?=[A-Za-z][A-Za-z-]*:)")
_RECORD_END = b"\r\n\r\n"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LONGEST_HEAD = 1 << 16
_WINDOW = 1 << 20
# Of zstd, 4 bytes may stand for 128 KB and of gzip for 4 KB: so much goes in at a time that 8 MB come out at most.
_GZIP_PIECE, _ZSTD_PIECE = 1 << 12, 1 << 8
_DICTIONARY, _DICTIONARY_MOST = b"\x5d\x2a\x4d\x18", 1 << 23


class Damaged(Exception):
    """The record that is being read is cut or garbled."""


def read_at(file: BinaryIO, offset: int, size: int) -> bytes:
    """So many bytes of a file from an offset on; fewer at its end."""
    file.seek(offset)
    return file.read(size)


class Source:
    """What lies in a file from an offset on, unpacked; no more is held than is asked for, and 8 MB."""

    checked = False
    """Whether bytes that come out are known to be those that went in."""

    def __init__(self, file: BinaryIO, offset: int) -> None:
        self.position = offset
        """Up to where the file was read."""
        self._file, self._held = file, bytearray()

    @property
    def offset(self) -> int:
        """Where in the file the next byte stands: what messages name."""
        return self.position - len(self._held)

    def goes_on(self) -> bool:
        """Whether anything follows but line ends, which are passed over."""
        while self._fill(1) and self._held[0] in b"\r\n":
            del self._held[: len(self._held) - len(self._held.lstrip(b"\r\n"))]
        return bool(self._held)

    def begins_record(self) -> bool:
        """Whether a record begins here."""
        self._fill(len(_BEGINS))
        return self._held.startswith(_BEGINS)

    def ends_record(self) -> bool:
        """Whether a record ends here: with two line ends of its own, or because nothing follows but another one."""
        self._fill(len(_RECORD_END) + 1)  # a member is whole when it is known that nothing more comes out of it
        return self._held.startswith(_RECORD_END) or not self.goes_on() or self.begins_record()

    def head(self) -> bytes:
        """The lines up to an empty one."""
        while not (end := _HEAD_END.search(self._held)):
            if len(self._held) > _LONGEST_HEAD or not self._grow():
                raise Damaged("a record's head does not end")
        return bytes(self.take(end.end()))

    def take(self, size: int) -> bytearray:
        """The next so many bytes; fewer at the end."""
        self._fill(size)
        taken = self._held[:size]
        del self._held[:size]
        return taken

    def skip(self, size: int) -> int:
        """Passes over so many bytes, and says over how many of them."""
        left = size
        while left and self._fill(1):
            passed = min(left, len(self._held))
            del self._held[:passed]
            left -= passed
        return size - left

    def _fill(self, size: int) -> bool:
        while len(self._held) < size and self._grow():
            pass
        return len(self._held) >= size

    def _grow(self) -> bool:
        piece = self._more()
        self._held += piece
        return bool(piece)

    def _more(self) -> bytes:
        piece = read_at(self._file, self.position, 1 << 16)
        self.position += len(piece)
        return piece


class _Plain(Source):
    def skip(self, size: int) -> int:
        held = super().skip(min(size, len(self._held)))
        end = self._file.seek(0, 2)
        passed = min(size - held, max(0, end - self.position))
        self.position += passed
        return held + passed


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


class _Packed(Source):
    """One member of a gzip file, or one frame of zstd: mostly one record."""

    def __init__(self, file: BinaryIO, offset: int, packing: Packing) -> None:
        super().__init__(file, offset)
        self.checked = packing is GZIP  # each member ends with a checksum
        self._began, self._unpacked = offset, 0
        self._unpacker, self._piece = packing.unpacker(), packing.piece

    @property
    def offset(self) -> int:
        """Where the member begins."""
        return self._began

    def _more(self) -> bytes:
        while not self._unpacker.eof:
            piece = read_at(self._file, self.position, self._piece)
            if not piece:
                raise Damaged("a record is cut off" if self._unpacked else NO_RECORD)
            self.position += len(piece)
            try:
                unpacked = self._unpacker.decompress(piece)
            except Exception as error:  # each library has an error of its own
                raise Damaged("a record is garbled" if self._unpacked else NO_RECORD) from error
            if self._unpacker.eof:
                self.position -= len(self._unpacker.unused_data)
            self._unpacked += len(unpacked)
            if is_bomb(self.position - self._began, self._unpacked):
                raise Damaged(f"a record unpacks to more than {BOMB_RATIO} times its size, as a bomb does")
            if unpacked:
                return unpacked
        return b""


@dataclass(frozen=True, slots=True)
class Packing:
    """How records begin in a file, how they are unpacked, and whether bytes after the magic ones may begin one.

    `piece` bytes are unpacked at a time.
    """

    magic: bytes
    piece: int
    unpacker: Callable[[], _Unpacker]
    begins: Callable[[bytes], bool]

    def open(self, file: BinaryIO, offset: int) -> Source:
        """What stands at an offset."""
        return _Plain(file, offset) if self is _PLAIN else _Packed(file, offset, self)

    def find(self, file: BinaryIO, offset: int) -> int | None:
        """Where the next record begins, at an offset or after it; of zstd, where the next frame does."""
        pattern = _HEAD if self is _PLAIN else re.compile(re.escape(self.magic))
        while len(window := read_at(file, offset, _WINDOW)) >= len(self.magic):
            for found in pattern.finditer(window):
                place = offset + found.start()
                if self.begins(read_at(file, place, 512)):
                    return place
            offset += max(1, len(window) - 64)  # a head may lie across the end of the window
        return None


def packing_of(file: BinaryIO, name: str) -> tuple[Packing, int]:
    """How the records of a file are packed, and where the first of them begins.

    How the file begins tells it, or where that is damaged its name. Raises Damaged for a dictionary that is too large
    or damaged.
    """
    start, lower = read_at(file, 0, 8), name.lower()
    if start.startswith(_DICTIONARY):
        size = int.from_bytes(start[4:], "little")
        return (_zstd(_dictionary(read_at(file, 8, min(size, _DICTIONARY_MOST)))), 8 + size) if size else (_ZSTD, 0)
    for packing in (_PLAIN, GZIP, _ZSTD):
        if start.startswith(packing.magic):
            return packing, 0
    return GZIP if lower.endswith(".gz") else _ZSTD if lower.endswith(".zst") else _PLAIN, 0


def _begins_member(start: bytes) -> bool:
    """Whether bytes packed with gzip begin a record."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(start, len(_BEGINS)) == _BEGINS
    except zlib.error:
        return False


def _begins_frame(start: bytes) -> bool:
    """Whether bytes begin a frame of zstd; nothing comes out of it before a whole block is there."""
    import zstandard

    try:
        return zstandard.get_frame_parameters(start).window_size <= LARGEST_WINDOW
    except zstandard.ZstdError:
        return False


def _zstd(dictionary: bytes = b"") -> Packing:
    @cache
    def decompressor() -> ZstdDecompressor:
        from zstandard import ZstdCompressionDict, ZstdDecompressor

        known = ZstdCompressionDict(dictionary) if dictionary else None
        return ZstdDecompressor(dict_data=known, max_window_size=LARGEST_WINDOW)

    return Packing(b"\x28\xb5\x2f\xfd", _ZSTD_PIECE, lambda: decompressor().decompressobj(), _begins_frame)


def _dictionary(frame: bytes) -> bytes:
    """The dictionary, which may be packed itself."""
    if not frame.startswith(_ZSTD.magic):
        return frame
    source = _Packed(io.BytesIO(frame), 0, _ZSTD)
    dictionary = bytes(source.take(_DICTIONARY_MOST + 1))
    if len(dictionary) > _DICTIONARY_MOST:
        raise Damaged(f"its dictionary is larger than {_DICTIONARY_MOST:,} bytes")
    return dictionary


_PLAIN = Packing(_BEGINS, 0, zlib.decompressobj, lambda start: True)
GZIP = Packing(b"\x1f\x8b\x08", _GZIP_PIECE, lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), _begins_member)
_ZSTD = _zstd()
