"""How large the pages of a Parquet column say they are, read from their headers before anything is unpacked.

Parquet's library unpacks a page whole, whatever its size; so the sizes must be known to be bounded first. The headers
are in Thrift's compact protocol: `PageHeader` of the format has the two sizes as its fields 2 and 3.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from dragoman.errors import DamagedFile

_LONGEST_HEADER = 1 << 16
_DEEPEST = 16
_UNPACKED_SIZE, _PACKED_SIZE = 2, 3
_TRUE, _FALSE, _BYTE, _I16, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12


def page_sizes(stream: BinaryIO, chunk: Any) -> Iterator[int]:
    """The unpacked size in bytes of each page of a column chunk (pyarrow's metadata of it)."""
    at = min(filter(None, (chunk.dictionary_page_offset, chunk.data_page_offset)), default=0)
    end = at + chunk.total_compressed_size
    while at < end:
        stream.seek(at)
        header = _Compact(stream.read(_LONGEST_HEADER))
        sizes = header.struct()
        unpacked, packed = sizes.get(_UNPACKED_SIZE, -1), sizes.get(_PACKED_SIZE, -1)
        if unpacked < 0 or packed < 0:
            raise _damaged()
        yield unpacked
        at += header.at + packed


def _damaged() -> DamagedFile:
    return DamagedFile("the header of a page in it is damaged", "write it again")


class _Compact:
    """Values in Thrift's compact protocol, one after another. Whatever is wrong with them is a DamagedFile error."""

    def __init__(self, data: bytes) -> None:
        self._stream, self._data = io.BytesIO(data), data

    @property
    def at(self) -> int:
        """How many bytes were read."""
        return self._stream.tell()

    def struct(self, depth: int = 0) -> dict[int, int]:
        """The whole numbers among the fields of a struct; all else is passed over."""
        if depth > _DEEPEST:
            raise _damaged()
        numbers: dict[int, int] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._number()
            if head & 15 in (_TRUE, _FALSE):  # the value is in the type
                continue
            value = self._value(head & 15, depth)
            if value is not None:
                numbers[field] = max(value, numbers.get(field, value))
        return numbers

    def _value(self, kind: int, depth: int) -> int | None:
        if _I16 <= kind <= _I64:
            return self._number()
        if kind in (_TRUE, _FALSE, _BYTE):  # as an element of a list, a truth value has a byte of its own
            self._skip(1)
        elif kind == _DOUBLE:
            self._skip(8)
        elif kind == _BINARY:
            self._skip(self._varint())
        elif kind == _STRUCT:
            self.struct(depth + 1)
        elif kind in (_LIST, _SET):
            head = self._byte()
            self._values([head & 15], self._varint() if head >> 4 == 15 else head >> 4, depth)
        elif kind == _MAP:
            if size := self._varint():
                kinds = self._byte()
                self._values([kinds >> 4, kinds & 15], size, depth)
        else:
            raise _damaged()
        return None

    def _values(self, kinds: list[int], count: int, depth: int) -> None:
        if count > len(self._data) or depth > _DEEPEST:
            raise _damaged()
        for _ in range(count):
            for kind in kinds:
                self._value(kind, depth + 1)

    def _number(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 63:
                raise _damaged()
        return value | byte << shift

    def _byte(self) -> int:
        if not (byte := self._stream.read(1)):
            raise _damaged()
        return byte[0]

    def _skip(self, size: int) -> None:
        if size > len(self._data) - self.at:
            raise _damaged()
        self._stream.seek(size, io.SEEK_CUR)
