"""The records that pass between the stages, and the public JSON of a reading.

Invariant: every span counts Unicode code points, end-exclusive, into `Report.text`, and
`report.text[start:end]` is exactly the words meant. All records are frozen; nothing grows.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, fields
from typing import Any

Span = tuple[int, int]


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Where the characters of a cleaned text stood in the original.

    `runs` are (cleaned start, original start) pairs in order; inside a run both count in step.
    `length` and `original_length` close the last run. Source: `documents.text`.
    """

    runs: tuple[tuple[int, int], ...]
    length: int
    original_length: int

    def original(self, position: int) -> int:
        """The original offset of a cleaned offset; the end maps to the end."""
        if position >= self.length:
            return self.original_length
        start, origin = self.runs[bisect_right(self.runs, (position, self.original_length)) - 1]
        return origin + position - start


@dataclass(frozen=True, slots=True)
class Report:
    """One news report as it is read: cleaned text and what is known of its origin.

    `id` is the SHA-256 of the normalised text and outlet; `published` an ISO 8601 day or None.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    offsets: OffsetMap | None = field(default=None, compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The report as the public JSON has it; the offset map stays inside."""
        keys = ("id", "title", "outlet", "published", "url", "language", "text")
        return {key: getattr(self, key) for key in keys}


# --- what the model marks -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NameMark:
    """A name the model found, with its label (`codes.NAME_LABELS`)."""

    span: Span
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class CueMark:
    """A cue with the source, content and addressee that hang on it."""

    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]
    addressee: Span | None
    kind: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TriggerMark:
    """An event trigger with its codes and the spans that fill its roles."""

    trigger: Span
    type: str
    mode: str | None
    status: str
    certainty: str
    actors: tuple[Span, ...]
    recipients: tuple[Span, ...]
    place: Span | None
    time: Span | None
    confidence: float


@dataclass(frozen=True, slots=True)
class MentionMark:
    """A mention of somebody or something; `antecedent` indexes an earlier mention that means the same."""

    span: Span
    type: str
    antecedent: int | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Marks:
    """All that the model marks in one report, in order of the text."""

    names: tuple[NameMark, ...] = ()
    cues: tuple[CueMark, ...] = ()
    triggers: tuple[TriggerMark, ...] = ()
    mentions: tuple[MentionMark, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """The days that words mean: ISO 8601, None where it is open, with how exactly they are known."""

    start: str | None
    end: str | None
    precision: str


# --- what a reading says ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that the report names, with every mention of it."""

    id: str
    name: str
    type: str
    country: str | None = None
    role: str | None = None
    of: str | None = None
    known_as: tuple[str, ...] = ()
    reference: str | None = None
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribution:
    """One stretch of text that the report hands to a source; `inside` is the id of the one around it."""

    id: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    mode: str
    kind: str
    entity: str | None = None
    addressee: Span | None = None
    stance: str = "asserts"
    inside: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a role of an event: the words, and the entity they mean."""

    span: Span
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people in an event; `kind` and `bound` as in codes.yaml."""

    kind: str
    value: int
    bound: str
    span: Span


@dataclass(frozen=True, slots=True)
class Event:
    """Something an actor did, does, will do or did not do to or about another.

    `start` and `end` are ISO 8601 days; `date_precision` says how exact they are, or `unresolved`
    when the text dates the event in words that could not be turned into a date.
    `attribution` is the id of the innermost attribution that holds it, None for the outlet's own voice.
    """

    id: str
    trigger: Span
    type: str
    mode: str | None
    actors: tuple[Participant, ...]
    recipients: tuple[Participant, ...]
    place: Span | None
    place_entity: str | None
    time: Span | None
    start: str | None
    end: str | None
    date_precision: str | None
    status: str
    certainty: str
    attribution: str | None
    counts: tuple[Count, ...] = ()
    rule: str | None = None
    condition: Span | None = None
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class MadeBy:
    """Which program and which weights made a reading."""

    version: str
    model: str
    model_sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one report gives; `to_dict` is the public JSON."""

    report: Report
    entities: tuple[Entity, ...]
    attributions: tuple[Attribution, ...]
    events: tuple[Event, ...]
    made_by: MadeBy

    def words(self, span: Span) -> str:
        """The words of the report that a span means."""
        return self.report.text[span[0] : span[1]]

    def entity(self, id: str | None) -> Entity | None:
        """The entity of an id, or None."""
        return next((entity for entity in self.entities if entity.id == id), None)

    def attribution(self, id: str | None) -> Attribution | None:
        """The attribution of an id, or None for the outlet's own voice."""
        return next((attribution for attribution in self.attributions if attribution.id == id), None)

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain JSON values: spans are [start, end] lists."""
        return {
            "report": self.report.to_dict(),
            "entities": [_plain(entity) for entity in self.entities],
            "attributions": [_plain(attribution) for attribution in self.attributions],
            "events": [_plain(event) for event in self.events],
            "made_by": _plain(self.made_by),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reading:
        """The reading that `to_dict` gave; a missing key is a KeyError or TypeError."""
        return cls(
            report=Report(**data["report"]),
            entities=tuple(
                Entity(**{**e, "known_as": tuple(e["known_as"]), "mentions": _spans(e["mentions"])})
                for e in data["entities"]
            ),
            attributions=tuple(
                Attribution(
                    **{
                        **a,
                        **{part: _spans(a[part]) for part in ("source", "cue", "content")},
                        "addressee": _span(a["addressee"]),
                    }
                )
                for a in data["attributions"]
            ),
            events=tuple(_event(e) for e in data["events"]),
            made_by=MadeBy(**data["made_by"]),
        )


def _plain(record: Any) -> Any:
    if isinstance(record, tuple):
        return [_plain(item) for item in record]
    if hasattr(record, "__dataclass_fields__"):
        return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}
    return record


def _span(value: list[int] | None) -> Span | None:
    return None if value is None else (value[0], value[1])


def _spans(values: list[list[int]]) -> tuple[Span, ...]:
    return tuple((start, end) for start, end in values)


def _event(data: dict[str, Any]) -> Event:
    def people(role: str) -> tuple[Participant, ...]:
        return tuple(Participant((p["span"][0], p["span"][1]), p["entity"]) for p in data[role])

    return Event(
        **{
            **data,
            "trigger": (data["trigger"][0], data["trigger"][1]),
            "actors": people("actors"),
            "recipients": people("recipients"),
            **{part: _span(data[part]) for part in ("place", "time", "condition")},
            "counts": tuple(Count(**{**c, "span": (c["span"][0], c["span"][1])}) for c in data["counts"]),
        }
    )
