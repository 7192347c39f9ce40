"""What several tests of the ledger do: look at what it keeps with other eyes than the ledger's own."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from typing import Any

from dragoman.ledger.database import database
from dragoman.ledger.flatten import flatten
from dragoman.ledger.schema import metadata
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests import postgresql
from tests.ledger.places import Place

TABLES = tuple(table.name for table in metadata.sorted_tables)


def ask(place: Place, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """What the database itself answers."""
    if isinstance(place, str):
        return postgresql.ask(place, sql, values)
    connection = sqlite3.connect(place)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def change(place: Place, *statements: str) -> None:
    """Does something behind the ledger's back."""
    if isinstance(place, str):
        for statement in statements:
            postgresql.ask(place, statement)
        return
    with closing(sqlite3.connect(place)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def contents(place: Place) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, and every row of the full-text index."""
    keys = {table: ", ".join(f'"{key.name}"' for key in metadata.tables[table].primary_key) for table in TABLES}
    tables = {table: ask(place, f"SELECT * FROM {table} ORDER BY {keys[table]}") for table in TABLES}
    words = "report_words ORDER BY reading" if isinstance(place, str) else "report_words_data ORDER BY id"
    return {**tables, "report_words": ask(place, f"SELECT * FROM {words}")}


def as_json(ledger: Ledger) -> list[dict[str, Any]]:
    """The current readings as public JSON, in the ledger's order."""
    return [reading.to_dict() for reading in ledger.readings()]


def assert_sound(place: Place) -> None:
    """That nothing is damaged, nor lacks what it names."""
    if isinstance(place, str):
        kept = database(place)
        with kept.look(busy_seconds=5) as connection:
            assert kept.damage(connection) == []
        return
    assert ask(place, "PRAGMA integrity_check") == [("ok",)]
    assert ask(place, "PRAGMA foreign_key_check") == []
    ask(place, "INSERT INTO report_words (report_words) VALUES ('integrity-check')")


def assert_whole(place: Place, readings: Iterable[Reading]) -> None:
    """That the ledger is sound and has exactly these readings, each once and with all its rows."""
    assert_sound(place)
    expected = {reading.report.id: reading for reading in readings}
    numbers = dict(ask(place, "SELECT report, number FROM readings"))
    assert len(ask(place, "SELECT number FROM readings")) == len(numbers)
    assert numbers.keys() == expected.keys()
    assert {id for (id,) in ask(place, "SELECT id FROM reports")} == expected.keys()
    for table in ("entities", "attributions", "events", "participants", "counts", "relations"):
        found = dict(ask(place, f"SELECT reading, count(*) FROM {table} GROUP BY reading"))
        for id, reading in expected.items():
            assert found.get(numbers[id], 0) == len(getattr(flatten(reading), table)), (table, id)
    on_sqlite = "SELECT rowid FROM report_words WHERE report_words MATCH 'dispatch'"
    on_postgresql = "SELECT reading FROM report_words WHERE lexemes @@ 'dispatch' AND words LIKE '% dispatch %'"
    indexed = ask(place, on_postgresql if isinstance(place, str) else on_sqlite)
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
