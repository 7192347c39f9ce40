"""Laying marks into a text: nested and overlapping spans become nested elements, properly closed.

Invariant: without its tags the HTML is exactly the text that was given, and each character lies in
the elements of exactly the marks that cover it. Where two marks cross, the inner one is cut in pieces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise

from markupsafe import Markup, escape

from dragoman.records import Span

Attributes = tuple[tuple[str, str], ...]

_PARAGRAPH = re.compile(r"\n*[^\n]+\n*|\n+")


class Layer(IntEnum):
    """What lies around what, from the outside in."""

    CONTENT = 0
    SOURCE = 1
    CUE = 2
    PART = 3
    WORDS = 4
    LINK = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A span and the element that stands for it.

    `first` are attributes of its first piece only (an id may stand once), `last` of its last only.
    """

    span: Span
    layer: Layer
    classes: tuple[str, ...] = ()
    attributes: Attributes = ()
    first: Attributes = ()
    last: Attributes = ()
    tag: str = "span"
    depth: int = 0

    def outer_first(self) -> tuple[int, int, int, int]:
        """Sorts marks so that each may lie inside the one before it."""
        start, end = self.span
        return self.layer, self.depth, start, -end

    def opening(self, piece: Span) -> Markup:
        """The opening tag of a piece of it."""
        begins, ends = piece[0] == self.span[0], piece[1] == self.span[1]
        classes = (*self.classes, *(["first"] if begins else []), *(["last"] if ends else []))
        attributes = (
            ("class", " ".join(classes)),
            *self.attributes,
            *(self.first if begins else ()),
            *(self.last if ends else ()),
        )
        written = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in attributes)
        return Markup("<{}{}>").format(Markup(self.tag), written)


@dataclass(slots=True)
class _Writer:
    """The HTML so far, and which marks are open; an opening tag is filled in when its piece ends."""

    written: list[Markup] = field(default_factory=list)
    opened: list[tuple[Mark, int, int]] = field(default_factory=list)  # mark, its place, its start

    def open(self, mark: Mark, position: int) -> None:
        self.opened.append((mark, len(self.written), position))
        self.written.append(Markup(""))

    def close_down_to(self, depth: int, position: int) -> None:
        while len(self.opened) > depth:
            mark, place, start = self.opened.pop()
            self.written[place] = mark.opening((start, position))
            self.written.append(Markup("</{}>").format(Markup(mark.tag)))


def lay(text: str, marks: Iterable[Mark], stretch: Span | None = None) -> Markup:
    """The HTML of a stretch of the text (all of it by default) with the marks laid in.

    Spans count into the whole text. An empty span is left out: no words carry it.
    """
    begin, end = stretch or (0, len(text))
    within = [mark for mark in marks if max(begin, mark.span[0]) < min(end, mark.span[1])]
    coming = sorted(within, key=lambda mark: mark.span[0], reverse=True)
    edges = {max(begin, min(end, edge)) for mark in within for edge in mark.span}
    writer, covering = _Writer(), list[Mark]()
    for left, right in pairwise(sorted(edges | {begin, end})):
        covering = [mark for mark in covering if mark.span[1] > left]
        while coming and coming[-1].span[0] <= left:
            covering.append(coming.pop())
        covering.sort(key=Mark.outer_first)
        staying = _shared([mark for mark, _, _ in writer.opened], covering)
        writer.close_down_to(staying, left)
        for mark in covering[staying:]:
            writer.open(mark, left)
        writer.written.append(_written(text[left:right]))
    writer.close_down_to(0, end)
    return Markup("").join(writer.written)


def _shared(opened: Sequence[Mark], wanted: Sequence[Mark]) -> int:
    """How many of the open marks, from the outside, stay open."""
    for depth, (old, new) in enumerate(zip(opened, wanted, strict=False)):
        if old is not new:
            return depth
    return min(len(opened), len(wanted))


def _written(text: str) -> Markup:
    # a browser turns a carriage return that is not written as a reference into a line feed
    return Markup(str(escape(text)).replace("\r", "&#13;"))


def paragraphs(text: str) -> list[Span]:
    """The spans of the paragraphs, each with the line ends after it: together they are the whole text."""
    return [match.span() for match in _PARAGRAPH.finditer(text)]


def runs(spans: Iterable[tuple[Span, str]]) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Spans with keys, cut into stretches that do not overlap, each with the keys of all that cover it.

    Links cannot lie in one another, so the words of several events share one link.
    """
    given = sorted((span, key) for span, key in spans if span[0] < span[1])
    covering: list[tuple[Span, str]] = []
    waiting = given[::-1]
    for left, right in pairwise(sorted({edge for span, _ in given for edge in span})):
        covering = [(span, key) for span, key in covering if span[1] > left]
        while waiting and waiting[-1][0][0] <= left:
            covering.append(waiting.pop())
        if covering:
            yield (left, right), tuple(dict.fromkeys(key for _, key in covering))
