"""Tables with a report in each row, whatever their format: which columns are taken, and the report of a row.

Invariant: a table without the column for the text, or one that was asked for, is an error that lists those there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from dragoman.documents.decode import decode
from dragoman.documents.incoming import Options
from dragoman.documents.single import too_long
from dragoman.documents.text import Origin, make_report
from dragoman.documents.zips import shown
from dragoman.errors import NoSuchColumn
from dragoman.records import Report

Row = Mapping[str, Any]
"""What a row has of a report: `text`, and any of the keys of `Origin`."""

_SHOWN = 30
# What stands for a byte that is not in the encoding ("surrogateescape").
_UNDECODED = re.compile("[\udc80-\udcff]")


def columns_in(names: Sequence[str], options: Options) -> dict[str, str]:
    """What of a report is in which column. Raises NoSuchColumn where the text's, or one asked for, is not there."""
    by_name = {name.lower(): name for name in reversed(names)}
    columns, renamed = asdict(options.columns), options.columns.renamed()
    wanted: dict[str, str] = {}
    for key, column in columns.items():
        names_of_it = ("published", "date") if column is None else (column,)
        if found := next((by_name[each.lower()] for each in names_of_it if each.lower() in by_name), None):
            wanted[key] = found
        elif key == "text" or key in renamed:
            there = ", ".join(shown(name) for name in names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
            cure = f"say which it is, such as --columns {key}=NAME; there are: {there or 'none'}"
            raise NoSuchColumn(f"it has no column {column!r}", cure)
    return wanted


def row_report(row: Row, options: Options) -> Report:
    """The report of a row: its text, and what is known of its origin."""
    given = _in_other_encoding({key: str(value) for key, value in row.items() if value is not None})
    text = given.pop("text", "")
    if len(text) > options.settings.max_bytes:
        raise too_long(options)
    origin = Origin(**given).over(options.origin)
    return replace(make_report(text, **asdict(origin), force=options.force), offsets=None)


def _in_other_encoding(row: dict[str, str]) -> dict[str, str]:
    """A row in UTF-8; one that is not is taken for windows-1252 where that is plausible for all its words together."""
    if not any(map(_UNDECODED.search, row.values())):
        return row
    encoded = {key: words.encode("utf-8", "surrogateescape") for key, words in row.items()}
    decode(b"\n".join(encoded.values()))
    return {key: words.decode("cp1252") for key, words in encoded.items()}
