"""Who acts: `clean` a name, `resolve` words to whom they mean, `compare` two meanings.

Invariant: what is not told by the words or our tables stays None; likeness of names decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from dragoman.names import agents
from dragoman.names.actor_table import Holder, table
from dragoman.names.naming import clean

__all__ = ["Meaning", "clean", "compare", "resolve"]

_SHORT = re.compile(r"(?P<name>[^,()]+?)\s*\((?:the )?(?P<short>[A-Z][\w-]{1,11})\)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Whom words mean, as far as they or our tables tell: `canonical` is the name there, `reference` its id."""

    country: str | None = None
    sector: str | None = None
    type: str | None = None
    reference: str | None = None
    canonical: str | None = None
    role: str | None = None
    of: str | None = None


def resolve(words: str, day: str | None = None, countries: Collection[str] = ()) -> Meaning:
    """Whom the words mean: a body of our table, who held an office on an ISO 8601 day, or what the words are made of.

    `countries` are those that the report names: they decide between bodies of one name.
    """
    bare = clean(words)
    short = _SHORT.fullmatch(bare)  # the National Liberation Army (ELN)
    called = (bare, *(short.groups() if short else ()))
    if actor := next(filter(None, (table().named(name, countries) for name in called)), None):
        return Meaning(actor.country, actor.sector, actor.type, actor.id, actor.name)
    made = agents.made_of(bare, countries)
    holder = _holder_in(bare, day)
    if holder is None:
        return Meaning(made.country, made.sector)
    of = agents.made_of(holder.body or "", countries)
    return Meaning(
        country=made.country or holder.country or of.country,
        sector=made.sector or of.sector or agents.made_of(holder.office).sector or ("GOV" if holder.country else None),
        type="person",
        canonical=holder.name,
        role=holder.office if holder.held(day) else f"former {holder.office}" if holder.left(day) else None,
        of=holder.body or holder.country,
    )


def _holder_in(words: str, day: str | None) -> Holder | None:
    """The holder of an office whose name ends the words or their first piece: President X; X, who; X's."""
    said = re.split(r",|[’']s\b| who ", words, maxsplit=1)[0].split()
    for first, word in enumerate(said[:12]):
        if word[:1].isupper() and len(said) - first > 1 and (holder := table().holder(" ".join(said[first:]), day)):
            return holder
    return None


def compare(one: Meaning, other: Meaning) -> str:
    """Whether two meanings are the `same`, `apart`, or `unsure`: names and aliases agree or not, never a likeness."""
    if one.canonical and other.canonical:
        return "same" if (one.reference, one.canonical) == (other.reference, other.canonical) else "apart"
    told = ((one.country, other.country), (one.sector, other.sector), (one.type, other.type))
    return "apart" if any(a and b and a != b for a, b in told) else "unsure"
