"""What the modules of the command share: the ledger that is meant, and the settings with what was typed over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.config import Settings
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.ledger.store import Ledger

LedgerPlace = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="FILE|URL",
        path_type=str,  # an address must stay as it is; a file name is still completed
        help="The ledger, if not the one of your settings: a file, or postgresql://user@host/database.",
    ),
]


def settings_with(**given: str | int | None) -> Settings:
    """The settings of the environment, with what the command line gave over them."""
    changed = {name: value for name, value in given.items() if value is not None}
    if changed.get("ledger") == "":
        raise UsageError("--ledger names nothing", "name a file or a database, or leave the option out")
    return replace(Settings.from_environment(), **changed)  # type: ignore[arg-type]


def open_ledger(settings: Settings, *, create: bool = False) -> Ledger:
    """The ledger of the settings, to be closed."""
    from dragoman.ledger.store import Ledger

    return Ledger.open(settings.ledger_place(), create=create)


def say(what: str, cure: str = "") -> None:
    """Says something on standard error."""
    from dragoman.show.output import tell

    tell(what, cure)
