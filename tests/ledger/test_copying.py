"""A ledger copied whole: between files and databases, to and fro, or not at all."""

from __future__ import annotations

import os
import signal
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Table

from dragoman.compare.of_ledger import happenings, trees
from dragoman.errors import LedgerError, LedgerWriteFailed, NotALedger
from dragoman.ledger import copying, query
from dragoman.ledger.accounts import add_user
from dragoman.ledger.audit import Act, record
from dragoman.ledger.copying import copy
from dragoman.ledger.feeds import Told, note, watch
from dragoman.ledger.query import Filter
from dragoman.ledger.searches import save
from dragoman.ledger.sessions import sign_in
from dragoman.ledger.store import Ledger
from dragoman.ledger.tokens import add_token
from dragoman.records import Capture, MadeBy, Reading
from dragoman.show.exports import export
from tests.builders import denial
from tests.ledger.helpers import ask, assert_sound, change, contents, in_child, wait_for
from tests.ledger.places import Databases, Files, Place, Places, borrowed
from tests.ledger.strategies import reading_of_anything
from tests.ledger.synthetic import synthetic
from tests.postgresql import Server

OLDER = MadeBy("0", "old", "0")


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with superseded readings, copies with and without a date, all that people decide, and comparisons."""
    path = tmp_path_factory.mktemp("full") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for seed in range(8):
            ledger.add(replace(synthetic(seed), made_by=OLDER))
        page = b"<p>as it came</p>" * 999
        taken = Capture("https://x.example/1", "2031-03-04T05:06:07Z", sha256(page).hexdigest(), len(page), "text/html")
        captured = replace(synthetic(21).report, capture=replace(taken, status=200, content=page))
        ledger.add(replace(synthetic(21), report=captured))
        for reading in (denial(), *(synthetic(seed) for seed in range(20))):
            undated = replace(reading.report, published=None, title=None)
            ledger.add(replace(reading, report=undated))
            ledger.add(reading)
        one, other = (f"{reading.report.id}:N1" for reading in (synthetic(1), denial()))
        for verdict in ("same", "different"):
            ledger.judge(one, other, verdict, "Nia\x00 O’Connell")
        events = [f"{synthetic(seed).report.id}:E1" for seed in range(3)]
        ledger.judge(events[0], events[1], "same")
        ledger.correct(events[2], "status", "planned", "it was only planned")
        ledger.retract(synthetic(4).report.id, "2031-05-01")
        ledger.grade("Harbour Post", "C")
        _use_the_page(ledger)
        assert len(trees(ledger)) > 0
        assert len(happenings(ledger)) > 0
    return path


def _use_the_page(ledger: Ledger) -> None:
    """An account with a session and a token, a line of the audit list, a saved search, and a feed with an entry."""
    add_user(ledger, "mara", "four horses in the rain", "admin", "(command line)")
    add_token(ledger, "nightly export", "mara", "read", 90, "mara")
    record(ledger, Act("mara", "POST /x", "/x", "done", "192.0.2.7"))
    assert sign_in(ledger, "mara", "four horses in the rain", hours=1)
    with ledger.writing() as connection:
        save(connection, "mara", "grain", "text=grain", "mara")
        watch(connection, "https://x.example/feed", "X", "2031-03-04T05:06:07+00:00")
        told = Told(id="1", address="https://x.example/1", title="One", published="", digest="d")
        note(connection, 1, [told], "2031-03-04T05:06:07+00:00")


@pytest.fixture(params=["sqlite-postgresql", "postgresql-sqlite", "sqlite-sqlite", "postgresql-postgresql"])
def ways(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """A place to copy from and one to copy to, both with nothing in them."""
    kinds: dict[str, Callable[[], Places]] = {
        "sqlite": lambda: Files(tmp_path),
        "postgresql": lambda: Databases(request.getfixturevalue("postgresql")),
    }
    made = {kind: kinds[kind]() for kind in request.param.split("-")}  # one maker of each kind: it numbers its places
    one, other = (made[kind] for kind in request.param.split("-"))
    with borrowed(one) as come_from, borrowed(other) as go_to:
        yield come_from, go_to


def rows(place: Place) -> dict[str, list[tuple[object, ...]]]:
    """Every row that is copied, and not how SQLite's index of words happens to be laid out."""
    return {name: found for name, found in contents(place).items() if name not in ("report_words", "sessions")}


