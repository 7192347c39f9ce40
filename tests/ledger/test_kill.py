"""Killed while adding, and several adding at once: nothing lost, nothing doubled, nothing half there."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests.ledger.helpers import as_json, ask, assert_whole, in_child, wait_for
from tests.ledger.synthetic import synthetic

READINGS = [synthetic(seed, sentences=6, filler=20) for seed in range(150)]
KILLS = 100


def add_and_tell(path: Path, readings: Sequence[Reading], told: int) -> None:
    """Adds readings, and writes the number of each to a pipe once `add` has returned; then waits."""
    with Ledger.open(path) as ledger:
        for reading in readings:
            ledger.add(reading)
            os.write(told, READINGS.index(reading).to_bytes(2, "big"))
    signal.pause()


def killed_after(seconds: float, path: Path, readings: Sequence[Reading]) -> set[int]:
    """What a child acknowledged before it was killed."""
    acknowledged, told = os.pipe()
    child = in_child(lambda: add_and_tell(path, readings, told))
    os.close(told)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    assert wait_for(child) == -signal.SIGKILL
    with os.fdopen(acknowledged, "rb") as pipe:
        numbers = pipe.read()
    return {int.from_bytes(numbers[i : i + 2], "big") for i in range(0, len(numbers), 2)}


def there(path: Path) -> set[int]:
    """The numbers of the readings in a ledger that is opened after a kill, once it is found whole."""
    with Ledger.open(path) as ledger:
        found = list(ledger.readings())
    assert_whole(path, found)
    return {READINGS.index(reading) for reading in found}  # `index` compares all of a reading


@pytest.mark.slow
def test_killed_at_random_points(tmp_path: Path) -> None:
    draw = random.Random(20310304)
    struck_while_writing = 0
    for ledger_number in range(KILLS // 20):  # a new ledger each twenty kills: its making is struck too
        path = tmp_path / f"{ledger_number}.sqlite"
        acknowledged: set[int] = set()
        for kills in range(1, 21):
            order = draw.sample(READINGS, len(READINGS))
            acknowledged |= killed_after(draw.uniform(0.002, 0.15), path, order)
            journal = path.with_name(f"{path.name}-journal")
            struck_while_writing += journal.exists() and journal.stat().st_size > 0
            found = there(path)
            assert acknowledged <= found  # nothing lost
            assert len(found - acknowledged) <= kills  # committed, but killed before it could tell
    assert struck_while_writing > KILLS / 10
    with Ledger.open(path) as ledger:
        missing = [reading for reading in READINGS if not ledger.has(reading.report.id)]
        assert [reading for reading in READINGS if ledger.add(reading)] == missing
    assert there(path) == set(range(len(READINGS)))
    with Ledger.open(tmp_path / "undisturbed.sqlite") as undisturbed, Ledger.open(path) as ledger:
        for reading in READINGS:
            undisturbed.add(reading)
        assert as_json(ledger) == as_json(undisturbed)


def test_two_processes_add_the_same_reports_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    some = READINGS[:60]

    def add_all(seed: int) -> None:
        with Ledger.open(path) as ledger:
            added = 0
            for reading in random.Random(seed).sample(some, len(some)):
                added += ledger.add(reading)
                time.sleep(0.01)  # where a report would be read: without it the first keeps the file
        (tmp_path / f"{seed}.added").write_text(str(added))

    children = [in_child(lambda seed=seed: add_all(seed)) for seed in (1, 2)]  # type: ignore[misc]
    assert [wait_for(child) for child in children] == [0, 0]
    added = [int((tmp_path / f"{seed}.added").read_text()) for seed in (1, 2)]
    assert sum(added) == len(some) and all(added)  # each report was new to exactly one of them
    assert_whole(path, some)
    with Ledger.open(path) as ledger, Ledger.open(tmp_path / "alone.sqlite") as alone:
        for reading in some:
            alone.add(reading)
        assert as_json(ledger) == as_json(alone)
    assert ask(path, "SELECT count(*) FROM readings WHERE supersedes IS NOT NULL") == [(0,)]
