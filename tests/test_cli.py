"""The command line: what goes to which stream, how a command ends, and what it says when it goes wrong."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dragoman.adding.attempts import Reads
from dragoman.cli import app, exporting
from dragoman.config import Settings
from dragoman.errors import LedgerError, LedgerWriteFailed
from dragoman.ledger import schema, upgrade
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading, Report
from dragoman.show.exports import FORMATS
from tests.builders import ReadingBuilder, denial, make_report
from tests.command import WordReader
from tests.ledger.synthetic import synthetic
from tests.postgresql import PASSWORD, Server

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("DRAGOMAN_") and name not in ("NO_COLOR", "FORCE_COLOR")
} | {"COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}

REPORT = "The army seized the port of Varn on Monday, and the people of the town said that they had fled."


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the one who runs the tests has any effect, and none of their ledgers is touched."""
    for name in [name for name in os.environ if name.startswith("DRAGOMAN_")]:
        monkeypatch.delenv(name)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("DRAGOMAN_LEDGER", str(tmp_path / "ledger.sqlite"))


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """A folder with one good report, an empty one, one that meets a fault, and broken lines."""
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(f"Title: Port falls\nOutlet: Harbour Post\nPublished: 2031-03-04\n\n{REPORT}\n")
    (folder / "b.txt").write_text("")
    (folder / "c.txt").write_text(f"Fault. {REPORT}")
    lines = [json.dumps({"text": f"Two days later, {REPORT}", "title": "Later"}), "{broken"]
    (folder / "d.jsonl").write_text("\n".join(lines))
    return folder


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """The ledger of the settings with one report in it."""
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(denial())
    return tmp_path / "ledger.sqlite"


def run(*arguments: str | Path, input: str | None = None, reader: Callable[[Settings], Reads] = WordReader) -> Any:
    """Runs a command here, with a reader that needs no model."""
    return CliRunner().invoke(app, list(map(str, arguments)), input=input, obj=reader)


def spawn(*arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """Starts the real command in a process of its own, with the same reader."""
    command = [sys.executable, "-m", "tests.command", *map(str, arguments)]
    defaults = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": ENVIRONMENT}
    return subprocess.Popen(command, cwd=ROOT, **{**defaults, **options})


@contextmanager
def serving(*arguments: str | Path) -> Iterator[subprocess.Popen[str]]:
    """The command `serve`, which ends with the test, however that ends."""
    with spawn("serve", *arguments) as process:
        try:
            yield process
        finally:
            process.kill()


# --- reading --------------------------------------------------------------------------------------


def test_read_for_people(reports: Path) -> None:
    done = run("read", reports / "a.txt")
    assert done.exit_code == 0
    assert done.stdout.startswith("Port falls\nHarbour Post, 4 March 2031\n\n1 event, 0 sources\n")
    assert "The army *seized* the port" in done.stdout
    assert done.stderr == ""


def test_read_as_json_is_the_reading_and_nothing_else(reports: Path) -> None:
    done = run("read", "--format", "json", reports / "a.txt")
    data = json.loads(done.stdout)
    assert set(data) == {"report", "entities", "attributions", "events", "relations", "made_by", "corrections"}
    assert data["report"]["published"] == "2031-03-04"
    start, end = data["events"][0]["trigger"]
    assert data["report"]["text"][start:end] == "seized"
    assert done.stderr == ""


def test_read_several_as_json_lines_and_go_on_past_bad_ones(reports: Path) -> None:
    done = run("read", "--format", "json", reports)
    assert done.exit_code == 3
    assert [json.loads(line)["report"]["title"] for line in done.stdout.splitlines()] == [
        "Port falls",
        "Later",
    ]
    assert f"dragoman: {reports / 'b.txt'}: " in done.stderr
    assert "a fault in Dragoman itself (ValueError: no such thing)" in done.stderr
    assert f"{reports / 'd.jsonl'}:2: it is not JSON" in done.stderr
    assert done.stderr.count("\n  ") >= 4, "each message has a cure on a line of its own"
    assert "Traceback" not in done.stderr


def test_read_nothing_but_bad_ones(reports: Path) -> None:
    done = run("read", reports / "b.txt", reports / "nowhere.txt")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "nowhere.txt cannot be read" in done.stderr


def test_read_says_once_that_dates_stay_unresolved() -> None:
    lines = "\n".join(json.dumps({"text": f"{n}. {REPORT}"}) for n in range(3))
    done = run("read", "--format", "json", "-", input=lines)
    assert done.exit_code == 0 and len(done.stdout.splitlines()) == 3
    assert done.stderr.count("relative dates stay unresolved") == 1
    assert "--published" in done.stderr


def test_read_takes_date_and_outlet_where_the_report_has_none() -> None:
    done = run("read", "--format", "json", "--published", "4 March 2031", "--outlet", "Post", "-", input=REPORT)
    report = json.loads(done.stdout)["report"]
    assert (report["published"], report["outlet"]) == ("2031-03-04", "Post")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["read"], "Missing argument"),
        (["read", "--format", "xml", "x.txt"], "take one of text, json"),
        (["read", "--published", "03/04/2031", "x.txt"], "write it as year-month-day"),
        (["red"], "Did you mean 'read'"),
        (["list", "stories"], "take one of reports"),
        (["list", "events", "--status", "done"], "take one of occurred"),
        (["list", "events", "--since", "soon"], "year-month-day"),
        (["list", "events", "--limit", "0"], "limit"),
        (["export", "--format", "xml"], "take one of csv, jsonl, parquet, geojson"),
        (["export", "--format", "csv", "--kind", "readings"], "for readings one of jsonl"),
        (["serve", "--host", "0.0.0.0"], "serve on 127.0.0.1"),
        (["serve", "--port", "99999"], "from 0 to 65535"),
    ],
)
def test_a_command_put_wrongly(filled: Path, arguments: list[str], told: str) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr and "Traceback" not in done.stderr


