"""Quotation marks: what stands inside them, how a content is given, and quotations that run on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from dragoman.quotations import CLOSING, STRAIGHT
from dragoman.records import Span, touch

_PARAGRAPH = re.compile(r"\S[^\n]*")
# A single quotation mark opens after a space and closes before one; inside a word it is an apostrophe.
_SINGLE = re.compile(r"(?<!\w)[‘'](?=\w)(?:[^‘’'\n]|(?<=\w)[’'](?=\w)){2,200}?(?<=[\w.,!?…])[’'](?!\w)")


def mode(text: str, content: Sequence[Span], stretches: Sequence[Span]) -> str:
    """`direct`: all letters of the content in quotation marks; `indirect`: none; `mixed`: some."""
    letters = [i for start, end in content for i in range(start, end) if text[i].isalnum()]
    starts = [start for start, _ in stretches]

    def inside(i: int) -> bool:
        at = bisect_right(starts, i) - 1
        return at >= 0 and i < stretches[at][1]

    held = sum(map(inside, letters))
    if held == 0 and any(_SINGLE.search(text[start:end]) for start, end in content):
        whole = all(_SINGLE.fullmatch(text[start:end].rstrip(" ,.")) for start, end in content)
        return "direct" if whole else "mixed"
    share = held / len(letters) if letters else 0.0
    return "direct" if share > 0.95 else "mixed" if share > 0.02 else "indirect"


def runs_on(text: str, contents: Sequence[Sequence[Span]], stretches: Sequence[Span]) -> list[list[Span]]:
    """For each content the quotations that go on with it without a cue of their own.

    Such a quotation fills a paragraph, belongs to no content, and follows a paragraph that ends inside, or
    just after, a quotation of that content.
    """
    lines = [match.span() for match in _PARAGRAPH.finditer(text)]
    taken = [span for content in contents for span in content]
    going_on: list[list[Span]] = [[] for _ in contents]
    speaker: int | None = None
    for line in lines:
        if any(touch(span, line) for span in taken):
            speaker = _last_quoted(text, line, contents, stretches)
        elif speaker is not None and _all_quoted(text, line, stretches):
            going_on[speaker].append(line)
        else:
            speaker = None
    return going_on


def _last_quoted(text: str, line: Span, contents: Sequence[Sequence[Span]], stretches: Sequence[Span]) -> int | None:
    """Which content holds the quotation that the line closes with, or that it leaves open; None if none does."""
    last = next((s for s in reversed(stretches) if line[0] <= s[0] < line[1]), None)
    if last is None:
        return None
    left_open = last[1] == line[1] and text[last[1] - 1] not in CLOSING + STRAIGHT
    ends_line = not any(character.isalnum() for character in text[last[1] : line[1]])
    holding = [n for n, content in enumerate(contents) if any(touch(span, last) for span in content)]
    return holding[-1] if holding and (left_open or ends_line) else None


def _all_quoted(text: str, line: Span, stretches: Sequence[Span]) -> bool:
    """Whether a line begins and ends in one quotation, and holds at least three words."""
    return (
        any(start == line[0] and not text[end : line[1]].strip(" .,") for start, end in stretches)
        and len(text[slice(*line)].split()) >= 3
    )
