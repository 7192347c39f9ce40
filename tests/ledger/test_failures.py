"""A write that fails: the error says so, and the ledger is as it was before."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from dragoman.errors import LedgerBusy, LedgerError, LedgerWriteFailed
from dragoman.ledger.schema import reports
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests import postgresql as servers
from tests.ledger.helpers import as_json, assert_whole, in_child, wait_for
from tests.ledger.places import Place
from tests.ledger.synthetic import synthetic


def add_until_it_fails(ledger: Ledger, first: int = 0) -> tuple[list[Reading], LedgerError]:
    """Adds reports until one fails; those that were acknowledged, and the error."""
    added: list[Reading] = []
    for seed in range(first, first + 10_000):
        reading = synthetic(seed, filler=40)
        try:
            ledger.add(reading)
        except LedgerError as error:
            return added, error
        added.append(reading)
    raise AssertionError("nothing failed")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of one megabyte, in a folder that a server's user may go into, whatever other tests run."""
    disk = Path(mkdtemp(prefix="dragoman-disk-"))
    disk.chmod(0o755)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        disk.rmdir()
        pytest.skip("a small disk cannot be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
    disk.rmdir()


def test_full_disk(small_disk: Path) -> None:
    path = small_disk / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        added, error = add_until_it_fails(ledger)
        assert isinstance(error, LedgerWriteFailed)
        assert "full" in error.what and "make room" in error.cure and str(path) in error.what
        assert len(added) > 3
        assert list(ledger.readings()) == sorted(added, key=lambda reading: reading.report.id)
    assert_whole(path, added)
    subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
    with Ledger.open(path) as ledger:
        failed = synthetic(len(added), filler=40)
        assert ledger.add(failed) is True
    assert_whole(path, [*added, failed])


def test_full_disk_while_the_ledger_is_made(small_disk: Path) -> None:
    (small_disk / "others").write_bytes(b"x" * (1024 * 1024 - 40_000))
    with pytest.raises(LedgerWriteFailed, match="full"):
        Ledger.open(small_disk / "ledger.sqlite")
    (small_disk / "others").unlink()
    with Ledger.open(small_disk / "ledger.sqlite") as ledger:
        assert ledger.add(synthetic(0)) is True


def test_ledger_at_its_greatest_size(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        with ledger.connection() as connection:  # the pool keeps this connection and its pragma
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 150
            assert connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}").scalar_one() == pages
        added, error = add_until_it_fails(ledger)
        assert isinstance(error, LedgerWriteFailed) and "full" in error.what
    assert_whole(tmp_path / "ledger.sqlite", added)


def test_input_output_error(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        before = [synthetic(seed) for seed in range(3)]
        for reading in before:
            ledger.add(reading)
    limit = path.stat().st_size + 300_000

    def until_the_limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))  # a write beyond it fails with EFBIG
        with Ledger.open(path) as ledger:
            added, error = add_until_it_fails(ledger, first=3)
            assert isinstance(error, LedgerWriteFailed)
            assert "cannot be written" in error.what and "check the disk" in error.cure
            assert [reading.to_dict() for reading in sorted_by_id([*before, *added])] == as_json(ledger)
            (tmp_path / "added").write_text(str(len(added)))

    assert wait_for(in_child(until_the_limit)) == 0
    added = [synthetic(seed, filler=40) for seed in range(3, 3 + int((tmp_path / "added").read_text()))]
    assert_whole(path, [*before, *added])


def sorted_by_id(readings: list[Reading]) -> list[Reading]:
    return sorted(readings, key=lambda reading: reading.report.id)


# --- PostgreSQL -------------------------------------------------------------------------------


def test_full_disk_of_the_server(small_disk: Path) -> None:
    """A database whose files lie on a small disk; only the server's log has room."""
    subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
    with servers.server() as server:  # one of its own, which can do nothing else while that disk is full
        shutil.chown(small_disk, server.folder.owner())
        server.tell("postgres", f"CREATE TABLESPACE small LOCATION '{small_disk}'")
        server.tell("postgres", "CREATE DATABASE on_small_disk TABLESPACE small")
        place = server.url("on_small_disk")
        with Ledger.open(place) as ledger:
            added, error = add_until_it_fails(ledger)
            assert isinstance(error, LedgerWriteFailed)
            assert "full" in error.what and "make room" in error.cure
            assert len(added) > 3
            assert list(ledger.readings()) == sorted_by_id(added)
            subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
            assert_whole(place, added)
            failed = synthetic(len(added), filler=40)
            assert ledger.add(failed) is True
        assert_whole(place, [*added, failed])


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
def test_server_stopped_in_the_middle(how: signal.Signals) -> None:
    with servers.server(fsync=True) as server:
        place = server.url(server.new_database())
        with Ledger.open(place) as ledger:
            before = [synthetic(seed) for seed in range(3)]
            for reading in before:
                ledger.add(reading)
            with pytest.raises(LedgerWriteFailed, match="was lost") as lost, ledger.writing() as connection:
                connection.execute(reports.insert(), {"id": "0" * 64, "recorded_at": ""})
                server.stop(how)
                connection.execute(reports.insert(), {"id": "1" * 64, "recorded_at": ""})
            assert "what was added before is kept" in lost.value.cure
            with pytest.raises(LedgerError, match="cannot be reached"):
                ledger.add(synthetic(3))
            server.start()
            assert_whole(place, before)
            assert ledger.add(synthetic(3)) is True  # the same open ledger goes on
        assert_whole(place, [*before, synthetic(3)])


# --- both -------------------------------------------------------------------------------------


def test_another_writer_is_waited_for_and_then_told(place: Place) -> None:
    Ledger.open(place).close()
    ready, held = os.pipe()

    def hold() -> None:
        with Ledger.open(place) as ledger, ledger.writing():
            os.write(held, b"!")
            os.read(let_go, 1)

    let_go, release = os.pipe()
    child = in_child(hold)
    assert os.read(ready, 1) == b"!"
    with Ledger.open(place, busy_seconds=0.05) as ledger:
        with pytest.raises(LedgerBusy, match="another process") as busy:
            ledger.add(synthetic(1))
        assert "try again" in busy.value.cure
        assert ledger.counts()["reports"] == 0  # reading goes on beside a writer
        os.write(release, b"!")
        assert wait_for(child) == 0
        assert ledger.add(synthetic(1)) is True
