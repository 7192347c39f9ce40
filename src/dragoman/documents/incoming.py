"""What every reader of inputs shares: the options of a call, the failure of one report, and how that is told.

A reader takes an open file, its name and the options, and gives a `Report` or a `Failure` for everything in it, one at
a time: `ReadsFile`. `kinds` lists them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, BinaryIO, Protocol

from dragoman.config import Settings
from dragoman.documents.text import Origin
from dragoman.documents.unpack import Allowance
from dragoman.errors import DragomanError, PassedOver, ReportError, ReportTooLong, UnreadableFile, UsageError, fault
from dragoman.records import Capture, Report

if TYPE_CHECKING:
    from dragoman.documents.web.fetch import Fetched


@dataclass(frozen=True, slots=True)
class Failure:
    """A report that could not be read: its file (`reports.jsonl:17` for a line), and why."""

    name: str
    error: ReportError

    @property
    def failed(self) -> bool:
        """Whether it counts as failed; what archives hold besides reports does not."""
        return not isinstance(self.error, PassedOver)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What the columns of a table are called that hold the reports; None for `published`: that or `date`."""

    text: str = "text"
    title: str = "title"
    outlet: str = "outlet"
    published: str | None = None
    url: str = "url"

    @classmethod
    def of(cls, names: Mapping[str, str] | None) -> Columns:
        """The columns with some named otherwise. Raises UsageError for what no column holds."""
        known = {field.name for field in fields(cls)}
        names = {("published" if key == "date" else key): name for key, name in (names or {}).items()}
        if wrong := [key for key, name in names.items() if key not in known or not name]:
            cure = "write what is in which column, such as text=body,outlet=source,date=day"
            raise UsageError(f"{wrong[0]!r} is nothing that a column holds, or its column has no name", cure)
        return cls(**names)

    def renamed(self) -> dict[str, str]:
        """Those that were given a name of their own."""
        return {key: name for key, name in asdict(self).items() if name != getattr(Columns(), key)}


class Fetch(Protocol):
    """What fetches addresses, as `web.fetch.Fetcher.fetch` does."""

    def __call__(self, address: str, *, within: bool = True) -> Fetched:
        """What is at an address. `within` is False where somebody names it who may not lead into one's own network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What holds for every report of one call of `load`.

    `fetch` gives what is at an address that a file leads to, as a feed does; without it such a file is all there is.
    `within` is whether the file may lead into one's own network: it was given, or lies there itself.
    `allowance` is how much may still be unpacked, and `depth` how deep in packed files what is read lies; None and 0
    outside of them.
    """

    origin: Origin
    force: bool
    settings: Settings
    fetch: Fetch | None = None
    within: bool = True
    columns: Columns = Columns()
    allowance: Allowance | None = None
    depth: int = 0

    def knowing(self, origin: Origin) -> Options:
        """The same with what is known of the origin of what is read next, over what was given."""
        return replace(self, origin=origin.over(self.origin))


ReadsFile = Callable[[BinaryIO, str, Options], Iterator[Report | Failure]]
"""A reader of one kind of file: the open file, what it is called in messages, the options."""


def tried(name: str, make: Callable[[], Report]) -> Report | Failure:
    """What `make` gives, or the failure that it meets, with the name of the file put to the message."""
    try:
        return make()
    except ReportError as error:
        return named(name, error)
    except DragomanError:  # of a store that cannot be read, which is nothing wrong with the report
        raise
    except Exception as error:  # a fault of ours in one report must not cost the others
        return _fault(name, error)


def safely(name: str, reports: Iterator[Report | Failure]) -> Iterator[Report | Failure]:
    """The reports, and a failure in place of the rest if reading breaks off."""
    try:
        yield from reports
    except OSError as error:
        yield unreadable(name, error)
    except ReportError as error:
        yield named(name, error)
    except DragomanError:
        raise
    except Exception as error:  # nor must one in a file cost the other files
        yield _fault(name, error)


def _fault(name: str, error: Exception) -> Failure:
    cure = "report it, with the file if you may; `dragoman --debug` shows where it happened"
    told = ReportError(f"{name}: {fault(error)}", cure)
    told.__cause__ = error
    return Failure(name, told)


def named(name: str, error: ReportError) -> Failure:
    """The failure of a file, whose name is put to the message."""
    return Failure(name, type(error)(f"{name}: {error.what}", error.cure))


def unreadable(name: str, error: OSError) -> Failure:
    """The failure of a file that cannot be read at all."""
    cure = "check the path" if isinstance(error, FileNotFoundError) else "check that you may read it"
    return Failure(name, UnreadableFile(f"{name} cannot be read ({error.strerror or error})", cure))


def captured(stream: BinaryIO, name: str, media_type: str, settings: Settings) -> Capture:
    """The hash of a whole file, which is then at its start again. Raises ReportTooLong for one over the limit."""
    digest, size = hashlib.sha256(), 0
    stream.seek(0)
    while piece := stream.read(1 << 20):
        digest.update(piece)
        size += len(piece)
        check_size(size, settings)
    stream.seek(0)
    return Capture(PurePath(name).name, None, digest.hexdigest(), size, media_type)


def check_size(size: int, settings: Settings) -> None:
    """A ReportTooLong error for a PDF, document or message that is larger than is read."""
    if size > settings.max_file_bytes:
        raise too_large(settings)


def too_large(settings: Settings) -> ReportTooLong:
    """The error for a PDF, document or message that is larger than is read."""
    cure = "take out its pictures, or raise the limit: set DRAGOMAN_MAX_FILE_BYTES to more"
    return ReportTooLong(f"it is larger than {settings.max_file_bytes:,} bytes", cure)


def check_length(data: bytes, most: int) -> None:
    """A ReportTooLong error for more than so many bytes."""
    if len(data) > most:
        raise ReportTooLong(
            f"it is longer than {most:,} bytes", "cut it, or raise the limit: set DRAGOMAN_MAX_BYTES to more"
        )
