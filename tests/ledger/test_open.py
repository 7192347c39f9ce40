"""Opening: a ledger is made, found, upgraded or refused, and the file of another program left alone."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from dragoman.errors import LedgerError, LedgerWriteFailed, NewerLedger, NotALedger
from dragoman.ledger import schema, sqlite, upgrade
from dragoman.ledger.store import Ledger
from dragoman.records import Count
from tests.builders import denial
from tests.ledger.helpers import ask, in_child, wait_for
from tests.ledger.synthetic import synthetic


def test_makes_a_ledger_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "new" / "er" / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        assert ledger.counts()["reports"] == 0
    assert ask(path, "PRAGMA application_id") == [(sqlite.APPLICATION_ID,)]
    assert ask(path, "PRAGMA journal_mode") == [("delete",)]


def test_each_connection_is_set_up_for_safety(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "l.sqlite", busy_seconds=7) as ledger, ledger.connection() as connection:
        settings = {"foreign_keys": 1, "synchronous": 2, "trusted_schema": 0, "busy_timeout": 7000}
        for pragma, value in settings.items():
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() == value, pragma


def test_opens_again_what_it_made(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add(denial())
    with Ledger.open(path, create=False) as ledger:
        assert list(ledger.readings()) == [denial()]


LISTS = (
    ("table_info", 'name, type, "notnull", pk'),
    ("foreign_key_list", '"table", "from", "to"'),
    ("index_list", 'name, "unique", origin, partial'),
    ("index_xinfo", 'seqno, name, "desc"'),
)


def test_the_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    Ledger.open(tmp_path / "migrated.sqlite").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'direct.sqlite'}")
    schema.metadata.create_all(engine)
    engine.dispose()

    def parts(path: Path) -> list[list[object]]:  # columns come in any order: later migrations add theirs at the end
        named = (
            "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'report_words%' AND tbl_name <> 'alembic_version'"
        )
        return [
            [
                type,
                name,
                *(sorted(map(str, ask(path, f"SELECT {told} FROM pragma_{list}('{name}')"))) for list, told in LISTS),
            ]
            for type, name in sorted(ask(path, named))
        ]

    assert parts(tmp_path / "migrated.sqlite") == parts(tmp_path / "direct.sqlite")


def test_a_ledger_of_the_first_version_is_upgraded_with_all_it_holds(tmp_path: Path) -> None:
    path, reading = tmp_path / "old.sqlite", denial()
    old = reading.to_dict()
    del old["relations"]
    for entity in old["entities"]:
        del entity["sector"], entity["canonical"], entity["place"]
    for event in old["events"]:
        del event["date_reason"]
        event["counts"] = []
    old["events"][1]["counts"] = [{"kind": "killed", "value": 14, "bound": "at_least", "span": [0, 7]}]
    _made_by_the_first_version(path, reading.report.id, json.dumps(old))
    with Ledger.open(path) as ledger:
        kept = ledger.reading(reading.report.id)
        assert kept.report == reading.report and kept.relations == ()
        assert kept.events[1].counts == (Count("killed", 14, None, "at_least", None, (0, 7)),)
    assert ask(path, "SELECT kind, low, high, who FROM counts ORDER BY position") == [
        ("killed", 14, None, None),
        ("wounded", None, 40, None),
        ("missing", 3, 3, None),
    ]
    assert ask(path, "SELECT version_num FROM alembic_version") == [(schema.HEAD,)]


def _made_by_the_first_version(path: Path, report: str, reading: str) -> None:
    """A ledger at the first migration, with one reading and three counts of an event."""
    engine = sqlite.make_engine(path, busy_seconds=1)
    with sqlite.for_writing(engine.connect()) as connection, connection.begin():
        sqlite.mark_as_ledger(connection)
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("INSERT INTO reports VALUES (?, '2031-03-05')", (report,))
        file.execute(
            "INSERT INTO readings VALUES (1, ?, NULL, '2031-03-05', '0', 'm', '0', NULL, NULL, '', '', NULL, NULL, ?)",
            (report, reading),
        )
        told = "reading, position, id, trigger, type, status, certainty, confidence, spans"
        file.execute(
            f"INSERT INTO events ({told}) VALUES (1, 0, 'E1', 'w', 'ASSAULT', 'occurred', 'certain', 1, '{{}}')"
        )
        for n, (kind, value, bound) in enumerate(
            (("killed", 14, "at_least"), ("wounded", 40, "at_most"), ("missing", 3, "exact"))
        ):
            file.execute("INSERT INTO counts VALUES (1, 0, ?, ?, ?, ?, 'w', 0, 1)", (n, kind, value, bound))


def test_head_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrade._MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_two_processes_make_the_same_ledger_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    children = [in_child(lambda: Ledger.open(path).close()) for _ in range(4)]
    assert [wait_for(child) for child in children] == [0] * 4
    assert ask(path, "SELECT version_num FROM alembic_version") == [(schema.HEAD,)]


def test_missing_ledger_is_not_made_when_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger at") as refused:
        Ledger.open(tmp_path / "none.sqlite", create=False)
    assert "add reports first" in refused.value.cure
    assert not (tmp_path / "none.sqlite").exists()


def test_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="is a folder") as refused:
        Ledger.open(tmp_path)
    assert "name of a file" in refused.value.cure


@pytest.mark.parametrize("bytes", [b"Dear diary", b"\x00" * 5000, b"SQLite format 3\x00" + b"junk" * 500])
def test_other_file_is_refused_and_left_alone(tmp_path: Path, bytes: bytes) -> None:
    path = tmp_path / "diary.txt"
    path.write_bytes(bytes)
    with pytest.raises(NotALedger, match=r"diary\.txt"):
        Ledger.open(path)
    assert path.read_bytes() == bytes


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_database_of_another_program_is_refused_and_left_alone(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "other.sqlite"
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA journal_mode = {journal}")
    other.execute("CREATE TABLE reports (id TEXT)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(NotALedger):
        Ledger.open(path)
    assert path.read_bytes() == before


def test_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(NotALedger, match="not a file"):
        Ledger.open(tmp_path / "pipe")


def test_newer_ledger_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    newer = sqlite3.connect(path)
    newer.execute("UPDATE alembic_version SET version_num = '0999'")
    newer.commit()
    newer.close()
    before = path.read_bytes()
    with pytest.raises(NewerLedger, match="0999") as refused:
        Ledger.open(path)
    assert "upgrade Dragoman" in refused.value.cure
    assert path.read_bytes() == before


def test_damaged_ledger_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(LedgerError, match="damaged") as refused:
        Ledger.open(path).counts()
    assert "backup" in refused.value.cure


@pytest.mark.parametrize("damage", ["DELETE FROM alembic_version", "DROP TABLE alembic_version"])
def test_ledger_without_a_version_is_told(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute(damage)
    connection.commit()
    connection.close()
    with pytest.raises(LedgerError, match="which version") as refused:
        Ledger.open(path)
    assert "backup" in refused.value.cure


def test_write_ahead_log_is_turned_off(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    assert ask(path, "PRAGMA journal_mode = wal") == [("wal",)]
    Ledger.open(path).close()
    assert ask(path, "PRAGMA journal_mode") == [("delete",)]


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LedgerError, match="cannot be made") as refused:
        Ledger.open(tmp_path / "file" / "ledger.sqlite")
    assert "may write" in refused.value.cure


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who may not write")
def test_without_permission_a_ledger_is_read_but_not_written(tmp_path: Path) -> None:
    folder, another = tmp_path / "theirs", synthetic(1)
    with Ledger.open(folder / "ledger.sqlite") as ledger:
        ledger.add(denial())
    for above in (folder, *folder.parents[:3]):
        above.chmod(0o755)

    def as_nobody() -> None:
        os.setuid(65534)
        with pytest.raises(LedgerWriteFailed, match="may write"):
            Ledger.open(folder / "other.sqlite")
        with Ledger.open(folder / "ledger.sqlite") as ledger:
            assert list(ledger.readings()) == [denial()]
            with pytest.raises(LedgerWriteFailed, match="may write"):
                ledger.add(another)

    assert wait_for(in_child(as_nobody)) == 0
