"""Killed while adding, and several adding at once: nothing lost, nothing doubled, nothing half there.

`make soak` kills as often as the design asks for, `make test` a part of it.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from dragoman.errors import LedgerError
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests import postgresql as servers
from tests.ledger.helpers import as_json, ask, assert_whole, in_child, wait_for
from tests.ledger.places import Databases, Place, Places, borrowed
from tests.ledger.synthetic import synthetic
from tests.postgresql import Server
from tests.soak import SOAK

READINGS = [synthetic(seed, sentences=6, filler=20) for seed in range(150)]
KILLS = {"sqlite": 500, "postgresql": 200} if SOAK else {"sqlite": 60, "postgresql": 20}
SERVER_KILLS = 40 if SOAK else 4
BEGUN = 1 << 15
"""Set in the number of a reading that is being added."""


def add_and_tell(place: Place, readings: Sequence[Reading], told: int) -> None:
    """Adds readings, and writes the number of each to a pipe before `add` is called and once it has returned."""
    with suppress(LedgerError), Ledger.open(place) as ledger:  # where it is the server that is killed
        for reading in readings:
            number = READINGS.index(reading)
            os.write(told, (number | BEGUN).to_bytes(2, "big"))
            ledger.add(reading)
            os.write(told, number.to_bytes(2, "big"))
    signal.pause()


def killed_after(
    seconds: float, place: Place, readings: Sequence[Reading], first: Callable[[], None] = lambda: None
) -> tuple[set[int], bool]:
    """What a child acknowledged before it was killed, after `first`; and whether it was adding."""
    acknowledged, told = os.pipe()
    child = in_child(lambda: add_and_tell(place, readings, told))
    os.close(told)
    time.sleep(seconds)
    first()
    os.kill(child, signal.SIGKILL)
    assert wait_for(child) == -signal.SIGKILL
    with os.fdopen(acknowledged, "rb") as pipe:
        told_numbers = pipe.read()
    numbers = [int.from_bytes(told_numbers[i : i + 2], "big") for i in range(0, len(told_numbers), 2)]
    return {number for number in numbers if number < BEGUN}, bool(numbers and numbers[-1] >= BEGUN)


def there(place: Place) -> set[int]:
    """The numbers of the readings in a ledger that is opened after a kill, once it is found whole."""
    if isinstance(place, str):
        wait_until_gone(place)
    with Ledger.open(place) as ledger:
        found = list(ledger.readings())
    assert_whole(place, found)
    return {READINGS.index(reading) for reading in found}  # `index` compares all of a reading


def wait_until_gone(url: str) -> None:
    """Waits until the server has noticed that whoever used the database is dead: a commit on its way may still hold."""
    others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    deadline = time.monotonic() + 30
    while ask(url, f"{others} AND backend_type = 'client backend'"):
        assert time.monotonic() < deadline, "the server keeps a dead client"
        time.sleep(0.01)


def struck(place: Place) -> bool:
    """Whether the one who was killed had rows of a report in an open transaction."""
    if isinstance(place, Path):
        journal = place.with_name(f"{place.name}-journal")
        return journal.exists() and journal.stat().st_size > 0
    wait_until_gone(place)
    if ask(place, "SELECT to_regclass('readings') IS NULL") == [(True,)]:
        return False
    # a number that was taken and is not there was rolled back
    ((given, used),) = ask(
        place,
        "SELECT CASE WHEN is_called THEN last_value ELSE 0 END, (SELECT coalesce(max(number), 0) FROM readings) "
        "FROM readings_number_seq",
    )
    ask(place, f"SELECT setval('readings_number_seq', {max(used, 1)}, {used > 0})")  # so that each is told once
    return bool(given > used)


def assert_all_can_be_added(place: Place, undisturbed: Path) -> None:
    """That adding again adds what is missing, and the ledger is then as one that nobody disturbed."""
    with Ledger.open(place) as ledger:
        missing = [reading for reading in READINGS if not ledger.has(reading.report.id)]
        assert [reading for reading in READINGS if ledger.add(reading)] == missing
    assert there(place) == set(range(len(READINGS)))
    with Ledger.open(undisturbed) as whole, Ledger.open(place) as ledger:
        for reading in READINGS:
            whole.add(reading)
        assert as_json(ledger) == as_json(whole)


@pytest.mark.slow
def test_killed_at_random_points(places: Places, tmp_path: Path) -> None:
    draw = random.Random(20310304)
    kind = "postgresql" if isinstance(places, Databases) else "sqlite"
    struck_while_adding = struck_while_writing = done = 0
    while done < KILLS[kind]:  # a new ledger each twenty kills: its making is struck too
        with borrowed(places) as place:
            acknowledged: set[int] = set()
            for kills in range(1, 21):
                order = draw.sample(READINGS, len(READINGS))
                told, adding = killed_after(draw.uniform(0.002, 0.2), place, order)
                acknowledged |= told
                struck_while_adding += adding
                struck_while_writing += struck(place)
                found = there(place)
                assert acknowledged <= found  # nothing lost
                assert len(found - acknowledged) <= kills  # committed, but killed before it could tell
            done += kills
            if done >= KILLS[kind]:
                assert_all_can_be_added(place, tmp_path / "undisturbed.sqlite")
    print(f"\n{kind}: {done} kills, {struck_while_adding} while adding, {struck_while_writing} in a transaction")
    assert struck_while_writing > done / 10


@pytest.mark.slow
def test_server_killed_at_random_points(tmp_path: Path) -> None:
    draw, struck_while_adding, acknowledged = random.Random(20310305), 0, set[int]()
    with servers.server(fsync=True) as server:
        place = server.url(server.new_database())
        for kills in range(1, SERVER_KILLS + 1):
            order = draw.sample(READINGS, len(READINGS))
            told, adding = killed_after(draw.uniform(0.05, 0.6), place, order, lambda: kill_all(server))
            acknowledged |= told
            struck_while_adding += adding
            server.start()
            found = there(place)
            assert acknowledged <= found
            assert len(found - acknowledged) <= kills
        print(f"\nPostgreSQL's server: {kills} kills, {struck_while_adding} while adding")
        assert struck_while_adding > kills / 4
        assert_all_can_be_added(place, tmp_path / "undisturbed.sqlite")


def kill_all(server: Server) -> None:
    """Kills the server and every process of it at once."""
    assert server.process is not None
    keeper = psutil.Process(server.process.pid)
    for process in (keeper, *keeper.children(recursive=True)):
        process.kill()
    server.process.wait(30)
    server.process = None
    time.sleep(0.2)  # until the one who adds has noticed


def test_two_processes_add_the_same_reports_at_once(place: Place, tmp_path: Path) -> None:
    some = READINGS[:60]

    def add_all(seed: int) -> None:
        with Ledger.open(place) as ledger:
            added = 0
            for reading in random.Random(seed).sample(some, len(some)):
                added += ledger.add(reading)
                time.sleep(0.01)  # where a report would be read: without it the first keeps the file
        (tmp_path / f"{seed}.added").write_text(str(added))

    children = [in_child(lambda seed=seed: add_all(seed)) for seed in (1, 2)]  # type: ignore[misc]
    assert [wait_for(child) for child in children] == [0, 0]
    added = [int((tmp_path / f"{seed}.added").read_text()) for seed in (1, 2)]
    assert sum(added) == len(some) and all(added)  # each report was new to exactly one of them
    assert_whole(place, some)
    with Ledger.open(place) as ledger, Ledger.open(tmp_path / "alone.sqlite") as alone:
        for reading in some:
            alone.add(reading)
        assert as_json(ledger) == as_json(alone)
    assert ask(place, "SELECT count(*) FROM readings WHERE supersedes IS NOT NULL") == [(0,)]
