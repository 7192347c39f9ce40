"""All that is SQLite's own: opening the file, pragmas, transactions, errors.

Invariant: one writer at a time (`BEGIN IMMEDIATE`) and a rollback journal. SQLite before 3.51.3 can
damage a file when several writers reset a write-ahead log, so that log is never used.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Table,
    TableClause,
    create_engine,
    event,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from dragoman.errors import LedgerBusy, LedgerError, LedgerWriteFailed, NotALedger
from dragoman.ledger.database import FROM_BACKUP, WRITING, Database

APPLICATION_ID = 0x44524147
"""`DRAG`, in the header of the file: how a ledger is told from any other SQLite file."""


@dataclass(frozen=True, slots=True)
class SQLite(Database):
    """A file, whether it is there or not."""

    path: Path

    @property
    def name(self) -> str:
        """The path as it was given."""
        return str(self.path)

    def check_place(self, *, create: bool) -> None:
        """Raises a LedgerError when there can be no ledger at that path; makes its folder when `create`."""
        path = self.path
        if path.is_dir():
            raise LedgerError(f"{path} is a folder", f"give the name of a file, such as {path / 'ledger.sqlite'}")
        if path.exists():
            if not path.is_file():
                raise NotALedger(f"{path} is not a file", "name the file of a ledger, or one that is not there yet")
            return
        if not create:
            raise LedgerError(f"there is no ledger at {path}", "add reports first, or name another ledger")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerWriteFailed(
                f"the folder of {path} cannot be made ({error.strerror})",
                "name a ledger in a folder where you may write",
            ) from error

    def is_there(self) -> bool:
        """Whether there is a file."""
        return self.path.exists()

    def engine(self, *, busy_seconds: float, read_only: bool = False) -> Engine:
        """An engine on the file. Also `read_only`, SQLite undoes a write that was broken off: else nothing is read."""
        url = URL.create("sqlite", database=str(self.path.absolute()))
        engine = create_engine(url, connect_args={"timeout": busy_seconds})
        event.listen(engine, "connect", _set_up)
        if read_only:
            event.listen(engine, "connect", _refuse_writing)
        event.listen(engine, "begin", _begin)
        return engine

    def for_writing(self, connection: Connection) -> Connection:
        """The connection, so that its next transaction locks the file from its start."""
        return connection.execution_options(**{WRITING: True})

    def settle(self, engine: Engine) -> None:
        """Turns a write-ahead log off, should another program have turned it on for this file."""
        with engine.connect() as connection:
            raw = connection.connection
            if raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                raw.cursor().execute("PRAGMA journal_mode = DELETE")

    def is_empty(self, connection: Connection) -> bool:
        """Whether nothing was ever written to the file."""
        return not _application_id(connection) and not inspect(connection).get_table_names()

    def is_ledger(self, connection: Connection) -> bool:
        """Whether the file bears a ledger's mark."""
        return _application_id(connection) == APPLICATION_ID

    def mark_as_ledger(self, connection: Connection) -> None:
        """Writes a ledger's mark into the header."""
        connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")

    def not_a_ledger(self) -> NotALedger:
        """The error for a file that is something else."""
        return NotALedger(
            f"{self.path} is a file of another kind", "name the file of a ledger, or one that is not there yet"
        )

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns SQLite's errors about the file into ours."""
        try:
            yield
        except DBAPIError as error:
            ours = self._ours(error.orig)
            if ours is None:
                raise
            raise ours from error

    def index_names(self, connection: Connection) -> set[str]:
        """The names of all indexes."""
        return set(connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'index'")).scalars())

    def damage(self, connection: Connection) -> list[str]:
        """What SQLite itself finds wrong."""
        damage = [str(said) for said in connection.execute(text("PRAGMA integrity_check(3)")).scalars() if said != "ok"]
        lost = connection.execute(text("PRAGMA foreign_key_check"))
        return damage + [f"row {row[1]} of {row[0]} names one in {row[2]} that is not there" for row in lost]

    def number_on(self, connection: Connection) -> None:
        """SQLite always goes by the highest number."""

    def numbers(self, connection: Connection, table: Table, count: int) -> list[int]:
        """The numbers after the highest, as SQLite would give them."""
        last = connection.execute(select(func.coalesce(func.max(table.c.number), 0))).scalar_one()
        return list(range(last + 1, last + 1 + count))

    def put(self, connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
        """One statement for all."""
        if rows:
            connection.execute(insert(table), list(rows))

    def is_writable(self, connection: Connection) -> bool:
        """Whether the file may be written."""
        return os.access(self.path, os.W_OK)

    @property
    def to_write(self) -> str:
        """What to do so that it may."""
        return "make the file writable, to add to it"

    def served_by(self, connection: Connection) -> str:
        """Nobody serves a file."""
        return ""

    def _ours(self, error: BaseException | None) -> LedgerError | None:
        path = self.path
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return LedgerBusy(f"another process is writing to {path}", "wait for it to end, then try again")
        if code == sqlite3.SQLITE_FULL:
            return LedgerWriteFailed(
                f"the disk of {path} is full", "make room, then add again: what was added before is kept"
            )
        if code == sqlite3.SQLITE_IOERR:
            return LedgerWriteFailed(
                f"{path} cannot be written or read ({error})",
                "check the disk, its quota and limits, then try again",
            )
        if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
            return LedgerWriteFailed(
                f"{path} cannot be opened or written ({error})",
                "check that its folder exists and that you may write to the file and the folder",
            )
        if code == sqlite3.SQLITE_NOTADB:
            return self.not_a_ledger()
        if code == sqlite3.SQLITE_CORRUPT:
            return LedgerError(f"{path} is damaged ({error})", FROM_BACKUP)
        return None


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, those of migrations too
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writing(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _application_id(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())
