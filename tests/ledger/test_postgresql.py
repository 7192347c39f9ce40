"""What a ledger on PostgreSQL has of its own: its address, its errors, its order of letters, its search."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import inspect

from dragoman.errors import DragomanError, LedgerBusy, LedgerError, LedgerWriteFailed, NotALedger, UsageError
from dragoman.ledger import query, schema, words
from dragoman.ledger.database import database
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from tests.builders import ReadingBuilder, denial, make_report
from tests.ledger.helpers import assert_whole, contents
from tests.ledger.synthetic import synthetic
from tests.postgresql import KEEPER, PASSWORD, Server, ask


@pytest.fixture
def name(postgresql: Server) -> Iterator[str]:
    """An empty database."""
    name = postgresql.new_database()
    yield name
    postgresql.drop_database(name)


@pytest.fixture
def url(postgresql: Server, name: str) -> str:
    """Its address."""
    return postgresql.url(name)


def refused(place: str, kind: type[DragomanError] = LedgerError) -> DragomanError:
    """The error of opening, once it is found to be of that very kind and to tell no password."""
    with pytest.raises(kind) as told:
        Ledger.open(place, busy_seconds=0.1)
    assert type(told.value) is kind and told.value.cure
    assert PASSWORD not in str(told.value) and "s3cret" not in str(told.value)
    return told.value


# --- the address ------------------------------------------------------------------------------


def test_a_password_opens_the_ledger_and_is_in_no_name(postgresql: Server, name: str) -> None:
    with Ledger.open(postgresql.url_by_port(name, PASSWORD)) as ledger:
        assert ledger.add(denial()) is True
        assert ledger.database.name == f"postgresql://{KEEPER}@127.0.0.1:{postgresql.port}/{name}"
    told = f"postgres://127.0.0.1:{postgresql.port}/{name}?user={KEEPER}&password={PASSWORD}"
    with Ledger.open(told, create=False) as ledger:
        assert ledger.has(denial().report.id)
        assert PASSWORD not in ledger.database.name and PASSWORD not in repr(ledger.database)


def test_a_wrong_password_is_told(postgresql: Server, name: str) -> None:
    error = refused(postgresql.url_by_port(name, "s3cret"))
    assert "refuses the user or the password" in error.what and "PGPASSWORD" in error.cure


def test_an_unknown_user_is_told(postgresql: Server, name: str) -> None:
    assert "refuses the user" in refused(postgresql.url(name, user="stranger")).what


def test_a_database_that_is_not_there_is_told(postgresql: Server) -> None:
    error = refused(postgresql.url("nowhere"))
    assert "there is no database" in error.what and "nowhere" in error.what and "createdb" in error.cure


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, but nobody listens
        error = refused(f"postgresql://keeper:s3cret@127.0.0.1:{taken.getsockname()[1]}/ledger")
    assert "cannot be reached" in error.what and "server runs there" in error.cure
    assert "cannot be reached" in refused(f"postgresql:///ledger?host={tmp_path}").what


@pytest.mark.parametrize(
    "address",
    ["postgresql://keeper:s3cret@host/ledger?nonsense=1", "postgresql://keeper:s3cret@[host/x", "postgres://?a=s3cret"],
)
def test_an_address_that_is_none_is_told(address: str) -> None:
    assert "postgresql://user@host:port/database" in refused(address, UsageError).cure


def test_a_database_in_another_encoding_is_told(postgresql: Server) -> None:
    latin = postgresql.new_database("template0", encoding="LATIN1")
    error = refused(postgresql.url(latin))
    assert "LATIN1" in error.what and "UTF8" in error.cure
    postgresql.drop_database(latin)


# --- what is there ----------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["reports (id text)", "alembic_version (version_num text)"])
def test_a_database_of_something_else_is_refused_and_left_alone(postgresql: Server, name: str, table: str) -> None:
    postgresql.tell(name, f"CREATE TABLE {table}")
    error = refused(postgresql.url(name), NotALedger)
    assert "holds other tables" in error.what and "empty one" in error.cure
    found = ask(postgresql.url(name), "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert found == [(table.partition(" ")[0],)]


def test_the_migrations_make_the_tables_of_the_schema(postgresql: Server, url: str) -> None:
    Ledger.open(url).close()
    direct = postgresql.url(postgresql.new_database())
    kept = database(direct)
    engine = kept.engine(busy_seconds=5)
    with kept.for_writing(engine.connect()) as connection, connection.begin():
        schema.metadata.create_all(connection)
    engine.dispose()
    assert made(url) == made(direct)


def made(url: str) -> dict[str, Any]:
    """All that the server knows of the ledger's tables, in no order; index definitions in its own words."""
    with database(url).look(busy_seconds=5) as connection:
        there = inspect(connection)
        tables = set(there.get_table_names()) - {"alembic_version", words.SEARCHED}
        columns = {
            table: sorted(
                (column["name"], str(column["type"]), getattr(column["type"], "collation", None), column["nullable"])
                for column in there.get_columns(table)
            )
            for table in tables
        }
        keys = {table: there.get_pk_constraint(table)["constrained_columns"] for table in tables}
        foreign = {
            table: sorted(
                (key["constrained_columns"], key["referred_table"], key["referred_columns"])
                for key in there.get_foreign_keys(table)
            )
            for table in tables
        }
    indexes = ask(url, "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname")
    told = sorted(line for (line,) in indexes if words.SEARCHED not in line and "alembic_version" not in line)
    assert all(collation == "C" for told in columns.values() for _, type, collation, _ in told if type == "TEXT")
    return {"columns": columns, "keys": keys, "foreign": foreign, "indexes": told}


