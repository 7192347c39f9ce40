"""The commands that ask the ledger."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.app import app
from dragoman.cli.common import (
    LedgerPlace,
    filter_of,
    is_json,
    known_kind,
    open_ledger,
    say,
    settings_with,
    tell_found,
    write_json,
)
from dragoman.cli.options import (
    Actor,
    Country,
    Format,
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

if TYPE_CHECKING:
    from dragoman.compare.grades import Graded
    from dragoman.compare.sources import Source as Teller
    from dragoman.ledger.store import Ledger


@app.command("list")
def list_(
    ctx: typer.Context,
    kind: Annotated[str, typer.Argument(metavar="reports|events|attributions|entities")],
    type: Type = None,
    status: Status = None,
    actor: Actor = None,
    recipient: Recipient = None,
    country: Country = None,
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
    limit: Annotated[int, typer.Option(min=1, help="Rows at most.")] = 50,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """List what is in the ledger."""
    from dragoman.show import listing
    from dragoman.show.screen import Screen

    as_json, kind = is_json(format), listing.check_kind(kind)
    with open_ledger(settings_with(ledger=ledger)) as opened:
        found = listing.rows(opened, kind, filter_of(ctx, kind), limit)
        if as_json:
            write_json(asdict(row) for row in found)
            return
        shown = listing.put_rows(Screen.on(), kind, found)
    if shown in (0, limit):
        say(f"{shown} shown, as many as --limit allows" if shown else "nothing in the ledger matches")


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A report's id or its start, or a mark's.")],
    as_of: KnownBy = None,
    recorded: Recorded = None,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """Show a report's reading, with its copies; or one event, with its happening; an attribution or an entity."""
    from dragoman.ledger import query
    from dragoman.show import listing, one
    from dragoman.show.screen import Screen

    as_json, then = is_json(format), query.as_of(query.Filter(as_of=as_of, recorded=recorded))
    with open_ledger(settings_with(ledger=ledger)) as opened:
        reading, mark = opened.mark(id, then) if ":" in id else (opened.reading(id, then), None)
        if as_json:
            write_json([reading.to_dict() if mark is None else listing.mark_as_dict(reading, mark)])
        else:
            one.put(Screen.on(), opened, reading, mark, then)


@app.command()
def copies(
    as_of: KnownBy = None,
    recorded: Recorded = None,
    limit: Annotated[int, typer.Option(min=1, help="Originals at most.")] = 50,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """List the reports that are copies of others or relay them, under their originals."""
    from dragoman.compare.of_ledger import trees
    from dragoman.ledger import query
    from dragoman.show import listing

    nothing = "no report in the ledger is a copy of another"
    then = query.as_of(query.Filter(as_of=as_of, recorded=recorded))
    tell_found(lambda opened: trees(opened, then, limit), asdict, listing.put_tree, nothing, format, ledger)


@app.command()
def happenings(
    ctx: typer.Context,
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
    limit: Annotated[int, typer.Option(min=1, help="Happenings at most.")] = 20,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """List what several reports tell: who says so, on how many independent sources, and what is disputed."""
    from dragoman.compare.of_ledger import happenings as find
    from dragoman.compare.overruling import graded_in
    from dragoman.ledger import query
    from dragoman.show import happening

    asked = filter_of(ctx, "events")
    nothing = "no two reports in the ledger tell the same happening" + ", or none of them matches" * bool(asked.given())

    def found(opened: Ledger) -> list[Graded]:
        return graded_in(opened, find(opened, asked, limit), query.as_of(asked))

    tell_found(found, happening.as_dict, happening.put, nothing, format, ledger)


@app.command()
def diff(
    id: Annotated[str | None, typer.Argument(metavar="REPORT", help="Only this one.")] = None,
    other: Annotated[str | None, typer.Argument(metavar="REPORT", help="Its later version, which was edited.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE|TIME", help="What is other now than the ledger held then (UTC).")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Reports at most.")] = 20,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """Show what changed in the readings: by a new model, by corrections, or because an article was edited."""
    from itertools import islice

    from dragoman.compare.changes import between
    from dragoman.show.diff import put

    nothing = "no reading has taken the place of another"
    tell_found(
        lambda opened: list(islice(between(opened, id, other, since), limit)), asdict, put, nothing, format, ledger
    )


@app.command()
def state(
    actor: Annotated[str, typer.Argument(metavar="ACTOR", help="Part of a name, or an entity's id.")],
    as_of: KnownBy = None,
    recorded: Recorded = None,
    all: Annotated[bool, typer.Option("--all", help="What no longer holds, too, and why.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Lines of each kind at most.")] = 20,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """List the positions, threats, demands and commitments that somebody holds to at a date, each with its words."""
    from dragoman.compare.state import of_ledger
    from dragoman.show import state as view
    from dragoman.show.screen import Screen

    as_json, day = is_json(format), as_of or date.today().isoformat()
    with open_ledger(settings_with(ledger=ledger)) as opened:
        found = of_ledger(opened, actor, day, recorded)
    if found.others:
        fits = ", ".join(found.others[:5]) + (f" and {len(found.others) - 5} more" if len(found.others) > 5 else "")
        say(f"this is {found.actor.name}; {actor!r} fits also {fits}", "give more of the name, or an entity's id")
    listed = view.first(found.held if all or as_json else found.open, limit)
    if as_json:
        write_json(view.as_dict(found, one) for one in listed)
        return
    view.put(Screen.on(), found, listed)
    if not listed:
        say(view.nothing(found, recorded))


@app.command()
def sources(
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help="Only these, with each of their claims.")] = None,
    outlets: Annotated[bool, typer.Option("--outlets", help="Outlets, with all that their reports tell.")] = False,
    source_kind: SourceKind = None,
    as_of: KnownBy = None,
    recorded: Recorded = None,
    limit: Annotated[int, typer.Option(min=1, help="Sources at most.")] = 20,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """List who has told what: how much rests on unnamed sources, what was confirmed or contradicted since."""
    from dragoman.compare import sources as compared
    from dragoman.ledger.query import Filter
    from dragoman.show import sources as shown

    kind = known_kind(source_kind)

    def found(opened: Ledger) -> list[Teller]:
        then = Filter(as_of=as_of, recorded=recorded)
        every = compared.outlets(opened, then) if outlets else compared.sources(opened, then)
        wanted = [one for one in every if kind in (None, one.kind)]
        return (compared.named(wanted, name) if name else wanted)[:limit]

    as_dict, put = (shown.whole_as_dict, shown.put_whole) if name else (shown.as_dict, shown.put)
    tell_found(found, as_dict, put, "no source in the ledger matches", format, ledger)


@app.command()
def review(
    limit: Annotated[int, typer.Option(min=1, help="Pairs at most.")] = 20,
    format: Format = "text",
    ledger: LedgerPlace = None,
) -> None:
    """List entities that may be the same, with the reasons, for you to judge."""
    from dragoman.compare.alike import queue
    from dragoman.show import listing

    nothing = "no entities wait for a judgement"
    tell_found(lambda opened: queue(opened, limit), listing.pair_as_dict, listing.put_pair, nothing, format, ledger)
