"""What several tests of the ledger do: look at its file with other eyes than the ledger's own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dragoman.ledger.flatten import flatten
from dragoman.ledger.store import Ledger
from dragoman.records import Reading

TABLES = (
    "reports",
    "readings",
    "names",
    "entities",
    "attributions",
    "events",
    "participants",
    "counts",
    "relations",
    "judgements",
)


def ask(path: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What SQLite itself answers."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, and every row of the full-text index."""
    tables = {table: ask(path, f"SELECT * FROM {table} ORDER BY rowid") for table in TABLES}
    return {**tables, "report_words": ask(path, "SELECT * FROM report_words_data ORDER BY id")}


def as_json(ledger: Ledger) -> list[dict[str, Any]]:
    """The current readings as public JSON, in the ledger's order."""
    return [reading.to_dict() for reading in ledger.readings()]


def assert_whole(path: Path, readings: Iterable[Reading]) -> None:
    """That the file is sound and has exactly these readings, each once and with all its rows."""
    assert ask(path, "PRAGMA integrity_check") == [("ok",)]
    assert ask(path, "PRAGMA foreign_key_check") == []
    ask(path, "INSERT INTO report_words (report_words) VALUES ('integrity-check')")
    expected = {reading.report.id: reading for reading in readings}
    numbers = dict(ask(path, "SELECT report, number FROM readings"))
    assert len(ask(path, "SELECT number FROM readings")) == len(numbers)
    assert numbers.keys() == expected.keys()
    assert {id for (id,) in ask(path, "SELECT id FROM reports")} == expected.keys()
    for table in ("entities", "attributions", "events", "participants", "counts", "relations"):
        found = dict(ask(path, f"SELECT reading, count(*) FROM {table} GROUP BY reading"))
        for id, reading in expected.items():
            assert found.get(numbers[id], 0) == len(getattr(flatten(reading), table)), (table, id)
    indexed = ask(path, "SELECT rowid FROM report_words WHERE report_words MATCH 'dispatch'")
    assert sorted(indexed) == sorted((number,) for number in numbers.values())


def in_child(work: Callable[[], None]) -> int:
    """The process id of a forked child that does some work and leaves with 0, or with 1 on an error."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def wait_for(child: int) -> int:
    """How a child ended: its exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
