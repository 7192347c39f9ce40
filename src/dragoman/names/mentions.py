"""Mentions -> chains: which words of a report mean the same somebody.

Invariant: a chain never holds two different proper names. A name joins by the rules of `naming.same`; what has
no name of its own (`she`, `the minister`) follows the model.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from dragoman.names import naming
from dragoman.records import MentionMark, NameMark, Span

SURE = 0.5  # the model's link from a description to an earlier mention is followed from this confidence on

# What may stand after the name that a mention is about: its end, an apposition, a relative or a place.
_AFTER_HEAD = re.compile(r"\s*(?:[,(–—]|(?<=\s)-\s|\Z|(?:of|in|from|at|who|which|and others)\b)")
# What makes a name before it belong to something else: supporters of X, the X-backed group, X's lawyer.
_LINKING = re.compile(
    r"(?:\b(?:of|for|to|from|in|by|with|against|at|on|near|between|under|than)|[’']s?|/)\s*(?:the\s+)?\Z",
    re.I,
)


@dataclass(slots=True)
class Chain:
    """The mentions of one entity, by their numbers, and the names among them with their keys."""

    mentions: list[int] = field(default_factory=list)
    names: list[NameMark] = field(default_factory=list)
    keys: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def fullest(self) -> tuple[str, ...]:
        """The key of the fullest name: a short one (`Trump`) would let another of the family in."""
        return max(self.keys, key=len)

    @property
    def is_person(self) -> bool:
        """Whether its names are a person's."""
        return any(name.label == "Person" for name in self.names)


# A short name that the text gives in brackets: the Rapid Support Forces (RSF), the party (known as MIR).
_BRACKETS = re.compile(r"\s*\((?:the |known as (?:the )?|or )?[“\"]?([A-Z][\w-]{1,11})[”\"]?\)")
# What a body is called again: the group, the movement.
_BODIES = re.compile(
    r"the (?:\w+ )?(?:group|movement|organi[sz]ation|party|militia|front|army|faction|company|union|agency|ministry|"
    r"council|court|commission|newspaper|network|alliance|coalition|force)",
    re.IGNORECASE,
)
Key = TypeVar("Key")
NEAR = 500  # characters in which `the group` may mean the one body that was named before


class _Names:
    """The chains by what they may be called again, so that a name finds its own in a text of any length."""

    def __init__(self) -> None:
        self._of_persons: dict[tuple[str, ...], list[Chain]] = {}
        self._of_others: dict[tuple[str, ...], list[Chain]] = {}
        self._of_letters: dict[str, list[Chain]] = {}
        self._of_bodies: dict[tuple[str, ...], list[Chain]] = {}

    def add(self, chain: Chain, words: str, key: tuple[str, ...], label: str) -> None:
        """Keeps a chain under a name of it."""
        if label == "Person":
            for part in _parts(key):
                _keep(self._of_persons, part, chain)
            return
        _keep(self._of_others, key, chain)
        for letters in naming.acronyms(words):
            _keep(self._of_letters, letters, chain)
        if label == "Organization" and len(key) > 1:
            _keep(self._of_bodies, key[-1:], chain)

    def add_short(self, chain: Chain, letters: str) -> None:
        """Keeps a chain under a short name that the text gives it."""
        _keep(self._of_letters, letters, chain)

    def find(self, words: str, key: tuple[str, ...], label: str) -> Chain | None:
        """The chain that a name belongs to: one that has it already, else the latest one that it fits.

        A body may be called by the last word of its name (the Front), while one body alone ends in it.
        """
        if label != "Person":
            fitting = self._of_others.get(key) or [
                chain for letters in naming.acronyms(words) for chain in self._of_letters.get(letters, ())
            ]
            bodies = self._of_bodies.get(key, []) if label == "Organization" else []
            if not fitting and all(chain is bodies[0] for chain in bodies):
                fitting = bodies
            return fitting[-1] if fitting else None
        near = [chain for part in _parts(key) for chain in self._of_persons.get(part, ())]
        fitting = [chain for chain in near if naming.same(key, chain.fullest, person=True)]
        return next((chain for chain in fitting if key in chain.keys), fitting[-1] if fitting else None)


