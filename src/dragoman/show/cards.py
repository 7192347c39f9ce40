"""The cards of a report's events: for each what it is, who did it to whom, and who says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.records import Attribution, Entity, Event, Participant, Place, Reading, Relation, Span
from dragoman.show import wording
from dragoman.show.voices import Voice, Voices


@dataclass(frozen=True, slots=True)
class Someone:
    """The words of a participant or a place; `name` is whom they mean, where the words do not show it.

    `place` is where a place is, when that is known.
    """

    words: str
    name: str | None
    place: Place | None = None

    @classmethod
    def of(cls, words: str, name: str | None, place: Place | None = None) -> Someone:
        """The words, with the name of whom they mean where they do not tell it themselves."""
        return cls(words, None if name is None or wording.tells(words, name) else name, place)


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
    known = {entity.id: entity for entity in reading.entities}
    ordered = sorted(reading.events, key=lambda event: (event.trigger, event.id))
    return tuple(
        _card(reading, known, event, number, _sayings(voices, event)) for number, event in enumerate(ordered, start=1)
    )


def _card(reading: Reading, known: dict[str, Entity], event: Event, number: int, sayings: tuple[Saying, ...]) -> Card:
    def people(participants: Sequence[Participant]) -> tuple[Someone, ...]:
        return tuple(_someone(reading, known, p.span, p.entity) for p in participants)

    return Card(
        number=number,
        event=event,
        words=reading.words(event.trigger),
        actors=people(event.actors),
        recipients=people(event.recipients),
        place=_someone(reading, known, event.place, event.place_entity) if event.place else None,
        when=_when(reading, event),
        counts=tuple(
            wording.counted(count.kind, count.low, count.high, count.bound, count.who) for count in event.counts
        ),
        condition=reading.words(event.condition) if event.condition else None,
        sayings=sayings,
    )


def _someone(reading: Reading, known: dict[str, Entity], span: Span, id: str | None) -> Someone:
    entity = known.get(id or "")
    return Someone.of(reading.words(span), entity.name if entity else None, entity.place if entity else None)


def _when(reading: Reading, event: Event) -> str | None:
    if event.time is None and event.start is None and event.end is None:
        return None
    words = reading.words(event.time) if event.time else None
    return wording.when(event.start, event.end, event.date_precision, words, event.date_reason)


def _sayings(voices: Voices, event: Event) -> tuple[Saying, ...]:
    def told() -> Iterator[Saying]:
        around: Attribution
        for around in voices.around(event.attribution):
            voice = voices.of(around.id)
            if voice is not None:
                yield Saying(voice, around.stance)

    return tuple(told())


def tied(reading: Reading, relation: Relation) -> str:
    """What a report tells of somebody and a body: who, as what, since when, and the words that say so."""
    subject, body = reading.entity(relation.subject), reading.entity(relation.object)
    of = body.name if body else reading.words(relation.body) if relation.body else ""
    said = " of ".join(part for part in (relation.role or wording.plain(relation.kind), of) if part)
    days = f", {wording.when(relation.start, relation.end, 'interval')}" if relation.start or relation.end else ""
    return f"{subject.name if subject else ''}: {said}{days} (“{reading.words(relation.words)}”)"
