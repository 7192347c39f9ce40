"""Denials that came to stand alone: joined to the happening whose act they deny, though the rest is told otherwise.

Invariant: only groups in which nobody says that it happened are joined, each to one group at most, by events that tell
the act in the same word and share a name; which one depends on the events alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from dragoman.compare.candidates import Rarity
from dragoman.compare.contradictions import Member
from dragoman.compare.contradictions.claims import HAPPENED, are_two
from dragoman.compare.contradictions.denials import denies
from dragoman.compare.features import compare
from dragoman.compare.judge import score
from dragoman.compare.telling import Told
from dragoman.compare.words import Words

LEAST = -1.0
"""Score of the closest two events under which a denial stays alone: it is lower than that of clusters, for who denies
tells little else."""

NEAREST = 20
"""Events told before a denial, and after it, that are looked at for each word and name."""

Index = Mapping[tuple[str, str], list[Member]]


def with_denials(
    groups: Sequence[list[str]],
    members: Mapping[str, Member],
    rarity: Rarity,
    apart: Collection[tuple[str, str]] = (),
) -> list[list[str]]:
    """The groups, with those of denials alone joined to the group that tells what they deny.

    `apart` are pairs of keys, in order, that somebody judged to be two happenings: no group with both is made.
    """
    said = {key for key, member in members.items() if member.event.status in HAPPENED and not denies(member)}
    alone = [n for n, group in enumerate(groups) if not said & set(group) and any(denies(members[k]) for k in group)]
    group_of = {key: n for n, group in enumerate(groups) for key in group}
    index = _index([members[key] for key in sorted(said)])
    joined = [list(group) for group in groups]
    for n in alone:
        near = [
            (score(compare(members[key].told, other.told, rarity)), other.told.key)
            for key in groups[n]
            if denies(members[key])
            for other in _told_of(members[key], index)
        ]
        best, key = max(near, default=(LEAST, ""))
        if best > LEAST and not _parted(groups[n], joined[group_of[key]], apart):
            joined[group_of[key]] += joined[n]
            joined[n] = []
    return sorted(sorted(group) for group in joined if group)


def _parted(one: Sequence[str], other: Sequence[str], apart: Collection[tuple[str, str]]) -> bool:
    return bool(apart) and any((min(a, b), max(a, b)) in apart for a in one for b in other)


def _index(members: Sequence[Member]) -> Index:
    """The events, in order of telling, by each word for their act together with each name in what tells it."""
    found: defaultdict[tuple[str, str], list[Member]] = defaultdict(list)
    for member in sorted(members, key=_when):
        for word in member.told.trigger:
            for name in _names(member.told):
                found[word, name].append(member)
    return found


def _told_of(denial: Member, index: Index) -> list[Member]:
    """The events that tell the act in the same word, of other reports, not told to be of another day or place.

    Of many those told nearest in time are looked at, so that the work grows with the number of denials alone.
    """
    near: dict[str, Member] = {}
    for word in sorted(denial.told.trigger):
        for name in sorted(_names(denial.told)):
            told = index.get((word, name), [])
            here = bisect_left(told, _when(denial), key=_when)
            near |= {member.told.key: member for member in told[max(0, here - NEAREST) : here + NEAREST]}
    return [
        member
        for member in near.values()
        if member.told.report != denial.told.report
        and not are_two(denial, member)
        and not _is_later(member.told, denial.told)
    ]


def _when(member: Member) -> tuple[int, str]:
    return member.told.published or 0, member.told.key


def _is_later(act: Told, denial: Told) -> bool:
    """Whether the act was done after the day of the denial."""
    return bool(act.days and denial.published and act.days[0] > denial.published)


def _names(told: Told) -> Words:
    return told.names.union(*(party.names for party in (*told.people, *([told.place] if told.place else []))))