def same(one: Place, other: Place) -> bool:
    """Whether two ledgers have the same rows; pytest would write out the difference of all of them for minutes."""
    left, right = rows(one), rows(other)
    assert [name for name in left if left[name] != right[name]] == []
    return left.keys() == right.keys()


def exported(place: Place) -> str:
    """The export, byte for byte, as its checksum."""
    with Ledger.open(place, create=False) as ledger:
        return sha256(b"".join(export(ledger, Filter(), "jsonl"))).hexdigest()


def found(place: Place) -> str:
    """What lists and searches give, as its checksum."""
    with Ledger.open(place, create=False) as ledger:
        lists = (query.reports, query.events, query.attributions, query.entities)
        asked = (Filter(), Filter(text='varn "on Monday"'))
        told = [[listed(ledger, filter, limit=100) for listed in lists for filter in asked], ledger.counts()]
        return sha256(repr(told).encode("utf-8", "surrogatepass")).hexdigest()


def test_everything_is_copied_and_the_source_left_as_it_was(full: Path, ways: tuple[Place, Place]) -> None:
    come_from, go_to = ways
    copy(full, come_from)
    before = contents(come_from)
    counted = copy(come_from, go_to)
    assert contents(come_from) == before
    assert same(go_to, full)
    assert counted == {name: len(found) for name, found in rows(full).items()}
    assert counted["readings"] > counted["reports"] and counted["judgements"] == 2
    assert [table for table, count in counted.items() if not count and table != "relations"] == []
    assert exported(go_to) == exported(full)
    assert found(go_to) == found(full)
    assert len(contents(full)["sessions"]) == 1 and contents(go_to)["sessions"] == []
    assert_sound(go_to)


def test_there_and_back_again_gives_the_same_export(full: Path, postgresql: Server, tmp_path: Path) -> None:
    with borrowed(Databases(postgresql)) as between:
        copy(full, between)
        copy(between, tmp_path / "back.sqlite")
        assert exported(tmp_path / "back.sqlite") == exported(between) == exported(full)
    assert same(tmp_path / "back.sqlite", full)
    assert found(tmp_path / "back.sqlite") == found(full)


def test_adding_goes_on_after_it(full: Path, ways: tuple[Place, Place]) -> None:
    _, go_to = ways
    copy(full, go_to)
    last = max(number for (number,) in ask(go_to, "SELECT number FROM readings"))
    with Ledger.open(go_to) as ledger:
        assert ledger.add(synthetic(3)) is False
        assert ledger.add(synthetic(1000)) is True
        assert ledger.add(replace(synthetic(5), made_by=MadeBy("9", "new", "9"))) is True
        ledger.judge(f"{synthetic(1).report.id}:N1", f"{denial().report.id}:N1", "unsure")
    added = ask(go_to, f"SELECT number FROM readings WHERE number > {last} ORDER BY number")
    assert added == [(last + 1,), (last + 2,)]
    assert ask(go_to, "SELECT number, verdict FROM judgements ORDER BY number") == [
        (1, "same"), (2, "different"), (3, "unsure"),
    ]  # fmt: skip
    assert_sound(go_to)


@given(some=st.lists(reading_of_anything(), max_size=3, unique_by=lambda reading: reading.report.id))
@hypothesis_settings(max_examples=25, deadline=None)
def test_any_words_are_the_same_on_both(
    postgresql: Server, tmp_path_factory: pytest.TempPathFactory, some: list[Reading]
) -> None:
    files = Files(tmp_path_factory.mktemp("any"))
    with borrowed(files) as file, borrowed(Databases(postgresql)) as database, borrowed(files) as back:
        with Ledger.open(file) as ledger:
            for reading in some:
                ledger.add(reading)
        copy(file, database)
        copy(database, back)
        assert same(file, back) and same(file, database)
        assert found(file) == found(database) == found(back)


# --- what is refused --------------------------------------------------------------------------


