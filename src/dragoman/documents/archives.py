"""Web archives: the pages of WARC files, and of WACZ files with WARC files in them.

Invariant: every answer of a server that holds a page or a document is counted once: as a report, a failure, or among
those that gave no report, which one message at the end sums up. An archive of a day's crawl holds thousands of them.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from dragoman.documents import answers, warc
from dragoman.documents.answers import Answer
from dragoman.documents.decode import recoded
from dragoman.documents.incoming import Failure, Options
from dragoman.documents.text import web_address
from dragoman.documents.unpack import Allowance, Stretch, seekable
from dragoman.documents.zips import open_member, open_zip, shown
from dragoman.errors import (
    DamagedFile,
    EmptyReport,
    NoArticle,
    NotText,
    OtherLanguage,
    PassedOver,
    ReportError,
    ReportTooLong,
    UnpacksTooFar,
)
from dragoman.records import Capture, Report

if TYPE_CHECKING:
    from dragoman.documents.kinds import Kind

_READ = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/pdf"})
"""Media types of answers that may be reports."""

_LONGEST_HEADERS = 1 << 16
# What comes through a pipe is laid down on the disk first, whatever its length: where it is damaged, some of it is gone
# over twice.
_LONGEST_PIPE = sys.maxsize
_MOST_DAMAGES, _MOST_NAMED = 100, 2
_PART = re.compile(r"archive/[^/]+\.warc(\.gz|\.zst)?", re.IGNORECASE)
_ABOUT = "datapackage.json"
_LOCAL_HEADER = b"PK\x03\x04"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z", re.ASCII)
_GET_AGAIN = "get the archive again if you can; all else in it is read"
_WHY: dict[type[ReportError], str] = {
    NoArticle: "without an article",
    OtherLanguage: "not in English",
    EmptyReport: "without words",
    NotText: "that are no text",
    ReportTooLong: "too long",
    UnpacksTooFar: "too long",
}
"""For what reasons an answer gives no report, though nothing is wrong with the archive."""

_CUT = "cut off"
"""What is said of pages of which the archive has only the beginning."""
_NO_ANSWERS = {
    "revisit": "that came again unchanged (revisit)",
    "resource": "that no server answered with (resource)",
    "conversion": "that were made of another (conversion)",
}
"""Types of records that may hold a page, and are not read."""


def read_warc(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a WARC file, plain or packed with gzip or zstd."""
    pages = _Pages(name, options)
    yield from pages.read(name, warc.records(seekable(stream, _LONGEST_PIPE), name, pages.most))
    yield from pages.summed_up()


