"""Readings as rows of Arrow: the same reading comes back, whatever words and numbers are in it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dragoman.arrow import from_row, reading_schema, to_row
from dragoman.records import Corrected, Count, Reading
from tests.builders import denial, in_odesa
from tests.ledger.strategies import reading_of_anything
from tests.ledger.synthetic import synthetic

CORRECTED = Corrected("E1", "status", "occurred", "planned", "it was only planned", "Mara")


def table(*readings: Reading) -> pa.Table:
    return pa.Table.from_pylist([to_row(reading) for reading in readings], reading_schema())


def test_rows_have_all_that_the_public_json_has(tmp_path: Path) -> None:
    """A key that the schema lacks would be lost here; one that the JSON lacks would be there as null."""
    readings = [denial(), replace(in_odesa(), corrections=(CORRECTED,)), *(synthetic(seed) for seed in range(5))]
    pq.write_table(table(*readings), tmp_path / "readings.parquet")
    rows = pq.read_table(tmp_path / "readings.parquet").to_pylist()
    assert [from_row(row) for row in rows] == [Reading.from_dict(reading.to_dict()) for reading in readings]
    assert rows == [json.loads(json.dumps(reading.to_dict())) for reading in readings]


@given(st.lists(reading_of_anything(), min_size=1, max_size=3))
@hypothesis_settings(max_examples=30, deadline=None)
def test_any_words_come_back_but_for_half_a_pair(readings: list[Reading]) -> None:
    for row, reading in zip(table(*readings).to_pylist(), readings, strict=True):
        assert from_row(row) == Reading.from_dict(_as_held(reading.to_dict()))
        assert len(row["report"]["text"]) == len(reading.report.text)


def _as_held(value: Any) -> Any:
    if isinstance(value, str):
        return "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in value)
    if isinstance(value, dict):
        return {name: _as_held(part) for name, part in value.items()}
    if isinstance(value, int):
        return max(1 - 2**63, min(value, 2**63 - 1))
    return [_as_held(part) for part in value] if isinstance(value, list) else value


def test_a_number_that_no_column_holds_is_the_largest() -> None:
    reading = denial()
    huge = replace(reading.events[1], counts=(Count("killed", 10**30, None, "at_least", None, (0, 3)),))
    (row,) = table(replace(reading, events=(huge,))).to_pylist()
    assert row["events"][0]["counts"][0]["low"] == 2**63 - 1


def test_nothing_of_arrow_is_loaded_before_it_is_needed() -> None:
    program = "import sys, dragoman.arrow, dragoman.cli; print('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True).stdout == "False\n"
