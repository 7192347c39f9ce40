"""The commands that serve the page, and look at the installation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.app import FAILED, app
from dragoman.cli.common import LedgerPlace, settings_with
from dragoman.cli.options import Port
from dragoman.cli.reading import add


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address, 127.0.0.1 if not given.")] = None,
    port: Port = None,
    ledger: LedgerPlace = None,
    name: Annotated[
        str | None, typer.Option(metavar="HOST", help="Share it under this name; needs accounts: `dragoman user`.")
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The reverse proxy that stands before it when shared.")
    ] = None,
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Serve the ledger's pages on this machine, or share them with those who have an account."""
    from dragoman.show import server

    settings = settings_with(ledger=ledger, host=host, port=port, name=name, proxy=proxy)
    server.serve(settings.ledger_place(), settings, open_page=open)


@app.command()
def demo(
    ctx: typer.Context,
    port: Port = None,
    folder: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Keep the ledger there.")] = None,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Only make the ledger.")] = False,
    open: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Read the sample reports into a ledger of their own, and serve it."""
    from dragoman.show import server

    with server.demo_folder(folder, keep=no_serve) as place:
        settings = settings_with(ledger=str(place / "ledger.sqlite"), port=port, host="127.0.0.1", name="", proxy="")
        add(ctx, [str(server.samples())], ledger=settings.ledger_place())
        if no_serve:
            print(settings.ledger_place())
        else:
            server.serve(settings.ledger_place(), settings, open_page=open)


@app.command()
def doctor(ledger: LedgerPlace = None) -> None:
    """Check that everything here can work."""
    from dragoman.show.doctor import FAILURE, examine
    from dragoman.show.screen import Screen

    screen, well = Screen.on(), True
    for check in examine(settings_with(ledger=ledger)):
        screen.check(check.name, check.state, check.found, check.cure)
        well = well and check.state != FAILURE
    if not well:
        raise typer.Exit(FAILED)
