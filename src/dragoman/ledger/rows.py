"""What queries give: frozen rows that have their words in them, so that nobody slices text again.

Invariant: `id` names the thing across the ledger (`ids`), and spans count into the report's text.
A piece of text that was NUL in the report reads U+FFFD here; the reading itself keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from dragoman.records import Place, Span

AnyRow = TypeVar("AnyRow")


@dataclass(frozen=True, slots=True)
class Page(Generic[AnyRow]):
    """Some rows, and the cursor that asks for those after them; None when these are the last."""

    rows: tuple[AnyRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Words:
    """Words of a report and where they stand; `name` is that of the entity they mean, where it is told."""

    words: str
    span: Span
    name: str | None = None


@dataclass(frozen=True, slots=True)
class CountRow:
    """A number of people in an event, with the words that give it; None where it is open at that end."""

    kind: str
    low: int | None
    high: int | None
    bound: str
    who: str | None
    attribution: str | None
    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report with its current reading: how many marks it has, which model made them, since when."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None
    url: str | None
    language: str | None
    entities: int
    attributions: int
    events: int
    version: str
    model: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with its words.

    `voice` is who says so: the source's name, else its words, else the cue of an attribution without
    a source; None is the outlet's own voice. `attribution` is that attribution's id.
    """

    id: str
    report: str
    title: str | None
    outlet: str | None
    published: str | None
    type: str
    mode: str | None
    trigger: Words
    actors: tuple[Words, ...]
    recipients: tuple[Words, ...]
    place: Words | None
    located: Place | None
    time: Words | None
    start: str | None
    end: str | None
    date_precision: str | None
    date_reason: str | None
    status: str
    certainty: str
    counts: tuple[CountRow, ...]
    rule: str | None
    condition: Words | None
    attribution: str | None
    voice: str | None
    source_kind: str | None
    stance: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """What a report hands to a source; pieces of one part are joined with ` … `, their spans kept apart.

    `voice` is as in `EventRow`; `name` and `entity` (its id) are there where the source is resolved.
    """

    id: str
    report: str
    title: str | None
    outlet: str | None
    published: str | None
    source: str
    source_spans: tuple[Span, ...]
    cue: str
    cue_spans: tuple[Span, ...]
    content: str
    content_spans: tuple[Span, ...]
    mode: str
    kind: str
    name: str | None
    entity: str | None
    voice: str
    addressee: Words | None
    stance: str
    inside: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class EntityRow:
    """Everybody of one name, type and country, over all reports: how often they are named and do what.

    The same name in two reports may be two people: nothing but name, type and country is compared.
    `id` is that of the entity in the first of the reports by id.
    """

    id: str
    name: str
    type: str
    country: str | None
    reports: int
    mentions: int
    acts: int
    receives: int
    says: int
