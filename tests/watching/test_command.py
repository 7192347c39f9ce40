"""`dragoman watch` and `dragoman feeds` as they are typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dragoman.cli import app
from dragoman.ledger.schema import feeds
from dragoman.ledger.store import Ledger
from dragoman.watching.named import named_feeds
from tests.command import WordReader
from tests.watching.newsroom import Newsroom, Outlet, Page, newsroom

WORDS = "The army seized the port of Aden on Monday, the governor said, and two crews left before the storm reached it."


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with newsroom() as running:
        yield running


@pytest.fixture
def outlet(room: Newsroom) -> Outlet:
    made = Outlet(room, f"127.0.0.1:{room.port}")
    made.publish(1, WORDS, datetime.now(UTC) - timedelta(hours=1))
    return made


def environment() -> dict[str, str]:
    return {**os.environ, "DRAGOMAN_FETCH_ALLOW": "127.0.0.1", "DRAGOMAN_FETCH_PAUSE": "0", "COLUMNS": "80"}


def typed(ledger: Path, *words: str, code: int = 0) -> Result:
    done = CliRunner().invoke(app, [*words, "--ledger", str(ledger)], obj=WordReader, env=environment())
    assert done.exit_code == code, done.stderr
    return done


def make_due(ledger: Path) -> None:
    """As if the time had come for every feed."""
    with Ledger.open(ledger) as opened, opened.writing() as connection:
        connection.execute(feeds.update().values(next_at=""))


def test_feeds_that_a_list_names_and_nobody_can_ask_are_told(tmp_path: Path) -> None:
    (lists := tmp_path / "feeds.opml").write_text(
        "<opml version='2.0'><body><outline xmlUrl='feed://post.example/f'/><outline xmlUrl='ftp://post.example'/>"
        "</body></opml>",
        encoding="utf-8",
    )
    told: list[str] = []
    found = named_feeds([str(lists)], lambda what, cure: told.append(what))
    assert [one.address for one in found] == ["http://post.example/f"]
    assert len(told) == 1 and told[0].startswith(f"{lists}: 1 of the feeds that it names have no web address")


def test_an_edit_shows_in_the_differences(outlet: Outlet, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.sqlite"
    lists = tmp_path / "feeds.opml"
    lists.write_text(
        f'<opml version="2.0"><body><outline text="Post" xmlUrl="{outlet.feed}"/></body></opml>', encoding="utf-8"
    )
    said = typed(ledger, "watch", str(lists), "--once").stderr
    assert said == "dragoman: Post: 1 added\ndragoman: 1 checked, 1 added, 0 failed\n"
    assert "no feed is due before" in typed(ledger, "watch", "--once").stderr

    outlet.publish(1, WORDS + " The army attacked the town later.", datetime.now(UTC) - timedelta(hours=1))
    make_due(ledger)
    assert ": 1 added" in typed(ledger, "watch", "--once").stderr
    reports = [json.loads(line) for line in typed(ledger, "list", "reports", "--format", "json").stdout.splitlines()]
    assert len(reports) == 2
    with Ledger.open(ledger) as opened:
        first, later = (one.report for one in opened.versions(opened.reading(reports[0]["id"])))
    found = typed(ledger, "diff", first, later).stdout
    assert "text added: “The army attacked the town later.”" in found
    assert "event new" in found or "“attacked”" in found

    outlet.room.pages[f"{outlet.host}/feed"] = Page(status=500)
    make_due(ledger)
    typed(ledger, "watch", "--once", code=1)
    [told] = [json.loads(line) for line in typed(ledger, "feeds", "--format", "json").stdout.splitlines()]
    assert (told["address"], told["title"], told["articles"], told["stopped"]) == (outlet.feed, "Post", 1, False)
    assert told["wrong"].startswith("failing since ")
    assert "was answered with an error (500)" in typed(ledger, "feeds").stdout.replace("\n               ", " ")


def test_ctrl_c_ends_a_watch_at_once(outlet: Outlet, tmp_path: Path) -> None:
    """Also while a server keeps it waiting."""
    outlet.room.pages["slow"] = Page()
    slow = f"http://127.0.0.1:{outlet.room.port}/slow"
    outlet.room.delays[f"{outlet.host}/slow"] = 20
    command = [
        sys.executable,
        "-m",
        "tests.command",
        "watch",
        outlet.feed,
        slow,
        "--ledger",
        str(tmp_path / "l.sqlite"),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment()) as running:
        assert running.stderr is not None
        assert "watching 2 feeds" in running.stderr.readline()
        assert ": 1 added" in running.stderr.readline()
        while f"{outlet.host}/slow" not in outlet.room.asked:
            time.sleep(0.05)
        struck = time.monotonic()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=10) == 130
        assert time.monotonic() - struck < 3
        assert running.stderr.read() == "dragoman: 1 checked, 1 added, 0 failed\ndragoman: interrupted\n"


@pytest.mark.parametrize(
    ("words", "said", "code"),
    [
        (("watch",), "there is no ledger", 1),
        (("watch", "no.opml"), "no.opml cannot be read", 1),
        (("watch", "empty.opml"), "lists no feeds", 2),
        (("watch", "http://a.example/", "--every", "0"), "--every", 2),
        (("watch", "--ledger", "none.sqlite", "--once"), "no feed is watched yet", 2),
        (("feeds", "--ledger", "none.sqlite"), "no feed is watched yet", 0),
    ],
)
def test_what_is_put_wrongly_is_told(
    words: tuple[str, ...], said: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRAGOMAN_LEDGER", "other.sqlite")
    Path("empty.opml").write_text("<opml version='2.0'><body/></opml>", encoding="utf-8")
    if "none.sqlite" in words:
        Ledger.open("none.sqlite").close()
    done = CliRunner().invoke(app, words, obj=WordReader)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
    assert not Path("other.sqlite").exists()
