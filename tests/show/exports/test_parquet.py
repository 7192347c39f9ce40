"""Parquet, read by Arrow, DuckDB and our own records."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dragoman.ledger import query
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.exports import FORMATS, export, parquet
from dragoman.show.exports.columns import exported
from dragoman.show.exports.tables import COLUMNS
from tests.builders import denial, in_odesa
from tests.ledger.synthetic import synthetic
from tests.show.exports.harbour import harbour, told


def read(ledger: Ledger, kind: str, filter: Filter = EVERYTHING) -> pq.ParquetFile:
    return pq.ParquetFile(io.BytesIO(b"".join(export(ledger, filter, "parquet", kind))))


def test_readings_come_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "_READINGS", 5)
    readings = [denial(), in_odesa(), harbour(), *(synthetic(seed) for seed in range(9))]
    with told(tmp_path, *readings) as ledger:
        file = read(ledger, "readings")
        rows = file.read().to_pylist()
        assert [Reading.from_dict(row) for row in rows] == list(query.readings(ledger))
        assert read(ledger, "readings", Filter(outlet="nobody")).read().num_rows == 0
    assert file.num_row_groups == 3
    assert file.metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("kind", [kind for kind in FORMATS["parquet"].kinds if kind != "readings"])
def test_rows_have_the_columns_of_csv_with_their_types(tmp_path: Path, kind: str) -> None:
    with told(tmp_path, denial(), in_odesa(), harbour(), harbour("Oru Daily", "2031-03-06")) as ledger:
        table = read(ledger, kind).read()
        csv = b"".join(export(ledger, EVERYTHING, "csv", kind)).decode()
    assert table.column_names == list(COLUMNS[kind])
    assert table.num_rows == len(set(table["id"].to_pylist())) > 0
    assert all(id in csv for id in table["id"].to_pylist())
    types = {pa.string(), pa.int64(), pa.float64(), pa.date32()}
    assert {field.type for field in table.schema} <= types


def test_duckdb_asks_it(tmp_path: Path) -> None:
    with told(tmp_path, in_odesa(), harbour()) as ledger:
        for kind in ("events", "readings"):
            (tmp_path / f"{kind}.parquet").write_bytes(b"".join(export(ledger, EVERYTHING, "parquet", kind)))
    asked = "SELECT type, start, latitude FROM '{}' WHERE start > DATE '2031-03-01' AND latitude > 46 ORDER BY start"
    found = duckdb.execute(asked.format(tmp_path / "events.parquet")).fetchall()
    assert found == [("PROTEST", date(2031, 3, 3), 46.48), ("ASSAULT", date(2031, 3, 4), 46.48)]
    nested = "SELECT count(*) FROM (SELECT unnest(events) AS one FROM '{}') WHERE one.status = 'planned'"
    assert duckdb.execute(nested.format(tmp_path / "readings.parquet")).fetchall() == [(1,)]


def test_every_column_is_described_and_nothing_else() -> None:
    assert set(exported("tables")) == {name for columns in COLUMNS.values() for name in columns}
