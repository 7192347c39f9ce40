"""On what something depends: `unless the siege is lifted`, `provided that the hospital sits on it`.

Invariant: the words found begin with what opens the condition and end before the next comma, stop or quotation mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dragoman.records import Span

REST = r"\s(?:[^,;.!?”\"»\n]|(?<=\d),(?=\d)|(?<=\b[A-Z])\.|(?<=\b(?:Mr|Dr|Ms|St))\.|(?<=\bGen)\.|\.(?=\w)){4,240}(?!\w)"
"""What a condition may be made of, after the word that opens it, as a regular expression."""

_CONDITION = re.compile(
    rf"\b(?:unless|if|provided that|on (?:the )?condition that|as long as|only if|only when|in case){REST}",
    re.IGNORECASE,
)
_NO_CONDITION = re.compile(r"(?:\b(?:as|even|ask\w*|wonder\w*|know|see|whether|question\w*|what)\s+)\Z", re.IGNORECASE)


def conditions_in(text: str, sentence: Span) -> Iterator[Span]:
    """The conditions in a sentence, in its order."""
    for match in _CONDITION.finditer(text, *sentence):
        start = match.start()
        if not _NO_CONDITION.search(text[max(sentence[0], start - 12) : start]):
            yield start, start + len(match[0].rstrip())
