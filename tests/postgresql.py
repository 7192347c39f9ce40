"""A PostgreSQL server of the tests' own: in a folder of its own, as an unprivileged user, gone when they end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import set_json_loads

KEEPER, PASSWORD = "keeper", "s3cret-of-the-keeper"
_NEWEST_FIRST = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin: int(bin.parent.name), reverse=True)
_numbers = count(1)


def program(name: str) -> str | None:
    """Where a program of the server is; Debian keeps them out of the way."""
    return next((str(bin / name) for bin in _NEWEST_FIRST if (bin / name).exists()), shutil.which(name))


def skip_without() -> None:
    """Skips a test where no server can be had; on a machine that checks every change it fails."""
    if program("postgres") is None or program("initdb") is None:
        told = "there is no PostgreSQL server: install Debian's postgresql"
        if os.environ.get("CI"):
            pytest.fail(told)
        pytest.skip(told)


class Server:
    """A server with one superuser, trusted on its socket, asked for the password on its port."""

    def __init__(self, folder: Path, *, fsync: bool) -> None:
        self.folder, self.fsync = folder, fsync
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "password").write_text(PASSWORD)
        options = ["--username", KEEPER, "--pwfile", str(folder / "password"), "--encoding", "UTF8", "--no-sync"]
        # ICU's English sorts "a" before "B": what does not ask for the order of code points is found out
        options += ["--locale", "C.UTF-8", "--locale-provider", "icu", "--icu-locale", "en"]
        done = subprocess.run(
            [str(program("initdb")), "--pgdata", str(folder / "data"), *options],
            check=False,
            capture_output=True,
            text=True,
            **_unprivileged(folder),
        )
        assert done.returncode == 0, done.stderr
        (folder / "data" / "pg_hba.conf").write_text(
            "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n", encoding="ascii"
        )

    def start(self) -> None:
        """Starts it, and waits until it answers."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "fsync": "on" if self.fsync else "off",
            "full_page_writes": "on" if self.fsync else "off",
            "max_connections": 60,
            "shared_buffers": "64MB",
        }
        told = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(program("postgres")), "-D", str(self.folder / "data"), *told],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **_unprivileged(self.folder),
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                running = self.process.poll() is None and time.monotonic() < deadline
                assert running, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stops it: SIGINT rolls back what goes on, SIGQUIT leaves all as it lies."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def url(self, database: str, *, user: str = KEEPER) -> str:
        """The address of a database, over the socket."""
        return f"postgresql://{user}@/{database}?host={self.folder}&port={self.port}"

    def url_by_port(self, database: str, password: str, *, user: str = KEEPER) -> str:
        """The address over the network, with a password."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1", encoding: str | None = None) -> str:
        """The name of a new database, empty or like another one that nobody uses."""
        name = f"ledger_{next(_numbers)}"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        if encoding:
            made += sql.SQL(" ENCODING {} LOCALE 'C' LOCALE_PROVIDER libc").format(sql.Literal(encoding))
        self.tell("postgres", made)
        return name

    def drop_database(self, name: str) -> None:
        """Drops a database, whoever uses it."""
        self.tell("postgres", sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def tell(self, database: str, *statements: sql.Composed | str) -> None:
        """Does something behind the ledger's back."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode() if isinstance(statement, str) else statement)


def ask(url: str, question: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What PostgreSQL itself answers."""
    with psycopg.connect(url, autocommit=True) as connection:
        set_json_loads(lambda text: text if isinstance(text, str) else text.decode(), connection)  # as it is kept
        found = connection.execute(question.encode(), values or None)
        return found.fetchall() if found.description else []


@contextmanager
def server(*, fsync: bool = False) -> Iterator[Server]:
    """A server that runs."""
    skip_without()
    folder = Path(mkdtemp(prefix="dragoman-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, **_unprivileged(folder, chown=True))
    running = None
    try:
        running = Server(folder, fsync=fsync)
        running.start()
        yield running
    finally:
        if running is not None:
            running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path, *, chown: bool = False) -> dict[str, Any]:
    """Whom the server runs as: PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return {"cwd": folder}
    names = [user.pw_name for user in pwd.getpwall()]
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    if chown:
        return {"user": user.pw_uid, "group": user.pw_gid}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": [], "cwd": folder}


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
