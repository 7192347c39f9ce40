"""Words as they are compared across reports: stems, names, and families of words for one act.

Invariant: what is compared is folded, so that case, accents and typographic signs count for nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache

from dragoman.codes import read_data
from dragoman.ledger.folding import fold
from dragoman.sentences import Sentences

Words = frozenset[str]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DASH = re.compile(r"[-–—:“\"] ?")  # `DORVANE, March 4 (Norda) - A blast`
_EMPTY = frozenset(
    "a an the and or but nor of in on at to for from by with without as into over under after before since until while "
    "is are was were be been being am has have had having do does did will would shall should may might can could must "
    "it its he his him she her they their them we our us i my me you your this that these those there here who whom "
    "which what when where why how not no than then so if about against between during through out up down off also "
    "said say says told tell one two three four five six seven eight nine ten more most least some any all both each "
    "other another such only own same very just s t mr mrs ms dr according new first last year month week day today "
    "yesterday monday tuesday wednesday thursday friday saturday sunday morning night evening late early people".split()
)
_NO_NAMES = frozenset("The A An We He She It They His Her Their Our I Its This That These Those In On At".split())

_ENDINGS = tuple(
    (ending, least)
    for endings, least in (("ations ation", 4), ("ings ing", 3), ("ments ment", 4), ("ied ies ed", 3), ("ions ion", 4),
                           ("es s", 3), ("ly", 4))
    for ending in endings.split()
)  # fmt: skip


@cache
def _irregular() -> dict[str, str]:
    return {form: stem for stem, forms in read_data("happenings.yaml")["irregular"].items() for form in forms}


@cache
def families() -> dict[str, frozenset[int]]:
    """The families that a stem is of, by their numbers."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, family in enumerate(read_data("happenings.yaml")["families"]):
        for word in family:
            found[stem(word)].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@lru_cache(maxsize=65536)
def kin(words: Words) -> frozenset[int]:
    """The families that any of some stems is of."""
    return frozenset(number for word in words for number in families().get(word, ()))


@cache
def stem(word: str) -> str:
    """A word without the endings of English inflection and the commonest of derivation; good enough to compare."""
    word = re.sub(r"['’]s?$", "", fold(word))
    if word in _irregular():
        word = _irregular()[word]
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if word in _irregular():
        word = _irregular()[word]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def content(text: str) -> list[str]:
    """The stems of the words that tell something, in order."""
    return [stem(word) for word in _WORD.findall(text) if fold(word) not in _EMPTY]


def stems(text: str) -> Words:
    """The stems of the words that tell something, each once."""
    return frozenset(content(text))


def names_in(text: str) -> Words:
    """The stems of capitalised words."""
    found = [m[0] for m in _WORD.finditer(text)]
    return frozenset(stem(w) for w in found if w[:1].isupper() and w not in _NO_NAMES and fold(w) not in _EMPTY)


def proper_names(text: str, sentences: Sentences) -> Words:
    """The stems of words that have a capital where no sentence begins: `Soldiers stormed` names nobody."""
    starts = [*sentences.starts, *(match.end() for match in _DASH.finditer(text))]
    begins = {match.start() for start in starts if (match := _WORD.search(text, start))}
    return frozenset(stem(m[0]) for m in _WORD.finditer(text) if m[0][0].isupper() and m.start() not in begins)
