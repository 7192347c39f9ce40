"""Compressed bytes, unpacked bit by bit.

Invariant: whatever comes in, no more comes out than its `Allowance` has, and at most 2 MB of it is held at once,
besides the window or dictionary that the method itself needs (64 MB at most).
"""

from __future__ import annotations

import bz2
import io
import lzma
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from dragoman.errors import DamagedFile, ReportTooLong, UnpacksTooFar

_PIECE = 1 << 16
# Of zstd, 4 bytes may stand for 128 KB, and its library takes no limit: so it gets 64 bytes at a time, for 2 MB.
_ZSTD_PIECE = 64
LARGEST_WINDOW = 1 << 26
"""Bytes: what the best level of zstd but its "ultra" ones, and of xz, need to unpack."""
BOMB_RATIO = 250
"""Text packs 3 to 20 times, and the same rows again and again some 100 times; gzip's bombs 1,000 times."""
_SMALL = 64_000_000
GIVE_PARTS = "unpack it yourself, see whether it is what you think, and give the parts that you want read"
_GIVE_FILE = "save it and give it as a file, by itself"
PACK_AGAIN = "get it again, or unpack it yourself and give what is in it"


def is_bomb(packed: int, unpacked: int) -> bool:
    """Whether more came out of so many bytes than ever does of text: over 64 MB, and over 250 times as much."""
    return unpacked > max(_SMALL, BOMB_RATIO * packed)


@dataclass(slots=True)
class Allowance:
    """How much may come out of one packed thing, and of all that is packed inside it.

    That is `most` bytes; and once they are more than 64 MB, not over 250 times what went in.
    """

    most: int
    cure: str = GIVE_PARTS
    packed: int = 0
    unpacked: int = 0

    def take(self, size: int) -> None:
        """Counts bytes that came out. Raises UnpacksTooFar where those are too many."""
        self.unpacked += size
        if self.unpacked > self.most:
            raise UnpacksTooFar(f"it unpacks to more than {self.most:,} bytes", self.cure)
        if is_bomb(self.packed, self.unpacked):
            raise UnpacksTooFar(f"it unpacks to more than {BOMB_RATIO} times its size, as a bomb does", self.cure)


def unpacked(stream: BinaryIO, coding: str, allowance: Allowance, *, inside: bool = False) -> io.BufferedReader:
    """What a compressed stream holds, to be read like a file. `coding` is one of `CODINGS`.

    Reading raises UnpacksTooFar past the allowance, DamagedFile where the stream is broken or breaks off. `inside`: the
    stream itself came out of something that counts against the same allowance.
    """
    return as_file(_counted(_pieces(stream, CODINGS[coding], None if inside else allowance), allowance))


def as_file(pieces: Iterable[bytes]) -> io.BufferedReader:
    """Bytes that come in pieces, to be read like a file."""
    return io.BufferedReader(_Pieces(iter(pieces)), _PIECE)


def seekable(stream: BinaryIO, most: int, too_long: ReportTooLong | None = None) -> BinaryIO:
    """The stream itself, or a copy of it in a temporary file, where it can only be read from front to back.

    Raises ReportTooLong, `too_long` if it is given, where more than `most` bytes would have to be copied.
    """
    if stream.seekable():
        return stream
    copy = tempfile.TemporaryFile()  # noqa: SIM115 - it goes when whoever reads it lets go of it
    while piece := stream.read(_PIECE):
        if copy.tell() + len(piece) > most:
            raise too_long or ReportTooLong(f"it is longer than {most:,} bytes", _GIVE_FILE)
        copy.write(piece)
    copy.seek(0)
    return copy


