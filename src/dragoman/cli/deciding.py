"""The commands by which people decide over the machine."""

from __future__ import annotations

from typing import Annotated

import typer

from dragoman.cli.app import app
from dragoman.cli.common import LedgerPlace, open_ledger, say, settings_with
from dragoman.cli.options import By, Why


@app.command()
def judge(
    one: Annotated[str, typer.Argument(metavar="ID", help="An entity, as `dragoman review` names it; or an event.")],
    other: Annotated[str, typer.Argument(metavar="ID", help="The other one.")],
    verdict: Annotated[str, typer.Argument(metavar="same|different|unsure")],
    why: Why = "",
    by: By = "",
    ledger: LedgerPlace = None,
) -> None:
    """Record whether two entities are the same, or two events one happening. The latest judgement holds."""
    with open_ledger(settings_with(ledger=ledger)) as opened:
        opened.judge(one, other, verdict, why, by)
    say(f"{one} and {other}: {verdict}")


@app.command()
def grade(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="An attribution or source for a letter, an event for a number.")
    ],
    grade: Annotated[str, typer.Argument(metavar="A..F|1..6", help="The grade.")],
    why: Why = "",
    by: By = "",
    ledger: LedgerPlace = None,
) -> None:
    """Grade a source or the claim of a happening over the rules, whose own grade stays visible. The latest holds."""
    from dragoman.compare.overruling import overrule

    with open_ledger(settings_with(ledger=ledger)) as opened:
        given = overrule(opened, id, grade, why, by)
    say(f"{id}: {given}")


@app.command()
def correct(
    id: Annotated[str, typer.Argument(metavar="ID", help="An event or attribution.")],
    field: Annotated[str, typer.Argument(metavar="FIELD", help="type, status, stance... or `dropped`.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="What it should be; `none` empties it.")],
    why: Why = "",
    by: By = "",
    ledger: LedgerPlace = None,
) -> None:
    """Correct a mark: the reading with the correction supersedes the current one, and later models' readings get it."""
    with open_ledger(settings_with(ledger=ledger)) as opened:
        made = opened.correct(id, field, None if value == "none" else value, why, by)
    say(f"{id}: {field} {value}, {len(made.corrections)} corrected in this report")


@app.command()
def retract(
    report: Annotated[str, typer.Argument(metavar="REPORT", help="A report's id or its start.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="From this day on; today if not given.")
    ] = None,
    why: Why = "",
    by: By = "",
    undo: Annotated[bool, typer.Option("--undo", help="Let it count again.")] = False,
    ledger: LedgerPlace = None,
) -> None:
    """Leave a report out of lists, exports and comparisons, because its outlet withdrew it or it is false."""
    from datetime import date

    day = on or date.today().isoformat()
    with open_ledger(settings_with(ledger=ledger)) as opened:
        (opened.restore if undo else opened.retract)(report, day, why, by)
    say(f"{report}: {'counts again' if undo else 'retracted'} from {day} on")
