"""Opening: a ledger is made, found, upgraded or refused, and the file of another program left alone."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Row, Table, create_engine, insert, select

from dragoman.compare import of_ledger
from dragoman.errors import LedgerError, LedgerWriteFailed, NewerLedger, NotALedger, UsageError
from dragoman.ledger import query, schema, sqlite, upgrade
from dragoman.ledger.database import database
from dragoman.ledger.folding import search_words
from dragoman.ledger.query import Filter
from dragoman.ledger.rows import EventRow
from dragoman.ledger.store import Ledger
from dragoman.ledger.words import index_words
from dragoman.records import Count
from tests.builders import denial, in_odesa
from tests.ledger.helpers import as_json, ask, assert_sound, change, contents, in_child, wait_for
from tests.ledger.places import Place
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


def test_opens_again_what_it_made(place: Place) -> None:
    with Ledger.open(place) as ledger:
        ledger.add(denial())
    with Ledger.open(place, create=False) as ledger:
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


def test_a_ledger_of_the_first_version_is_upgraded_with_all_it_holds(place: Place) -> None:
    reading = denial()
    old = reading.to_dict()
    del old["relations"]
    for entity in old["entities"]:
        del entity["sector"], entity["canonical"], entity["place"]
    for event in old["events"]:
        del event["date_reason"]
        event["counts"] = []
    old["events"][1]["counts"] = [{"kind": "killed", "value": 14, "bound": "at_least", "span": [0, 7]}]
    _made_by_the_first_version(place, reading.report.id, json.dumps(old))
    with Ledger.open(place) as ledger:
        kept = ledger.reading(reading.report.id)
        assert kept.report == reading.report and kept.relations == ()
        assert kept.events[1].counts == (Count("killed", 14, None, "at_least", None, (0, 7)),)
    assert ask(place, "SELECT kind, low, high, who FROM counts ORDER BY position") == [
        ("killed", 14, None, None),
        ("wounded", None, 40, None),
        ("missing", 3, 3, None),
    ]
    assert ask(place, "SELECT version_num FROM alembic_version") == [(schema.HEAD,)]


def _made_by_the_first_version(place: Place, report: str, reading: str) -> None:
    """A ledger at the first migration, with one reading and three counts of an event."""
    with at_version(place, "0001") as connection:
        kept = MetaData()
        kept.reflect(connection)
        day = "2031-03-05"
        connection.execute(insert(kept.tables["reports"]), {"id": report, "recorded_at": day})
        row = {"report": report, "recorded_at": day, "version": "0", "model": "m", "model_sha256": "0"}
        row |= {"outlet_folded": "", "published": "", "reading": reading}
        connection.execute(insert(kept.tables["readings"]), row)
        event = {"reading": 1, "position": 0, "id": "E1", "trigger": "w", "type": "ASSAULT", "status": "occurred"}
        event |= {"certainty": "certain", "confidence": 1, "spans": {}}
        connection.execute(insert(kept.tables["events"]), event)
        told = (("killed", 14, "at_least"), ("wounded", 40, "at_most"), ("missing", 3, "exact"))
        for n, (kind, value, bound) in enumerate(told):
            count = {"reading": 1, "event": 0, "position": n, "kind": kind, "value": value, "bound": bound}
            connection.execute(insert(kept.tables["counts"]), {**count, "words": "w", "start": 0, "end": 1})


@contextmanager
def at_version(place: Place, revision: str) -> Iterator[Connection]:
    """A ledger as an earlier version of the program made it, open for rows to be put in."""
    kept = database(place)
    engine = kept.engine(busy_seconds=1)
    with kept.for_writing(engine.connect()) as connection, connection.begin():
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        kept.mark_as_ledger(connection)
        yield connection
    engine.dispose()


REVISIONS = sorted(script.revision for script in ScriptDirectory.from_config(upgrade._config()).walk_revisions())


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_ledger_of_any_version_is_opened_with_all_it_holds(place: Place, tmp_path: Path, revision: str) -> None:
    some = [denial(), in_odesa(), *(synthetic(seed) for seed in range(6))]
    with Ledger.open(tmp_path / "today.sqlite") as today:
        for reading in some:
            today.add(reading)
        with today.connection() as connection, at_version(place, revision) as old:
            _put_in(old, {table: list(connection.execute(select(table))) for table in schema.metadata.sorted_tables})
        with Ledger.open(place) as ledger:
            with ledger.writing() as written:
                ledger.database.number_on(written)
            assert as_json(ledger) == as_json(today)
            for listed in (query.reports, query.events, query.attributions, query.entities):
                rows, expected = ([_as_then(row) for row in listed(kept).rows] for kept in (ledger, today))
                assert rows == expected, listed
            for called in ("varn", *(["UKR"] if revision > "0001" else [])):  # the first knew no coordinates
                found = [[row.id for row in query.events(kept, Filter(place=called)).rows] for kept in (ledger, today)]
                assert found[0] == found[1] != []
            assert query.reports(ledger, Filter(text="dispatch")) == query.reports(today, Filter(text="dispatch"))
            assert [ledger.add(reading) for reading in (*some, synthetic(99))] == [*(False for _ in some), True]
            assert {row.report for row in query.events(ledger, Filter(text='"dispatch 99"')).rows}
    assert_sound(place)


def _put_in(old: Connection, rows: dict[Table, list[Row[Any]]]) -> None:
    """Puts rows of today into tables of an earlier version: what these have no column for is not there yet."""
    kept = MetaData()
    kept.reflect(old)
    for table, found in rows.items():
        if table.name not in kept.tables:
            continue
        columns = kept.tables[table.name].columns
        for row in found:
            told = {name: value for name, value in row._mapping.items() if name in columns and value is not None}
            if "value" in columns:  # of a count, as the first version had it
                told["value"] = row._mapping["low"]
            old.execute(insert(kept.tables[table.name]), told)
            if table is schema.readings:
                report = json.loads(row._mapping["reading"])["report"]
                index_words(old, [(row._mapping["number"], search_words(f"{report['title'] or ''}\n{report['text']}"))])


def _as_then(row: Any) -> Any:
    """The row without what the first version did not know."""
    if not isinstance(row, EventRow):
        return row
    counts = tuple((count.kind, count.words) for count in row.counts)
    return replace(row, located=None, date_reason=None, counts=()), counts


def test_head_is_the_last_migration() -> None:
    assert ScriptDirectory.from_config(upgrade._config()).get_current_head() == schema.HEAD


def test_several_processes_make_the_same_ledger_at_once(place: Place) -> None:
    children = [in_child(lambda: Ledger.open(place).close()) for _ in range(4)]
    assert [wait_for(child) for child in children] == [0] * 4
    assert ask(place, "SELECT version_num FROM alembic_version") == [(schema.HEAD,)]


def test_missing_ledger_is_not_made_when_one_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger at") as refused:
        Ledger.open(tmp_path / "none.sqlite", create=False)
    assert "add reports first" in refused.value.cure
    assert not (tmp_path / "none.sqlite").exists()


def test_a_place_with_nothing_in_it_is_no_ledger(place: Place) -> None:
    if isinstance(place, Path):
        place.touch()
    with pytest.raises(LedgerError, match="no ledger at") as refused:
        Ledger.open(place, create=False)
    assert "add reports first" in refused.value.cure
    assert Ledger.open_as_it_is(place) is None


@pytest.mark.parametrize("scheme", ["mysql", "https", "postgresql+psycopg", "sqlite"])
def test_a_place_of_another_kind_is_refused_without_its_password(scheme: str) -> None:
    with pytest.raises(UsageError, match="names no place") as refused:
        Ledger.open(f"{scheme}://keeper:s3cret@host/ledger")
    assert "s3cret" not in str(refused.value) and "postgresql://user@host/database" in refused.value.cure


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


def test_newer_ledger_is_refused_and_left_alone(place: Place) -> None:
    Ledger.open(place).close()
    change(place, "UPDATE alembic_version SET version_num = '0999'")
    before = contents(place)
    for open in (Ledger.open, Ledger.open_as_it_is):
        with pytest.raises(NewerLedger, match="0999") as refused:
            open(place)
        assert "upgrade Dragoman" in refused.value.cure
    assert contents(place) == before
    assert ask(place, "SELECT version_num FROM alembic_version") == [("0999",)]


def test_open_to_read_lets_nothing_be_written(place: Place) -> None:
    with Ledger.open(place) as ledger:
        ledger.add(denial())
    before = contents(place)
    event = f"{denial().report.id[:12]}:E1"
    with Ledger.open_to_read(place) as ledger:
        assert ledger.event(event)[1] == denial().events[0]
        writes: list[Callable[[], object]] = [
            lambda: ledger.add(in_odesa()),
            lambda: ledger.retract(denial().report.id, "2031-03-09"),
            lambda: ledger.correct(event, "certainty", "possible"),
            lambda: ledger.grade("event:x", "2"),
            lambda: ledger.undo(),
        ]
        for write in writes:
            with pytest.raises(LedgerWriteFailed, match="only to be read"):
                write()
        for statement in ("DELETE FROM events", "DROP TABLE events", "CREATE TABLE more (x integer)"):
            with pytest.raises(LedgerWriteFailed), ledger.connection() as connection:  # nor by the database
                connection.exec_driver_sql(statement)
                connection.commit()
        assert of_ledger.happening(ledger, event).id == event  # worked out, though it cannot be kept
    assert contents(place) == before


def test_open_to_read_needs_a_ledger_of_this_version(place: Place) -> None:
    with pytest.raises(LedgerError, match="no ledger at"):
        Ledger.open_to_read(place)
    Ledger.open(place).close()
    change(place, "UPDATE alembic_version SET version_num = '0004'")
    with pytest.raises(LedgerError, match="earlier version") as refused:
        Ledger.open_to_read(place)
    assert "up to date" in refused.value.cure
    assert ask(place, "SELECT version_num FROM alembic_version") == [("0004",)]


def test_damaged_ledger_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    Ledger.open(path).close()
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(LedgerError, match="damaged") as refused:
        Ledger.open(path).counts()
    assert "backup" in refused.value.cure


def test_ledger_without_a_version_is_told(place: Place) -> None:
    Ledger.open(place).close()
    change(place, "DELETE FROM alembic_version")
    with pytest.raises(LedgerError, match="which version") as refused:
        Ledger.open(place)
    assert "backup" in refused.value.cure


def test_file_without_the_table_of_its_version_is_told(tmp_path: Path) -> None:
    Ledger.open(tmp_path / "ledger.sqlite").close()
    change(tmp_path / "ledger.sqlite", "DROP TABLE alembic_version")
    with pytest.raises(LedgerError, match="which version"):
        Ledger.open(tmp_path / "ledger.sqlite")


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
    for above in takewhile(lambda path: path != Path(gettempdir()), (folder, *folder.parents)):
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
