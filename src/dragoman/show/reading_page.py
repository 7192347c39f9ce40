"""The page of one report: its text with the voices and events marked, and the cards beside each paragraph.

Invariant: the text of all paragraphs, one after the other, is the report's text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from dragoman.compare.summaries import HappeningRow
from dragoman.errors import UsageError
from dragoman.records import Attribution, Event, Reading, Span
from dragoman.show import wording
from dragoman.show.cards import Card, Saying, Statement, cards, chain_of, sayings, statements
from dragoman.show.marks import Layer, Mark, lay, paragraphs, runs
from dragoman.show.voices import Branch, Voice, Voices, voices

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
    statements: tuple[Statement, ...]
    voices: tuple[Voice, ...]
    branches: tuple[Branch, ...]
    chosen: Voice | None
    outlet_only: bool
    own_events: int
    unsure: int


def reading_page(
    reading: Reading, source: str | None = None, happenings: Mapping[str, HappeningRow] | None = None
) -> ReadingPage:
    """The page of a reading; `source` is the number of the only voice to be read, or `outlet`.

    `happenings` are those that its events tell together with other reports, by the events' ids.
    """
    speaking = voices(reading)
    chosen = _chosen(speaking, source)
    numbered = cards(reading, speaking, happenings)
    said = statements(reading, speaking)
    marks = [*_spoken(reading, speaking, chosen), *_parts(reading.events), *_triggers(numbered)]
    marks += _links(numbered, [one for statement in said for one in statement.whole()])
    confidences = [mark.confidence for mark in reading.events]
    confidences += [mark.confidence for mark in reading.attributions]
    return ReadingPage(
        reading=reading,
        paragraphs=tuple(_set(reading.report.text, marks, numbered)),
        statements=said,
        voices=speaking.all,
        branches=speaking.tree(),
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
        chain = sayings(reading, speaking, attribution.id)
        look = (f"tint-{voice.colour}", *_look(chain), *(["chosen"] if voice is chosen else []))
        told = chain_of(chain)
        parts = [
            *((Layer.CONTENT, span) for span in attribution.content),
            *((Layer.SOURCE, span) for span in attribution.source),
            *((Layer.CUE, span) for span in attribution.cue),
        ]
        for number, (layer, span) in enumerate(parts):
            yield Mark(
                span,
                layer,
                (layer.name.lower(), *look),
                (("data-voice", str(voice.number)), *((("title", told),) if layer == Layer.CONTENT else ())),
                first=(("id", attribution.id),) if number == 0 else (),
                depth=len(chain) - 1,
            )


def _look(chain: Sequence[Saying]) -> Iterator[str]:
    if len(chain) > 1:
        yield "nested"
        yield f"in-{chain[1].voice.colour}"
    if chain[0].attribution.confidence < wording.LOW:
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
    """The words that say an event."""
    for card in numbered:
        id = card.event.id
        look = ("words", *(["unsure"] if card.unsure else []))
        ties = (("data-events", id),)
        yield Mark(card.event.trigger, Layer.WORDS, look, ties, first=(("id", f"words-{id}"),))


def _links(numbered: tuple[Card, ...], said: Sequence[Statement]) -> Iterator[Mark]:
    """Links to the cards: on the words of an event, else on a cue, or on the source where there is none.

    What ends in a link is named at its end: events by their numbers, attributions by their letters.
    """
    by_event = {card.event.id: card for card in numbered}
    by_letter = {one.letter: one for one in said}
    tied = {one.letter: (one.attribution.cue or one.attribution.source)[0] for one in said if _is_tied(one)}
    spots = [(card.event.trigger, card.event.id) for card in numbered]
    spots += [(span, letter) for letter, span in tied.items()]
    for span, keys in runs(spots):
        events = [by_event[key] for key in keys if key in by_event]
        cited = [by_letter[key] for key in keys if key in by_letter]
        numbers = [str(card.number) for card in events if card.event.trigger[1] == span[1]]
        letters = [one.letter for one in cited if tied[one.letter][1] == span[1]]
        goal = events[-1].event.id if events else said_id(cited[-1].attribution)
        about = (("href", f"#{goal}"), *(() if events else (("title", chain_of([cited[-1].saying])),)))
        yield Mark(
            span,
            Layer.LINK,
            ("trigger",) if events else ("cite",),
            about,
            last=(
                *((("data-number", "·".join(numbers)),) if numbers else ()),
                *((("data-letter", "·".join(letters)),) if letters else ()),
            ),
            tag="a",
        )


def said_id(attribution: Attribution) -> str:
    """The id of the card of an attribution; the attribution's own is that of its words in the text."""
    return f"said-{attribution.id}"


def _is_tied(statement: Statement) -> bool:
    return bool(statement.attribution.cue or statement.attribution.source)
