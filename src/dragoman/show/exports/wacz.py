"""What was fetched and kept, as a web archive that replays in a browser: WACZ 1.1.1, a zip with a WARC file in it.

Invariant: the same captures give the same bytes: nothing in it tells when or where it was written. All grows on disk
before it goes out: the length of a member stands before it, or players that find records by counting would miss them.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED

from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.store import Ledger
from dragoman.records import Capture
from dragoman.show.exports import web_records
from dragoman.show.exports.growing import IN_MEMORY, GrowingZip
from dragoman.show.search import Search

ABOUT = "Pages that were fetched for a ledger of news reports. They remain their publishers': the archive is for proof."
_WARC = "data.warc.gz"


def web_archive(ledger: Ledger, search: Search) -> Iterator[bytes]:
    """The originals of the reports that match, in order of the search. UsageError where none is kept."""
    found = _captures(ledger, search)
    first = next(found, None)
    if first is None:
        raise UsageError(
            "of the reports that match, the ledger keeps no original",
            "it keeps what it fetches itself: `dragoman add` of addresses and feeds, or `dragoman watch`",
        )
    return _written(ledger, chain([first], found))


def _captures(ledger: Ledger, search: Search) -> Iterator[tuple[str, Capture]]:
    """The title of each report that matches with each capture of it whose bytes are kept."""
    then = query.as_of(search.filter)
    for rows in search.pages(ledger):
        kept = ledger.kept([row.id for row in rows], then)
        for row in rows:
            yield from ((row.title or "", capture) for capture in kept.get(row.id, ()))


def _written(ledger: Ledger, found: Iterator[tuple[str, Capture]]) -> Iterator[bytes]:
    package = _Package()
    with closing(_Index()) as index, _spool() as records, _spool() as lines, _spool() as pages:
        pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "Pages"}))
        _write_records(ledger, found, records, index, pages)
        lines.writelines(index.lines())
        yield from package.put(f"archive/{_WARC}", records, ZIP_STORED)
        yield from package.put("indexes/index.cdx", lines)
        yield from package.put("pages/pages.jsonl", pages)
    yield from package.close()


def _write_records(
    ledger: Ledger, found: Iterable[tuple[str, Capture]], records: IO[bytes], index: _Index, pages: IO[bytes]
) -> None:
    """The WARC file, with its index and the list of its pages."""
    for title, capture in found:
        if not records.tell():
            records.write(web_records.information(_software(), ABOUT, capture.captured_at or ""))
        if index.adds(capture):
            offset = records.tell()
            length = records.write(web_records.response(capture, ledger.original(capture.sha256)))
            index.add(*web_records.index_line(capture, _WARC, offset, length))
            address = web_records.address_of(capture)
            page = {"id": web_records.page_id(capture), "url": address, "ts": capture.captured_at, "title": title}
            pages.write(_line(page))


def _spool() -> IO[bytes]:
    return SpooledTemporaryFile(IN_MEMORY)


class _Index:
    """The lines of the index, on disk, to come out sorted; and which captures there were."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)  # a file that goes by itself
        self._rows.execute("CREATE TABLE line (key TEXT, line TEXT)")
        self._rows.execute("CREATE TABLE seen (capture TEXT PRIMARY KEY) WITHOUT ROWID")

    def adds(self, capture: Capture) -> bool:
        """Whether a capture is new: two reports may be of one page."""
        row = (web_records.page_id(capture),)
        return self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?)", row).rowcount == 1

    def add(self, key: str, line: str) -> None:
        """Adds a line."""
        self._rows.execute("INSERT INTO line VALUES (?, ?)", (key, line))

    def lines(self) -> Iterator[bytes]:
        """All lines in order of their keys."""
        for (line,) in self._rows.execute("SELECT line FROM line ORDER BY key, line"):
            yield line.encode("utf-8", "replace")

    def close(self) -> None:
        """Lets the file go."""
        self._rows.close()


class _Package:
    """The zip as it is written: members with their hashes, then the list of them with its own."""

    def __init__(self) -> None:
        self._zip = GrowingZip()
        self._resources: list[dict[str, Any]] = []

    def put(self, path: str, file: IO[bytes], method: int = ZIP_DEFLATED) -> Iterator[bytes]:
        """Writes a member; gives the bytes of the zip that are ready."""
        size, hash = yield from self._zip.put(path, file, method)
        told = {"name": path.rpartition("/")[2], "path": path}
        self._resources.append({**told, "hash": f"sha256:{hash}", "bytes": size})

    def close(self) -> Iterator[bytes]:
        """Writes what describes the package, and its end."""
        told = {
            "profile": "data-package",
            "wacz_version": "1.1.1",
            "title": "What was fetched for a ledger of Dragoman",
            "description": ABOUT,
            "software": _software(),
            "resources": list(self._resources),
        }
        package = json.dumps(told, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{sha256(package).hexdigest()}"}
        yield from self.put("datapackage.json", io.BytesIO(package))
        yield from self.put("datapackage-digest.json", io.BytesIO(json.dumps(digest, indent=2).encode()))
        yield self._zip.close()


def _software() -> str:
    return f"Dragoman {version('dragoman')}"


def _line(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8", "replace")
