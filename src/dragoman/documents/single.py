"""One report from the bytes of a page or of plain text, or from paragraphs, whoever brought them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from itertools import chain
from typing import BinaryIO

from dragoman.documents import lines
from dragoman.documents.clean import one_line
from dragoman.documents.decode import decode
from dragoman.documents.html import looks_like_page, read_article
from dragoman.documents.incoming import Failure, Options, check_length, tried
from dragoman.documents.text import Origin, make_plain_report, make_report
from dragoman.errors import BrokenLine, ReportTooLong
from dragoman.records import Capture, Report

_TITLE_WITHIN = 2_000


def read_page(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The article of an HTML page."""
    data = stream.read(options.settings.max_bytes + 1)
    yield tried(name, lambda: page_report(data, options))


def read_text(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a file whose name tells nothing: the first lines tell JSON Lines, the start a page, or text."""
    most = options.settings.max_bytes
    limited = lines.limited_lines(stream, most)
    head = lines.head(limited, most)
    if any(map(lines.is_report, head[-1:])):
        yield from lines.reports(chain(head, limited), name, options)
        return
    start = b"".join(head)
    data = start + stream.read(max(0, most + 1 - len(start)))
    yield tried(name, lambda: _single(data, name, options))


def _single(data: bytes, name: str, options: Options) -> Report:
    if name.lower().endswith(".json"):
        raise BrokenLine("it is not JSON Lines", 'write each report on one line, as an object with "text"')
    return single_report(data, options)


def single_report(data: bytes, options: Options) -> Report:
    """The report of a page or of plain text: the bytes tell which. Raises a ReportError."""
    if looks_like_page(data[:4096].decode("latin-1").removeprefix("\xef\xbb\xbf")):
        return page_report(data, options)
    check_length(data, options.settings.max_bytes)
    return make_plain_report(decode(data), options.origin, force=options.force)


def page_report(data: bytes, options: Options) -> Report:
    """The article of a page; what it says of its origin, but its address, wins over what was given.

    Raises a ReportError.
    """
    check_length(data, options.settings.max_bytes)
    article, origin = read_article(decode(data, page=True))
    report = make_report(article, **asdict(options.origin.with_told(origin)), force=options.force)
    # The article's text was put together from the page's tree: no offset leads back to the file.
    return replace(report, offsets=None)


def document_report(paragraphs: Sequence[str], title: str | None, options: Options, capture: Capture) -> Report:
    """The report of a document that keeps a title beside its text.

    That title is often left from another file or made by a program: it counts only where it stands near the top of the
    text, too. A headline that is the title is left out of the text. Raises a ReportError.
    """
    if sum(map(len, paragraphs)) > options.settings.max_bytes:
        raise too_long(options)
    title = one_line(title or "")
    top = _words("\n".join(paragraphs)[:_TITLE_WITHIN])
    plausible = " " in title and _words(title) in top
    if plausible and len(paragraphs) > 1 and _words(paragraphs[0]) == _words(title):
        paragraphs = paragraphs[1:]
    origin = Origin(title=title if plausible else None).over(options.origin)
    report = make_report("\n\n".join(paragraphs), **asdict(origin), force=options.force)
    return replace(report, offsets=None, capture=capture)


def too_long(options: Options) -> ReportTooLong:
    """The error for a document whose text is over the limit."""
    return ReportTooLong(
        f"its text is longer than {options.settings.max_bytes:,} bytes",
        "cut it, or raise the limit: set DRAGOMAN_MAX_BYTES to more",
    )


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
