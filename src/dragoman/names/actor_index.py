"""The tables of actors and offices by the names they go by, as plain values; and how names are compared.

Invariant: it is a function of the YAML files alone. Installation keeps its result (`hatch_build.py`, which loads this
file by its path), so that no command has to parse a megabyte of YAML; it is made anew where the files have changed.
Nothing of Dragoman is imported here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

WORD = re.compile(r"(?:[A-Z]\.){2,}|[^\W_]+(?:[’'][^\W\d_]+)?")
ARTICLES = frozenset(["al", "el", "ul", "as", "ad", "an", "ar", "the"])
_POSSESSIVE = re.compile(r"[’']s?\Z")

Index = dict[str, Any]
"""`actors`: [id, name, type, country, sector, of, since, until]; `aliases`: key -> [actors meant first, actors that
share it], by their numbers; `holders`: key -> [name, office, country, body, since, until]."""


def normal(word: str) -> str:
    """A word without accents and case; a short one in capitals keeps them: WHO is not who."""
    bare = _POSSESSIVE.sub("", word).replace(".", "")
    if bare.isascii():
        return bare if bare.isupper() and len(bare) > 1 and len(bare) < 7 else bare.casefold()
    letters = unicodedata.normalize("NFKD", bare)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def key(words: str) -> str:
    """The words of a name that are compared: without accents, case, hyphens and Arabic articles."""
    parts = [normal(match[0]) for match in WORD.finditer(words.replace(".", ""))]
    kept = [part for part in parts if part not in ARTICLES]
    return " ".join(kept or parts)


def digest(files: Mapping[str, bytes]) -> str:
    """The SHA-256 of the YAML files, by their names."""
    told = (f"{name} {hashlib.sha256(files[name]).hexdigest()}" for name in sorted(files))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def index(tables: Mapping[str, Any]) -> Index:
    """The index of parsed YAML files: `offices.yaml`, and the others are of actors."""
    actors: list[list[Any]] = []
    aliases: dict[str, list[list[int]]] = {}
    for name in sorted(tables):
        if name == "offices.yaml":
            continue
        for id, entry in tables[name].items():
            told = [entry["name"], entry["type"], entry["country"], entry["sector"], list(entry.get("of", ()))]
            number = len(actors)
            actors.append([id, *told, _when(entry.get("since")), _when(entry.get("until"))])
            shared = {key(alias) for alias in entry.get("shared", ())}
            for alias in {key(alias) for alias in (entry["name"], *entry.get("also", ()))} | shared:
                aliases.setdefault(alias, [[], []])[alias in shared].append(number)
    holders: dict[str, list[list[Any]]] = {}
    for names, holder in _holders(tables["offices.yaml"]):
        for name in names:
            holders.setdefault(key(name), []).append(holder)
    return {"actors": actors, "aliases": aliases, "holders": holders}


def _holders(data: Mapping[str, Any]) -> Iterator[tuple[list[str], list[Any]]]:
    """Each holder of an office, of a country or of a body, with all names."""
    countries = ((country, None, offices) for country, offices in data.items() if country != "bodies")
    bodies = ((None, body, offices) for body, offices in data["bodies"].items())
    for country, body, offices in (*countries, *bodies):
        for office, holders in offices.items():
            for h in holders:
                held = [h["name"], office, country, body, _when(h.get("since")), _when(h.get("until"))]
                yield [h["name"], *h.get("also", ())], held


def _when(value: Any) -> str | None:
    return None if value is None else str(value)
