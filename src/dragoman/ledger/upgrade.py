"""Makes a new ledger, and brings one of an earlier version up to this one.

Invariant: a ledger's version is the migration it stands at; each change is one transaction, so a
ledger is never between two versions. Alembic is only imported when there is something to change.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from dragoman.errors import LedgerError, NewerLedger
from dragoman.ledger import sqlite
from dragoman.ledger.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Makes the ledger in an empty file, upgrades an older one; NotALedger, NewerLedger for others."""
    with engine.connect() as connection:
        found = version(connection, path)
    if found != HEAD:
        with sqlite.for_writing(engine.connect()) as connection, connection.begin():
            found = version(connection, path)  # again: another process may have been first
            if found != HEAD:
                _migrate(connection, path, found)
    sqlite.keep_rollback_journal(engine)


def version(connection: Connection, path: Path) -> str | None:
    """The version of the ledger, None for an empty file; NotALedger, or a LedgerError where it has none."""
    if sqlite.is_empty(connection):
        return None
    if not sqlite.is_ledger(connection):
        raise sqlite.not_a_ledger(path)
    if inspect(connection).has_table("alembic_version"):
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().first()
        if found is not None:
            return str(found)
    raise LedgerError(f"{path} is damaged: it does not say which version it is of", sqlite.FROM_BACKUP)


def refuse_newer(found: str, path: Path) -> None:
    """NewerLedger for a version that none of our migrations leads to."""
    from alembic.script import ScriptDirectory

    if found not in {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise NewerLedger(
            f"{path} was written by a later version of Dragoman (its version is {found}, ours {HEAD})",
            "upgrade Dragoman, or name another ledger",
        )


def _migrate(connection: Connection, path: Path, found: str | None) -> None:
    from alembic import command

    if found is not None:
        refuse_newer(found, path)
    sqlite.mark_as_ledger(connection)
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
