"""Inputs -> reports: files, folders, standard input and web addresses, of every kind in `kinds`.

Invariant: every input gives at least one `Report` or `Failure`, in the order given, and a `Failure` names the
file or address (with the line, in JSON Lines) and the cure; one bad report never stops the batch. Nothing is fetched
but the addresses that are given, and those that feeds lead to.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from dragoman.config import Settings
from dragoman.documents import kinds
from dragoman.documents.decode import recoded
from dragoman.documents.incoming import Columns, Failure, Fetch, Options, safely, unreadable
from dragoman.documents.single import read_text
from dragoman.documents.text import Origin, published_day
from dragoman.documents.web.addresses import looks_like_address
from dragoman.errors import ReportError, UnreadableFile, UsageError
from dragoman.records import Report

if TYPE_CHECKING:  # what fetches takes long to import, and files need none of it
    from dragoman.documents.web.fetch import Fetched, Fetcher

__all__ = ["Failure", "load", "read_address", "read_fetched", "read_stream"]

STANDARD_INPUT = "-"


def load(
    inputs: Iterable[str | Path],
    *,
    published: str | date | None = None,
    outlet: str | None = None,
    force: bool = False,
    columns: Mapping[str, str] | None = None,
    settings: Settings,
) -> Iterator[Report | Failure]:
    """The reports of the inputs, or why one cannot be read, one at a time and in order.

    An input is a file, a folder, a web address or `-` for standard input. Of a folder, and the folders in it, the
    files of the kinds that are read (`kinds.SUFFIXES`) are taken in order of their names; hidden ones are left out. A
    line of JSON Lines is an object with `text` and, if known, `title`, `outlet`, `published` (or `date`) and `url`.
    What a file says of its date and outlet wins over `published` and `outlet`; a `published` that names no day is a
    UsageError. `columns` tells what the columns of tables are called, such as `{"text": "body"}`.
    """
    options = given_options(published=published, outlet=outlet, force=force, columns=columns, settings=settings)
    fetch = _fetching(settings)
    options = replace(options, fetch=fetch)
    return chain.from_iterable(_input(given, options, fetch) for given in inputs)


def given_options(
    *,
    published: str | date | None,
    outlet: str | None,
    force: bool,
    columns: Mapping[str, str] | None,
    settings: Settings,
) -> Options:
    """The options of a call; a UsageError for a `published` that names no day, or columns that there are not."""
    try:
        day = published_day(published)
    except ReportError as error:
        raise UsageError(error.what, error.cure) from error
    return Options(
        origin=Origin(published=day, outlet=outlet), force=force, settings=settings, columns=Columns.of(columns)
    )


def read_stream(
    stream: BinaryIO, name: str, options: Options, *, inner: str | None = None
) -> Iterator[Report | Failure]:
    """The reports of an open file: its kind is told by its name (`inner` in place of `name`), else by how it begins."""
    if kind := kinds.by_name(name if inner is None else inner):
        return kind.read(stream, name, options)
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)  # type: ignore[type-var]
    if kind := kinds.by_start(buffered.peek(kinds.LONGEST_START)[: kinds.LONGEST_START]):
        return kind.read(buffered, name, options)
    return read_text(buffered, name, options)


def read_address(address: str, options: Options, fetch: Fetch) -> Iterator[Report | Failure]:
    """The reports of what is at an address, or why it was not fetched."""
    try:
        fetched = fetch(address, within=options.within)
    except ReportError as error:
        yield Failure(address, error)
    else:
        yield from read_fetched(fetched, options)


def read_fetched(fetched: Fetched, options: Options) -> Iterator[Report | Failure]:
    """The reports of a document that was fetched, each with the document as its capture, if it has none of its own.

    Its kind is told by how it begins where that tells one, else by its media type, else by the address.
    """
    kind = (
        kinds.by_start(fetched.content[: kinds.LONGEST_START])
        or (kinds.by_media_type(fetched.media_type or "") if fetched.media_type != "text/plain" else None)
        or kinds.by_name(urlsplit(fetched.address).path)
    )
    read, capture = kind.read if kind else read_text, fetched.capture()
    content = recoded(fetched.content, fetched.charset or "") if not kind or kind.text else fetched.content
    options = replace(options.knowing(Origin(url=fetched.address)), within=fetched.within)
    reads = read(io.BytesIO(content), fetched.asked, options)
    for report in safely(fetched.asked, reads):
        yield report if isinstance(report, Failure) or _captured(report) else replace(report, capture=capture)


def _captured(report: Report) -> bool:
    """Whether a report was captured at another time than the document that holds it, as those of archives and feeds."""
    return report.capture is not None and report.capture.captured_at is not None


def _fetching(settings: Settings) -> Fetch:
    """What fetches addresses, all by one fetcher, which keeps the pace; it is made when the first is asked for."""

    @cache
    def fetcher() -> Fetcher:
        from dragoman.documents.web.fetch import Fetcher

        return Fetcher(settings)

    return lambda address, *, within=True: fetcher().fetch(address, within=within)


def _input(given: str | Path, options: Options, fetch: Fetch) -> Iterator[Report | Failure]:
    if str(given) == STANDARD_INPUT:
        return safely("standard input", read_stream(sys.stdin.buffer, "standard input", options))
    if isinstance(given, str) and looks_like_address(given):
        return safely(given, read_address(given, options, fetch))
    return safely(str(given), _path(Path(given), options))


def _path(path: Path, options: Options) -> Iterator[Report | Failure]:
    if path.is_dir():
        yield from _folder(path, options)
    else:
        with path.open("rb") as stream:
            yield from read_stream(stream, str(path), options)


def _folder(path: Path, options: Options) -> Iterator[Report | Failure]:
    errors: list[OSError] = []
    options = replace(options, fetch=None)  # whoever gives a folder may not know that a feed lies in it
    files = sorted(_files_in(path, errors))
    for file in files:
        yield from safely(str(file), _path(file, options))
    for error in errors:
        yield unreadable(str(error.filename), error)
    if not files and not errors:
        cure = f"put files in it whose names end in {', '.join(kinds.PLAIN)}, also packed, or web archives"
        yield Failure(str(path), UnreadableFile(f"{path} holds no reports", cure))


def _files_in(folder: Path, errors: list[OSError]) -> Iterator[Path]:
    """The files to read in a folder and under it; linked folders are not entered, so there is no circle.

    Folders that cannot be listed go to `errors`.
    """
    for parent, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and kinds.by_name(name):
                yield Path(parent, name)
