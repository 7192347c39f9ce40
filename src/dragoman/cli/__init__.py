"""The command `dragoman`: what may be typed, and which function does it.

What a command needs is imported when it runs, so that `--help` need not wait for a database.
"""

from dragoman.cli import accounts

from dragoman.cli import reading, watching, coding, looking  # isort: skip  # the order of `--help`
from dragoman.cli import deciding, exporting, verifying, serving, assisting  # isort: skip
from dragoman.cli.app import app, main

__all__ = [
    "accounts",
    "app",
    "assisting",
    "coding",
    "deciding",
    "exporting",
    "looking",
    "main",
    "reading",
    "serving",
    "verifying",
    "watching",
]

app.add_typer(accounts.user, name="user")
app.add_typer(accounts.token, name="token")
