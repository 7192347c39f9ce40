"""Packed files: gzip, bzip2, xz and zstd by the name inside (`reports.jsonl.gz`), and zip archives of reports.

Invariant: all that comes out of one packed file, however deep it lies in it, counts against one allowance; and one bad
member of an archive costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from dragoman.documents import archives, word
from dragoman.documents.incoming import Failure, Options, ReadsFile, safely
from dragoman.documents.unpack import Allowance, seekable, unpacked
from dragoman.documents.zips import open_member, open_zip, shown
from dragoman.errors import NotText, UnreadableFile, UnsafeArchive
from dragoman.records import Report

_DEEPEST = 3
_OFFICE = {
    "xl/workbook.xml": "a spreadsheet",
    "ppt/presentation.xml": "a set of slides",
    "content.xml": "an OpenDocument file",
}
_CURE = (
    "unpack it yourself, see whether it is what you think, and give the parts; "
    "or set DRAGOMAN_MAX_UNPACKED_BYTES to more"
)
_SAVE_AS = "save it as .docx, .csv or plain text and give that"


def read_packed(coding: str, suffix: str) -> ReadsFile:
    """The reader of files that are packed by one method, and whose names end so."""

    def read(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
        from dragoman.documents.load import read_stream  # which knows this module, too

        inside = replace(_deeper(options), fetch=options.fetch)  # it is one file, as if it were not packed
        plain = unpacked(stream, coding, _allowance(inside), inside=options.depth > 0)
        inner = name[: -len(suffix)] if name.lower().endswith(suffix) else ""
        yield from read_stream(plain, name, inside, inner=inner)

    return read


def read_zip(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a zip archive; or of a Word document or a WACZ file, which are such archives, too."""
    inside = _deeper(options)
    stream = seekable(stream, options.settings.max_unpacked_bytes)
    archive = open_zip(stream, _allowance(inside), inside=options.depth > 0)
    names = archive.namelist()
    if word.is_word(names):
        yield from word.read_word(stream, name, options)
        return
    if archives.is_wacz(names):
        yield from archives.read_wacz(stream, name, options)
        return
    if office := next((_OFFICE[part] for part in names if part in _OFFICE), None):
        raise NotText(f"it is {office}", _SAVE_AS)
    members = [member for member in archive.infolist() if _is_report(member.filename)]
    if not members:
        raise UnreadableFile("it holds no reports", "pack files in it of the kinds that are read")
    for member in members:
        inner = f"{name}/{shown(member.filename)}"
        yield from safely(inner, _member(archive, member, inner, inside))


def _member(archive: ZipFile, member: ZipInfo, name: str, inside: Options) -> Iterator[Report | Failure]:
    from dragoman.documents.load import read_stream

    with open_member(archive, member) as opened:
        yield from read_stream(opened, name, inside, inner=member.filename)


def _is_report(member: str) -> bool:
    """Whether a member is read: as in folders, what is of a known kind and not hidden."""
    from dragoman.documents import kinds

    hidden = any(part.startswith((".", "__MACOSX")) and part != ".." for part in PurePosixPath(member).parts)
    return not member.endswith("/") and not hidden and kinds.by_name(member) is not None


def _allowance(options: Options) -> Allowance:
    assert options.allowance is not None
    return options.allowance


def _deeper(options: Options) -> Options:
    """The options for what lies in a packed file."""
    if options.depth == _DEEPEST:
        raise UnsafeArchive(
            f"it is packed more than {_DEEPEST} times over", "unpack it yourself and give what is in it"
        )
    most = options.settings.max_unpacked_bytes
    return replace(options, fetch=None, depth=options.depth + 1, allowance=options.allowance or Allowance(most, _CURE))
