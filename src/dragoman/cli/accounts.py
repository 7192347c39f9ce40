"""`dragoman user` and `dragoman token`: who may use a ledger that is shared.

Invariant: a password is never an argument, which other users of the machine could see; it is asked for on the terminal,
or read as the first line of standard input. What is done is in the audit list.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from dragoman.cli.common import LedgerPlace, open_ledger, say, settings_with
from dragoman.errors import UsageError

if TYPE_CHECKING:
    from dragoman.ledger.store import Ledger

BY = "(command line)"
"""Who decided, for the record: no user can have that name."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")]

user = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may use a ledger that is shared.")
token = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="By which tokens programs ask in users' names.")


# --- users ----------------------------------------------------------------------------------------


@user.command("add")
def add_user(
    name: Name,
    role: Annotated[str, typer.Option(metavar="reader|reviewer|editor|admin", help="What they may do.")] = "reader",
    ledger: LedgerPlace = None,
) -> None:
    """Add a user; the password is asked for, or read from standard input."""
    from dragoman.ledger.accounts import add_user

    with _ledger(ledger) as opened:
        add_user(opened, name, _password(name), role, BY)
        _done(opened, "user add", f"user {name}: {role}")


@user.command("list")
def list_users(ledger: LedgerPlace = None) -> None:
    """List the users with their roles."""
    from dragoman.ledger.accounts import users_of
    from dragoman.show.output import write

    with _ledger(ledger) as opened:
        found = users_of(opened)
    write(f"{user.name}  {user.role}  since {user.recorded_at[:10]} by {user.decided_by}\n" for user in found)
    if not found:
        say("there is no user yet", "make one: `dragoman user add NAME --role admin`")


@user.command("role")
def change_role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="reader|reviewer|editor|admin")],
    ledger: LedgerPlace = None,
) -> None:
    """Give a user another role, which signs them out."""
    from dragoman.ledger.accounts import change_role

    with _ledger(ledger) as opened:
        change_role(opened, name, role, BY)
        _done(opened, "user role", f"user {name}: {role}")


@user.command("password")
def change_password(name: Name, ledger: LedgerPlace = None) -> None:
    """Give a user another password, which signs them out."""
    from dragoman.ledger.accounts import change_password

    with _ledger(ledger) as opened:
        change_password(opened, name, _password(name), BY)
        _done(opened, "user password", f"user {name}")


@user.command("remove")
def remove_user(name: Name, ledger: LedgerPlace = None) -> None:
    """Let a user do nothing any more; what they decided stays."""
    from dragoman.ledger.accounts import remove_user

    with _ledger(ledger) as opened:
        remove_user(opened, name, BY)
        _done(opened, "user remove", f"user {name}")


# --- tokens ---------------------------------------------------------------------------------------


@token.command("add")
def add_token(
    name: Name,
    scope: Annotated[
        str, typer.Option(metavar="read|review|edit", help="What it may do of what its user may.")
    ] = "read",
    days: Annotated[int, typer.Option(help="How long it holds.")] = 90,
    label: Annotated[str, typer.Option("--for", metavar="TEXT", help="What it is for.")] = "made on the command line",
    ledger: LedgerPlace = None,
) -> None:
    """Make a token that asks in a user's name, and print it this once."""
    from dragoman.ledger.tokens import add_token
    from dragoman.show.output import write

    with _ledger(ledger) as opened:
        secret = add_token(opened, label, name, scope, days, BY)
        _done(opened, "token add", f"token {label!r} of {name}", "keep it well: it is never shown again")
    write([secret + "\n"])


@token.command("list")
def list_tokens(ledger: LedgerPlace = None) -> None:
    """List the tokens that were not revoked: id, user, scope, until when, what for."""
    from dragoman.ledger.tokens import tokens_of
    from dragoman.show.output import one_line, write

    with _ledger(ledger) as opened:
        found = tokens_of(opened)
    write(
        f"{token.id}  {token.user}  {token.scope}  {'expired' if token.expired else 'until'} {token.expires_at[:10]}"
        f"  {one_line(token.name)}\n"
        for token in found
    )
    if not found:
        say("there is no token")


@token.command("revoke")
def revoke_token(
    id: Annotated[str, typer.Argument(metavar="ID", help="As `dragoman token list` has it.")],
    ledger: LedgerPlace = None,
) -> None:
    """Let a token do nothing any more."""
    from dragoman.ledger.tokens import revoke_token

    with _ledger(ledger) as opened:
        revoked = revoke_token(opened, id, BY)
        _done(opened, "token revoke", f"token {revoked.name!r} of {revoked.user}")


# --- what they share ------------------------------------------------------------------------------


def _ledger(place: str | None) -> Ledger:
    return open_ledger(settings_with(ledger=place))


def _password(name: str) -> str:
    """The password that somebody types twice, or the first line of standard input. UsageError for none."""
    if sys.stdin is not None and sys.stdin.isatty():
        typed: str = typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line.rstrip("\r\n"):
        raise UsageError(
            "no password is given", "type it on a terminal, or send it as the first line of standard input"
        )
    return line.rstrip("\r\n")


def _done(ledger: Ledger, action: str, subject: str, cure: str = "") -> None:
    from dragoman.ledger.audit import Act, record

    record(ledger, Act(BY, action, subject, "done"))
    say(f"{subject}: done" if ":" not in subject else subject, cure)
