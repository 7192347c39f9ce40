"""What there is to review, one card at a time: a mark, two events or two entities, each with its words in the report.

Invariant: what is shown is the current reading; the card says in which state it was seen (`seen`), so that a decision
on something else is noticed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from dragoman.codes import codes
from dragoman.compare import alike, of_ledger
from dragoman.compare.disputes import JOIN, Dispute, disputes
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.acts import Act, state
from dragoman.ledger.comparisons import Standing
from dragoman.ledger.doubts import SETTLED, doubts
from dragoman.ledger.query import Filter, Page
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Entity, Event, Reading, Span, touch
from dragoman.show import wording
from dragoman.show.cards import Card, cards, tied
from dragoman.show.marks import Layer, Mark, lay, paragraphs
from dragoman.show.sentences import sentence
from dragoman.show.voices import Voice, Voices, voices, words_of

KINDS = ("event", "attribution", "happening", "entity")
"""What is reviewed: marks that the model is unsure of; pairs of events; pairs of entities."""

SIDE_BY_SIDE = 8
"""Reviewers who begin at different cards; more of them may meet, and are told so."""

LONGEST = 2_500
"""Characters of text on a card: about three paragraphs. Of longer stretches the sentence is shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the queue is asked for: kind, filter, confidence below which a mark is in question (per cent), cursor."""

    kind: str
    filter: Filter
    below: int = SETTLED
    after: str | None = None

    @classmethod
    def of(cls, kind: str | None, filter: Filter, below: str | None, after: str | None) -> Asked:
        """What was asked for, once it is found to make sense. UsageError."""
        if kind and kind not in KINDS:
            raise UsageError(f"{kind!r} cannot be reviewed", f"take one of {', '.join(KINDS)}")
        if below and not (below.isascii() and below.isdigit() and 1 <= int(below[:4]) <= 100):
            raise UsageError(f"below {below!r} is no confidence", "give per cent, from 1 to 100")
        return cls(kind or KINDS[0], filter, int(below) if below else SETTLED, after or None)


@dataclass(frozen=True, slots=True)
class Side:
    """One thing with its text: what the report says, with the words set apart, and what was made of it."""

    id: str
    reading: Reading
    text: tuple[Markup, ...]
    event: Card | None = None
    attribution: Attribution | None = None
    voice: Voice | None = None
    entity: Entity | None = None
    ties: tuple[str, ...] = ()
    reports: int = 0

    @property
    def words(self) -> str:
        """The words that name it."""
        if self.event:
            return self.event.words
        if self.attribution:
            return words_of(self.reading, self.attribution.source + self.attribution.cue) or "no source named"
        return self.entity.name if self.entity else ""


@dataclass(frozen=True, slots=True)
class Item:
    """One card: one side of a mark, two of a pair; what is asked about it, and why it is here."""

    kind: str
    item: str
    seen: str
    cursor: str
    sides: tuple[Side, ...]
    why: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """What a visitor has before them. Pairs come from a comparison that is `kept`; `behind`: rows that came since."""

    item: Item | None
    kept: bool = True
    behind: int = 0


def queue(ledger: Ledger, asked: Asked, visitor: str = "") -> Queue:
    """The card that a visitor is to decide next. UsageError."""
    first = _start(visitor) if visitor and not asked.after else 0
    page = _found(ledger, asked, first + 2)
    compared: Standing | None = None
    if asked.kind in _STANDING and not page.rows and not asked.after:
        compared = _STANDING[asked.kind](ledger)  # which works out what can be at once
        page = _found(ledger, asked, first + 2)
    for chosen in (*page.rows[first:], *page.rows[:first][::-1]):
        with suppress(NotFound):  # it was decided this very moment
            return Queue(_MADE[asked.kind](ledger, chosen))
    return Queue(None, compared is not None or asked.kind not in _STANDING, compared.behind if compared else 0)


def _start(visitor: str) -> int:
    """How many cards a visitor leaves to others at first: the same for a name every day."""
    return hashlib.sha256(visitor.encode("utf-8", "replace")).digest()[0] % SIDE_BY_SIDE


def waiting(ledger: Ledger, asked: Asked, limit: int) -> dict[str, Any]:
    """A page of what waits as plain JSON values. UsageError."""
    page = _found(ledger, asked, limit)
    rows = []
    for found in page.rows:
        with suppress(NotFound):
            item = _MADE[asked.kind](ledger, found)
            told = {name: getattr(item, name) for name in ("kind", "item", "seen", "why", "reasons", "cursor")}
            rows.append({**told, "confidence": getattr(found, "confidence", None)})
    return {"rows": rows, "next_cursor": page.next_cursor}


def _found(ledger: Ledger, asked: Asked, limit: int) -> Page[Any]:
    if asked.kind == "happening":
        return disputes(ledger, asked.filter, asked.after, limit)
    if asked.kind == "entity":
        return alike.waiting(ledger, asked.filter.actor, asked.after, limit)
    return doubts(ledger, asked.kind, asked.filter, asked.after, limit, asked.below)


_STANDING: dict[str, Callable[[Ledger], Standing | None]] = {"happening": of_ledger.standing, "entity": alike.standing}
"""What asks for the newest pairs, where they are few."""


def mark_side(ledger: Ledger, id: str) -> Side:
    """An event or attribution with its text. NotFound."""
    reading, mark = ledger.mark(id)
    if isinstance(mark, Event):
        return _event_side(id, reading, mark)
    if isinstance(mark, Attribution):
        return _attribution_side(id, reading, mark)
    return _entity_side(id, reading, mark)


def _of_mark(ledger: Ledger, found: Any) -> Item:
    side = mark_side(ledger, found.id)
    mark = side.event.event if side.event else side.attribution
    if mark is None:
        raise NotFound(f"{found.id} is no mark that the model is unsure of", "load the page again")
    kind = "event" if side.event else "attribution"
    return Item(
        kind, found.id, state(mark), found.cursor, (side,), f"The model is {wording.percent(mark.confidence)} sure"
    )


def _of_dispute(ledger: Ledger, pair: Dispute) -> Item:
    sides = (mark_side(ledger, pair.one), mark_side(ledger, pair.other))
    if pair.kind == JOIN:
        why = f"One happening or two? {wording.percent(pair.probability or 0)} likely one"
    else:
        why = f"They differ: {_DIFFER.get(pair.kind, wording.plain(pair.kind))} ({_in_words(pair.evidence)})"
    reasons = tuple(f"{feature.name}: {feature.evidence}" for feature in pair.features)
    return Item("happening", f"{pair.one} {pair.other}", "", pair.cursor, sides, why, reasons)


def _in_words(evidence: str) -> str:
    """What differs, with statuses in plain words."""
    for status in codes().statuses:
        evidence = evidence.replace(f"{status}: ", f"{wording.plain(status)}: ")
    return evidence


_DIFFER = {
    "denied": "one is denied",
    "happened": "it happened, or not",
    "perpetrator": "another perpetrator",
    "toll": "another toll",
    "date": "another day",
    "place": "another place",
}


def _of_entities(ledger: Ledger, pair: alike.Pair) -> Item:
    sides = tuple(_entity_side(one.id, *ledger.entity(one.id), reports=one.reports) for one in (pair.one, pair.other))
    reasons = tuple(f"{feature.name}: {feature.evidence}" for feature in pair.features)
    why = "Their names are alike: are they one?"
    return Item("entity", f"{pair.one.id} {pair.other.id}", "", alike.cursor_of(pair), sides, why, reasons)


_MADE: dict[str, Callable[[Ledger, Any], Item]] = {
    "event": _of_mark,
    "attribution": _of_mark,
    "happening": _of_dispute,
    "entity": _of_entities,
}


# --- one thing with its text ------------------------------------------------------------------------


def _event_side(id: str, reading: Reading, event: Event) -> Side:
    speaking = voices(reading)
    card = next(card for card in cards(reading, speaking) if card.event.id == event.id)
    parts = [who.span for who in (*event.actors, *event.recipients)] + [count.span for count in event.counts]
    parts += [span for span in (event.place, event.time, event.condition) if span is not None]
    marks = [*_voiced(speaking, speaking.around(event.attribution))]
    marks += [Mark(span, Layer.PART, ("part", "tied")) for span in dict.fromkeys(parts)]
    marks.append(Mark(event.trigger, Layer.WORDS, ("words", "tied", "trigger")))
    return Side(id, reading, excerpt(reading.report.text, [event.trigger, *parts], marks), event=card)


def _attribution_side(id: str, reading: Reading, attribution: Attribution) -> Side:
    speaking = voices(reading)
    marks = [*_voiced(speaking, speaking.around(attribution.id))]
    spans = [*attribution.cue, *attribution.source, *attribution.content] or [(0, 0)]
    text = excerpt(reading.report.text, spans, marks)
    return Side(id, reading, text, attribution=attribution, voice=speaking.of(attribution.id))


def _entity_side(id: str, reading: Reading, entity: Entity, reports: int = 0) -> Side:
    spans = list(entity.mentions[:1]) or [(0, 0)]
    marks = [Mark(span, Layer.WORDS, ("words", "tied")) for span in entity.mentions]
    ties = tuple(tied(reading, relation) for relation in reading.relations if relation.subject == entity.id)
    return Side(id, reading, excerpt(reading.report.text, spans, marks), entity=entity, ties=ties, reports=reports)


def _voiced(speaking: Voices, around: Sequence[Attribution]) -> Iterator[Mark]:
    """The words of the voices that hold a mark, in their colours."""
    for number, attribution in enumerate(around):
        voice, depth = speaking.of(attribution.id), len(around) - 1 - number
        look = (f"tint-{voice.colour if voice else 1}", *(["nested"] if depth else []))
        for layer, spans in (
            (Layer.CONTENT, attribution.content),
            (Layer.SOURCE, attribution.source),
            (Layer.CUE, attribution.cue),
        ):
            for span in spans:
                yield Mark(span, layer, (layer.name.lower(), *look), depth=depth)


def excerpt(text: str, spans: Sequence[Span], marks: Sequence[Mark]) -> tuple[Markup, ...]:
    """The paragraphs that hold some spans, marked; the sentence of the first span where that would be too much."""
    touched = [part for part in paragraphs(text) if any(touch(part, span) for span in spans)]
    if not touched:
        return ()
    start, end = touched[0][0], touched[-1][1]
    if end - start > LONGEST:
        quote = sentence(text, spans[0])
        before, after = ("…" if cut else "" for cut in (quote.cut_before, quote.cut_after))
        return (Markup("{}{}{}").format(before, lay(text, marks, quote.span), after),)
    between = [part for part in paragraphs(text) if start <= part[0] < end and text[slice(*part)].strip()]
    return tuple(lay(text, marks, part) for part in between)


# --- what was decided ---------------------------------------------------------------------------------

_DONE = {
    "accept": "accepted",
    "reject": "rejected",
    "change": "changed",
    "correct": "corrected",
    "complete": "accepted the whole report with",
    "same": "joined",
    "different": "parted",
    "unsure": "left unsure",
}


def said(ledger: Ledger, act: Act) -> str:
    """An act in a few words: rejected “seized”, accepted 14 marks."""
    done = _DONE.get(act.did, act.did)
    if act.of != "corrections":
        return f"{done} {'two events' if act.of == 'joins' else 'two entities'}"
    marks = ledger.marks_of(act)
    if len(marks) > 1:
        return f"{done} {wording.many(len(marks), 'mark')}"
    report, _, span = marks[0]
    words = ledger.reading(report).words(span)
    return f"{done} “{words[:80]}{'…' if len(words) > 80 else ''}”"


def overtaken(ledger: Ledger, item: str) -> str:
    """What to tell a visitor who decided of what somebody else had decided of meanwhile."""
    report, _, mark = item.partition(":")
    by = ""
    with suppress(NotFound, UsageError):  # two things, or what is no id
        note = ledger.reading(report).decided(mark)
        by = f" by {note.decided_by}" if note and note.decided_by else ""
    return f"That one was decided meanwhile{by}, so your decision was not recorded"
