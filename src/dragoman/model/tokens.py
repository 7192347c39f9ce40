"""Text to words and word pieces, with the surface features that the model reads beside them.

Invariant: `text[starts[w]:ends[w]]` is word w; every piece belongs to one word, in order.
Training and reading share this file, so that both see the same tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from dragoman.quotations import quoted
from dragoman.records import Span
from dragoman.sentences import Sentences

Ints = NDArray[np.int64]

# The encoder is uncased and drops line breaks: each piece carries its word's letter case, whether the
# word begins a line, and whether it stands inside double quotation marks, as one number 1-20 (0: padding).
SHAPES = ("lower", "capital", "upper", "mixed", "other")
SURFACES = 1 + 4 * len(SHAPES)

CLS, SEP = 101, 102  # of the BERT vocabulary that MiniLM uses


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and pieces of one text.

    starts, ends: (words,) character offsets. pieces: (pieces,) vocabulary ids. first: (words + 1,) index of
    each word's first piece, closed by the number of pieces. surfaces: (words,) surface features. sentence:
    (words,) the number of the sentence that each word lies in.
    """

    text: str
    starts: Ints
    ends: Ints
    pieces: Ints
    first: Ints
    surfaces: Ints
    sentence: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def words_of(self, span: Span) -> tuple[int, int]:
        """The words that a character span touches, as an end-exclusive range; empty if it touches none."""
        first = int(np.searchsorted(self.ends, span[0], side="right"))
        last = int(np.searchsorted(self.starts, span[1], side="left"))
        return first, max(first, last)

    def span_of(self, first: int, last: int) -> Span:
        """The character span of an end-exclusive range of words."""
        return int(self.starts[first]), int(self.ends[last - 1])


class Tokenizing:
    """Cuts text into BERT's words and pieces (vocabulary and rules from the bundle's tokenizer.json)."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(self, text: str) -> Tokens:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        words = np.array([-1 if w is None else w for w in encoding.word_ids], dtype=np.int64)
        offsets = np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2)
        begins = np.flatnonzero(np.diff(words, prepend=-2))
        first = np.append(begins, len(words))
        starts = offsets[begins, 0]
        ends = offsets[first[1:] - 1, 1]
        return Tokens(
            text=text,
            starts=starts,
            ends=ends,
            pieces=np.array(encoding.ids, dtype=np.int64),
            first=first,
            surfaces=_surfaces(text, starts, ends),
            sentence=np.searchsorted(np.array(Sentences(text).starts), starts, side="right"),
        )


def _surfaces(text: str, starts: Ints, ends: Ints) -> Ints:
    shapes = [_shape(text[s:e]) for s, e in zip(starts.tolist(), ends.tolist(), strict=True)]
    breaks = np.array([i for i, character in enumerate(text) if character == "\n"], dtype=np.int64)
    line = np.searchsorted(breaks, starts)
    begins_line = np.diff(line, prepend=-1) != 0
    edges = np.array([edge for span in quoted(text) for edge in span], dtype=np.int64)
    inside = np.searchsorted(edges, starts, side="right") % 2
    surfaces: Ints = 1 + np.array(shapes, dtype=np.int64) + len(SHAPES) * begins_line + 2 * len(SHAPES) * inside
    return surfaces


def _shape(word: str) -> int:
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 1
    if word[0].isupper():
        return 1
    return 3 if word.isalpha() else 4


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of whole words that the encoder reads at once: words [first, last)."""

    first: int
    last: int


def windows(tokens: Tokens, size: int, overlap: int) -> list[Window]:
    """Windows of at most `size` pieces ([CLS] and [SEP] included) that overlap by about `overlap` pieces.

    All are of one length, no longer than it takes, so that the last is not a short rest without context.
    """
    room = size - 2
    total = int(tokens.first[-1])
    if total <= room:
        return [Window(0, len(tokens))]
    count = -(-(total - overlap) // (room - overlap))
    room = -(-(total + (count - 1) * overlap) // count)
    firsts = np.linspace(0, total - room, count)
    begin = np.searchsorted(tokens.first[:-1], np.ceil(firsts), side="left")
    end = np.searchsorted(tokens.first, tokens.first[begin] + room, side="right") - 1
    end[-1] = len(tokens)
    end[:-1] = np.maximum(end[:-1], begin[1:])  # no word is left between two windows
    # A word of more pieces than fit is cut by `fill`; its own window still holds it.
    return [Window(int(b), int(max(e, b + 1))) for b, e in zip(begin, end, strict=True)]


@dataclass(frozen=True, slots=True)
class Batch:
    """What the encoder takes, padded with zeros: all (windows, pieces), `guideline` (windows,).

    `first` (windows, words) holds each word's first piece inside its row, -1 where there is no word.
    """

    pieces: Ints
    surfaces: Ints
    roles: Ints
    guideline: Ints
    first: Ints


def fill(
    tokens: Sequence[Tokens],
    spans: Sequence[Window],
    guidelines: Sequence[int],
    roles: Sequence[Ints | None],
    size: int,
) -> Batch:
    """Lays windows out as one padded batch; `roles` (words,) marks given actors 1 and recipients 2."""
    lengths = [min(int(t.first[w.last] - t.first[w.first]), size - 2) for t, w in zip(tokens, spans, strict=True)]
    rows, width = len(spans), max(lengths, default=0) + 2
    pieces, surfaces, given = (np.zeros((rows, width), dtype=np.int64) for _ in range(3))
    first = np.full((rows, max((w.last - w.first for w in spans), default=0)), -1, dtype=np.int64)
    for row, (t, w, length, marks) in enumerate(zip(tokens, spans, lengths, roles, strict=True)):
        begin = int(t.first[w.first])
        counts = np.diff(t.first[w.first : w.last + 1])
        pieces[row, 0], pieces[row, 1 : length + 1], pieces[row, length + 1] = (
            CLS,
            t.pieces[begin : begin + length],
            SEP,
        )
        surfaces[row, 1 : length + 1] = np.repeat(t.surfaces[w.first : w.last], counts)[:length]
        if marks is not None:
            given[row, 1 : length + 1] = np.repeat(marks[w.first : w.last], counts)[:length]
        first[row, : w.last - w.first] = np.minimum(t.first[w.first : w.last] - begin + 1, length)
    return Batch(pieces, surfaces, given, np.asarray(guidelines, dtype=np.int64), first)
