"""Who words mean by what they are made of: `Swedish foreign ministry spokeswoman` is of Sweden, of its government.

Invariant: a country or sector comes from words of the phrase. Whoever backs, leads or opposes somebody
(`Iranian-backed`, `anti-government`) lends them neither.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from dragoman.codes import read_data
from dragoman.names import countries, places
from dragoman.names.actor_table import Actor, table
from dragoman.names.naming import POSSESSIVE
from dragoman.records import Span, touch

LONGEST = 200  # characters of a description that are looked at
LONGEST_NOUN = 5  # words

# What ties somebody to another without making them one: Iranian-backed, anti-Taliban, backed by Iran.
_TIED = re.compile(
    r"\b[\w.’']+(?:-[A-Z]\w+)?-(?:backed|led|aligned|allied|supported|funded|trained|controlled|held|run|owned|"
    r"occupied|based|born|linked|affiliated|sponsored|dominated|speaking|inspired|brokered|majority|appointed|made|"
    r"besieged|armed|ruled|administered|educated|bound|mediated|friendly)\b"
    r"|\b(?:anti|pro|ex|non|trans)-[\w.’']+"
    r"|\b(?:backed|led|supported|funded|armed|besieged|held|hired) by (?:the )?[A-Z]\w+"
    r"|\b(?:loyal|allied|close|opposed|linked|tied|sympathetic|hostile) (?:to|with) (?:the )?(?:[A-Z][\w’'-]+ ?)+",
    re.IGNORECASE,
)
_KEPT_TIES = re.compile(r"\b(?:ex|non)-", re.IGNORECASE)
_CUT = re.compile(
    r"\s*(?:[(;]|\s[–—-]\s|\b(?:including|such as|among|who|which|that|whose|where|when|after|before|during|since|"
    r"accused|armed with|wearing|killed|wounded|detained|jailed in|said|living|carrying|fighting|protesting|fleeing|"
    r"seeking|trying|stationed|taking part|working|operating|based|deployed|held|trapped|stranded|displaced by|"
    r"injured|waiting|travelling)\b)"
)
_APPOSED = re.compile(r"\s*,\s*")
_JOINT = re.compile(
    r"\s+(?:of|for|from|in|at|to|with|near|on|inside|outside|across|around|under|within|against|between|by|"
    r"on behalf of)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:[’'.][^\W\d_]+)*")
_NAME = re.compile(r"[A-Z][\w’'-]*(?: (?:of (?:the )?)?[A-Z][\w’'-]*)*")
_ADJECTIVE = re.compile(
    r"\b(?:the|a|an|some|many|all|other|most|young|northern|southern|eastern|western|central|s)\b", re.I
)
# Whose origin is told, but not as a country: those in Tunisia are not Tunisian.
_FOREIGN = re.compile(r"\b(?:African|Arab|Asian|European|Western|international|Latin American|sub-Saharan)\b")
_WHERE = re.compile(r"(?:in|at|near|inside|across|around|outside|on|under)\b")
_ELSEWHERE = re.compile(r"(?:to|with|against|between|by)\b")


@dataclass(frozen=True, slots=True)
class Made:
    """What the words of a phrase make of somebody: each None where no word tells it."""

    country: str | None = None
    sector: str | None = None
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun that tells a sector; `generic` ones take that of the body they belong to."""

    sector: str | None
    generic: bool


@cache
def _nouns() -> dict[tuple[str, ...], _Noun]:
    data = read_data("agents.yaml")
    generic = data.pop("generic")
    told = {
        _parts(noun): _Noun(None if sector == "none" else sector, True)
        for sector, nouns in generic.items()
        for noun in nouns
    }
    return told | {_parts(noun): _Noun(sector, False) for sector, nouns in data.items() for noun in nouns}


@cache
def _first_words() -> frozenset[str]:
    return frozenset(noun[0] for noun in _nouns())


def _parts(noun: str) -> tuple[str, ...]:
    return tuple(noun.casefold().replace("-", " ").split())


def singular(word: str) -> str:
    """The singular of a noun in small letters, as far as its end tells: militias -> militia, policemen -> policeman."""
    for end, instead in (("men", "man"), ("ies", "y"), ("sses", "ss"), ("children", "child")):
        if word.endswith(end) and len(word) >= len(end):
            return word[: -len(end)] + instead
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def made_of(phrase: str, around: Collection[str] = ()) -> Made:
    """What a phrase tells of whom it means; `around` are countries that decide between actors of one name.

    An apposition (`Yahya Saree, a Houthi spokesman`) is read piece by piece: the first that tells a sector decides.
    """
    said = _CUT.split(_tied_off(phrase[:LONGEST]), maxsplit=1)[0]
    around = (*around, *countries.codes_in(said))
    found = Made()
    for piece in _APPOSED.split(said):
        made = _of_piece(piece, around)
        found = Made(found.country or made.country, found.sector or made.sector, found.actor or made.actor)
        if found.sector and found.country:
            break
    return found


