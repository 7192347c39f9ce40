"""The table of political actors and of who held which office: data/actors/*.yaml and data/offices.yaml.

Invariant: an alias means the actor that has it under `also`, unless the text names the country of another who shares
it (`shared`). Likeness never decides: an alias is found whole, or not at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from dragoman.codes import read_data
from dragoman.names.actor_index import ARTICLES, WORD, Index, digest, index, key, normal
from dragoman.names.places.gazetteer import gazetteer

LONGEST = 12  # words of an alias at most


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
        return day[: len(self.since or "")] >= (self.since or "") and not self.left(day)

    def left(self, day: str | None) -> bool:
        """Whether the office had been left by an ISO 8601 day."""
        return day is not None and self.until is not None and day[: len(self.until)] > self.until


@dataclass(frozen=True, slots=True)
class Found:
    """An actor found in words, at characters `start` to `end` of them."""

    start: int
    end: int
    actor: Actor


@dataclass(frozen=True, slots=True)
class _Bearers:
    """Who bears an alias: whom it means first, and who shares it."""

    first: list[Actor]
    shared: list[Actor]


@dataclass(frozen=True, slots=True)
class Table:
    """The actors by id, and what they are called; holders of offices by their names."""

    actors: dict[str, Actor]
    aliases: dict[str, _Bearers]
    holders: dict[str, tuple[Holder, ...]]

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
        parts = [match for match in WORD.finditer(words) if normal(match[0]) not in ARTICLES or match[0].isupper()]
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
        normals = [normal(part[0]) for part in parts]
        for size in range(len(parts), 0, -1):
            if actor := _one(self.aliases.get(" ".join(normals[:size])), countries):
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
    """The table, read once: as installation has kept it, or from the YAML files where they have changed since."""
    kept = _index()
    actors = [
        Actor(id, name, type, country, sector, tuple(of), since, until)
        for id, name, type, country, sector, of, since, until in kept["actors"]
    ]
    aliases = {
        words: _Bearers([actors[n] for n in first], [actors[n] for n in shared])
        for words, (first, shared) in kept["aliases"].items()
    }
    holders = {name: tuple(Holder(*held) for held in told) for name, told in kept["holders"].items()}
    return Table({actor.id: actor for actor in actors}, aliases, holders)


def _index() -> Index:
    data = files("dragoman").joinpath("data")
    sources = {f"actors/{entry.name}": entry.read_bytes() for entry in data.joinpath("actors").iterdir()}
    sources["offices.yaml"] = data.joinpath("offices.yaml").read_bytes()
    if gazetteer().meta("actors_of") == digest(sources):
        kept: Index = json.loads(str(gazetteer().meta("actors")))
        return kept
    return index({name: read_data(name) for name in sources})
