"""Dragoman reads news reports and keeps a ledger of what happened, according to whom.

import dragoman

reading = dragoman.read("Two officials said ...", published="2022-07-26", outlet="Harbour Post")
for event in reading.events:
    print(event.type, event.status, reading.words(event.trigger))
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dragoman.config import Settings
from dragoman.errors import DragomanError, ReportError
from dragoman.records import Reading, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from dragoman.ledger.store import Ledger
    from dragoman.pipeline import Reader

__all__ = ["DragomanError", "Reader", "Reading", "Report", "Settings", "open_ledger", "read", "read_many"]


def read(
    text: str,
    *,
    title: str | None = None,
    outlet: str | None = None,
    published: str | date | None = None,
    url: str | None = None,
    force: bool = False,
    settings: Settings | None = None,
) -> Reading:
    """The reading of one text.

    `published` is a day such as "2031-03-07", or a date; relative dates count from it. `force` reads a text that
    is not in English. Without `settings`, those of the environment hold. Raises ReportError for a text that
    cannot be read, ModelError without a model.
    """
    from dragoman.pipeline import make_report

    report = make_report(text, title=title, outlet=outlet, published=published, url=url, force=force)
    return _reader(settings or Settings.from_environment()).read(report)


def read_many(
    inputs: str | Path | Iterable[str | Path],
    *,
    published: str | date | None = None,
    outlet: str | None = None,
    force: bool = False,
    columns: Mapping[str, str] | None = None,
    on_error: Callable[[ReportError], None] | None = None,
    settings: Settings | None = None,
) -> Iterator[Reading]:
    """The readings of files, folders and `"-"` for standard input, one at a time. One input may stand by itself.

    `columns` tells what the columns of CSV and Parquet tables are called, such as `{"text": "body"}`.
    Without `settings`, those of the environment hold. `on_error` is called with the error of each report that
    cannot be read, and the rest goes on; without it the first such error is raised.
    """
    from dragoman.pipeline import Failure, load

    settings = settings or Settings.from_environment()
    several = [inputs] if isinstance(inputs, str | Path) else inputs
    for item in load(several, published=published, outlet=outlet, force=force, columns=columns, settings=settings):
        if not isinstance(item, Failure):
            yield _reader(settings).read(item)
        elif on_error:
            on_error(item.error)
        elif item.failed:
            raise item.error


@lru_cache(maxsize=4)  # a program uses one or two settings, and each reader holds a model
def _reader(settings: Settings) -> Reader:
    """One reader for equal settings: loading the model takes longer than reading a report."""
    from dragoman.pipeline import Reader

    return Reader(settings)


def open_ledger(place: str | Path) -> Ledger:
    """The ledger in a file or at `postgresql://user@host/database`, for a `with` statement; made if it is not there."""
    from dragoman.ledger.store import Ledger

    return Ledger.open(place)


def __getattr__(name: str) -> Any:
    if name == "Reader":  # it brings the numeric libraries, which take time to import
        from dragoman.pipeline import Reader

        return Reader
    raise AttributeError(f"module 'dragoman' has no attribute {name!r}")
