"""Compressed streams and zip members: what went in comes out, in bounds, and what is cut or garbled is told."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from dragoman.documents.unpack import Allowance, seekable, unpacked
from dragoman.documents.zips import open_member, open_zip
from dragoman.errors import DamagedFile, EncryptedFile, ReportTooLong, UnpacksTooFar, UnsafeArchive

from .bombs import zipped

DATA = random.Random(7).randbytes(100_000) + b"The army fled the town on Monday. " * 10_000


def raw_deflated(data: bytes) -> bytes:
    """Deflate without a header, as some servers send it."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKED: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw": ("deflate", raw_deflated),
    "brotli": ("br", lambda data: brotli.compress(data, quality=4)),
    "zstd": ("zstd", zstandard.compress),
    "bzip2": ("bzip2", bz2.compress),
    "xz": ("xz", lzma.compress),
}
each = pytest.mark.parametrize(("coding", "pack"), PACKED.values(), ids=PACKED)


def unpack(data: bytes, coding: str, most: int = 10_000_000) -> bytes:
    return unpacked(io.BytesIO(data), coding, Allowance(most)).read()


@each
@pytest.mark.parametrize("data", [DATA, b"a", b""], ids=["long", "short", "empty"])
def test_what_went_in_comes_out(coding: str, pack: Callable[[bytes], bytes], data: bytes) -> None:
    assert unpack(pack(data), coding) == data


@each
def test_a_stream_that_breaks_off_is_told(coding: str, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(DATA)
    for cut in (1, 3, 10, len(packed) // 2, len(packed) - 1):
        with pytest.raises(DamagedFile, match="breaks off"):
            unpack(packed[:cut], coding)


@each
def test_a_garbled_stream_never_raises_another_error(coding: str, pack: Callable[[bytes], bytes]) -> None:
    packed, chance = pack(DATA[99_000:110_000]), random.Random(5)
    for _ in range(60):
        garbled = bytearray(packed)
        garbled[chance.randrange(min(200, len(packed)))] = chance.randrange(256)
        try:
            unpack(bytes(garbled), coding)
        except (DamagedFile, UnpacksTooFar) as error:
            assert error.cure


@each
def test_no_more_comes_out_than_allowed(coding: str, pack: Callable[[bytes], bytes]) -> None:
    assert len(unpack(pack(DATA), coding, len(DATA))) == len(DATA)
    with pytest.raises(UnpacksTooFar, match="more than 99,999 bytes"):
        unpack(pack(DATA), coding, 99_999)


@pytest.mark.parametrize("name", ["gzip", "zstd", "bzip2", "xz"])
def test_several_streams_are_one(name: str) -> None:
    coding, pack = PACKED[name]
    assert unpack(pack(b"a") + pack(b"b" * 70_000) + pack(b"") + pack(b"c"), coding) == b"a" + b"b" * 70_000 + b"c"
    for zeros in (1_024, 200_000):  # as tapes fill up blocks
        assert unpack(pack(b"a") + bytes(zeros), coding) == b"a"
        assert unpack(pack(b"a") + bytes(zeros) + pack(b"b"), coding) == b"ab"


def test_lines_can_be_read_from_it() -> None:
    lines = unpacked(io.BytesIO(gzip.compress(b"one\ntwo\n\nthree")), "gzip", Allowance(100))
    assert list(lines) == [b"one\n", b"two\n", b"\n", b"three"]


def test_text_that_packs_well_is_no_bomb() -> None:
    rows = b'{"text": "The army fled the town on Monday, two senior officials said."}\n' * 500_000
    assert len(unpack(gzip.compress(rows), "gzip", 100_000_000)) == len(rows) > 30_000_000


def test_what_lies_inside_counts_against_the_same_allowance() -> None:
    allowance = Allowance(150_000)
    outer = unpacked(io.BytesIO(gzip.compress(gzip.compress(DATA[:100_000]))), "gzip", allowance)
    inner = unpacked(outer, "gzip", allowance, inside=True)
    with pytest.raises(UnpacksTooFar):
        inner.read()


def test_a_stream_without_a_way_back_is_copied() -> None:
    copy = seekable(unpacked(io.BytesIO(gzip.compress(b"abc")), "gzip", Allowance(10)), 3)
    assert (copy.read(), copy.seek(1), copy.read()) == (b"abc", 1, b"bc")
    with pytest.raises(ReportTooLong, match="as a file"):
        seekable(unpacked(io.BytesIO(gzip.compress(b"abcd")), "gzip", Allowance(10)), 3)


def test_members_of_an_archive() -> None:
    archive = open_zip(io.BytesIO(zipped(("a/b.txt", b"one"), ("c.txt", b"two"))), Allowance(6))
    assert open_member(archive, "a/b.txt").read() == b"one"
    assert open_member(archive, "c.txt").read(2) == b"tw"
    with pytest.raises(DamagedFile, match="there is no d"):
        open_member(archive, "d.txt")
    with pytest.raises(UnpacksTooFar):
        open_zip(io.BytesIO(zipped(("a.txt", b"seven b"))), Allowance(6))


def test_an_archive_cut_or_garbled_anywhere_gives_a_clear_error_or_what_is_in_it() -> None:
    whole, chance = zipped(("a.txt", b"one" * 50), ("b.txt", b"two" * 50)), random.Random(3)
    broken = [whole[:cut] for cut in range(0, len(whole), 5)]
    for _ in range(300):
        garbled = bytearray(whole)
        garbled[chance.randrange(len(whole))] = chance.randrange(256)
        broken.append(bytes(garbled))
    for data in broken:
        try:
            archive = open_zip(io.BytesIO(data), Allowance(10_000))
            assert all(len(open_member(archive, name).read()) <= 10_000 for name in archive.namelist())
        except (DamagedFile, UnsafeArchive, UnpacksTooFar, EncryptedFile) as error:
            assert error.cure
