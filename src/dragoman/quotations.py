"""What stands inside double quotation marks: one rule for the model's surface features and for attributions."""

from __future__ import annotations

from dragoman.records import Span

OPENING, CLOSING, STRAIGHT = "“«„", "”»", '"'


def quoted(text: str) -> tuple[Span, ...]:
    """The stretches inside double quotation marks, the marks included, in order.

    Curly marks pair and straight ones toggle; a line end closes what is open, so that one missing mark does
    not turn over the rest of the text.
    """
    found: list[Span] = []
    start = -1
    for i, character in enumerate(text):
        if start < 0 and (character in OPENING or character == STRAIGHT):
            start = i
        elif start >= 0 and (character in CLOSING or character == STRAIGHT):
            found.append((start, i + 1))
            start = -1
        elif start >= 0 and character == "\n":
            found.append((start, i))
            start = -1
    if start >= 0:
        found.append((start, len(text)))
    return tuple(found)
