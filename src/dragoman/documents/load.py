"""Inputs -> reports: files, folders, JSON Lines and standard input; one bad report never stops the batch.

Invariant: every input gives at least one `Report` or `Failure`, in the order given, and a `Failure` names the
file (with the line, in JSON Lines) and the cure.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from dragoman.config import Settings
from dragoman.documents.decode import decode, kind_of_binary
from dragoman.documents.html import looks_like_page, read_article
from dragoman.documents.text import HEADER_KEYS, Origin, make_plain_report, make_report, published_day
from dragoman.errors import (
    BrokenLine,
    EmptyReport,
    NotText,
    ReportError,
    ReportTooLong,
    UnreadableFile,
    UsageError,
)
from dragoman.records import Report

STANDARD_INPUT = "-"
PAGES = frozenset({".html", ".htm"})
LINES = frozenset({".jsonl", ".ndjson"})
READ_IN_FOLDERS = PAGES | LINES | {".txt"}
# So many lines with words in them are looked at to tell JSON Lines, for the first ones may be broken.
_LOOKED_AT = 5
_LINE_CURE = 'write one JSON object a line, with the report as its "text"'


@dataclass(frozen=True, slots=True)
class Failure:
    """A report that could not be read: its file (`reports.jsonl:17` for a line), and why."""

    name: str
    error: ReportError


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What holds for every report of one call of `load`."""

    origin: Origin
    force: bool
    max_bytes: int


def load(
    inputs: Iterable[str | Path],
    *,
    published: str | date | None = None,
    outlet: str | None = None,
    force: bool = False,
    settings: Settings,
) -> Iterator[Report | Failure]:
    """The reports of the inputs, or why one cannot be read, one at a time and in order.

    An input is a file, a folder or `-` for standard input. Of a folder, and the folders in it, the .txt,
    .html, .htm, .jsonl and .ndjson files are read in order of their names; hidden ones are left out. A line
    of JSON Lines is an object with `text` and, if known, `title`, `outlet`, `published` (or `date`) and
    `url`. What a file says of its date and outlet wins over `published` and `outlet`; a `published` that
    names no day is a UsageError.
    """
    try:
        day = published_day(published)
    except ReportError as error:
        raise UsageError(error.what, error.cure) from error
    options = _Options(origin=Origin(published=day, outlet=outlet), force=force, max_bytes=settings.max_bytes)
    return chain.from_iterable(_input(given, options) for given in inputs)


def _input(given: str | Path, options: _Options) -> Iterator[Report | Failure]:
    if str(given) == STANDARD_INPUT:
        return _safely("standard input", _stream(sys.stdin.buffer, "standard input", "", options))
    return _safely(str(given), _path(Path(given), options))


def _safely(name: str, reports: Iterator[Report | Failure]) -> Iterator[Report | Failure]:
    """The reports, and a failure in place of the rest if reading breaks off."""
    try:
        yield from reports
    except OSError as error:
        yield _unreadable(name, error)


def _path(path: Path, options: _Options) -> Iterator[Report | Failure]:
    if path.is_dir():
        yield from _folder(path, options)
    else:
        with path.open("rb") as stream:
            yield from _stream(stream, str(path), path.suffix.lower(), options)


def _folder(path: Path, options: _Options) -> Iterator[Report | Failure]:
    errors: list[OSError] = []
    files = sorted(_files_in(path, errors))
    for file in files:
        yield from _safely(str(file), _path(file, options))
    for error in errors:
        yield _unreadable(str(error.filename), error)
    if not files and not errors:
        kinds = ", ".join(sorted(READ_IN_FOLDERS))
        cure = f"put files in it whose names end in {kinds}"
        yield Failure(str(path), UnreadableFile(f"{path} holds no reports", cure))


def _files_in(folder: Path, errors: list[OSError]) -> Iterator[Path]:
    """The files to read in a folder and under it; linked folders are not entered, so there is no circle.

    Folders that cannot be listed go to `errors`.
    """
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and Path(name).suffix.lower() in READ_IN_FOLDERS:
                yield Path(parent, name)


def _unreadable(name: str, error: OSError) -> Failure:
    cure = "check the path" if isinstance(error, FileNotFoundError) else "check that you may read it"
    return Failure(name, UnreadableFile(f"{name} cannot be read ({error.strerror or error})", cure))


