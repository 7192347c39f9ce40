"""Entities of the ledger that may be the same: a queue for somebody to judge, each pair with its reasons.

Invariant: nothing here joins anything. A pair is proposed when type and country do not speak against it and its names
are alike in a way that can be told; what was judged already, or is known to be the same or apart, is not proposed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import combinations, islice

from sqlalchemy import func, select

from dragoman.compare import keeping
from dragoman.ledger import comparisons, cursors, identity
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.comparisons import Finding, Standing
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import fold
from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import Page
from dragoman.ledger.schema import entities, names, readings
from dragoman.ledger.store import Ledger

BODIES = frozenset({"organization", "armed_group", "government", "military", "outlet"})
ALIKE = 0.8  # of two spellings, by `difflib`: Saree and Sarea 0.80, Ali and Ala 0.67
SHARED = 0.6  # of the words of two bodies' names that both have
ALIKE_STEP = "alike"
MOST = 5_000  # pairs that are kept: more than anybody judges before new reports come
CROWDED = 60  # entities with one word in common: the word tells nothing then


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for or against: what was compared, and the words that show it."""

    name: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everybody of one name, type and country in the ledger; `id` is that of the entity in one of the reports."""

    id: str
    name: str
    who: Who
    aliases: frozenset[str]
    reference: str | None
    reports: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that may be the same, and why; `position` is its place among all that were kept."""

    one: Known
    other: Known
    features: tuple[Feature, ...]
    position: int = -1


def queue(ledger: Ledger, limit: int = 50) -> list[Pair]:
    """The pairs that wait for a judgement, or are unsure, those in the most reports first. All pairs are kept."""
    with ledger.connection() as connection:
        judged = identity.all_judged(connection)
    found, _ = keeping.findings(ledger, ALIKE_STEP, _work, NOW)
    pairs: Iterator[Pair] = (keeping.read(Pair, text) for text in found)
    return list(islice((pair for pair in pairs if _verdict(pair, judged) in (None, "unsure")), limit))


def waiting(ledger: Ledger, actor: str | None = None, after: str | None = None, limit: int = 50) -> Page[Pair]:
    """A page of the pairs that were kept last and wait still. One that somebody judged as unsure waits no more.

    `actor`: only pairs that have this in one of their names. The cursor of a pair is `cursor_of`. UsageError.
    """
    first = -1 if after is None else int(cursors.decode(ALIKE_STEP, after, (int,))[0])
    kept = keeping.latest(ledger, ALIKE_STEP)
    with ledger.connection() as connection:
        told = comparisons.following(connection, kept.number, [], first, MOST) if kept else []
        judged = identity.all_judged(connection)
    part = fold(actor or "")
    rows: list[Pair] = []
    for position, text in told:
        pair = replace(keeping.read(Pair, text), position=position)
        if _verdict(pair, judged) is None and any(part in name for name in _names(pair)):
            rows.append(pair)
        if len(rows) > limit:
            break
    return Page(tuple(rows[:limit]), cursor_of(rows[limit - 1]) if len(rows) > limit else None)


def standing(ledger: Ledger) -> Standing | None:
    """How far the pairs go that are kept; None where none are. Those of few readings are worked out at once."""
    return keeping.standing(ledger, ALIKE_STEP, _work)


def cursor_of(pair: Pair) -> str:
    """The cursor that leads on from a pair."""
    return cursors.encode(ALIKE_STEP, (pair.position,))


def _names(pair: Pair) -> frozenset[str]:
    return pair.one.aliases | pair.other.aliases | {pair.one.who.name, pair.other.who.name}


def _verdict(pair: Pair, judged: dict[identity.Pair, str]) -> str | None:
    return judged.get(frozenset((pair.one.who, pair.other.who)))


def _work(ledger: Ledger, _as_of: AsOf, _then: AsOf) -> list[Finding]:
    pairs = [Pair(one, other, features) for one, other in _near(known(ledger)) if (features := compare(one, other))]
    pairs.sort(key=lambda pair: (-_reports(pair), pair.one.who.name, pair.other.who.name))
    return [
        Finding(f"{pair.one.id} {pair.other.id}", _reports(pair), keeping.written(Pair, pair)) for pair in pairs[:MOST]
    ]


def _reports(pair: Pair) -> int:
    return min(pair.one.reports, pair.other.reports)


