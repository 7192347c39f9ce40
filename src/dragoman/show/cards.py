"""The cards of a report's marks: for each event what it is, who did it to whom, and who says so; for each attribution
who says what, in which words, and inside whose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from dragoman.records import Attribution, Entity, Event, Participant, Place, Reading, Relation, Span
from dragoman.show import wording
from dragoman.show.voices import Voice, Voices, first_word, leads, words_of

if TYPE_CHECKING:
    from dragoman.compare.summaries import HappeningRow  # which needs a database; `read` has none


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
    """Who says so, how the page marks the source, and the words that name it and that tie it to what is said."""

    voice: Voice
    attribution: Attribution
    source: str
    cue: str

    @property
    def stance(self) -> str:
        """What the source does to what is said: asserts, denies..."""
        return self.attribution.stance


@dataclass(frozen=True, slots=True)
class Card:
    """One event for the margin. `sayings` go from who says it to who passes it on; none: the outlet.

    `happening` is what it tells together with other reports.
    """

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
    happening: HappeningRow | None = None

    @property
    def unsure(self) -> bool:
        """Whether the model is unsure of it."""
        return self.event.confidence < wording.LOW


@dataclass(frozen=True, slots=True)
class Statement:
    """One attribution, with a letter to refer to it. `outer` are those who pass it on, `inner` what lies in it."""

    letter: str
    saying: Saying
    content: str
    addressee: str | None
    outer: tuple[Saying, ...]
    inner: tuple[Statement, ...]

    @property
    def attribution(self) -> Attribution:
        """The attribution itself."""
        return self.saying.attribution

    @property
    def chain(self) -> tuple[Saying, ...]:
        """Who says it, then who passes it on."""
        return (self.saying, *self.outer)

    @property
    def unsure(self) -> bool:
        """Whether the model is unsure of it."""
        return self.attribution.confidence < wording.LOW

    def whole(self) -> Iterator[Statement]:
        """It, and all that lies in it."""
        yield self
        for statement in self.inner:
            yield from statement.whole()


def cards(reading: Reading, voices: Voices, happenings: Mapping[str, HappeningRow] | None = None) -> tuple[Card, ...]:
    """The cards of the events in order of the text, numbered from 1."""
    known = {entity.id: entity for entity in reading.entities}
    ordered = sorted(reading.events, key=lambda event: (event.trigger, event.id))
    told = happenings or {}
    return tuple(
        replace(
            _card(reading, known, event, number, sayings(reading, voices, event.attribution)),
            happening=told.get(event.id),
        )
        for number, event in enumerate(ordered, start=1)
    )


def statements(reading: Reading, voices: Voices) -> tuple[Statement, ...]:
    """The attributions in order of the text, each under the one that it lies in; of a circle the first is outermost."""
    ordered = sorted(reading.attributions, key=first_word)
    known = {attribution.id for attribution in ordered}
    around: dict[str, str] = {}
    for attribution in ordered:
        if attribution.inside in known and not leads(attribution.inside, attribution.id, around):
            around[attribution.id] = attribution.inside
    letters = map(letter, count())

    def made(attribution: Attribution) -> Statement:
        own, (saying, *outer) = next(letters), sayings(reading, voices, attribution.id)
        return Statement(
            letter=own,
            saying=saying,
            content=words_of(reading, attribution.content),
            addressee=reading.words(attribution.addressee) if attribution.addressee else None,
            outer=tuple(outer),
            inner=tuple(made(one) for one in ordered if around.get(one.id) == attribution.id),
        )

    return tuple(made(attribution) for attribution in ordered if attribution.id not in around)


def letter(number: int) -> str:
    """The letter of a number, counted from 0: a, b ... z, aa, ab ..."""
    rest, last = divmod(number, 26)
    return (letter(rest - 1) if rest else "") + chr(ord("a") + last)


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


def sayings(reading: Reading, voices: Voices, attribution: str | None) -> tuple[Saying, ...]:
    """Who says what an attribution holds, then who passes that on; nobody for the outlet's own words."""
    return tuple(
        Saying(voices.by_attribution[one.id], one, words_of(reading, one.source), words_of(reading, one.cue))
        for one in voices.around(attribution)
    )


def chain_of(chain: Sequence[Saying]) -> str:
    """Who says so and who passes it on, in words: according to the ministry, cited by Norda."""
    said = [wording.by(chain[0].stance), chain[0].voice.name] if chain else ["the outlet itself"]
    return ", cited by ".join([" ".join(said), *(one.voice.name for one in chain[1:])])


def tied(reading: Reading, relation: Relation) -> str:
    """What a report tells of somebody and a body: who, as what, since when, and the words that say so."""
    subject, body = reading.entity(relation.subject), reading.entity(relation.object)
    of = body.name if body else reading.words(relation.body) if relation.body else ""
    said = " of ".join(part for part in (relation.role or wording.plain(relation.kind), of) if part)
    days = f", {wording.when(relation.start, relation.end, 'interval')}" if relation.start or relation.end else ""
    return f"{subject.name if subject else ''}: {said}{days} (“{reading.words(relation.words)}”)"
