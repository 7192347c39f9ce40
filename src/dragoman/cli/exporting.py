"""The commands by which things leave the ledger."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from dragoman.cli.app import app
from dragoman.cli.common import LedgerPlace, filter_of, open_ledger, say, settings_with
from dragoman.cli.options import (
    Actor,
    FullText,
    InReport,
    KnownBy,
    Outlet,
    Place,
    Recipient,
    Recorded,
    Since,
    Source,
    SourceKind,
    Status,
    Type,
    Until,
)

FORMATS = "csv jsonl parquet geojson polecat acled gdelt annotations jsonld ftm pack gold wacz".split()
"""As `show.exports` has them, which takes long to import."""


def _formats(incomplete: str) -> Iterable[str]:
    """Completes the name of a format."""
    return [name for name in FORMATS if name.startswith(incomplete)]


@app.command()
def export(
    ctx: typer.Context,
    format: Annotated[
        str,
        typer.Option(
            metavar="|".join(FORMATS),
            help="The format; the manual (Outputs) says what each is for.",
            autocompletion=_formats,
        ),
    ] = "jsonl",
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="readings|reports|events|attributions|happenings|entities",
            help="What; if not given, what the format is for first.",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to, if not standard output.")] = None,
    type: Type = None,
    status: Status = None,
    actor: Actor = None,
    recipient: Recipient = None,
    place: Place = None,
    source: Source = None,
    source_kind: SourceKind = None,
    since: Since = None,
    until: Until = None,
    text: FullText = None,
    outlet: Outlet = None,
    report: InReport = None,
    as_of: KnownBy = None,
    recorded: Recorded = None,
    ledger: LedgerPlace = None,
) -> None:
    """Write readings, or rows of a kind, out of the ledger for other programs."""
    from dragoman.errors import UsageError
    from dragoman.show import output
    from dragoman.show.exports import comments, description, known, matches, written
    from dragoman.show.exports.about import BESIDE
    from dragoman.show.search import Search

    if out is None and known(format).binary and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(f"{format} is nothing that a terminal shows", "give a file with --out FILE")
    with open_ledger(settings_with(ledger=ledger)) as opened:
        search = Search(kind or known(format).kinds[0], filter_of(ctx, kind or "reports"))
        pieces, found = written(opened, search, format), matches(opened, search)
        if out is None:
            output.write_bytes(pieces)
        else:
            output.save(pieces, out)
            if about := description(opened, search, format, out.name, comments(pieces)):
                output.save([about], out.with_name(out.name + BESIDE))
    for comment in comments(pieces):
        say(comment)
    if not found:
        say("nothing in the ledger matches")


@app.command()
def original(
    sha256: Annotated[str, typer.Argument(metavar="SHA256", help="As `dragoman show REPORT` tells it.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Where to, if not standard output.")] = None,
    ledger: LedgerPlace = None,
) -> None:
    """Write what a report was taken from, byte for byte, where the ledger keeps it."""
    from dragoman.show import output

    with open_ledger(settings_with(ledger=ledger)) as opened:
        content = opened.original(sha256.strip().lower())
    if out is None:
        output.write_bytes([content])
    else:
        output.save([content], out)


@app.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", path_type=str, help="The ledger: a file, or an address.")],
    target: Annotated[str, typer.Argument(metavar="TO", path_type=str, help="Where there is none yet.")],
) -> None:
    """Copy a whole ledger, from or to SQLite or PostgreSQL, and compare every row."""
    from dragoman.ledger.copying import copy
    from dragoman.ledger.database import database
    from dragoman.show.wording import many

    rows = copy(source, target)
    count = f"{many(rows['reports'], 'report')} with {many(rows['readings'], 'reading')}"
    say(f"{count} copied to {database(target).name}, {sum(rows.values()):,} rows compared")
