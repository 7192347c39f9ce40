"""Hard-wrapped text: lines that a mail program, an agency wire or a terminal broke at a fixed width.

Whoever breaks lines at a width fills each one: the next line's first word would not have fitted. Verse,
lists, headings and one-sentence-a-line text do not do that, nor do their lines break off in mid-sentence.
A text is taken for hard-wrapped only when enough of its line breaks show both signs; then its full lines are
joined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

NARROWEST, WIDEST = 40, 120
# Few breaks prove little: a couplet of verse can look wrapped, but verse lines are seldom so long.
FEW_BREAKS, WIDER_THAN_VERSE = 8, 60
# Shares of the line breaks inside paragraphs. In 584 reports of the shared data wrapped at 45, 72 and 100
# columns: full 1.0, mid-sentence 0.54 and more in nineteen of twenty. The same with one line a paragraph or a
# sentence: full up to 0.75, mid-sentence never over 0.01.
LEAST_FULL, LEAST_MID_SENTENCE = 0.6, 0.4

# A line of a width that a wrapper may have made, and, looked at only, the indent and first word of the next.
_BREAK = re.compile(rf"^([^\n]{{{NARROWEST // 2},{WIDEST}}})\n(?=( *)([^\s]+)([^\n]*))", re.MULTILINE)
_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
# What opens a line of its own: a list item, a quoted line, a table row, a rule, a dateline such as
# LONDON, 26 July (AP) -
_OWN_LINE = re.compile(
    r">|\||[-*•·+=_#]+(?:\s|$)"
    r"|[A-Z][A-Z'. -]+(?:,[^-–—\n]{1,40})?(?: ?\([^)\n]{1,40}\))? ?(?:--|[-–—]) "
)
# What opens an item of a list, or only happens to stand first: "deployed until March / 31. The ministry".
_ITEM = re.compile(r"\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s|[–—]\s")
# A word broken at its own hyphen or dash goes on without a space.
_HYPHEN_END = re.compile(r"\w(?:--|[-–—])$")


class _Break(NamedTuple):
    """A line break: the line before it, and of the next line its indent, first word and rest."""

    line: str
    indent: str
    word: str
    rest: str
    position: int

    @property
    def mid_sentence(self) -> bool:
        """The line ends no sentence and the next goes on in small letters."""
        return self.word[0].islower() and not _SENTENCE_END.search(self.line)

    def full(self, width: int) -> bool:
        """The next line's first word would not have fitted on this line."""
        return len(self.line) + 1 + len(self.word) > width

    def apart(self, margin: int) -> bool:
        """The next line stands for itself: indented, a list item, a dateline, a heading or below one."""
        next_line = self.word + self.rest
        if _OWN_LINE.match(next_line):
            return True
        listed = _OWN_LINE.match(self.line.lstrip()) or _ITEM.match(self.line.lstrip())
        if _ITEM.match(next_line) and (listed or _SENTENCE_END.search(self.line)):
            return True
        if len(self.indent) > margin and not (listed or self.mid_sentence):
            return True
        return " " in next_line and self.line.isupper() != next_line.isupper()


def line_joins(text: str) -> Iterator[tuple[int, int, str]]:
    """The edits (start, end, words) that join the hard-wrapped lines of a text; none if it is not so wrapped.

    `text` has no spaces at line ends, and one empty line at most between paragraphs.
    """
    breaks = [_Break(m[1], m[2], m[3], m[4], m.end() - 1) for m in _BREAK.finditer(text)]
    width = _width(breaks)
    if width is None or not _is_wrapped(breaks, width, sum(1 for _ in _LINE_BREAK.finditer(text))):
        return
    margin = min(len(b.indent) for b in breaks)
    for b in breaks:
        if not b.apart(margin) and (b.full(width) or (b.mid_sentence and len(b.line) > width / 2)):
            joint = "" if _HYPHEN_END.search(b.line) else " "
            yield b.position, b.position + 1 + len(b.indent), joint


def _width(breaks: list[_Break]) -> int | None:
    """The width that the lines keep to: that of the longest, a stray one in fifty aside."""
    lengths = sorted(len(b.line) for b in breaks)
    return lengths[(len(lengths) - 1) * 49 // 50] if lengths and lengths[-1] >= NARROWEST else None


def _is_wrapped(breaks: list[_Break], width: int, line_breaks: int) -> bool:
    if line_breaks < FEW_BREAKS and width < WIDER_THAN_VERSE:
        return False
    full = sum(b.full(width) for b in breaks)
    mid_sentence = sum(b.mid_sentence for b in breaks)
    return full >= LEAST_FULL * line_breaks and mid_sentence >= LEAST_MID_SENTENCE * line_breaks
