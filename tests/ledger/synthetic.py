"""Readings drawn from a seed, for measures and for comparing queries with brute force.

The text is put together word by word, so that each span is known as it is written.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from dragoman.codes import codes
from dragoman.records import Attribution, Count, Entity, Event, Participant, Reading, Span
from tests.builders import MADE_BY, make_report

PEOPLE = ("Ilan Dov", "Mara Quist", "Teodor Hale", "Zsófia Márkus", "Abu Rashad", "Nia O’Connell", "Lê Minh")
BODIES = {
    "the Council of Oru": ("government", "ORU"),
    "Tessaly’s foreign ministry": ("government", "TES"),
    "the Northern Guard": ("military", "TES"),
    "the Free Harbour League": ("armed_group", None),
    "Radio Meridian": ("outlet", None),
    "the dockers’ union": ("organization", "ORU"),
}
PLACES = ("Varn", "Kestrel Bay", "Oru", "Łódka", "San Telmo")
VERBS = ("attacked", "met", "threatened", "praised", "detained", "armed", "accused", "blockaded", "freed")
SOURCES = {"an official": "unnamed", "a ministry letter": "document", "": "none"}
FILLER = (
    "The market in the old town stayed shut for a third day.",
    "Rain had washed the slogans from the sea wall by noon.",
    "Ferries were held at anchor while the tide turned.",
)


@dataclass(frozen=True, kw_only=True)
class World:
    """Whom and what reports may tell of. `unnamed` act as people do, and are no entity."""

    people: Sequence[str] = PEOPLE
    bodies: Mapping[str, tuple[str, str | None]] = field(default_factory=lambda: BODIES)
    places: Sequence[str] = PLACES
    unnamed: Sequence[str] = ()
    outlets: Sequence[str | None] = ("Harbour Post", "Radio Meridian", "Oru Daily", None)
    filler: Sequence[str] = FILLER
    days: int = 400

    @cached_property
    def actors(self) -> tuple[str, ...]:
        """Who may act."""
        return (*self.people, *self.bodies)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """Who may say so."""
        return (*self.people, *SOURCES)

    def type_of(self, name: str) -> str:
        """The type of the entity of that name."""
        return self.bodies[name][0] if name in self.bodies else "person" if name in self._known else "place"

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.people)


SMALL = World()


class Scribe:
    """Writes a report and its marks side by side."""

    def __init__(self, seed: int, world: World = SMALL) -> None:
        self.draw = random.Random(seed)
        self.world = world
        self.published = date(2031, 1, 1) + timedelta(days=self.draw.randrange(world.days))
        self.text = f"Dispatch {seed}."
        self.known: dict[str, str] = {}
        self.mentions: dict[str, list[Span]] = {}
        self.attributions: list[Attribution] = []
        self.events: list[Event] = []

    def write(self, words: str) -> Span:
        """Adds words after a space, and says where they stand."""
        span = (len(self.text) + 1, len(self.text) + 1 + len(words))
        self.text += f" {words}"
        assert self.text[span[0] : span[1]] == words
        return span

    def name(self, name: str) -> Participant:
        """Writes a name; the entity it means is told three times out of four."""
        if self.draw.random() < 0.25:
            return Participant(self.write(self.draw.choice(self.world.unnamed) if self.world.unnamed else name))
        span = self.write(name)
        id = self.known.setdefault(name, f"N{len(self.known) + 1}")
        self.mentions.setdefault(name, []).append(span)
        return Participant(span, id)

    def sentence(self) -> None:
        """Writes one sentence with one event, and for most an attribution that holds it."""
        said = self.draw.random() < 0.6
        source = self.draw.choice(self.world.sources) if said else ""
        speaker = self.name(source) if source else None
        cue = self.write("said" if source else "reportedly") if said else None
        start = len(self.text) + 1
        self.event(f"A{len(self.attributions) + 1}" if said else None)
        if cue is None:
            return
        self.attributions.append(
            Attribution(
                id=f"A{len(self.attributions) + 1}",
                source=(speaker.span,) if speaker else (),
                cue=(cue,),
                content=((start, start + 3), (start + 4, len(self.text))),
                mode=self.draw.choice(codes().attribution_modes),
                kind=SOURCES.get(source, "named"),
                entity=speaker.entity if speaker else None,
                stance=self.draw.choice(codes().stances),
                confidence=round(self.draw.random(), 3),
            )
        )

    def event(self, attribution: str | None) -> None:
        """Writes who did what to whom, where and when."""
        draw, type = self.draw, self.draw.choice(tuple(codes().event_types))
        actor, recipient = draw.sample(self.world.actors, 2)
        actors = tuple(self.name(who) for who in [actor] * (draw.random() < 0.9))
        trigger = self.write(draw.choice(VERBS))
        recipients = (self.name(recipient),)
        self.write("near")
        place = self.name(draw.choice(self.world.places))
        time = self.write("on Monday") if draw.random() < 0.5 else None
        dead = draw.randrange(1, 60) if draw.random() < 0.2 else 0
        counts = (Count("killed", dead, dead, "exact", None, self.write(f"killing {dead}")),) if dead else ()
        self.write(f"in case {draw.randrange(10**6)}.")
        day = (self.published - timedelta(days=draw.randrange(30))).isoformat()
        start, end = draw.choice(((day, day), (day, None), (day, self.published.isoformat()), (None, None)))
        self.events.append(
            Event(
                id=f"E{len(self.events) + 1}",
                trigger=trigger,
                type=type,
                mode=draw.choice((*codes().event_types[type].modes, None)),
                actors=actors,
                recipients=recipients,
                place=place.span,
                place_entity=place.entity,
                time=time,
                start=start,
                end=end,
                date_precision="day" if start else None,
                date_reason=None,
                status=draw.choice(codes().statuses),
                certainty=draw.choice(codes().certainties),
                attribution=attribution,
                counts=counts,
                confidence=round(draw.random(), 3),
            )
        )

    def entities(self) -> tuple[Entity, ...]:
        """Everybody and everything that the report named."""
        return tuple(
            Entity(
                id=id,
                name=name,
                type=self.world.type_of(name),
                country=self.world.bodies[name][1] if name in self.world.bodies else None,
                known_as=(name.split()[-1],),
                mentions=tuple(self.mentions[name]),
            )
            for name, id in self.known.items()
        )


def synthetic(seed: int, *, sentences: int = 12, filler: int = 0, world: World = SMALL) -> Reading:
    """A reading drawn from a seed; `filler` adds sentences without marks, for the length of a real report."""
    scribe = Scribe(seed, world)
    for _ in range(sentences):
        scribe.sentence()
    for _ in range(filler):
        scribe.write(scribe.draw.choice(world.filler))
    draw, published = scribe.draw, scribe.published.isoformat()
    report = make_report(
        scribe.text,
        title=draw.choice((f"Dispatch {seed} from {draw.choice(world.places)}", None)),
        outlet=draw.choice(world.outlets),
        published=draw.choice((published, published, None)),
        url=f"https://example.org/{seed}",
    )
    return Reading(report, scribe.entities(), tuple(scribe.attributions), tuple(scribe.events), (), MADE_BY)