def _tied_off(phrase: str) -> str:
    """The phrase without whom its head is tied to."""
    return _TIED.sub(lambda tie: tie[0].split("-", 1)[1] if _KEPT_TIES.match(tie[0]) else " ", phrase)


def _of_piece(piece: str, around: Collection[str]) -> Made:
    """The head of the piece tells first, what hangs on it by `of` or `for` next, where it is last."""
    joint = _joint(piece, around)
    if joint is None:
        return _of_core(piece, around)[0]
    core, rest, link = piece[: joint.start()], piece[joint.end() :], joint[0].strip()
    made, open_sector = _of_core(core, around)
    if _ELSEWHERE.match(link):
        return made
    below = _of_piece(rest, around)
    sector = (below.sector or made.sector) if open_sector else made.sector
    if _WHERE.match(link):
        foreign = made.actor is not None or _FOREIGN.search(core) is not None
        return Made(made.country or (None if foreign else below.country or _country_at(rest)), sector, made.actor)
    country = made.country or below.country or _country_at(rest)
    return Made(country, sector, made.actor or (below.actor if open_sector else None))


def _joint(piece: str, around: Collection[str]) -> re.Match[str] | None:
    """The first `of`, `in`... that ties two names: none that stands inside one (House of Commons)."""
    joints = list(_JOINT.finditer(piece))
    if not joints:
        return None
    whole = [match.span() for match in countries.pattern().finditer(piece)]
    whole += [(found.start, found.end) for found in table().inside(piece, around)]
    whole += [span for span, _ in _nouns_in(piece)]
    return next((j for j in joints if not any(start <= j.start() < end for start, end in whole)), None)


def _country_at(words: str) -> str | None:
    """The country of the place that words name: Kharkiv, the northern city of Kunduz."""
    name = _NAME.search(words)
    return places.country_of(name[0]) if name else None


def _of_core(core: str, around: Collection[str]) -> tuple[Made, bool]:
    """What the words before `of` tell, and whether what follows may still tell the sector."""
    named = countries.codes_in(core)
    actor = next((f for f in table().inside(core, named or around)), None)
    taken = (actor.start, actor.end) if actor else (0, 0)
    found = [(span, noun) for span, noun in _nouns_in(core) if not touch(span, taken)]
    country = named[0] if len(named) == 1 else None
    if found and not named and not actor:  # Okinawa governor, a Khartoum hospital
        country = _country_at(core[: found[0][0][0]])
    nouns = [noun for _, noun in found]
    strong = [noun.sector for noun in nouns if not noun.generic]
    sector = next((sector for sector in reversed(strong) if sector != "CVL"), strong[-1] if strong else None)
    if actor and not (actor.actor.sector == "CVL" and strong):
        return Made(country or actor.actor.country, actor.actor.sector, actor.actor), False
    if sector:
        return Made(country or (actor.actor.country if actor else None), sector), False
    if nouns:
        return Made(country, nouns[-1].sector), True
    if named and not _WORD.search(_ADJECTIVE.sub(" ", countries.pattern().sub(" ", core))):
        return Made(country, "GOV" if _is_state(core) else "CVL"), False
    return Made(country), True


def _nouns_in(words: str) -> Iterator[tuple[Span, _Noun]]:
    """The nouns of a sector in the words, from the left, the longest first."""
    found = list(_WORD.finditer(words))
    at = 0
    while at < len(found):
        size, noun = _longest([POSSESSIVE.sub("", word[0].casefold()) for word in found[at : at + LONGEST_NOUN]])
        if noun:
            yield (found[at].start(), found[at + size - 1].end()), noun
        at += size


def _longest(words: list[str]) -> tuple[int, _Noun | None]:
    """The longest noun that begins the words, in the singular or plural, and how many it takes; 1 and None."""
    if words[0] not in _first_words() and singular(words[0]) not in _first_words():
        return 1, None
    for size in range(len(words), 0, -1):
        first, last = words[0], words[size - 1]
        for said in (
            (*words[:size],),
            (*words[: size - 1], singular(last)),
            (singular(first), *words[1:size]),
        ):
            if noun := _nouns().get(said):
                return size, noun
    return 1, None


def _is_state(core: str) -> bool:
    """Whether the words name a country or its capital, and not its people."""
    return any(word in countries.states() for word in countries.pattern().findall(core))
