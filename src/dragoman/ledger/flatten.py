"""From a reading to the rows of the tables that search, sort and count it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

from dragoman.errors import UsageError
from dragoman.ledger.folding import fold, storable
from dragoman.records import Attribution, Entity, Event, Participant, Place, Reading, Relation, Span

BETWEEN_PIECES = " … "
"""Stands between the pieces of a source, cue or content that comes in several."""

_LARGEST = 2**63 - 1

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one reading, without the reading's number; `names` holds folded text, not yet numbers."""

    entities: list[Row]
    attributions: list[Row]
    events: list[Row]
    participants: list[Row]
    counts: list[Row]
    relations: list[Row]

    def names(self) -> list[str]:
        """Every combination of names in the rows, each once."""
        names = {row["names"] for row in (*self.entities, *self.attributions, *self.participants)}
        return sorted(names | {row["place_names"] for row in self.events if row["place_names"] is not None})


def flatten(reading: Reading) -> Rows:
    """The rows of a reading; a UsageError when its marks name one another wrongly."""
    _check(reading)
    rows = _rows(reading)
    return Rows(**{table.name: [storable_row(row) for row in getattr(rows, table.name)] for table in fields(rows)})


def storable_row(row: Row) -> Row:
    """The row with text and whole numbers that any database can hold; the reading keeps its own."""
    return {key: _storable(value) for key, value in row.items()}


