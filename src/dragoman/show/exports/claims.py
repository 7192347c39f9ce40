"""Claims as JSON: what a mark says, with its words, who vouches for it, and what people changed in it.

Invariant: whatever has `words` and `span` is an exact quotation, `text[start:end] == words` in code points, so that it
can be checked by whoever has the text and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from dragoman.ledger.decisions import span_of
from dragoman.ledger.ids import mark_id
from dragoman.records import Attribution, Event, Participant, Reading, Span, stretch
from dragoman.show.cards import Card, Saying, cards, sayings
from dragoman.show.corrections import AnyMark, Corrections
from dragoman.show.exports.selected import Selected
from dragoman.show.headlines import in_words
from dragoman.show.sentences import quoted, sentence
from dragoman.show.voices import Voice, voices

Told = dict[str, Any]


def claims(one: Selected, history: Corrections) -> Iterator[Told]:
    """The claims of a report that were asked for: its events in order of the text, then its attributions."""
    reading, speaking = one.reading, voices(one.reading)
    wanted = {event.id for event in one.events}
    for card in cards(reading, speaking):
        if card.event.id in wanted:
            yield {**_head(reading, card.event, history), **_event(reading, card), **_tail(card.event, history)}
    for said in one.attributions:
        chain = sayings(reading, speaking, said.id)
        yield {**_head(reading, said, history), **_said(reading, said, chain), **_tail(said, history)}


def sources(one: Selected) -> Iterator[Told]:
    """The sources of a report that vouch for its claims, or pass on what vouches for them."""
    reading, speaking = one.reading, voices(one.reading)
    held = {event.id: event.attribution for event in one.events} | {said.id: said.id for said in one.attributions}
    around = {id: {said.id for said in speaking.around(holder)} for id, holder in held.items()}
    for voice in speaking.all:
        own = {said.id for said in voice.attributions}
        vouched = [mark_id(reading.report.id, id) for id, holders in around.items() if holders & own]
        if vouched:
            yield {
                "id": _source_id(reading, voice),
                "report": reading.report.id,
                **_voice(reading, voice),
                "claims": vouched,
            }


def dropped(reading: Reading, history: Corrections) -> list[Told]:
    """The marks that people found to be none."""
    return [
        {"id": mark_id(reading.report.id, mark.id), **quoted(reading, span_of(mark)), **_tail(mark, history)}
        for mark in history.dropped
    ]


def _head(reading: Reading, mark: AnyMark, history: Corrections) -> Told:
    around = mark.trigger if isinstance(mark, Event) else stretch(mark.quotation)
    return {
        "id": mark_id(reading.report.id, mark.id),
        "report": reading.report.id,
        "kind": "event" if isinstance(mark, Event) else "attribution",
        "sentence": quoted(reading, sentence(reading.report.text, around).span),
    }


def _event(reading: Reading, card: Card) -> Told:
    event = card.event
    counts = [
        {"kind": one.kind, "low": one.low, "high": one.high, "bound": one.bound, "who": one.who}
        | quoted(reading, one.span)
        for one in event.counts
    ]
    return {
        "claim": in_words(reading, card),
        "quotes": [quoted(reading, event.trigger)],
        **_parts(event, "type", "mode", "status", "certainty"),
        "actors": [_someone(reading, who) for who in event.actors],
        "recipients": [_someone(reading, who) for who in event.recipients],
        "place": _maybe(reading, event.place),
        "located": asdict(card.place.place) if card.place and card.place.place else None,
        "time": _maybe(reading, event.time),
        **_parts(event, "start", "end", "date_precision", "date_reason"),
        "counts": counts,
        "rule": event.rule,
        "condition": _maybe(reading, event.condition),
        "voices": [_saying(reading, saying) for saying in card.sayings],
        "outlet": reading.report.outlet,
    }


def _said(reading: Reading, said: Attribution, chain: Sequence[Saying]) -> Told:
    return {
        "quotes": [quoted(reading, span) for span in said.content],
        "mode": said.mode,
        "source_kind": said.kind,
        "stance": said.stance,
        "addressee": _maybe(reading, said.addressee),
        "voices": [_saying(reading, saying) for saying in chain],
        "outlet": reading.report.outlet,
    }


def _tail(mark: AnyMark, history: Corrections) -> Told:
    changes = [asdict(change) for change in history.of(mark.id)]
    return {"confidence": mark.confidence, "corrections": changes}


def _saying(reading: Reading, saying: Saying) -> Told:
    """Who says so, or passes it on: the outermost last."""
    said = saying.attribution
    return {
        "source": _source_id(reading, saying.voice),
        "name": saying.voice.name,
        **_parts(said, "kind", "stance"),
        "attribution": mark_id(reading.report.id, said.id),
        "source_quotes": [quoted(reading, span) for span in said.source],
        "cue_quotes": [quoted(reading, span) for span in said.cue],
    }


def _voice(reading: Reading, voice: Voice) -> Told:
    entity = reading.entity(voice.attributions[0].entity)
    named = _parts(entity, "name", "type", "country", "role", "of", "reference") if entity else None
    return {"name": voice.name, "kind": voice.kind, "known_as": list(voice.known_as), "entity": named}


def _source_id(reading: Reading, voice: Voice) -> str:
    return mark_id(reading.report.id, f"S{voice.number}")


def _someone(reading: Reading, who: Participant) -> Told:
    entity = reading.entity(who.entity)
    return {**quoted(reading, who.span), "name": entity.name if entity else None}


def _maybe(reading: Reading, span: Span | None) -> Told | None:
    return quoted(reading, span) if span else None


def _parts(record: Any, *fields: str) -> Told:
    return {field: getattr(record, field) for field in fields}
