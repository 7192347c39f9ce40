"""Many reports, one happening: the events that tell it, why they are joined, what they dispute, who stands behind it.

Invariant: the happenings of a set of readings are the same whatever the order in which they come, and each event is in
exactly one. An event that nothing is joined to is a happening of its own.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dragoman.compare.candidates import Rarity, pairs
from dragoman.compare.chains import Chain, Copies, chains, original_of
from dragoman.compare.clusters import LEAST, NEVER, cluster
from dragoman.compare.contradictions import DID_NOT, HAPPENED, Contradiction, Member, Toll, contradictions, tolls
from dragoman.compare.denied import LEAST as DENIED
from dragoman.compare.denied import with_denials
from dragoman.compare.features import Feature, compare
from dragoman.compare.judge import BOUND, Judgement, score, verdict
from dragoman.compare.order import told_on
from dragoman.compare.telling import Told, told
from dragoman.compare.ties import root, tie
from dragoman.ledger.decisions import anchor
from dragoman.records import Reading

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
    copies = copies or {}
    members = {m.told.key: m for reading in readings for m in members_of(reading)}
    events = [members[key].told for key in sorted(members)]
    rarity = Rarity({event.report: event.about for event in events}.values())
    verdicts = _by_key(judged or {}, members.values())
    apart = dict.fromkeys((pair for pair, said in verdicts.items() if said == "different"), NEVER)
    together = [pair for pair, said in verdicts.items() if said == "same"]
    groups = cluster([event.key for event in events], {**scores(events, rarity), **apart}, together)
    groups = with_denials(groups, members, rarity, apart)
    found = [_happening([members[key] for key in group], rarity, copies, verdicts) for group in groups]
    return sorted(found, key=lambda one: (told_on(one.members[0].reading.report.published), one.id))


def _by_key(judged: Judged, members: Iterable[Member]) -> Judged:
    """The judgements on events that are there, by their keys in order."""
    if not judged:
        return {}
    keys = {anchor(member.reading.report.id, member.event.trigger): member.told.key for member in members}
    there = ((pair, said) for pair, said in judged.items() if keys.keys() >= set(pair))
    return {(min(keys[a], keys[b]), max(keys[a], keys[b])): said for (a, b), said in there}


def scores(events: Sequence[Told], rarity: Rarity) -> dict[tuple[str, str], float]:
    """The score of each two candidates that may come to be in one group, by their keys in order.

    Only pairs that speak for a happening tie events together. What speaks against is kept as bare numbers and looked
    at again only inside what is tied: of a million events most pairs are of the other kind.
    """
    tied = list(range(len(events)))
    ones, others, logits = array("l"), array("l"), array("f")
    for a, b in pairs(events, rarity):
        logit = score(compare(events[a], events[b], rarity))
        ones.append(a)
        others.append(b)
        logits.append(logit)
        if logit > LEAST:
            tie(tied, a, b)
    found: dict[tuple[str, str], float] = {}
    for a, b, logit in zip(ones, others, logits, strict=True):
        if root(tied, a) == root(tied, b):
            one, other = sorted((events[a].key, events[b].key))
            found[one, other] = logit
    return found


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


def _happening(members: list[Member], rarity: Rarity, copies: Copies, verdicts: Judged) -> Happening:
    members.sort(key=lambda m: (told_on(m.reading.report.published), m.told.report, m.event.trigger))
    days = Counter((m.event.start, m.event.end) for m in members if m.event.start and m.event.status not in DID_NOT)
    start, end = min(days, key=lambda d: (-days[d], str(d))) if days else (None, None)
    kinds = Counter(m.event.type for m in members)
    return Happening(
        id=members[0].told.key,
        type=min(kinds, key=lambda kind: (-kinds[kind], kind)),
        start=start,
        end=end,
        members=tuple(members),
        joins=tuple(_joins(members, rarity, copies, verdicts)),
        contradictions=contradictions(members),
        tolls=tuple(tolls(m for m in members if m.event.status in HAPPENED)),
        chains=chains(members, copies),
        copies={m.told.report: copies[m.told.report] for m in members if m.told.report in copies},
    )


def _joins(members: Sequence[Member], rarity: Rarity, copies: Copies, verdicts: Judged) -> Iterator[Judgement]:
    """For each event but the first what somebody judged, or the best judgement with one told shortly before it, or
    with the first.
    """
    place = {member.told.key: n for n, member in enumerate(members)}
    judged = {  # by the later of two events that somebody judged the same
        max(pair, key=lambda key: place[key]): pair
        for pair, said in verdicts.items()
        if said == "same" and place.keys() >= set(pair)
    }
    for n, member in enumerate(members[1:], start=1):
        if person := judged.get(member.told.key):
            yield Judgement(*person, "corroborates", BOUND, (Feature("judged the same", 1.0, "by a person"),))
            continue
        before = [members[0], *members[max(1, n - SHORTLY) : n]]
        made = [(score(compare(other.told, member.told, rarity)), other.told.key, other) for other in before]
        yield judge(max(made, key=lambda one: one[:2])[2], member, rarity, copies)