class _Decoder(Protocol):
    """As `bz2` and `lzma` have it: unpacks at most so much at a time, keeping the rest of its input."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Zlib:
    """gzip, zlib or raw deflate, which of them is told by the first byte."""

    unused_data = b""

    def __init__(self, wbits: int) -> None:
        self._wbits, self._rest = wbits, b""
        self._decoder: zlib._Decompress | None = None

    @property
    def eof(self) -> bool:
        return self._decoder is not None and self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return not self._rest

    def decompress(self, data: bytes, max_length: int) -> bytes:
        data = self._rest + data
        if self._decoder is None:  # "deflate" is zlib by the standard, and raw by habit
            raw = not self._wbits and data[0] & 0x8F != 0x08
            self._decoder = zlib.decompressobj(-zlib.MAX_WBITS if raw else self._wbits or zlib.MAX_WBITS)
        piece = self._decoder.decompress(data, max_length)
        self._rest, self.unused_data = self._decoder.unconsumed_tail, self._decoder.unused_data
        return piece


class _Brotli:
    unused_data = b""

    def __init__(self) -> None:
        import brotli

        self._decoder = brotli.Decompressor()
        self._dry = True

    @property
    def eof(self) -> bool:
        return bool(self._decoder.is_finished())

    @property
    def needs_input(self) -> bool:
        return self._dry and bool(self._decoder.can_accept_more_data())

    def decompress(self, data: bytes, max_length: int) -> bytes:
        piece = bytes(self._decoder.process(data, output_buffer_limit=max_length))
        self._dry = not piece  # it may have more to give, and still say that it takes more
        return piece


class _Zstd:
    def __init__(self) -> None:
        import zstandard

        self._decoder = zstandard.ZstdDecompressor(max_window_size=LARGEST_WINDOW).decompressobj(write_size=_PIECE)
        self._rest, self._at = b"", 0

    @property
    def eof(self) -> bool:
        return self._decoder.eof

    @property
    def needs_input(self) -> bool:
        return self._at >= len(self._rest)

    @property
    def unused_data(self) -> bytes:
        return self._decoder.unused_data + self._rest[self._at :]

    def decompress(self, data: bytes, max_length: int) -> bytes:
        if data:
            self._rest, self._at = data, 0
        self._at += _ZSTD_PIECE
        return self._decoder.decompress(self._rest[self._at - _ZSTD_PIECE : self._at])


CODINGS: dict[str, Callable[[], _Decoder]] = {
    "gzip": lambda: _Zlib(16 + zlib.MAX_WBITS),
    "deflate": lambda: _Zlib(0),
    "br": _Brotli,
    "zstd": _Zstd,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=LARGEST_WINDOW + (1 << 24)),
}
"""By the names of HTTP, where it has one: what unpacks it."""


def _pieces(stream: BinaryIO, make: Callable[[], _Decoder], allowance: Allowance | None) -> Iterator[bytes]:
    """What the stream unpacks to; several packed streams one after another are one, as gzip has it."""
    decoder, data, begun, ended = make(), b"", False, False
    while True:
        if not data and decoder.needs_input:
            data = stream.read(_PIECE)
            if allowance:
                allowance.packed += len(data)
            if not data and begun:
                raise DamagedFile("it breaks off", PACK_AGAIN)
            if not data:
                return
        if ended and not (data := data.lstrip(b"\0")):  # tapes and disk blocks are filled up with zeros
            continue
        begun, ended = True, False
        try:
            piece = decoder.decompress(data, _PIECE)
        except Exception as error:  # each library has an error of its own
            raise DamagedFile(f"it is damaged, or not what its name says ({error})", PACK_AGAIN) from error
        data = b""
        if piece:
            yield piece
        if decoder.eof:
            data = decoder.unused_data
            decoder, begun, ended = make(), False, True


def _counted(pieces: Iterator[bytes], allowance: Allowance) -> Iterator[bytes]:
    for piece in pieces:
        allowance.take(len(piece))
        yield piece


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._iterator = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._rest:
            if (piece := next(self._iterator, None)) is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


class Stretch(io.RawIOBase):
    """A stretch of a file, as a file of its own."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        self._file, self._start, self._size, self._at = file, start, size, 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Goes to another place of it."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Reads what comes next."""
        self._file.seek(self._start + self._at)
        piece = self._file.read(min(len(buffer), max(0, self._size - self._at)))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
