"""What a filter means, said again in plain Python over readings: the tests compare queries with it."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from dragoman.codes import country_names
from dragoman.ledger.query import Filter
from dragoman.records import Attribution, Entity, Event, Reading, Span


def plain(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.translate(str.maketrans("’“”", '\'""')))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def by_report(readings: Iterable[Reading]) -> list[Reading]:
    """Newest first, without a date last, then by id."""
    ordered = sorted(readings, key=lambda reading: reading.report.id)
    return sorted(ordered, key=lambda reading: reading.report.published or "", reverse=True)


def expected_reports(readings: Sequence[Reading], asked: Filter) -> list[str]:
    """The ids of the reports that match."""
    return [
        reading.report.id
        for reading in by_report(readings)
        if origin_matches(reading, asked, dated=True)
        and (
            not (asked.type or asked.status or asked.actor or asked.recipient or asked.place)
            or any(_acts(reading, e, asked) for e in reading.events)
        )
        and (not (asked.source or asked.source_kind) or any(_said(reading, a, asked) for a in reading.attributions))
    ]


def expected_events(
    readings: Sequence[Reading], asked: Filter, who: Entity | None = None, toward: Entity | None = None
) -> list[str]:
    """The ids of the events that match, and that are done by the same as `who`, to the same as `toward`."""
    return [
        f"{reading.report.id[:12]}:{event.id}"
        for reading in by_report(readings)
        if origin_matches(reading, asked, dated=False)
        for event in reading.events
        if _acts(reading, event, asked) and _happened(event, asked) and _held(reading, event, asked)
        if who is None or any(_same(reading.entity(actor.entity), who) for actor in event.actors)
        if toward is None or any(_same(reading.entity(one.entity), toward) for one in event.recipients)
    ]


def expected_attributions(readings: Sequence[Reading], asked: Filter, who: Entity | None = None) -> list[str]:
    """The ids of the attributions that match, and that are said by the same as `who`."""
    return [
        f"{reading.report.id[:12]}:{attribution.id}"
        for reading in by_report(readings)
        if origin_matches(reading, asked, dated=True)
        for attribution in reading.attributions
        if _said(reading, attribution, asked)
        and (not asked.actor or _goes_by(reading, attribution.source, attribution.entity, asked.actor))
        and (not (asked.type or asked.status or asked.recipient or asked.place) or _holds(reading, attribution, asked))
        and (who is None or _same(reading.entity(attribution.entity), who))
    ]


def expected_entities(readings: Sequence[Reading], asked: Filter) -> list[tuple[str, int, int]]:
    """The id, the reports and the mentions of each name, type and country that match."""
    joined: dict[tuple[str, str, str], list[tuple[Reading, Entity]]] = defaultdict(list)
    for reading in readings:
        if not origin_matches(reading, asked, dated=True):
            continue
        for entity in reading.entities:
            speaks = [a.kind for a in reading.attributions if a.entity == entity.id]
            if (
                asked.type in (None, entity.type)
                and asked.country in (None, entity.country)
                and not _is_only_a_number(entity.name)
                and (not asked.actor or _goes_by(reading, (), entity.id, asked.actor))
                and (not asked.source_kind or asked.source_kind in speaks)
            ):
                joined[entity.name, entity.type, entity.country or ""].append((reading, entity))
    found = []
    for _key, members in sorted(joined.items(), key=lambda item: (plain(item[0][0]), *item[0])):
        reading, entity = min(members, key=lambda member: member[0].report.id + member[1].id)
        mentions = sum(len(member.mentions) for _, member in members)
        found.append((f"{reading.report.id[:12]}:{entity.id}", len(members), mentions))
    return found


def _is_only_a_number(name: str) -> bool:
    return name[:1].isascii() and name[:1].isdigit() and name == plain(name)


def origin_matches(reading: Reading, asked: Filter, *, dated: bool) -> bool:
    """Whether outlet, id, words and (where `dated`) publication of the report match."""
    report = reading.report
    if asked.outlet and plain(asked.outlet) != plain(report.outlet or ""):
        return False
    if asked.report and not report.id.startswith(asked.report):
        return False
    in_days = (asked.since or "") <= (report.published or "none") <= (asked.until or "9999")
    if dated and (asked.since or asked.until) and not (report.published and in_days):
        return False
    return not asked.text or _has_words(f"{report.title or ''} \n {report.text}", asked.text)


def _has_words(text: str, query: str) -> bool:
    words = " ".join(re.findall(r"[^\W_]+", plain(text)))
    wanted = [" ".join(re.findall(r"[^\W_]+", plain(part))) for part in re.findall(r'"[^"]*"|\S+', plain(query))]
    wanted = [part for part in wanted if part]
    return bool(wanted) and all(f" {part} " in f" {words} " for part in wanted)


def _goes_by(reading: Reading, spans: Iterable[Span], entity_id: str | None, part: str) -> bool:
    entity = reading.entity(entity_id)
    names = [reading.words(span) for span in spans]
    names += [entity.name, *entity.known_as] if entity else []
    return any(plain(part.strip()) in plain(name) for name in names)


def _same(entity: Entity | None, who: Entity) -> bool:
    return entity is not None and (plain(entity.name), entity.type, entity.country) == (
        plain(who.name),
        who.type,
        who.country,
    )


def _acts(reading: Reading, event: Event, asked: Filter) -> bool:
    return (
        asked.type in (None, event.type)
        and asked.status in (None, event.status)
        and (not asked.actor or any(_goes_by(reading, [who.span], who.entity, asked.actor) for who in event.actors))
        and _is_done_to(reading, event, asked)
        and (not asked.place or _is_at(reading, event, asked.place))
    )


def _is_at(reading: Reading, event: Event, asked: str) -> bool:
    """Whether its place has that name or those words as a part, or lies in the country of that name or code."""
    where = reading.entity(event.place_entity)
    known = where.place if where else None
    if asked in country_names():
        return known is not None and known.country == asked
    names = [reading.words(event.place)] if event.place else []
    names += [where.name] if where else []
    names += [known.name] if known else []
    country = country_names().get(known.country or "") if known else None
    return any(plain(asked.strip()) in plain(name) for name in names) or plain(asked) == plain(country or "none")


def _is_done_to(reading: Reading, event: Event, asked: Filter) -> bool:
    part = asked.recipient
    return not part or any(_goes_by(reading, [who.span], who.entity, part) for who in event.recipients)


def _happened(event: Event, asked: Filter) -> bool:
    if not (asked.since or asked.until):
        return True
    first, last = event.start or event.end, event.end or event.start
    return bool(first and last) and last >= (asked.since or "") and first <= (asked.until or "9999")  # type: ignore[operator]


def _said(reading: Reading, attribution: Attribution, asked: Filter) -> bool:
    return asked.source_kind in (None, attribution.kind) and (
        not asked.source or _goes_by(reading, attribution.source, attribution.entity, asked.source)
    )


def _held(reading: Reading, event: Event, asked: Filter) -> bool:
    holder = reading.attribution(event.attribution)
    return not (asked.source or asked.source_kind) or (holder is not None and _said(reading, holder, asked))


def _holds(reading: Reading, attribution: Attribution, asked: Filter) -> bool:
    return any(
        event.attribution == attribution.id
        and asked.type in (None, event.type)
        and asked.status in (None, event.status)
        and (not asked.place or _is_at(reading, event, asked.place))
        and _is_done_to(reading, event, asked)
        for event in reading.events
    )
