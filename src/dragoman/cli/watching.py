"""The commands about feeds: watching them, and how they stand."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.app import FAILED, PARTLY, app
from dragoman.cli.common import LedgerPlace, open_ledger, say, settings_with, tell_found, workers
from dragoman.cli.options import Force, Format


@app.command()
def watch(
    ctx: typer.Context,
    feeds: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FEED]", help="Addresses of feeds, or OPML lists; without any: those watched before."),
    ] = None,
    ledger: LedgerPlace = None,
    once: Annotated[bool, typer.Option("--once", help="Check each feed that is due, and end.")] = False,
    every: Annotated[int, typer.Option(metavar="MINUTES", min=1, help="Least time between two checks of a feed.")] = 15,
    force: Force = False,
) -> None:
    """Watch feeds: add each new or edited article to the ledger, for as long as it runs."""
    from dragoman.show.wording import many
    from dragoman.watching import start
    from dragoman.watching.named import named_feeds

    settings, listed = settings_with(ledger=ledger, jobs=1), named_feeds(feeds or (), say)
    with open_ledger(settings, create=bool(listed)) as opened, workers(ctx, settings) as reading:
        watching = start.watch(opened, reading, listed, settings, say, minutes=every, force=force)
        sums = watching.sums
        if not once:
            say(f"watching {many(watching.load(), 'feed')}; Ctrl-C ends it")
        try:
            watching.run(once=once)
        finally:
            say(f"{sums.had + sums.not_had:,} checked, {sums.added:,} added, {sums.failed + sums.not_had:,} failed")
    if sums.failed or sums.not_had:
        raise typer.Exit(PARTLY if sums.had else FAILED)


@app.command("feeds")
def feeds_(format: Format = "text", ledger: LedgerPlace = None) -> None:
    """List the feeds that are watched: when each was checked, what came of it, and what is wrong."""
    from dragoman.show import watched

    nothing = "no feed is watched yet: see `dragoman watch --help`"
    tell_found(watched.watched, watched.as_dict, watched.put, nothing, format, ledger)