def test_order_is_that_of_code_points_whatever_the_language_of_the_server(url: str) -> None:
    assert ask(url, "SELECT 'a' < 'B', 'a' < 'B' COLLATE \"C\"") == [(True, False)]  # the server sorts as English does
    names = ["Zed", "alpha", "Beta", "ähre", "zed", "Öl", "_x"]
    make = ReadingBuilder(make_report(" ".join(names)))
    for one in names:
        make.entity(one, "person", mentions=[one], country=one)
    with Ledger.open(url) as ledger:
        ledger.add(make.build())
        rows = [row.name for row in query.entities(ledger).rows]
    assert rows == ["_x", "ähre", "alpha", "Beta", "Öl", "Zed", "zed"]


# --- who may do what --------------------------------------------------------------------------


def test_a_user_who_may_only_read_reads_and_is_told(postgresql: Server, name: str) -> None:
    with Ledger.open(postgresql.url(name)) as ledger:
        ledger.add(denial())
    postgresql.tell(
        name,
        "CREATE ROLE reader LOGIN",
        "CREATE ROLE outsider LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    with Ledger.open(postgresql.url(name, user="reader")) as ledger:
        assert list(ledger.readings()) == [denial()]
        with pytest.raises(LedgerWriteFailed, match="permission denied") as told:
            ledger.add(synthetic(1))
        assert "rights" in told.value.cure
    assert "permission denied" in refused(postgresql.url(name, user="outsider"), LedgerWriteFailed).what
    postgresql.tell(
        name,
        "GRANT INSERT ON ALL TABLES IN SCHEMA public TO reader",
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO reader",
    )
    with Ledger.open(postgresql.url(name, user="reader")) as ledger:
        assert ledger.add(synthetic(1)) is True  # the rights that the guide names
    empty = postgresql.new_database()
    assert "permission denied" in refused(postgresql.url(empty, user="reader"), LedgerWriteFailed).what
    postgresql.drop_database(empty)
    postgresql.tell(name, "DROP OWNED BY reader", "DROP ROLE reader", "DROP ROLE outsider")


def test_a_ledger_opened_as_it_is_is_not_written(url: str) -> None:
    Ledger.open(url).close()
    with Ledger.open_as_it_is(url) or pytest.fail("there is a ledger") as ledger:
        assert not ledger.has(denial().report.id)
        with pytest.raises(LedgerWriteFailed, match="only to be read"):
            ledger.add(denial())


# --- transactions -----------------------------------------------------------------------------


def test_a_reader_sees_one_moment_and_hinders_no_writer(url: str) -> None:
    with Ledger.open(url) as ledger, Ledger.open(url, busy_seconds=0.5) as writer:
        ledger.add(synthetic(1))
        with ledger.connection() as connection:
            count = schema.reports.select()
            assert len(connection.execute(count).all()) == 1
            assert writer.add(synthetic(2)) is True
            assert len(connection.execute(count).all()) == 1
        assert ledger.counts()["reports"] == 2


def test_writers_come_one_after_the_other(url: str) -> None:
    """Each sees what the one before it wrote: the same report by two at once is added by one."""
    some, added = [synthetic(seed, sentences=3) for seed in range(15)], []

    def add_all() -> None:
        with Ledger.open(url) as ledger:
            added.append(sum(ledger.add(reading) for reading in some))

    threads = [threading.Thread(target=add_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(added) == 4 and sum(added) == len(some)
    assert_whole(url, some)


def test_a_lock_by_another_program_is_told_as_busy(url: str) -> None:
    with Ledger.open(url, busy_seconds=0.1) as ledger, psycopg.connect(url) as other:
        other.execute("LOCK TABLE readings IN ACCESS EXCLUSIVE MODE")
        for ask_or_add in (lambda: ledger.add(denial()), lambda: ledger.counts()):
            with pytest.raises(LedgerBusy, match="another process"):
                ask_or_add()


def test_a_connection_that_is_cut_off_is_told_and_the_next_call_goes_on(url: str) -> None:
    with Ledger.open(url) as ledger:
        ledger.add(synthetic(1))
        before = contents(url)
        with pytest.raises(LedgerWriteFailed, match="was lost") as lost, ledger.writing() as connection:
            connection.execute(schema.reports.insert(), {"id": "0" * 64, "recorded_at": ""})
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            ask(url, f"{cut} AND pid <> pg_backend_pid()")
            connection.execute(schema.reports.select()).all()
        assert "try again" in lost.value.cure
        assert contents(url) == before
        assert ledger.add(synthetic(2)) is True
    assert_whole(url, [synthetic(1), synthetic(2)])


# --- texts of any length ----------------------------------------------------------------------


def test_names_longer_than_a_sorted_index_takes(url: str, tmp_path: Path) -> None:
    words = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(9000))  # nothing in it to compress
    make = ReadingBuilder(make_report(f"{words} said so.", outlet=words), made_by=MadeBy(words, words, words))
    who = make.entity(words, "person", mentions=[words], country=words)
    make.attribution(source=[words], cue=["said"], content=["so"], entity=who)
    reading = make.build()
    with Ledger.open(url) as ledger, Ledger.open(tmp_path / "ledger.sqlite") as file:
        for kept in (ledger, file):
            assert kept.add(reading) is True
            assert kept.add(reading) is False
            kept.add(synthetic(1))
            kept.judge(f"{reading.report.id}:N1", f"{synthetic(1).report.id}:N1", "same")
        for listed in (query.attributions, query.entities):
            for filter in (Filter(), Filter(actor=words[5000:6000])):
                assert listed(ledger, filter) == listed(file, filter)
                assert listed(ledger, filter).rows
    assert ask(url, "SELECT max(length(folded)) FROM names") == [(9000,)]


# --- full text --------------------------------------------------------------------------------


def told(text: str, title: str | None = None) -> Reading:
    """A report of some words."""
    return ReadingBuilder(make_report(text, title=title)).build()


LONG = "x" * 3000
DISTINCT = [f"w{number:x}" for number in range(200_000)]


@pytest.mark.parametrize(
    ("text", "found", "not_found"),
    [
        ("one " * 20_000 + "two three", '"one two three"', '"two one"'),
        (" ".join(DISTINCT[:20_000]), f'"{DISTINCT[19_998]} {DISTINCT[19_999]}"', f'"{DISTINCT[5]} {DISTINCT[7]}"'),
        (" ".join(DISTINCT), f'"{DISTINCT[199_998]} {DISTINCT[199_999]}" w5', f'"{DISTINCT[5]} {DISTINCT[7]}"'),
        (" ".join(DISTINCT), DISTINCT[100_000], "wzzz"),
        (f"a {LONG}y b", "b a", f"{LONG[:900]}"),
        (f"a {LONG[:990]}y b", f'"a {LONG[:990]}y b"', f"{LONG[:990]}z"),
        ("Ünïcode ﬁsh İstanbul ß 東京 Ⅷ", '"unicode FISH" "ss 東京" viii', "fis"),
        ("it's O'Neill's \\ & | ! <-> :* 'quoted'", "\"o'neill's\" quoted", "'quoted & zzz'"),
    ],
    ids=range(8),
)
def test_long_and_strange_texts_are_found_as_on_sqlite(
    url: str, tmp_path: Path, text: str, found: str, not_found: str
) -> None:
    some = [told(text, title="Title words"), told("nothing of the kind")]
    with Ledger.open(url) as ledger, Ledger.open(tmp_path / "ledger.sqlite") as file:
        for kept in (ledger, file):
            for reading in some:
                assert kept.add(reading) is True
            assert [row.id for row in query.reports(kept, Filter(text=found)).rows] == [some[0].report.id], kept
            assert query.reports(kept, Filter(text=not_found)).rows == (), kept
            assert [row.id for row in query.reports(kept, Filter(text='"title words"')).rows] == [some[0].report.id]


def test_words_are_looked_up_in_the_index(url: str) -> None:
    with Ledger.open(url) as ledger, ledger.connection() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # which it prefers where there are few
        statement = schema.readings.select().where(words.has_phrases([["dispatch", "77"]]))
        bound = statement.compile(connection, compile_kwargs={"literal_binds": True})
        plan = "\n".join(line for (line,) in connection.exec_driver_sql(f"EXPLAIN {bound}").all())
        assert "report_words_lexemes" in plan and "Seq Scan on report_words" not in plan, plan
