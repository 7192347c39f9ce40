"""Readings added by hundreds leave the ledger that they leave one by one."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from dragoman.errors import LedgerError, UsageError
from dragoman.ledger import bulk, schema
from dragoman.ledger.inserting import MARKS, insert
from dragoman.ledger.store import Ledger
from dragoman.records import Capture, Reading
from tests.builders import NEWER
from tests.ledger.helpers import as_json, ask, assert_sound, assert_whole, in_child, wait_for
from tests.ledger.places import Databases, Place, Places, borrowed
from tests.ledger.synthetic import synthetic
from tests.ledger.test_kill import wait_until_gone

READINGS = [synthetic(seed) for seed in range(60)]


def with_copies(draw: random.Random) -> list[Reading]:
    """Readings with copies that tell more or less, the same again, and those of another model."""
    copies = [replace(one, report=replace(one.report, published=None, title=None)) for one in READINGS[:20]]
    odd = [replace(one, report=replace(one.report, title="N\0UL \ud800")) for one in READINGS[10:15]]
    newer = [replace(one, made_by=NEWER) for one in READINGS[15:30]]
    taken = [replace(one, report=replace(one.report, capture=capture(n))) for n, one in enumerate(READINGS[30:40])]
    given = [*READINGS, *READINGS[:10], *copies, *odd, *newer, *taken]
    return draw.sample(given, len(given))


def capture(number: int) -> Capture:
    """A capture; each two have the same original, of which one has the bytes."""
    content = b"page" * (number // 2 + 1)
    address = f"https://news.example/{number}"
    hash = sha256(content).hexdigest()
    headers = (("content-type", "text/html"),)
    return Capture(address, None, hash, len(content), "text/html", 200, headers, content if number % 2 else None)


def add(ledger: Ledger, given: Sequence[Reading], at_once: int) -> list[bool]:
    """Adds some by so many; whether each was taken."""
    batches = (given[start : start + at_once] for start in range(0, len(given), at_once))
    return [taken for batch in batches for taken in ledger.add_many([bulk.prepare(one) for one in batch])]


def kept(ledger: Ledger) -> str:
    """All that a ledger tells of its reports: readings, current and as read, captures."""
    told = [
        [reading, ledger.as_read(id).to_dict(), [repr(one) for one in ledger.captures(id)]]
        for reading in as_json(ledger)
        for id in [reading["report"]["id"]]
    ]
    return json.dumps(told)


@pytest.mark.parametrize("at_once", [1, 7, 200])
def test_a_ledger_is_the_same_by_hundreds_as_one_by_one(places: Places, at_once: int, tmp_path: Path) -> None:
    given = with_copies(random.Random(at_once))
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger, Ledger.open(tmp_path / "one") as single:
        assert add(ledger, given, at_once) == [single.add(reading) for reading in given]
        assert kept(ledger) == kept(single)
        assert ledger.counts() == single.counts()
        assert_sound(place)
        assert not any(add(ledger, given, at_once))


def test_in_any_order_the_same_is_kept(places: Places) -> None:
    given = [reading for reading in with_copies(random.Random(1)) if reading.made_by != NEWER]
    found = set()
    for seed in range(3):
        with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
            add(ledger, random.Random(seed).sample(given, len(given)), 50)
            found.add(json.dumps(as_json(ledger)))
    assert len(found) == 1


def test_rows_are_those_of_readings_that_are_corrected(places: Places) -> None:
    """A corrected reading goes in another way, row by row: what it leaves in each table is the same."""
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        add(ledger, READINGS[:20], 7)
        found = rows(ledger)
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        for reading in READINGS[:20]:
            with ledger.writing() as connection:
                insert(connection, reading)
        assert rows(ledger) == found and found["counts"]


def rows(ledger: Ledger) -> dict[str, list[tuple[object, ...]]]:
    """The rows of readings in each table, without the time and the numbers that names have."""
    left_out = ("recorded_at", "names", "place_names")
    names = select(schema.names.c.folded)
    with ledger.connection() as connection:
        return {
            table.name: [
                tuple(row)
                for row in connection.execute(
                    select(
                        *(column for column in table.columns if column.name not in left_out),
                        *(
                            names.where(schema.names.c.number == table.c[name]).scalar_subquery()
                            for name in left_out[1:]
                            if name in table.c
                        ),
                    ).order_by(*table.primary_key)
                )
            ]
            for table in (schema.reports, schema.readings, *MARKS)
        }


def test_every_row_is_there_and_found(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        assert ledger.add(READINGS[0])
        assert add(ledger, READINGS, 25) == [False] + [True] * (len(READINGS) - 1)
        assert_whole(place, READINGS)
        assert ledger.add(synthetic(1_000))  # numbers go on from there
        assert len(ask(place, "SELECT number FROM readings")) == len(READINGS) + 1


def test_corrections_are_put_over_what_comes_later(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        add(ledger, READINGS[:5], 5)
        id = f"{READINGS[2].report.id}:E1"
        ledger.correct(id, "status", "ruled_out", decided_by="Mara Quist")
        assert all(add(ledger, [replace(one, made_by=NEWER) for one in READINGS[:5]], 5))
        reading, event = ledger.event(id)
        assert event.status == "ruled_out" and reading.made_by == NEWER and len(reading.corrections) == 1
        assert ledger.as_read(READINGS[2].report.id) == replace(READINGS[2], made_by=NEWER)


def test_a_batch_that_fails_leaves_nothing(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        wrong = replace(READINGS[1], report=replace(READINGS[1].report, capture=replace(capture(1), content=b"other")))
        with pytest.raises(UsageError, match="not what its hash says"):
            add(ledger, [READINGS[0], wrong], 2)
        assert ledger.counts()["reports"] == 0
    with pytest.raises(UsageError, match="not a SHA-256"):
        bulk.prepare(replace(READINGS[0], report=replace(READINGS[0].report, id="x")))


def test_killed_between_and_within_batches_nothing_is_lost_or_doubled(places: Places) -> None:
    draw = random.Random(20310306)
    given = [synthetic(seed, sentences=6, filler=20) for seed in range(400)]

    def add_and_tell(place: Place, told: int) -> None:
        with Ledger.open(place) as ledger:
            for start in range(0, len(given), 20):
                add(ledger, given[start : start + 20], 20)
                os.write(told, (start + 20).to_bytes(2, "big"))
        signal.pause()

    with borrowed(places, ledger=True) as place:
        there = 0
        for _ in range(6):
            acknowledged, told = os.pipe()
            child = in_child(lambda place=place, told=told: add_and_tell(place, told))  # type: ignore[misc]
            os.close(told)
            time.sleep(draw.uniform(0.1, 0.4))
            os.kill(child, signal.SIGKILL)
            assert wait_for(child) == -signal.SIGKILL
            with os.fdopen(acknowledged, "rb") as pipe:
                acks = pipe.read()
            if isinstance(places, Databases):
                wait_until_gone(str(place))
            before, there = there, count(place)
            assert there >= max(before, int.from_bytes(acks[-2:], "big")) and there % 20 == 0
        with Ledger.open(place) as ledger:
            assert sum(add(ledger, given, 100)) == len(given) - there
        assert_whole(place, given)


def count(place: Place) -> int:
    """How many reports there are, in the eyes of the database."""
    return int(ask(place, "SELECT count(*) FROM reports")[0][0])


def test_a_server_that_is_gone_is_told(places: Places) -> None:
    if not isinstance(places, Databases):
        pytest.skip("a file has no server")
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        rows = [{"id": "0" * 64, "recorded_at": ""}]
        with pytest.raises(LedgerError, match="was lost"), ledger.writing() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            ask(str(place), f"{others} AND pid <> pg_backend_pid()")
            ledger.database.put(connection, schema.reports, rows)
        assert ledger.counts()["reports"] == 0
