"""Makes a new ledger, and brings one of an earlier version up to this one.

Invariant: a ledger's version is the migration it stands at; each change is one transaction, so a
ledger is never between two versions. Alembic is only imported when there is something to change.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text

from dragoman.errors import NewerLedger
from dragoman.ledger import sqlite
from dragoman.ledger.schema import HEAD

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine, path: Path) -> None:
    """Makes the ledger in an empty file, upgrades an older one; NotALedger, NewerLedger for others."""
    with engine.connect() as connection:
        found = _version(connection, path)
    if found != HEAD:
        with sqlite.for_writing(engine.connect()) as connection, connection.begin():
            found = _version(connection, path)  # again: another process may have been first
            if found != HEAD:
                _migrate(connection, path, found)
    sqlite.keep_rollback_journal(engine)


def _version(connection: Connection, path: Path) -> str | None:
    """The version of the ledger, None for an empty file."""
    if sqlite.is_empty(connection):
        return None
    if not sqlite.is_ledger(connection):
        raise sqlite.not_a_ledger(path)
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _migrate(connection: Connection, path: Path, found: str | None) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise NewerLedger(
            f"{path} was written by a later version of Dragoman (its version is {found}, ours {HEAD})",
            "upgrade Dragoman, or name another ledger",
        )
    sqlite.mark_as_ledger(connection)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
