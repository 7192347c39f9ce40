"""Readings made by hand for tests, from words instead of numbers.

Invariant: every span is found in the text by its words, and `text[start:end] == words` is asserted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from dragoman.records import (
    Attribution,
    Count,
    Entity,
    Event,
    MadeBy,
    Participant,
    Place,
    Reading,
    Relation,
    Report,
    Span,
)

MADE_BY = MadeBy(version="0.1.0", model="hand", model_sha256="0" * 64)
"""What hand-made readings say of their making."""

NEWER = MadeBy(version="0.2.0", model="newer", model_sha256="1" * 64)
"""What those of a later model say."""

Where = str | tuple[str, int]
"""Words that stand once in the text, or (words, n) for their nth occurrence, counted from 1."""

Someone = Where | tuple[Where, str]
"""The words of a participant, or (words, id of the entity they mean)."""


def locate(text: str, where: Where) -> Span:
    """The span of some words; an AssertionError when they are not there, or there more than once."""
    words, nth = where if isinstance(where, tuple) else (where, 0)
    assert words, "no words to look for"
    assert nth or text.count(words) == 1, f"{words!r} stands {text.count(words)} times: give (words, n)"
    start = -1
    for _ in range(nth or 1):
        start = text.find(words, start + 1)
        assert start >= 0, f"{words!r} stands fewer than {nth} times in the text"
    span = (start, start + len(words))
    assert text[span[0] : span[1]] == words
    return span


def make_report(
    text: str,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: str | None = None,
    url: str | None = None,
) -> Report:
    """A report with an id of the right shape: 64 hexadecimal digits from text and outlet."""
    id = hashlib.sha256(f"{outlet or ''}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
    return Report(id=id, text=text, title=title, outlet=outlet, published=published, url=url, language="en")


class ReadingBuilder:
    """Collects marks of one report; each method returns the id of what it added, `build` the reading.

    ids are N1, N2... for entities, A1... for attributions, E1... for events, in order of adding.
    """

    def __init__(self, report: Report, *, made_by: MadeBy = MADE_BY) -> None:
        self.report = report
        self.made_by = made_by
        self._entities: list[Entity] = []
        self._attributions: list[Attribution] = []
        self._events: list[Event] = []
        self._relations: list[Relation] = []

    def span(self, where: Where) -> Span:
        """Where the words stand in the report."""
        return locate(self.report.text, where)

    def entity(
        self,
        name: str,
        type: str,
        *,
        mentions: Iterable[Where] = (),
        known_as: Iterable[str] = (),
        **told: Any,
    ) -> str:
        """An entity with the words that mention it; `told` are its other fields: country, sector, role, place..."""
        id = f"N{len(self._entities) + 1}"
        spans = tuple(self.span(where) for where in mentions)
        self._entities.append(Entity(id, name, type, known_as=tuple(known_as), mentions=spans, **told))
        return id

    def relation(self, subject: str, kind: str, words: Where, *, body: Where | None = None, **told: Any) -> str:
        """A relation; `told` are its other fields: object, role, start, end."""
        id = f"R{len(self._relations) + 1}"
        self._relations.append(
            Relation(
                id=id,
                subject=subject,
                kind=kind,
                words=self.span(words),
                body=None if body is None else self.span(body),
                **{"object": None, "role": None, **told},
            )
        )
        return id

    def attribution(
        self,
        *,
        source: Iterable[Where] = (),
        cue: Iterable[Where] = (),
        content: Iterable[Where] = (),
        mode: str = "indirect",
        kind: str = "named",
        entity: str | None = None,
        addressee: Where | None = None,
        stance: str = "asserts",
        inside: str | None = None,
        confidence: float = 0.9,
    ) -> str:
        """An attribution; each part is an iterable of words, since a part may come in pieces."""
        id = f"A{len(self._attributions) + 1}"
        self._attributions.append(
            Attribution(
                id=id,
                source=tuple(self.span(where) for where in source),
                cue=tuple(self.span(where) for where in cue),
                content=tuple(self.span(where) for where in content),
                mode=mode,
                kind=kind,
                entity=entity,
                addressee=None if addressee is None else self.span(addressee),
                stance=stance,
                inside=inside,
                confidence=confidence,
            )
        )
        return id

    def event(
        self,
        trigger: Where,
        type: str,
        *,
        mode: str | None = None,
        actors: Iterable[Someone] = (),
        recipients: Iterable[Someone] = (),
        place: Where | None = None,
        place_entity: str | None = None,
        time: Where | None = None,
        start: str | None = None,
        end: str | None = None,
        date_precision: str | None = None,
        status: str = "occurred",
        certainty: str = "certain",
        attribution: str | None = None,
        date_reason: str | None = None,
        counts: Iterable[tuple[str, int, str, Where]] = (),
        rule: str | None = None,
        condition: Where | None = None,
        confidence: float = 0.9,
    ) -> str:
        """An event; a count is (kind, value, bound, words)."""
        id = f"E{len(self._events) + 1}"
        self._events.append(
            Event(
                id=id,
                trigger=self.span(trigger),
                type=type,
                mode=mode,
                actors=tuple(self._participant(someone) for someone in actors),
                recipients=tuple(self._participant(someone) for someone in recipients),
                place=None if place is None else self.span(place),
                place_entity=place_entity,
                time=None if time is None else self.span(time),
                start=start,
                end=end,
                date_precision=date_precision or ("day" if start else None),
                status=status,
                certainty=certainty,
                attribution=attribution,
                date_reason=date_reason,
                counts=tuple(self._count(*count) for count in counts),
                rule=rule,
                condition=None if condition is None else self.span(condition),
                confidence=confidence,
            )
        )
        return id

    def build(self) -> Reading:
        """The reading of all that was added."""
        return Reading(
            report=self.report,
            entities=tuple(self._entities),
            attributions=tuple(self._attributions),
            events=tuple(self._events),
            relations=tuple(self._relations),
            made_by=self.made_by,
        )

    def _count(self, kind: str, value: int, bound: str, words: Where) -> Count:
        low, high = None if bound == "at_most" else value, None if bound == "at_least" else value
        return Count(kind, low, high, bound, None, self.span(words))

    def _participant(self, someone: Someone) -> Participant:
        if isinstance(someone, tuple) and isinstance(someone[1], str):
            where, entity = someone
            return Participant(self.span(where), entity)
        return Participant(self.span(someone))


def denial() -> Reading:
    """A short report with a named source, an unnamed one, a denial, a toll and the outlet's own voice."""
    text = (
        "KESTREL BAY — Marshal Ilan Dov said on Monday that his forces had seized the port of Varn. "
        "Two harbour officials said at least 14 people were killed in the assault. "
        "“We have not attacked any port,” Tessaly’s foreign ministry told Radio Meridian. "
        "The council in Oru unanimously extended the blockade for ninety days."
    )
    report = make_report(
        text,
        title="Marshal claims port as Tessaly denies attack",
        outlet="Harbour Post",
        published="2031-03-04",
        url="https://harbourpost.example/varn",
    )
    make = ReadingBuilder(report)
    dov = make.entity(
        "Ilan Dov",
        "person",
        mentions=["Marshal Ilan Dov", "his"],
        role="marshal",
        known_as=["Marshal Dov"],
    )
    forces = make.entity("Dov's forces", "military", mentions=["his forces"])
    port = make.entity("Varn", "place", mentions=["the port of Varn"])
    officials = make.entity("harbour officials", "group", mentions=["Two harbour officials"])
    ministry = make.entity(
        "Foreign Ministry of Tessaly", "government", mentions=["Tessaly’s foreign ministry"], known_as=["MFA"]
    )
    council = make.entity("Council of Oru", "government", mentions=["The council in Oru"])
    make.entity("Radio Meridian", "outlet", mentions=["Radio Meridian"])
    claim = make.attribution(
        source=["Marshal Ilan Dov"],
        cue=["said on Monday"],
        content=["his forces had seized the port of Varn"],
        entity=dov,
    )
    toll = make.attribution(
        source=["Two harbour officials"],
        cue=[("said", 2)],
        content=["at least 14 people were killed in the assault"],
        kind="unnamed",
        entity=officials,
    )
    denies = make.attribution(
        source=["Tessaly’s foreign ministry"],
        cue=["told"],
        content=["“We have not attacked any port,”"],
        mode="direct",
        entity=ministry,
        addressee="Radio Meridian",
        stance="denies",
    )
    make.event(
        "seized",
        "COERCE",
        mode="seize",
        actors=[("his forces", forces)],
        recipients=["the port of Varn"],
        place="Varn",
        place_entity=port,
        time="Monday",
        start="2031-03-03",
        end="2031-03-03",
        attribution=claim,
    )
    make.event(
        "killed",
        "ASSAULT",
        recipients=["14 people"],
        attribution=toll,
        counts=[("killed", 14, "at_least", "at least 14 people")],
        confidence=0.6,
    )
    make.event(
        "attacked",
        "ASSAULT",
        actors=[("We", ministry)],
        recipients=["any port"],
        status="not_occurred",
        attribution=denies,
    )
    make.event(
        "extended the blockade",
        "COERCE",
        mode="restrict",
        actors=[("The council in Oru", council)],
        time="for ninety days",
        start="2031-03-04",
        end="2031-06-02",
        date_precision="interval",
        rule="unanimous",
    )
    return make.build()


def in_odesa() -> Reading:
    """A reading with two events, of which one is in a place that the gazetteer knows."""
    text = "Dockers met in the harbour city on Sunday. Pilots marched in Ukraine Street."
    make = ReadingBuilder(
        make_report(text, outlet="Harbour Post", published="2031-03-10", url="https://post.example/7")
    )
    odesa = Place("Odesa", "city", "UKR", "Odesa Oblast", None, 46.48, 30.73, 698740, "point")
    city = make.entity("the harbour city", "place", mentions=["the harbour city"], country="UKR", place=odesa)
    street = make.entity("Ukraine Street", "place", mentions=["Ukraine Street"])
    make.event("met", "CONSULT", actors=["Dockers"], place="the harbour city", place_entity=city)
    make.event("marched", "PROTEST", actors=["Pilots"], place="Ukraine Street", place_entity=street)
    return make.build()