def test_a_setting_of_the_wrong_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("high", "65536"):
        monkeypatch.setenv("DRAGOMAN_PORT", wrong)
        done = run("doctor")
        assert done.exit_code == 2 and "DRAGOMAN_PORT" in done.stderr and wrong in done.stderr


def test_debug_shows_where(filled: Path) -> None:
    plain, debug = run("show", "ffffff"), run("--debug", "show", "ffffff")
    assert plain.exit_code == debug.exit_code == 1
    assert "Traceback" not in plain.stderr and "dragoman list reports" in plain.stderr
    assert "Traceback" in debug.stderr and "in resolve" in debug.stderr


def test_debug_shows_the_fault_in_a_report(reports: Path) -> None:
    assert "in read" in run("--debug", "read", reports / "c.txt").stderr


# --- adding ---------------------------------------------------------------------------------------


def test_add_once_and_again(reports: Path, tmp_path: Path) -> None:
    first, again = run("add", reports), run("add", reports)
    assert first.exit_code == again.exit_code == 3
    assert first.stdout == again.stdout == ""
    assert first.stderr.endswith("dragoman: 2 added, 0 already there, 3 failed\n")
    assert again.stderr.endswith("dragoman: 0 added, 2 already there, 3 failed\n")
    assert f"{reports / 'b.txt'}" in first.stderr
    with Ledger.open(tmp_path / "ledger.sqlite", create=False) as ledger:
        assert ledger.counts()["reports"] == 2


def test_add_all_well(reports: Path, tmp_path: Path) -> None:
    done = run("add", reports / "a.txt", "--ledger", tmp_path / "other.sqlite")
    assert (done.exit_code, done.stderr) == (0, "dragoman: 1 added, 0 already there, 0 failed\n")
    assert (tmp_path / "other.sqlite").exists() and not (tmp_path / "ledger.sqlite").exists()


def test_a_dry_run_writes_nothing(reports: Path, tmp_path: Path) -> None:
    done = run("add", "--dry-run", reports / "a.txt", reports / "a.txt")
    assert done.stderr == "dragoman: 1 to add, 1 already there, 0 failed\n"
    assert not (tmp_path / "ledger.sqlite").exists()
    run("add", reports / "a.txt")
    before = (tmp_path / "ledger.sqlite").read_bytes()
    assert "0 to add, 1 already there" in run("add", "--dry-run", reports / "a.txt").stderr
    assert (tmp_path / "ledger.sqlite").read_bytes() == before