def read_wacz(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a WACZ file; where its list of files is damaged, those of all records that are found in it."""
    file = seekable(stream, _LONGEST_PIPE)
    pages = _Pages(name, options)
    try:
        parts = _parts(file, options)
    except ReportError as error:
        cure = error.cure if isinstance(error, UnpacksTooFar) else _GET_AGAIN
        yield Failure(name, type(error)(f"{name}: {error.what}", cure))
        yield from pages.read(name, warc.scattered(file, pages.most))
    else:
        for part, opened in parts:
            yield from pages.read(f"{name}/{shown(part)}", warc.records(opened, part, pages.most))
    yield from pages.summed_up()


def is_wacz(names: Sequence[str]) -> bool:
    """Whether a zip archive with such files in it is a WACZ file."""
    return _ABOUT in names and any(map(_PART.fullmatch, names))


def _parts(file: BinaryIO, options: Options) -> list[tuple[str, BinaryIO]]:
    """The WARC files in a WACZ file, by name."""
    archive = open_zip(file, Allowance(_LONGEST_PIPE))
    members = sorted(filter(lambda member: _PART.fullmatch(member.filename), archive.infolist()), key=_by_name)
    if not members:
        raise DamagedFile("there is no WARC file in it, or its list of files is damaged", _GET_AGAIN)
    most = options.settings.max_unpacked_bytes
    if sum(member.file_size for member in members if member.compress_type != zipfile.ZIP_STORED) > most:
        cure = "raise the limit: set DRAGOMAN_MAX_UNPACKED_BYTES to more"
        raise UnpacksTooFar(f"it unpacks to more than {most:,} bytes", cure)
    return [(member.filename, _opened(file, archive, member)) for member in members]


def _by_name(member: zipfile.ZipInfo) -> str:
    return member.filename


def _opened(file: BinaryIO, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> BinaryIO:
    """A member as a file: where it lies in the archive as it is, as the standard asks for, or else a copy."""
    if member.compress_type != zipfile.ZIP_STORED or member.flag_bits & 1:
        return seekable(open_member(archive, member), _LONGEST_PIPE)
    file.seek(member.header_offset)
    header = file.read(30)
    if not header.startswith(_LOCAL_HEADER) or len(header) < 30:
        raise DamagedFile("its list of files is damaged", _GET_AGAIN)
    name, extra = int.from_bytes(header[26:28], "little"), int.from_bytes(header[28:30], "little")
    return io.BufferedReader(Stretch(file, member.header_offset + 30 + name + extra, member.file_size))


def _kind(media_type: str) -> Kind | None:
    """The kind of answers of a media type; None where they are no reports."""
    from dragoman.documents import kinds  # which knows this module, too

    return kinds.by_media_type(media_type) if media_type in _READ else None


# --- what became of the pages ---------------------------------------------------------------------


class _Pages:
    """The pages of one archive, read and counted."""

    def __init__(self, name: str, options: Options) -> None:
        self._name, self._options = name, options
        self._reports = self._damages = 0
        self._without: dict[str, list[str]] = {}
        self._counts: Counter[str] = Counter()
        self._besides: Counter[str] = Counter()
        self.most = max(options.settings.max_bytes, options.settings.max_file_bytes) + _LONGEST_HEADERS
        """Bytes of a record's block that are wanted."""

    def read(self, part: str, found: Iterator[warc.Record | warc.Damage]) -> Iterator[Report | Failure]:
        """The reports of the records of a file, called `part`, and each damage in it."""
        for one in found:
            if isinstance(one, warc.Record):
                yield from self._read(one)
            else:
                self._damages += 1
                if self._damages <= _MOST_DAMAGES:
                    what = f"{part}: at byte {one.offset:,} {one.why}"
                    yield Failure(f"{part}:{one.offset}", DamagedFile(what, _GET_AGAIN))

    def _read(self, record: warc.Record) -> Iterator[Report | Failure]:
        record_type = record.fields["warc-type"].lower()
        if record_type in _NO_ANSWERS:
            self._besides[_NO_ANSWERS[record_type]] += 1
        if record_type != "response":
            return
        address = record.fields.get("warc-target-uri", "").strip("<>")
        if record.block is None:
            self._besides["longer than any page or document that is read"] += 1
            return
        answer = answers.parsed(record.block)
        if answer is None or answer.status != 200:
            self._besides["with another status than 200"] += 1
        elif not (kind := _kind(answer.media_type)) or address.endswith("/robots.txt"):
            self._besides["that are no page or document"] += 1
        else:
            yield from self._reports_of(answer, kind, address, record.fields)

    def _reports_of(
        self, answer: Answer, kind: Kind, address: str, fields: Mapping[str, str]
    ) -> Iterator[Report | Failure]:
        settings, date = self._options.settings, fields.get("warc-date", "")
        is_cut = answer.is_cut or "warc-truncated" in fields
        most = settings.max_bytes if kind.text else settings.max_file_bytes
        try:
            payload = answer.payload(most)
        except UnpacksTooFar:
            payload = None
        if payload is None or len(payload) > most:
            self._note("too long", address)
            return
        capture = Capture(
            address=address,
            captured_at=date if _MOMENT.fullmatch(date) else None,
            sha256=sha256(payload).hexdigest(),
            size=len(payload),
            media_type=answer.media_type,
            status=answer.status,
            headers=answer.headers,
        )
        content = recoded(payload, answer.charset) if kind.text else payload
        for item in kind.read(io.BytesIO(content), address, self._options):
            if isinstance(item, Report):
                self._reports += 1
                if is_cut:
                    self._note(_CUT, address)
                yield replace(item, url=web_address(address), capture=capture)
            elif type(item.error) is ReportError:  # a fault of ours
                yield item
            else:
                self._note(_WHY.get(type(item.error), "that cannot be read"), address)

    def _note(self, why: str, address: str) -> None:
        self._counts[why] += 1
        named = self._without.setdefault(why, [])
        if len(named) < _MOST_NAMED:
            named.append(shown(address))

    def summed_up(self) -> Iterator[Failure]:
        """What gave no report, or a part of one, in one message, and further damage in another."""
        name, further = self._name, self._damages - _MOST_DAMAGES
        if further > 0:
            yield Failure(name, DamagedFile(f"{name}: it is damaged at {further:,} places more", _GET_AGAIN))
        told = [self._told(why) for why in self._counts if why != _CUT]
        told += [f"{count:,} {what}" for what, count in self._besides.items() if count]
        passed_over = f"; passed over: {', '.join(told)}" * bool(told)
        cut = f", {self._told(_CUT)}" if _CUT in self._counts else ""
        if not self._reports:
            yield Failure(name, EmptyReport(f"{name} holds no report{passed_over}", "give an archive of news pages"))
        elif told or cut:
            reports = f"{self._reports:,} report{'s' * (self._reports > 1)}{cut}"
            cure = "most web archives hold such answers; nothing needs to be done"
            yield Failure(name, PassedOver(f"{name}: {reports}{passed_over}", cure))

    def _told(self, why: str) -> str:
        """Of how many pages that is so, and the first of them."""
        count, named = self._counts[why], self._without[why]
        return f"{count:,} {why} ({'such as ' * (count > len(named))}{', '.join(named)})"
