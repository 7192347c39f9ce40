"""What contradictions are made of: the events of a happening, and each side's own words.

Invariant: a claim's words are those of its span in the report that tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from dragoman.compare.features import near_types
from dragoman.compare.order import told_on
from dragoman.compare.speaking import words_of
from dragoman.compare.telling import Told, one_act
from dragoman.compare.words import Words
from dragoman.ledger.ids import mark_id
from dragoman.records import Event, Reading, Span

OCCURRED = frozenset({"occurred", "ongoing"})
"""Statuses of what is told to have been done: of the rest nothing was done to anybody."""
HAPPENED = OCCURRED | {"attempted"}
DID_NOT = frozenset({"not_occurred", "ruled_out"})
VOUCHES = frozenset({"asserts", "confirms"})
"""Stances of who stands behind what is told."""
PARTIES = frozenset({"government", "military", "armed_group"})
NEAR = 3
"""Days by which the accounts of one happening differ; those of the stories by 1 to 3."""

_LAND = re.compile(
    r"\b(?:north|south|east|west)(?:ern)?(?! of)\b|\b(?:central|country|province|region)\b|\bcapital\b(?! [A-Z])"
)


@dataclass(frozen=True, slots=True)
class Member:
    """An event of a happening with the reading that tells it."""

    reading: Reading
    event: Event
    told: Told

    @property
    def voice(self) -> str | None:
        """Who says so, in the words of the report; the outlet's own voice is its name."""
        return voice(self.reading, self.event)

    @property
    def sentence(self) -> Span:
        """The sentence of the trigger."""
        return self.told.within


@dataclass(frozen=True, slots=True)
class Claim:
    """One side's word: the event that tells it, whose word it is, the words themselves."""

    event: str
    report: str
    outlet: str | None
    published: str | None
    voice: str | None
    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two sides that cannot both be right; `kind` is one of `KINDS`, `evidence` what differs."""

    kind: str
    one: tuple[Claim, ...]
    other: tuple[Claim, ...]
    evidence: str


def voice(reading: Reading, event: Event) -> str | None:
    """Who says so, in the words of the report; the outlet's own voice is its name."""
    said = reading.attribution(event.attribution)
    return (words_of(reading, said) if said else "") or reading.report.outlet


def claim(member: Member, span: Span) -> Claim:
    """The words of a span as a claim of the member's voice."""
    return claim_of(member.reading, member.event, span, member.voice)


def claim_of(reading: Reading, event: Event, span: Span, voice: str | None) -> Claim:
    """The words of a span as a claim of somebody who tells an event."""
    report = reading.report
    key = mark_id(report.id, event.id)
    return Claim(key, report.id, report.outlet, report.published, voice, reading.words(span), span)


def claims(told: Iterable[tuple[Member, Span]]) -> tuple[Claim, ...]:
    """The claims of spans, in order of publication."""
    return in_order(claim(member, span) for member, span in told)


def in_order(made: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims in order of publication, each once, those without a date last."""
    return tuple(sorted(set(made), key=lambda c: (told_on(c.published), c.event, c.span)))


def may_be_one(one: Member, other: Member) -> bool:
    """Whether two events may be told of the same act: what another act is told of contradicts nothing."""
    types = frozenset((one.event.type, other.event.type))
    return (len(types) == 1 or types in near_types() or one_act(one.told, other.told)) and not are_two(one, other)


def are_two(one: Member, other: Member) -> bool:
    """Whether they were apart by more than `NEAR` days, or by less at places of other names."""
    first, second = one.told.days, other.told.days
    if not first or not second:
        return False
    apart = max(first[0] - second[1], second[0] - first[1], 0)
    return apart > NEAR or (apart > 0 and elsewhere(one, other))


def told_of_one(one: Iterable[Member], other: Iterable[Member]) -> bool:
    """Whether two accounts are of the same act: some events of both are alike, and none are known to be two."""
    pairs = list(product(one, other))
    akin = (may_be_one(a, b) and (one_act(a.told, b.told) or alike(a, b)) for a, b in pairs)
    return any(akin) and not any(are_two(a, b) for a, b in pairs)


def alike(one: Member, other: Member) -> bool:
    """Whether both tell somebody or somewhere in common."""
    return bool(_parties(one.told) & _parties(other.told))


def _parties(told: Told) -> Words:
    return frozenset().union(*(party.stems for party in (*told.people, *([told.place] if told.place else []))))


def elsewhere(one: Member, other: Member) -> bool:
    """Whether both tell places of other names; a country or the east of one may hold the other place."""
    names = [m.told.place.names if m.event.place and m.told.place and not is_wide(m) else None for m in (one, other)]
    return bool(names[0] and names[1] and not names[0] & names[1])


def is_wide(member: Member) -> bool:
    """Whether the place is a whole land or part of one: `eastern Tembria`, `the capital`."""
    told = member.told
    if told.located and told.located.precision in ("province", "region", "country"):
        return True
    return told.place is not None and _LAND.search(told.place.words) is not None
