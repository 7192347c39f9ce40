"""`dragoman doctor`: whether this installation can do its work, line by line, each trouble with its cure.

Invariant: nothing is changed. A check that breaks is a failed check, never the end of the others.
"""

from __future__ import annotations

import locale
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, distribution, version
from typing import TYPE_CHECKING

from dragoman.config import Settings
from dragoman.errors import DragomanError, LedgerBusy

if TYPE_CHECKING:  # it is among what is looked at, and may be broken
    from sqlalchemy import Connection

    from dragoman.ledger.database import Database

OK, WARNING, FAILURE = "ok", "warning", "failure"

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 35, 0)
"""The first with RETURNING, which the ledger uses."""

NATIVE = ("numpy", "onnxruntime", "tokenizers", "lxml.etree", "sqlalchemy", "psycopg", "yaml")
"""Compiled packages: they can be installed and yet fail to load."""

ROOM = 200_000_000
"""Bytes that should be free beside the ledger: about what 10,000 readings take with their journal."""

BUSY_SECONDS = 2.0
"""How long to wait for another writer: each commit takes a fraction of a second."""

EXTRAS = ("spacy", "mcp", "cluster")
"""What may be installed besides: `pip install "dragoman[spacy]"`."""

_EXTRA = re.compile(r"extra\s*==\s*['\"](\w+)['\"]")
_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?\s*(?:>=\s*(?P<least>[\d.]+))?")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the doctor's: what was looked at, how it stands, and what to do if it is not well."""

    name: str
    state: str
    found: str
    cure: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """Every check, in the order in which one rests on another."""
    checks: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("Python", _python),
        ("packages", _packages),
        ("extras", _extras),
        ("loading", _loading),
        ("model", lambda: _model(settings)),
        ("gazetteer", _gazetteer),
        ("SQLite", _sqlite),
        ("ledger", lambda: _ledger(settings.ledger_place())),
        ("disk", lambda: _disk(settings.ledger_place())),
        ("terminal", _terminal),
    )
    for name, check in checks:
        try:
            yield check()
        except DragomanError as error:
            yield Check(name, FAILURE, error.what, error.cure)
        except Exception as error:
            yield Check(name, FAILURE, f"{type(error).__name__}: {error}", "reinstall dragoman")


def _python() -> Check:
    found = f"{sys.version.split()[0]} at {sys.executable}"
    if sys.version_info >= OLDEST_PYTHON:
        return Check("Python", OK, found)
    least = ".".join(map(str, OLDEST_PYTHON))
    return Check("Python", FAILURE, found, f"install Python {least} or later")


def _packages() -> Check:
    """Each package that dragoman itself needs, and whether it is new enough."""
    needed = [entry for entry in distribution("dragoman").requires or () if "extra ==" not in entry]
    wrong = [trouble for entry in needed if (trouble := _trouble(entry))]
    if wrong:
        return Check("packages", FAILURE, "; ".join(wrong), "install dragoman again")
    return Check("packages", OK, f"dragoman {version('dragoman')} and the {len(needed)} packages it needs")


def _extras() -> Check:
    """Which extras are there, and whether the package that each is for is new enough."""
    needed = {
        extra[1]: entry
        for entry in distribution("dragoman").requires or ()
        if (extra := _EXTRA.search(entry)) and extra[1] in EXTRAS
    }
    trouble = {extra: _trouble(entry) for extra, entry in needed.items()}
    found = "; ".join(f"{extra}: {said or 'there'}" for extra, said in trouble.items())
    old = [extra for extra, said in trouble.items() if said.endswith("too old")]
    return Check("extras", WARNING if old else OK, found, f'pip install -U "dragoman[{",".join(old)}]"' if old else "")


def _trouble(requirement: str) -> str:
    match = _REQUIREMENT.match(requirement)
    if match is None:
        return f"{requirement!r} cannot be understood"
    try:
        found = version(match["name"])
    except PackageNotFoundError:
        return f"{match['name']} is missing"
    return "" if _numbers(found) >= _numbers(match["least"] or "0") else f"{match['name']} {found} is too old"


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


def _loading() -> Check:
    for name in NATIVE:
        try:
            import_module(name)
        except Exception as error:  # a broken native library raises whatever it likes
            cure = f"install it again: pip install --force-reinstall {name.partition('.')[0]}"
            return Check("loading", FAILURE, f"{name} does not load ({error})", cure)
    return Check("loading", OK, f"{', '.join(NATIVE)}")


