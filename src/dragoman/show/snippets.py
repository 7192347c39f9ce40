"""Where the words of a search stand in a text: the sentence that has most of them, and how often they stand in all.

Invariant: the pieces of a snippet, put together, are a stretch of the text, and each hit is what the ledger's search
finds: whole words, folded, a phrase's one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.ledger.folding import fold_in_place
from dragoman.records import Span
from dragoman.show.sentences import sentence

WEIGHED = 25
"""Hits whose sentences are looked at."""
BEFORE, AFTER = 140, 220
"""Characters shown before the first hit and after it at most: two to three lines."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a text; `hit` when they were looked for."""

    words: str
    hit: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """The sentence shown, in pieces, and whether it was cut; `count` is how often the words stand in the whole text."""

    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool
    count: int


def snippet(text: str, phrases: Sequence[Sequence[str]]) -> Snippet | None:
    """The sentence with most of the phrases (`folding.search_phrases`), the first of equals; None where none stands."""
    hits = found(text, phrases)
    if not hits:
        return None
    quotes = [(sentence(text, span), span) for span, _ in hits[:WEIGHED]]
    told = [len({words for span, words in hits if _within(span, quote.span)}) for quote, _ in quotes]
    quote, first = quotes[told.index(max(told))]
    start, end = quote.span
    cut_before, cut_after = first[0] - start > BEFORE, end - first[1] > AFTER
    if cut_before:
        start = _word_after(text, first[0] - BEFORE, first[0])
    if cut_after:
        end = _word_before(text, first[1], first[1] + AFTER)
    shown = [span for span, _ in hits if _within(span, (start, end))]
    return Snippet(
        pieces(text, (start, end), shown), cut_before or quote.cut_before, cut_after or quote.cut_after, len(hits)
    )


def marked(text: str, phrases: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    """A whole text, such as a title, with its hits."""
    return pieces(text, (0, len(text)), [span for span, _ in found(text, phrases)])


def found(text: str, phrases: Sequence[Sequence[str]]) -> list[tuple[Span, str]]:
    """Where the phrases stand, in order, and which one it is; of two that overlap the longer."""
    if not phrases:
        return []
    longest = sorted({tuple(words) for words in phrases}, key=len, reverse=True)
    either = "|".join(r"[\W_]+".join(map(re.escape, words)) for words in longest)
    folded, places = fold_in_place(text)
    found = re.finditer(rf"(?<![^\W_])(?:{either})(?![^\W_])", folded)
    return [(_span(match.span(), places), " ".join(re.findall(r"[^\W_]+", match[0]))) for match in found]


def pieces(text: str, within: Span, hits: Sequence[Span]) -> tuple[Piece, ...]:
    """A stretch of a text in pieces: the hits in it, which are in order, and what stands between them."""
    at, made = within[0], []
    for start, end in hits:
        made += [Piece(text[at:start], False), Piece(text[start:end], True)]
        at = end
    return tuple(piece for piece in (*made, Piece(text[at : within[1]], False)) if piece.words)


def _span(span: Span, places: list[int] | None) -> Span:
    return span if places is None else (places[span[0]], places[span[1] - 1] + 1)


def _within(span: Span, around: Span) -> bool:
    return around[0] <= span[0] and span[1] <= around[1]


def _word_after(text: str, low: int, high: int) -> int:
    space = text.find(" ", low, high)
    return high if space < 0 else space + 1


def _word_before(text: str, low: int, high: int) -> int:
    space = text.rfind(" ", low, high)
    return low if space < 0 else space
