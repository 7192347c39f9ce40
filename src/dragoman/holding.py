"""Which attributions hold some words: by their contents, and by their cues.

Invariant: the answer is that of looking at every attribution in turn; only the looking is done by arrays, so
that a dossier with a thousand attributions is read as quickly, word for word, as a brief.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dragoman.records import Attribution, Span


def size(attribution: Attribution) -> int:
    """How many characters its content has."""
    return sum(end - start for start, end in attribution.content)


class Holding:
    """Looks up attributions by position."""

    def __init__(self, attributions: Sequence[Attribution]) -> None:
        self._by_size = sorted(attributions, key=size)
        contents = [(n, span) for n, a in enumerate(self._by_size) for span in a.content]
        cues = [(n, span) for n, a in enumerate(attributions) for span in a.cue]
        self._in_order = list(attributions)
        self._content_of = [n for n, _ in contents]
        self._cue_of = [n for n, _ in cues]
        self._contents = np.array([span for _, span in contents], dtype=np.int64).reshape(-1, 2)
        self._cues = np.array([span for _, span in cues], dtype=np.int64).reshape(-1, 2)

    def around(self, span: Span) -> Iterator[Attribution]:
        """Those with a piece of content that holds the whole span, the shortest content first."""
        held = (self._contents[:, 0] <= span[0]) & (span[1] <= self._contents[:, 1])
        for n in dict.fromkeys(self._content_of[i] for i in np.flatnonzero(held)):
            yield self._by_size[n]

    def told_by(self, span: Span) -> Attribution | None:
        """The first whose cue shares a character with the span."""
        touched = np.flatnonzero((self._cues[:, 0] < span[1]) & (span[0] < self._cues[:, 1]))
        return self._in_order[self._cue_of[touched[0]]] if len(touched) else None