def test_only_an_empty_place_is_copied_into(full: Path, ways: tuple[Place, Place]) -> None:
    _, go_to = ways
    with Ledger.open(go_to) as ledger:
        ledger.add(denial())
    before = contents(go_to)
    with pytest.raises(LedgerError, match="has a ledger already") as refused:
        copy(full, go_to)
    assert "nothing yet" in refused.value.cure
    assert contents(go_to) == before


def test_a_ledger_without_any_row_is_empty(full: Path, place: Place) -> None:
    Ledger.open(place).close()
    copy(full, place)
    assert same(place, full)


def test_something_else_is_not_copied_into(full: Path, place: Place) -> None:
    if isinstance(place, Path):
        ask(place, "VACUUM")
    change(place, "CREATE TABLE letters (words text)")
    with pytest.raises(NotALedger):
        copy(full, place)
    assert ask(place, "SELECT * FROM letters") == []


def test_a_place_without_a_ledger_is_not_copied_from(place: Place, tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="no ledger at"):
        copy(place, tmp_path / "new" / "copy.sqlite")
    if isinstance(place, Path):
        place.touch()
        with pytest.raises(LedgerError, match="no ledger at"):
            copy(place, tmp_path / "new" / "copy.sqlite")
    assert not (tmp_path / "new").exists()


def test_a_ledger_of_an_earlier_version_is_left_as_it_is(place: Place, tmp_path: Path) -> None:
    Ledger.open(place).close()
    change(place, "UPDATE alembic_version SET version_num = '0001'")
    with pytest.raises(LedgerError, match="version 0001") as refused:
        copy(place, tmp_path / "copy.sqlite")
    assert "upgrades it" in refused.value.cure
    assert ask(place, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert not (tmp_path / "copy.sqlite").exists()


# --- whole or not at all ----------------------------------------------------------------------


def nothing_in(place: Place) -> bool:
    """Whether a place is as it was before anything was copied there."""
    return Ledger.open_as_it_is(place) is None


@pytest.mark.parametrize("table", ["readings", "participants"])
def test_what_comes_out_otherwise_is_not_kept(
    full: Path, place: Place, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    """As if the database had changed a word on its way."""

    def changing(read: Connection, come_from: object, written: Connection, copied: Table) -> object:
        sum = copy_table(read, come_from, written, copied)  # type: ignore[arg-type]
        if copied.name == table:
            column = "title" if table == "readings" else "words"
            written.exec_driver_sql(f"UPDATE {table} SET {column} = 'other' WHERE {column} IS NOT NULL")
        return sum

    copy_table = copying._copy_table
    monkeypatch.setattr(copying, "_copy_table", changing)
    with pytest.raises(LedgerWriteFailed, match=f"{table} came out otherwise"):
        copy(full, place)
    assert nothing_in(place)


def test_words_that_are_missing_are_noticed(full: Path, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "index_words", lambda _connection, _indexed: None)
    with pytest.raises(LedgerWriteFailed, match="index of words"):
        copy(full, place)
    assert nothing_in(place)


def copy_and_wait(source: Place, target: Place) -> None:
    copy(source, target)
    signal.pause()


def test_a_copy_that_is_killed_leaves_nothing(full: Path, place: Place) -> None:
    for seconds in (0.05, 0.15, 0.3):
        child = in_child(lambda: copy_and_wait(full, place))
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        assert wait_for(child) == -signal.SIGKILL
        with Ledger.open(place) as ledger:  # waits until the server has noticed
            there = ledger.counts()["reports"]
        assert there in (0, 21)
        if there:  # it was quicker
            return
    copy(full, place)
    assert same(place, full)


def test_memory_stays_flat(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight times the reports take no more memory."""
    monkeypatch.setattr(copying, "_AT_ONCE", 20)
    monkeypatch.setitem(copying._LARGE_AT_ONCE, "readings", 4)
    peaks: list[int] = []
    for reports in (10, 10, 80):  # what is only made once is made the first time
        with Ledger.open(tmp_path / f"{len(peaks)}.sqlite") as ledger:
            for seed in range(reports):
                ledger.add(synthetic(seed, sentences=2, filler=30))
        with borrowed(places) as place:
            tracemalloc.start()
            copy(tmp_path / f"{len(peaks)}.sqlite", place)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1] + 100_000, peaks
