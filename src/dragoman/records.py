"""The records that pass between the stages, and the public JSON of a reading.

Invariant: every span counts Unicode code points, end-exclusive, into `Report.text`, and
`report.text[start:end]` is exactly the words meant. All records are frozen; nothing grows.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

Span = tuple[int, int]

LOW = 0.5
"""Confidence under which a mark is shown as unsure: more likely wrong than right, if well calibrated."""


def touch(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return one[0] < other[1] and other[0] < one[1]


def stretch(spans: Sequence[Span]) -> Span:
    """From the first of some spans to the last; the start of the text where there is none."""
    return min((start for start, _ in spans), default=0), max((end for _, end in spans), default=0)


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
class Capture:
    """What a report was taken from, as it came at one moment; the word is that of web archives.

    `address` is what answered, after redirects, or the name of a file; `captured_at` in UTC (ISO 8601), None for a
    file. `status` and `headers` are those of HTTP. `sha256` and `size` (bytes) are of the original, whose bytes are
    `content`; None where the ledger keeps only their hash.
    """

    address: str
    captured_at: str | None
    sha256: str
    size: int
    media_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Report:
    """One news report as it is read: cleaned text and what is known of its origin.

    `id` is the SHA-256 of the normalised text and outlet; `published` an ISO 8601 day or None. `capture` is what it
    was taken from, where that is known.
    """

    id: str
    text: str
    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    offsets: OffsetMap | None = field(default=None, compare=False, repr=False)
    capture: Capture | None = field(default=None, compare=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The report as the public JSON has it; the offset map and the capture stay inside."""
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


# --- what words mean ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """The days that words mean: ISO 8601, None where it is open, with how exactly they are known.

    `reason` says why the days of an `unresolved` period are not known (`codes.date_reasons`).
    """

    start: str | None
    end: str | None
    precision: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """Words of the text that date something: type and value as in ISO-TimeML (TIMEX3), and the days they mean."""

    span: Span
    type: str
    value: str
    period: Period


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the gazetteer knows it; degrees are WGS 84.

    `kind` and `precision` as in codes.yaml; `admin1` and `admin2` are the names of the divisions it lies in.
    `geonames_id` is None for regions that GeoNames has no one entry for.
    """

    name: str
    kind: str
    country: str | None
    admin1: str | None
    admin2: str | None
    latitude: float
    longitude: float
    geonames_id: int | None
    precision: str


