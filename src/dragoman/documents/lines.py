"""JSON Lines: one report a line, as an object with its `text`.

Invariant: every line with anything in it gives a report or a failure of its own, and no line, however long, takes more
memory than the longest report that is read.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import BinaryIO

from dragoman.documents.decode import kind_of_binary
from dragoman.documents.incoming import Failure, Options, check_length, tried
from dragoman.documents.text import HEADER_KEYS, Origin, make_report
from dragoman.errors import BrokenLine, EmptyReport, NotText
from dragoman.records import Report

# So many lines with words in them are looked at to tell JSON Lines, for the first ones may be broken.
_LOOKED_AT = 5
_CURE = 'write one JSON object a line, with the report as its "text"'


def read_lines(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of JSON Lines, read line by line; a broken line is a failure of its own."""
    return reports(limited_lines(stream, options.settings.max_bytes), name, options)


def reports(lines: Iterator[bytes], name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of lines that were read already."""
    first = next(lines, b"")
    if first[:2] in (b"\xff\xfe", b"\xfe\xff") or kind_of_binary(first) or b"\0" in first:
        yield Failure(name, NotText(f"{name}: it is binary or UTF-16, not JSON Lines", "save it as UTF-8 text"))
        return
    empty = True
    for number, line in enumerate(chain([first], lines), start=1):
        if line.strip():
            empty = False
            yield tried(f"{name}:{number}", partial(_report, line, options))
    if empty:
        yield Failure(name, EmptyReport(f"{name}: it is empty", "give a file with reports in it"))


def limited_lines(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """The lines of the stream; of one over the limit only so much that it is seen to be over.

    The rest of such a line is passed over when the next one is asked for.
    """
    while line := stream.readline(most + 1):
        yield line
        if len(line) > most:
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)


def head(lines: Iterator[bytes], most: int) -> list[bytes]:
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
        if looked_at == _LOOKED_AT or over or is_report(line):
            break
    return head


def is_report(line: bytes) -> bool:
    """Whether a line is a JSON object with a text, so that the others are JSON Lines too."""
    if not line.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        return False
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "text" in row


def _report(line: bytes, options: Options) -> Report:
    check_length(line.rstrip(b"\r\n"), options.settings.max_bytes)
    try:
        row = json.loads(line)
    except RecursionError as error:
        raise BrokenLine("it is nested too deep", _CURE) from error
    except ValueError as error:
        raise BrokenLine(f"it is not JSON ({error})", _CURE) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise BrokenLine('it is not a report: no object with a "text"', _CURE)
    row["published"] = row.get("published") or row.get("date")
    if wrong := [key for key in HEADER_KEYS if not isinstance(row.get(key), str | None)]:
        raise BrokenLine(f'its "{wrong[0]}" is not text', "put it in quotation marks, or leave it out")
    origin = Origin(**{key: row.get(key) for key in HEADER_KEYS}).over(options.origin)
    return make_report(row["text"], **asdict(origin), force=options.force)
