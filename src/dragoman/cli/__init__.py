"""The command `dragoman`: what may be typed, and which function does it.

What a command needs is imported when it runs, so that `--help` need not wait for a database.
"""

from dragoman.cli import accounts

from dragoman.cli import reading, coding, looking, deciding, exporting, verifying, serving, assisting  # isort: skip
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
]

app.add_typer(accounts.user, name="user")
app.add_typer(accounts.token, name="token")
