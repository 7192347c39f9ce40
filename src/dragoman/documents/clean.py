"""Cleaning: Unicode NFC, line ends, invisible characters, spaces and hard-wrapped lines.

Invariant: the cleaned text is NFC and holds no control character but the line feed; paragraphs are
parted by exactly one blank line; and every character maps to where it stood in the original.
"""

from __future__ import annotations

import re
import unicodedata

from dragoman.documents.draft import Draft
from dragoman.documents.wrap import line_joins

_LINE_END = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028]")
_PARAGRAPH_END = re.compile(r"\u2029")
# Nothing a reader sees: controls, soft hyphen, zero-width space, word joiner, BOM, annotation anchors, and
# the directional embeddings and overrides, which would bleed into a page around the text. What shapes words
# stays: the joiners U+200C and U+200D and the directional marks.
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\u202a-\u202e\ufff9-\ufffb]+")
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
_ODD_SPACE = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# `(?<! )` and the possessive `++` keep these linear on a long run of spaces.
_SPACED_LINE_END = re.compile(r"(?<! ) ++\n")
_BLANK_LINES = re.compile(r"\n{3,}")
_INDENT = re.compile(r"(?<=\n) +")
_SPACES = re.compile(r" {2,}")
_EDGES = re.compile(r"\A\s++|(?<!\s)\s++\Z")
# A letter carries at most this many combining marks (UAX #15, stream-safe text); more would also make
# Python's normalisation quadratic.
_MOST_MARKS = 30


def clean(text: str) -> Draft:
    """The cleaned text with its origins; see the invariant above."""
    draft = Draft.of(text)
    draft = draft.sub(_LINE_END, "\n").sub(_PARAGRAPH_END, "\n\n").sub(_INVISIBLE, "").sub(_HALF_PAIR, "\ufffd")
    draft = _composed(draft)
    draft = draft.sub(_ODD_SPACE, " ").sub(_SPACED_LINE_END, "\n").sub(_BLANK_LINES, "\n\n")
    draft = draft.edited(line_joins(draft.text))
    return draft.sub(_INDENT, "").sub(_SPACES, " ").sub(_EDGES, "")


def one_line(words: str) -> str:
    """Words that stand for themselves (a title, an outlet's name), cleaned and on one line."""
    return " ".join(clean(words).text.split())


def _composed(draft: Draft) -> Draft:
    """The draft in NFC, piece by piece, so that each composed character keeps its own origin.

    A piece is a character with the marks that follow it, or one that NFC replaces by itself; only the
    characters that occur are looked up.
    """
    if draft.text.isascii():
        return draft
    occurring = set(draft.text)
    marks = "".join(sorted(filter(_composes_backwards, occurring)))
    single = "".join(sorted(c for c in occurring if unicodedata.normalize("NFC", c) != c))
    pieces = [f"(?s:.)[{re.escape(marks)}]+"] * bool(marks) + [f"[{re.escape(single)}]"] * bool(single)
    return draft.sub(re.compile("|".join(pieces)), _compose) if pieces else draft


def _compose(piece: str) -> str:
    return unicodedata.normalize("NFC", piece[: 1 + _MOST_MARKS])


def _composes_backwards(character: str) -> bool:
    """Whether NFC may join it to the character before: marks, Hangul vowels and finals, Kirat Rai vowels."""
    return unicodedata.category(character)[0] == "M" or (
        "\u1160" <= character <= "\u11ff" or "\U00016d63" <= character <= "\U00016d6a"
    )