def _keep(chains: dict[Key, list[Chain]], key: Key, chain: Chain) -> None:
    """Puts a chain last under a key, once."""
    kept = chains.setdefault(key, [])
    if not any(other is chain for other in kept):
        kept.append(chain)
    elif kept[-1] is not chain:
        kept.sort(key=lambda other: other is chain)


def _parts(key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A person's name, and its first and last parts, the longest last; in an order that no process has otherwise."""
    parts = {key[:n] for n in range(1, len(key) + 1)} | {key[n:] for n in range(len(key))}
    return sorted(parts, key=lambda part: (len(part), part))


def head(text: str, span: Span, names: Sequence[NameMark]) -> NameMark | None:
    """The name that a mention is about: `Chaves` in `Costa Rican President Chaves`, none in `Chaves's lawyer`.

    `names` stand in order of the text.
    """
    first = bisect_left(names, span[0], key=lambda name: name.span[0])
    last = bisect_left(names, span[1], key=lambda name: name.span[0])
    inside = [n for n in names[first:last] if n.span[1] <= span[1] and n.label not in ("Date", "Money")]
    for person in (True, False):
        for name in inside:
            if (name.label == "Person") is not person or (name.label == "NORP" and name.span != span):
                continue
            before, after = text[span[0] : name.span[0]], text[name.span[1] : span[1]]
            apposed = before.rstrip().endswith(",")  # a spokesman for the Front, Abu Hurma
            if _AFTER_HEAD.match(after) and (apposed or not _LINKING.search(before)) and (person or _leads(before)):
                return name
    return None


def _leads(before: str) -> bool:
    """Whether only small words stand before a body's or place's name: the, a, newly formed."""
    words = before.split()
    return len(words) <= 2 and all(word.islower() or word == "The" for word in words)


def chains(text: str, mentions: Sequence[MentionMark], names: Sequence[NameMark]) -> list[Chain]:
    """The chains in the order of their first mentions; `names` stand in order of the text."""
    found: list[Chain] = []
    of: dict[int, Chain] = {}
    known, described = _Names(), dict[str, Chain]()
    for number, mention in enumerate(mentions):
        words = text[slice(*mention.span)]
        name = head(text, mention.span, names)
        linked = of.get(mention.antecedent) if mention.antecedent is not None else None
        sure = mention.confidence >= SURE
        if name is not None:
            said = text[slice(*name.span)]
            key = naming.key(said, person=name.label == "Person")
            chain = known.find(said, key, name.label) or (linked if sure and linked and not linked.names else None)
        elif linked is not None and (sure or naming.is_pronoun(words)):
            chain = linked
        else:
            chain = described.get(words.casefold()) or _body_before(words, mention, mentions, of)
        if chain is None:
            chain = Chain()
            found.append(chain)
        chain.mentions.append(number)
        of[number] = chain
        if name is not None:
            chain.names.append(name)
            if key not in chain.keys:
                chain.keys.append(key)
            known.add(chain, said, key, name.label)
            if short := _BRACKETS.match(text, name.span[1]):
                known.add_short(chain, short[1])
        elif words.casefold().startswith("the "):
            described[words.casefold()] = chain  # `the ministry` again is the last one called so
    return found


def _body_before(
    words: str, mention: MentionMark, mentions: Sequence[MentionMark], of: dict[int, Chain]
) -> Chain | None:
    """The body that `the group` means: the only one named shortly before; None where there are several."""
    if not _BODIES.fullmatch(words):
        return None
    near: list[Chain] = []
    for number in reversed(of):
        if mentions[number].span[0] < mention.span[0] - NEAR:
            break
        if any(name.label == "Organization" for name in of[number].names) and of[number] not in near:
            near.append(of[number])
    return near[0] if len(near) == 1 else None
