"""What was fetched and kept, as a web archive that replays in a browser: WACZ 1.1.1, a zip with a WARC file in it.

Invariant: the same captures give the same bytes: nothing in it tells when or where it was written. Records go out one
by one; what must come after them, the list of pages and the sorted index, grows on disk meanwhile.
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
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dragoman.errors import UsageError
from dragoman.ledger.store import Ledger
from dragoman.records import Capture
from dragoman.show.exports import web_records
from dragoman.show.search import Search

ABOUT = "Pages that were fetched for a ledger of news reports. They remain their publishers': the archive is for proof."
_IN_MEMORY, _AT_ONCE = 1 << 20, 1 << 18
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
    for rows in search.pages(ledger):
        kept = ledger.kept([row.id for row in rows])
        for row in rows:
            yield from ((row.title or "", capture) for capture in kept.get(row.id, ()))


def _written(ledger: Ledger, found: Iterator[tuple[str, Capture]]) -> Iterator[bytes]:
    package = _Package()
    with closing(_Index()) as index, SpooledTemporaryFile(_IN_MEMORY) as pages:
        pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "Pages"}))
        records = _records(ledger, found, index, pages)
        yield from package.put(f"archive/{_WARC}", records, ZIP_STORED)
        yield from package.put("indexes/index.cdx", index.lines())
        pages.seek(0)
        yield from package.put("pages/pages.jsonl", iter(lambda: pages.read(_AT_ONCE), b""))
    yield from package.close()


def _records(ledger: Ledger, found: Iterable[tuple[str, Capture]], index: _Index, pages: IO[bytes]) -> Iterator[bytes]:
    """The records of the WARC file; each goes into the index and the list of pages, too."""
    offset = 0
    for title, capture in found:
        if not offset:
            record = web_records.information(_software(), ABOUT, capture.captured_at or "")
            offset += len(record)
            yield record
        if not index.adds(capture):
            continue
        record = web_records.response(capture, ledger.original(capture.sha256))
        index.add(*web_records.index_line(capture, _WARC, offset, len(record)))
        page = {"id": web_records.page_id(capture), "url": capture.address, "ts": capture.captured_at, "title": title}
        pages.write(_line(page))
        offset += len(record)
        yield record


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
        self._out = _Out()
        self._zip = ZipFile(self._out, "w")
        self._resources: list[dict[str, Any]] = []

    def put(self, path: str, pieces: Iterable[bytes], method: int = ZIP_DEFLATED) -> Iterator[bytes]:
        """Writes a member; gives the bytes of the zip that are ready."""
        member = ZipInfo(path)  # whose time is 1980-01-01
        member.compress_type = method
        member.create_system = 3
        member.external_attr = 0o100644 << 16
        digest, size = sha256(), 0
        with self._zip.open(member, "w", force_zip64=True) as file:
            for piece in pieces:
                digest.update(piece)
                size += file.write(piece)
                yield self._out.taken()
        name = path.rpartition("/")[2]
        self._resources.append({"name": name, "path": path, "hash": f"sha256:{digest.hexdigest()}", "bytes": size})

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
        yield from self.put("datapackage.json", [package])
        yield from self.put("datapackage-digest.json", [json.dumps(digest, indent=2).encode()])
        self._zip.close()
        yield self._out.taken()


class _Out(io.RawIOBase):
    """Where the zip is written to; it cannot be gone back in."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _software() -> str:
    return f"Dragoman {version('dragoman')}"


def _line(told: dict[str, Any]) -> bytes:
    return (json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8", "replace")
