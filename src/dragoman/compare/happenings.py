"""Many reports, one happening: the events that tell it, why they are joined, what they dispute, who stands behind it.

Invariant: the happenings of a set of readings are the same whatever the order in which they come, and each event is in
exactly one. An event that nothing is joined to is a happening of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

import numpy as np

from dragoman.compare.candidates import Candidates, Rarity
from dragoman.compare.chains import Chain, Copies, chains, original_of
from dragoman.compare.clusters import APART, LEAST, NEVER, Ties, agglomerate
from dragoman.compare.contradictions import DID_NOT, HAPPENED, Contradiction, Member, Toll, contradictions, tolls
from dragoman.compare.denied import LEAST as DENIED
from dragoman.compare.denied import with_denials
from dragoman.compare.features import Feature, compare
from dragoman.compare.judge import BOUND, Judgement, score, verdict
from dragoman.compare.screen import Screen
from dragoman.compare.shelf import Shelf
from dragoman.compare.telling import Told, told
from dragoman.ledger.decisions import anchor
from dragoman.records import Reading

SLACK = 1e-6
"""For a bound is the sum of the same numbers as a score, in another order."""
SHORTLY = 50
"""Events told before another that are looked at for its reasons, so that a happening of thousands stays quick."""


@dataclass(frozen=True, slots=True)
class Happening:
    """What happened once, as all reports tell it; `id` is the key of the event told first.

    `joins` has for each other event the judgement that ties it closest to the rest, `copies` of its reports those that
    copy another.
    """

    id: str
    type: str
    start: str | None
    end: str | None
    members: tuple[Member, ...]
    joins: tuple[Judgement, ...]
    contradictions: tuple[Contradiction, ...]
    tolls: tuple[Toll, ...]
    chains: tuple[Chain, ...]
    copies: Copies = field(default_factory=dict)

    @property
    def reports(self) -> tuple[str, ...]:
        """The ids of the reports that tell it, the first first."""
        return tuple(dict.fromkeys(member.reading.report.id for member in self.members))

    @property
    def independent(self) -> int:
        """How many independent chains of evidence there are."""
        return sum(chain.known for chain in self.chains)


Judged = Mapping[tuple[str, str], str]
"""What people said of two events, which are named by their anchors in order: `same`, `different` or `unsure`."""


def happenings(
    readings: Iterable[Reading], copies: Copies | None = None, judged: Judged | None = None
) -> list[Happening]:
    """The happenings of some readings, in order of their first telling. What people judged holds over all scores."""
    return list(each(readings, copies, judged))


def told_by_several(
    readings: Iterable[Reading], copies: Copies | None = None, judged: Judged | None = None
) -> Iterator[Happening]:
    """As `happenings`, one at a time, those that more than one report tells."""
    return each(readings, copies, judged, least=2)


def each(
    readings: Iterable[Reading], copies: Copies | None = None, judged: Judged | None = None, least: int = 1
) -> Iterator[Happening]:
    """The happenings that so many reports tell, in order of their first telling."""
    with closing(Shelf(readings)) as shelf:
        rarity = rarity_of(shelf)
        verdicts = _by_place(judged, shelf) if judged else {}
        apart = {pair for pair, said in verdicts.items() if said == "different"}
        same = [pair for pair, said in verdicts.items() if said == "same"]
        groups = with_denials(grouped(shelf, rarity, apart, same), shelf, shelf.denied, shelf.member, rarity, apart)
        told = [group for group in groups if len(set(map(shelf.report, group))) >= least]
        for group in told:
            group.sort(key=shelf.told_before)
        for group in sorted(told, key=lambda group: (shelf.told_before(group[0])[0], group[0])):
            together = [(shelf.keys[a], shelf.keys[b]) for a, b in same if a in group]
            yield _happening([shelf.member(place) for place in group], rarity, copies or {}, together)


def rarity_of(events: Sequence[Told]) -> Rarity:
    """How rare words are in the reports that tell some events."""
    first = {report: place for place, report in reversed(list(enumerate(event.report for event in events)))}
    return Rarity(events[place].about for place in sorted(first.values()))


def _by_place(judged: Judged, shelf: Shelf) -> dict[tuple[int, int], str]:
    """The judgements on events that are there, by their places in order."""
    anchors = (anchor(member.reading.report.id, member.event.trigger) for member in shelf.members())
    places = {name: place for place, name in enumerate(anchors)}
    there = ((pair, said) for pair, said in judged.items() if places.keys() >= set(pair))
    return {(min(places[a], places[b]), max(places[a], places[b])): said for (a, b), said in there}


def grouped(
    events: Sequence[Told],
    rarity: Rarity,
    apart: Collection[tuple[int, int]] = (),
    together: Iterable[tuple[int, int]] = (),
) -> list[list[int]]:
    """The events, which come in order of their keys, by their places: each group tells one happening.

    `apart` and `together` are pairs, in order, that somebody judged to be two or one.
    """
    candidates, screen = Candidates(events, rarity), Screen(events)
    found: dict[int, float] = {}
    for ones, others in candidates.each():
        near = screen.bounds(ones, others) > LEAST - SLACK
        for one, other in zip(ones[near].tolist(), others[near].tolist(), strict=True):
            logit = score(compare(events[one], events[other], rarity))
            if logit > LEAST and (one, other) not in apart:
                found[one * len(events) + other] = logit

    def untied(one: int, other: int) -> float:
        if (one, other) in apart:
            return NEVER
        return score(compare(events[one], events[other], rarity)) if candidates.has(one, other) else APART

    codes, logits = np.array(list(found), np.int64), np.array(list(found.values()))
    return agglomerate(len(events), Ties(*divmod(codes, max(len(events), 1)), logits), untied, together)


def judge(one: Member, other: Member, rarity: Rarity, copies: Copies) -> Judgement:
    """What two events are to one another, with the reasons."""
    one, other = sorted((one, other), key=lambda member: member.told.key)
    features = compare(one.told, other.told, rarity)
    logit = score(features)
    word = verdict(
        logit,
        copied=original_of(one.told.report, copies) == original_of(other.told.report, copies),
        contradicted=logit > DENIED and bool(contradictions([one, other])),
    )
    return Judgement(one.told.key, other.told.key, word, logit, features)


def members_of(reading: Reading) -> Iterator[Member]:
    """Each event of a reading, made comparable."""
    for event, one in zip(reading.events, told(reading), strict=True):
        yield Member(reading, event, one)


def _happening(members: list[Member], rarity: Rarity, copies: Copies, same: Sequence[tuple[str, str]]) -> Happening:
    days = Counter((m.event.start, m.event.end) for m in members if m.event.start and m.event.status not in DID_NOT)
    start, end = min(days, key=lambda d: (-days[d], str(d))) if days else (None, None)
    kinds = Counter(m.event.type for m in members)
    return Happening(
        id=members[0].told.key,
        type=min(kinds, key=lambda kind: (-kinds[kind], kind)),
        start=start,
        end=end,
        members=tuple(members),
        joins=tuple(_joins(members, rarity, copies, same)),
        contradictions=contradictions(members),
        tolls=tuple(tolls(m for m in members if m.event.status in HAPPENED)),
        chains=chains(members, copies),
        copies={m.told.report: copies[m.told.report] for m in members if m.told.report in copies},
    )


def _joins(
    members: Sequence[Member], rarity: Rarity, copies: Copies, same: Sequence[tuple[str, str]]
) -> Iterator[Judgement]:
    """For each event but the first what somebody judged, or the best judgement with one told shortly before it, or
    with the first.
    """
    place = {member.told.key: n for n, member in enumerate(members)}
    judged = {  # by the later of two events that somebody judged the same
        max(pair, key=lambda key: place[key]): pair for pair in same if place.keys() >= set(pair)
    }
    for n, member in enumerate(members[1:], start=1):
        if person := judged.get(member.told.key):
            yield Judgement(*person, "corroborates", BOUND, (Feature("judged the same", 1.0, "by a person"),))
            continue
        before = [members[0], *members[max(1, n - SHORTLY) : n]]
        made = [(score(compare(other.told, member.told, rarity)), other.told.key, other) for other in before]
        yield judge(max(made, key=lambda one: one[:2])[2], member, rarity, copies)
