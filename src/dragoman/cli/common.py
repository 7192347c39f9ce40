"""What the commands share: settings with what was typed over them, the ledger that is meant, how results go out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from dragoman.config import Settings
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.adding.attempts import Reads
    from dragoman.adding.workers import Workers
    from dragoman.ledger.query import Filter
    from dragoman.ledger.store import Ledger
    from dragoman.show.screen import Screen

Found = TypeVar("Found")

LedgerPlace = Annotated[
    str | None,
    typer.Option(
        "--ledger",
        metavar="FILE|URL",
        path_type=str,  # an address must stay as it is; a file name is still completed
        help="The ledger, if not the one of your settings: a file, or postgresql://user@host/database.",
    ),
]


def settings_with(**given: str | int | None) -> Settings:
    """The settings of the environment, with what the command line gave over them."""
    changed = {name: value for name, value in given.items() if value is not None}
    if changed.get("ledger") == "":
        raise UsageError("--ledger names nothing", "name a file or a database, or leave the option out")
    return replace(Settings.from_environment(), **changed)  # type: ignore[arg-type]


def open_ledger(settings: Settings, *, create: bool = False) -> Ledger:
    """The ledger of the settings, to be closed."""
    from dragoman.ledger.store import Ledger

    return Ledger.open(settings.ledger_place(), create=create)


def say(what: str, cure: str = "") -> None:
    """Says something on standard error."""
    from dragoman.show.output import tell

    tell(what, cure)


def reader(ctx: typer.Context, settings: Settings) -> Reads:
    """What reads reports in this process."""
    return making(ctx)(settings)


def workers(ctx: typer.Context, settings: Settings) -> Workers:
    """What reads in several processes, one thread each, so that they do not take one another's cores."""
    from dragoman.adding.processes import cores
    from dragoman.adding.workers import Workers

    make = partial(making(ctx), replace(settings, threads=1))
    return Workers(reader(ctx, settings), make, settings.jobs or cores())


def making(ctx: typer.Context) -> Callable[[Settings], Reads]:
    """What makes a reader of some settings: the pipeline's, or the one that was given to `main`."""
    from dragoman.pipeline import Reader

    return ctx.obj if callable(ctx.obj) else Reader


def tell_found(
    find: Callable[[Ledger], Sequence[Found]],
    as_dict: Callable[[Found], Any],
    put: Callable[[Screen, Found], None],
    nothing: str,
    format: str,
    ledger: str | None,
) -> None:
    """Writes what is found in the ledger, one after the other: for people, or as JSON, one a line."""
    from dragoman.show.screen import Screen

    as_json = is_json(format)
    with open_ledger(settings_with(ledger=ledger)) as opened:
        found = find(opened)
    if as_json:
        write_json(map(as_dict, found))
        return
    screen = Screen.on()
    for one in found:
        put(screen, one)
    if not found:
        say(nothing)


def filter_of(ctx: typer.Context, kind: str) -> Filter:
    """The filter of the options, which are named as its fields are; codes in any letter case, with hyphens or not."""
    from dragoman.ledger.query import Filter

    given = {field.name: ctx.params.get(field.name) for field in fields(Filter)}
    if given["type"]:
        given["type"] = _code(given["type"]) if kind == "entities" else given["type"].upper()
    for name in ("status", "source_kind"):
        if typed := given[name]:
            given[name] = _code(typed)
    return Filter(**given)


def known_kind(typed: str | None) -> str | None:
    """A kind of source; UsageError for one that is none."""
    from dragoman.codes import codes

    kind = typed and _code(typed)
    if kind and kind not in codes().source_kinds:
        raise UsageError(f"{typed!r} is no kind of source", f"take one of {', '.join(codes().source_kinds)}")
    return kind


def _code(typed: str) -> str:
    """A code of the codebook as it is written there."""
    return typed.lower().replace("-", "_")


def columns_of(typed: str | None) -> dict[str, str] | None:
    """What `--columns text=body,outlet=source` says; UsageError for what cannot be read so."""
    if typed is None:
        return None
    pairs = [pair.partition("=") for pair in typed.split(",")]
    if not all(key.strip() and name.strip() for key, _, name in pairs):
        raise UsageError(f"--columns {typed!r} cannot be read", "write it such as text=body,outlet=source,date=day")
    return {key.strip(): name.strip() for key, _, name in pairs}


def is_json(format: str) -> bool:
    """Whether results are wanted as JSON; UsageError for a format that there is not."""
    if format not in ("text", "json"):
        raise UsageError(f"{format!r} is no format of this command", "take one of text, json")
    return format == "json"


def write_json(values: Iterable[Any]) -> None:
    """Writes values as JSON, one a line."""
    from dragoman.show.output import as_json, write

    write(as_json(value) + "\n" for value in values)


def debug(ctx: typer.Context) -> bool:
    """Whether errors should say where they happened."""
    return bool(ctx.find_root().params.get("debug"))
