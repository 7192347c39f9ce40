"""Where a ledger is kept: a file of SQLite, or a database of PostgreSQL, named by its address.

Invariant: whatever differs between them is behind `Database` (and in `columns`, `words`, `walking`); all else of
the ledger is the same on both, and so are its results. One writer at a time; a reader sees the ledger
as it was at one moment. No message has a password in it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, TableClause
from sqlalchemy.exc import DBAPIError

from dragoman.errors import LedgerError, NotALedger, UsageError

FROM_BACKUP = "take it from a backup, or add the reports anew"
"""The cure for a damaged ledger. Never for one that is only busy: what is in it would be lost."""

BUSY_SECONDS = 30.0
"""How long to wait for another writer, where nothing else is told."""

WRITING = "dragoman_writing"
"""The option of a connection whose transactions write."""


class Database(ABC):
    """A place for a ledger, whether one is there or not."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What messages call it."""

    @abstractmethod
    def check_place(self, *, create: bool) -> None:
        """Raises a LedgerError when there can be no ledger there; makes what it needs around it when `create`."""

    @abstractmethod
    def is_there(self) -> bool:
        """Whether there is anything to open; without opening it."""

    @abstractmethod
    def engine(self, *, busy_seconds: float, read_only: bool = False) -> Engine:
        """An engine on it; opens nothing yet. `busy_seconds`: how long to wait for another writer.

        `read_only` refuses to write.
        """

    @abstractmethod
    def for_writing(self, connection: Connection) -> Connection:
        """The connection, so that its next transaction holds the one writer's place from its start."""

    @abstractmethod
    def settle(self, engine: Engine) -> None:
        """Sets what is kept with the ledger itself and another program may have set otherwise."""

    @abstractmethod
    def is_empty(self, connection: Connection) -> bool:
        """Whether nothing was ever made there."""

    @abstractmethod
    def is_ledger(self, connection: Connection) -> bool:
        """Whether it bears a ledger's mark."""

    @abstractmethod
    def mark_as_ledger(self, connection: Connection) -> None:
        """Sets a ledger's mark on one whose tables are made; it holds once the transaction does."""

    @abstractmethod
    def not_a_ledger(self) -> NotALedger:
        """The error for what is something else."""

    @abstractmethod
    def errors(self) -> AbstractContextManager[None]:
        """Turns the database's errors about the place into ours; any other is a fault of the program and passes."""

    @abstractmethod
    def index_names(self, connection: Connection) -> set[str]:
        """The names of all indexes, those on expressions too, which SQLAlchemy leaves out on SQLite."""

    @abstractmethod
    def damage(self, connection: Connection) -> list[str]:
        """What is wrong with the rows of a ledger whose tables are all there, in words."""

    @abstractmethod
    def number_on(self, connection: Connection) -> None:
        """Makes rows be numbered after those that were put in with numbers."""

    @abstractmethod
    def is_writable(self, connection: Connection) -> bool:
        """Whether this user may add to it."""

    @property
    @abstractmethod
    def to_write(self) -> str:
        """What to do so that this user may."""

    @abstractmethod
    def served_by(self, connection: Connection) -> str:
        """The server and its version, in brackets after a space; nothing for a file."""

    @abstractmethod
    def numbers(self, connection: Connection, table: Table, count: int) -> list[int]:
        """So many numbers for new rows of a numbered table, for the one who writes."""

    @abstractmethod
    def put(self, connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
        """Adds many rows, all with the same columns, in the fastest way there is."""

    @contextmanager
    def look(self, *, busy_seconds: float) -> Iterator[Connection]:
        """A connection for looking at what is there as it is; a LedgerError for all that hinders it."""
        engine = self.engine(busy_seconds=busy_seconds, read_only=True)
        try:
            with self.errors(), engine.connect() as connection:
                yield connection
        except DBAPIError as error:
            raise LedgerError(f"{self.name} cannot be read ({error.orig})", FROM_BACKUP) from error
        finally:
            engine.dispose()


def database(place: str | Path) -> Database:
    """The database that a place names: a file, or `postgresql://user@host/database`. UsageError for another scheme."""
    scheme, mark, _ = str(place).partition("://")
    if not mark:
        from dragoman.ledger.sqlite import SQLite

        return SQLite(Path(place))
    if scheme not in ("postgresql", "postgres"):
        raise UsageError(f"{scheme}:// names no place for a ledger", "give a file, or postgresql://user@host/database")
    from dragoman.ledger.postgresql import PostgreSQL

    return PostgreSQL(str(place))
