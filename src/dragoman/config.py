"""The settings: one frozen value, passed explicitly. Each has a name, a default and a help text.

A setting is taken from the environment (`DRAGOMAN_LEDGER`, ...) or from its default.
A test checks that the manual lists every one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from dragoman.errors import UsageError


def _setting(default: Any, help: str) -> Any:
    return field(default=default, metadata={"help": help})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How Dragoman runs. Build it with keywords, or with `Settings.from_environment()`."""

    ledger: str = _setting("", "ledger file; empty: ledger.sqlite in the user's data folder")
    model: str = _setting("", "folder of a model bundle; empty: the one in the package")
    threads: int = _setting(0, "threads for the model; 0: one for each core")
    max_bytes: int = _setting(1_000_000, "longest report that is read, in bytes")
    host: str = _setting("127.0.0.1", "address that `serve` binds to")
    port: int = _setting(8765, "port that `serve` binds to")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """The settings that DRAGOMAN_* variables give; a value of the wrong kind is a UsageError."""
        environment = os.environ if environment is None else environment
        given: dict[str, Any] = {}
        for setting in fields(cls):
            name = f"DRAGOMAN_{setting.name.upper()}"
            if name not in environment:
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

    def ledger_path(self) -> Path:
        """The ledger's file, whether it is there yet or not."""
        return Path(self.ledger) if self.ledger else user_data_path("dragoman") / "ledger.sqlite"
