"""Readings out of the ledger, in formats that other programs load.

Invariant: the same readings give the same bytes, in whichever order they were added.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading


def as_json(value: Any) -> str:
    """JSON in one line. Half a surrogate pair, which UTF-8 cannot hold, is written as its escape."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _lines(readings: Iterator[Reading]) -> Iterator[str]:
    for reading in readings:
        yield as_json(reading.to_dict()) + "\n"


FORMATS: dict[str, Callable[[Iterator[Reading]], Iterator[str]]] = {"jsonl": _lines}
"""What `export` can write; each takes the readings in order and gives pieces of text."""


def export(ledger: Ledger, filter: Filter, format: str) -> Iterator[str]:
    """The current readings of the reports that match, as text, in order of the report's id.

    One reading is in memory at a time (the ledger fetches some hundreds at once). The format and the
    filter are checked at the call: UsageError.
    """
    if format not in FORMATS:
        raise UsageError(f"{format!r} is no format of export", f"take one of {', '.join(FORMATS)}")
    return FORMATS[format](query.readings(ledger, filter))