# --- what a reading says ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that the report names, with every mention of it.

    `name` is the fullest that the report gives; `canonical` the one it has in our table of actors (`data/actors`, where
    `reference` is its id) or in the gazetteer. `sector` is a PLOVER sector; `place` is where a place is.
    """

    id: str
    name: str
    type: str
    country: str | None = None
    sector: str | None = None
    role: str | None = None
    of: str | None = None
    known_as: tuple[str, ...] = ()
    reference: str | None = None
    canonical: str | None = None
    place: Place | None = None
    mentions: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """What the text tells of an entity and a body: `subject` is an entity's id, `kind` as in codes.yaml.

    `object` is the id of the body where it is an entity of the reading; `body` is its words and `words` all that say
    so. `start` and `end` are the ISO 8601 days between which it holds, None where they are not told.
    """

    id: str
    subject: str
    kind: str
    object: str | None
    role: str | None
    body: Span | None
    words: Span
    start: str | None = None
    end: str | None = None


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

    @property
    def quotation(self) -> tuple[Span, ...]:
        """The words to quote it by: its content, or where it has none, what names the source and ties it."""
        return self.content or self.source + self.cue


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in a role of an event: the words, and the entity they mean."""

    span: Span
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people in an event, between `low` and `high`, None where it is open.

    `kind`, `bound` and `who` (what people) as in codes.yaml; `attribution` is the id of the innermost attribution that
    holds the number, None for the outlet's own.
    """

    kind: str
    low: int | None
    high: int | None
    bound: str
    who: str | None
    span: Span
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something an actor did, does, will do or did not do to or about another.

    `start` and `end` are ISO 8601 days; `date_precision` says how exact they are, or `unresolved`
    when the text dates the event in words that could not be turned into a date: `date_reason` says why.
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
    date_reason: str | None
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
class Corrected:
    """What somebody changed in a mark, named by its id: which field, from what to what, why and by whom.

    The field `dropped` is of a mark that is none: the reading has it no more.
    """

    mark: str
    field: str
    was: str | None
    now: str | None
    reason: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one report gives; `to_dict` is the public JSON."""

    report: Report
    entities: tuple[Entity, ...]
    attributions: tuple[Attribution, ...]
    events: tuple[Event, ...]
    relations: tuple[Relation, ...]
    made_by: MadeBy
    corrections: tuple[Corrected, ...] = ()

    def words(self, span: Span) -> str:
        """The words of the report that a span means."""
        return self.report.text[span[0] : span[1]]

    def entity(self, id: str | None) -> Entity | None:
        """The entity of an id, or None."""
        return next((entity for entity in self.entities if entity.id == id), None)

    def attribution(self, id: str | None) -> Attribution | None:
        """The attribution of an id, or None for the outlet's own voice."""
        return next((attribution for attribution in self.attributions if attribution.id == id), None)

    def around(self, id: str | None) -> tuple[Attribution, ...]:
        """The attribution of an id and those that it lies in, from the inside out; a circle is gone round once."""
        found: dict[str, Attribution] = {}
        while (said := self.attribution(id)) and said.id not in found:
            found[said.id], id = said, said.inside
        return tuple(found.values())

    def decided(self, mark: str) -> Corrected | None:
        """The last that somebody decided of a mark, named by its id; None where nobody did."""
        return next((note for note in reversed(self.corrections) if note.mark == mark), None)

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain JSON values: spans are [start, end] lists."""
        return {
            "report": self.report.to_dict(),
            "entities": [_plain(entity) for entity in self.entities],
            "attributions": [_plain(attribution) for attribution in self.attributions],
            "events": [_plain(event) for event in self.events],
            "relations": [_plain(relation) for relation in self.relations],
            "made_by": _plain(self.made_by),
            "corrections": [_plain(correction) for correction in self.corrections],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Reading:
        """The reading that `to_dict` gave; a missing key is a KeyError or TypeError."""
        return cls(
            report=Report(**data["report"]),
            entities=tuple(_entity(e) for e in data["entities"]),
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
            relations=tuple(
                Relation(**{**r, "body": _span(r["body"]), "words": _span(r["words"])})
                for r in data.get("relations", ())
            ),
            made_by=MadeBy(**data["made_by"]),
            corrections=tuple(Corrected(**c) for c in data.get("corrections", ())),
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


def _entity(data: dict[str, Any]) -> Entity:
    place = data.get("place")
    return Entity(
        **{
            **data,
            "known_as": tuple(data["known_as"]),
            "place": Place(**place) if place else None,
            "mentions": _spans(data["mentions"]),
        }
    )


def _event(data: dict[str, Any]) -> Event:
    def people(role: str) -> tuple[Participant, ...]:
        return tuple(Participant((p["span"][0], p["span"][1]), p["entity"]) for p in data[role])

    return Event(
        **{
            "date_reason": None,  # readings of version 0.1 have none
            **data,
            "trigger": (data["trigger"][0], data["trigger"][1]),
            "actors": people("actors"),
            "recipients": people("recipients"),
            **{part: _span(data[part]) for part in ("place", "time", "condition")},
            "counts": tuple(_count(c) for c in data["counts"]),
        }
    )


def _count(data: dict[str, Any]) -> Count:
    """A count; one of version 0.1 has a `value` with its bound."""
    old = {key: value for key, value in data.items() if key != "value"}
    if "value" in data:
        value, bound = data["value"], data["bound"]
        old |= {"low": None if bound == "at_most" else value, "high": None if bound == "at_least" else value}
    return Count(**{"who": None, **old, "span": (data["span"][0], data["span"][1])})
