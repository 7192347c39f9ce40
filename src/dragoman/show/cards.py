"""The cards of a report's events: for each what it is, who did it to whom, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.records import Attribution, Event, Participant, Reading, Span
from dragoman.show import wording
from dragoman.show.voices import Voice, Voices


@dataclass(frozen=True, slots=True)
class Someone:
    """The words of a participant or a place; `name` is whom they mean, where the words do not show it."""

    words: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says so, what the source does to it (asserts, denies...), and how the page marks the source."""

    voice: Voice
    stance: str


@dataclass(frozen=True, slots=True)
class Card:
    """One event for the margin. `sayings` go from who says it to who passes it on; none: the outlet."""

    number: int
    event: Event
    words: str
    actors: tuple[Someone, ...]
    recipients: tuple[Someone, ...]
    place: Someone | None
    when: str | None
    counts: tuple[str, ...]
    condition: str | None
    sayings: tuple[Saying, ...]

    @property
    def unsure(self) -> bool:
        """Whether the model is unsure of it."""
        return self.event.confidence < wording.LOW


def cards(reading: Reading, voices: Voices) -> tuple[Card, ...]:
    """The cards in order of the text, numbered from 1."""
    names = {entity.id: entity.name for entity in reading.entities}
    ordered = sorted(reading.events, key=lambda event: (event.trigger, event.id))
    return tuple(
        _card(reading, names, event, number, _sayings(voices, event)) for number, event in enumerate(ordered, start=1)
    )


def _card(reading: Reading, names: dict[str, str], event: Event, number: int, sayings: tuple[Saying, ...]) -> Card:
    def people(participants: Sequence[Participant]) -> tuple[Someone, ...]:
        return tuple(_someone(reading, names, p.span, p.entity) for p in participants)

    return Card(
        number=number,
        event=event,
        words=reading.words(event.trigger),
        actors=people(event.actors),
        recipients=people(event.recipients),
        place=_someone(reading, names, event.place, event.place_entity) if event.place else None,
        when=_when(reading, event),
        counts=tuple(wording.counted(count.kind, count.value, count.bound) for count in event.counts),
        condition=reading.words(event.condition) if event.condition else None,
        sayings=sayings,
    )


def _someone(reading: Reading, names: dict[str, str], span: Span, entity: str | None) -> Someone:
    words, name = reading.words(span), names.get(entity or "")
    return Someone(words, None if name is None or wording.tells(words, name) else name)


def _when(reading: Reading, event: Event) -> str | None:
    if event.time is None and event.start is None and event.end is None:
        return None
    words = reading.words(event.time) if event.time else None
    return wording.when(event.start, event.end, event.date_precision, words)


def _sayings(voices: Voices, event: Event) -> tuple[Saying, ...]:
    def told() -> Iterator[Saying]:
        around: Attribution
        for around in voices.around(event.attribution):
            voice = voices.of(around.id)
            if voice is not None:
                yield Saying(voice, around.stance)

    return tuple(told())