def test_a_dry_run_leaves_an_empty_file_empty(reports: Path, tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.touch()
    assert "1 to add, 0 already there" in run("add", "--dry-run", reports / "a.txt").stderr
    assert path.read_bytes() == b""
    connection = sqlite3.connect(path)  # what is left where everything in a database was dropped
    connection.execute("CREATE TABLE passing (x)")
    connection.execute("DROP TABLE passing")
    connection.close()
    before = path.read_bytes()
    assert before and "1 to add, 0 already there" in run("add", "--dry-run", reports / "a.txt").stderr
    assert path.read_bytes() == before


def test_a_dry_run_leaves_a_ledger_as_another_program_set_it(filled: Path, reports: Path) -> None:
    connection = sqlite3.connect(filled)
    assert connection.execute("PRAGMA journal_mode = wal").fetchone() == ("wal",)
    connection.close()
    before = filled.read_bytes()
    assert "1 to add, 0 already there" in run("add", "--dry-run", reports / "a.txt").stderr
    assert filled.read_bytes() == before


def test_a_dry_run_upgrades_no_older_ledger(reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", reports / "a.txt")
    path = tmp_path / "ledger.sqlite"
    before = path.read_bytes()
    migrations = tmp_path / "migrations"
    shutil.copytree(upgrade._MIGRATIONS, migrations)
    (migrations / "versions" / "9998_next.py").write_text(
        f"from alembic import op\nrevision, down_revision = '9998', '{schema.HEAD}'\n"
        "def upgrade() -> None:\n    op.execute('CREATE TABLE later (x)')\n"
    )
    monkeypatch.setattr(upgrade, "_MIGRATIONS", migrations)
    monkeypatch.setattr(upgrade, "HEAD", "9998")
    assert "0 to add, 1 already there" in run("add", "--dry-run", reports / "a.txt").stderr
    assert path.read_bytes() == before
    assert "0 added, 1 already there" in run("add", reports / "a.txt").stderr
    assert path.read_bytes() != before, "the next version did come of a real run"


def test_a_ledger_opened_as_it_is_is_not_written(filled: Path) -> None:
    before = filled.read_bytes()
    with Ledger.open_as_it_is(filled) or pytest.fail("there is a ledger") as ledger:
        assert ledger.has(denial().report.id)
        with pytest.raises(LedgerWriteFailed):
            ledger.add(synthetic(1))
    assert filled.read_bytes() == before


@pytest.mark.parametrize(("version", "code"), [(schema.HEAD, 0), ("0999", 1)])
def test_a_dry_run_refuses_what_add_would(filled: Path, reports: Path, version: str, code: int) -> None:
    connection = sqlite3.connect(filled)
    connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    connection.commit()
    connection.close()
    real, dry = (run("add", *option, reports / "a.txt") for option in ((), ("--dry-run",)))
    assert real.exit_code == dry.exit_code == code
    assert ("upgrade Dragoman" in real.stderr) == ("upgrade Dragoman" in dry.stderr) == bool(code)


class OtherReader(WordReader):
    """The reader, with a model of another name."""

    made_by = MadeBy(version="0.1.0", model="another", model_sha256="1" * 64)


def test_a_dry_run_knows_that_another_model_reads_anew(reports: Path) -> None:
    run("add", reports / "a.txt")
    assert "0 to add, 1 already there" in run("add", "--dry-run", reports / "a.txt").stderr
    assert "1 to add, 0 already there" in run("add", "--dry-run", reports / "a.txt", reader=OtherReader).stderr


@pytest.mark.parametrize(("words", "code"), [(("First", "Nomodel", "Third"), 3), (("Nomodel", "Third"), 1)])
def test_what_would_fail_every_report_ends_the_run(words: tuple[str, ...], code: int) -> None:
    lines = "\n".join(json.dumps({"text": f"{word}. {REPORT}"}) for word in words)
    done = run("add", "-", input=lines)
    assert done.exit_code == code
    assert f"{len(words) - 2} added, 0 already there, 0 failed" in done.stderr
    assert "dragoman: the model is gone\n  bring it back\n" in done.stderr


class Wrecker(WordReader):
    """A reader under whose hands the ledger becomes junk at the report that begins with `Junk`."""

    def read(self, report: Report) -> Reading:
        """The reading."""
        if report.text.startswith("Junk"):
            Path(self.settings.ledger_place()).write_bytes(b"junk" * 5000)
        return super().read(report)


@pytest.mark.parametrize(("words", "code"), [(("First", "Junk", "Third"), 3), (("Junk", "Third"), 1)])
def test_a_ledger_that_breaks_ends_the_run(words: tuple[str, ...], code: int) -> None:
    lines = "\n".join(json.dumps({"text": f"{word}. {REPORT}"}) for word in words)
    done = run("add", "-", input=lines, reader=Wrecker)
    assert done.exit_code == code
    assert f"{len(words) - 2} added, 0 already there" in done.stderr and "ledger.sqlite is " in done.stderr


def test_a_dry_run_that_breaks_off_has_done_nothing(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wants = Ledger.wants

    def leaving(ledger: Ledger, report: Report, made_by: MadeBy | None = None) -> bool:
        if "Second" in report.text:
            raise LedgerError("the ledger is gone", "bring it back")
        return wants(ledger, report, made_by)

    run("add", reports / "a.txt")
    monkeypatch.setattr(Ledger, "wants", leaving)
    lines = "\n".join(json.dumps({"text": f"{word}. {REPORT}"}) for word in ("First", "Second"))
    done = run("add", "--dry-run", "-", input=lines)
    assert done.exit_code == 1 and "1 to add" in done.stderr and "the ledger is gone" in done.stderr


@pytest.mark.parametrize(("word", "cure"), [("Nomodel", "bring it back"), ("Noplaces", "install it again")])
def test_what_hits_every_report_is_told_once_with_its_own_cure(word: str, cure: str) -> None:
    lines = "\n".join(json.dumps({"text": f"{words}. {REPORT}"}) for words in ("First", word, f"{word} again"))
    done = run("add", "-", input=lines)
    assert done.exit_code == 3 and "1 added" in done.stderr and done.stderr.count(cure) == 1
    assert "fault in Dragoman" not in done.stderr


def test_what_was_added_before_an_interruption_is_kept(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"text": f"{word}. {REPORT}"}) for word in ("First", "Stop", "Third"))
    done = run("add", "-", input=lines)
    assert done.exit_code == 130
    assert "1 added" in done.stderr and done.stderr.endswith("dragoman: interrupted\n")
    with Ledger.open(tmp_path / "ledger.sqlite", create=False) as ledger:
        assert ledger.counts()["reports"] == 1


def test_a_ledger_that_is_none(tmp_path: Path, reports: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam, " * 100)
    done = run("add", reports / "a.txt", "--ledger", tmp_path / "letter.txt")
    assert done.exit_code == 1
    assert "is a file of another kind\n  name the file of a ledger" in done.stderr


# --- the ledger -----------------------------------------------------------------------------------


def test_list_for_people_and_for_programs(filled: Path) -> None:
    text = run("list", "events", "--type", "assault", "--status", "not-occurred")
    assert text.exit_code == 0 and text.stderr == ""
    assert text.stdout.count("ASSAULT") == 1 and "did not occur" in text.stdout
    lines = run("list", "events", "--format", "json").stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["COERCE", "ASSAULT", "ASSAULT", "COERCE"]


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["reports"], 1),
        (["attributions", "--source-kind", "unnamed"], 1),
        (["entities", "--type", "GOVERNMENT"], 2),
        (["entities", "--actor", "dov"], 2),
        (["events", "--actor", "council"], 1),
        (["events", "--text", '"ninety days"'], 4),
        (["events", "--since", "2031-05-01"], 1),
        (["events", "--until", "2031-03-03"], 1),
        (["events", "--outlet", "harbour post", "--limit", "2"], 2),
        (["events", "--place", "VARN"], 1),
        (["attributions", "--place", "varn"], 1),
        (["events", "--place", "UKR"], 0),
        (["events", "--source", "officials"], 1),
        (["events", "--report", "ffffff0"], None),
        (["reports", "--text", "zebra"], 0),
    ],
)
def test_filters(filled: Path, arguments: list[str], count: int | None) -> None:
    done = run("list", *arguments, "--format", "json")
    assert done.exit_code == (1 if count is None else 0)
    assert len(done.stdout.splitlines()) == (count or 0)


