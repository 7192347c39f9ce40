"""The records of a WARC file: plain, or with each record packed by itself with gzip or zstd.

Invariant: a record that no damage touches is given, wherever the file was cut or garbled, and each damage is told with
its offset in the file. One record is held at a time, of a block over the limit nothing, and what is gone over again
after damage is a few times the file's length at most.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from dragoman.documents.warc_bytes import GZIP, NO_RECORD, Damaged, Packing, Source, packing_of, read_at

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
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
    try:
        packing, begin = packing_of(file, name)
    except Damaged as damage:
        yield Damage(0, str(damage))
    else:
        yield from _walk(file, packing, most, begin)


def scattered(file: BinaryIO, most: int) -> Iterator[Record | Damage]:
    """The records packed with gzip that lie anywhere in a file, with other things between them, and damage in them."""
    begin = GZIP.find(file, 0)
    for found in _walk(file, GZIP, most, begin) if begin is not None else ():
        if isinstance(found, Record) or found.why != NO_RECORD:
            yield found


def _walk(file: BinaryIO, packing: Packing, most: int, offset: int | None) -> Iterator[Record | Damage]:
    again, lost = 0, False
    while offset is not None and read_at(file, offset, 1):
        source = packing.open(file, offset)
        began = offset
        try:
            while source.goes_on():
                began = source.offset
                yield _record(source, most)
                began, lost = source.offset, False
            offset = source.position
        except Damaged as damage:
            if not (lost and str(damage) == NO_RECORD):
                yield Damage(began, str(damage))
            lost = True
            again += source.position - began
            back = again < max(_AGAIN_SMALL, _AGAIN * began)
            offset = packing.find(file, began + 1 if back else max(began + 1, source.position))


def _record(source: Source, most: int) -> Record:
    """The record at which a source stands, once all of it is known to be whole."""
    offset = source.offset
    if not source.begins_record():
        raise Damaged(NO_RECORD)
    fields = _fields(source.head())
    if "warc-type" not in fields or not re.fullmatch(r"\d{1,18}", fields.get("content-length", ""), re.ASCII):
        raise Damaged("a record does not say what it is, or how long")
    length = int(fields["content-length"])
    block = bytes(source.take(length)) if length <= most else None
    if (source.skip(length) if block is None else len(block)) < length:
        raise Damaged("a record is cut off")
    if not source.ends_record():
        raise Damaged("a record is not as long as it says")
    if block is not None and not source.checked and not _fits(fields.get("warc-block-digest", ""), block):
        raise Damaged("a record is garbled: it does not fit its own digest")
    return Record(offset, fields, block)


def _fields(head: bytes) -> dict[str, str]:
    """The fields of a head, the first of each name; a line that begins with a space goes on with the one before."""
    if _CONTROL.search(head):
        raise Damaged("a record's head is garbled")
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
