"""`dragoman user` and `dragoman token`, and `dragoman serve` when it is shared, as they are typed."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from dragoman.ledger import audit
from dragoman.ledger.accounts import is_password_of
from dragoman.ledger.store import Ledger
from tests.builders import denial
from tests.postgresql import Server
from tests.show.sharing import PASSWORD, quick_passwords
from tests.test_cli import ENVIRONMENT, ROOT, run, serving

OTHER = "a lantern over the weir"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A ledger with one report, which is that of the settings."""
    for name in [name for name in os.environ if name.startswith("DRAGOMAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DRAGOMAN_LEDGER", str(tmp_path / "ledger.sqlite"))
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        ledger.add(denial())
    with quick_passwords():
        yield tmp_path / "ledger.sqlite"


def add(name: str, *more: str, password: str = PASSWORD) -> Any:
    return run("user", "add", name, *more, input=f"{password}\n")


def test_users_are_made_changed_and_removed(place: Path) -> None:
    assert "there is no user yet" in run("user", "list").stderr
    done = add("mara", "--role", "admin")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "dragoman: user mara: admin\n")
    assert add("jon").exit_code == 0
    told = run("user", "list").stdout.splitlines()
    assert [line.split()[:2] for line in told] == [["jon", "reader"], ["mara", "admin"]]
    assert run("user", "role", "jon", "editor").stderr == "dragoman: user jon: editor\n"
    assert run("user", "password", "jon", input=f"{OTHER}\r\n").exit_code == 0
    with Ledger.open(place) as ledger:
        assert is_password_of(ledger, "jon", OTHER)
    assert run("user", "remove", "jon").exit_code == 0
    assert "jon" not in run("user", "list").stdout
    with Ledger.open(place) as ledger:
        acts = audit.acts(ledger, None, 50).rows
    assert [(act.user, act.action, act.subject) for act in reversed(acts)] == [
        ("(command line)", "user add", "user mara: admin"),
        ("(command line)", "user add", "user jon: reader"),
        ("(command line)", "user role", "user jon: editor"),
        ("(command line)", "user password", "user jon"),
        ("(command line)", "user remove", "user jon"),
    ]


@pytest.mark.parametrize(
    ("arguments", "input", "code", "told"),
    [
        (["user", "add", "jon"], "", 2, "no password is given"),
        (["user", "add", "jon"], "\n", 2, "no password is given"),
        (["user", "add", "jon"], "short\n", 2, "12 characters at least"),
        (["user", "add", "Jon"], f"{PASSWORD}\n", 2, "cannot be a user's name"),
        (["user", "add", "mara"], f"{PASSWORD}\n", 2, "already"),
        (["user", "add", "jon", "--role", "king"], f"{PASSWORD}\n", 2, "take one of reader, reviewer"),
        (["user", "add", "jon", PASSWORD], "", 2, "unexpected extra argument"),
        (["user", "role", "jon", "editor"], "", 1, "dragoman user list"),
        (["user", "role", "mara", "editor"], "", 2, "only admin"),
        (["user", "remove", "mara"], "", 2, "only admin"),
        (["token", "add", "jon"], "", 1, "no user 'jon'"),
        (["token", "add", "mara", "--scope", "admin"], "", 2, "take one of read, review, edit"),
        (["token", "add", "mara", "--days", "0"], "", 2, "from 1 to 3,660"),
        (["token", "revoke", "x"], "", 1, "dragoman token list"),
        (["user", "list", "--ledger", "none.sqlite"], "", 1, "no ledger"),
    ],
)  # fmt: skip
def test_what_is_put_wrongly(arguments: list[str], input: str, code: int, told: str) -> None:
    assert add("mara", "--role", "admin").exit_code == 0
    done = run(*arguments, input=input)
    assert done.exit_code == code
    assert told in " ".join(done.stderr.split())
    assert "short" not in done.stderr


def test_a_password_is_asked_for_twice_and_not_echoed(place: Path) -> None:
    child, terminal = pty.fork()
    if not child:
        os.chdir(ROOT)
        command = [sys.executable, "-m", "dragoman", "user", "add", "mara", "--role", "admin", "--ledger", str(place)]
        os.execve(sys.executable, command, ENVIRONMENT)
    told = b""
    for prompt in (b"Password of mara: ", b"Repeat for confirmation: ", b"mara: admin"):
        while prompt not in told:
            told += os.read(terminal, 1000)
        os.write(terminal, PASSWORD.encode() + b"\n")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert told.count(PASSWORD.encode()) == 0
    with Ledger.open(place) as ledger:
        assert is_password_of(ledger, "mara", PASSWORD)


def test_tokens_are_printed_once(place: Path) -> None:
    add("mara", "--role", "admin")
    assert "there is no token" in run("token", "list").stderr
    done = run("token", "add", "mara", "--for", "nightly\x1b export", "--days", "3")
    assert re.fullmatch(r"dragoman_[\w-]{43}\n", done.stdout)
    assert "never shown again" in done.stderr
    (line,) = run("token", "list").stdout.splitlines()
    assert re.fullmatch(r"[0-9a-f]{12}  mara  read  until \d{4}-\d\d-\d\d  nightly\ufffd export", line)
    assert done.stdout.strip() not in run("token", "list").stdout
    assert run("token", "revoke", line[:12]).exit_code == 0
    assert run("token", "list").stdout == ""


def test_sharing_is_refused_until_there_is_an_admin(place: Path) -> None:
    done = run("serve", "--name", "news.example.org")
    assert done.exit_code == 2
    assert "dragoman user add NAME --role admin" in " ".join(done.stderr.split())
    done = run("serve", "--host", "0.0.0.0")
    assert done.exit_code == 2 and "--name news.example.org" in " ".join(done.stderr.split())


@pytest.mark.parametrize("proxy", [(), ("--proxy", "127.0.0.1")])
def test_what_is_shared_answers_by_its_name_to_who_may(place: Path, proxy: tuple[str, ...]) -> None:
    add("mara", "--role", "admin")
    token = run("token", "add", "mara").stdout.strip()
    with serving("--ledger", place, "--name", "news.example.org", "--port", "0", *proxy) as process:
        assert process.stderr
        announced = "".join(process.stderr.readline() for _ in range(2 if proxy else 4))
        address = re.search(r"http://127\.0\.0\.1:\d+/", announced)
        assert address
        asked = urllib.request.Request(address[0] + "v1/reports", headers={"Host": "news.example.org"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=20)
        assert refused.value.code == 401
        asked.add_header("Authorization", f"Bearer {token}")
        with urllib.request.urlopen(asked, timeout=20) as answer:
            assert json.load(answer)["rows"][0]["title"] == denial().report.title
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=20)
    assert process.returncode == 130 and "Traceback" not in told
    assert ("passwords go over the network as they are" in announced) == (not proxy)
    assert token not in announced + told


def test_accounts_on_a_server(postgresql: Server) -> None:
    name = postgresql.new_database()
    place = postgresql.url(name)
    Ledger.open(place).close()
    assert add("mara", "--role", "admin", "--ledger", place).exit_code == 0
    assert run("user", "list", "--ledger", place).stdout.startswith("mara  admin  since ")
    assert run("token", "add", "mara", "--ledger", place).exit_code == 0
    postgresql.drop_database(name)
