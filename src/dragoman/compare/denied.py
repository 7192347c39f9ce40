"""Denials that came to stand alone: joined to the happening whose act they deny, though the rest is told otherwise.

Invariant: only groups in which nobody says that it happened are joined, each to one group at most, by events that tell
the act in the same word and share a name; which one depends on the events alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product

from dragoman.compare.candidates import Rarity
from dragoman.compare.contradictions import Member
from dragoman.compare.contradictions.claims import HAPPENED, are_two
from dragoman.compare.features import compare
from dragoman.compare.judge import score
from dragoman.compare.telling import Told
from dragoman.compare.words import Words

LEAST = -1.0
"""Score of the closest two events under which a denial stays alone: it is lower than that of clusters, for who denies
tells little else."""

NEAREST = 20
"""Events told before a denial, and after it, that are looked at for each word and name."""

Index = Mapping[tuple[str, str], list[int]]


def with_denials(
    groups: Sequence[list[int]],
    events: Sequence[Told],
    denied: frozenset[int],
    member: Callable[[int], Member],
    rarity: Rarity,
    apart: Collection[tuple[int, int]] = (),
) -> list[list[int]]:
    """The groups, with those of denials alone joined to the group that tells what they deny.

    Events are named by their places in order of keys, and `member` gives one with its reading. `denied` are those whose
    act is told not to have been done; `apart` are pairs, in order, that somebody judged to be two happenings: no group
    with both is made.
    """
    said = [events[place].status in HAPPENED and place not in denied for group in groups for place in group]
    told = dict(zip((place for group in groups for place in group), said, strict=True))
    alone = [n for n, group in enumerate(groups) if not any(map(told.get, group)) and not denied.isdisjoint(group)]
    denials = {n: [place for place in groups[n] if place in denied] for n in alone}
    index = _index(events, (p for p in sorted(told) if told[p]), {place for some in denials.values() for place in some})
    group_of = {place: n for n, group in enumerate(groups) for place in group}
    joined = [list(group) for group in groups]
    for n in alone:
        near = [
            (score(compare(events[denial], events[other], rarity)), other)
            for denial in denials[n]
            for other in _told_of(denial, events, member, index)
        ]
        best, place = max(near, default=(LEAST, -1))
        if best > LEAST and not _parted(groups[n], joined[group_of[place]], apart):
            joined[group_of[place]] += joined[n]
            joined[n] = []
    return sorted(sorted(group) for group in joined if group)


def _parted(one: Sequence[int], other: Sequence[int], apart: Collection[tuple[int, int]]) -> bool:
    return bool(apart) and any((min(a, b), max(a, b)) in apart for a in one for b in other)


def _index(events: Sequence[Told], said: Iterable[int], denials: Iterable[int]) -> Index:
    """The events, in order of telling, by each word for their act together with each name in what tells it.

    Only by those of denials: nothing else is looked for.
    """
    wanted = {key for place in denials for key in _keys(events[place])}
    found: defaultdict[tuple[str, str], list[tuple[tuple[int, str], int]]] = defaultdict(list)
    if wanted:
        for place in said:
            for key in wanted.intersection(_keys(events[place])):
                found[key].append((_when(events[place]), place))
    return {key: [place for _, place in sorted(some)] for key, some in found.items()}


def _keys(told: Told) -> Iterator[tuple[str, str]]:
    return product(told.trigger, _names(told))


def _told_of(denial: int, events: Sequence[Told], member: Callable[[int], Member], index: Index) -> list[int]:
    """The events that tell the act in the same word, of other reports, not told to be of another day or place.

    Of many those told nearest in time are looked at, so that the work grows with the number of denials alone.
    """
    near: dict[int, None] = {}
    for key in sorted(_keys(events[denial])):
        told = index.get(key, [])
        here = bisect_left(told, _when(events[denial]), key=lambda place: _when(events[place]))
        near |= dict.fromkeys(told[max(0, here - NEAREST) : here + NEAREST])
    return [
        place
        for place in near
        if events[place].report != events[denial].report
        and not are_two(member(denial), member(place))
        and not _is_later(events[place], events[denial])
    ]


def _when(told: Told) -> tuple[int, str]:
    return told.published or 0, told.key


def _is_later(act: Told, denial: Told) -> bool:
    """Whether the act was done after the day of the denial."""
    return bool(act.days and denial.published and act.days[0] > denial.published)


def _names(told: Told) -> Words:
    return told.names.union(*(party.names for party in (*told.people, *([told.place] if told.place else []))))
