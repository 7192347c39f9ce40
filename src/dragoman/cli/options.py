"""What may be typed after the commands: arguments and options that several of them take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated

import typer


def _one_of(name: str) -> Callable[[str], Iterable[str]]:
    """Completes a code of the codebook."""

    def complete(incomplete: str) -> Iterable[str]:
        from dragoman.codes import codes

        return [code for code in getattr(codes(), name) if code.startswith(incomplete)]

    return complete


def _shut_network(offline: bool) -> None:
    if offline:
        from dragoman.offline import shut

        shut()


_INPUT = typer.Argument(metavar="INPUT", help="Files, folders, web addresses, or - for standard input.")

Inputs = Annotated[list[str], _INPUT]
MaybeInputs = Annotated[list[str] | None, _INPUT]
Jobs = Annotated[
    int | None, typer.Option(metavar="N", help="Processes that read: 1 is this one; 0 is one for each core.")
]
Offline = Annotated[
    bool, typer.Option("--offline", callback=_shut_network, help="Fetch nothing: shut the network for this command.")
]
Published = Annotated[str | None, typer.Option(metavar="DATE", help="Date of publication, where the report has none.")]
Named = Annotated[str | None, typer.Option(metavar="NAME", help="Outlet, where the report names none.")]
Force = Annotated[bool, typer.Option("--force", help="Read reports that are not in English, too.")]
ColumnNames = Annotated[
    str | None,
    typer.Option(
        "--columns",
        metavar="KEY=NAME,...",
        help="Names of a table's columns: text=body,outlet=source.",
    ),
]
Format = Annotated[str, typer.Option(metavar="text|json", help="text is for people, json for programs.")]
Port = Annotated[int | None, typer.Option(help="Port, 8765 if not given; 0 takes any that is free.")]

Type = Annotated[
    str | None,
    typer.Option(help="Event type, such as ASSAULT; or entity type.", autocompletion=_one_of("event_types")),
]
Status = Annotated[str | None, typer.Option(help="Status of an event: occurred...", autocompletion=_one_of("statuses"))]
Actor = Annotated[str | None, typer.Option(help="Part of the name of who does it, or says it.")]
Recipient = Annotated[str | None, typer.Option(help="Part of the name of whom it is done to.")]
Country = Annotated[str | None, typer.Option(metavar="CODE", help="Country of entities, in three letters.")]
Place = Annotated[str | None, typer.Option(help="Part of a place's name or words; or a country, such as UKR.")]
Source = Annotated[str | None, typer.Option(help="Part of the name or words of who says so.")]
SourceKind = Annotated[
    str | None, typer.Option(help="Kind of source: unnamed...", autocompletion=_one_of("source_kinds"))
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="From this day on.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Up to this day, it included.")]
FullText = Annotated[str | None, typer.Option("--text", help='Words of the report; "a phrase" in quotes.')]
Outlet = Annotated[str | None, typer.Option(metavar="NAME", help="The outlet's whole name.")]
Why = Annotated[str, typer.Option("--why", metavar="TEXT", help="The reason, for the record.")]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides, for the record.")]
KnownBy = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="What had been told by the end of this day.")
]
Recorded = Annotated[
    str | None, typer.Option(metavar="DATE|TIME", help="What the ledger itself held then (UTC), as it read it then.")
]
InReport = Annotated[str | None, typer.Option("--report", metavar="ID", help="One report only.")]
