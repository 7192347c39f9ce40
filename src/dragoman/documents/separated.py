"""CSV: values parted by commas, semicolons, tabs or bars, with a report in each row.

Invariant: rows are read one after another, and what a line, field or row may take is bounded; a broken row is a failure
of its own, named by the line that it begins on.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from dragoman.documents.decode import encoding_of
from dragoman.documents.incoming import Failure, Options, tried
from dragoman.documents.tables import columns_in, row_report
from dragoman.errors import BrokenLine, EmptyReport, ReportTooLong
from dragoman.records import Report

_DELIMITERS = ",;\t|"
# A table of one column has none, so that commas part no text: this control character is in no text.
_NONE = "\x1f"
_PIECE = 1 << 16


def read_csv(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The reports of a CSV file, one a row; the first line names the columns."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    text = io.TextIOWrapper(buffered, encoding_of(buffered.peek(_PIECE)), errors="surrogateescape", newline="")
    try:
        yield from _csv_rows(_Lines(text, options.settings.max_bytes), name, options)
    finally:
        text.detach()  # or the stream would be closed, which is not ours


def _csv_rows(lines: _Lines, name: str, options: Options) -> Iterator[Report | Failure]:
    header = next(lines, "")
    if not header.strip():
        raise EmptyReport("it is empty, or does not begin with the names of its columns", "put them on the first line")
    csv.field_size_limit(max(csv.field_size_limit(), options.settings.max_bytes))  # one for the whole of Python
    delimiter = max(_DELIMITERS, key=header.count)
    if delimiter not in header:
        delimiter = _NONE
    names = [cell.strip() for cell in next(csv.reader([header], delimiter=delimiter))]
    places = {key: names.index(column) for key, column in columns_in(names, options).items()}
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    empty = True
    while True:
        number = lines.begin_row()
        try:
            cells = _cells(rows, len(names))
        except (csv.Error, ReportTooLong) as error:
            empty = False
            too_long = isinstance(error, ReportTooLong) or "field limit" in str(error)
            yield tried(f"{name}:{number}", partial(_broken, error, lines.too_long() if too_long else None))
            if too_long and not lines.end_known:
                return
            continue
        if cells is None:
            break
        if any(map(str.strip, cells)):
            empty = False
            row = {key: cells[at] for key, at in places.items() if at < len(cells)}
            yield tried(f"{name}:{number}", partial(row_report, row, options))
    if empty:
        raise EmptyReport("it has no rows", "give a table with reports in it")


def _cells(rows: Iterator[list[str]], columns: int) -> list[str] | None:
    """The values of the next row. Raises csv.Error for one with more than there are columns: a text was parted."""
    cells = next(rows, None)
    if cells and any(map(str.strip, cells[columns:])):
        raise csv.Error(f"it has {len(cells)} values, and the table {columns} columns")
    return cells


def _broken(error: Exception, too_long: ReportTooLong | None) -> Report:
    if too_long:
        raise too_long from error
    raise BrokenLine(f"it is no row of CSV ({error})", "put fields in quotes, and double the quotes in them") from error


class _Lines:
    """The lines of a table, numbered, of which one row may take only so much.

    What is left of a line over the limit is passed over. `end_known` says whether such a row is known to end with it:
    where a quotation mark may be open, what follows could be taken for rows that it is not.
    """

    def __init__(self, text: io.TextIOWrapper, most: int) -> None:
        self._text, self._most = text, most
        self._number = self._row = 0
        self.end_known = False

    def begin_row(self) -> int:
        """The number of the line that the next row begins with."""
        self._row = 0
        return self._number + 1

    def too_long(self) -> ReportTooLong:
        """The error for a row over the limit."""
        rest = "" if self.end_known else ", and where it ends cannot be told: nothing that follows it is read"
        return ReportTooLong(
            f"the row is longer than {self._most:,} characters{rest}",
            "see whether a quotation mark is left open, or raise the limit: set DRAGOMAN_MAX_BYTES to more",
        )

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._text.readline(self._most + 1)
        if not line:
            raise StopIteration
        self._number += 1
        first, self._row = not self._row, self._row + len(line)
        if len(line) > self._most:
            self.end_known = first and not self._passed_over(line)
        if self._row > self._most:
            raise self.too_long()
        return line

    def _passed_over(self, line: str) -> bool:
        """Passes over the rest of a line, and says whether there are quotation marks in it."""
        quoted = '"' in line
        while line and not line.endswith("\n"):
            line = self._text.readline(_PIECE)
            quoted = quoted or '"' in line
        return quoted
