"""The command by which assistants ask the ledger."""

from __future__ import annotations

import sys

from dragoman.cli.app import app
from dragoman.cli.common import LedgerPlace, say, settings_with
from dragoman.errors import DragomanError


@app.command()
def mcp(ledger: LedgerPlace = None) -> None:
    """Serve the ledger to an assistant over the Model Context Protocol, on standard input and output; read-only."""
    try:
        from dragoman.show.mcp.server import serve
    except ImportError as error:
        what = f"the package mcp, version 2 or later, is not there ({error.name} does not load)"
        raise DragomanError(what, 'pip install "dragoman[mcp]"') from error
    if sys.stdin is not None and sys.stdin.isatty():
        say(
            "this waits for an assistant on standard input",
            "name this command in the assistant's settings; Ctrl-C ends it",
        )
    serve(settings_with(ledger=ledger).ledger_place())
