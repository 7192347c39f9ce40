"""The commands that read reports: on the screen, and into the ledger."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.app import ADDED_SOME, app, end
from dragoman.cli.common import (
    LedgerPlace,
    columns_of,
    debug,
    is_json,
    open_ledger,
    reader,
    settings_with,
    workers,
    write_json,
)
from dragoman.cli.options import ColumnNames, Force, Format, Inputs, Named, Offline, Published
from dragoman.config import Settings
from dragoman.errors import GazetteerError, LedgerError, ModelError, WorkerError


@app.command()
def read(
    ctx: typer.Context,
    inputs: Inputs,
    published: Published = None,
    outlet: Named = None,
    format: Format = "text",
    force: Force = False,
    offline: Offline = False,
    columns: ColumnNames = None,
) -> None:
    """Read reports: who did what to whom, who says so."""
    from dragoman.adding.batch import Outcome
    from dragoman.pipeline import load
    from dragoman.show import progress

    as_json, settings = is_json(format), Settings.from_environment()
    incoming = load(
        inputs, published=published, outlet=outlet, force=force, columns=columns_of(columns), settings=settings
    )
    outcome = Outcome()
    readings = progress.read_all(incoming, reader(ctx, settings), outcome, debug=debug(ctx))
    if as_json:
        write_json(reading.to_dict() for reading in readings)
    else:
        from dragoman.show.screen import Screen

        Screen.on().readings(readings)
    end(outcome)


@app.command()
def add(
    ctx: typer.Context,
    inputs: Inputs,
    ledger: LedgerPlace = None,
    published: Published = None,
    outlet: Named = None,
    force: Force = False,
    columns: ColumnNames = None,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Processes that read: 1 is this one; 0 is one for each core.")
    ] = None,
    offline: Offline = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Read reports into the ledger, each once."""
    from dragoman.adding import batch
    from dragoman.pipeline import load
    from dragoman.show import progress

    settings, outcome = settings_with(ledger=ledger, jobs=jobs), batch.Outcome()
    incoming = load(
        inputs, published=published, outlet=outlet, force=force, columns=columns_of(columns), settings=settings
    )
    try:
        if dry_run:
            batch.rehearse(incoming, reader(ctx, settings), settings.ledger_place(), outcome)
        else:
            with open_ledger(settings, create=True) as opened, workers(ctx, settings) as processes:
                progress.watched(batch.add_all(incoming, processes, opened, outcome), outcome)
    except (LedgerError, ModelError, GazetteerError, WorkerError, OSError):
        ctx.meta[ADDED_SOME] = outcome.done > 0 and not dry_run
        raise
    finally:
        progress.tell_summary(outcome, dry_run=dry_run, debug=debug(ctx))
    end(outcome)
