"""The records of a WARC file: plain, or with each record packed by itself with gzip or zstd.

Invariant: a record that no damage touches is given, wherever the file was cut or garbled, and each damage is told with
its offset in the file. One record is held at a time, of a block over the limit nothing, and what is gone over again
after damage is a few times the file's length at most.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dragoman.documents.unpack import BOMB_RATIO, LARGEST_WINDOW, is_bomb

if TYPE_CHECKING:
    from zstandard import ZstdDecompressor

_BEGINS = b"WARC/1."
# A record's head where the reader has lost its way: the line before it may be garbled, too.
_HEAD = re.compile(rb"WARC/1\.\d\r?\n(?=[A-Za-z][A-Za-z-]*:)")
_RECORD_END = b"\r\n\r\n"
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONGEST_HEAD = 1 << 16
_WINDOW = 1 << 20
# Of zstd, 4 bytes may stand for 128 KB and of gzip for 4 KB: so much goes in at a time that 8 MB come out at most.
_GZIP_PIECE, _ZSTD_PIECE = 1 << 12, 1 << 8
_DICTIONARY, _DICTIONARY_MOST = b"\x5d\x2a\x4d\x18", 1 << 23
# Damage makes the reader go back to where the damaged record began. A file that was made to bring that about again and
# again may do so for this many times what was read so far; from then on it goes on where reading stopped.
_AGAIN, _AGAIN_SMALL = 4, 1 << 26
_DIGESTS = frozenset({"sha1", "sha256", "sha512", "md5"})


@dataclass(frozen=True, slots=True)
class Record:
    """A record at an offset of the file; `fields` by their names in small letters.

    `block` is what it holds, None where that is longer than was asked for.
    """

    offset: int
    fields: Mapping[str, str]
    block: bytes | None


@dataclass(frozen=True, slots=True)
class Damage:
    """What is wrong with the file at an offset; what a record there held is lost."""

    offset: int
    why: str


def records(file: BinaryIO, name: str, most: int) -> Iterator[Record | Damage]:
    """The records of a file that can be sought in, in their order, with blocks of `most` bytes; damage between them.

    How it is packed is told by how it begins, or where that is damaged by its name.
    """
    packing, begin = _packing(_read(file, 0, 8), name), 0
    if packing is _ZSTD and (size := _frame_of_dictionary(file)):
        try:
            packing, begin = _zstd(_dictionary(_read(file, 8, min(size, _DICTIONARY_MOST)))), 8 + size
        except _Damaged as damage:
            yield Damage(0, str(damage))
            return
    yield from _walk(file, packing, most, begin)


def scattered(file: BinaryIO, most: int) -> Iterator[Record | Damage]:
    """The records packed with gzip that lie anywhere in a file, with other things between them, and damage in them."""
    begin = _GZIP.find(file, 0)
    for found in _walk(file, _GZIP, most, begin) if begin is not None else ():
        if isinstance(found, Record) or found.why != _NO_RECORD:
            yield found


# --- from record to record ------------------------------------------------------------------------


class _Damaged(Exception):
    """The record that is being read is cut or garbled."""


_NO_RECORD = "there is no record"


def _walk(file: BinaryIO, packing: _Packing, most: int, offset: int | None = 0) -> Iterator[Record | Damage]:
    again, lost = 0, False
    while offset is not None and _read(file, offset, 1):
        source = packing.open(file, offset)
        began = offset
        try:
            while source.goes_on():
                began = source.offset
                yield _record(source, most)
                began, lost = source.offset, False
            offset = source.position
        except _Damaged as damage:
            if not (lost and str(damage) == _NO_RECORD):
                yield Damage(began, str(damage))
            lost = True
            again += source.position - began
            back = again < max(_AGAIN_SMALL, _AGAIN * began)
            offset = packing.find(file, began + 1 if back else max(began + 1, source.position))


def _record(source: _Source, most: int) -> Record:
    """The record at which a source stands, once all of it is known to be whole."""
    offset = source.offset
    if not source.begins_record():
        raise _Damaged(_NO_RECORD)
    fields = _fields(source.head())
    if "warc-type" not in fields or not re.fullmatch(r"\d{1,18}", fields.get("content-length", ""), re.ASCII):
        raise _Damaged("a record does not say what it is, or how long")
    length = int(fields["content-length"])
    block = bytes(source.take(length)) if length <= most else None
    if (source.skip(length) if block is None else len(block)) < length:
        raise _Damaged("a record is cut off")
    if not source.ends_record():
        raise _Damaged("a record is not as long as it says")
    if block is not None and not source.checked and not _fits(fields.get("warc-block-digest", ""), block):
        raise _Damaged("a record is garbled: it does not fit its own digest")
    return Record(offset, fields, block)


def _fields(head: bytes) -> dict[str, str]:
    """The fields of a head, the first of each name; a line that begins with a space goes on with the one before."""
    if _CONTROL.search(head):
        raise _Damaged("a record's head is garbled")
    lines = re.sub(rb"\r?\n[ \t]+", b" ", head).decode("utf-8", "replace").split("\n")[1:]
    pairs = (line.partition(":") for line in reversed(lines))
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _fits(told: str, block: bytes) -> bool:
    """Whether a block has the digest that its record tells, such as `sha1:` and base 32; one not known is believed."""
    algorithm, _, value = told.partition(":")
    algorithm = algorithm.strip().lower().replace("-", "")
    if algorithm not in _DIGESTS:
        return True
    digest = hashlib.new(algorithm, block, usedforsecurity=False).digest()
    base32, base64_ = base64.b32encode(digest).decode(), base64.b64encode(digest).decode()
    value = value.strip().rstrip("=")
    return value.lower() in (digest.hex(), base32.rstrip("=").lower()) or value == base64_.rstrip("=")


# --- the bytes, plain or packed -------------------------------------------------------------------


def _read(file: BinaryIO, offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)


class _Source:
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
                raise _Damaged("a record's head does not end")
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
        piece = _read(self._file, self.position, 1 << 16)
        self.position += len(piece)
        return piece


class _Plain(_Source):
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


class _Packed(_Source):
    """One member of a gzip file, or one frame of zstd: mostly one record."""

    def __init__(self, file: BinaryIO, offset: int, packing: _Packing) -> None:
        super().__init__(file, offset)
        self.checked = packing is _GZIP  # each member ends with a checksum
        self._began, self._unpacked = offset, 0
        self._unpacker, self._piece = packing.unpacker(), packing.piece

    @property
    def offset(self) -> int:
        """Where the member begins."""
        return self._began

    def _more(self) -> bytes:
        while not self._unpacker.eof:
            piece = _read(self._file, self.position, self._piece)
            if not piece:
                raise _Damaged("a record is cut off" if self._unpacked else _NO_RECORD)
            self.position += len(piece)
            try:
                unpacked = self._unpacker.decompress(piece)
            except Exception as error:  # each library has an error of its own
                raise _Damaged("a record is garbled" if self._unpacked else _NO_RECORD) from error
            if self._unpacker.eof:
                self.position -= len(self._unpacker.unused_data)
            self._unpacked += len(unpacked)
            if is_bomb(self.position - self._began, self._unpacked):
                raise _Damaged(f"a record unpacks to more than {BOMB_RATIO} times its size, as a bomb does")
            if unpacked:
                return unpacked
        return b""


# --- how records are packed -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Packing:
    """How records begin in a file, how they are unpacked, and whether bytes after the magic ones may begin one.

    `piece` bytes are unpacked at a time.
    """

    magic: bytes
    piece: int
    unpacker: Callable[[], _Unpacker]
    begins: Callable[[bytes], bool]

    def open(self, file: BinaryIO, offset: int) -> _Source:
        """What stands at an offset."""
        return _Plain(file, offset) if self is _PLAIN else _Packed(file, offset, self)

    def find(self, file: BinaryIO, offset: int) -> int | None:
        """Where the next record begins, at an offset or after it; of zstd, where the next frame does."""
        pattern = _HEAD if self is _PLAIN else re.compile(re.escape(self.magic))
        while len(window := _read(file, offset, _WINDOW)) >= len(self.magic):
            for found in pattern.finditer(window):
                place = offset + found.start()
                if self.begins(_read(file, place, 512)):
                    return place
            offset += max(1, len(window) - 64)  # a head may lie across the end of the window
        return None


def _packing(start: bytes, name: str) -> _Packing:
    for packing in (_PLAIN, _GZIP, _ZSTD):
        if start.startswith(packing.magic):
            return packing
    lower = name.lower()
    if start.startswith(_DICTIONARY):
        return _ZSTD
    return _GZIP if lower.endswith(".gz") else _ZSTD if lower.endswith(".zst") else _PLAIN


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


def _zstd(dictionary: bytes = b"") -> _Packing:
    @cache
    def decompressor() -> ZstdDecompressor:
        from zstandard import ZstdCompressionDict, ZstdDecompressor

        known = ZstdCompressionDict(dictionary) if dictionary else None
        return ZstdDecompressor(dict_data=known, max_window_size=LARGEST_WINDOW)

    return _Packing(b"\x28\xb5\x2f\xfd", _ZSTD_PIECE, lambda: decompressor().decompressobj(), _begins_frame)


def _frame_of_dictionary(file: BinaryIO) -> int:
    """How long the dictionary is with which such a file may begin, in a frame of its own; 0 where there is none."""
    start = _read(file, 0, 8)
    return int.from_bytes(start[4:], "little") if start.startswith(_DICTIONARY) else 0


def _dictionary(frame: bytes) -> bytes:
    """The dictionary, which may be packed itself."""
    if not frame.startswith(_ZSTD.magic):
        return frame
    source = _Packed(io.BytesIO(frame), 0, _ZSTD)
    dictionary = bytes(source.take(_DICTIONARY_MOST + 1))
    if len(dictionary) > _DICTIONARY_MOST:
        raise _Damaged(f"its dictionary is larger than {_DICTIONARY_MOST:,} bytes")
    return dictionary


_PLAIN = _Packing(_BEGINS, 0, zlib.decompressobj, lambda start: True)
_GZIP = _Packing(b"\x1f\x8b\x08", _GZIP_PIECE, lambda: zlib.decompressobj(16 + zlib.MAX_WBITS), _begins_member)
_ZSTD = _zstd()
