"""Invented corpora, and a folder of coded reports seen from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dragoman.coding import partitions
from dragoman.coding.plan import Tally, planned
from dragoman.config import Settings
from tests.builders import MADE_BY
from tests.command import WordReader
from tests.test_cli import REPORT

Row = dict[str, Any]


def rows(count: int) -> list[Row]:
    """Reports of an invented coast; each third has no date."""
    return [
        {
            "title": f"Report {n}",
            "text": f"Report {n}. {REPORT} " + "It rained on the harbour and in the old town. " * (n % 7),
            "outlet": ("Harbour Post", "Radio Meridian")[n % 2],
            "published": f"2031-03-{n % 28 + 1:02}" if n % 3 else None,
        }
        for n in range(count)
    ]


def lines(path: Path, given: list[Row]) -> Path:
    """A file of JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in given), encoding="utf-8")
    return path


def parquet(path: Path, given: list[Row], group: int) -> Path:
    """A file of Parquet with groups of so many rows."""
    pq.write_table(pa.Table.from_pylist(given), path, row_group_size=group)
    return path


def small(monkeypatch: pytest.MonkeyPatch, *, bytes: int = 2_000, rows: int = 20) -> None:
    """Makes partitions small, so that few reports are several."""
    monkeypatch.setattr(partitions, "BYTES", bytes)
    monkeypatch.setattr(partitions, "ROWS", rows)


def code(
    out: Path | str,
    *inputs: Path | str,
    engine: str = "local",
    jobs: int = 1,
    reader: Callable[[Settings], WordReader] | None = None,
    **options: Any,
) -> Tally:
    """Codes inputs with a reader that needs no model."""
    settings = Settings()
    plan = planned(map(str, inputs), str(out), MADE_BY, settings=settings, **options)
    tally = Tally()
    for done in plan.run(engine, partial(reader or WordReader, settings), jobs):
        tally.count(done)
    return tally


def contents(out: Path) -> dict[str, bytes]:
    """The files of a folder, but for the manifest, byte for byte."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def titles(out: Path) -> list[str]:
    """The titles of the coded reports, in the order of their numbers."""
    found = [row["title"] for path in out.glob("part-*.parquet") for row in pq.read_table(path)["report"].to_pylist()]
    return sorted(found, key=lambda title: int(title.split()[-1]))


def failures(out: Path) -> list[Row]:
    """What could not be read, and why."""
    return [row for path in sorted((out / "_failures").glob("*")) for row in pq.read_table(path).to_pylist()]
