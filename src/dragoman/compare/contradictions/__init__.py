"""Where the reports of one happening differ: denied, did not happen, other perpetrator, toll, date or place.

Invariant: both sides carry their own words. What one report does not tell contradicts nothing, and a toll that a later
report raises is an update, unless it disputes the other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from dragoman.compare.telling import Told, one_act
from dragoman.compare.words import names_in, stems
from dragoman.records import Count, Event, Reading, Span
from dragoman.sentences import Sentences

KINDS = ("denied", "happened", "perpetrator", "toll", "date", "place")

HAPPENED = frozenset({"occurred", "ongoing", "attempted"})
DID_NOT = frozenset({"not_occurred", "ruled_out"})
RISING = frozenset({"killed", "wounded", "missing", "displaced"})
"""Tolls that grow as bodies are found; how many were arrested in one raid does not."""

NEAR = 3
"""Days by which the accounts of one happening differ; those of the stories by 1 to 3."""

PARTIES = frozenset({"government", "military", "armed_group"})
_OFFICIAL = frozenset("ministry government presidency army forces command front council office bureau embassy".split())
_DISPUTES = re.compile(
    r"\bnot (?:\d|as\b)|\bleft out\b|\bcontrary to\b|\bdisput|\bdenie[sd]\b|\bdenying\b|\bfalse\b|\bfirst given\b", re.I
)
_FIGURE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{2,}")


@dataclass(frozen=True, slots=True)
class Member:
    """An event of a happening with the reading that tells it."""

    reading: Reading
    event: Event
    told: Told

    @property
    def voice(self) -> str | None:
        """Who says so, in the words of the report; the outlet's own voice is its name."""
        said = self.reading.attribution(self.event.attribution)
        if said is None or not said.source:
            return self.reading.report.outlet
        return " ".join(self.reading.words(span) for span in said.source)


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


@dataclass(frozen=True, slots=True)
class Toll:
    """One number of people in one report, as a point of a series by source."""

    kind: str
    low: int | None
    high: int | None
    claim: Claim


def contradictions(members: Sequence[Member]) -> tuple[Contradiction, ...]:
    """Everything in which the events of one happening contradict one another, by kind."""
    happened = [m for m in members if m.event.status in HAPPENED and not _negated(m)]
    return (
        *_denials(members, happened),
        *_perpetrators(happened),
        *_tolls(tolls(happened), happened),
        *_dates(happened),
        *_places(happened),
    )


def tolls(members: Iterable[Member]) -> list[Toll]:
    """The largest number of each kind that each event tells, in order of publication."""
    found: list[Toll] = []
    for member in members:
        for kind in sorted({count.kind for count in member.event.counts}):
            whole = [count for count in member.event.counts if count.kind == kind and not _part(member, count)]
            if whole:
                most = max(whole, key=lambda count: (count.low or count.high or 0, -count.span[0]))
                found.append(Toll(kind, most.low, most.high, claim(member, most.span)))
        if member.event.type == "PROTEST":
            found += _crowd(member)
    return sorted(found, key=lambda toll: (toll.claim.published or "", toll.claim.event, toll.kind))


def claim(member: Member, span: Span) -> Claim:
    """The words of a span as a claim of the member's voice."""
    report = member.reading.report
    words = member.reading.words(span)
    return Claim(member.told.key, report.id, report.outlet, report.published, member.voice, words, span)


def _part(member: Member, count: Count) -> bool:
    """Whether it counts some of those told of before: `three of the injured died`."""
    return member.reading.report.text[count.span[1] :].startswith((" of the ", " of them", " of those"))


def _crowd(member: Member) -> Iterator[Toll]:
    """How many marched, which no kind of count tells: figures in the words for who took part."""
    for someone in (*member.event.actors, *member.event.recipients):
        if figure := _FIGURE.search(member.reading.words(someone.span)):
            number = int(figure[0].replace(",", ""))
            yield Toll("crowd", number, number, claim(member, someone.span))
            return


# --- did it happen --------------------------------------------------------------------------------


def _negated(member: Member) -> bool:
    said = member.reading.attribution(member.event.attribution)
    return said is not None and said.stance in ("denies", "disputes")


def _denials(members: Sequence[Member], happened: Sequence[Member]) -> Iterator[Contradiction]:
    """By those accused or in charge it is a denial; by others, another account of whether it happened.

    Both tell the act in the same words or words of one family, so that nothing else is denied.
    """
    against = [m for m in members if m.event.status == "not_occurred" or (m.event.status in HAPPENED and _negated(m))]
    for kind, deniers in (
        ("denied", [m for m in against if _is_party(m)]),
        ("happened", [m for m in against if not _is_party(m)]),
    ):
        yes = [m for m in happened if any(one_act(m.told, no.told) for no in deniers)]
        deniers = [no for no in deniers if any(one_act(m.told, no.told) for m in yes)]
        if {m.told.report for m in yes} - {m.told.report for m in deniers}:
            no, said = deniers[0].told, yes[0].told
            evidence = f"{said.status}: {said.trigger_words} / {no.status}: {no.trigger_words}"
            one, other = (_claims((m, m.event.trigger) for m in side) for side in (yes, deniers))
            yield Contradiction(kind, one, other, evidence)


def _is_party(member: Member) -> bool:
    """Whether the voice is an official or armed body, somebody who speaks for one, or the one said to have done it."""
    said = member.reading.attribution(member.event.attribution)
    if said is None or not said.source:
        return bool(stems(member.reading.report.outlet or "") & {next(iter(stems(word))) for word in _OFFICIAL})
    if member.reading.words(said.source[0]).lower() in ("we", "i"):
        return True
    entity = member.reading.entity(said.entity)
    if entity is None:
        return False
    done_by = {someone.entity for someone in member.event.actors}
    return entity.type in PARTIES or entity.id in done_by or bool(entity.of or entity.role)


