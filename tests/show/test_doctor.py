"""The doctor finds what is wrong, names the cure, changes nothing and always comes to its end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.ledger import schema
from dragoman.ledger.store import Ledger
from dragoman.show import doctor
from dragoman.show.doctor import FAILURE, OK, WARNING, Check, examine
from tests.builders import denial
from tests.postgresql import PASSWORD, Server


def found(settings: Settings) -> dict[str, Check]:
    """The checks by name."""
    return {check.name: check for check in examine(settings)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A ledger with one report in it."""
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        ledger.add(denial())
    return path


def test_a_sound_installation(path: Path) -> None:
    before = path.read_bytes()
    checks = found(Settings(ledger=str(path)))
    for name in ("Python", "packages", "loading", "SQLite", "ledger", "disk"):
        assert checks[name].state == OK, checks[name]
    assert checks["ledger"].found.endswith("sound, 1 report")
    assert path.read_bytes() == before


def test_no_ledger_yet_is_well_and_none_is_made(tmp_path: Path) -> None:
    check = found(Settings(ledger=str(tmp_path / "new" / "ledger.sqlite")))["ledger"]
    assert check.state == OK and "none yet" in check.found
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    check = found(Settings(model=str(tmp_path), ledger=str(tmp_path / "l")))["model"]
    assert check.state == FAILURE and check.cure


@pytest.mark.parametrize("where", [0, 100, 4096])
def test_a_damaged_ledger(path: Path, where: int) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:where] + b"\xa5" * (len(raw) - where))
    check = found(Settings(ledger=str(path)))["ledger"]
    assert check.state == FAILURE and check.cure and str(path) in check.found


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    text, other = tmp_path / "letter.txt", tmp_path / "other.sqlite"
    text.write_text("Dear Sir or Madam, " * 100)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE alembic_version (version_num)")
    connection.commit()
    connection.close()
    for path in (text, other, tmp_path):
        check = found(Settings(ledger=str(path)))["ledger"]
        assert check.state == FAILURE and check.cure, path


