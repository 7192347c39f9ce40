"""Mentions -> chains: which words of a report mean the same somebody.

Invariant: a chain never holds two different proper names. A name joins by the rules of `actors.same`; what has
no name of its own (`she`, `the minister`) follows the model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dragoman.names import actors
from dragoman.records import MentionMark, NameMark, Span

SURE = 0.5  # the model's link from a description to an earlier mention is followed from this confidence on

# What may stand after the name that a mention is about: its end, an apposition, a relative or a place.
_AFTER_HEAD = re.compile(r"\s*(?:[,(–—-]|\Z|(?:of|in|from|at|who|which|and others)\b)")
# What makes a name before it belong to something else: supporters of X, the X-backed group, X's lawyer.
_LINKING = re.compile(
    r"(?:\b(?:of|for|to|from|in|by|with|against|at|on|near|between|under|than)|[’']s?|/)\s*(?:the\s+)?\Z",
    re.I,
)


@dataclass(slots=True)
class Chain:
    """The mentions of one entity, by their numbers, and the names among them."""

    mentions: list[int] = field(default_factory=list)
    names: list[NameMark] = field(default_factory=list)
    keys: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def is_person(self) -> bool:
        return any(name.label == "Person" for name in self.names)


def head(text: str, span: Span, names: Sequence[NameMark]) -> NameMark | None:
    """The name that a mention is about: `Chaves` in `Costa Rican President Chaves`, none in `Chaves's lawyer`."""
    inside = [n for n in names if span[0] <= n.span[0] and n.span[1] <= span[1] and n.label not in ("Date", "Money")]
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
    """The chains in the order of their first mentions."""
    found: list[Chain] = []
    of: dict[int, Chain] = {}
    ordered_names = sorted(names, key=lambda name: name.span)
    for number, mention in enumerate(mentions):
        words = text[slice(*mention.span)]
        name = head(text, mention.span, ordered_names)
        antecedent = of.get(mention.antecedent) if mention.antecedent is not None else None
        if name is not None:
            chain = _named(text, name, found, antecedent if mention.confidence >= SURE else None)
        elif antecedent is not None and (actors.is_pronoun(words) or mention.confidence >= SURE):
            chain = antecedent
        else:
            chain = None if actors.is_pronoun(words) else _said_alike(text, words, mentions, found)
        if chain is None:
            chain = Chain()
            found.append(chain)
        chain.mentions.append(number)
        if name is not None:
            chain.names.append(name)
            chain.keys.append(actors.key(text[slice(*name.span)]))
        of[number] = chain
    return found


def _named(text: str, name: NameMark, found: Sequence[Chain], linked: Chain | None) -> Chain | None:
    """The chain that a name belongs to: one with the same name, else the linked one if that has no name yet."""
    words = text[slice(*name.span)]
    key, person = actors.key(words), name.label == "Person"
    fitting = [
        chain
        for chain in found
        if chain.names and chain.is_person is person and any(actors.same(key, k, person=person) for k in chain.keys)
    ]
    if not fitting and not person:
        fitting = [chain for chain in found if any(_acronym(words, text[slice(*n.span)]) for n in chain.names)]
    if fitting:
        return next((chain for chain in fitting if key in chain.keys), fitting[-1])
    return linked if linked is not None and not linked.names else None


def _acronym(one: str, other: str) -> bool:
    return actors.is_acronym(one, other) or actors.is_acronym(other, one)


def _said_alike(text: str, words: str, mentions: Sequence[MentionMark], found: Sequence[Chain]) -> Chain | None:
    """The last chain that was described in the same definite words: `the ministry` again."""
    if not words.casefold().startswith("the "):
        return None
    alike = (
        chain
        for chain in reversed(found)
        if any(text[slice(*mentions[n].span)].casefold() == words.casefold() for n in chain.mentions)
    )
    return next(alike, None)
