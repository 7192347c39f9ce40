"""PDF: the text layer of its pages as one report, with paragraphs put together from lines.

Invariant: pages, what a stream of them unpacks to, what is in it and the time are bounded; nothing that a PDF names is
opened, run or fetched. Whatever goes wrong in pypdf is a DamagedFile error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median
from time import monotonic
from typing import Any, BinaryIO

from dragoman.documents.incoming import Failure, Options, captured, too_large, tried
from dragoman.documents.single import document_report, too_long
from dragoman.documents.unpack import seekable
from dragoman.errors import DamagedFile, DragomanError, EncryptedFile, NoTextLayer, ReportTooLong
from dragoman.records import Report

_MOST_SECONDS = 60.0
_MOST_PAGES = 2_000
_BOUNDS: dict[str, Any] = {
    "maximum_declared_stream_length": 25_000_000,
    "array_based_stream_maximum_output_length": 10_000_000,
    "zlib_maximum_output_length": 10_000_000,
    "lzw_maximum_output_length": 10_000_000,
    "run_length_maximum_output_length": 10_000_000,
    "brotli_maximum_output_length": 10_000_000,
    "stream_filters_maximum_length": 4,
    "stream_decoding_work_maximum_length": 40_000_000,
    "stream_parsing_work_maximum_count": 500_000,
    "page_tree_maximum_entries": 10_000,
    "page_tree_maximum_page_entries": 100_000,
    "xform_maximum_invocations_per_extraction": 500,
    "jbig2dec_binary": None,
}
# Of a page with text there are hundreds; a stamp or a page number on a picture has fewer.
_FEWEST_LETTERS = 20
_EDGE_LINES = 3
_PRINT_AGAIN = "open it in a viewer, print it to a new PDF or copy its text, and give that"
_PAGE_NUMBER = re.compile(r"[\W_]*(?:page|p\.)?[\W_]*\d{1,4}[\W_]*(?:(?:of|/)[\W_]*\d{1,4}[\W_]*)?", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
_BROKEN_WORD = re.compile(r"\w+[-\u00ad\u2010]\n\w+")
_HYPHEN_END = re.compile(r"(\w+)[-\u00ad\u2010]$")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page, where it begins (points, from the page's lower left corner) and how large its letters are."""

    text: str
    x: float
    y: float
    size: float


