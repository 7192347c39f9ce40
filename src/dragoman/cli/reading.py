"""The commands that read reports: on the screen, and into the ledger."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

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
from dragoman.cli.options import ColumnNames, Force, Format, Inputs, Jobs, MaybeInputs, Named, Offline, Published
from dragoman.config import Settings
from dragoman.errors import (
    CodingError,
    GazetteerError,
    LedgerError,
    ModelError,
    StorageError,
    UsageError,
    WorkerError,
)

if TYPE_CHECKING:
    from dragoman.adding.batch import Outcome


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
    outcome = Outcome(partial(progress.tell_failure, debug=debug(ctx)))
    readings = progress.read_all(incoming, reader(ctx, settings), outcome)
    if as_json:
        write_json(reading.to_dict() for reading in readings)
    else:
        from dragoman.show.screen import Screen

        Screen.on().readings(readings)
    end(outcome)


@app.command()
def add(
    ctx: typer.Context,
    inputs: MaybeInputs = None,
    coded: Annotated[
        str | None, typer.Option("--from", metavar="FOLDER", help="Coded reports, as `dragoman code` writes them.")
    ] = None,
    ledger: LedgerPlace = None,
    published: Published = None,
    outlet: Named = None,
    force: Force = False,
    columns: ColumnNames = None,
    jobs: Jobs = None,
    offline: Offline = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Read reports into the ledger, each once."""
    from dragoman.adding import batch
    from dragoman.pipeline import load
    from dragoman.show import progress

    if (inputs is None) == (coded is None):
        raise UsageError("nothing to add, or two things", "give reports, or --from with a folder of coded ones")
    if coded is not None and (published or outlet or force or columns or jobs is not None):
        raise UsageError("coded reports are read already", "give these options to `dragoman code`")
    settings = settings_with(ledger=ledger, jobs=jobs)
    outcome = batch.Outcome(partial(progress.tell_failure, debug=debug(ctx)))
    try:
        if coded is not None:
            _bring(coded, settings, outcome, dry_run=dry_run)
        else:
            named = columns_of(columns)
            incoming = load(
                inputs or (), published=published, outlet=outlet, force=force, columns=named, settings=settings
            )
            if dry_run:
                batch.rehearse(incoming, reader(ctx, settings).made_by, settings.ledger_place(), outcome)
            else:
                with open_ledger(settings, create=True) as opened, workers(ctx, settings) as processes:
                    progress.watched(batch.add_all(incoming, processes, opened, outcome), outcome)
    except (LedgerError, ModelError, GazetteerError, WorkerError, StorageError, CodingError, OSError):
        ctx.meta[ADDED_SOME] = outcome.done > 0 and not dry_run
        raise
    finally:
        progress.tell_summary(outcome, dry_run=dry_run)
    end(outcome)


def _bring(coded: str, settings: Settings, outcome: Outcome, *, dry_run: bool) -> None:
    """Adds coded reports, or only counts them."""
    from dragoman.adding.batch import rehearse
    from dragoman.coding.bringing import bring
    from dragoman.coding.output import found
    from dragoman.show import progress

    manifest, readings = found(coded)
    if dry_run:
        rehearse((reading.report for reading in readings), manifest.made_by, settings.ledger_place(), outcome)
        return
    with open_ledger(settings, create=True) as opened:
        progress.watched(bring(readings, opened, outcome), outcome)
