"""The settings: one frozen value, passed explicitly. Each has a name, a default and a help text.

A setting is taken from the environment (`DRAGOMAN_LEDGER`, ...) or from its default.
A test checks that the manual lists every one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from platformdirs import user_data_path

from dragoman.errors import UsageError

_MOST_BYTES = (1 << 31) - 1
"""The offsets of a report's characters are 32 bits wide."""


def _setting(default: Any, help: str, *, least: int | None = None, greatest: int | None = None) -> Any:
    return field(default=default, metadata={"help": help, "least": least, "greatest": greatest})


def _variable(name: str) -> str:
    return f"DRAGOMAN_{name.upper()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Dragoman runs. Build it with keywords, or with `Settings.from_environment()`.

    A value out of its range is a UsageError, wherever it comes from.
    """

    ledger: str = _setting(
        "", "ledger file, or postgresql://user@host/database; empty: ledger.sqlite in the user's data folder"
    )
    model: str = _setting("", "folder of a model bundle; empty: the one in the package")
    threads: int = _setting(0, "threads for the model; 0: one for each core", least=0)
    jobs: int = _setting(0, "processes that `add` and `code` read in; 0: one for each core", least=0, greatest=1_000)
    max_bytes: int = _setting(1_000_000, "longest report that is read, in bytes", least=1, greatest=_MOST_BYTES)
    max_file_bytes: int = _setting(
        25_000_000, "largest PDF, Word document or e-mail that is read, in bytes", least=1, greatest=_MOST_BYTES
    )
    max_unpacked_bytes: int = _setting(10_000_000_000, "most that one packed file may unpack to, in bytes", least=1)
    host: str = _setting("127.0.0.1", "address that `serve` binds to")
    port: int = _setting(8765, "port that `serve` binds to", least=0, greatest=65_535)
    name: str = _setting(
        "", "name that others reach `serve` by, such as news.example.org; several with commas; not empty: accounts"
    )
    proxy: str = _setting(
        "", "address of the reverse proxy whose X-Forwarded headers are believed; several with commas; empty: none"
    )
    offline: int = _setting(0, "1: nothing is fetched, and the command's network is shut", least=0, greatest=1)
    fetch_allow: str = _setting(
        "", "hosts of your own network that may be fetched, such as wiki.corp.example; several with commas"
    )
    fetch_contact: str = _setting("", "whom sites may write to about our requests: a page or an e-mail address")
    fetch_bytes: int = _setting(
        10_000_000, "longest document that is fetched, in bytes, packed or unpacked", least=1, greatest=_MOST_BYTES
    )
    fetch_seconds: int = _setting(30, "longest that one request may take, in seconds", least=1, greatest=3_600)
    fetch_redirects: int = _setting(5, "redirects that are followed one after the other", least=0, greatest=20)
    fetch_headers: int = _setting(200, "headers of an answer at most", least=1, greatest=1_000)
    fetch_header_bytes: int = _setting(65_536, "bytes of them at most", least=1, greatest=100_000)
    fetch_pause: int = _setting(1, "least seconds between two requests to a host", least=0, greatest=3_600)
    session_hours: int = _setting(12, "hours after which a user must sign in again", least=1, greatest=8_760)

    def __post_init__(self) -> None:
        for setting in fields(self):
            least, greatest = setting.metadata["least"], setting.metadata["greatest"]
            value = getattr(self, setting.name)
            if (least is not None and value < least) or (greatest is not None and value > greatest):
                allowed = f"{least} or more" if greatest is None else f"from {least} to {greatest}"
                raise UsageError(
                    f"{setting.name} ({_variable(setting.name)}) cannot be {value}",
                    f"give a whole number, {allowed}: {setting.metadata['help']}",
                )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that DRAGOMAN_* variables give; a value of the wrong kind is a UsageError.

        A variable that is empty counts as not set: that is how a shell or a container file leaves one out.
        """
        environment = os.environ if environment is None else environment
        given: dict[str, Any] = {}
        for setting in fields(cls):
            name = _variable(setting.name)
            if not environment.get(name):
                continue
            kind: type[str] | type[int] = int if isinstance(setting.default, int) else str
            try:
                given[setting.name] = kind(environment[name])
            except ValueError as error:
                raise UsageError(
                    f"{name}={environment[name]!r} is not a whole number",
                    f"set {name} to one: {setting.metadata['help']}",
                ) from error
        return cls(**given)

    def ledger_place(self) -> str:
        """The ledger's file or address, whether it is there yet or not. An address may have a password in it."""
        return self.ledger or str(user_data_path("dragoman") / "ledger.sqlite")
