"""Where the members of a zip lie in its file: a sound one holds the same for whoever reads it from its list of members
and for whoever reads it from its start.

Invariant: each byte of a sound zip belongs to a member, to the list of members or to its end.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import IO
from zipfile import ZIP_DEFLATED, ZipInfo

_HEADER = struct.Struct("<4s22xHH")
"""Before a member's name: a mark, and how long the name and what stands between it and the content are."""
_SIGNED = b"PK\3\4"
_DESCRIBED = 1 << 3
"""The flag of a member whose sizes stand behind its content."""
_DESCRIPTIONS = (12, 16, 20, 24)
"""Bytes that these may take."""
_LISTED = 46
"""Bytes of a member in the list, besides what is as long as it is."""
_ENDS = {22: b"PK\5\6", 98: b"PK\6\6"}
"""Bytes after the list, and how they begin: of a zip without a comment, and of a large one."""
_AT_ONCE = 1 << 16


def misplaced(file: IO[bytes], members: Sequence[ZipInfo], listed_at: int, size: int) -> Iterator[tuple[str, str]]:
    """What does not lie as it should: the name of a member or of the list, and what is wrong.

    `listed_at` is where the list of members begins, `size` how long the file is.
    """
    last, ends = "the pack", {0}
    for member in sorted(members, key=lambda one: one.header_offset):
        yield from _next(last, ends, member.header_offset)
        content = _content_at(file, member)
        if not _is_whole(file, member, content):
            yield member.filename, "has more in it than its content"
        end = content + member.compress_size
        described = member.flag_bits & _DESCRIBED
        last, ends = member.filename, {end + more for more in _DESCRIPTIONS} if described else {end}
    yield from _next(last, ends, listed_at)
    end = listed_at + sum(_LISTED + len(m.orig_filename) + len(m.extra) + len(m.comment) for m in members)
    file.seek(end)
    if file.read(4) != _ENDS.get(size - end):
        yield "the pack", "goes on after its end"


def _next(last: str, ends: set[int], start: int) -> Iterator[tuple[str, str]]:
    """What is wrong where one member ends and the next begins."""
    if start < min(ends):
        yield last, "lies over the file after it"
    elif start not in ends:
        yield last, "is followed by bytes that belong to no file"


def _content_at(file: IO[bytes], member: ZipInfo) -> int:
    """Where the content of a member begins; nowhere sensible where there is no member."""
    file.seek(member.header_offset)
    header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(_SIGNED):
        return member.header_offset
    _, name, besides = _HEADER.unpack(header)
    return member.header_offset + _HEADER.size + int(name) + int(besides)


def _is_whole(file: IO[bytes], member: ZipInfo, content: int) -> bool:
    """Whether a deflated member goes to the very end of where it lies: what reads from the start goes on behind it."""
    if member.compress_type != ZIP_DEFLATED:
        return True
    file.seek(content)
    inflate, left, long = zlib.decompressobj(-zlib.MAX_WBITS), member.compress_size, 0
    try:
        while left and not inflate.eof and long <= member.file_size:
            piece = inflate.unconsumed_tail or file.read(min(left, _AT_ONCE))
            if not piece:
                break
            long += len(inflate.decompress(piece, _AT_ONCE))
            left -= len(piece) - len(inflate.unconsumed_tail) - len(inflate.unused_data)
        return inflate.eof and not left
    except zlib.error:
        return True  # it is damaged, which is told when it is read
