"""What every reader of inputs shares: the options of a call, the failure of one report, and how that is told.

A reader takes an open file, its name and the options, and gives a `Report` or a `Failure` for everything in it, one at
a time: `Reads`. `kinds` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from dragoman.config import Settings
from dragoman.documents.text import Origin
from dragoman.errors import ReportError, ReportTooLong, UnreadableFile
from dragoman.records import Report

if TYPE_CHECKING:
    from dragoman.documents.web.fetch import Fetched


@dataclass(frozen=True, slots=True)
class Failure:
    """A report that could not be read: its file (`reports.jsonl:17` for a line), and why."""

    name: str
    error: ReportError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What holds for every report of one call of `load`.

    `fetch` gives what is at an address that a file leads to, as a feed does; without it such a file is all there is.
    """

    origin: Origin
    force: bool
    settings: Settings
    fetch: Callable[[str], Fetched] | None = None

    def knowing(self, origin: Origin) -> Options:
        """The same with what is known of the origin of what is read next, over what was given."""
        return replace(self, origin=origin.over(self.origin))


Reads = Callable[[BinaryIO, str, Options], Iterator[Report | Failure]]
"""A reader of one kind of file: the open file, what it is called in messages, the options."""


def tried(name: str, make: Callable[[], Report]) -> Report | Failure:
    """What `make` gives, or the failure that it meets, with the name of the file put to the message."""
    try:
        return make()
    except ReportError as error:
        return Failure(name, type(error)(f"{name}: {error.what}", error.cure))
    except Exception as error:  # a fault of ours in one report must not cost the others
        what = f"{name}: a fault in Dragoman itself ({type(error).__name__}: {error})"
        fault = ReportError(what, "report it, with the file if you may; `dragoman --debug` shows where it happened")
        fault.__cause__ = error
        return Failure(name, fault)


def unreadable(name: str, error: OSError) -> Failure:
    """The failure of a file that cannot be read at all."""
    cure = "check the path" if isinstance(error, FileNotFoundError) else "check that you may read it"
    return Failure(name, UnreadableFile(f"{name} cannot be read ({error.strerror or error})", cure))


def check_length(data: bytes, most: int) -> None:
    """A ReportTooLong error for more than so many bytes."""
    if len(data) > most:
        raise ReportTooLong(
            f"it is longer than {most:,} bytes", "cut it, or raise the limit: set DRAGOMAN_MAX_BYTES to more"
        )
