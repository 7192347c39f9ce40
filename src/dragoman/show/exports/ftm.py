"""Events, reports, people, bodies and places as FollowTheMoney entities, one a line.

Invariant: an event's name says no more than its marks do (planned, possible, denied, according to whom), since
FollowTheMoney has no word for that. An entity has the same id in two reports only where the ledger takes both for the
same: by name, type and country, or because somebody judged so; whoever is only described is another in each report.
Roles, status and attribution as codes are in our own JSON Lines of events, whose `id` is the event's `recordId`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from hashlib import sha256
from textwrap import shorten
from typing import Any

from dragoman.codes import alpha2
from dragoman.compare.words import names_in
from dragoman.ledger import identity, query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import storable
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import LOW, Attribution, Entity, Event, Place, Reading, Report
from dragoman.show import wording
from dragoman.show.cards import Card, cards, chain_of
from dragoman.show.exports.naming import text_iri
from dragoman.show.exports.selected import Selected, named, selected
from dragoman.show.headlines import in_words, of_mark
from dragoman.show.output import as_json
from dragoman.show.search import Search
from dragoman.show.sentences import sentence
from dragoman.show.voices import voices

Properties = dict[str, str | Iterable[str] | None]

SCHEMATA = {
    "person": "Person",
    "government": "PublicBody",
    "military": "PublicBody",
    "country": "PublicBody",
    "armed_group": "Organization",
    "organization": "Organization",
    "outlet": "Organization",
}
"""What entities of a type are; all others are a LegalEntity where they act, speak or are acted upon."""

_LANGUAGES = {"en": "eng"}
_PRECISION = {"year": 4, "month": 7}
_HEADLINE = 240
"""Characters of what happens in an event's name, so that what is said of it after that is not cut."""
TEXT = 65_000
_LONGEST = {
    **dict.fromkeys(("name", "alias"), 384),
    **dict.fromkeys(("title", "publisher", "position", "city", "state"), 1024),
    **dict.fromkeys(("location", "full"), 250),
    "sourceUrl": 4096,
}
"""Characters that FollowTheMoney takes in a property; `TEXT` in all others."""

_REMEMBERED = 50_000
"""Lines that are not written again while they are remembered: most names come in many reports. About 6 MB."""


