"""The command `dragoman`: what may be typed, and which function does it.

Results go to standard output, all else to standard error. How a command ends is decided here alone:

| ends with | code |
|---|---|
| all well, or nobody reads the output any more (`| head`) | 0 |
| DragomanError, an I/O error, a fault of the program | 1 |
| UsageError, a command put wrongly | 2 |
| some reports done, some failed; some added before an error ended `add` | 3 |
| interrupted | 130 |

What a command needs is imported when it runs, so that `--help` need not wait for a database. The file
is longer than others because each command lists all that may be typed after it.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, fields, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from typer.core import TyperGroup

from dragoman import cli_accounts
from dragoman.cli_common import LedgerPlace
from dragoman.cli_common import open_ledger as _ledger
from dragoman.cli_common import say as _say
from dragoman.cli_common import settings_with as _settings
from dragoman.config import Settings
from dragoman.errors import DragomanError, GazetteerError, LedgerError, ModelError, UsageError, WorkerError

if TYPE_CHECKING:
    from dragoman.compare.grades import Graded
    from dragoman.compare.sources import Source as Teller
    from dragoman.ledger.query import Filter
    from dragoman.ledger.store import Ledger
    from dragoman.show.attempts import Reads
    from dragoman.show.batch import Outcome
    from dragoman.show.screen import Screen
    from dragoman.show.workers import Workers

Found = TypeVar("Found")

FAILED, USAGE, PARTLY, INTERRUPTED = 1, 2, 3, 130

ADDED_SOME = "dragoman.added_some"
"""Set in a context's `meta`, which its commands share, when an error ends `add` after some reports are safe."""


class Commands(TyperGroup):
    """The commands, and the one place where an error becomes an exit code."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command; every error of ours ends it with a message and its code."""
        try:
            try:
                return super().invoke(ctx)
            finally:
                if sys.stdout is not None:  # None where it was closed before the start
                    sys.stdout.flush()
        except BrokenPipeError:
            _drop_output()
            return None
        except KeyboardInterrupt:
            _say("interrupted")
            code = INTERRUPTED
        except (DragomanError, OSError) as error:
            _tell_error(error, debug=bool(ctx.params.get("debug")))
            code = USAGE if isinstance(error, UsageError) else PARTLY if ctx.meta.get(ADDED_SOME) else FAILED
        raise typer.Exit(code)


def _tell_error(error: Exception, *, debug: bool) -> None:
    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, DragomanError):
        _say(error.what, error.cure)
    elif isinstance(error, OSError):
        _say(
            f"{error.strerror or error}: {error.filename or 'the output'}",
            "check the disk and the permissions",
        )
    else:
        cure = "run it again as `dragoman --debug ...` and report what that prints"
        _say(f"a fault in Dragoman itself ({type(error).__name__}: {error})", cure)


def _drop_output() -> None:
    """Points standard output at nothing, so that Python does not stumble over the closed pipe at its end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main(make_reader: Callable[[Settings], Reads] | None = None) -> None:
    """The entry point of the command; another reader may be given in place of the pipeline's."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # The matrices outside the encoder are small: threads that share one wait for it in a loop, on a core that another
    # process needs. A brief of 125 words took 60 to 90 ms of processor time with them, and 23 ms without.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app(obj=make_reader)
    except Exception as error:
        _tell_error(error, debug="--debug" in sys.argv)
        sys.exit(FAILED)


# --- what may be given ----------------------------------------------------------------------------


def _one_of(name: str) -> Callable[[str], Iterable[str]]:
    """Completes a code of the codebook."""

    def complete(incomplete: str) -> Iterable[str]:
        from dragoman.codes import codes

        return [code for code in getattr(codes(), name) if code.startswith(incomplete)]

    return complete


Inputs = Annotated[list[str], typer.Argument(metavar="INPUT", help="Files, folders, or - for standard input.")]
Published = Annotated[str | None, typer.Option(metavar="DATE", help="Date of publication, where the report has none.")]
Named = Annotated[str | None, typer.Option(metavar="NAME", help="Outlet, where the report names none.")]
Force = Annotated[bool, typer.Option("--force", help="Read reports that are not in English, too.")]
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

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


app.add_typer(cli_accounts.user, name="user")
app.add_typer(cli_accounts.token, name="token")


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"dragoman {version('dragoman')}")
        raise typer.Exit


