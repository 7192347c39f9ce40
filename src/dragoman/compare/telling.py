"""What is compared: each event as its report tells it, in words and numbers.

Invariant: it depends on the reading alone.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from dragoman.compare.words import Words, content, kin, names_in, proper_names, stem, stems
from dragoman.ledger.folding import fold
from dragoman.ledger.ids import mark_id
from dragoman.quotations import quoted
from dragoman.records import Count, Event, Participant, Place, Reading, Span
from dragoman.sentences import Sentences

REACH = 2
"""Sentences within which another telling of the act lends its day and place. The stories' B-cubed F1 of marked events
is 85.9 with 2, 84.7 with 1, 84.8 with 3 and 83.5 with any; 84.6 where words that give no day take one from others."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in an event: the words, their stems, the names among them, and what is known of whom they mean."""

    words: str
    stems: Words
    names: Words
    country: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one report tells it. `key` names it across the ledger; days are ordinals, None where not told.

    `words` are the stems of its sentence, which is the span `within` of the text, and `after` those that follow the
    trigger in it; `scene` are the places that the gazetteer knows in it and in the last sentence before it; `about` are
    those of the whole report with the weight of each, and `proper` those of its names: shared by all its events.
    `published` is the day of the report.
    """

    key: str
    report: str
    type: str | None
    mode: str | None
    status: str
    trigger: Words
    trigger_words: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    place: Party | None
    located: Place | None
    days: tuple[int, int] | None
    published: int | None
    counts: tuple[Count, ...]
    words: Words
    names: Words
    quotes: Words
    sentence: int
    within: Span
    after: Words
    scene: tuple[Place, ...]
    proper: Words = field(repr=False)
    about: Mapping[str, float] = field(repr=False)

    @property
    def people(self) -> tuple[Party, ...]:
        """Everybody in it, in whichever role."""
        return self.actors + self.recipients


def told(reading: Reading) -> tuple[Told, ...]:
    """Every event of a reading, made comparable."""
    text, report = reading.report.text, reading.report
    sentences = Sentences(text)
    about = Counter(content(f"{report.title or ''} {text}"))
    weighed = {word: 1 + math.log(count) for word, count in about.items()}
    proper, quotes = proper_names(text, sentences), quoted(text)
    events = tuple(_event(reading, event, sentences, weighed, proper, quotes) for event in reading.events)
    dated = {one.key for one, event in zip(events, reading.events, strict=True) if event.time}
    named = _named(reading, sentences)
    return tuple(
        replace(_completed(event, events, event.key in dated), scene=_scene(event.sentence, named)) for event in events
    )


def _named(reading: Reading, sentences: Sentences) -> Mapping[int, tuple[Place, ...]]:
    """The places that each sentence names and the gazetteer knows, in order of sentences; a country only where it is
    all that one names.
    """
    found: defaultdict[int, dict[Place, None]] = defaultdict(dict)
    for entity in reading.entities:
        for span in entity.mentions if entity.place else ():
            found[sentences.number(span[0])][entity.place] = None  # type: ignore[index]
    return {
        number: tuple(place for place in places if place.kind != "country") or tuple(places)
        for number, places in sorted(found.items())
    }


def _scene(sentence: int, named: Mapping[int, tuple[Place, ...]]) -> tuple[Place, ...]:
    """The places of the sentence itself and of the last before it that names any; else of the first after it."""
    before = [number for number in named if number < sentence][-1:]
    near = [*before, sentence] if before or sentence in named else [*named][:1]
    return tuple(dict.fromkeys(place for number in near for place in named.get(number, ())))


def _event(
    reading: Reading,
    event: Event,
    sentences: Sentences,
    about: Mapping[str, float],
    proper: Words,
    quotes: Sequence[Span],
) -> Told:
    start, end = sentences.at(event.trigger[0])
    sentence = reading.report.text[start:end]
    place = reading.entity(event.place_entity)
    return Told(
        key=mark_id(reading.report.id, event.id),
        report=reading.report.id,
        type=event.type,
        mode=event.mode,
        status=event.status,
        trigger=stems(reading.words(event.trigger)) or frozenset([stem(reading.words(event.trigger))]),
        trigger_words=reading.words(event.trigger),
        actors=tuple(_party(reading, someone, proper) for someone in event.actors),
        recipients=tuple(_party(reading, someone, proper) for someone in event.recipients),
        place=_party(reading, Participant(event.place, event.place_entity), proper) if event.place else None,
        located=place.place if place else None,
        days=_days(event),
        published=_day(reading.report.published),
        counts=event.counts,
        words=stems(sentence),
        names=names_in(sentence) & proper,
        quotes=quotes_at(reading.report.text, quotes, (start, end)),
        sentence=sentences.number(event.trigger[0]),
        within=(start, end),
        after=stems(reading.report.text[event.trigger[1] : end]),
        scene=(),
        proper=proper,
        about=about,
    )


def _completed(event: Told, others: Sequence[Told], dated: bool) -> Told:
    """The event with day and place of the nearest other of its act, where its own are not told at all.

    Reports tell them once: `a blast tore through the market late on Monday` ... `the explosion flattened the hall`.
    What has words for its time, though no day could be made of them, is `dated`: it takes none from others.
    """
    akin = [
        other
        for other in others
        if other is not event
        and abs(other.sentence - event.sentence) <= REACH
        and (event.type == other.type or one_act(event, other))
    ]
    akin.sort(key=lambda other: (abs(other.sentence - event.sentence), other.key))
    days_told = (other.days for other in akin if other.days and other.days[1] - other.days[0] <= 3)
    placed = ((other.place, other.located) for other in akin if other.place and other.place.names)
    days = event.days or (None if dated else next(days_told, None))
    if event.place and event.place.names:
        return replace(event, days=days)
    place, located = next(placed, (event.place, event.located))
    return replace(event, days=days, place=place, located=located)


def one_act(one: Told, other: Told) -> bool:
    """Whether both triggers tell one act: by a word in common, or words of one family."""
    return bool(one.trigger & other.trigger or kin(one.trigger) & kin(other.trigger))


def _party(reading: Reading, someone: Participant, proper: Words) -> Party:
    """The words themselves where they name somebody; else (`the group`, `we`) also those of whom they mean.

    A link between mentions may be wrong, so what is named outright is not given other names.
    """
    words, entity = reading.words(someone.span), reading.entity(someone.entity)
    names, own = names_in(words) & proper, stems(words)
    if entity is None:
        return Party(words, own, names)
    known = names_in(entity.name) & proper | names_in(entity.canonical or "")
    if not names or names & known:
        names, own = names | known, own | stems(f"{entity.name} {entity.canonical or ''}")
    return Party(words, own, names, entity.country, entity.reference)


def _days(event: Event) -> tuple[int, int] | None:
    """First and last day; None also where it is open or longer than a month, which tells little."""
    start, end = _day(event.start), _day(event.end)
    if start is None or end is None or end - start > 31:
        return None
    return start, end


def _day(day: str | None) -> int | None:
    return date.fromisoformat(day).toordinal() if day else None


def quotes_at(text: str, quotes: Sequence[Span], sentence: Span) -> Words:
    """Quoted stretches that touch the sentence, folded: long ones only, for `yes` tells nothing."""
    spans = (span for span in quotes if span[0] < sentence[1] and sentence[0] < span[1])
    return frozenset(bare for a, b in spans if len(bare := fold(text[a + 1 : b - 1]).strip(" ,.")) > 20)