# --- who, how many, when, where -------------------------------------------------------------------


def _perpetrators(happened: Sequence[Member]) -> Iterator[Contradiction]:
    """Violence or force by actors of other names, in reports of which none has both among the actors.

    A name after `in` or `at` is where somebody is, not who.
    """
    by: defaultdict[frozenset[str], list[tuple[Member, Span]]] = defaultdict(list)
    for member in happened:
        for someone in member.event.actors if member.event.type in ("ASSAULT", "COERCE") else ():
            words = re.split(r" (?:at|in|on|near) ", member.reading.words(someone.span))[0]
            if names := names_in(words) & member.told.proper:
                alike = [known for known in by if known & names]
                told = [told for known in alike for told in by.pop(known)]
                by[names.union(*alike)] = [*told, (member, someone.span)]
    yield from _differing("perpetrator", dict(by), lambda one, other: True, apart_in_reports=True)


def _tolls(series: Sequence[Toll], happened: Sequence[Member]) -> Iterator[Contradiction]:
    disputing = {m.told.key for m in happened if _DISPUTES.search(_sentence(m))}
    events = {m.told.key: m.told for m in happened}
    by: defaultdict[tuple[str, int | None, int | None], list[Toll]] = defaultdict(list)
    for toll in series:
        by[toll.kind, toll.low, toll.high].append(toll)
    for first, second in combinations(sorted(by, key=str), 2):
        pairs = [(a, b) for a in by[first] for b in by[second] if first[0] == second[0]]
        if any(_conflict(a, b, disputing) and _near(events[a.claim.event], events[b.claim.event]) for a, b in pairs):
            one, other = (tuple(toll.claim for toll in by[value]) for value in (first, second))
            yield Contradiction("toll", one, other, f"{first[0]}: {one[0].words} / {other[0].words}")


def _conflict(one: Toll, other: Toll, disputing: set[str]) -> bool:
    """Ranges apart in different reports; not when the later one only raises a toll that rises."""
    if one.claim.report == other.claim.report:
        return False
    early, late = sorted((one, other), key=lambda toll: toll.claim.published or "")
    if late.claim.event in disputing and early.low != late.low:
        return True
    if _fits(one, other):
        return False
    rises = (late.low or 0) > (early.low or 0) and (late.claim.published or "") > (early.claim.published or "")
    return not (rises and one.kind in RISING)


def _fits(one: Count | Toll, other: Count | Toll) -> bool:
    """Whether one number can be both."""
    low = max(one.low or 0, other.low or 0)
    high = min(one.high if one.high is not None else low, other.high if other.high is not None else low)
    return low <= high


def _dates(happened: Sequence[Member]) -> Iterator[Contradiction]:
    """Exact days that differ, told of what is over: what goes on is told of each day."""
    by: defaultdict[str, list[tuple[Member, Span]]] = defaultdict(list)
    for member in happened:
        event = member.event
        if event.time and event.start and event.start == event.end and event.status == "occurred":
            by[event.start].append((member, event.time))
    yield from _differing("date", by, lambda one, other: one != other)


def _places(happened: Sequence[Member]) -> Iterator[Contradiction]:
    """Places by other names, of which each has one that the other's report does not know at all."""
    by: defaultdict[frozenset[str], list[tuple[Member, Span]]] = defaultdict(list)
    for member in happened:
        if member.event.place:
            words = member.reading.words(member.event.place)
            known = member.told.located
            if names_in(words) & member.told.proper and not (
                known and known.precision in ("province", "region", "country")
            ):
                by[stems(words)].append((member, member.event.place))

    def apart(one: frozenset[str], other: frozenset[str]) -> bool:
        first, second = by[one], by[other]
        return not one & other and all(_unknown(a, sa, b) and _unknown(b, sb, a) for a, sa in first for b, sb in second)

    yield from _differing("place", by, apart)


def _unknown(member: Member, span: Span, elsewhere: Member) -> bool:
    return bool(names_in(member.reading.words(span)) & member.told.proper - elsewhere.told.about.keys())


def _differing(
    kind: str,
    by: Mapping[Any, Sequence[tuple[Member, Span]]],
    apart: Callable[[Any, Any], bool],
    *,
    apart_in_reports: bool = False,
) -> Iterator[Contradiction]:
    """A contradiction for each two values that are apart and that different reports tell; no report both, if asked."""
    for first, second in combinations(sorted(by, key=lambda value: min(m.told.key for m, _ in by[value])), 2):
        reports = [{member.told.report for member, _ in by[value]} for value in (first, second)]
        differ = not reports[0] & reports[1] if apart_in_reports else reports[0] != reports[1]
        near = any(_near(a.told, b.told) and a.event.type == b.event.type for a, _ in by[first] for b, _ in by[second])
        if differ and near and apart(first, second):
            one, other = _claims(by[first]), _claims(by[second])
            yield Contradiction(kind, one, other, f"{one[0].words} / {other[0].words}")


def _near(one: Told, other: Told) -> bool:
    """Whether the days do not say that they are two happenings after all."""
    if not one.days or not other.days:
        return True
    return max(one.days[0] - other.days[1], other.days[0] - one.days[1]) <= NEAR


def _claims(told: Iterable[tuple[Member, Span]]) -> tuple[Claim, ...]:
    made = [claim(member, span) for member, span in told]
    return tuple(sorted(made, key=lambda c: (c.published or "", c.event)))


def _sentence(member: Member) -> str:
    text = member.reading.report.text
    start, end = Sentences(text).at(member.event.trigger[0])
    return text[start:end]
