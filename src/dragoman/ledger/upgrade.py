"""Makes a new ledger, and brings one of an earlier version up to this one.

Invariant: a ledger's version is the migration it stands at; each change is one transaction, so a
ledger is never between two versions. Alembic is only imported when there is something to change.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from dragoman.errors import LedgerError, NewerLedger
from dragoman.ledger.database import FROM_BACKUP, Database
from dragoman.ledger.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, database: Database, *, create: bool) -> None:
    """Makes the ledger if there is nothing and `create`, upgrades an older one; NotALedger, NewerLedger for others."""
    with engine.connect() as connection:
        found = version(connection, database)
    if found is None and not create:
        raise LedgerError(f"there is no ledger at {database.name}", "add reports first, or name another ledger")
    if found != HEAD:
        with database.for_writing(engine.connect()) as connection, connection.begin():
            make_or_upgrade(connection, database)
    database.settle(engine)


def make_or_upgrade(connection: Connection, database: Database) -> None:
    """The same, in a writing transaction: when it is lost, nothing was made."""
    found = version(connection, database)  # again: another process may have been first
    if found != HEAD:
        _migrate(connection, database, found)


def version(connection: Connection, database: Database) -> str | None:
    """The version of the ledger, None where there is nothing; NotALedger, or a LedgerError where it has none."""
    if database.is_empty(connection):
        return None
    if not database.is_ledger(connection):
        raise database.not_a_ledger()
    if inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().first()
        if found is not None:
            return str(found)
    raise LedgerError(f"{database.name} is damaged: it does not say which version it is of", FROM_BACKUP)


def refuse_newer(found: str, database: Database) -> None:
    """NewerLedger for a version that none of our migrations leads to."""
    from alembic.script import ScriptDirectory

    if found not in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise NewerLedger(
            f"{database.name} was written by a later version of Dragoman (its version is {found}, ours {HEAD})",
            "upgrade Dragoman, or name another ledger",
        )


def _migrate(connection: Connection, database: Database, found: str | None) -> None:
    from alembic import command

    if found is not None:
        refuse_newer(found, database)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    database.mark_as_ledger(connection)


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
