"""The command that checks an evidence pack."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.app import FAILED, app
from dragoman.cli.common import is_json, open_ledger, settings_with, write_json
from dragoman.cli.options import Format


@app.command()
def verify(
    pack: Annotated[Path, typer.Argument(metavar="FILE.zip", help="An evidence pack.")],
    format: Format = "text",
    ledger: Annotated[
        str | None,
        typer.Option(
            metavar="FILE|URL", path_type=str, help="Also tell what this ledger has otherwise now: retractions..."
        ),
    ] = None,
) -> None:
    """Check an evidence pack: every file by its hash, every claim's words in its text."""
    from dragoman.show.output import write
    from dragoman.show.verifying import verify
    from dragoman.show.verifying.telling import lines

    as_json = is_json(format)
    if ledger is None:
        found = verify(pack)
    else:
        with open_ledger(settings_with(ledger=ledger)) as opened:
            found = verify(pack, opened)
    if as_json:
        write_json([{"sound": found.sound, **asdict(found)}])
    else:
        write(f"{line}\n" for line in lines(found))
    if not found.sound:
        raise typer.Exit(FAILED)