def known(ledger: Ledger) -> list[Known]:
    """Everybody in the ledger who has a name, in order of names."""
    of, told = entities.c, readings.c
    statement = (
        select(
            func.min(told.report + of.id).label("first"),
            func.min(of.name).label("name"),
            of.name_folded,
            of.type,
            of.country,
            func.max(of.reference).label("reference"),
            func.count(func.distinct(of.reading)).label("reports"),
            func.aggregate_strings(names.c.folded, "\n").label("aliases"),
        )
        .select_from(entities)
        .join(readings, told.number == of.reading)
        .join(names, names.c.number == of.names)
        .where(*NOW.conditions(), of.type.in_([*BODIES, "person"]))
        .group_by(of.name_folded, of.type, of.country)
        .order_by(of.name_folded, of.type, of.country)
    )
    with ledger.connection() as connection:
        rows = connection.execute(statement).all()
    return [
        Known(
            id=mark_id(row.first[:64], row.first[64:]),
            name=row.name,
            who=Who(row.name_folded, row.type, row.country),
            aliases=frozenset(row.aliases.split("\n")),
            reference=row.reference,
            reports=row.reports,
        )
        for row in rows
        if any(word[:1].isupper() for word in row.name.split())
    ]


def compare(one: Known, other: Known) -> tuple[Feature, ...]:
    """Why two may be the same; nothing where type, country or our table speak against it, or no name is alike."""
    if one.reference and other.reference:
        return ()
    told = [*_kind(one.who, other.who), *_country(one.who, other.who)]
    alike = _person(one, other) if one.who.type == "person" else _body(one, other)
    return (*alike, *told) if len(told) == 2 and alike else ()


def _kind(one: Who, other: Who) -> Iterator[Feature]:
    if one.type == other.type:
        yield Feature("same type", one.type)
    elif {one.type, other.type} <= BODIES:
        yield Feature("types that may agree", f"{one.type}, {other.type}")


def _country(one: Who, other: Who) -> Iterator[Feature]:
    if one.country == other.country and one.country:
        yield Feature("same country", one.country)
    elif not (one.country and other.country):
        yield Feature("country not told of both", one.country or other.country or "neither")


def _person(one: Known, other: Known) -> list[Feature]:
    """A shared alias of two words, or the same last name and first names that are spelt alike or abbreviated."""
    if shared := sorted(alias for alias in one.aliases & other.aliases if " " in alias):
        return [Feature("shared name", shared[0])]
    first, second = one.who.name.replace("-", " ").split(), other.who.name.replace("-", " ").split()
    if len(first) < 2 or len(second) < 2:
        short, full = sorted((first, second), key=len)
        return [Feature("short name", f"{' '.join(short)}, {' '.join(full)}")] if short == full[-len(short) :] else []
    if not _spelt_alike(first[-1], second[-1]) or not _spelt_alike(first[0], second[0]):
        return []
    return [Feature("names spelt alike", f"{one.name}, {other.name}")]


def _body(one: Known, other: Known) -> list[Feature]:
    """A shared alias, initials, or most words in common."""
    if shared := sorted(one.aliases & other.aliases):
        return [Feature("shared name", shared[0])]
    for short, long in ((one, other), (other, one)):
        if short.who.name in _initials(long.who.name):
            return [Feature("initials", f"{short.name}, {long.name}")]
    words = [frozenset(known.who.name.split()) - {"the", "of", "and", "for"} for known in (one, other)]
    common = words[0] & words[1]
    if len(common) > 1 and len(common) >= SHARED * len(words[0] | words[1]):
        return [Feature("words in common", " ".join(sorted(common)))]
    return (
        [Feature("names spelt alike", f"{one.name}, {other.name}")]
        if _spelt_alike(*(k.who.name for k in (one, other)))
        else []
    )


def _spelt_alike(one: str, other: str) -> bool:
    if one == other or (min(len(one), len(other)) <= 2 and one[0] == other[0]):  # J. Smith
        return True
    bones = _skeleton(one)
    if len(bones) > 2 and bones == _skeleton(other):  # Mohamed, Muhammad
        return True
    return one[0] == other[0] and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _skeleton(word: str) -> str:
    """The consonants, each once in a row: what transliterations of a name have in common."""
    return re.sub(r"(.)\1+", r"\1", re.sub("[aeiouy]", "", word))


def _initials(name: str) -> set[str]:
    words = name.replace("-", " ").split()
    return {"".join(w[0] for w in words), "".join(w[0] for w in words if w not in ("of", "the", "for", "and", "in"))}


def _near(everybody: Iterable[Known]) -> Iterator[tuple[Known, Known]]:
    """Pairs with something in common: a word of a name, an alias, initials; each pair once."""
    blocks: defaultdict[tuple[str, str], dict[Who, Known]] = defaultdict(dict)
    for one in everybody:
        kind = "person" if one.who.type == "person" else "body"
        for key in {*one.aliases, *one.who.name.replace("-", " ").split(), one.who.name[:3], *_initials(one.who.name)}:
            if len(key) > 1:
                blocks[kind, key][one.who] = one
    seen: set[frozenset[Who]] = set()
    for block in blocks.values():
        if len(block) <= CROWDED:
            for one, other in combinations(block.values(), 2):
                if (pair := frozenset((one.who, other.who))) not in seen:
                    seen.add(pair)
                    yield one, other
