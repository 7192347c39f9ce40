"""Which country words name or belong to: a first table of names, peoples and capitals (data/countries.yaml)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from dragoman.codes import country_table

# Names that hold a country's name and are none of its.
_NO_COUNTRY = (
    "Latin American", "Latin America", "South American", "South America", "Central American", "Central America",
    "North American", "North America", "New Mexico", "Indian Ocean", "South China Sea", "East China Sea",
    "Gulf of Guinea", "Gulf of Mexico", "Inner Mongolia", "New England", "Niger Delta", "Sea of Japan",
    "British Columbia", "Persian Gulf",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Country:
    """One country: its code (ISO 3166-1 alpha-3), its name, and the words that stand for it."""

    code: str
    name: str
    people: tuple[str, ...]
    capital: str | None
    also: tuple[str, ...]


@cache
def countries() -> tuple[Country, ...]:
    """The table, read once."""
    return tuple(
        Country(code, c["name"], tuple(c.get("people", ())), c.get("capital"), tuple(c.get("also", ())))
        for code, c in country_table().items()
    )


@cache
def _table() -> dict[str, str]:
    return {
        word: country.code
        for country in countries()
        for word in (country.name, *country.also, *country.people, *filter(None, [country.capital]))
    }


@cache
def pattern() -> re.Pattern[str]:
    """Finds the words of the table in a text; some words it finds are none of a country (`Latin American`)."""
    words = sorted((*_table(), *_NO_COUNTRY), key=len, reverse=True)  # South Sudanese before Sudanese
    # all begin with a capital: looking for one first is five times as fast
    return re.compile(r"(?<![\w-])(?=[^\Wa-z_])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])")


@cache
def _country_names() -> frozenset[str]:
    return frozenset(word for country in countries() for word in (country.name, *country.also))


@cache
def states() -> frozenset[str]:
    """The words that stand for a state: its names and its capital."""
    return _country_names() | {country.capital for country in countries() if country.capital}


def codes_in(words: str) -> tuple[str, ...]:
    """The countries that the words name, by name, people or capital: each once, in order."""
    found = (_table().get(match[0]) for match in pattern().finditer(words))
    return tuple(dict.fromkeys(code for code in found if code))


def country_of(words: str) -> str | None:
    """The one country that the words name; None where they name none, or several."""
    found = codes_in(words)
    return found[0] if len(found) == 1 else None


def is_country(name: str) -> bool:
    """Whether a name is that of a country, and not of its people or capital."""
    return name.removeprefix("the ").removeprefix("The ") in _country_names()
