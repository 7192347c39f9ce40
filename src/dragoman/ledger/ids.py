"""The names of things across the ledger.

A report is named by its id or by the first characters of it, as many as tell it apart (at least 6).
A mark's own id (E1, A2...) tells it apart inside one reading only; across the ledger it is
`<first 12 characters of the report's id>:<mark's id>`.
"""

from __future__ import annotations

import re

from dragoman.errors import NotFound

SHOWN = 12
"""Characters of a report's id in a mark's id: 48 bits, so a million reports clash once in 500 ledgers."""

_PREFIX = re.compile("[0-9a-f]{6,64}")
_WHOLE = re.compile("[0-9a-f]{64}")


def mark_id(report: str, mark: str) -> str:
    """The name of a mark across the ledger."""
    return f"{report[:SHOWN]}:{mark}"


def split_mark_id(id: str) -> tuple[str, str]:
    """The start of the report's id, and the mark's id inside its reading."""
    report, colon, mark = id.partition(":")
    if not (colon and mark):
        raise NotFound(f"{id!r} names no mark", "give it as report:mark, such as 1f0c9a77b3e2:E1")
    return report, mark


def is_report_id(id: str) -> bool:
    """Whether it is a whole id: a SHA-256 in hexadecimal digits."""
    return _WHOLE.fullmatch(id) is not None


def report_prefix(id: str) -> str:
    """The id or the start of one, tidied; NotFound when it can be neither."""
    prefix = id.strip().lower()
    if _PREFIX.fullmatch(prefix) is None:
        raise no_report(id)
    return prefix


def no_report(id: str) -> NotFound:
    """The error for an id that names no report."""
    return NotFound(
        f"no report {id!r} in the ledger",
        "give an id or at least its first 6 characters; `dragoman list reports` shows them",
    )