def read_pdf(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The text of a PDF as one report."""
    yield tried(name, lambda: _report(stream, name, options))


def _report(stream: BinaryIO, name: str, options: Options) -> Report:
    stream = seekable(stream, options.settings.max_file_bytes, too_large(options.settings))
    capture = captured(stream, name, "application/pdf", options.settings)
    with _bounded():
        pages, title = _pages(stream, options)
    letters = sum(character.isalpha() for page in pages for line in page for character in line.text)
    if letters < _FEWEST_LETTERS * max(1, len(pages)):
        cure = "run text recognition (OCR) over it first, such as `ocrmypdf in.pdf out.pdf`"
        raise NoTextLayer("it has no text layer: its pages are pictures, or empty", cure)
    return document_report(_paragraphs(_without_running_lines(pages)), title, options, capture)


@contextmanager
def _bounded() -> Iterator[None]:
    """pypdf under our bounds; what it meets comes out as a ReportError."""
    import logging

    from pypdf import apply_configuration

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it tells of each oddity that it mends
    try:
        with apply_configuration(**_BOUNDS):
            yield
    except DragomanError:
        raise
    except Exception as error:  # it raises errors of every kind for what it did not expect
        raise DamagedFile(f"it is a damaged PDF, or a very odd one ({error})", _PRINT_AGAIN) from error


def _pages(stream: BinaryIO, options: Options) -> tuple[list[list[_Line]], str | None]:
    """The lines of each page, and the title of the file."""
    from pypdf import PdfReader

    until = monotonic() + _MOST_SECONDS
    reader = PdfReader(stream, root_object_recovery_limit=1_000, xref_stream_maximum_entries=500_000)
    _open(reader)
    if len(reader.pages) > _MOST_PAGES:
        raise ReportTooLong(f"it has more than {_MOST_PAGES:,} pages", "give the pages that you want read")
    pages: list[list[_Line]] = []
    left = options.settings.max_bytes
    for page in reader.pages:
        pages.append(_lines(page, until))
        left -= sum(len(line.text) for line in pages[-1])
        if left < 0:
            raise too_long(options)
    return pages, reader.metadata.title if reader.metadata else None


def _open(reader: Any) -> None:
    """Opens what only its owner's password protects: who has no password may still read it."""
    from pypdf.errors import DependencyError

    if not reader.is_encrypted:
        return
    try:
        opened = reader.decrypt("")
    except DependencyError as error:
        raise EncryptedFile(f"it is encrypted ({error})", 'pip install "pypdf[crypto]", or ' + _PRINT_AGAIN) from error
    if not opened:
        raise EncryptedFile("it opens only with a password", "save it without one and give that")


def _lines(page: Any, until: float) -> list[_Line]:
    """The lines of a page in the order in which they are drawn."""
    lines: list[_Line] = []
    parts: list[tuple[str, float, float, float]] = []

    def watch(*_: Any) -> None:
        if monotonic() > until:
            raise ReportTooLong(f"it takes longer than {_MOST_SECONDS:.0f} s to read", _PRINT_AGAIN)

    def see(text: str, place: Any, matrix: Any, font: Any, size: float) -> None:
        x = matrix[4] * place[0] + matrix[5] * place[2] + place[4]
        y = matrix[4] * place[1] + matrix[5] * place[3] + place[5]
        for piece in re.split(r"(\n)", text):
            if piece == "\n":
                end()
            elif piece:
                parts.append((piece, x, y, size * abs(matrix[3] * place[3]) or size))

    def end() -> None:
        words = "".join(part[0] for part in parts)
        if words.strip():
            _, x, y, size = next(part for part in parts if part[0].strip())
            lines.append(_Line(" ".join(words.split()), x, y, size))
        parts.clear()

    watch()
    page.extract_text(visitor_operand_before=watch, visitor_text=see)
    end()
    return lines


def _without_running_lines(pages: Sequence[list[_Line]]) -> list[list[_Line]]:
    """The pages without what stands at the upper or lower edge of each: page numbers, and what half of them have."""
    seen = Counter(key for page in pages for key in {_key(line) for edge in _edges(page) for line in edge})
    least = max(2, (len(pages) + 1) // 2)

    def runs(line: _Line) -> bool:
        return bool(_PAGE_NUMBER.fullmatch(line.text)) or seen[_key(line)] >= least

    running = [[line for edge in _edges(page) for line in takewhile(runs, edge)] for page in pages]
    return [[line for line in page if line not in out] for page, out in zip(pages, running, strict=True)]


def _edges(page: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """The uppermost and the lowest lines, the outer ones first."""
    by_height = sorted(page, key=lambda line: line.y)
    return by_height[: -_EDGE_LINES - 1 : -1], by_height[:_EDGE_LINES]


def _key(line: _Line) -> str:
    """A line with its numbers made equal: those of pages differ."""
    return re.sub(r"\d+", "0", line.text)


def _paragraphs(pages: Sequence[list[_Line]]) -> list[str]:
    """The lines of all pages joined to paragraphs, also over the end of a column or page."""
    known = _known_words(pages)
    paragraphs: list[str] = []
    before: _Line | None = None
    for page in filter(None, pages):
        layout = _Layout.of(page)
        for number, line in enumerate(page):
            if before is None or layout.parts(before, line, top=not number):
                paragraphs.append(line.text)
            else:
                paragraphs[-1] = _joined(paragraphs[-1], line.text, known)
            before = line
    return paragraphs


def _known_words(pages: Sequence[list[_Line]]) -> Counter[str]:
    """The words of the document, without those that may be broken at the end of a line."""
    text = "\n".join(line.text for page in pages for line in page)
    return Counter(re.findall(r"\w+(?:-\w+)*", _BROKEN_WORD.sub("", text).lower()))


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is usual on a page: the way from line to line, the size, where lines begin; and how long lines get."""

    leading: float
    size: float
    left: tuple[float, ...]
    width: int

    @classmethod
    def of(cls, page: list[_Line]) -> _Layout:
        steps = [a.y - b.y for a, b in pairwise(page) if 0 < a.y - b.y < 4 * a.size]
        starts = Counter(round(line.x) for line in page)
        return cls(
            leading=median(steps) if steps else 0.0,
            size=median(line.size for line in page),
            left=tuple(x for x, lines in starts.items() if lines > 2),
            width=max(len(line.text) for line in page),
        )

    def parts(self, before: _Line, line: _Line, *, top: bool) -> bool:
        """Whether a line begins a paragraph: in another size, below a gap, indented, or after a short one.

        At the `top` of a page or column, only what stands before it tells.
        """
        if abs(before.size - line.size) > 0.15 * line.size:
            return True
        ended = bool(_SENTENCE_END.search(before.text))
        if top or line.y > before.y + 1:
            return ended
        if line.size > 1.15 * self.size:  # a headline, whose lines are centred or end anywhere
            return before.y - line.y > 1.5 * line.size
        if before.y - line.y > 1.3 * self.leading:
            return True
        if any(0.5 * line.size < line.x - x < 4 * line.size for x in self.left):
            return True
        return len(before.text) < (0.75 if ended else 0.5) * self.width and not line.text[0].islower()


def _joined(text: str, line: str, known: Counter[str]) -> str:
    """Two lines as one; a word broken at the line's end is put together again."""
    broken = _HYPHEN_END.search(text)
    rest = re.match(r"\w+", line)
    if not broken or not rest or not rest[0][0].islower():
        return f"{text} {line}" if not broken else text + line
    first, last = broken[1].lower(), rest[0].lower()
    compound = known[f"{first}-{last}"] or (known[first] and known[last] and not known[first + last])
    return text + line if compound else text[:-1] + line
