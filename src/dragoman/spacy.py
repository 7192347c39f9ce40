"""spaCy's pipe `dragoman`: each Doc gets `doc._.reading`, `doc._.attributions` and `doc._.events`.

Invariant: a Doc keeps plain values (`doc._.dragoman`), which outlive `to_bytes` and reach other processes; marks
are made of them when they are asked for. A mark's Spans are the tokens that have its words in them: whole tokens, so
that a Span may be longer than the words where a token is (`alignment_mode="expand"`).
"""

from __future__ import annotations

import multiprocessing
import os
import unicodedata
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from dragoman import records
from dragoman.config import Settings
from dragoman.errors import ReportError
from dragoman.pipeline import Reader, make_report
from dragoman.records import Entity, OffsetMap, Reading

ORIGIN = ("title", "outlet", "published", "url")
"""What may be told of a Doc's origin: as `doc._.published`, or in a context that is a dict."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """As `records.Attribution`, with Spans; `inside` is the attribution around it, `name` its source's, if resolved."""

    id: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    addressee: Span | None
    mode: str
    kind: str
    stance: str
    name: str | None
    inside: Attribution | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Count:
    """As `records.Count`, with its words as a Span."""

    kind: str
    low: int | None
    high: int | None
    bound: str
    who: str | None
    words: Span


@dataclass(frozen=True, slots=True)
class Event:
    """As `records.Event`, with Spans; `attribution` is the innermost that holds it, None for the outlet's own voice.

    Spans of actors, recipients and places have the type of the entity they mean as `label_`, its id in the reading
    as `id_`, and its id in our table of actors or GeoNames' as `kb_id_`; empty where they mean none.
    """

    id: str
    trigger: Span
    type: str
    mode: str | None
    actors: tuple[Span, ...]
    recipients: tuple[Span, ...]
    place: Span | None
    time: Span | None
    start: str | None
    end: str | None
    date_precision: str | None
    status: str
    certainty: str
    attribution: Attribution | None
    counts: tuple[Count, ...]
    rule: str | None
    condition: Span | None
    confidence: float

    @property
    def source(self) -> tuple[Span, ...]:
        """The words for who says so; none for the outlet's own voice."""
        return self.attribution.source if self.attribution else ()

    @property
    def cue(self) -> tuple[Span, ...]:
        """The words that tie it to the source."""
        return self.attribution.cue if self.attribution else ()

    @property
    def content(self) -> tuple[Span, ...]:
        """What the source says."""
        return self.attribution.content if self.attribution else ()


class Dragoman:
    """The pipe. A Doc that cannot be read (no words, not in English) is warned of and has no reading."""

    def __init__(self, *, published: str | None, outlet: str | None, force: bool, set_ents: bool) -> None:
        self._origin = {"published": published, "outlet": outlet}
        self._force = force
        self._set_ents = set_ents

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its reading."""
        try:
            report = make_report(doc.text, force=self._force, **{**self._origin, **_told_of(doc)})
        except ReportError as error:
            warnings.warn(f"dragoman left a Doc out: {error}", stacklevel=2)
            return doc
        reading = _reader(os.getpid()).read(report)
        assert report.offsets is not None, "every report that is made has them"
        doc._.dragoman = {"reading": reading.to_dict(), "offsets": asdict(report.offsets)}
        if self._set_ents:
            marks = _Marks(doc, reading, report.offsets)
            doc.ents = filter_spans(marks.named())
        return doc


@Language.factory(
    "dragoman",
    default_config={"published": None, "outlet": None, "force": False, "set_ents": False},
    assigns=["doc._.reading", "doc._.attributions", "doc._.events"],
)
def make_dragoman(
    nlp: Language, name: str, published: str | None, outlet: str | None, force: bool, set_ents: bool
) -> Dragoman:
    """The pipe of a configuration.

    `published` and `outlet` are of Docs that do not say; `force` reads what is not in English, too; `set_ents` puts
    the names of the reading in the place of `doc.ents`.
    """
    return Dragoman(published=published, outlet=outlet, force=force, set_ents=set_ents)


def reading_of(doc: Doc) -> Reading | None:
    """The reading of a Doc; None where it has none. Its offsets count into its own, cleaned text."""
    kept = _kept(doc)
    return None if kept is None else kept[0]


def attributions_of(doc: Doc) -> tuple[Attribution, ...]:
    """The attributions of a Doc, in order of its text."""
    kept = _kept(doc)
    return () if kept is None else tuple(_Marks(doc, *kept).attributions().values())


def events_of(doc: Doc) -> tuple[Event, ...]:
    """The events of a Doc, in order of its text."""
    kept = _kept(doc)
    return () if kept is None else tuple(_Marks(doc, *kept).events())


@cache
def _reader(_process: int) -> Reader:
    """The reader of this process, which takes one thread if it is one of several.

    The threads of a model do not outlive a fork. The model that a process got by one must not even be dropped: that
    would wait for them for ever.
    """
    alone = multiprocessing.parent_process() is None
    return Reader(Settings.from_environment() if alone else Settings.from_environment({**os.environ, **_ONE_THREAD}))


_ONE_THREAD = {"DRAGOMAN_THREADS": "1"}


def _told_of(doc: Doc) -> dict[str, str]:
    """What is told of where a Doc comes from."""
    context = getattr(doc, "_context", None)
    told = dict(context) if isinstance(context, Mapping) else {}
    told.update({key: value for key in ORIGIN if (value := doc._.get(key)) is not None})
    return {key: told[key] for key in ORIGIN if told.get(key) is not None}


def _kept(doc: Doc) -> tuple[Reading, OffsetMap] | None:
    """The reading, and where its text stands in the Doc's; None where there is none, or it is of another text."""
    kept = doc._.dragoman
    if kept is None or kept["offsets"]["original_length"] != len(doc.text):
        return None
    told = kept["offsets"]
    runs = tuple((start, original) for start, original in told["runs"])
    return Reading.from_dict(kept["reading"]), OffsetMap(runs, told["length"], told["original_length"])


