"""The page of one report: its text with the voices and events marked, and the cards beside each paragraph.

Invariant: the text of all paragraphs, one after the other, is the report's text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from dragoman.errors import UsageError
from dragoman.records import Attribution, Event, Reading, Span
from dragoman.show import wording
from dragoman.show.cards import Card, cards
from dragoman.show.marks import Layer, Mark, lay, paragraphs, runs
from dragoman.show.voices import Voice, Voices, voices

OUTLET = "outlet"
"""What `source` is in an address when only what the outlet itself says is to be read."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as HTML, and the cards of the events whose words begin in it."""

    html: Markup
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """All that the page of a report shows. `chosen` is the only voice to be read, where one is chosen."""

    reading: Reading
    paragraphs: tuple[Paragraph, ...]
    voices: tuple[Voice, ...]
    chosen: Voice | None
    outlet_only: bool
    own_events: int
    unsure: int


def reading_page(reading: Reading, source: str | None = None) -> ReadingPage:
    """The page of a reading; `source` is the number of the only voice to be read, or `outlet`."""
    speaking = voices(reading)
    chosen = _chosen(speaking, source)
    numbered = cards(reading, speaking)
    marks = [*_spoken(reading, speaking, chosen), *_parts(reading.events), *_triggers(numbered)]
    confidences = [mark.confidence for mark in reading.events]
    confidences += [mark.confidence for mark in reading.attributions]
    return ReadingPage(
        reading=reading,
        paragraphs=tuple(_set(reading.report.text, marks, numbered)),
        voices=speaking.all,
        chosen=chosen,
        outlet_only=source == OUTLET,
        own_events=sum(not card.sayings for card in numbered),
        unsure=sum(confidence < wording.LOW for confidence in confidences),
    )


def _chosen(speaking: Voices, source: str | None) -> Voice | None:
    if not source or source == OUTLET:
        return None
    for voice in speaking.all:
        if str(voice.number) == source:
            return voice
    raise UsageError(
        f"{source!r} is no source of this report", f"give a number from 1 to {len(speaking.all)}, or {OUTLET}"
    )


def _set(text: str, marks: list[Mark], numbered: tuple[Card, ...]) -> Iterator[Paragraph]:
    """The paragraphs in order; both marks and cards are handed out in one walk over the text."""
    waiting = sorted(marks, key=lambda mark: mark.span, reverse=True)
    cards_left = list(numbered[::-1])
    open_marks: list[Mark] = []
    for start, end in paragraphs(text):
        open_marks = [mark for mark in open_marks if mark.span[1] > start]
        while waiting and waiting[-1].span[0] < end:
            open_marks.append(waiting.pop())
        beside = []
        while cards_left and cards_left[-1].event.trigger[0] < end:
            beside.append(cards_left.pop())
        yield Paragraph(lay(text, open_marks, (start, end)), tuple(beside))


# --- marks --------------------------------------------------------------------------------------


def _spoken(reading: Reading, speaking: Voices, chosen: Voice | None) -> Iterator[Mark]:
    """What is attributed, its source and its cue, in the colour of the voice."""
    for attribution in reading.attributions:
        voice = speaking.of(attribution.id)
        if voice is None:  # cannot be: every attribution has a voice
            continue
        depth = len(speaking.around(attribution.id)) - 1
        look = (f"tint-{voice.colour}", *_look(attribution, depth), *(["chosen"] if voice is chosen else []))
        told = f"{wording.by(attribution.stance)} {voice.name}"
        for layer, spans in (
            (Layer.CONTENT, attribution.content),
            (Layer.SOURCE, attribution.source),
            (Layer.CUE, attribution.cue),
        ):
            for piece, span in enumerate(spans):
                begins = layer == Layer.CONTENT and piece == 0
                yield Mark(
                    span,
                    layer,
                    (layer.name.lower(), *look),
                    (("data-voice", str(voice.number)), *((("title", told),) if layer == 0 else ())),
                    first=(("id", attribution.id),) if begins else (),
                    depth=depth,
                )


def _look(attribution: Attribution, depth: int) -> Iterator[str]:
    if depth:
        yield "nested"
    if attribution.confidence < wording.LOW:
        yield "unsure"


def _parts(events: tuple[Event, ...]) -> Iterator[Mark]:
    """The words that fill an event's roles; the script ties them to its card."""

    def words() -> Iterator[tuple[Span, str]]:
        for event in events:
            people = [who.span for who in (*event.actors, *event.recipients)]
            numbers = [count.span for count in event.counts]
            for span in (*people, *numbers, event.place, event.time, event.condition):
                if span is not None:
                    yield span, event.id

    for span, ids in runs(words()):
        yield Mark(span, Layer.PART, ("part",), (("data-events", " ".join(ids)),))


def _triggers(numbered: tuple[Card, ...]) -> Iterator[Mark]:
    """The words that say an event, and in them a link to its card with the card's number at its end."""
    for card in numbered:
        id = card.event.id
        look = ("words", *(["unsure"] if card.unsure else []))
        ties = (("data-events", id),)
        yield Mark(card.event.trigger, Layer.WORDS, look, ties, first=(("id", f"words-{id}"),))
    by_id = {card.event.id: card for card in numbered}
    for span, ids in runs((card.event.trigger, card.event.id) for card in numbered):
        here = [by_id[id] for id in ids]
        ending = [str(card.number) for card in here if card.event.trigger[1] == span[1]]
        yield Mark(
            span,
            Layer.LINK,
            ("trigger",),
            (("href", f"#{here[-1].event.id}"),),
            last=(("data-number", "·".join(ending)),) if ending else (),
            tag="a",
        )
