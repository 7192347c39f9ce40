"""Which acts are about the same matter, and which are worth comparing.

Invariant: two acts that `same_matter` joins, or that `Nearby` is asked for, have a word, a family of words, a party or
a report in common; so nothing is missed by looking only at those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence

from dragoman.compare.state.acts import Act
from dragoman.compare.words import Words, kin, stem


class Nearby:
    """Acts by what they have in common with others."""

    def __init__(self, acts: Iterable[Act]) -> None:
        self._by: defaultdict[Hashable, list[Act]] = defaultdict(list)
        for act in acts:
            for key in _keys(act):
                self._by[key].append(act)

    def of(self, some: Sequence[Act]) -> list[Act]:
        """The acts that have something in common with some others but are none of them, in order of time."""
        own = {act.key for act in some}
        found = {act.key: act for one in some for key in _keys(one) for act in self._by.get(key, ())}
        return sorted((act for act in found.values() if act.key not in own), key=lambda act: act.order)


def matter_keys(act: Act) -> Iterator[Hashable]:
    """The words of its matter and their families, of which two acts that `same_matter` joins have one in common."""
    yield from act.matter
    yield from kin(act.matter)


def _keys(act: Act) -> Iterator[Hashable]:
    yield from matter_keys(act)
    yield act.member.told.report, "report"
    for party in act.member.told.recipients:
        yield from ((name, "party") for name in party.names)


def common(one: Act, other: Act) -> tuple[Words, Words]:
    """The words of their matter that both have, and those of the other one of which the first has one of the family."""
    shared = one.matter & other.matter
    near = kin(one.matter - shared)
    return shared, frozenset(word for word in other.matter - shared if near & kin(frozenset([word])))


def same_matter(one: Act, other: Act) -> str:
    """The words of the other one that both have in common, where they are about the same; else nothing.

    A third of the words of the shorter one, or of words of their families, and more than names and verbs: `the truce
    of 72 hours` and `agreed to extend the truce`; not two acts against one town, nor two releases.
    """
    shared, alike = common(one, other)
    few = min(len(one.matter), len(other.matter))
    telling = (shared - one.names - other.names) | alike
    if one.matter - one.doing and other.matter - other.doing:
        telling -= one.doing | other.doing
    if not telling or (len(shared) + len(alike)) / few < 1 / 3 or _apart(one, other):
        return ""
    reading = other.member.reading
    words = " ".join([other.words, *(reading.words(someone.span) for someone in other.event.recipients)]).split()
    bare = dict.fromkeys(word.strip(".,;:!?\"'“”()") for word in words)
    return ", ".join(word for word in bare if stem(word) in shared | alike) or " ".join(sorted(shared | alike))


def _apart(one: Act, other: Act) -> bool:
    """Whether both name whom they are towards, and no name is shared."""
    first, second = (frozenset().union(*(party.names for party in act.member.told.recipients)) for act in (one, other))
    return bool(first and second and not first & second)