@dataclass(frozen=True, slots=True)
class _Marks:
    """The marks of a reading in the tokens of its Doc."""

    doc: Doc
    reading: Reading
    offsets: OffsetMap

    def attributions(self) -> dict[str, Attribution]:
        """By their ids."""
        made: dict[str, Attribution] = {}
        told = {one.id: one for one in self.reading.attributions}
        for one in self.reading.attributions:
            self._attribution(one, told, made)
        return {id: made[id] for id in told}

    def events(self) -> Iterable[Event]:
        """In order of the text."""
        said = self.attributions()
        for one in self.reading.events:
            yield Event(
                id=one.id,
                trigger=self._words(one.trigger, one.type),
                type=one.type,
                mode=one.mode,
                actors=tuple(self._somebody(who.span, who.entity) for who in one.actors),
                recipients=tuple(self._somebody(who.span, who.entity) for who in one.recipients),
                place=one.place and self._somebody(one.place, one.place_entity),
                time=one.time and self._words(one.time),
                start=one.start,
                end=one.end,
                date_precision=one.date_precision,
                status=one.status,
                certainty=one.certainty,
                attribution=said.get(one.attribution or ""),
                counts=tuple(
                    Count(count.kind, count.low, count.high, count.bound, count.who, self._words(count.span))
                    for count in one.counts
                ),
                rule=one.rule,
                condition=one.condition and self._words(one.condition),
                confidence=one.confidence,
            )

    def named(self) -> Iterable[Span]:
        """The mentions of entities that are one of their names."""
        for entity in self.reading.entities:
            names = {name.casefold() for name in (entity.name, entity.canonical or "", *entity.known_as)}
            for span in entity.mentions:
                if self.reading.words(span).casefold() in names:
                    yield self._entity(span, entity)

    def _attribution(
        self, one: records.Attribution, told: Mapping[str, records.Attribution], made: dict[str, Attribution]
    ) -> Attribution:
        """The attribution, made after the one around it."""
        if one.id not in made:
            around = told.get(one.inside or "")
            entity = self.reading.entity(one.entity)
            made[one.id] = Attribution(
                id=one.id,
                source=tuple(map(self._words, one.source)),
                cue=tuple(map(self._words, one.cue)),
                content=tuple(map(self._words, one.content)),
                addressee=one.addressee and self._words(one.addressee),
                mode=one.mode,
                kind=one.kind,
                stance=one.stance,
                name=entity.name if entity else None,
                inside=self._attribution(around, told, made) if around else None,
                confidence=one.confidence,
            )
        return made[one.id]

    def _somebody(self, span: records.Span, id: str | None) -> Span:
        entity = self.reading.entity(id)
        return self._words(span) if entity is None else self._entity(span, entity)

    def _entity(self, span: records.Span, entity: Entity) -> Span:
        place = entity.place.geonames_id if entity.place else None
        return self._words(span, entity.type, entity.reference or (str(place) if place else ""), entity.id)

    def _words(self, span: records.Span, label: str = "", known: str = "", id: str = "") -> Span:
        """The tokens that have the words of a span in them."""
        start, end = self.offsets.original(span[0]), self.offsets.original(span[1])
        text = self.doc.text
        while end > start + 1 and _is_left_out(text[end - 1]):  # what cleaning dropped after the words
            end -= 1
        found = self.doc.char_span(start, end, label, known, alignment_mode="expand", span_id=id)
        assert found is not None, "every character of a text is in a token or after one"
        return found


def _is_left_out(character: str) -> bool:
    return unicodedata.category(character)[0] in "ZC"


for _name in (*ORIGIN, "dragoman"):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=None)
for _name, _getter in (("reading", reading_of), ("attributions", attributions_of), ("events", events_of)):
    Doc.set_extension(_name, getter=_getter, force=True)
