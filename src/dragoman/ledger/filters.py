"""What may be asked of the ledger: one frozen filter, and the conditions it makes for each kind of row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Select, Table, and_, exists, func, not_, or_, select

from dragoman.codes import codes, country_table
from dragoman.errors import UsageError
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.folding import fold, search_phrases, storable
from dragoman.ledger.schema import attributions, entities, events, names, participants, readings
from dragoman.ledger.walking import walked
from dragoman.ledger.words import has_phrases
from dragoman.records import Entity

LONGEST = 1000
"""Characters of one field of a filter; longer than any name, and far from what databases refuse."""

Conditions = list[ColumnElement[bool]]
Test = Callable[[ColumnElement[Any]], ColumnElement[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What rows must match: every field that is given. None and blank text mean anything.

    | field | events | attributions | reports | entities |
    |---|---|---|---|---|
    | type | its event type | holds an event of it | has an event of it | its entity type |
    | status | its status | holds an event of it | has an event of it | - |
    | actor | an actor of it | its source | has an event with that actor | itself |
    | recipient | a recipient of it | holds an event with it | has an event with it | - |
    | country | - | - | - | its country |
    | place | where it happens | holds an event there | has an event there | - |
    | source | source of what holds it | its source | has an attribution to it | - |
    | source_kind | kind of what holds it | its kind | has an attribution of it | speaks as that kind |
    | since, until | happened in these days | published in these days | the same | the same |
    | text, outlet, report | its report | its report | itself | its reports |
    | as_of | told by that day | the same | the same | the same |
    | recorded | held by the ledger at that moment | the same | the same | the same |

    Where a report must have an event, one and the same event matches type, status, actor, recipient and place;
    so one attribution source and source_kind. `actor`, `recipient` and `source` are part of a name, of another
    name it is known as, or of the words; letter case and accents do not count. `place` is part of a place's name
    or words, or a country: its name, which finds all places that lie in it, or its code (UKR), which finds
    those alone. `country` is a code alone. `text` is looked for in title and text: every word, and every phrase
    in double quotes. `outlet` is the whole name in any letter case.
    `report` is an id or the start of one. `since` and `until` are ISO 8601 days, both included; what
    has no date matches neither. `as_of` and `recorded` are as in `as_of.AsOf`.
    """

    type: str | None = None
    status: str | None = None
    actor: str | None = None
    recipient: str | None = None
    country: str | None = None
    place: str | None = None
    source: str | None = None
    source_kind: str | None = None
    since: str | None = None
    until: str | None = None
    text: str | None = None
    outlet: str | None = None
    report: str | None = None
    as_of: str | None = None
    recorded: str | None = None

    def given(self) -> dict[str, str]:
        """The fields that ask for something."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value.strip() for name, value in values.items() if value is not None and value.strip()}


@dataclass(frozen=True, slots=True)
class Who:
    """Whom an entity means in all reports: every entity of its type and country, and its name but for case and accents.

    The name is the canonical one where there is one. `identity` adds those that go by another name.
    """

    name: str
    type: str
    country: str

    @classmethod
    def of(cls, entity: Entity) -> Who:
        """Whom this entity means."""
        return cls(fold(entity.canonical or entity.name), storable(entity.type), storable(entity.country or ""))


_ON_REPORTS = {"text", "outlet", "report", "since", "until"}
_DATED = events.alias("dated")
_BESIDE = participants.alias("beside")
ROLES = ("actor", "recipient")
_DOES = {"actor": entities.c.acts, "recipient": entities.c.receives}
NOT_FOR_ENTITIES = ("status", "recipient", "place", "source")
ONLY_FOR_ENTITIES = ("country",)


def checked(filter: Filter, kind: str) -> dict[str, str]:
    """The fields given, once they are found to make sense for that kind of row; else a UsageError."""
    given = filter.given()
    for name, value in given.items():
        if len(value) > LONGEST:
            raise UsageError(f"{name} has {len(value)} characters", f"give at most {LONGEST}")
        if kind == "entities" and name in NOT_FOR_ENTITIES:
            raise UsageError(f"entities cannot be listed by {name}", f"leave {name} out, or list events")
        if kind != "entities" and name in ONLY_FOR_ENTITIES:
            raise UsageError(f"{kind} cannot be listed by {name}", f"leave {name} out, or list entities")
    types = codes().entity_types if kind == "entities" else tuple(codes().event_types)
    _check_code(given, "type", types, "entity type" if kind == "entities" else "event type")
    _check_code(given, "status", codes().statuses, "status")
    _check_code(given, "source_kind", codes().source_kinds, "kind of source")
    if "country" in given:
        given["country"] = given["country"].upper()
    _check_days(given)
    if "recorded" in given:
        given["recorded"] = _moment(given["recorded"])
    return given


def as_of(given: dict[str, str]) -> AsOf:
    """What a filter that was checked asks to go by."""
    return AsOf(given.get("as_of"), given.get("recorded"))


def _check_code(given: dict[str, str], name: str, valid: Iterable[str], what: str) -> None:
    if name in given and given[name] not in valid:
        raise UsageError(f"{given[name]!r} is no {what}", f"take one of {', '.join(valid)}")


def _check_days(given: dict[str, str]) -> None:
    for name in ("since", "until", "as_of"):
        if name in given and not _is_day(given[name]):
            raise UsageError(f"{name} {given[name]!r} is no day", "give it as year-month-day: 2031-03-04")
    if "since" in given and "until" in given and given["since"] > given["until"]:
        raise UsageError(f"since {given['since']} is after until {given['until']}", "exchange them")


def _is_day(value: str) -> bool:
    """Whether it is an ISO 8601 day, written year-month-day."""
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _moment(value: str) -> str:
    """A day, or a moment in UTC as the ledger writes it."""
    if _is_day(value):
        return value
    try:
        moment = datetime.fromisoformat(value)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC).isoformat().removesuffix("+00:00")
    except (ValueError, OverflowError) as error:
        cure = "give a day or a time in UTC: 2031-03-04 or 2031-03-04T16:30"
        raise UsageError(f"recorded {value!r} is no moment", cure) from error


# --- conditions -------------------------------------------------------------------------------
# A list is walked in its order, so each row is tested as it comes (`walked`). What only few reports
# have is looked up in an index first and given as a list of readings, which is tested before the
# marks of a report are fetched; such a list may say twice what a condition on the mark says.


def on_reports(given: dict[str, str]) -> Conditions:
    """Conditions on the reading of a report."""
    return [*_on_readings(given), *_with_event(given), *_with_attribution(given)]


def on_events(given: dict[str, str]) -> Conditions:
    """Conditions on an event, the reading that has it and the attribution that holds it."""
    found = _on_readings(_only(given, "text", "outlet", "report", "as_of", "recorded"))
    found += [*_with_event(given), *_with_attribution(given), *_of_type(given, walked), *_at(given, walked)]
    if "since" in given or "until" in given:
        found += [exists().where(_DATED.c.reading == readings.c.number, *_in_days(_DATED, given))]
        found += _in_days(events, given)
    found += [_has(role, given[role]) for role in ROLES if role in given]
    return found + _of_source(given, walked)


def _in_days(table: FromClause, given: dict[str, str]) -> Conditions:
    """That an event happened in these days; both ends are asked for, since so the index `events_by_day` is followed."""
    first, last = table.c.start, table.c.end
    return [
        func.coalesce(first, last) <= given.get("until", "9999-12-31"),
        func.coalesce(last, first) >= given.get("since", "0"),
    ]


def held(events_and_readings: FromClause) -> FromClause:
    """Events and readings with the attribution that holds each, all of which `on_events` may name."""
    holder = and_(attributions.c.reading == events.c.reading, attributions.c.position == events.c.attribution)
    return events_and_readings.outerjoin(attributions, holder)


def on_attributions(given: dict[str, str]) -> Conditions:
    """Conditions on an attribution, the reading that has it and the events it holds."""
    of_event, of_source = _only(given, "type", "status", "recipient", "place"), _only(given, "source", "source_kind")
    if "actor" in given:
        of_source["speaker"] = given["actor"]
    found = [*_on_readings(given), *_with_event(of_event), *_with_attribution(of_source)]
    found += _of_source(of_source, walked)
    if of_event:
        held = exists().where(
            events.c.reading == attributions.c.reading,
            walked(events.c.attribution) == attributions.c.position,
            *_of_type(of_event, walked),
            *(_has(role, of_event[role]) for role in ROLES if role in of_event),
            *_at(of_event, walked),
        )
        found.append(held)
    return found


def who_takes_part(who: Sequence[Who], role: str) -> Conditions:
    """Conditions on an event that one of its actors, or recipients, is linked to them; part of a name is not enough."""
    taking_part = exists().where(
        participants.c.reading == events.c.reading,
        participants.c.event == events.c.position,
        participants.c.role == role,
        _is_linked(participants, who),
    )
    return [named_in(who, _DOES[role]), taking_part]


def who_says(who: Sequence[Who]) -> Conditions:
    """Conditions on an attribution that its source is linked to them; part of a name is not enough."""
    return [named_in(who, entities.c.says), _is_linked(attributions, who)]


def on_entities(given: dict[str, str], looked_up: str | None = None) -> Conditions:
    """Conditions on an entity and the reading that has it.

    `looked_up` is the one of the columns in `may_be_few` that finds so few entities that they need not be walked to.
    """
    in_reading, named = (_as_it_is if looked_up == column else walked for column in ("reading", "names"))
    found = as_of(given).conditions()
    if _ON_REPORTS & given.keys():
        found = [in_reading(entities.c.reading).in_(select(readings.c.number).where(*_on_readings(given)))]
    found.append(is_somebody())
    found += [walked(entities.c[name]) == given[name] for name in ("type", "country") if name in given]
    if "actor" in given:
        found.append(_goes_by(named(entities.c.names), given["actor"]))
    if "source_kind" in given:
        found.append(in_reading(entities.c.reading).in_(_speaking(given)))
        speaks = exists().where(
            attributions.c.reading == entities.c.reading,
            attributions.c.entity == entities.c.id,
            attributions.c.kind == given["source_kind"],
        )
        found.append(speaks)
    return found


def may_be_few(given: dict[str, str]) -> dict[str, Select[Any]]:
    """For columns of entities that a filter narrows down: the rows to be looked up, of which there may be few."""
    found: dict[str, Select[Any]] = {}
    if "actor" in given:
        found["names"] = select(entities.c.names).where(_goes_by(entities.c.names, given["actor"]))
    elif _ON_REPORTS & given.keys():
        found["reading"] = select(readings.c.number).where(*_on_readings(given))
    elif "source_kind" in given:
        found["reading"] = _speaking(given)
    return found


def _speaking(given: dict[str, str]) -> Select[Any]:
    return select(attributions.c.reading).where(attributions.c.kind == given["source_kind"])


def _on_readings(given: dict[str, str]) -> Conditions:
    """Conditions on the report itself, its origin and its words."""
    found: Conditions = as_of(given).conditions()
    if "text" in given:
        found.append(has_phrases(search_phrases(given["text"])))
    if "outlet" in given:
        other = readings.alias()
        named = select(other.c.number).where(other.c.outlet_folded == fold(given["outlet"]))
        found.append(walked(readings.c.number).in_(named))
    if "report" in given:
        found.append(readings.c.report == given["report"])
    if "since" in given or "until" in given:
        found.append(readings.c.published.between(given.get("since", "0"), given.get("until", "9999-12-31")))
    return found


def _with_event(given: dict[str, str]) -> Conditions:
    """That a reading has an event of the type, status, actor, recipient and place asked for, all in one."""
    # places are fewer than types: where both are asked for, the place is looked up
    wanted = [*_of_type(given, walked if "place" in given else _as_it_is), *_at(given, _as_it_is)]
    roles = [role for role in ROLES if role in given]
    if wanted:
        wanted += [_has(role, given[role]) for role in roles]
        return [walked(readings.c.number).in_(select(events.c.reading).where(*wanted))]
    if not roles:
        return []
    first, *others = roles
    taking_part = [participants.c.role == first, _goes_by(participants.c.names, given[first])]
    taking_part += [_beside(role, given[role]) for role in others]
    return [walked(readings.c.number).in_(select(participants.c.reading).where(*taking_part))]


def _with_attribution(given: dict[str, str]) -> Conditions:
    """That a reading has an attribution to the source and of the kind asked for, both in one."""
    wanted = _of_source(given, _as_it_is)
    if not wanted:
        return []
    return [walked(readings.c.number).in_(select(attributions.c.reading).where(*wanted))]


def _of_type(given: dict[str, str], test: Test) -> Conditions:
    return [test(events.c[name]) == given[name] for name in ("type", "status") if name in given]


def _at(given: dict[str, str], test: Test) -> Conditions:
    """That an event is at the place asked for."""
    if "place" not in given:
        return []
    place = given["place"]
    in_country = test(events.c.place_country).in_([place] if place in country_table() else _countries(fold(place)))
    return [in_country if place in country_table() else or_(_goes_by(test(events.c.place_names), place), in_country)]


def _countries(folded: str) -> list[str]:
    """The codes of the countries of that name."""
    return [
        code for code, told in country_table().items() if folded in map(fold, (told["name"], *told.get("also", ())))
    ]


def _of_source(given: dict[str, str], test: Test) -> Conditions:
    speakers = [given[name] for name in ("source", "speaker") if name in given]
    found = [_goes_by(test(attributions.c.names), speaker) for speaker in speakers]
    if "source_kind" in given:
        found.append(test(attributions.c.kind) == given["source_kind"])
    return found


def _has(role: str, part: str) -> ColumnElement[bool]:
    """That an event has an actor, or a recipient, who goes by this part of a name."""
    return exists().where(
        participants.c.reading == events.c.reading,
        participants.c.event == events.c.position,
        participants.c.role == role,
        _goes_by(walked(participants.c.names), part),
    )


def _beside(role: str, part: str) -> ColumnElement[bool]:
    """The same of the event of a participant."""
    other = _BESIDE.c
    return exists().where(
        other.reading == participants.c.reading,
        other.event == participants.c.event,
        other.role == role,
        _goes_by(walked(other.names), part),
    )


def named_in(who: Sequence[Who], does: ColumnElement[int] | None = None) -> ColumnElement[bool]:
    """That a reading names one of them; and that they act in it, receive or speak, by the column that counts that."""
    counted = [] if does is None else [does > 0]
    return walked(readings.c.number).in_(select(entities.c.reading).where(means(who, _as_it_is), *counted))


def called(some: Iterable[str]) -> ColumnElement[bool]:
    """That a reading has an entity of one of these names, which are folded, or a participant in these words."""
    told = sorted({f"{article}{name}" for name in some for article in ("", "the ")})
    worded = select(names.c.number).where(names.c.folded.in_(told))
    return or_(
        walked(readings.c.number).in_(select(entities.c.reading).where(entities.c.name_folded.in_(told))),
        walked(readings.c.number).in_(select(participants.c.reading).where(participants.c.names.in_(worded))),
    )


def is_somebody(table: FromClause = entities) -> ColumnElement[bool]:
    """That a name is more than a number in digits: `47th Brigade`, which has a capital; not `12` or `21 people`.

    Lists of who is named, and networks, leave the others out.
    """
    name, folded = walked(table.c.name), walked(table.c.name_folded)
    return not_(and_(folded >= "0", folded < ":", name == folded))


def _is_linked(table: Table, who: Sequence[Who]) -> ColumnElement[bool]:
    """That the entity of a row, which is named by its id inside the reading, is one of them."""
    return exists().where(
        entities.c.reading == table.c.reading,
        walked(entities.c.id) == table.c.entity,
        means(who, walked),
    )


def means(who: Sequence[Who], test: Test, table: FromClause = entities) -> ColumnElement[bool]:
    """That an entity is one of those: by name, type and country."""
    told = table.c.name_folded, table.c.type, table.c.country
    each = [zip(told, (one.name, one.type, one.country), strict=True) for one in who]
    return or_(*(and_(*(test(column) == value for column, value in pairs)) for pairs in each))


def _goes_by(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """That a row's names have this part; LIKE's wildcards in it are ordinary characters."""
    return column.in_(select(_with_part(fold(part)).c.number))


@lru_cache(maxsize=16)
def _with_part(part: str) -> CTE:
    """The names with this part: one object for the same part, so that one question looks through all names once."""
    return select(names.c.number).where(names.c.folded.contains(part, autoescape=True)).cte()


def _only(given: dict[str, str], *names: str) -> dict[str, str]:
    return {name: given[name] for name in names if name in given}


def _as_it_is(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return column