def _stream(stream: BinaryIO, name: str, suffix: str, options: _Options) -> Iterator[Report | Failure]:
    """The reports of an open file; a suffix that does not tell its kind leaves that to its first lines."""
    lines = _limited_lines(stream, options.max_bytes)
    head = [] if suffix in PAGES | LINES else _head(lines, options.max_bytes)
    if suffix in LINES or any(map(_is_report_line, head[-1:])):
        yield from _lines(chain(head, lines), name, options)
        return
    start = b"".join(head)
    data = start + stream.read(max(0, options.max_bytes + 1 - len(start)))
    yield _tried(name, lambda: _single(data, suffix, options))


def _head(lines: Iterator[bytes], most: int) -> list[bytes]:
    """The lines up to the first that is a report, which is the last one then; else those that were looked at.

    Past the limit only lines that look like JSON are worth a look: of prose, no more is needed to refuse it.
    """
    head: list[bytes] = []
    size = looked_at = 0
    for line in lines:
        head.append(line)
        size += len(line)
        looked_at += bool(line.strip())
        over = size > most and not line.lstrip().startswith(b"{")
        if looked_at == _LOOKED_AT or over or _is_report_line(line):
            break
    return head


def _single(data: bytes, suffix: str, options: _Options) -> Report:
    """The one report of a page or of plain text."""
    _check_length(data, options.max_bytes)
    if suffix == ".json":
        raise BrokenLine("it is not JSON Lines", 'write each report on one line, as an object with "text"')
    page = suffix in PAGES or looks_like_page(data[:4096].decode("latin-1").removeprefix("\xef\xbb\xbf"))
    text = decode(data, page=page)
    if not page:
        return make_plain_report(text, options.origin, force=options.force)
    article, origin = read_article(text)
    report = make_report(article, **asdict(origin.over(options.origin)), force=options.force)
    # The article's text was put together from the page's tree: no offset leads back to the file.
    return replace(report, offsets=None)


def _lines(lines: Iterator[bytes], name: str, options: _Options) -> Iterator[Report | Failure]:
    """The reports of JSON Lines, read line by line; a broken line is a failure of its own."""
    first = next(lines, b"")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or kind_of_binary(first) or b"\0" in first:
        yield Failure(name, NotText(f"{name}: it is binary or UTF-16, not JSON Lines", "save it as UTF-8 text"))
        return
    empty = True
    for number, line in enumerate(chain([first], lines), start=1):
        if line.strip():
            empty = False
            yield _tried(f"{name}:{number}", partial(_line_report, line, options))
    if empty:
        yield Failure(name, EmptyReport(f"{name}: it is empty", "give a file with reports in it"))


def _limited_lines(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """The lines of the stream; of one over the limit only so much that it is seen to be over.

    The rest of such a line is passed over when the next one is asked for.
    """
    while line := stream.readline(most + 1):
        yield line
        if len(line) > most:
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)


def _line_report(line: bytes, options: _Options) -> Report:
    _check_length(line.rstrip(b"\r\n"), options.max_bytes)
    try:
        row = json.loads(line)
    except RecursionError as error:
        raise BrokenLine("it is nested too deep", _LINE_CURE) from error
    except ValueError as error:
        raise BrokenLine(f"it is not JSON ({error})", _LINE_CURE) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BrokenLine('it is not a report: no object with a "text"', _LINE_CURE)
    row["published"] = row.get("published") or row.get("date")
    if wrong := [key for key in HEADER_KEYS if not isinstance(row.get(key), str | None)]:
        raise BrokenLine(f'its "{wrong[0]}" is not text', "put it in quotation marks, or leave it out")
    origin = Origin(**{key: row.get(key) for key in HEADER_KEYS}).over(options.origin)
    return make_report(row["text"], **asdict(origin), force=options.force)


def _is_report_line(line: bytes) -> bool:
    """Whether a line is a JSON object with a text, so that the others are JSON Lines too."""
    if not line.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        return False
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "text" in row


def _check_length(data: bytes, most: int) -> None:
    if len(data) > most:
        raise ReportTooLong(
            f"it is longer than {most:,} bytes", "cut it, or raise the limit: set DRAGOMAN_MAX_BYTES to more"
        )


def _tried(name: str, make: Callable[[], Report]) -> Report | Failure:
    """What `make` gives, or the failure that it meets, with the name of the file put to the message."""
    try:
        return make()
    except ReportError as error:
        return Failure(name, type(error)(f"{name}: {error.what}", error.cure))
    except Exception as error:  # a fault of ours in one report must not cost the others
        what = f"{name}: a fault in Dragoman itself ({type(error).__name__}: {error})"
        fault = ReportError(what, "report it, with the file if you may; `dragoman --debug` shows where it happened")
        fault.__cause__ = error
        return Failure(name, fault)
