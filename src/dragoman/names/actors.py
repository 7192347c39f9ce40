"""What people and bodies are called: the name without what stands around it, and when two names may be one.

Invariant: likeness of names alone never joins two entities; `same` asks for whole words in agreement.
"""

from __future__ import annotations

import re

# What stands before a person's name and is no part of it.
TITLES = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president vice-president premier prime minister "
    "chancellor king queen prince princess emir sheikh sultan pope cardinal archbishop bishop imam ayatollah "
    "rev reverend father general gen colonel col major maj captain capt lieutenant lt brigadier brig marshal "
    "admiral adm commander sergeant sgt senator sen governor gov mayor judge justice ambassador envoy "
    "secretary spokesman spokeswoman spokesperson minister deputy foreign defence defense interior finance "
    "chief director chairman chairwoman leader head lawyer attorney representative rep mp".split()
)
_DETERMINER = re.compile(r"\A(?:the|a|an|his|her|its|their|our|my|this|that|these|those)\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s?\Z")
_EDGES = " \t\n,;:.-–—\"“”‘’'()[]"

PRONOUNS = frozenset(
    "i me my mine we us our ours you your he him his she her hers it its they them their theirs who which that "
    "himself herself itself themselves".split()
)
FIRST_PERSON = frozenset("i me my we us our".split())


def clean(words: str) -> str:
    """A name without determiners, possessive endings and what stands around it: the Council’s -> Council."""
    bare = " ".join(words.split()).strip(_EDGES)
    return _POSSESSIVE.sub("", _DETERMINER.sub("", bare, count=1))


def key(words: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, in small letters and without titles and full stops."""
    parts = [part.strip(_EDGES).casefold() for part in clean(words).replace(".", "").split()]
    named = [part for part in parts if part and part not in TITLES]
    return tuple(named or parts)


def same(one: tuple[str, ...], other: tuple[str, ...], *, person: bool) -> bool:
    """Whether two keys may be one name: equal, or for persons a part of a longer name (`chaves`, `rodrigo chaves`)."""
    if one == other:
        return True
    if not person or not one or not other:
        return False
    short, long = sorted((one, other), key=len)
    return len(short) < len(long) and (short == long[-len(short) :] or short == long[: len(short)] != long[:0])


def is_acronym(short: str, name: str) -> bool:
    """Whether capitals stand for the words of a name: WHO, World Health Organization; small words may drop out."""
    letters = [letter for letter in short.replace(".", "") if letter.isalnum()]
    if len(letters) < 2 or not "".join(letters).isupper():
        return False
    words = re.split(r"[\s-]+", clean(name))
    initials = [word[0].upper() for word in words if word[:1].isalnum()]
    great = [word[0] for word in words if word[:1].isupper()]
    return len(words) > 1 and letters in (initials, great)


def is_pronoun(words: str) -> bool:
    """Whether the words are a personal or relative pronoun."""
    return words.strip(_EDGES).casefold() in PRONOUNS
