"""The process in the background, for real: what it keeps, what it says, and that it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dragoman.compare import keeping, of_ledger, of_sources
from dragoman.ledger.store import Ledger
from dragoman.show.comparing import Comparing, compare
from tests.show.readings import crisis

PATIENCE = 60.0


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        for reading in crisis()[:-1]:
            assert ledger.add(reading)
    return tmp_path / "ledger.sqlite"


def is_kept(ledger: Ledger) -> bool:
    kept = keeping.latest(ledger, of_sources.SOURCES)
    return kept is not None and not kept.behind


@pytest.mark.slow
def test_what_is_added_is_compared(path: Path) -> None:
    with Ledger.open(path) as ledger, Comparing(str(path), quiet=0.1) as comparing:
        until(lambda: is_kept(ledger))
        assert ledger.add(crisis()[-1])
        assert not is_kept(ledger)
        until(lambda: is_kept(ledger))
        assert of_ledger.summaries(ledger).rows
        assert comparing.failed == ""


@pytest.mark.slow
def test_what_fails_is_told_once_and_tried_again_when_something_changes(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open(path) as ledger:
        with ledger.writing() as connection:
            connection.exec_driver_sql("ALTER TABLE findings RENAME TO mislaid")
        with Comparing(str(path), quiet=0.1) as comparing:
            until(lambda: "findings" in comparing.failed)
            time.sleep(0.5)
            assert capsys.readouterr().err.count("comparing failed") == 1
            with ledger.writing() as connection:
                connection.exec_driver_sql("ALTER TABLE mislaid RENAME TO findings")
            assert ledger.add(crisis()[-1])
            until(lambda: is_kept(ledger))
            until(lambda: comparing.failed == "")


@pytest.mark.slow
def test_two_on_one_ledger_do_no_harm(path: Path) -> None:
    with Ledger.open(path) as ledger, Comparing(str(path), quiet=0.1), Comparing(str(path), quiet=0.1):
        until(lambda: is_kept(ledger))
        found = [one.id for one in of_ledger.happenings(ledger)]
        assert found and len(found) == len(set(found))


SERVER = """
import sys, time
from dragoman.show.comparing import Comparing
if __name__ == "__main__":
    with Comparing(sys.argv[1], quiet=0.1) as comparing:
        print(comparing._process.pid, flush=True)
        time.sleep(600)
"""


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_with_its_server(path: Path, tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    server = subprocess.Popen(
        [sys.executable, str(script), str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert server.stdout is not None
    with server.stdout:
        process = int(server.stdout.readline())
        os.kill(process, 0)
        server.send_signal(how)
        server.wait(PATIENCE)
    until(lambda: not Path(f"/proc/{process}").exists() or " Z " in Path(f"/proc/{process}/stat").read_text())


def test_all_steps_are_kept(path: Path) -> None:
    done: list[str] = []
    with Ledger.open(path) as ledger:
        compare(ledger, done.append)
        assert is_kept(ledger)
    assert done == ["copies", "happenings", "sources", "likely entities"]
