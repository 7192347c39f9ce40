"""What people checked, as training data: rows in the form that `training/` reads (`training.corpora.checked`).

Invariant: a row holds only what somebody vouched for. `whole` says that a person read the whole report and nothing is
missing; else what is not in the row says nothing, and `rejected` names what the model marked and a person refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dragoman.ledger import query
from dragoman.ledger.correcting import ACCEPTED, COMPLETE, DROPPED
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Entity, Event, Participant, Reading
from dragoman.show.exports.selected import named
from dragoman.show.output import as_json

Row = dict[str, Any]


def gold(ledger: Ledger, filter: Filter) -> Iterator[str]:
    """The rows of the reports that match and of which somebody decided, one a line, in order of the report's id."""
    readings = query.readings(ledger, filter, corrected=True)
    then = query.as_of(filter)
    rows = (row(reading, ledger.as_read(reading.report.id, then)) for reading in readings)
    return (as_json(found) + "\n" for found in rows if found is not None)


def row(reading: Reading, as_read: Reading) -> Row | None:
    """One report as a row; `as_read` is what the model gave. None where no mark was accepted or refused."""
    whole = is_whole(reading)
    accepted = {note.mark for note in reading.corrections if note.field == ACCEPTED}
    refused = {note.mark for note in reading.corrections if note.field == DROPPED}
    events = [event for event in reading.events if whole or event.id in accepted]
    attributions = [said for said in reading.attributions if whole or said.id in accepted]
    if not (whole or events or attributions or refused):
        return None
    report, known = reading.report, {said.id for said in attributions}
    marks: list[Event | Attribution] = [*events, *attributions]
    ids = {id for mark in marks for id in named(mark)}
    return {
        "id": report.id,
        "title": report.title,
        "published": report.published,
        "outlet": report.outlet,
        "url": report.url,
        "text": report.text,
        "whole": whole,
        "entities": [_entity(entity) for entity in reading.entities if entity.id in ids],
        "attributions": [_attribution(said, known) for said in attributions],
        "events": [_event(event, known) for event in events],
        "rejected": [*_refused(as_read, refused)],
        "checked_by": sorted({note.decided_by for note in reading.corrections if note.decided_by}),
    }


def is_whole(reading: Reading) -> bool:
    """Whether somebody read the whole report, and decided of every mark that it has now."""
    decided = {note.mark for note in reading.corrections}
    said_so = any(note.field == COMPLETE for note in reading.corrections)
    return said_so and decided >= {mark.id for marks in (reading.events, reading.attributions) for mark in marks}


def _entity(entity: Entity) -> Row:
    told = {part: getattr(entity, part) for part in ("name", "type", "country", "role", "of")}
    return {"e": entity.id, **told, "aka": list(entity.known_as)}


def _attribution(said: Attribution, known: set[str]) -> Row:
    told = {part: getattr(said, part) for part in ("kind", "mode", "stance", "addressee", "entity")}
    spans = {part: [list(span) for span in getattr(said, part)] for part in ("source", "cue", "content")}
    return {"id": said.id, **spans, **told, "inside": said.inside if said.inside in known else None}


def _event(event: Event, known: set[str]) -> Row:
    told = {part: getattr(event, part) for part in ("type", "mode", "place", "time", "status", "certainty")}
    return {
        "id": event.id,
        "trigger": event.trigger,
        **told,
        "actors": [_someone(who) for who in event.actors],
        "recipients": [_someone(who) for who in event.recipients],
        "date": _days(event),
        "attribution": event.attribution if event.attribution in known else None,
    }


def _someone(who: Participant) -> Row:
    return {"span": who.span, "entity": who.entity}


def _days(event: Event) -> str | None:
    if event.start is None and event.end is None:
        return None
    return event.start if event.start == event.end else f"{event.start or '..'}/{event.end or '..'}"


def _refused(as_read: Reading, refused: set[str]) -> Iterator[Row]:
    for event in as_read.events:
        if event.id in refused:
            yield {"kind": "event", "trigger": event.trigger, "type": event.type}
    for said in as_read.attributions:
        if said.id in refused:
            yield {"kind": "attribution", "cue": [list(span) for span in said.cue]}