def _model(settings: Settings) -> Check:
    """Every file of the bundle against its checksum."""
    from dragoman.pipeline import check_model

    made_by = check_model(settings)
    return Check("model", OK, f"{made_by.model}, every file as it should be ({made_by.model_sha256[:12]})")


def _gazetteer() -> Check:
    """Whether places can be looked up."""
    from dragoman.pipeline import check_gazetteer

    return Check("gazetteer", OK, f"{check_gazetteer():,} places")


def _sqlite() -> Check:
    found = sqlite3.sqlite_version
    cure = "use a Python that is built with a newer SQLite, with FTS5"
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        return Check("SQLite", FAILURE, f"{found} is too old", cure)
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE searched USING fts5(words)")
        except sqlite3.OperationalError as error:
            return Check("SQLite", FAILURE, f"{found} has no full-text search ({error})", cure)
    # The damage that SQLite before 3.51.3 can do needs a write-ahead log; a ledger never has one.
    return Check("SQLite", OK, f"{found} with full-text search; ledgers use its rollback journal")


def _ledger(place: str) -> Check:
    """Whether there is a ledger of this version, and sound. Opened as it is: nothing is upgraded."""
    from dragoman.ledger.database import database

    kept = database(place)
    if not kept.is_there():
        return Check("ledger", OK, f"none yet at {kept.name}: `dragoman add` makes it")
    kept.check_place(create=False)
    try:
        with kept.look(busy_seconds=BUSY_SECONDS) as connection:
            check = _opened(connection, kept)
            if check.state == OK and not kept.is_writable(connection):
                return Check("ledger", WARNING, f"{kept.name} can only be read", kept.to_write)
    except LedgerBusy as error:  # all may be well with it: that cannot be looked at now
        return Check("ledger", WARNING, error.what, error.cure)
    return check


def _opened(connection: Connection, kept: Database) -> Check:
    """How the ledger stands. One of a newer version, or something else, is a LedgerError."""
    from sqlalchemy import func, select

    from dragoman.ledger import soundness, upgrade
    from dragoman.ledger.database import FROM_BACKUP
    from dragoman.ledger.schema import HEAD, reports

    written = upgrade.version(connection, kept)
    if written is None:
        return Check("ledger", OK, f"{kept.name} is empty: `dragoman add` makes a ledger of it")
    if written != HEAD:
        upgrade.refuse_newer(written, kept)
        found = f"{kept.name} is of version {written}, this Dragoman writes {HEAD}"
        return Check("ledger", WARNING, found, "nothing: it is upgraded when it is opened next")
    if faults := soundness.faults(connection, kept):
        return Check("ledger", FAILURE, f"{kept.name} is damaged: {'; '.join(faults)}", FROM_BACKUP)
    count = connection.execute(select(func.count()).select_from(reports)).scalar_one()
    return Check("ledger", OK, f"{kept.name}{kept.served_by(connection)}: sound, {count:,} report{'s' * (count != 1)}")


def _disk(place: str) -> Check:
    """Whether there is room beside the ledger; a server looks after its own disk."""
    from dragoman.ledger.database import database
    from dragoman.ledger.sqlite import SQLite

    kept = database(place)
    if not isinstance(kept, SQLite):
        return Check("disk", OK, "the server's, which cannot be looked at from here")
    folder = next(parent for parent in kept.path.absolute().parents if parent.exists())
    free = shutil.disk_usage(folder).free
    found = f"{free / 1e9:.1f} GB free in {folder}"
    if free < ROOM:
        return Check("disk", WARNING, found, "make room, or name a ledger elsewhere with DRAGOMAN_LEDGER")
    if not os.access(folder, os.W_OK):
        return Check("disk", WARNING, f"{folder} may not be written", "name a ledger where you may write")
    return Check("disk", OK, found)


def _terminal() -> Check:
    """Whether what the screen shows can be shown: quotation marks, arrows, names in any script."""
    encoding = sys.stdout.encoding or locale.getpreferredencoding(False)
    if encoding.lower().replace("-", "") != "utf8":
        cure = "set LANG to a UTF-8 locale such as C.UTF-8, or PYTHONUTF8=1"
        return Check("terminal", WARNING, f"standard output is in {encoding}", cure)
    kind = os.environ.get("TERM", "unknown") if sys.stdout.isatty() else "not a terminal: no colours"
    return Check("terminal", OK, f"{encoding}, {shutil.get_terminal_size().columns} columns, {kind}")