def entities(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """What a search finds, as JSON Lines that `ftm` and OpenAleph load."""
    same = _Same(ledger, query.as_of(search.filter))
    return _fresh(_lines(selected(ledger, search), same))


def _fresh(lines: Iterable[bytes]) -> Iterator[bytes]:
    written: set[bytes] = set()
    for line in lines:
        key = sha256(line).digest()[:16]
        if key not in written:
            if len(written) >= _REMEMBERED:
                written.clear()
            written.add(key)
            yield line


def _lines(found: Iterable[Selected], same: _Same) -> Iterator[bytes]:
    for one in found:
        reading, wanted = one.reading, {event.id for event in one.events}
        yield _article(reading.report)
        marks: list[Event | Attribution] = [*one.events, *one.attributions]
        ids = {id for mark in marks for id in named(mark)}
        for entity in reading.entities:
            if entity.id in ids:
                yield _somebody(entity, same.id(reading.report, entity))
        for card in cards(reading, voices(reading)):
            if card.event.id in wanted:
                yield from _event(reading, card, same)


# --- who is the same ------------------------------------------------------------------------------


class _Same:
    """The ids of entities over all reports."""

    def __init__(self, ledger: Ledger, as_of: AsOf) -> None:
        with ledger.connection() as connection:
            judged = identity.all_judged(connection, as_of)
        self._first = _first_of_each(judged)

    def id(self, report: Report, entity: Entity) -> str:
        """The id of an entity of a report."""
        who = Who.of(entity)
        if not _has_name(entity):
            return _hashed(report.id, entity.id)
        first = self._first.get(who, who)
        return _hashed(first.name, first.type, first.country)


def _has_name(entity: Entity) -> bool:
    """Whether reports can mean the same by it: no `officials`, no `Sarre` alone for a person."""
    name = entity.canonical or entity.name
    return bool(names_in(name)) and entity.type not in ("group", "other") and (entity.type != "person" or " " in name)


def _first_of_each(judged: dict[identity.Pair, str]) -> dict[Who, Who]:
    """By everybody that was judged the same as another, the first of them all.

    Those that would be something else in FollowTheMoney, or of whom two were judged different, stay apart.
    """
    groups: dict[Who, set[Who]] = {}
    for pair, verdict in judged.items():
        if verdict == "same":
            together = set(pair).union(*(groups.get(who, ()) for who in pair))
            groups |= dict.fromkeys(together, together)
    different: defaultdict[Who, set[Who]] = defaultdict(set)
    for pair, verdict in judged.items():
        for who in pair if verdict == "different" else ():
            different[who] |= pair - {who}
    return {
        who: min(group, key=lambda one: (one.name, one.type, one.country))
        for who, group in groups.items()
        if len({SCHEMATA.get(one.type) for one in group}) == 1 and not any(different[one] & group for one in group)
    }


# --- what stands in a line ------------------------------------------------------------------------


def _article(report: Report) -> bytes:
    return _line(
        article_id(report),
        "Article",
        title=report.title,
        publisher=report.outlet,
        publishedAt=report.published,
        sourceUrl=wording.web_address(report.url),
        language=_LANGUAGES.get(report.language or ""),
        bodyText=report.text,
        notes=f"Text as read by Dragoman: {text_iri(report)}",
    )


def _somebody(entity: Entity, id: str) -> bytes:
    told: Properties = {
        "name": entity.name,
        "alias": [name for name in (*entity.known_as, entity.canonical or "") if name != entity.name],
        "country": alpha2().get(entity.country or ""),
    }
    if entity.type == "person" and entity.role:
        told["position"] = f"{entity.role} of {entity.of}" if entity.of else entity.role
    return _line(id, SCHEMATA.get(entity.type, "LegalEntity"), **told)


def _event(reading: Reading, card: Card, same: _Same) -> Iterator[bytes]:
    event, report = card.event, reading.report
    known = {entity.id: entity for entity in reading.entities}
    people = [known[who.entity] for who in (*event.actors, *event.recipients) if who.entity in known]
    where = card.place.place if card.place else None
    if where:
        yield _address(where)
    quote = sentence(report.text, event.trigger)
    yield _line(
        f"dragoman-{mark_id(report.id, event.id).replace(':', '-')}",
        "Event",
        name=_name(reading, card),
        summary=in_words(reading, card),
        description=report.text[slice(*quote.span)],
        recordId=mark_id(report.id, event.id),
        **_days(event),
        involved=[same.id(report, entity) for entity in people],
        location=wording.located(where) if where else card.place.words if card.place else None,
        addressEntity=_address_id(where) if where else None,
        country=alpha2().get((where and where.country) or ""),
        proof=article_id(report),
        publisher=report.outlet,
        sourceUrl=wording.web_address(report.url),
    )


def _name(reading: Reading, card: Card) -> str:
    """What happens; then what keeps it from being a fact: a doubt of the model or the source, and whose word it is."""
    event, said = card.event, of_mark(reading, card.event)
    but = [
        *(["the model is unsure"] if event.confidence < LOW else []),
        *([event.certainty] if event.certainty != "certain" else []),
        *([chain_of(card.sayings)] if card.sayings else []),
    ]
    return f"{shorten(said, _HEADLINE, placeholder=' …')} ({'; '.join(but)})" if but else said


def _days(event: Event) -> dict[str, str | None]:
    """The days as exactly as they are known; a day is the event's `date`, all else has a first and a last."""
    digits = _PRECISION.get(event.date_precision or "", 10)
    start, end = (day and day[:digits] for day in (event.start, event.end))
    return {"date": start} if start == end else {"startDate": start, "endDate": end}


def _address(place: Place) -> bytes:
    return _line(
        _address_id(place),
        "Address",
        full=wording.located(place),
        city=place.name if place.kind == "city" else None,
        state=place.admin1,
        country=alpha2().get(place.country or ""),
        latitude=str(place.latitude),
        longitude=str(place.longitude),
    )


def _address_id(place: Place) -> str:
    return _hashed(str(place.geonames_id), wording.located(place), place.precision)


def article_id(report: Report) -> str:
    """The id of a report among FollowTheMoney entities."""
    return f"dragoman-{report.id}"


def _hashed(*parts: str) -> str:
    return f"dragoman-{sha256(chr(0).join(parts).encode()).hexdigest()[:40]}"


def _fitting(name: str, value: str) -> list[str]:
    """A value as long as FollowTheMoney takes it: a text in pieces, an address not at all, else cut at its end."""
    value, longest = storable(value), _LONGEST.get(name, TEXT)
    if len(value) <= longest:
        return [value]
    if name == "bodyText":
        return [value[at : at + TEXT] for at in range(0, len(value), TEXT)]
    return [] if name == "sourceUrl" else [f"{value[: longest - 2]} …"]


def _line(id: str, schema: str, **told: str | Iterable[str] | None) -> bytes:
    properties: dict[str, Any] = {}
    for name, value in told.items():
        values = [value] if isinstance(value, str) else value or ()
        if cleaned := list(dict.fromkeys(part for one in values if one.strip() for part in _fitting(name, one))):
            properties[name] = cleaned
    return (as_json({"id": id, "schema": schema, "properties": properties}) + "\n").encode()
