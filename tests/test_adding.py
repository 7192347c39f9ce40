"""Reading in several processes: nothing lost or doubled, whatever becomes of a process or of the one who started it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import psutil
import pytest

from dragoman.adding import batch, workers
from dragoman.adding.workers import AHEAD, Result, Workers
from dragoman.config import Settings
from dragoman.documents.incoming import Failure
from dragoman.errors import EmptyReport, GazetteerError, ModelError, PassedOver, ReportError, WorkerError
from dragoman.ledger.store import Ledger
from dragoman.records import Reading, Report
from dragoman.show import progress
from dragoman.show.server import samples
from tests.builders import make_report
from tests.command import WordReader
from tests.soak import SOAK
from tests.test_cli import ENVIRONMENT, REPORT, run, spawn

JOBS = 2
SOON = 20.0
"""Seconds within which processes are started or gone, on a busy machine too."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Processes are started at the first report, and no setting of the one who runs the tests has any effect."""
    monkeypatch.setattr(workers, "START_AFTER", 0.0)
    for name in [name for name in os.environ if name.startswith("DRAGOMAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DRAGOMAN_LEDGER", str(tmp_path / "ledger.sqlite"))


def reports(words: Iterable[str]) -> list[Report]:
    """A report that begins with each of these words."""
    return [make_report(f"{word}. {REPORT}", title=word) for word in words]


def read(given: Iterable[Report], pool: Workers) -> list[Result]:
    """All that comes back."""
    return [*(result for report in given for result in pool.give(report)), *pool.rest()]


def a_pool(make: type[WordReader] = WordReader, jobs: int = JOBS) -> Workers:
    """Workers with a reader that needs no model."""
    return Workers(WordReader(Settings()), partial(make, Settings()), jobs)


def test_each_report_comes_back_once_with_its_reading() -> None:
    given = reports(f"Report {n}" for n in range(40))
    with a_pool() as pool:
        found = read(given, pool)
    assert sorted(report.id for report, _ in found) == sorted(report.id for report in given)
    reader = WordReader(Settings())
    assert all(reading == reader.read(report) for report, reading in found)


def test_few_reports_wait_at_a_time() -> None:
    with a_pool() as pool:
        back = 0
        for given, report in enumerate(reports(f"Report {n}" for n in range(40)), start=1):
            back += len(list(pool.give(report)))
            assert given - back <= JOBS * AHEAD


def test_long_reports_and_long_readings_do_not_wait_for_one_another() -> None:
    given = [make_report(f"{n}. {REPORT} " + "It rained. " * 90_000) for n in range(8)]
    with a_pool() as pool:
        assert len(read(given, pool)) == len(given)


def test_what_is_wrong_with_one_report_comes_back_with_the_place_where_it_happened() -> None:
    with a_pool() as pool:
        found = read(reports(("First", "Fault", "Third")), pool)
    errors = [result for _, result in found if isinstance(result, ReportError)]
    assert len(found) == 3 and len(errors) == 1
    assert "“Fault”: a fault in Dragoman itself (ValueError: no such thing)" in errors[0].what
    assert 'raise ValueError("no such thing")' in errors[0].__notes__[0]


def test_a_process_that_is_killed_loses_its_report_only() -> None:
    words = [f"Report {n}" for n in range(8)] + ["Deadly one", "Deadly two"]
    random.Random(5).shuffle(words)
    with a_pool() as pool:
        found = read(reports(words), pool)
    assert sorted(report.title or "" for report, _ in found) == sorted(words)
    errors = [result for _, result in found if isinstance(result, ReportError)]
    assert sorted(error.what for error in errors) == [
        f"“Deadly {n}”: the process that read it was killed (SIGKILL)" for n in ("one", "two")
    ]
    assert all("add it again" in error.cure for error in errors)


class NoModel(WordReader):
    """A reader that cannot be made."""

    def __init__(self, settings: Settings) -> None:
        raise ModelError("the model is gone", "bring it back")


class Broken(WordReader):
    """A reader whose making meets a fault."""

    def __init__(self, settings: Settings) -> None:
        raise ValueError("no such thing")


class Dying(WordReader):
    """A reader whose making ends the process."""

    def __init__(self, settings: Settings) -> None:
        os._exit(7)


@pytest.mark.parametrize(
    ("make", "error", "told"),
    [
        (NoModel, ModelError, "the model is gone"),
        (Broken, WorkerError, "cannot begin (ValueError: no such thing)"),
        (Dying, WorkerError, "ended (exit code 7) before it could begin"),
    ],
)
def test_processes_that_cannot_begin_end_the_run(make: type[WordReader], error: type[Exception], told: str) -> None:
    with a_pool(make) as pool, pytest.raises(error) as raised:
        read(reports(("First", "Second")), pool)
    assert told in str(raised.value)


@pytest.mark.parametrize(("word", "error"), [("Nomodel", ModelError), ("Noplaces", GazetteerError)])
def test_what_hits_every_report_ends_the_run(word: str, error: type[Exception]) -> None:
    with a_pool() as pool, pytest.raises(error):
        read(reports(("First", word, "Third")), pool)


def test_one_process_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_pool(jobs=1) as pool:
        assert len(read(reports(("First", "Second")), pool)) == 2
    monkeypatch.setattr(workers, "START_AFTER", 60.0)
    with a_pool(Dying) as pool:  # few reports: no other process is started
        assert len(read(reports(("First", "Second")), pool)) == 2


def test_of_two_copies_in_a_batch_one_is_read(tmp_path: Path) -> None:
    first, second = make_report(REPORT, title="A"), make_report(f"Then. {REPORT}", title="B")
    better = make_report(REPORT, title="A", published="2031-03-04")
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger, a_pool() as pool:
        failures: list[Failure] = []
        outcome = batch.Outcome(failures.append)
        names = list(batch.add_all([first, first, second, better, first, second], pool, ledger, outcome))
        assert sorted(names) == ["“A”"] * 4 + ["“B”"] * 2
        assert (outcome.done, outcome.already_there, failures) == (3, 3, [])
        assert ledger.reading(first.id).report.published == "2031-03-04"
        assert ledger.counts()["readings"] == 3


def test_a_failure_is_told_when_it_is_met_and_not_kept(tmp_path: Path) -> None:
    told: list[str] = []
    empty, passed = Failure("empty", EmptyReport("it is empty", "")), Failure("besides", PassedOver("a picture", ""))
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger, a_pool() as pool:
        outcome = batch.Outcome(lambda failure: told.append(failure.name))
        adding = batch.add_all([empty, passed, make_report(REPORT, title="A")], pool, ledger, outcome)
        assert (next(adding), told) == ("empty", ["empty"])
        assert [*adding] == ["besides", "“A”"] and told == ["empty", "besides"]
    assert (outcome.done, outcome.failed, outcome.passed_over, outcome.all) == (1, 1, 1, 3)


# --- the command ----------------------------------------------------------------------------------


def lines(path: Path, words: Iterable[str]) -> Path:
    """A file of JSON Lines with a report that begins with each of these words."""
    path.write_text("\n".join(json.dumps({"text": f"{word}. {REPORT}", "title": word}) for word in words))
    return path


def started(parent: int, count: int) -> list[psutil.Process]:
    """The processes that read for a command, once they are all there."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        found = [
            child
            for child in psutil.Process(parent).children()
            if "spawn_main" in " ".join(child.cmdline()) and child.num_threads() > 1
        ]
        if len(found) == count:
            return found
        time.sleep(0.02)
    raise AssertionError("the processes were not started")


def assert_gone(processes: list[psutil.Process]) -> None:
    """That they end soon."""
    assert not psutil.wait_procs(processes, timeout=SOON)[1]


def test_failures_are_told_and_the_rest_is_added(tmp_path: Path) -> None:
    given = lines(tmp_path / "a.jsonl", ("First", "Fault", "Deadly", "Last"))
    command = [sys.executable, "-m", "tests.command", "--at-once"]
    for debug in ((), ("--debug",)):
        arguments = [*debug, "add", "--jobs", "2", "--ledger", str(tmp_path / f"{len(debug)}.sqlite"), str(given)]
        done = subprocess.run([*command, *arguments], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        assert done.returncode == 3 and done.stdout == ""
        assert done.stderr.endswith("dragoman: 2 added, 0 already there, 2 failed\n")
        assert "the process that read it was killed (SIGKILL)" in done.stderr
        assert ("Traceback" in done.stderr) == ("in read" in done.stderr) == bool(debug)


def test_an_interruption_ends_all_at_once(tmp_path: Path) -> None:
    given = lines(tmp_path / "a.jsonl", ("First", "Slow one", "Slow two", "Last"))
    arguments = ("--at-once", "add", "--jobs", "2", "--ledger", tmp_path / "ledger.sqlite", given)
    with spawn(*arguments, start_new_session=True) as process:
        children = started(process.pid, 2)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        began = time.monotonic()
        _, told = process.communicate(timeout=SOON)
        assert time.monotonic() - began < 5
    assert process.returncode == 130
    assert told.endswith("dragoman: interrupted\n") and "Traceback" not in told
    assert_gone(children)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_interruption_that_python_drops_is_heard_all_the_same() -> None:
    class Thing:
        def __del__(self) -> None:
            signal.raise_signal(signal.SIGINT)  # what is raised here, Python only prints

    def names() -> Iterable[str]:
        for n in range(3):
            del [Thing()][0]
            done.append(n)
            yield f"Report {n}"

    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        progress.watched(names(), batch.Outcome(print))
    assert done == [0]


def test_killed_while_adding_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    total = 2000 if SOAK else 400
    given = lines(tmp_path / "a.jsonl", [f"Report {n}" for n in range(total)])
    path, draw, there = tmp_path / "ledger.sqlite", random.Random(3), 0
    for _ in range(20 if SOAK else 3):
        with spawn("--at-once", "add", "--jobs", "2", "--ledger", path, given, start_new_session=True) as process:
            children = started(process.pid, 2)
            while added(path) == there:
                time.sleep(0.01)
            time.sleep(draw.uniform(0.0, 0.2))
            process.kill()
            process.communicate(timeout=SOON)
        assert_gone(children)
        there = added(path)
    assert 3 <= there < total
    done = run("add", "--jobs", "2", "--ledger", path, given)
    assert done.stderr.endswith(f"dragoman: {total - there:,} added, {there:,} already there, 0 failed\n")
    run("add", "--jobs", "1", "--ledger", tmp_path / "undisturbed.sqlite", given)
    assert exported(path) == exported(tmp_path / "undisturbed.sqlite")


def added(ledger: Path) -> int:
    """How many reports are in a ledger."""
    with Ledger.open(ledger) as opened:
        return opened.counts()["reports"]


def exported(ledger: Path) -> bytes:
    """The export of a ledger."""
    done = run("export", "--ledger", ledger)
    assert done.exit_code == 0
    return bytes(done.stdout_bytes)


@pytest.mark.slow
def test_any_order_and_number_of_processes_gives_the_same_ledger(tmp_path: Path) -> None:
    """Row 3 of the reliability table, with the real model; one report comes in copies that differ in their date."""
    folder = tmp_path / "reports"
    folder.mkdir()
    chosen = sorted(samples().glob("*.txt"), key=lambda path: path.stat().st_size)[: None if SOAK else 6]
    for path in chosen:
        (folder / path.name).write_bytes(path.read_bytes())
    text = chosen[0].read_text(encoding="utf-8").partition("\n\n")[2]
    for name, header in (("undated", "Title: Copied"), ("dated", "Title: Copied\nPublished: 2031-03-09")):
        (folder / f"{name}.txt").write_text(f"{header}\n\n{text}", encoding="utf-8")
    paths, found = sorted(folder.iterdir()), {}
    for jobs in (1, 2, 4):
        for order in range(10 if SOAK else 2):
            ledger = tmp_path / f"{jobs}-{order}.sqlite"
            given = random.Random(10 * jobs + order).sample(paths, len(paths))
            for again in (False, True):
                done = run("add", "--jobs", jobs, "--ledger", ledger, *given, reader=None)  # type: ignore[arg-type]
                assert done.exit_code == 0, done.stderr
                if again:
                    assert f"0 added, {len(paths)} already there" in done.stderr
                found[jobs, order, again] = exported(ledger)
    assert len(set(found.values())) == 1
    readings = [Reading.from_dict(json.loads(line)) for line in next(iter(found.values())).splitlines()]
    assert len(readings) == len(paths) - 1 and all(reading.events for reading in readings)
