"""What places bear a name: the compiled gazetteer (hatch_build.py), opened to read only.

Invariant: nothing is ever written, so every thread may ask; each has a connection of its own. The file takes no memory
but the pages that SQLite keeps (`_CACHE`).
"""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

from dragoman.errors import GazetteerError
from dragoman.names.places.keys import fold, without_article

MAIN, ALSO, MADE = 0, 1, 2
"""How a place bears the name: as its own, as another one of its own, or when words of it are left out."""

_CACHE = 4096  # KiB of pages that each thread keeps
_MOST = 300  # places of one name, largest first; San Antonio has over a thousand
_COLUMNS = "p.id, p.name, p.kind, p.seat, p.country, p.admin1, p.admin2, {}, p.latitude, p.longitude, p.population, {}"
_COUNTRIES = f"SELECT {_COLUMNS.format('NULL, NULL', MAIN)} FROM places p WHERE p.kind = 'country'"
_BY_ID = f"SELECT {_COLUMNS.format('NULL, NULL', MAIN)} FROM places p WHERE p.id = ?"
_LOOKUP = f"""
SELECT {_COLUMNS.format("a.name, b.name", "n.quality")}
FROM names n JOIN places p ON p.id = n.place LEFT JOIN places a ON a.id = p.admin1 LEFT JOIN places b ON b.id = p.admin2
WHERE n.key = ? ORDER BY p.population DESC, p.id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that bears a name. `id` is GeoNames's, below zero for our own regions.

    `seat`: 1 capital of the country, 2 of a first-order, 3 of a second-order division, 8 a feature too wide for a point
    (a sea), 9 a part of a city, 0 none of them. `country` is ISO 3166-1 alpha-3; `admin1` and `admin2` are ids, with
    names beside. `quality`: MAIN, ALSO, MADE.
    """

    id: int
    name: str
    kind: str
    seat: int
    country: str | None
    admin1: int | None
    admin2: int | None
    admin1_name: str | None
    admin2_name: str | None
    latitude: float
    longitude: float
    population: int
    quality: int


class Gazetteer:
    """One gazetteer file; raises GazetteerError where it is missing or is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()
        self._connection()

    def candidates(self, name: str) -> tuple[Candidate, ...]:
        """The places that bear the name, the most populous first, however it is written."""
        if short := self._of_key(f"={name}"):  # Ala., WA: nothing else is written so
            return short
        key = fold(name)
        found = self._of_key(key)
        bare = without_article(key)
        if bare:  # el-Fasher, Al-Fashir: under the bare key as MADE, and only where Arabic is written
            known = {place.id for place in found}
            found += tuple(p for p in self._of_key(bare) if p.quality == MADE and p.id not in known)
        return found

    def countries(self) -> tuple[Candidate, ...]:
        """Every country and territory."""
        return tuple(Candidate(*row) for row in self._connection().execute(_COUNTRIES))

    def place(self, id: int) -> Candidate | None:
        """The place of an id."""
        row = self._connection().execute(_BY_ID, (id,)).fetchone()
        return Candidate(*row) if row else None

    def well_known(self) -> dict[str, tuple[tuple[str, int], ...]]:
        """Keys of large cities and first-order divisions -> country and division (its own id or the one around it)."""
        found: dict[str, tuple[tuple[str, int], ...]] = {}
        for key, country, division in self._connection().execute("SELECT key, country, division FROM known"):
            found[key] = (*found.get(key, ()), (country, division))
        return found

    def size(self) -> int:
        """How many places it holds."""
        return int(self._connection().execute("SELECT count(*) FROM places").fetchone()[0])

    def meta(self, name: str) -> str | None:
        """What the file says of itself: `inputs` and `regions` are SHA-256 sums of what it was made of."""
        row = self._connection().execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def _of_key(self, key: str) -> tuple[Candidate, ...]:
        return tuple(Candidate(*row) for row in self._connection().execute(_LOOKUP, (key, _MOST)))

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = self._own.connection = self._open()
        return connection

    def _open(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            connection.execute("SELECT value FROM meta LIMIT 1")
        except sqlite3.Error as error:
            raise GazetteerError(
                f"The gazetteer {self._path} is missing or damaged ({error})",
                "install Dragoman again, which compiles it: `pip install --force-reinstall --no-deps dragoman`, "
                "or in a checkout `pip install -e .`",
            ) from error
        return connection


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer that Dragoman was installed with."""
    return Gazetteer(Path(str(files("dragoman").joinpath("data/gazetteer.sqlite"))))


@lru_cache(maxsize=4096)
def candidates(name: str) -> tuple[Candidate, ...]:
    """The places that bear the name, the most populous first, however it is written."""
    return gazetteer().candidates(name)
