"""Every export says what coded it and under which licence: in the file, beside it, or in the answer's headers."""

from __future__ import annotations

import csv
import io
import json
from importlib.metadata import version
from pathlib import Path

import geojson
import pyarrow.parquet as pq
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner, Result

from dragoman.cli import app
from dragoman.config import Settings
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from dragoman.show.exports import FORMATS, description, export
from dragoman.show.exports.about import LICENSE, RIGHTS
from dragoman.show.search import Search
from tests.builders import in_odesa
from tests.command import WordReader
from tests.show.exports.harbour import captured, harbour, told


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("about")
    with told(path, captured(harbour()), in_odesa()):
        return path / "ledger.sqlite"


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_says_it_or_has_it_said_beside(place: Path, format: str) -> None:
    with Ledger.open(place) as ledger:
        written = b"".join(export(ledger, EVERYTHING, format))
        beside = description(ledger, Search(FORMATS[format].kinds[0], EVERYTHING), format, "file")
    said = written if FORMATS[format].says_itself else beside
    assert said is not None and (beside is None) == FORMATS[format].says_itself
    for told_of in (LICENSE, "Dragoman 0.1.0 with model hand", f"Dragoman {version('dragoman')}", "GeoNames"):
        assert told_of.encode() in said, told_of


@pytest.mark.parametrize("format", [name for name, format in FORMATS.items() if format.columns])
def test_a_table_is_described_column_by_column(place: Path, format: str) -> None:
    """By CSV on the Web: a reader finds the columns in the file, by their number and titles."""
    for kind in FORMATS[format].kinds:
        with Ledger.open(place) as ledger:
            search = Search(kind, Filter(text="harbour"))
            told_of = json.loads(description(ledger, search, format, "x.csv", ["too long"]) or b"")
            text = b"".join(export(ledger, search.filter, format, kind)).decode("utf-8-sig")
        assert (told_of["@context"], told_of["url"]) == ("http://www.w3.org/ns/csvw", "x.csv")
        assert told_of["dc:license"] == {"@id": LICENSE} and told_of["dc:rights"] == RIGHTS
        assert told_of["dc:title"] == f"{kind} of a ledger of Dragoman: text harbour"
        assert told_of["rdfs:comment"] == ["too long"]
        columns, dialect = told_of["tableSchema"]["columns"], told_of["dialect"]
        assert all(column["dc:description"] for column in columns)
        assert {column["datatype"] for column in columns} <= {"string", "integer", "number", "date"}
        quoted = dialect.get("quoteChar", '"')
        rows = list(csv.reader(io.StringIO(text), delimiter=dialect.get("delimiter", ","), quotechar=quoted or "\0"))
        if dialect.get("header", True):
            assert rows[0] == [column["titles"] for column in columns]
        assert {len(row) for row in rows} == {len(columns)}
        for column, cell in ((column, cell) for row in rows[1:] for column, cell in zip(columns, row, strict=True)):
            if cell and column["datatype"] in ("integer", "number"):
                assert float(cell) == int(float(cell)) or column["datatype"] == "number", column


def test_geojson_stays_valid_and_parquet_has_it_in_its_metadata(place: Path) -> None:
    with Ledger.open(place) as ledger:
        points = geojson.loads(b"".join(export(ledger, EVERYTHING, "geojson")))
        metadata = pq.ParquetFile(io.BytesIO(b"".join(export(ledger, EVERYTHING, "parquet")))).metadata.metadata
    assert points.is_valid and len(points["features"]) == 3
    assert points["about"]["license"] == LICENSE
    assert (metadata[b"license"], metadata[b"coded_by"]) == (LICENSE.encode(), b"Dragoman 0.1.0 with model hand")


def test_answers_link_to_it(place: Path) -> None:
    with TestClient(create_app(place, Settings()), base_url="http://localhost:8765") as client:
        for format, kind in (("csv", "events"), ("gdelt", "events"), ("geojson", "happenings"), ("parquet", "reports")):
            links = client.get(f"/export?kind={kind}&format={format}&text=harbour").links
            assert links["license"]["url"] == LICENSE
            if FORMATS[format].says_itself:
                assert "describedby" not in links
                assert client.get(f"/export/about?kind={kind}&format={format}").status_code == 404
            else:
                told_of = client.get(links["describedby"]["url"])
                assert told_of.headers["content-type"] == "application/ld+json"
                assert told_of.json()["dc:title"] == f"{kind} of a ledger of Dragoman: text harbour"
        assert client.get("/export/about?kind=events&format=xml").status_code == 400


def test_a_file_has_it_beside_it(place: Path, tmp_path: Path) -> None:
    def run(format: str, out: str) -> Result:
        asked = ["export", "--ledger", str(place), "--format", format, "--out", str(tmp_path / out)]
        return CliRunner().invoke(app, asked, obj=WordReader)

    done = run("acled", "x.csv")
    assert done.exit_code == 0 and done.stdout == ""
    assert "3 events left out: nothing that ACLED codes" in done.stderr
    beside = json.loads((tmp_path / "x.csv-metadata.json").read_text())
    assert beside["url"] == "x.csv"
    assert "3 events left out: nothing that ACLED codes" in beside["rdfs:comment"]
    assert run("parquet", "x.parquet").exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["x.csv", "x.csv-metadata.json", "x.parquet"]
