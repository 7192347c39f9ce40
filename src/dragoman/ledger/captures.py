"""What reports were taken from: the bytes as they came, by their hash, with address, time and headers.

Invariant: an original's content has the SHA-256 that names it; bytes that do not are refused when they come and when
they are asked for. Rows are only added, but the bytes of an original of which only the hash was known.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, select

from dragoman.errors import LedgerError, NotFound, UsageError
from dragoman.ledger.as_of import NOW, AsOf, now
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.folding import storable
from dragoman.ledger.schema import captures, originals
from dragoman.records import Capture

_TOLD = select(
    *(captures.c[name] for name in ("address", "captured_at", "sha256", "status", "headers")),
    *(originals.c[name] for name in ("size", "media_type")),
    originals.c.content.is_not(None).label("kept"),
).join(originals, originals.c.sha256 == captures.c.sha256)


@dataclass(frozen=True, slots=True)
class Taken(Capture):
    """A capture as the ledger has it, without the bytes; `kept` says whether `original` gives them."""

    kept: bool = False


def keep(connection: Connection, taken: Sequence[tuple[str, Capture]]) -> None:
    """Records captures, each of a report that is in the ledger, with the originals where their bytes are given."""
    for _, capture in taken:
        if capture.content is not None and sha256(capture.content).hexdigest() != capture.sha256:
            raise UsageError(
                f"the original of {capture.address} is not what its hash says", "this is a fault: report it"
            )
    if taken:
        _keep_originals(connection, [capture for _, capture in taken])
        connection.execute(sa.insert(captures), [_row(report, capture) for report, capture in taken])


def _row(report_id: str, capture: Capture) -> dict[str, Any]:
    row = {
        "report": report_id,
        "sha256": capture.sha256,
        "address": capture.address,
        "captured_at": capture.captured_at,
        "status": capture.status,
        "recorded_at": now(),
    }
    return {**storable_row(row), "headers": [[storable(name), storable(value)] for name, value in capture.headers]}


def captures_of(connection: Connection, report_id: str, as_of: AsOf = NOW) -> list[Taken]:
    """The captures of a report by its whole id that the ledger had then, in the order in which they came."""
    then = as_of.recorded_by(captures.c.recorded_at)
    asked = _TOLD.where(captures.c.report == report_id, *then).order_by(captures.c.number)
    return [_taken(row) for row in connection.execute(asked)]


def kept_of(connection: Connection, report_ids: Iterable[str], as_of: AsOf = NOW) -> dict[str, list[Taken]]:
    """Of some reports, by their whole ids, what was fetched of them by then and is kept.

    In order of time and address, whichever came first.
    """
    asked = (
        _TOLD.add_columns(captures.c.report)
        .where(captures.c.report.in_(set(report_ids)))
        .where(captures.c.captured_at.is_not(None), originals.c.content.is_not(None))
        .where(*as_of.recorded_by(captures.c.recorded_at))
        .order_by(captures.c.captured_at, captures.c.address, captures.c.sha256, captures.c.number)
    )
    kept: dict[str, list[Taken]] = {}
    for row in connection.execute(asked):
        kept.setdefault(row.report, []).append(_taken(row))
    return kept


def original(connection: Connection, hash: str) -> bytes:
    """The bytes of that SHA-256, in hex. NotFound where they are not kept; LedgerError where they are damaged."""
    found = connection.execute(select(originals.c.content).where(originals.c.sha256 == storable(hash))).one_or_none()
    if found is None or found.content is None:
        raise NotFound(f"no original {hash!r} is kept in the ledger", "see `dragoman show` of its report")
    try:
        content = zlib.decompress(found.content)
    except zlib.error:
        content = b""
    if sha256(content).hexdigest() != hash:
        raise LedgerError(f"the original {hash} is damaged in the ledger", "take it from a backup")
    return content


def _keep_originals(connection: Connection, taken: Sequence[Capture]) -> None:
    """Adds each original once, with its bytes where any of its captures has them."""
    first = {capture.sha256: capture for capture in reversed(taken)}
    content = {capture.sha256: zlib.compress(capture.content) for capture in taken if capture.content is not None}
    asked = select(originals.c.sha256, originals.c.content.is_not(None)).where(originals.c.sha256.in_(first))
    there = {hash: bool(whole) for hash, whole in connection.execute(asked)}
    for hash in content:
        if hash in there and not there[hash]:
            connection.execute(sa.update(originals).where(originals.c.sha256 == hash).values(content=content[hash]))
    new = [
        {**storable_row({"sha256": hash, "size": one.size, "media_type": one.media_type}), "content": content.get(hash)}
        for hash, one in first.items()
        if hash not in there
    ]
    if new:
        connection.execute(sa.insert(originals), new)


def _taken(row: Any) -> Taken:
    headers = tuple((name, value) for name, value in row.headers)
    told = (row.address, row.captured_at, row.sha256, row.size, row.media_type, row.status, headers)
    return Taken(*told, kept=bool(row.kept))
