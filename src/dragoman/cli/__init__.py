"""The command `dragoman`: what may be typed, and which function does it.

What a command needs is imported when it runs, so that `--help` need not wait for a database.
"""

from dragoman.cli import accounts

from dragoman.cli import reading, coding, looking, deciding, exporting, serving  # isort: skip  # the order of `--help`
from dragoman.cli.app import app, main

__all__ = ["accounts", "app", "coding", "deciding", "exporting", "looking", "main", "reading", "serving"]

app.add_typer(accounts.user, name="user")
app.add_typer(accounts.token, name="token")