def test_codes_may_be_written_with_hyphens(tmp_path: Path) -> None:
    make = ReadingBuilder(Report(id="a" * 64, text="The Ridge Front left.", published="2031-03-04"))
    make.entity("Ridge Front", "armed_group", mentions=["The Ridge Front"])
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(make.build())
    for type in ("armed_group", "armed-group", "Armed-Group"):
        assert "Ridge Front" in run("list", "entities", "--type", type).stdout


def test_an_empty_list_says_so_apart_from_the_output(filled: Path) -> None:
    done = run("list", "reports", "--text", "zebra")
    assert (done.stdout, done.stderr) == ("", "dragoman: nothing in the ledger matches\n")


def test_a_full_list_says_that_there_may_be_more(filled: Path) -> None:
    assert "2 shown, as many as --limit allows" in run("list", "events", "--limit", "2").stderr


def test_show_a_report_and_a_mark(filled: Path) -> None:
    id = denial().report.id
    assert run("show", id[:6]).stdout.startswith("Marshal claims port")
    assert json.loads(run("show", id, "--format", "json").stdout) == denial().to_dict()
    assert "did not occur" in run("show", f"{id[:12]}:E3").stdout
    mark = json.loads(run("show", f"{id[:12]}:A2", "--format", "json").stdout)
    assert mark["kind"] == "attribution" and mark["attribution"]["kind"] == "unnamed"


def test_there_is_no_ledger_yet() -> None:
    done = run("list", "reports")
    assert done.exit_code == 1 and "add reports first" in done.stderr


