"""The command that codes corpora without a ledger."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from dragoman.cli.app import FAILED, PARTLY, app
from dragoman.cli.common import columns_of, making, reader, say, settings_with
from dragoman.cli.options import ColumnNames, Force, Jobs, Named, Offline, Published
from dragoman.errors import UsageError


def _engines(incomplete: str) -> list[str]:
    from dragoman.coding.plan import ENGINES

    return [name for name in ENGINES if name.startswith(incomplete)]


@app.command()
def code(
    ctx: typer.Context,
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT", help="JSON Lines, Parquet, WARC, folders of them; or s3://..., gs://..."),
    ],
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Where the readings go, as Parquet; it may be s3://...")],
    engine: Annotated[
        str,
        typer.Option(metavar="local|ray", help="Processes of this machine, or Ray.", autocompletion=_engines),
    ] = "local",
    published: Published = None,
    outlet: Named = None,
    force: Force = False,
    columns: ColumnNames = None,
    jobs: Jobs = None,
    offline: Offline = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be coded.")] = False,
) -> None:
    """Read a corpus into Parquet files of readings, without a ledger."""
    from dragoman.coding.plan import ENGINES, Tally, planned
    from dragoman.show.progress import watched_coding
    from dragoman.show.wording import many, size

    if engine not in ENGINES:
        raise UsageError(f"{engine!r} is no engine", f"take one of {', '.join(ENGINES)}")
    settings = settings_with(jobs=jobs)
    plan = planned(
        inputs,
        out,
        reader(ctx, settings).made_by,
        published=published,
        outlet=outlet,
        force=force,
        columns=columns_of(columns),
        settings=settings,
    )
    there = len(plan.manifest.partitions) - len(plan.left)
    if dry_run:
        input = size(plan.bytes_left())
        say(f"{many(len(plan.left), 'partition')} to code, {input} of input; {there:,} done already")
        return
    tally = Tally()
    try:
        make = partial(making(ctx), replace(settings, threads=1))
        watched_coding(plan.run(engine, make, settings.jobs), plan, tally)
    finally:
        for error in tally.errors:
            say(error.what, error.cure)
        left = len(plan.left) - tally.partitions
        before = f" ({there:,} before)" if there else ""
        say(
            f"{tally.readings:,} coded, {tally.failures:,} failed; "
            f"{many(there + tally.partitions, 'partition')} done{before}, {left:,} left"
        )
    if tally.failures:
        say(f"what failed, and why, is in {plan.coded.failures.address}")
    if tally.failures or tally.errors:
        raise typer.Exit(PARTLY if tally.readings or there else FAILED)
