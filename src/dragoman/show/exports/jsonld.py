"""Readings as linked data in the words of PROV-O: who says so, in which report, read by what, changed by whom.

Invariant: a claim is attributed to the source that the text names for it, is quoted from the statement that holds it,
and so on outwards to the report; nothing that was corrected is lost: the model's own claim is there, and the corrected
one is a revision of it. The context stands in the file, so that nothing is fetched to read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from dragoman.ledger import query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.correcting import ACCEPTED, DROPPED, VERDICTS
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Capture, Corrected, Entity, Event, MadeBy, Participant, Reading, Span
from dragoman.show import wording
from dragoman.show.exports.about import statement
from dragoman.show.exports.naming import (
    bytes_iri,
    maker_iri,
    maker_name,
    mark_iri,
    named_iri,
    report_iri,
    text_iri,
    words_iri,
)
from dragoman.show.exports.selected import Selected, named, selected
from dragoman.show.output import as_json
from dragoman.show.search import Search
from dragoman.show.voices import Voice, Voices, voices

Node = dict[str, Any]
Mark = Event | Attribution

_PROV = (
    "wasGeneratedBy", "wasDerivedFrom", "wasAttributedTo", "wasQuotedFrom", "wasRevisionOf", "wasInvalidatedBy",
    "wasInfluencedBy", "wasAssociatedWith", "used", "specializationOf", "agent",
)  # fmt: skip
_OURS = ("actor", "recipient", "place", "addressee", "means")

CONTEXT: Node = {
    "@vocab": "urn:dragoman:terms:",
    "prov": "http://www.w3.org/ns/prov#",
    "dcterms": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "id": "@id",
    "type": "@type",
    **{name: {"@id": f"prov:{name}", "@type": "@id"} for name in _PROV},
    **{name: {"@type": "@id"} for name in _OURS},
    "qualifiedAttribution": "prov:qualifiedAttribution",
    "capturedAt": {"@id": "prov:generatedAtTime", "@type": "xsd:dateTime"},
    "address": "prov:atLocation",
    "words": "prov:value",
    "title": "dcterms:title",
    "issued": {"@id": "dcterms:issued", "@type": "xsd:date"},
    "language": "dcterms:language",
    "license": "dcterms:license",
    "rights": "dcterms:rights",
    "format": "dcterms:format",
    **{name: {"@type": "xsd:date"} for name in ("start", "end")},
}
"""What the names in the file mean; those that are not here are ours."""


def linked(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """What a search finds as one JSON-LD document, a node a line; the attributions that hold an event are with it."""
    return _document(ledger, selected(ledger, search), query.as_of(search.filter), statement(ledger, search))


def _document(ledger: Ledger, found: Iterator[Selected], then: AsOf, about: Mapping[str, str]) -> Iterator[bytes]:
    said = sha256(as_json(about).encode()).hexdigest()[:16]
    itself = {
        "id": f"urn:dragoman:export:{said}",
        "type": ["prov:Entity", "Export"],
        **about,
        "license": {"id": about["license"]},
    }
    yield b'{"@context":' + as_json(CONTEXT).encode() + b',"@graph":[\n' + as_json(itself).encode()
    between = b",\n"
    makers: set[MadeBy] = set()
    for one in found:
        if one.reading.made_by not in makers:
            makers.add(one.reading.made_by)
            yield between + as_json(_maker(one.reading.made_by)).encode()
        reading = one.reading
        as_read = ledger.as_read(reading.report.id, then) if reading.corrections else reading
        for node in nodes(one, ledger.captures(reading.report.id, then), as_read):
            yield between + as_json(node).encode()
    yield b"\n]}\n"


def nodes(one: Selected, captures: Iterable[Capture], as_read: Reading) -> Iterator[Node]:
    """What there is to say of one report; `as_read` is its reading before people corrected it."""
    reading, speaking = one.reading, voices(one.reading)
    in_order = sorted(captures, key=lambda one: (one.sha256, one.captured_at or "", one.address), reverse=True)
    yield from _origin(reading, list({capture.sha256: capture for capture in in_order}.values()))
    wanted = {around.id for event in one.events for around in speaking.around(event.attribution)}
    wanted |= {around.id for said in one.attributions for around in speaking.around(said.id)}
    claims: list[Mark] = [*one.events, *(said for said in reading.attributions if said.id in wanted)]
    revised = _before(reading, as_read, {claim.id for claim in claims}, whole=one.whole)
    speaking_before = voices(as_read)
    agents = {_voice_id(reading, voice): voice for voice in _speakers(speaking_before, revised)}
    agents |= {_voice_id(reading, voice): voice for voice in _speakers(speaking, claims)}
    yield from (_voice(reading, voice) for voice in agents.values())
    ids: set[str | None] = {id for claim in (*claims, *revised) for id in named(claim)}
    ids |= {claim.place_entity for claim in (*claims, *revised) if isinstance(claim, Event)}
    ids |= {said.entity for voice in agents.values() for said in voice.attributions[:1]}
    yield from (_entity(reading, entity) for entity in reading.entities if entity.id in ids)
    there = {claim.id for claim in claims}
    for claim in claims:
        yield _revised(reading, claim.id, _claim(reading, speaking, claim, there))
    for claim in revised:
        yield _as_it_was(reading, claim.id, _claim(as_read, speaking_before, claim, there))
    noted = there | {claim.id for claim in revised}
    yield from (_correction(reading, n, note) for n, note in enumerate(reading.corrections) if note.mark in noted)


def _speakers(speaking: Voices, claims: Iterable[Mark]) -> list[Voice]:
    """Who says what is claimed, or says it himself."""
    found = (speaking.of(claim.attribution if isinstance(claim, Event) else claim.id) for claim in claims)
    return [voice for voice in found if voice]


# --- reports and readings -------------------------------------------------------------------------


def _maker(made_by: MadeBy) -> Node:
    types = ["prov:Agent", "prov:SoftwareAgent"]
    return {"id": maker_iri(made_by), "type": types, "name": maker_name(made_by), **asdict(made_by)}


def _origin(reading: Reading, captures: list[Capture]) -> Iterator[Node]:
    """The outlet, the report, the text, what it was taken from, and the reading of it."""
    report, text = reading.report, text_iri(reading.report)
    originals = [bytes_iri(capture.sha256) for capture in captures]
    outlet = _outlet(reading)
    if outlet:
        yield {"id": outlet, "type": ["prov:Agent", "Outlet"], "name": report.outlet}
    yield _told(
        id=report_iri(report),
        type=["prov:Entity", "Report"],
        title=report.title,
        issued=report.published,
        language=report.language,
        address=report.url,
        wasAttributedTo=outlet,
        wasDerivedFrom=[text],
    )
    yield _told(id=text, type=["prov:Entity", "Text"], sha256=text.rpartition(":")[2], wasDerivedFrom=originals or None)
    for capture, original in zip(captures, originals, strict=True):
        yield _told(
            id=original,
            type=["prov:Entity", "Original"],
            sha256=capture.sha256,
            size=capture.size,
            format=capture.media_type,
            address=capture.address,
            capturedAt=capture.captured_at,
        )
    yield {
        "id": _id(reading, "reading"),
        "type": ["prov:Activity", "Reading"],
        "used": [report_iri(report), text],
        "wasAssociatedWith": maker_iri(reading.made_by),
    }


# --- claims ---------------------------------------------------------------------------------------


def _outlet(reading: Reading) -> str | None:
    return named_iri("outlet", reading.report.outlet) if reading.report.outlet else None


def _claim(reading: Reading, speaking: Voices, claim: Mark, there: set[str]) -> Node:
    """An event or a statement, as the reading has it; `there` are the marks that it may be said to be quoted from."""
    held_by = claim.attribution if isinstance(claim, Event) else claim.inside
    around = speaking.around(held_by)
    voice = speaking.of(held_by if isinstance(claim, Event) else claim.id)
    told = _event(reading, claim) if isinstance(claim, Event) else _statement(reading, claim)
    holder = around[0] if isinstance(claim, Event) and around else claim if isinstance(claim, Attribution) else None
    spans = [claim.trigger] if isinstance(claim, Event) else claim.quotation
    agent = _voice_id(reading, voice) if voice else _outlet(reading)
    return _told(
        id=_id(reading, claim.id),
        **told,
        confidence=claim.confidence,
        wasGeneratedBy=_id(reading, "reading"),
        wasDerivedFrom=[_words(reading, span) for span in spans],
        wasQuotedFrom=next((_id(reading, said.id) for said in around if said.id in there), report_iri(reading.report)),
        wasAttributedTo=agent,
        qualifiedAttribution=_attributed(reading, holder, agent) if holder else None,
    )


def _event(reading: Reading, event: Event) -> Node:
    counts = [
        {"type": ["prov:Entity", "Count"], **_codes(count, "kind", "low", "high", "bound", "who")}
        for count in event.counts
    ]
    return {
        "type": ["prov:Entity", "Claim", "Event"],
        **_codes(event, "type", "mode", "status", "certainty", "rule", names={"type": "eventType"}),
        **_codes(event, "start", "end", "date_precision", names={"date_precision": "datePrecision"}),
        "actor": [_someone(reading, who) for who in event.actors] or None,
        "recipient": [_someone(reading, who) for who in event.recipients] or None,
        "place": _meant(reading, event.place, event.place_entity) if event.place else None,
        "time": _words(reading, event.time) if event.time else None,
        "condition": _words(reading, event.condition) if event.condition else None,
        "count": counts or None,
    }


def _statement(reading: Reading, said: Attribution) -> Node:
    return {
        "type": ["prov:Entity", "Claim", "Statement"],
        "mode": said.mode,
        "addressee": _words(reading, said.addressee) if said.addressee else None,
    }


def _attributed(reading: Reading, said: Attribution, agent: str | None) -> Node:
    """How a claim is attributed to its source: kind of source, stance, the words that name it and those that say so."""
    return _told(
        type="prov:Attribution",
        agent=agent,
        sourceKind=said.kind,
        stance=said.stance,
        source=[_words(reading, span) for span in said.source] or None,
        cue=[_words(reading, span) for span in said.cue] or None,
    )


def _words(reading: Reading, span: Span) -> Node:
    """Words of the text: where they stand in it, and what they are."""
    return {
        "id": words_iri(reading.report, span),
        "type": ["prov:Entity", "Words"],
        "words": reading.words(span),
        "wasQuotedFrom": text_iri(reading.report),
    }


def _someone(reading: Reading, who: Participant) -> Node:
    return _meant(reading, who.span, who.entity)


def _meant(reading: Reading, span: Span, entity: str | None) -> Node:
    return _words(reading, span) | ({"means": _id(reading, entity)} if reading.entity(entity) and entity else {})


# --- who is meant ---------------------------------------------------------------------------------


def _voice(reading: Reading, voice: Voice) -> Node:
    """A source of a report. A person or body of the same name in another report is another agent."""
    entity = reading.entity(voice.attributions[0].entity)
    of_type = {"person": ["prov:Person"], "government": ["prov:Organization"], "organization": ["prov:Organization"]}
    return _told(
        id=_voice_id(reading, voice),
        type=["prov:Agent", "Source", *of_type.get(entity.type if entity else "", [])],
        name=voice.name,
        sourceKind=voice.kind,
        means=_id(reading, entity.id) if entity else None,
    )


def _entity(reading: Reading, entity: Entity) -> Node:
    place = entity.place
    return _told(
        id=_id(reading, entity.id),
        type=["prov:Entity", "Named"],
        name=entity.name,
        entityType=entity.type,
        alias=list(entity.known_as) or None,
        canonical=entity.canonical,
        **_codes(entity, "country", "sector", "role", "of", "reference"),
        located=wording.located(place) if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
    )


def _voice_id(reading: Reading, voice: Voice) -> str:
    return _id(reading, f"source-{voice.attributions[0].id}")


# --- corrections ----------------------------------------------------------------------------------


def _revised(reading: Reading, mark: str, claim: Node) -> Node:
    """The claim, as the revision that it is where somebody corrected it; or looked at, where it was found right."""
    numbers = {number: note for number, note in enumerate(reading.corrections) if note.mark == mark}
    changed = [number for number, note in numbers.items() if note.field != ACCEPTED]
    if changed:
        claim["wasRevisionOf"] = f"{claim['id']}:as-read"
        claim["wasGeneratedBy"] = [_correction_id(reading, number) for number in changed]
    if accepted := [number for number in numbers if number not in changed]:
        claim["wasInfluencedBy"] = [_correction_id(reading, number) for number in accepted]
    return claim


def _before(reading: Reading, as_read: Reading, claims: set[str], *, whole: bool) -> list[Mark]:
    """The claims as the model gave them that somebody changed; those that are none any more where all is asked for."""
    changed = {note.mark for note in reading.corrections if note.field not in VERDICTS} & claims
    dropped = {note.mark for note in reading.corrections if note.field == DROPPED} if whole else set()
    marks: list[Mark] = [*as_read.events, *as_read.attributions]
    return [mark for mark in marks if mark.id in changed | dropped]


def _as_it_was(reading: Reading, mark: str, claim: Node) -> Node:
    notes = enumerate(reading.corrections)
    ends = [_correction_id(reading, n) for n, note in notes if note.mark == mark and note.field == DROPPED]
    return _told(**{**claim, "id": f"{claim['id']}:as-read"}, wasInvalidatedBy=ends or None)


def _correction(reading: Reading, number: int, note: Corrected) -> Node:
    by = named_iri("person", note.decided_by)
    who = {"id": by, "type": ["prov:Agent", "prov:Person"], "name": note.decided_by}
    return _told(
        id=_correction_id(reading, number),
        type=["prov:Activity", "Correction"],
        used=f"{_id(reading, note.mark)}:as-read" if note.field != ACCEPTED else None,
        field=note.field,
        was=note.was,
        now=note.now,
        reason=note.reason or None,
        wasAssociatedWith=who if note.decided_by else None,
    )


def _correction_id(reading: Reading, number: int) -> str:
    return _id(reading, f"correction-{number + 1}")


# --- nodes ----------------------------------------------------------------------------------------


def _id(reading: Reading, what: str) -> str:
    return mark_iri(reading.report, what)


def _codes(record: Any, *fields: str, names: dict[str, str] | None = None) -> Node:
    return {(names or {}).get(field, field): getattr(record, field) for field in fields}


def _told(**node: Any) -> Node:
    """A node without what is not known."""
    return {name: value for name, value in node.items() if value is not None}