def change(path: Path, *statements: str) -> None:
    """Does something to a ledger behind its back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def test_a_ledger_of_a_newer_version(path: Path) -> None:
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    check = found(Settings(ledger=str(path)))["ledger"]
    assert (check.state, "9999" in check.found) == (FAILURE, True)
    assert check.cure.startswith("upgrade Dragoman")


def test_a_ledger_of_an_older_version(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stands_at = schema.HEAD
    monkeypatch.setattr(schema, "HEAD", "9998")
    before = path.read_bytes()
    check = found(Settings(ledger=str(path)))["ledger"]
    assert (check.state, stands_at in check.found) == (WARNING, True)
    assert "upgraded when it is opened" in check.cure
    assert path.read_bytes() == before


def test_a_ledger_that_another_process_writes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "BUSY_SECONDS", 0.05)
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        check = found(Settings(ledger=str(path)))["ledger"]
    assert check.state == WARNING
    assert "another process is writing" in check.found
    assert "try again" in check.cure and "backup" not in check.cure
    assert found(Settings(ledger=str(path)))["ledger"].state == OK


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DROP TABLE events", "the table events is missing"),
        ("DROP TABLE report_words", "the table report_words is missing"),
        ("DROP INDEX readings_by_date", "the index readings_by_date is missing"),
        ("ALTER TABLE counts RENAME COLUMN bound TO bounds", "counts has no bound"),
        ("DELETE FROM names", "names that is not there"),
        ("DROP TABLE alembic_version", "which version"),
        ("DELETE FROM alembic_version", "which version"),
        ("DROP TABLE report_words_idx", "cannot be read"),
    ],
)
def test_a_ledger_that_is_not_whole(path: Path, damage: str, told: str) -> None:
    change(path, damage)
    before = path.read_bytes()
    check = found(Settings(ledger=str(path)))["ledger"]
    assert check.state == FAILURE and told in check.found
    assert "backup" in check.cure
    assert path.read_bytes() == before


@pytest.mark.parametrize("database", [False, True])
def test_an_empty_file_is_a_ledger_to_be(tmp_path: Path, database: bool) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    if database:  # one with nothing in it
        change(path, "CREATE TABLE notes (words)", "DROP TABLE notes")
    before = path.read_bytes()
    check = found(Settings(ledger=str(path)))["ledger"]
    assert check.state == OK
    assert "empty" in check.found and "dragoman add" in check.found
    assert path.read_bytes() == before
    Ledger.open(path).close()
    assert found(Settings(ledger=str(path)))["ledger"].found.endswith("sound, 0 reports")


@pytest.mark.parametrize("full", [True, False])
def test_a_ledger_that_can_only_be_read(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    if not full:
        path = tmp_path / "empty.sqlite"
        path.touch()
    check = found(Settings(ledger=str(path)))["ledger"]
    assert (check.state, check.cure) == (WARNING, "make the file writable, to add to it")


def test_a_package_that_is_missing_or_old(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(name: str) -> str:
        if name == "tokenizers":
            raise PackageNotFoundError(name)
        return "0.1" if name == "numpy" else "99"

    monkeypatch.setattr(doctor, "version", version)
    check = found(Settings())["packages"]
    assert check.state == FAILURE
    assert "tokenizers is missing" in check.found and "numpy 0.1 is too old" in check.found
    assert check.cure


def test_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    class Installed:
        requires = ("numpy>=1", "spacy>=3.8; extra == 'spacy'", 'mcp>=2 ; extra == "mcp"', "ruff; extra == 'dev'")

    def version(name: str) -> str:
        if name == "spacy":
            raise PackageNotFoundError(name)
        return mcp

    monkeypatch.setattr(doctor, "distribution", lambda _name: Installed)
    monkeypatch.setattr(doctor, "version", version)
    mcp = "2.3.0"
    check = found(Settings())["extras"]
    assert (check.state, check.found) == (OK, "spacy: spacy is missing; mcp: there")
    mcp = "1.9.0"
    check = found(Settings())["extras"]
    assert check.state == WARNING and "mcp 1.9.0 is too old" in check.found and "dragoman[mcp]" in check.cure


def test_a_package_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "NATIVE", ("numpy", "no_such_package.core"))
    check = found(Settings())["loading"]
    assert check.state == FAILURE and "no_such_package" in check.found
    assert check.cure.endswith("no_such_package")


def test_a_check_that_breaks_does_not_end_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Check:
        raise RuntimeError("out of order")

    monkeypatch.setattr(doctor, "_sqlite", broken)
    checks = list(examine(Settings()))
    assert [check.state for check in checks if check.name == "SQLite"] == [FAILURE]
    assert checks[-1].name == "terminal"


# --- a ledger on PostgreSQL -------------------------------------------------------------------


@pytest.fixture
def name(postgresql: Server) -> Iterator[str]:
    """A database whose ledger has one report."""
    name = postgresql.new_database()
    with Ledger.open(postgresql.url(name)) as ledger:
        ledger.add(denial())
    yield name
    postgresql.drop_database(name)


def test_a_sound_ledger_on_a_server(postgresql: Server, name: str) -> None:
    checks = found(Settings(ledger=postgresql.url_by_port(name, PASSWORD)))
    assert checks["ledger"].state == checks["disk"].state == OK, checks
    assert "(PostgreSQL " in checks["ledger"].found and checks["ledger"].found.endswith("sound, 1 report")
    assert PASSWORD not in checks["ledger"].found and "server" in checks["disk"].found


def test_a_server_that_does_not_answer(tmp_path: Path) -> None:
    check = found(Settings(ledger=f"postgresql://keeper:s3cret@/ledger?host={tmp_path}"))["ledger"]
    assert check.state == FAILURE and "cannot be reached" in check.found and check.cure
    assert "s3cret" not in f"{check.found} {check.cure}"


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DROP TABLE relations", "the table relations is missing"),
        ("DROP TABLE report_words", "the table report_words is missing"),
        ("DROP INDEX readings_by_date", "the index readings_by_date is missing"),
        ("DROP INDEX entities_by_name", "the index entities_by_name is missing"),
        ("ALTER TABLE counts RENAME COLUMN bound TO bounds", "counts has no bound"),
        ("SET session_replication_role = replica; DELETE FROM names", "name one in names that is not there"),
        ("DELETE FROM report_words", "1 of readings are not in report_words"),
        ("DELETE FROM alembic_version", "which version"),
        ("UPDATE alembic_version SET version_num = '9999'", "9999"),
        ("COMMENT ON TABLE alembic_version IS NULL", "holds other tables"),
    ],
)
def test_a_ledger_on_a_server_that_is_not_whole(postgresql: Server, name: str, damage: str, told: str) -> None:
    postgresql.tell(name, damage)
    check = found(Settings(ledger=postgresql.url(name)))["ledger"]
    assert check.state == FAILURE and told in check.found, check
    assert check.cure


def test_a_ledger_on_a_server_that_can_only_be_read(postgresql: Server, name: str) -> None:
    postgresql.tell(name, "CREATE ROLE looker LOGIN", "GRANT SELECT ON ALL TABLES IN SCHEMA public TO looker")
    check = found(Settings(ledger=postgresql.url(name, user="looker")))["ledger"]
    postgresql.tell(name, "DROP OWNED BY looker", "DROP ROLE looker")
    assert check.state == WARNING and "can only be read" in check.found and "rights" in check.cure


def test_an_empty_database_is_a_ledger_to_be(postgresql: Server) -> None:
    name = postgresql.new_database()
    check = found(Settings(ledger=postgresql.url(name)))["ledger"]
    postgresql.drop_database(name)
    assert check.state == OK and "empty" in check.found and "dragoman add" in check.found