def test_export_to_the_output_and_to_a_file(filled: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    printed, saved = run("export"), run("export", "--out", out)
    assert saved.stdout == "" and saved.exit_code == 0
    assert out.read_text(encoding="utf-8") == printed.stdout
    assert json.loads(printed.stdout) == denial().to_dict()
    nothing = run("export", "--type", "AID")
    assert (nothing.stdout, nothing.exit_code) == ("", 0) and "nothing in the ledger matches" in nothing.stderr


def test_the_formats_that_may_be_typed_are_those_that_there_are() -> None:
    assert list(FORMATS) == exporting.FORMATS


def test_export_of_rows(filled: Path, tmp_path: Path) -> None:
    header, *rows = run("export", "--format", "csv", "--place", "varn").stdout.splitlines()
    assert header.startswith("\ufeffid,report,title") and len(rows) == 1
    assert run("export", "--format", "csv", "--place", "varn", "--out", tmp_path / "t.csv").exit_code == 0
    assert (tmp_path / "t.csv").read_bytes().decode() == "\r\n".join([header, *rows, ""])
    lines = run("export", "--kind", "entities", "--type", "government").stdout.splitlines()
    assert [json.loads(line)["type"] for line in lines] == ["government"] * 2
    points = json.loads(run("export", "--format", "geojson").stdout)
    assert (points["type"], points["features"]) == ("FeatureCollection", [])


def test_what_a_terminal_cannot_show_is_refused(filled: Path) -> None:
    code, told = on_terminal("export", "--format", "parquet")
    assert code == 2 and "give a file with --out FILE" in told
    assert run("export", "--format", "parquet").stdout_bytes.startswith(b"PAR1")


def test_a_file_that_cannot_be_written_is_left_as_it_was(filled: Path, tmp_path: Path) -> None:
    done = run("export", "--out", tmp_path / "no" / "such" / "folder.jsonl")
    assert done.exit_code == 1 and "cannot be written" in done.stderr
    (tmp_path / "kept.jsonl").write_text("kept")
    assert run("export", "--format", "xml", "--out", tmp_path / "kept.jsonl").exit_code == 2
    assert (tmp_path / "kept.jsonl").read_text() == "kept"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".kept")]


# --- the process ----------------------------------------------------------------------------------


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    path = tmp_path / "big.sqlite"
    with Ledger.open(path) as ledger:
        for number in range(150):
            ledger.add(synthetic(number))
    with spawn("export", "--ledger", path) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline().startswith('{"report"')
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(20) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
@pytest.mark.parametrize("command", [["export"], ["list", "reports"], ["--version"]])
def test_an_output_that_is_full(filled: Path, command: list[str]) -> None:
    with (
        Path("/dev/full").open("w") as full,
        spawn(*command, *(() if command == ["--version"] else ("--ledger", filled)), stdout=full) as process,
    ):
        assert process.stderr
        told = process.stderr.read()
        assert process.wait(20) == 1
    assert "Traceback" not in told and "No space left on device" in told


def test_an_output_that_is_closed(filled: Path) -> None:
    shell = f"exec {sys.executable} -m tests.command export --ledger {filled} >&-"
    done = subprocess.run(["sh", "-c", shell], cwd=ROOT, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, timeout=20)
    assert done.returncode == 1 and "standard output is closed\n" in done.stderr


def test_an_output_that_is_not_in_utf8(filled: Path) -> None:
    ascii = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii"}
    with spawn("show", denial().report.id, "--ledger", filled, env=ascii) as process:
        text, told = process.communicate(timeout=20)
    assert process.returncode == 0 and told == "" and "his forces ? the port of Varn" in text
    with spawn("export", "--ledger", filled, env=ascii, encoding="utf-8") as process:
        assert json.loads(process.communicate(timeout=20)[0]) == denial().to_dict()


def test_serve_answers_and_an_interruption_ends_it(filled: Path) -> None:
    with serving("--ledger", filled, "--port", "0") as process:
        assert process.stderr
        address = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert address
        with urllib.request.urlopen(address[0] + "v1/reports", timeout=20) as answer:
            assert json.load(answer)["rows"][0]["title"] == denial().report.title
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130 and "Traceback" not in told


# --- a ledger on PostgreSQL -----------------------------------------------------------------------


def test_everything_over_a_server(postgresql: Server, reports: Path, tmp_path: Path) -> None:
    name = postgresql.new_database()
    place = postgresql.url_by_port(name, PASSWORD)
    told = ""
    for command, code, expected in (
        (("list", "reports"), 1, "there is no ledger at"),
        (("add", "--dry-run", reports / "a.txt"), 0, "1 to add, 0 already there"),
        (("add", reports / "a.txt"), 0, "1 added, 0 already there"),
        (("add", "--dry-run", reports / "a.txt"), 0, "0 to add, 1 already there"),
        (("list", "reports"), 0, "Port falls"),
        (("list", "events", "--text", '"port of Varn"'), 0, "seized"),
        (("export",), 0, '"Port falls"'),
        (("doctor",), None, "sound, 1 report"),
    ):
        done = run(*command, "--ledger", place)
        told += done.stdout + done.stderr
        assert code in (None, done.exit_code), (command, done.stderr)
        assert expected in done.stdout + done.stderr, command
    with serving("--ledger", place, "--port", "0") as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        told += line
        address = re.search(r"http://\S+/", line)
        assert address is not None, line
        with urllib.request.urlopen(f"{address[0]}search", timeout=20) as page:
            assert b"Port falls" in page.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) in (0, 130)
    done = run("copy", place, tmp_path / "copy.sqlite")
    told += done.stderr
    assert (done.exit_code, done.stdout) == (0, "")
    assert f"1 report with 1 reading copied to {tmp_path / 'copy.sqlite'}" in done.stderr
    assert run("export", "--ledger", tmp_path / "copy.sqlite").stdout == run("export", "--ledger", place).stdout
    again = run("copy", tmp_path / "copy.sqlite", place)
    assert again.exit_code == 1 and "has a ledger already" in again.stderr
    wrong = spawn("--debug", "list", "reports", "--ledger", postgresql.url_by_port(name, "s3cret"))
    told += "".join(wrong.communicate(timeout=30))
    assert "refuses the user or the password" in told
    assert PASSWORD not in told and "s3cret" not in told
    postgresql.drop_database(name)