def _storable(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    return max(-_LARGEST, min(value, _LARGEST)) if isinstance(value, int) else value


def _rows(reading: Reading) -> Rows:
    entities = {entity.id: entity for entity in reading.entities}
    places = {attribution.id: position for position, attribution in enumerate(reading.attributions)}
    return Rows(
        entities=_entities(reading),
        attributions=[
            _attribution(reading, position, attribution, entities)
            for position, attribution in enumerate(reading.attributions)
        ],
        events=[_event(reading, position, event, places, entities) for position, event in enumerate(reading.events)],
        participants=[
            row
            for position, event in enumerate(reading.events)
            for role, people in (("actor", event.actors), ("recipient", event.recipients))
            for row in _participants(reading, position, role, people, entities)
        ],
        counts=[row for position, event in enumerate(reading.events) for row in _counts(reading, position, event)],
        relations=[_relation(reading, position, relation) for position, relation in enumerate(reading.relations)],
    )


def _check(reading: Reading) -> None:
    """Every id is there once, and every id that a mark names is there."""
    entities = [entity.id for entity in reading.entities]
    attributions = [attribution.id for attribution in reading.attributions]
    events = [event.id for event in reading.events]
    people = [person.entity for event in reading.events for person in (*event.actors, *event.recipients)]
    people += [event.place_entity for event in reading.events]
    people += [attribution.entity for attribution in reading.attributions]
    people += [end for relation in reading.relations for end in (relation.subject, relation.object)]
    holders = [event.attribution for event in reading.events]
    holders += [attribution.inside for attribution in reading.attributions]
    holders += [count.attribution for event in reading.events for count in event.counts]
    sure = {mark.id: mark.confidence for mark in reading.attributions}
    sure |= {mark.id: mark.confidence for mark in reading.events}
    unsure = [id for id, confidence in sure.items() if not isfinite(confidence)]
    twice = [id for ids in (entities, attributions, events) for id, n in Counter(ids).items() if n > 1]
    lost = ({*people} - {*entities, None}) | ({*holders} - {*attributions, None})
    if twice or lost or unsure:
        raise UsageError(
            f"the reading of {reading.report.id} has marks that do not fit together "
            f"(ids there twice: {twice}; named but not there: {sorted(map(str, lost))}; "
            f"without a confidence: {unsure})",
            "this is a fault in the program that made the reading: report it",
        )


def _entities(reading: Reading) -> list[Row]:
    acts = Counter(person.entity for event in reading.events for person in event.actors)
    receives = Counter(person.entity for event in reading.events for person in event.recipients)
    says = Counter(attribution.entity for attribution in reading.attributions)
    return [
        {
            "position": position,
            "id": entity.id,
            "name": entity.canonical or entity.name,
            "name_folded": fold(entity.canonical or entity.name),
            "type": entity.type,
            "country": entity.country or "",
            "sector": entity.sector,
            "role": entity.role,
            "of": entity.of,
            "reference": entity.reference,
            "located": asdict(entity.place) if entity.place else None,
            "names": _names((), entity),
            "mentions": len(entity.mentions),
            "acts": acts[entity.id],
            "receives": receives[entity.id],
            "says": says[entity.id],
        }
        for position, entity in enumerate(reading.entities)
    ]


def _attribution(reading: Reading, position: int, attribution: Attribution, entities: dict[str, Entity]) -> Row:
    speaker = entities.get(attribution.entity or "")
    return {
        "position": position,
        "id": attribution.id,
        "source": _pieces(reading, attribution.source),
        "cue": _pieces(reading, attribution.cue),
        "content": _pieces(reading, attribution.content),
        "mode": attribution.mode,
        "kind": attribution.kind,
        "entity": attribution.entity,
        "name": speaker.name if speaker else None,
        "names": _names((_pieces(reading, attribution.source),), speaker),
        "addressee": _words(reading, attribution.addressee),
        "stance": attribution.stance,
        "inside": attribution.inside,
        "confidence": attribution.confidence,
        "spans": {
            "source": attribution.source,
            "cue": attribution.cue,
            "content": attribution.content,
            "addressee": attribution.addressee,
        },
    }


def _event(reading: Reading, position: int, event: Event, places: dict[str, int], entities: dict[str, Entity]) -> Row:
    where = entities.get(event.place_entity or "")
    return {
        "position": position,
        "id": event.id,
        "trigger": _words(reading, event.trigger),
        "type": event.type,
        "mode": event.mode,
        "status": event.status,
        "certainty": event.certainty,
        "place": _words(reading, event.place),
        "place_name": where.name if where else None,
        "located": asdict(where.place) if where and where.place else None,
        **called(_words(reading, event.place), where.name if where else None, where.place if where else None),
        "time": _words(reading, event.time),
        "start": event.start,
        "end": event.end,
        "date_precision": event.date_precision,
        "date_reason": event.date_reason,
        "attribution": None if event.attribution is None else places[event.attribution],
        "rule": event.rule,
        "condition": _words(reading, event.condition),
        "confidence": event.confidence,
        "spans": {part: getattr(event, part) for part in ("trigger", "place", "time", "condition")},
    }


def called(words: str | None, name: str | None, place: Place | None) -> dict[str, str | None]:
    """What an event's place may be called, folded as in `_names`, and its country; None where no place is told."""
    given = [one for one in (words, name, place.name if place else None) if one]
    return {
        "place_names": "\n".join(sorted({fold(one) for one in given})) if given else None,
        "place_country": place.country if place else None,
    }


def _participants(
    reading: Reading, event: int, role: str, people: Iterable[Participant], entities: dict[str, Entity]
) -> Iterable[Row]:
    for position, person in enumerate(people):
        entity = entities.get(person.entity or "")
        words = reading.words(person.span)
        yield {
            "event": event,
            "role": role,
            "position": position,
            "words": words,
            "start": person.span[0],
            "end": person.span[1],
            "entity": person.entity,
            "name": entity.name if entity else None,
            "names": _names((words,), entity),
        }


def _counts(reading: Reading, event_position: int, event: Event) -> Iterable[Row]:
    for position, count in enumerate(event.counts):
        yield {
            "event": event_position,
            "position": position,
            "kind": count.kind,
            "low": count.low,
            "high": count.high,
            "bound": count.bound,
            "who": count.who,
            "attribution": count.attribution,
            "words": reading.words(count.span),
            "start": count.span[0],
            "end": count.span[1],
        }


def _relation(reading: Reading, position: int, relation: Relation) -> Row:
    return {
        "position": position,
        "id": relation.id,
        "subject": relation.subject,
        "kind": relation.kind,
        "object": relation.object,
        "role": relation.role,
        "body": _words(reading, relation.body),
        "words": reading.words(relation.words),
        "start": relation.start,
        "end": relation.end,
    }


def _names(words: Iterable[str], entity: Entity | None) -> str:
    """All that somebody goes by, folded; a line each, so that no search runs from one into the next."""
    known = (entity.name, *entity.known_as, *filter(None, [entity.canonical])) if entity else ()
    return "\n".join(sorted({fold(name) for name in (*words, *known)}))


def _pieces(reading: Reading, spans: Iterable[Span]) -> str:
    return BETWEEN_PIECES.join(reading.words(span) for span in spans)


def _words(reading: Reading, span: Span | None) -> str | None:
    return None if span is None else reading.words(span)
