"""All that is PostgreSQL's own: the address, transactions, errors. The driver is only imported here.

Invariant: one writer at a time, by an advisory lock that a writing transaction takes first and keeps
to its end; so rows are numbered in the order in which they came, as on SQLite. A reading transaction
sees the ledger as it was when it began.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    Table,
    TableClause,
    and_,
    create_engine,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from dragoman.errors import LedgerBusy, LedgerError, LedgerWriteFailed, NotALedger, UsageError
from dragoman.ledger.database import FROM_BACKUP, WRITING, Database
from dragoman.ledger.schema import metadata, readings
from dragoman.ledger.words import SEARCHED

MARK = "the version of a ledger of Dragoman"
"""The comment on the table `alembic_version`: how a ledger is told from any other database."""

_LOCK = 0x44524147
"""`DRAG`: the advisory lock that a writer holds."""

_CONNECT_SECONDS = 10
_IN_THE_ADDRESS = "give it as postgresql://user@host:port/database; in a name write @ as %40 and / as %2F"


class PostgreSQL(Database):
    """A database of a PostgreSQL server, whether they are there or not."""

    def __init__(self, url: str) -> None:
        """Takes every address that PostgreSQL's own programs take. UsageError for one that is none."""
        self._parameters = _parameters(url)
        self._name = _without_password(self._parameters)

    @property
    def name(self) -> str:
        """The address without a password."""
        return self._name

    def check_place(self, *, create: bool) -> None:
        """Nothing can be told before connecting."""

    def is_there(self) -> bool:
        """There is always something to connect to, if only to be told that it does not answer."""
        return True

    def engine(self, *, busy_seconds: float, read_only: bool = False) -> Engine:
        """An engine on the database; a connection that the server closed meanwhile is made anew."""
        settings = {
            "lock_timeout": max(1, round(busy_seconds * 1000)),  # 0 would be to wait for ever
            "synchronous_commit": "on",  # what `add` acknowledged is on the server's disk
            "default_transaction_read_only": "on" if read_only else "off",
        }
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        parameters = {
            "connect_timeout": _CONNECT_SECONDS,
            "fallback_application_name": "dragoman",
            "client_encoding": "utf8",
            **self._parameters,
            "options": f"{self._parameters.get('options', '')} {options}".strip(),
        }
        engine = create_engine("postgresql+psycopg://", isolation_level="REPEATABLE READ", pool_pre_ping=True)
        event.listen(engine, "do_connect", lambda _dialect, _record, _args, keywords: keywords.update(parameters))
        event.listen(engine, "connect", self._refuse_other_encodings)
        event.listen(engine, "begin", _begin)
        return engine

    def for_writing(self, connection: Connection) -> Connection:
        """The connection, so that its next transaction holds the lock and sees what the writer before it wrote."""
        return connection.execution_options(isolation_level="READ COMMITTED", **{WRITING: True})

    def settle(self, engine: Engine) -> None:
        """Nothing is kept with the ledger: each connection sets its own."""

    def is_empty(self, connection: Connection) -> bool:
        """Whether the schema that the user works in has no table."""
        return not inspect(connection).get_table_names()

    def is_ledger(self, connection: Connection) -> bool:
        """Whether its table of the version bears the mark."""
        told = text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")
        return bool(connection.execute(told).scalar_one() == MARK)

    def mark_as_ledger(self, connection: Connection) -> None:
        """Puts the mark on the table of the version."""
        connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{MARK}'"))

    def not_a_ledger(self) -> NotALedger:
        """The error for a database of something else."""
        return NotALedger(f"{self.name} holds other tables", "name the database of a ledger, or an empty one")

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns PostgreSQL's errors about the server and the database into ours."""
        try:
            yield
        except DBAPIError as error:
            ours = self._ours(error)
            if ours is None:
                raise
            raise ours from error

    def index_names(self, connection: Connection) -> set[str]:
        """The names of the indexes in the schema that the user works in."""
        told = text("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        return set(connection.execute(told).scalars())

    def damage(self, connection: Connection) -> list[str]:
        """References to rows that are not there, and readings that no search would find."""
        damage = []
        for table in metadata.sorted_tables:
            for key in table.foreign_key_constraints:
                child, parent = table.alias(), key.referred_table.alias()
                pairs = [(child.c[part.parent.name], parent.c[part.column.name]) for part in key.elements]
                joined = child.outerjoin(parent, and_(*(one == other for one, other in pairs)))
                lost = [*(one.is_not(None) for one, _ in pairs), pairs[0][1].is_(None)]
                count = connection.execute(select(func.count()).select_from(joined).where(*lost)).scalar_one()
                if count:
                    damage.append(f"{count} of {table.name} name one in {key.referred_table.name} that is not there")
        words = text(f"SELECT count(*) FROM {readings.name} WHERE number NOT IN (SELECT reading FROM {SEARCHED})")
        unsearched = connection.execute(words).scalar_one()
        return [*damage, *([f"{unsearched} of {readings.name} are not in {SEARCHED}"] if unsearched else [])]

    def number_on(self, connection: Connection) -> None:
        """Sets the sequences to the highest numbers."""
        for table in metadata.sorted_tables:
            column = table.autoincrement_column
            if column is not None:
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(sequence, func.max(column))).having(func.count() > 0))

    def numbers(self, connection: Connection, table: Table, count: int) -> list[int]:
        """The next numbers of the sequence."""
        asked = select(func.nextval(func.pg_get_serial_sequence(table.name, "number")))
        return list(connection.execute(asked.select_from(func.generate_series(1, count))).scalars())

    def put(self, connection: Connection, table: TableClause, rows: Sequence[Mapping[str, Any]]) -> None:
        """By COPY."""
        if not rows:
            return
        from psycopg import Connection as Driver
        from psycopg import Error, sql

        driver = connection.connection.driver_connection
        assert isinstance(driver, Driver)
        names = list(rows[0])
        as_json = [isinstance(table.c[name].type, JSON) for name in names]
        told = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        try:
            with driver.cursor() as cursor, cursor.copy(told) as copying:
                for row in rows:
                    copying.write_row([_in_json(row[n]) if j else row[n] for n, j in zip(names, as_json, strict=True)])
        except Error as error:
            raise DBAPIError(f"COPY {table.name}", None, error, connection_invalidated=driver.closed) from error

    def is_writable(self, connection: Connection) -> bool:
        """Whether the server takes writes, and from this user: rows into a ledger, tables where there is none."""
        told = text(
            "SELECT NOT pg_is_in_recovery() AND coalesce("
            "has_table_privilege(to_regclass('readings'), 'INSERT'), has_schema_privilege(current_schema(), 'CREATE'))"
        )
        return bool(connection.execute(told).scalar_one())

    @property
    def to_write(self) -> str:
        """What to do so that it does."""
        return (
            "to add to it, ask the server's keeper for the rights to its tables, or name the server that takes writes"
        )

    def served_by(self, connection: Connection) -> str:
        """PostgreSQL and its version."""
        return f" (PostgreSQL {connection.execute(text('SHOW server_version')).scalar_one()})"

    # --- errors -------------------------------------------------------------------------------

    def _refuse_other_encodings(self, connection: Any, _record: Any) -> None:
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise LedgerError(f"{self.name} is encoded in {encoding}", "make a database in UTF8: createdb -E UTF8 ...")

    def _ours(self, error: DBAPIError) -> LedgerError | None:
        """The error in our words, by PostgreSQL's code, which it has once there is a connection."""
        code, said = getattr(error.orig, "sqlstate", None) or "", _first_line(error.orig)
        if error.connection_invalidated or code[:2] == "08" or code in ("57P01", "57P02"):
            return LedgerWriteFailed(
                f"the connection to {self.name} was lost ({said})",
                "see that the server runs, then try again: what was added before is kept",
            )
        if not code and type(error.orig).__module__.startswith("psycopg"):
            return self._refused(said) if error.statement is None else None
        if code in ("55P03", "40P01"):
            return LedgerBusy(f"another process is writing to {self.name}", "wait for it to end, then try again")
        if code == "53100":
            return LedgerWriteFailed(
                f"the disk of {self.name} is full ({said})", "make room, then add again: what was added before is kept"
            )
        if code[:2] in ("53", "58"):
            return LedgerWriteFailed(
                f"{self.name} cannot be written or read ({said})",
                "check the server, its disk and limits, then try again",
            )
        if code in ("25006", "42501", "3F000"):
            return LedgerWriteFailed(
                f"{self.name} cannot be written or read ({said})",
                "check which rights your user has there, and that the server takes writes",
            )
        if code[:2] == "57":
            return LedgerError(
                f"{self.name} broke a question off ({said})", "check the server's limits, then try again"
            )
        if code[:2] == "XX":
            return LedgerError(f"{self.name} is damaged ({said})", FROM_BACKUP)
        return None

    def _refused(self, said: str) -> LedgerError:
        """The error where there is no connection: only the server's words tell why."""
        if "password" in said or 'role "' in said or "authentication failed" in said:
            return LedgerError(
                f"{self.name} refuses the user or the password ({said})",
                "name the user in the address; the password may stand there, in PGPASSWORD or in ~/.pgpass",
            )
        if 'database "' in said and "does not exist" in said:
            return LedgerError(f"there is no database {self.name}", "make it with `createdb`, or name another ledger")
        if any(now in said for now in ("starting up", "shutting down", "recovery mode", "too many")):
            return LedgerBusy(f"{self.name} takes no connection now ({said})", "wait, then try again")
        return LedgerError(
            f"{self.name} cannot be reached ({said})",
            "see that a PostgreSQL server runs there, and that host, port and database are right",
        )


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get(WRITING, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _parameters(url: str) -> dict[str, Any]:
    try:
        from psycopg import ProgrammingError
        from psycopg.conninfo import conninfo_to_dict
    except ImportError as error:
        raise LedgerError(
            f"PostgreSQL's driver does not load ({error})", "install it again: pip install 'psycopg[binary]'"
        ) from error
    try:
        return dict(conninfo_to_dict(url))
    except ProgrammingError:  # its words may have the password in them
        raise UsageError("the ledger's address is none that PostgreSQL understands", _IN_THE_ADDRESS) from None


def _without_password(parameters: dict[str, Any]) -> str:
    user, host, port = (str(parameters.get(name, "")) for name in ("user", "host", "port"))
    socket = f"?host={host}" if host.startswith("/") else ""
    at = f"{user}@" if user else ""
    where = "" if socket else host
    return f"postgresql://{at}{where}{':' if port else ''}{port}/{parameters.get('dbname', '')}{socket}"


def _in_json(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0]