@app.callback()
def dragoman(
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error happened.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Reads news reports and keeps a ledger of what happened, according to whom."""


# --- reading and adding ---------------------------------------------------------------------------


@app.command()
def read(
    ctx: typer.Context,
    inputs: Inputs,
    published: Published = None,
    outlet: Named = None,
    format: Format = "text",
    force: Force = False,
) -> None:
    """Read reports: who did what to whom, who says so."""
    from dragoman.pipeline import load
    from dragoman.show import batch

    as_json, settings = _is_json(format), Settings.from_environment()
    incoming = load(inputs, published=published, outlet=outlet, force=force, settings=settings)
    outcome = batch.Outcome()
    readings = batch.read_all(incoming, _reader(ctx, settings), outcome, debug=_debug(ctx))
    if as_json:
        _write_json(reading.to_dict() for reading in readings)
    else:
        from dragoman.show.screen import Screen

        Screen.on().readings(readings)
    _end(outcome)


@app.command()
def add(
    ctx: typer.Context,
    inputs: Inputs,
    ledger: LedgerPlace = None,
    published: Published = None,
    outlet: Named = None,
    force: Force = False,
    jobs: Annotated[
        int | None, typer.Option(metavar="N", help="Processes that read: 1 is this one; 0 is one for each core.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be added.")] = False,
) -> None:
    """Read reports into the ledger, each once."""
    from dragoman.pipeline import load
    from dragoman.show import batch

    settings, outcome = _settings(ledger=ledger, jobs=jobs), batch.Outcome()
    incoming = load(inputs, published=published, outlet=outlet, force=force, settings=settings)
    try:
        if dry_run:
            batch.rehearse(incoming, _reader(ctx, settings), settings.ledger_place(), outcome)
        else:
            with _ledger(settings, create=True) as opened, _workers(ctx, settings) as workers:
                batch.watched(batch.add_all(incoming, workers, opened, outcome), outcome)
    except (LedgerError, ModelError, GazetteerError, WorkerError, OSError):
        ctx.meta[ADDED_SOME] = outcome.done > 0 and not dry_run
        raise
    finally:
        batch.tell_summary(outcome, dry_run=dry_run, debug=_debug(ctx))
    _end(outcome)


# --- the ledger -----------------------------------------------------------------------------------


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

    as_json, kind = _is_json(format), listing.check_kind(kind)
    with _ledger(_settings(ledger=ledger)) as opened:
        found = listing.rows(opened, kind, _filter(ctx, kind), limit)
        if as_json:
            _write_json(asdict(row) for row in found)
            return
        shown = listing.put_rows(Screen.on(), kind, found)
    if shown in (0, limit):
        _say(f"{shown} shown, as many as --limit allows" if shown else "nothing in the ledger matches")


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

    as_json, then = _is_json(format), query.as_of(query.Filter(as_of=as_of, recorded=recorded))
    with _ledger(_settings(ledger=ledger)) as opened:
        reading, mark = opened.mark(id, then) if ":" in id else (opened.reading(id, then), None)
        if as_json:
            _write_json([reading.to_dict() if mark is None else listing.mark_as_dict(reading, mark)])
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
    _tell(lambda opened: trees(opened, then, limit), asdict, listing.put_tree, nothing, format, ledger)


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

    asked = _filter(ctx, "events")
    nothing = "no two reports in the ledger tell the same happening" + ", or none of them matches" * bool(asked.given())

    def found(opened: Ledger) -> list[Graded]:
        return graded_in(opened, find(opened, asked, limit), query.as_of(asked))

    _tell(found, happening.as_dict, happening.put, nothing, format, ledger)


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
    _tell(lambda opened: list(islice(between(opened, id, other, since), limit)), asdict, put, nothing, format, ledger)


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

    as_json, day = _is_json(format), as_of or date.today().isoformat()
    with _ledger(_settings(ledger=ledger)) as opened:
        found = of_ledger(opened, actor, day, recorded)
    if found.others:
        fits = ", ".join(found.others[:5]) + (f" and {len(found.others) - 5} more" if len(found.others) > 5 else "")
        _say(f"this is {found.actor.name}; {actor!r} fits also {fits}", "give more of the name, or an entity's id")
    listed = view.first(found.held if all or as_json else found.open, limit)
    if as_json:
        _write_json(view.as_dict(found, one) for one in listed)
        return
    view.put(Screen.on(), found, listed)
    if not listed:
        _say(view.nothing(found, recorded))


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

    kind = _known_kind(source_kind)

    def found(opened: Ledger) -> list[Teller]:
        then = Filter(as_of=as_of, recorded=recorded)
        every = compared.outlets(opened, then) if outlets else compared.sources(opened, then)
        wanted = [one for one in every if kind in (None, one.kind)]
        return (compared.named(wanted, name) if name else wanted)[:limit]

    as_dict, put = (shown.whole_as_dict, shown.put_whole) if name else (shown.as_dict, shown.put)
    _tell(found, as_dict, put, "no source in the ledger matches", format, ledger)


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
    _tell(lambda opened: queue(opened, limit), listing.pair_as_dict, listing.put_pair, nothing, format, ledger)


# --- deciding -------------------------------------------------------------------------------------


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
    with _ledger(_settings(ledger=ledger)) as opened:
        opened.judge(one, other, verdict, why, by)
    _say(f"{one} and {other}: {verdict}")


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

    with _ledger(_settings(ledger=ledger)) as opened:
        given = overrule(opened, id, grade, why, by)
    _say(f"{id}: {given}")


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
    with _ledger(_settings(ledger=ledger)) as opened:
        made = opened.correct(id, field, None if value == "none" else value, why, by)
    _say(f"{id}: {field} {value}, {len(made.corrections)} corrected in this report")


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
    with _ledger(_settings(ledger=ledger)) as opened:
        (opened.restore if undo else opened.retract)(report, day, why, by)
    _say(f"{report}: {'counts again' if undo else 'retracted'} from {day} on")


# --- what leaves the ledger -----------------------------------------------------------------------


@app.command()
def export(
    ctx: typer.Context,
    format: Annotated[
        str,
        typer.Option(metavar="jsonl|csv|geojson|gold", help="Lines, a table, points, or what people checked."),
    ] = "jsonl",
    kind: Annotated[
        str | None,
        typer.Option(
            metavar="readings|reports|events|attributions|happenings|entities",
            help="What; readings as JSON Lines and events otherwise, if not given.",
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
    from dragoman.show import output
    from dragoman.show.export import export

    with _ledger(_settings(ledger=ledger)) as opened:
        pieces = export(opened, _filter(ctx, kind or "reports"), format, kind)
        if out is None:
            output.write(pieces)
        else:
            output.save(pieces, out)


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
    _say(f"{count} copied to {database(target).name}, {sum(rows.values()):,} rows compared")


# --- serving, and the installation ----------------------------------------------------------------


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

    settings = _settings(ledger=ledger, host=host, port=port, name=name, proxy=proxy)
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
        settings = _settings(ledger=str(place / "ledger.sqlite"), port=port, host="127.0.0.1", name="", proxy="")
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
    for check in examine(_settings(ledger=ledger)):
        screen.check(check.name, check.state, check.found, check.cure)
        well = well and check.state != FAILURE
    if not well:
        raise typer.Exit(FAILED)


# --- what the commands share ----------------------------------------------------------------------


def _reader(ctx: typer.Context, settings: Settings) -> Reads:
    return _making(ctx)(settings)


def _workers(ctx: typer.Context, settings: Settings) -> Workers:
    """What reads in several processes, one thread each, so that they do not take one another's cores."""
    from dragoman.show.workers import Workers, cores

    make = partial(_making(ctx), replace(settings, threads=1))
    return Workers(_reader(ctx, settings), make, settings.jobs or cores())


def _making(ctx: typer.Context) -> Callable[[Settings], Reads]:
    """What makes a reader: the pipeline's, or the one that was given to `main`."""
    from dragoman.pipeline import Reader

    return ctx.obj if callable(ctx.obj) else Reader


def _tell(
    find: Callable[[Ledger], Sequence[Found]],
    as_dict: Callable[[Found], Any],
    put: Callable[[Screen, Found], None],
    nothing: str,
    format: str,
    ledger: str | None,
) -> None:
    """Writes what is found in the ledger, one after the other: for people, or as JSON, one a line."""
    from dragoman.show.screen import Screen

    as_json = _is_json(format)
    with _ledger(_settings(ledger=ledger)) as opened:
        found = find(opened)
    if as_json:
        _write_json(map(as_dict, found))
        return
    screen = Screen.on()
    for one in found:
        put(screen, one)
    if not found:
        _say(nothing)


def _filter(ctx: typer.Context, kind: str) -> Filter:
    """The filter of the options, which are named as its fields are; codes in any letter case, with hyphens or not."""
    from dragoman.ledger.query import Filter

    given = {field.name: ctx.params.get(field.name) for field in fields(Filter)}
    if given["type"]:
        given["type"] = _code(given["type"]) if kind == "entities" else given["type"].upper()
    for name in ("status", "source_kind"):
        if typed := given[name]:
            given[name] = _code(typed)
    return Filter(**given)


def _known_kind(typed: str | None) -> str | None:
    """A kind of source; UsageError for one that is none."""
    from dragoman.codes import codes

    kind = typed and _code(typed)
    if kind and kind not in codes().source_kinds:
        raise UsageError(f"{typed!r} is no kind of source", f"take one of {', '.join(codes().source_kinds)}")
    return kind


def _code(typed: str) -> str:
    """A code of the codebook as it is written there."""
    return typed.lower().replace("-", "_")


def _is_json(format: str) -> bool:
    if format not in ("text", "json"):
        raise UsageError(f"{format!r} is no format of this command", "take one of text, json")
    return format == "json"


def _write_json(values: Iterable[Any]) -> None:
    """Writes values as JSON, one a line."""
    from dragoman.show.output import as_json, write

    write(as_json(value) + "\n" for value in values)


def _debug(ctx: typer.Context) -> bool:
    return bool(ctx.find_root().params.get("debug"))


def _end(outcome: Outcome) -> None:
    """Ends a command that went through many reports."""
    if outcome.failures:
        raise typer.Exit(PARTLY if outcome.done or outcome.already_there else FAILED)