def test_serve_on_a_port_that_is_taken(filled: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("serve", "--port", taken.getsockname()[1])
    assert done.exit_code == 1
    assert "another program has it" in done.stderr and "--port" in done.stderr


def test_a_demo_that_cannot_be_served_has_failed(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.show.server.samples", lambda: reports / "a.txt")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run("demo", "--port", taken.getsockname()[1])
    assert done.exit_code == 1 and "1 added" in done.stderr and "another program has it" in done.stderr


def test_the_demo_keeps_a_ledger_where_it_is_told(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.show.server.samples", lambda: reports / "a.txt")
    done = run("demo", "--no-serve", "--folder", tmp_path / "demo")
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'demo' / 'ledger.sqlite'}\n")
    with Ledger.open(tmp_path / "demo" / "ledger.sqlite", create=False) as ledger:
        assert ledger.counts()["reports"] == 1
    assert not (tmp_path / "ledger.sqlite").exists()


def on_terminal(*arguments: str | Path, **environment: str) -> tuple[int, str]:
    """Runs the real command with a terminal for both streams; its exit code and all that appeared there."""
    ours, theirs = pty.openpty()
    kind = {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    with spawn(
        *arguments, stdout=theirs, stderr=theirs, stdin=theirs, env={**ENVIRONMENT, **kind, **environment}
    ) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # how Linux says that nobody holds the other end any more
            pass
        os.close(ours)
        return process.wait(20), b"".join(pieces).decode()


def test_colours_on_a_terminal_only(filled: Path) -> None:
    id = denial().report.id
    code, coloured = on_terminal("show", id, "--ledger", filled)
    assert code == 0 and "\x1b[1;31mCOERCE seize\x1b[0m" in coloured
    _, plain = on_terminal("show", id, "--ledger", filled, NO_COLOR="1")
    assert "\x1b[1;4mseized\x1b[0m" in plain and not re.search(r"\x1b\[[\d;]*3\d", plain)
    _, dumb = on_terminal("show", id, "--ledger", filled, TERM="dumb")
    assert "\x1b" not in dumb and "*seized*" in dumb
    _, as_json = on_terminal("show", id, "--ledger", filled, "--format", "json")
    assert json.loads(as_json) == denial().to_dict()


def test_a_progress_bar_on_a_terminal_only(reports: Path, tmp_path: Path) -> None:
    code, told = on_terminal("add", reports, "--ledger", tmp_path / "bar.sqlite")
    assert code == 3 and "━" in told and "2 added, 0 already there, 3 failed" in told
    with spawn("add", reports, "--ledger", tmp_path / "bar.sqlite") as process:
        out, told = process.communicate(timeout=20)
    assert out == "" and "━" not in told and "\x1b" not in told


def test_version_and_help() -> None:
    assert re.fullmatch(r"dragoman \d+\.\d+\.\d+\n", run("--version").stdout)
    told = run("--help").stdout
    for command in ("read", "add", "list", "show", "export", "serve", "demo", "doctor"):
        assert re.search(rf"^  {command} +\S", told, re.MULTILINE)
        assert run(command, "--help").exit_code == 0
    assert "--install-completion" in told


HEAVY = ("onnxruntime", "trafilatura", "sqlalchemy", "fastapi", "uvicorn", "dateparser", "rich", "yaml")


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (["--help"], HEAVY),
        (["--version"], HEAVY),
        (["read", "reports/a.txt"], ("trafilatura", "sqlalchemy", "fastapi", "uvicorn", "alembic")),
        (["list", "reports"], ("onnxruntime", "trafilatura", "fastapi", "uvicorn", "alembic")),
    ],
)
def test_what_is_not_needed_is_not_imported(
    reports: Path, filled: Path, arguments: list[str], spared: tuple[str, ...]
) -> None:
    told = (
        "import sys, atexit\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
        "from tests.command import WordReader\n"
        "from dragoman.cli import main\n"
        f"sys.argv = ['dragoman', *{arguments!r}]\n"
        "main(WordReader)"
    )
    environment = {
        **ENVIRONMENT,
        "DRAGOMAN_LEDGER": str(filled),
        "PYTHONPATH": os.pathsep.join((str(ROOT), *sys.path)),
    }
    command = [sys.executable, "-c", told]
    done = subprocess.run(
        command, cwd=filled.parent, env=environment, capture_output=True, text=True, timeout=20, check=True
    )
    assert set(spared).isdisjoint(done.stderr.split()), done.stderr


@pytest.fixture
def asked() -> Callable[[str], str]:
    """What shell completion offers for a command line."""

    def complete(line: str) -> str:
        words = {
            "_DRAGOMAN_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(line.count(" ")),
        }
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "import sys; sys.argv=['dragoman']; from dragoman.cli import main; main()",
            ],
            env={**ENVIRONMENT, **words},
            capture_output=True,
            text=True,
            timeout=20,
        )
        return done.stdout

    return complete


