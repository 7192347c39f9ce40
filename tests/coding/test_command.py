"""`dragoman code` and `dragoman add --from`, as they are typed."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from pathlib import Path

import pytest

from dragoman.ledger.store import Ledger
from tests.coding.corpora import contents, lines, parquet, rows
from tests.ledger.places import Places, borrowed
from tests.test_adding import assert_gone, exported, started
from tests.test_cli import run, spawn


@pytest.fixture(autouse=True)
def without_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the one who runs the tests has any effect."""
    for name in [name for name in os.environ if name.startswith("DRAGOMAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DRAGOMAN_LEDGER", str(tmp_path / "ledger.sqlite"))


def test_a_corpus_is_coded_and_brought_into_a_ledger(tmp_path: Path) -> None:
    given = rows(30)
    corpus, out = tmp_path / "corpus", tmp_path / "coded"
    corpus.mkdir()
    lines(corpus / "a.jsonl", [*given, {"text": "Fault. The army seized it.", "title": "Fault"}, *given[:5]])
    parquet(corpus / "b.parquet", given[10:20], 5)
    done = run("code", corpus, "--out", out, "--dry-run")
    assert done.exit_code == 0 and not out.exists()
    assert done.stderr == f"dragoman: 2 partitions to code, {size(corpus)} KB of input; 0 done already\n"
    done = run("code", corpus, "--out", out, "--jobs", "1")
    assert done.exit_code == 3 and done.stdout == ""
    told = "dragoman: 45 coded, 1 failed; 2 partitions done, 0 left\ndragoman: what failed, and why, is in "
    assert done.stderr == f"{told}{out}/_failures\n"
    done = run("code", corpus, "--out", out, "--dry-run")
    assert done.stderr == "dragoman: 0 partitions to code, 0 bytes of input; 2 done already\n"
    done = run("code", corpus, "--out", out, "--jobs", "1")
    assert done.stderr == "dragoman: 0 coded, 0 failed; 2 partitions done (2 before), 0 left\n" and done.exit_code == 0
    done = run("add", "--from", out, "--dry-run")
    assert done.stderr.endswith("dragoman: 30 to add, 15 already there, 0 failed\n") and done.exit_code == 0
    assert not (tmp_path / "ledger.sqlite").exists()
    for added in (30, 0):
        done = run("add", "--from", out)
        assert done.stderr.endswith(f"dragoman: {added} added, {45 - added} already there, 0 failed\n"), done.stderr
        assert done.exit_code == 0
    run("add", corpus, "--ledger", tmp_path / "one.sqlite")
    assert exported(tmp_path / "ledger.sqlite") == exported(tmp_path / "one.sqlite")


def size(folder: Path) -> int:
    """Kilobytes of the files of a folder."""
    return round(sum(path.stat().st_size for path in folder.iterdir()) / 1000)


def test_coded_reports_in_any_order_are_as_reports_added_one_by_one(places: Places, tmp_path: Path) -> None:
    given = rows(40)
    copies = [{**row, "published": None, "title": None} for row in given[:20]]
    whole = [*given, *copies, *given[5:15]]
    some = lines(tmp_path / "some.jsonl", given[30:])
    found = set()
    for seed in range(2):
        corpus = lines(tmp_path / f"{seed}.jsonl", random.Random(seed).sample(whole, len(whole)))
        assert run("code", corpus, "--out", tmp_path / f"{seed}", "--jobs", "1").exit_code == 0
        with borrowed(places, ledger=True) as place:
            run("add", some, "--ledger", place)  # what is there already
            done = run("add", "--from", tmp_path / f"{seed}", "--ledger", place)
            assert done.exit_code == 0, done.stderr
            found.add(exported(place))  # type: ignore[arg-type]
    run("add", lines(tmp_path / "all.jsonl", whole), "--ledger", tmp_path / "one.sqlite")
    assert found == {exported(tmp_path / "one.sqlite")}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add",), "nothing to add, or two things"),
        (("add", "a.jsonl", "--from", "coded"), "nothing to add, or two things"),
        (("add", "--from", "coded", "--outlet", "Oru Daily"), "give these options to `dragoman code`"),
        (("code", "a.jsonl", "--out", "coded", "--engine", "spark"), "take one of local, ray"),
        (("code", "https://news.example/a.jsonl", "--out", "coded"), "get the file first"),
        (("code", "a.jsonl", "--out", "coded", "--published", "soon"), "is not a day"),
    ],
)
def test_what_is_put_wrongly_is_told(arguments: tuple[str, ...], told: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2 and told in done.stderr


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for arguments in (("code", tmp_path / "gone.jsonl", "--out", out), ("add", "--from", out)):
        done = run(*arguments)
        assert done.exit_code == 1 and ("is not there" in done.stderr or "no coded reports" in done.stderr)
    assert not out.exists()


def test_an_interruption_leaves_whole_partitions_only(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "out"
    corpus.mkdir()
    for name, given in (("a", rows(20)), ("b", [*rows(3), {"text": "Slow. The army seized it."}]), ("c", rows(30))):
        lines(corpus / f"{name}.jsonl", given)
    with spawn("code", "--jobs", "2", "--out", out, corpus, start_new_session=True) as process:
        children = started(process.pid, 2)
        end = time.monotonic() + 20
        while len(list(out.glob("part-*"))) < 2 and time.monotonic() < end:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    # a file may be there a moment before it is counted
    assert re.search(r", 0 failed; [12] partitions? done, [12] left\ndragoman: interrupted\n\Z", told), told
    assert_gone(children)
    lines(corpus / "b.jsonl", rows(3))
    assert len(contents(out)) == 2


def test_killed_while_coded_reports_are_added_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    corpus, out, ledger = lines(tmp_path / "a.jsonl", rows(3_000)), tmp_path / "out", tmp_path / "ledger.sqlite"
    assert run("code", corpus, "--out", out, "--jobs", "1").exit_code == 0
    with spawn("add", "--from", out, "--ledger", ledger) as process:
        end = time.monotonic() + 20
        while not ledger.exists() or not there(ledger):
            assert process.poll() is None and time.monotonic() < end
            time.sleep(0.02)
        process.kill()
        process.communicate(timeout=20)
    before = there(ledger)
    assert 0 < before < 3_000 and before % 500 == 0
    done = run("add", "--from", out, "--ledger", ledger)
    assert done.stderr.endswith(f"{3_000 - before:,} added, {before:,} already there, 0 failed\n")


def there(ledger: Path) -> int:
    """How many reports are in a ledger."""
    with Ledger.open(ledger) as opened:
        return opened.counts()["reports"]
