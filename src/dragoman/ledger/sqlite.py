"""All that is SQLite's own: opening the file, pragmas, transactions, errors, full-text search.

Invariant: one writer at a time (`BEGIN IMMEDIATE`) and a rollback journal. SQLite before 3.51.3 can
damage a file when several writers reset a write-ahead log, so that log is never used.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    FromClause,
    Join,
    column,
    create_engine,
    event,
    insert,
    inspect,
    literal_column,
    select,
    table,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from dragoman.errors import LedgerBusy, LedgerError, LedgerWriteFailed, NotALedger
from dragoman.ledger.schema import readings

FROM_BACKUP = "take it from a backup, or add the reports anew"
"""The cure for a damaged ledger. Never for one that is only busy: what is in it would be lost."""

APPLICATION_ID = 0x44524147
"""`DRAG`, in the header of the file: how a ledger is told from any other SQLite file."""

_WRITING = "dragoman_writing"
SEARCHED = "report_words"
"""The full-text index; see the end of this file."""

_words = table(SEARCHED, column("rowid"), column("words"))


def check_place(path: Path, *, create: bool) -> None:
    """Raises a LedgerError when there can be no ledger at that path; makes its folder when `create`."""
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


def make_engine(path: Path, *, busy_seconds: float, read_only: bool = False) -> Engine:
    """An engine on the file; opens nothing yet. `busy_seconds`: how long to wait for another writer.

    `read_only` refuses to write; still SQLite undoes a write that was broken off, without which nothing can be read.
    """
    url = URL.create("sqlite", database=str(path.absolute()))
    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _set_up)
    if read_only:
        event.listen(engine, "connect", _refuse_writing)
    event.listen(engine, "begin", _begin)
    return engine


@contextmanager
def look(path: Path, *, busy_seconds: float) -> Iterator[Connection]:
    """A connection for looking at a file as it is, whatever it is; a LedgerError for all that hinders it."""
    engine = make_engine(path, busy_seconds=busy_seconds, read_only=True)
    try:
        with errors(path), engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        raise LedgerError(f"{path} cannot be read ({error.orig})", FROM_BACKUP) from error
    finally:
        engine.dispose()


def for_writing(connection: Connection) -> Connection:
    """The connection, so that its next transaction holds the one writer's place from its start."""
    return connection.execution_options(**{_WRITING: True})


def _set_up(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin`, those of migrations too
    for pragma in ("foreign_keys = ON", "synchronous = FULL", "trusted_schema = OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _refuse_writing(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def is_empty(connection: Connection) -> bool:
    """Whether nothing was ever written to the file."""
    return not _application_id(connection) and not inspect(connection).get_table_names()


def is_ledger(connection: Connection) -> bool:
    """Whether the file bears a ledger's mark."""
    return _application_id(connection) == APPLICATION_ID


def mark_as_ledger(connection: Connection) -> None:
    """Writes a ledger's mark into the header; it holds once the transaction does."""
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")


def keep_rollback_journal(engine: Engine) -> None:
    """Turns a write-ahead log off, should another program have turned it on for this file."""
    with engine.connect() as connection:
        raw = connection.connection
        if raw.cursor().execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            raw.cursor().execute("PRAGMA journal_mode = DELETE")


def _application_id(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA application_id").scalar_one())


# --- errors -----------------------------------------------------------------------------------


@contextmanager
def errors(path: Path) -> Iterator[None]:
    """Turns SQLite's errors about the file into ours; any other is a fault of the program and passes."""
    try:
        yield
    except DBAPIError as error:
        ours = _ours(error.orig, path)
        if ours is None:
            raise
        raise ours from error


def _ours(error: BaseException | None, path: Path) -> LedgerError | None:
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
        return not_a_ledger(path)
    if code == sqlite3.SQLITE_CORRUPT:
        return LedgerError(f"{path} is damaged ({error})", FROM_BACKUP)
    return None


def not_a_ledger(path: Path) -> NotALedger:
    """The error for a file that is something else."""
    return NotALedger(f"{path} is a file of another kind", "name the file of a ledger, or one that is not there yet")


# --- how a question is put --------------------------------------------------------------------
# SQLite keeps no statistics of a ledger and would rather sort all matches than walk a list in its
# order. These two make it walk; measured on 100,000 events, that takes a page from 20-180 ms to
# 0.1-24 ms. Any other database gets a plain join and a plain column.


class InOrder(Join):
    """A join that goes through the left table in the order asked for, looking up the right one."""

    inherit_cache = True


class Walked(FunctionElement[Any]):
    """A column whose index is not to be used here: it is tested while walking another one."""

    inherit_cache = True


def in_order(left: FromClause, right: FromClause, on: ColumnElement[bool]) -> InOrder:
    """`left` joined to `right`, to be gone through in `left`'s order."""
    return InOrder(left, right, on)


def walked(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The column, to be tested row by row."""
    return Walked(column)


@compiles(InOrder)
def _plain_join(join: InOrder, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_join(join, **options))


@compiles(InOrder, "sqlite")
def _cross_join(join: InOrder, compiler: Any, **options: Any) -> str:
    return _plain_join(join, compiler, **options).replace(" JOIN ", " CROSS JOIN ", 1)


@compiles(Walked)
def _plain_column(walked: Walked, compiler: Any, **options: Any) -> str:
    return str(compiler.process(walked.clauses, **options))


@compiles(Walked, "sqlite")
def _plus_column(walked: Walked, compiler: Any, **options: Any) -> str:
    return "+" + _plain_column(walked, compiler, **options)


# --- full-text search -------------------------------------------------------------------------
# `report_words` is an FTS5 index without content of its own (migration 0001), row by row beside
# `readings`. It holds folded words between single spaces, which FTS5 is told to split as they are.


def index_words(connection: Connection, reading: int, words: list[str]) -> None:
    """Makes a reading findable by its words."""
    connection.execute(insert(_words), {"rowid": reading, "words": " ".join(words)})


def has_phrases(phrases: list[list[str]]) -> ColumnElement[bool]:
    """That a reading's title and text hold every phrase; without any phrase, none does."""
    query = " ".join('"' + " ".join(words) + '"' for words in phrases) or '""'
    found = select(_words.c.rowid).where(literal_column(SEARCHED).op("MATCH")(query))
    return walked(readings.c.number).in_(found)
