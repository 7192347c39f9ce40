"""Where the tests keep ledgers: files of SQLite, or databases of PostgreSQL. What holds on one holds on the other."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Protocol

from dragoman.ledger.schema import metadata
from dragoman.ledger.store import Ledger
from dragoman.ledger.words import SEARCHED
from tests.postgresql import Server

Place = Path | str


class Places(Protocol):
    """A kind of place."""

    def new(self) -> Place:
        """A place where there is nothing."""

    def new_ledger(self) -> Place:
        """A ledger without any report."""

    def drop(self, place: Place) -> None:
        """Clears a place away."""


class Files:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.numbers = folder, count(1)

    def new(self) -> Path:
        """A file that is not there yet."""
        return self.folder / f"{next(self.numbers)}.sqlite"

    def new_ledger(self) -> Path:
        """A copy of one that is made once."""
        empty = self.folder / "empty.sqlite"
        if not empty.exists():
            Ledger.open(empty).close()
        return Path(shutil.copy(empty, self.new()))

    def drop(self, place: Place) -> None:
        """Removes the file."""
        Path(place).unlink(missing_ok=True)


class Databases:
    """Databases of a server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.ledgers: list[str] = []
        self.used: list[str] = []

    def new(self) -> str:
        """An empty database."""
        return self.server.url(self.server.new_database())

    def new_ledger(self) -> str:
        """One that was used before and is emptied, if there is any: a new database takes a third of a second."""
        if not self.used:
            place = self.new()
            Ledger.open(place).close()
            self.ledgers.append(place)
            return place
        place = self.used.pop()
        tables = [SEARCHED, *(table.name for table in reversed(metadata.sorted_tables))]
        counted = [name for name, table in metadata.tables.items() if "number" in table.columns]
        self.server.tell(
            _name(place),
            *(f"DELETE FROM {table}" for table in tables),  # TRUNCATE makes every file anew
            *(f"ALTER SEQUENCE {table}_number_seq RESTART" for table in counted),
        )
        return place

    def drop(self, place: Place) -> None:
        """Drops the database, or keeps it for another use."""
        if place in self.ledgers:
            self.used.append(str(place))
        else:
            self.server.drop_database(_name(place))


@contextmanager
def borrowed(places: Places, *, ledger: bool = False) -> Iterator[Place]:
    """A place for a while: with nothing, or with a ledger without any report."""
    place = places.new_ledger() if ledger else places.new()
    try:
        yield place
    finally:
        places.drop(place)


def _name(place: Place) -> str:
    return str(place).rpartition("@/")[2].partition("?")[0]
