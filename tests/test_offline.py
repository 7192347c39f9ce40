"""`--offline`: nothing is fetched, and the network is shut for all that Python does in these processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.documents.web.fetch import Fetcher
from dragoman.errors import AddressRefused
from dragoman.ledger.store import Ledger
from tests.documents.web.server import answer, site

ROOT = Path(__file__).resolve().parents[1]
TEXT = "The army seized the port of Varn on Monday, and the people of the town said that they had fled."

TRIES = {
    "connect": "socket.create_connection(('192.0.2.1', 9), 0.1)",
    "connect by name": "socket.create_connection(('a.invalid', 9), 0.1)",
    "IPv6": "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 9))",
    "connect_ex": "socket.socket().connect_ex(('192.0.2.1', 9))",
    "datagram": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'a', ('192.0.2.1', 9))",
    "message": "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b'a'], [], 0, ('192.0.2.1', 9))",
    "name": "socket.getaddrinfo('a.invalid', 80)",
    "name in bytes": "socket.getaddrinfo(b'a.invalid', 80)",
    "old name": "socket.gethostbyname('a.invalid')",
    "number": "socket.gethostbyaddr('192.0.2.1')",
    "number and port": "socket.getnameinfo(('192.0.2.1', 9), 0)",
    "urllib": "urllib.request.urlopen('http://192.0.2.1/', timeout=0.1)",
    "asyncio": "asyncio.run(asyncio.open_connection('192.0.2.1', 9))",
    "thread": "threading.Thread(target=socket.create_connection, args=(('192.0.2.1', 9), 0.1)).start()",
}
STILL = {
    "this machine": "socket.create_connection(('127.0.0.1', PORT), 5)",
    "this machine by name": "socket.create_connection(('localhost', PORT), 5)",
    "a pair": "socket.socketpair()",
    "serving": "socket.create_server(('127.0.0.1', 0))",
    "serving all": "socket.getaddrinfo(None, 80), socket.getaddrinfo('0.0.0.0', 80)",
    "a datagram here": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'a', ('127.0.0.1', 9))",
}
START = "import asyncio, socket, sys, threading, urllib.request\n"


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a process of its own."""
    told = {**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", **environment}
    return subprocess.run([sys.executable, "-c", START + code], capture_output=True, text=True, env=told, timeout=60)


def test_no_call_of_python_reaches_the_network() -> None:
    tries = [
        f"try: {call}\nexcept OSError as error: print({name!r}, 'the network is off' in str(error))\n"
        for name, call in TRIES.items()
        if name != "thread"
    ]
    done = python("from dragoman.offline import shut\nshut()\nshut()\n" + "".join(tries))
    assert done.stdout.splitlines() == [f"{name} True" for name in TRIES if name != "thread"], done.stderr


def test_threads_do_not_reach_it_either() -> None:
    done = python(f"from dragoman.offline import shut\nshut()\n{TRIES['thread']}")
    assert "the network is off" in done.stderr


def test_this_machine_stays_within_reach() -> None:
    with site() as running:
        calls = "\n".join(call.replace("PORT", str(running.port)) for call in STILL.values())
        done = python(f"from dragoman.offline import shut\nshut()\n{calls}\nprint('done')")
    assert done.stdout == "done\n", done.stderr


@pytest.mark.parametrize(("value", "shut"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_processes_take_it_from_the_environment(value: str, shut: bool) -> None:
    code = "from dragoman.offline import shut_if_asked\nshut_if_asked()\n"
    code += "try: socket.getaddrinfo('a.invalid', 80)\nexcept OSError as error: print('is off' in str(error))"
    assert python(code, DRAGOMAN_OFFLINE=value).stdout == f"{shut}\n"


def test_no_connection_is_made_without_the_command_either() -> None:
    fetcher = Fetcher(Settings(offline=1))
    with pytest.raises(AddressRefused, match="the network is off"):
        fetcher.fetch("https://a.example/")


# --- the command ------------------------------------------------------------------------------------


def dragoman(*arguments: str | Path, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command, which may ask this machine, with a ledger in the folder."""
    told = {
        **os.environ,
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DRAGOMAN_LEDGER": str(folder / "ledger.sqlite"),
        "DRAGOMAN_FETCH_ALLOW": "127.0.0.1",
        "DRAGOMAN_FETCH_PAUSE": "0",
        **environment,
    }
    command = [sys.executable, "-m", "tests.command", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(("before", "environment"), [(["--offline"], {}), ([], {"DRAGOMAN_OFFLINE": "1"})])
def test_the_command_fetches_nothing_offline(tmp_path: Path, before: list[str], environment: dict[str, str]) -> None:
    with site() as running:
        running.pages["/a"] = answer(TEXT.encode())
        address = f"http://127.0.0.1:{running.port}/a"
        done = dragoman(*before, "read", address, folder=tmp_path, **environment)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{address} is not fetched: the network is off" in done.stderr
        assert running.connections == 0


def test_files_are_added_offline_and_addresses_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    done = dragoman("add", "--offline", tmp_path / "a.txt", "https://a.example/", folder=tmp_path)
    assert done.returncode == 3
    assert "1 added, 0 already there, 1 failed" in done.stderr


def test_an_address_is_added_with_its_original(tmp_path: Path) -> None:
    with site() as running:
        running.pages["/a"] = answer(TEXT.encode())
        address = f"http://127.0.0.1:{running.port}/a"
        done = dragoman("add", address, f"{address}b", folder=tmp_path)
        assert done.returncode == 3, done.stderr
        assert f"{address}b was answered with an error (404)" in done.stderr
        assert "1 added, 0 already there, 1 failed" in done.stderr
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        (reading,) = ledger.readings()
        (capture,) = ledger.captures(reading.report.id)
        assert (reading.report.url, capture.address) == (address, address)
        assert ledger.original(capture.sha256) == TEXT.encode()


def test_processes_that_read_are_offline_too(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{words}{nth}. {TEXT}"}) for nth, words in enumerate(["", "Online ", "", "Online "])]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    done = dragoman("--at-once", "--offline", "add", "--jobs", "2", tmp_path / "a.jsonl", folder=tmp_path)
    assert done.returncode == 3, done.stderr
    assert "2 added, 0 already there, 2 failed" in done.stderr
    assert done.stderr.count("the network is off (--offline): 192.0.2.1 is not asked") == 2
