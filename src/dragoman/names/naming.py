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
_DETERMINER = re.compile(r"\A(?:the(?! Hague\b)|a|his|her|its|their|our|my|this|that|these|those)\s+|\Aan\s+", re.I)
_NAMED_AN = re.compile(r"\A(?:An|A)\s+[A-Z]")  # An Nguyen, A Bola: names, not articles
POSSESSIVE = re.compile(r"[’']s?\Z")
_EDGES = " \t\n,;:–—-\"“”‘’'"
_STOP = re.compile(r"(?:^|[\s.])(?:[A-Za-z]|Jr|Sr|Inc|Ltd|Co|Corp)\.\Z")  # U.S., King Jr.

PRONOUNS = frozenset(
    "i me my mine we us our ours you your he him his she her hers it its they them their theirs who which that "
    "himself herself itself themselves".split()
)
_BODIES = frozenset(["US", "WHO", "IT"])  # in capitals these are names


def clean(words: str) -> str:
    """A name without determiners, possessive endings and what stands around it: the Council’s -> Council."""
    bare = POSSESSIVE.sub("", " ".join(words.split()).strip(_EDGES))
    if bare.count("(") != bare.count(")"):
        bare = bare.strip("()")
    if not _STOP.search(bare):
        bare = bare.rstrip(".")
    return bare if _NAMED_AN.match(bare) else _DETERMINER.sub("", bare, count=1)


def key(words: str, *, person: bool) -> tuple[str, ...]:
    """The words of a name that tell it from others, in small letters and without full stops.

    Of a person's name without the titles before it; its last word is the name, whatever it means elsewhere.
    """
    parts = [part.strip(_EDGES + "()").casefold() for part in clean(words).replace(".", "").split()]
    parts = [part for part in parts if part]
    while person and len(parts) > 1 and parts[0] in TITLES:
        del parts[0]
    return tuple(parts)


def same(one: tuple[str, ...], other: tuple[str, ...], *, person: bool) -> bool:
    """Whether two keys may be one name: equal, or for persons the first or last part of a longer name."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return person and 0 < len(short) < len(long) and short in (long[-len(short) :], long[: len(short)])


def acronyms(name: str) -> list[str]:
    """The capitals that may stand for a name: WHO for World Health Organization; of WHO itself, WHO.

    Small words may drop out; the one without them stands first.
    """
    bare = clean(name)
    letters = bare.replace(".", "")
    if letters.isupper() and letters.isalnum() and len(letters) > 1:
        return [letters]
    words = [word for word in re.split(r"[\s-]+", bare) if word[:1].isalnum()]
    made = {"".join(word[0].upper() for word in words), "".join(word[0] for word in words if word[0].isupper())}
    return sorted((letters for letters in made if len(letters) > 1), key=lambda letters: (len(letters), letters))


def is_pronoun(words: str) -> bool:
    """Whether the words are a personal or relative pronoun."""
    bare = words.strip(_EDGES)
    return bare.casefold() in PRONOUNS and bare not in _BODIES
