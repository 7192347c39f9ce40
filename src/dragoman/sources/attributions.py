"""Cues with what hangs on them -> attributions: whole contents, how and by whom it is said, and in whose words.

Invariant: an attribution lies `inside` the one with the shortest content that holds its cue, never in a circle.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dragoman.holding import Holding, size
from dragoman.quotations import quoted
from dragoman.records import Attribution, CueMark, Entity, Span
from dragoman.sentences import Sentences
from dragoman.sources import quotes, speakers
from dragoman.sources.stance import stance

# `that was a lie` and `That attack` are the content's own.
_LEADING = re.compile(r"[\s,;:–—-]*\b(?:that(?!\s+(?:is|was|were|would|will|can|could)\b)|to)\b\s+|[\s,;:–—-]+")
_LOOSE = " \t\n,;:–—-"


def attributions(text: str, cues: Sequence[CueMark], entities: Sequence[Entity]) -> tuple[Attribution, ...]:
    """The attributions of a report in its order, A1 onwards."""
    stretches = quoted(text)
    known = speakers.by_mention(entities)
    sentences = Sentences(text)
    contents = [[trimmed(text, span) for span in _said(text, cue)] for cue in cues]
    for content, more in zip(contents, quotes.runs_on(text, contents, stretches), strict=True):
        content.extend(more)
        content.sort()
    made = [
        _attribution(text, cue, tuple(content), stretches, known, sentences)
        for cue, content in zip(cues, contents, strict=True)
    ]
    made.sort(key=lambda a: (a.content[0], a.cue))
    numbered = [replace(a, id=f"A{number}") for number, a in enumerate(made, start=1)]
    holding = Holding(numbered)
    return tuple(replace(a, inside=_around(a, holding)) for a in numbered)


def _said(text: str, cue: CueMark) -> list[Span]:
    """The content without the words of its own source and cue, where those stand inside it."""
    pieces = list(cue.content)
    for start, end in (*cue.source, *cue.cue):
        pieces = [
            piece
            for s, e in pieces
            for piece in ([(s, e)] if e <= start or end <= s else [(s, start), (end, e)])
            if any(map(str.isalnum, text[slice(*piece)]))
        ]
    return pieces or list(cue.content)


def trimmed(text: str, span: Span) -> Span:
    """A piece of content without a leading `that` or `to` and without loose punctuation at its ends."""
    start, end = span
    if lead := _LEADING.match(text, start, end):
        start = lead.end() if lead.end() < end else start
    # A comma before the closing quotation mark belongs to the quotation; one after it does not.
    kept = len(text[start:end].rstrip(_LOOSE))
    return start, start + kept if kept else end


def _attribution(
    text: str,
    cue: CueMark,
    content: tuple[Span, ...],
    stretches: Sequence[Span],
    known: dict[Span, Entity],
    sentences: Sentences,
) -> Attribution:
    entity = speakers.entity_of(cue.source, known)
    words = " ".join(text[start:end] for start, end in cue.source)
    first = cue.cue[0][0]
    sentence, _ = sentences.at(first)
    return Attribution(
        id="",
        source=cue.source,
        cue=cue.cue,
        content=content,
        mode=quotes.mode(text, content, stretches),
        kind=speakers.kind_of(words, cue.kind, entity),
        entity=entity.id if entity else None,
        addressee=cue.addressee,
        stance=stance(" ".join(text[start:end] for start, end in cue.cue), text[sentence:first]),
        confidence=cue.confidence,
    )


def _around(inner: Attribution, holding: Holding) -> str | None:
    """The attribution with the shortest content that holds the whole cue of this one, and is longer than it."""
    others = (a for a in holding.around(inner.cue[0]) if a.id != inner.id and size(a) > size(inner))
    return next((a.id for a in others), None)
