"""How many: each number of people as a point of a series by source, and those that cannot both be right.

Invariant: a toll that a later report raises, or that its own source puts otherwise later, is an update, unless the
later one disputes the earlier.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dragoman.compare.contradictions.claims import Claim, Contradiction, Member, are_two, claim, in_order, may_be_one
from dragoman.compare.order import told_on
from dragoman.compare.words import stems
from dragoman.numbers import numbers_in
from dragoman.records import Count

RISING = frozenset({"killed", "wounded", "missing", "displaced"})
"""Tolls that grow as bodies are found; how many were arrested in one raid does not."""

COUNTED = frozenset({"ASSAULT", "COERCE", "MOBILIZE"})
"""Types of events whose people the reading counts by what befell them."""

_DISPUTES = re.compile(
    r"\bnot (?:the |at least |about )?(?:\d|as\b|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|ten\b|"
    r"\w+teen\b|twelve\b|eleven\b|\w+ty\b)|\bleft out\b|\bcontrary to\b|\bdisput|\bdenie[sd]\b|\bdenying\b|\bfalse\b|"
    r"\bfirst given\b|\bno basis\b|\bexaggerat",
    re.IGNORECASE,
)
_PART = (" of the ", " of them", " of those", " of whom", " more ")


@dataclass(frozen=True, slots=True)
class Toll:
    """One number of people in one report, as a point of a series by source; `who` are the people, as in codes.yaml."""

    kind: str
    low: int | None
    high: int | None
    claim: Claim
    who: str | None = None


Value = tuple[str, int | None, int | None]


def tolls(members: Iterable[Member]) -> list[Toll]:
    """The largest number of each kind that each event tells, in order of publication, those without a date last."""
    found: list[Toll] = []
    for member in members:
        for kind in sorted({count.kind for count in member.event.counts}):
            whole = [count for count in member.event.counts if count.kind == kind and not _part(member, count)]
            if whole:
                most = max(whole, key=lambda count: (count.low or count.high or 0, -count.span[0]))
                found.append(Toll(kind, most.low, most.high, claim(member, most.span), most.who))
        if not member.event.counts and member.event.type not in COUNTED:
            found += _people(member)
    return sorted(found, key=lambda toll: (told_on(toll.claim.published), toll.claim.event, toll.kind))


def differing_tolls(series: Sequence[Toll], happened: Sequence[Member]) -> Iterator[Contradiction]:
    """A contradiction for each two values of a kind that conflict; values that may both be right stand on one side."""
    members = {m.told.key: m for m in happened}
    by: defaultdict[Value, list[Toll]] = defaultdict(list)
    for toll in series:
        by[toll.kind, toll.low, toll.high].append(toll)
    pairs = [
        (first, second)
        for first, second in combinations(sorted(by, key=lambda value: _first(by[value])), 2)
        if first[0] == second[0] and _conflict_all(by[first], by[second], members)
    ]
    for first, others in _gathered(pairs):
        one = in_order(toll.claim for toll in by[first])
        other = in_order(toll.claim for value in others for toll in by[value])
        yield Contradiction("toll", one, other, f"{first[0]}: {one[0].words} / {other[0].words}")


def _first(tolls: Sequence[Toll]) -> tuple[str, str]:
    return min((told_on(toll.claim.published), toll.claim.event) for toll in tolls)


def _gathered(pairs: Sequence[tuple[Value, Value]]) -> Iterator[tuple[Value, list[Value]]]:
    """Each value with those it conflicts with, gathered where they may both be right; each pair in one of them."""
    left = list(pairs)
    while left:
        counted: defaultdict[Value, list[Value]] = defaultdict(list)
        for one, other in left:
            counted[one].append(other)
            counted[other].append(one)
        centre = max(counted, key=lambda value: (len(_side(counted[value])), -list(counted).index(value)))
        side = _side(counted[centre])
        yield centre, side
        left = [pair for pair in left if not (centre in pair and (pair[0] in side or pair[1] in side))]


def _side(values: Sequence[Value]) -> list[Value]:
    """The first value and those that fit with all before them."""
    kept: list[Value] = []
    for value in values:
        if all(_fits(value[1:], other[1:]) for other in kept):
            kept.append(value)
    return kept


def _conflict_all(one: Sequence[Toll], other: Sequence[Toll], members: Mapping[str, Member]) -> bool:
    """Whether any two of both sides conflict, and none are told of two acts."""
    pairs = [(a, b, members[a.claim.event], members[b.claim.event]) for a in one for b in other]
    conflict = any(_conflict(a, b, members) and may_be_one(x, y) for a, b, x, y in pairs)
    return conflict and not any(are_two(x, y) for _, _, x, y in pairs)


def _conflict(one: Toll, other: Toll, members: Mapping[str, Member]) -> bool:
    """Ranges apart in different reports, or of two sources in one; not when the later one is only an update."""
    if one.who and other.who and one.who != other.who:
        return False
    if one.claim.report == other.claim.report:
        return _two_voices(one, other) and not _fits((one.low, one.high), (other.low, other.high))
    early, late = sorted((one, other), key=lambda toll: told_on(toll.claim.published))
    teller = members[late.claim.event]
    if early.low != late.low and _DISPUTES.search(teller.reading.report.text, *teller.sentence):
        return True
    later = (late.claim.published or "") > (early.claim.published or "")  # False where a day is not known
    if _fits((one.low, one.high), (other.low, other.high)) or (later and _one_voice(early, late)):
        return False
    rises = (late.low or 0) > (early.low or 0) and later
    return not (rises and one.kind in RISING)


def _one_voice(one: Toll, other: Toll) -> bool:
    """Whether both rest on the word of one source: `the hospital`, `the Lisk Valley Hospital`."""
    first, second = (stems(toll.claim.voice or "") for toll in (one, other))
    return bool(first and second) and (first <= second or second <= first)


def _two_voices(one: Toll, other: Toll) -> bool:
    """Whether one report has them of two sources: `the police put it at 58, the lawyers at 140`."""
    own = one.claim.outlet in (one.claim.voice, other.claim.voice)
    return not own and not _one_voice(one, other)


def _fits(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    """Whether one number can be both."""
    low = max(one[0] or 0, other[0] or 0)
    high = min(one[1] if one[1] is not None else low, other[1] if other[1] is not None else low)
    return low <= high


def _part(member: Member, count: Count) -> bool:
    """Whether it counts some of those told of before: `three of the injured died`."""
    return member.reading.report.text[count.span[1] :].startswith(_PART)


def _people(member: Member) -> Iterator[Toll]:
    """How many people are in it, which no kind of count tells: who marched, was let go, was helped."""
    event = member.event
    marched = event.type == "PROTEST"
    for someone in (*event.actors, *event.recipients) if marched else event.recipients:
        entity = member.reading.entity(someone.entity)
        numbers = list(numbers_in(member.reading.report.text, someone.span))
        if numbers and (marched or (entity and entity.type in ("group", "person"))):
            yield Toll("crowd" if marched else "people", numbers[0].low, numbers[0].high, claim(member, someone.span))
            return
