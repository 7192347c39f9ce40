"""The voices of a report: each source once, with all that it says, a number and a colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dragoman.records import Attribution, Reading, Span
from dragoman.show.wording import LOW

COLOURS = 8
"""Tints in static/report.css; the ninth source has the first one's again, and its number tells them apart."""

BETWEEN = " … "

Name = TypeVar("Name", int, str)


@dataclass(frozen=True, slots=True)
class Voice:
    """A source of one report. `known_as` are the words that name it, where they differ from `name`."""

    number: int
    name: str
    kind: str
    known_as: tuple[str, ...]
    attributions: tuple[Attribution, ...]
    events: int

    @property
    def colour(self) -> int:
        """The number of its tint, from 1."""
        return (self.number - 1) % COLOURS + 1

    @property
    def unsure(self) -> bool:
        """Whether the model is unsure of every statement of it."""
        return all(attribution.confidence < LOW for attribution in self.attributions)


@dataclass(frozen=True, slots=True)
class Branch:
    """A voice, who passes it on, and the voices that it alone passes on."""

    voice: Voice
    cited_by: tuple[Voice, ...]
    inner: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Voices:
    """All the voices of a report, in the order in which they first speak."""

    all: tuple[Voice, ...]
    by_attribution: dict[str, Voice]
    within: dict[str, tuple[Attribution, ...]]

    def of(self, attribution: str | None) -> Voice | None:
        """The voice of an attribution's id; None is the outlet's own."""
        return self.by_attribution.get(attribution or "")

    def passing_on(self, voice: Voice) -> tuple[Voice, ...]:
        """The other voices inside whose words it speaks, in order: who cites it."""
        outer = [self.of(a.inside) for a in voice.attributions]
        return tuple(dict.fromkeys(one for one in outer if one is not None and one is not voice))

    def tree(self) -> tuple[Branch, ...]:
        """The voices in order, each under the one that alone passes it on, if there is such a one."""
        outer: dict[int, int] = {}
        for voice in self.all:
            around = {self.of(a.inside) for a in voice.attributions}
            only = around.pop() if len(around) == 1 else None
            if only is not None and not leads(only.number, voice.number, outer):
                outer[voice.number] = only.number
        return self._branches(None, outer)

    def _branches(self, number: int | None, outer: dict[int, int]) -> tuple[Branch, ...]:
        return tuple(
            Branch(voice, self.passing_on(voice), self._branches(voice.number, outer))
            for voice in self.all
            if outer.get(voice.number) == number
        )

    def around(self, attribution: str | None) -> tuple[Attribution, ...]:
        """An attribution and those it lies in, from the inside out."""
        return self.within.get(attribution or "", ())


def voices(reading: Reading) -> Voices:
    """Who speaks in a report. One entity is one voice; without an entity, the same words of one kind are."""
    groups: dict[tuple[str, ...], list[Attribution]] = {}
    for attribution in sorted(reading.attributions, key=first_word):
        groups.setdefault(_key(reading, attribution), []).append(attribution)
    held = Counter(event.attribution for event in reading.events)
    speaking = tuple(
        _voice(reading, number, attributions, sum(held[a.id] for a in attributions))
        for number, attributions in enumerate(groups.values(), start=1)
    )
    return Voices(
        all=speaking,
        by_attribution={a.id: voice for voice in speaking for a in voice.attributions},
        within=_chains(reading.attributions),
    )


def words_of(reading: Reading, spans: Sequence[Span]) -> str:
    """The words of a part that may come in pieces."""
    return BETWEEN.join(reading.words(span) for span in spans)


def _voice(reading: Reading, number: int, attributions: list[Attribution], events: int) -> Voice:
    first = attributions[0]
    entity = reading.entity(first.entity)
    said = dict.fromkeys(words_of(reading, a.source) for a in attributions if a.source)
    cues = dict.fromkeys(words_of(reading, a.cue) for a in attributions if a.cue)
    name = entity.name if entity else max(said, key=len, default="").strip(" ,;:")
    return Voice(
        number=number,
        name=name or "no source named",
        kind=first.kind,
        known_as=tuple(words for words in (said if name else cues) if words != name),
        attributions=tuple(attributions),
        events=events,
    )


def leads(one: Name, to: Name, outer: Mapping[Name, Name]) -> bool:
    """Whether one is the other or, by what lies around what, in it."""
    at: Name | None = one
    while at is not None and at != to:
        at = outer.get(at)
    return at == to


def _key(reading: Reading, attribution: Attribution) -> tuple[str, ...]:
    if attribution.entity is not None:
        return ("entity", attribution.entity)
    return (attribution.kind, words_of(reading, attribution.source).casefold())


def first_word(attribution: Attribution) -> tuple[int, str]:
    """Sorts attributions by where the first of their words stands."""
    starts = [start for start, _ in (*attribution.source, *attribution.cue, *attribution.content)]
    return min(starts, default=0), attribution.id


def _chains(attributions: Sequence[Attribution]) -> dict[str, tuple[Attribution, ...]]:
    """For each attribution, itself and what it lies in; a circle is cut where it closes."""
    known = {attribution.id: attribution for attribution in attributions}
    chains: dict[str, tuple[Attribution, ...]] = {}
    for attribution in attributions:
        chain: dict[str, Attribution] = {}
        around: Attribution | None = attribution
        while around is not None and around.id not in chain:
            chain[around.id] = around
            around = known.get(around.inside or "")
        chains[attribution.id] = tuple(chain.values())
    return chains
