"""The table of political actors and of who held which office: data/actors/*.yaml and data/offices.yaml.

Invariant: an alias means the actor that has it under `also`, unless the text names the country of another who shares
it (`shared`). Likeness never decides: an alias is found whole, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from dragoman.codes import read_data

LONGEST = 12  # words of an alias at most
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W\d_]+)?")
_POSSESSIVE = re.compile(r"[’']s?\Z")
_ARTICLES = frozenset(["al", "el", "ul", "as", "ad", "an", "ar", "the"])


@dataclass(frozen=True, slots=True)
class Actor:
    """A political actor of the table: `type` and `sector` as in codes.yaml, `of` the ids of its parent bodies.

    `since` and `until` are ISO 8601 days, months or years between which it exists.
    """

    id: str
    name: str
    type: str
    country: str | None
    sector: str
    of: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in an office of a country or a body, between two ISO 8601 days, months or years."""

    name: str
    office: str
    country: str | None
    body: str | None
    since: str | None
    until: str | None

    def held(self, day: str | None) -> bool:
        """Whether the office was held on an ISO 8601 day; of no day, whether it still is."""
        if day is None:
            return self.until is None
        return (self.since or "") <= day and day[: len(self.until or "")] <= (self.until or "9999")


@dataclass(frozen=True, slots=True)
class Found:
    """An actor found in words, at characters `start` to `end` of them."""

    start: int
    end: int
    actor: Actor


def normal(word: str) -> str:
    """A word without accents and case; a short one in capitals keeps them: WHO is not who."""
    bare = _POSSESSIVE.sub("", word)
    if bare.isascii():
        return bare if bare.isupper() and len(bare) > 1 and len(bare) < 7 else bare.casefold()
    letters = unicodedata.normalize("NFKD", bare)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def key(words: str) -> tuple[str, ...]:
    """The words of a name that are compared: without accents, case, hyphens and Arabic articles."""
    parts = [normal(match[0]) for match in _WORD.finditer(words.replace(".", ""))]
    kept = [part for part in parts if part not in _ARTICLES]
    return tuple(kept or parts)


@dataclass(frozen=True, slots=True)
class _Bearers:
    """Who bears an alias: whom it means first, and who shares it."""

    first: list[Actor]
    shared: list[Actor]


@dataclass(frozen=True, slots=True)
class Table:
    """The actors by id, and what they are called; holders of offices by their names."""

    actors: dict[str, Actor]
    aliases: dict[tuple[str, ...], _Bearers]
    holders: dict[tuple[str, ...], tuple[Holder, ...]]

    def named(self, words: str, countries: Collection[str] = ()) -> Actor | None:
        """The actor that the words are a name of; of several, the one of the countries."""
        return _one(self.aliases.get(key(words)), countries)

    def holder(self, name: str, day: str | None = None) -> Holder | None:
        """Whose name it is, in the office held on the day, else in the latest one; None where two people bear it."""
        held = self.holders.get(key(name), ())
        fitting = [h for h in held if h.held(day)] or held
        if len({h.name for h in fitting}) != 1:
            return None
        return max(fitting, key=lambda h: (h.country is not None, h.since or ""))

    def inside(self, words: str, countries: Collection[str] = ()) -> Iterator[Found]:
        """The actors that are named inside words, from the left, the longest first."""
        parts = [match for match in _WORD.finditer(words) if normal(match[0]) not in _ARTICLES or match[0].isupper()]
        at = 0
        while at < len(parts):
            size, actor = self._longest(parts[at : at + LONGEST], countries)
            if actor is not None:
                yield Found(parts[at].start(), parts[at + size - 1].end(), actor)
            at += size

    def _longest(self, parts: list[re.Match[str]], countries: Collection[str]) -> tuple[int, Actor | None]:
        """How many of the words the longest name takes that begins with the first, and whose it is; 1 and None."""
        if parts[0][0][0].islower():
            return 1, None
        normals = tuple(normal(part[0]) for part in parts)
        for size in range(len(parts), 0, -1):
            if actor := _one(self.aliases.get(normals[:size]), countries):
                return size, actor
        return 1, None


def _one(bearers: _Bearers | None, countries: Collection[str]) -> Actor | None:
    """Of those that share an alias the one of the countries; else the one that has it first, or is of no country."""
    if bearers is None:
        return None
    for fitting in (
        [actor for actor in (*bearers.first, *bearers.shared) if actor.country in countries],
        bearers.first,
        [actor for actor in bearers.shared if actor.country is None],
    ):
        if len(fitting) == 1:
            return fitting[0]
    return None


@cache
def table() -> Table:
    """The table, read once."""
    actors: dict[str, Actor] = {}
    aliases: dict[tuple[str, ...], _Bearers] = {}
    for file in sorted(entry.name for entry in files("dragoman").joinpath("data/actors").iterdir()):
        for id, entry in read_data(f"actors/{file}").items():
            actors[id] = actor = _actor(id, entry)
            shared = {key(alias) for alias in entry.get("shared", ())}
            for alias in {key(alias) for alias in (entry["name"], *entry.get("also", ()))} | shared:
                bearers = aliases.setdefault(alias, _Bearers([], []))
                (bearers.shared if alias in shared else bearers.first).append(actor)
    return Table(actors, aliases, _holders())


def _actor(id: str, entry: dict[str, Any]) -> Actor:
    return Actor(
        id,
        entry["name"],
        entry["type"],
        entry["country"],
        entry["sector"],
        tuple(entry.get("of", ())),
        _when(entry.get("since")),
        _when(entry.get("until")),
    )


def _holders() -> dict[tuple[str, ...], tuple[Holder, ...]]:
    data = read_data("offices.yaml")
    bodies = data.pop("bodies")
    found: dict[tuple[str, ...], list[Holder]] = {}
    for country, body, offices in (
        *((country, None, offices) for country, offices in data.items()),
        *((None, body, offices) for body, offices in bodies.items()),
    ):
        for office, holders in offices.items():
            for h in holders:
                holder = Holder(h["name"], office, country, body, _when(h.get("since")), _when(h.get("until")))
                for name in (h["name"], *h.get("also", ())):
                    found.setdefault(key(name), []).append(holder)
    return {name: tuple(held) for name, held in found.items()}


def _when(value: Any) -> str | None:
    return None if value is None else str(value)