def test_completion_knows_commands_and_codes(asked: Callable[[str], str]) -> None:
    assert "export" in asked("dragoman ex").split()
    assert asked("dragoman list events --type ASS").split() == ["ASSAULT"]
    assert asked("dragoman list events --status not").split() == ["not_occurred"]


def test_a_date_given_later_mends_an_undated_report(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(REPORT)
    assert "1 added" in run("add", str(path)).stderr
    again = run("add", str(path), "--published", "2031-03-04")
    assert "1 added, 0 already there" in again.stderr
    assert "0 added, 1 already there" in run("add", str(path)).stderr
    [row] = [json.loads(line) for line in run("list", "reports", "--format", "json").stdout.splitlines()]
    assert row["published"] == "2031-03-04"


def test_review_lists_who_may_be_the_same_and_judge_records_it(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        ids = []
        for name in ("Yahya Sorrin", "Yahya Sorren"):
            report = make_report(f"{name} attacked the port.", published="2031-03-04")
            make = ReadingBuilder(report)
            who = make.entity(name, "person", mentions=[name], country="YEM")
            make.event("attacked", "ASSAULT", actors=[(name, who)])
            ledger.add(make.build())
            ids.append(f"{report.id[:12]}:N1")
    listed = run("review")
    assert all(id in listed.stdout for id in ids) and "names spelt alike" in listed.stdout
    [pair] = [json.loads(line) for line in run("review", "--format", "json").stdout.splitlines()]
    assert {pair["one"]["id"], pair["other"]["id"]} == set(ids)
    refused = run("judge", *ids, "perhaps")
    assert refused.exit_code == 2 and "same, different, unsure" in refused.stderr
    assert run("judge", *ids, "same", "--by", "an analyst").exit_code == 0
    nothing = run("review")
    assert nothing.stdout == "" and "no entities wait" in nothing.stderr


def test_copies_stand_under_their_originals_with_what_was_added_and_cut(tmp_path: Path) -> None:
    wire = [
        "The harbour guard of Dorvane seized two lorries full of copper wire on Sunday night.",
        "Their drivers told a magistrate that a cousin in the customs house had paid them well.",
        "Merchants along the quay closed early because rumours of a search had spread since dawn.",
        "A spokesman for the guard refused to say whether officers were among those questioned.",
        "Copper has doubled in price this spring while the mines above Hest stood under water.",
        "Parliament will debate a ban on exports when its members return from the long recess.",
        "The last such seizure, eleven years ago, ended with the fall of the interior minister.",
        "Fishermen said that crates were still being carried into the old ice house after midnight.",
    ]
    sent = make_report(" ".join(wire), title="Roofs", outlet="Norda", published="2031-03-04")
    taken = make_report(
        " ".join([*wire[:-1], "The mayor was not there."]), title="Gone", outlet="Oru", published="2031-03-05"
    )
    other = make_report("The council of Oru met for an hour and parted without a vote on the budget.", outlet="Oru")
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for report in (taken, other, sent):
            ledger.add(ReadingBuilder(report).build())
    listed = run("copies").stdout
    assert listed.index("Roofs") < listed.index("Gone") and "copies Norda" in listed
    assert "added: The mayor was not there." in listed and "cut: Fishermen said" in listed
    [tree] = [json.loads(line) for line in run("copies", "--format", "json").stdout.splitlines()]
    assert (tree["original"]["id"], [copy["report"]["id"] for copy in tree["copies"]]) == (sent.id, [taken.id])


def test_a_ledger_without_copies_says_so(filled: Path) -> None:
    done = run("copies")
    assert (done.exit_code, done.stdout) == (0, "") and "no report" in done.stderr


def test_happenings_tell_side_by_side_who_says_what(tmp_path: Path) -> None:
    told = (
        (
            "Norda",
            "Two officials said gunmen attacked the port of Varn on Monday, killing at least 14 people.",
            "occurred",
        ),
        ("Oru Daily", "The Oru Front said its fighters attacked the port of Varn on Monday.", "occurred"),
        ("Radio Hest", "The army said nobody attacked the port of Varn on Monday.", "not_occurred"),
    )
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for outlet, text, status in told:
            make = ReadingBuilder(make_report(text, outlet=outlet, published="2031-03-04"))
            source = text.partition(" said")[0]
            port = make.entity("Varn", "place", mentions=["the port of Varn"])
            said = make.attribution(source=[source], cue=["said"], content=[text.partition(" said ")[2][:-1]])
            make.event(
                "attacked", "ASSAULT", recipients=[("the port of Varn", port)], status=status, attribution=said,
                time="Monday", start="2031-03-03", end="2031-03-03",
            )  # fmt: skip
            ledger.add(make.build())
    listed = " ".join(run("happenings").stdout.split())
    assert "ASSAULT" in listed and "3 reports, 3 independent chains" in listed
    assert "according to Two officials" in listed and "happened: “attacked” (Oru Daily)" in listed
    [one] = [json.loads(line) for line in run("happenings", "--format", "json").stdout.splitlines()]
    assert (one["independent"], len(one["told"]), one["start"]) == (3, 3, "2031-03-03")
    assert {join["verdict"] for join in one["joins"]} <= {"corroborates", "contradicts", "duplicate", "unsure"}
    assert all(join["features"] for join in one["joins"])


def test_sources_are_told_and_graded(filled: Path) -> None:
    [first, *_] = [json.loads(line) for line in run("sources", "--format", "json").stdout.splitlines()]
    assert first["events"] and first["reports"] and "claims" not in first
    [whole] = [json.loads(line) for line in run("sources", first["id"], "--format", "json").stdout.splitlines()]
    assert len(whole["claims"]) == first["events"]
    assert first["name"] in run("sources", "--limit", "1").stdout
    assert "outlet:" in run("sources", "--outlets").stdout
    done = run("grade", first["id"], "b", "--why", "was right before", "--by", "Ada")
    assert (done.exit_code, done.stdout) == (0, "") and done.stderr.strip().endswith(": B")
    with Ledger.open(filled) as ledger:
        [given] = ledger.overrulings().values()
    assert (given.grade, given.decision.reason, given.decision.decided_by) == ("B", "was right before", "Ada")
    assert "no source" in run("sources", "nobody of that name").stderr
    for wrong in (("sources", "--source-kind", "gossip"), ("grade", first["id"], "7"), ("grade", first["id"], "1")):
        assert run(*wrong).exit_code == 2


def test_a_ledger_in_which_no_two_tell_the_same_says_so(filled: Path) -> None:
    done = run("happenings")
    assert (done.exit_code, done.stdout) == (0, "") and "no two reports" in done.stderr


def test_state_lists_what_somebody_holds_to_and_hints_at_others(filled: Path) -> None:
    done = run("state", "oru", "--as-of", "2031-04-01")
    shown = " ".join(done.stdout.split())
    assert done.exit_code == 0 and done.stderr == ""
    assert "Council of Oru on 1 April 2031" in shown and "Commitments open" in shown
    assert "since 4 March 2031, until 2 June 2031" in shown
    assert "“The council in Oru unanimously extended the blockade for ninety days”" in shown
    over = run("state", "oru", "--as-of", "2031-06-03")
    assert "Commitments" not in over.stdout and "--all" in over.stderr
    assert "its term is over" in " ".join(run("state", "oru", "--as-of", "2031-06-03", "--all").stdout.split())
    as_json = run("state", "oru", "--format", "json", "--as-of", "2031-06-03").stdout
    [one] = [json.loads(line) for line in as_json.splitlines()]
    assert (one["kind"], one["open"], one["end"], one["rule"]) == ("commitment", False, "2031-06-02", "unanimous")
    assert one["term"]["words"][0]["words"] == "for ninety days" and one["ended"]["kind"] == "lapsed"


def test_state_of_nobody_and_on_no_day(filled: Path) -> None:
    nobody, no_day = run("state", "Nobody"), run("state", "oru", "--as-of", "soon")
    assert (nobody.exit_code, no_day.exit_code) == (1, 2)
    assert "nobody" in nobody.stderr and "dragoman list entities" in nobody.stderr
    assert "is no day" in no_day.stderr
    none = run("state", "oru", "--as-of", "2031-06-03", "--recorded", "2020-01-01")
    assert "the ledger held no report on 1 January 2020 that was published by 3 June 2031" in none.stderr
    before = run("state", "oru", "--as-of", "2030-01-01")
    assert before.exit_code == 0 and "no report in the ledger was published by 1 January 2030" in before.stderr


def test_a_ledger_without_a_name_is_none(monkeypatch: pytest.MonkeyPatch, filled: Path) -> None:
    monkeypatch.setenv("DRAGOMAN_LEDGER", str(filled))
    done = run("list", "reports", "--ledger", "")
    assert (done.exit_code, "names nothing" in done.stderr) == (2, True)
    assert run("list", "reports").exit_code == 0
