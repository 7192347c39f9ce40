"""Which countries a report speaks of: their names and peoples, divisions and large cities in its text."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from dragoman.names.countries import countries
from dragoman.names.places.gazetteer import Candidate, candidates, gazetteer
from dragoman.names.places.keys import fold

_CAPITALS = re.compile(r"\b[A-Z][\w.’'-]*(?: (?:(?:of|and|the) )?[A-Z][\w.’'-]*)*")
_POSSESSIVE = re.compile(r"['’]s?\Z")
_SOLD_TO_ALL = frozenset("ai cc co fm gg io me ly tk to tv ws".split())
_LARGE = 100_000  # people: a city of that size bears its name itself, though the table gives it to its country


@cache
def by_code() -> Mapping[str, Candidate]:
    """Every country and territory by its ISO 3166-1 alpha-3 code."""
    return {place.country: place for place in gazetteer().countries() if place.country}


@cache
def _words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Words -> code of the country that they name; and of the one they only tell of: peoples and capitals."""
    names: dict[str, str] = {}
    tell: dict[str, str] = {}
    for country in countries():
        if country.code not in by_code():
            continue
        for word in (country.name, *country.also):
            (tell if word != country.name and _is_place_of_its_own(word, country.code) else names)[word] = country.code
        for word in country.people:
            (tell if _is_place_of_its_own(word, country.code) else names).setdefault(word, country.code)
        if country.capital:
            tell.setdefault(country.capital, country.code)
    return names, tell


def _is_place_of_its_own(word: str, code: str) -> bool:
    """Dubai, Scotland, the White House: the table gives them to the country, the gazetteer knows them."""
    return any(
        place.country == code and (place.kind in ("admin1", "region", "feature") or place.population > _LARGE)
        for place in candidates(word)
        if place.kind != "country"
    )


@cache
def _folded() -> Mapping[str, str]:
    return {fold(word): code for word, code in _words()[0].items() if len(word) > 3 and not word.isupper()}


def country_named(name: str) -> Candidate | None:
    """The country that a name, people or adjective means: Iraq, Iraqis, Iraqi, U.S."""
    names = _words()[0]
    bare = name.removeprefix("the ").removeprefix("The ")
    code = names.get(bare) or names.get(f"{bare}.") or _folded().get(fold(bare))
    if code is None and bare.endswith("s") and len(bare) > 4:
        code = names.get(bare[:-1])
    return by_code()[code] if code else None


def home_of(url: str | None) -> str | None:
    """The country that an outlet writes for, by the end of its address: www.enfield.co.uk is of GBR; None for .com."""
    try:
        ending = (urlsplit(url.strip()).hostname or "").rpartition(".")[2] if url else ""
    except ValueError:  # http://[
        return None
    if len(ending) != 2 or ending in _SOLD_TO_ALL:
        return None
    found = candidates(f".{ending}")
    return found[0].country if found else None


Meant = tuple[tuple[str, int], ...]
"""What a word may tell of: country and first-order division, 0 where it tells of none."""


@dataclass(frozen=True, slots=True)
class Told:
    """How much the words of a text tell of countries and first-order divisions: by word, and all together."""

    by_word: Mapping[str, tuple[float, Meant]]
    by_country: Mapping[str, float]
    by_division: Mapping[int, float]

    @classmethod
    def of(cls, times: Mapping[str, int], meant: Mapping[str, Meant]) -> Told:
        """From how often each folded word stands there; the tenth time tells less than the first."""
        by_word = {word: (math.sqrt(n) / len(meant[word]), meant[word]) for word, n in times.items()}
        countries: dict[str, float] = {}
        divisions: dict[int, float] = {}
        for weight, places in by_word.values():
            for country, division in places:
                countries[country] = countries.get(country, 0.0) + weight
                divisions[division] = divisions.get(division, 0.0) + weight
        return cls(by_word, countries, divisions)

    def countries(self, besides: str) -> dict[str, float]:
        """Weight of each country in other words than these."""
        left = dict(self.by_country)
        weight, places = self.by_word.get(besides, (0.0, ()))
        for country, _ in places:
            left[country] = max(0.0, left[country] - weight)
        return left

    def divisions(self, besides: str) -> dict[int, float]:
        """The same of divisions, by id."""
        left = dict(self.by_division)
        weight, places = self.by_word.get(besides, (0.0, ()))
        for _, division in places:
            left[division] = max(0.0, left[division] - weight)
        return left


def told_of(text: str) -> Told:
    """What the text tells of by the names of countries, divisions and large cities in it."""
    times: Counter[str] = Counter()
    of: dict[str, Meant] = {}
    for run in _CAPITALS.finditer(text):
        words = run[0].split(" ")
        at = 0
        while at < len(words):
            word, meant, length = _longest(words, at)
            at += length
            if meant:
                times[word] += 1
                of[word] = meant
    return Told.of(times, of)


def _longest(words: Sequence[str], at: int) -> tuple[str, Meant, int]:
    """The longest telling words from there on, what they tell of, and how many they are."""
    names, tell = _words()
    known = _known()
    for length in range(min(4, len(words) - at), 0, -1):
        said = _POSSESSIVE.sub("", " ".join(words[at : at + length]))
        for form in (said, said.rstrip(".")):
            code = names.get(form) or tell.get(form)
            if code:
                return fold(form), ((code, 0),), length
            if meant := known.get(f"={form}") or (known.get(fold(form)) if len(form) > 3 else None):
                return fold(form), meant, length
    return "", (), 1


@cache
def _known() -> Mapping[str, Meant]:
    return gazetteer().well_known()
