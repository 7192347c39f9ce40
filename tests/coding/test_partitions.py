"""A corpus is cut the same way every time, and nothing of it is lost or doubled at the cuts."""

from __future__ import annotations

import gzip
import json
from itertools import pairwise
from pathlib import Path

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.coding import partitions
from dragoman.coding.inputs import reports
from dragoman.coding.partitions import Partition
from dragoman.coding.storage import Location, location
from dragoman.config import Settings
from dragoman.documents.load import given_options, load
from dragoman.errors import DamagedFile, StorageError, UsageError
from dragoman.records import Report
from tests.coding.corpora import lines, parquet, rows, small
from tests.documents.web_archives import Written, article, packed

OPTIONS = given_options(published=None, outlet=None, force=False, columns=None, settings=Settings(max_bytes=20_000))


OUT = Location("/nowhere/coded")


def cut(*paths: Path) -> list[Partition]:
    """The partitions of some files."""
    return list(partitions.partitions((Location(str(path)) for path in paths), OUT))


def read(parts: list[Partition]) -> list[str]:
    """What is in partitions, in order: titles of reports, and errors."""
    return [
        str(item.title) if isinstance(item, Report) else type(item.error).__name__
        for part in parts
        for item in reports(part, OPTIONS)
    ]


def test_lines_are_cut_between_reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    path = lines(tmp_path / "a.jsonl", rows(60))
    parts = cut(path)
    assert len(parts) > 5 and parts[0].start == 0 and parts[-1].end == path.stat().st_size
    assert all(one.end == other.start for one, other in pairwise(parts))
    assert all(2_000 <= one.end - one.start < 4_000 for one in parts[:-1])
    assert read(parts) == [f"Report {n}" for n in range(60)]
    assert len({part.id for part in parts}) == len(parts)
    assert cut(path) == parts


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    given=st.lists(st.sampled_from(["", "{", "long", "one", "two"]), max_size=20),
    end=st.sampled_from(["\n", "\r\n"]),
    ended=st.booleans(),
    size=st.integers(1, 600),
)
def test_wherever_cuts_fall_the_lines_are_those_of_the_file(
    given: list[str], end: str, ended: bool, size: int, tmp_path: Path
) -> None:
    told = {"long": json.dumps({"text": "word " * 5_000, "title": "Too long"})}
    told |= {word: json.dumps({"text": f"The army seized the {word} port.", "title": word}) for word in ("one", "two")}
    path = tmp_path / "a.jsonl"
    path.write_bytes((end.join(told.get(word, word) for word in given) + end * ended).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(partitions, "BYTES", size)
        found = [what for what in read(cut(path)) if what not in ("EmptyReport", "PassedOver")]
    whole = load([str(path)], settings=OPTIONS.settings)
    expected = [str(one.title) if isinstance(one, Report) else type(one.error).__name__ for one in whole]
    assert found == [what for what in expected if what != "EmptyReport"]


@pytest.mark.parametrize("group", [7, 20, 45, 1_000])
def test_rows_are_cut_whatever_their_groups(group: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    parts = cut(parquet(tmp_path / "a.parquet", rows(100), group))
    assert all(0 < one.end - one.start <= 20 for one in parts) and {one.unit for one in parts} == {"rows"}
    assert read(parts) == [f"Report {n}" for n in range(100)]


def test_rows_of_parquet_are_as_lines(tmp_path: Path) -> None:
    given = rows(20)
    as_lines, as_rows = cut(lines(tmp_path / "a.jsonl", given)), cut(parquet(tmp_path / "a.parquet", given, 5))
    found = [[item for part in parts for item in reports(part, OPTIONS)] for parts in (as_lines, as_rows)]
    assert found[0] == found[1] and all(isinstance(item, Report) for item in found[0])


def test_columns_may_be_named(tmp_path: Path) -> None:
    given = [{"body": row["text"], "title": row["title"]} for row in rows(3)]
    (part,) = cut(parquet(tmp_path / "a.parquet", given, 1))
    (failure,) = reports(part, OPTIONS)
    assert not isinstance(failure, Report) and "--columns text=NAME; there are: body, title" in failure.error.cure
    named = given_options(published=None, outlet=None, force=False, columns={"text": "body"}, settings=Settings())
    assert [item.title for item in reports(part, named) if isinstance(item, Report)] == [
        f"Report {n}" for n in range(3)
    ]


def test_packed_lines_are_one_partition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    plain = lines(tmp_path / "a.jsonl", rows(60))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(plain.read_bytes()))
    (tmp_path / "c.jsonl.zst").write_bytes(zstandard.compress(plain.read_bytes()))
    for name in ("b.jsonl.gz", "c.jsonl.zst"):
        parts = cut(tmp_path / name)
        assert len(parts) == 1 and read(parts) == [f"Report {n}" for n in range(60)]
    (tmp_path / "b.jsonl.gz").write_bytes((tmp_path / "b.jsonl.gz").read_bytes()[:-100])
    assert read(cut(tmp_path / "b.jsonl.gz"))[-1] == "DamagedFile"


def test_files_of_a_folder_come_in_order_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a/z.parquet", ".hidden.jsonl", "note.doc.bak"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        if name.endswith(".parquet"):
            parquet(tmp_path / name, rows(1), 1)
        else:
            lines(tmp_path / name, rows(1))
    assert [Path(one.address).name for one in cut(tmp_path)] == ["z.parquet", "b.jsonl"]


def test_an_empty_or_missing_or_damaged_input_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "a.parquet").write_bytes(b"PAR1 no such thing")
    (tmp_path / "nothing").mkdir()
    assert read(cut(tmp_path / "empty.jsonl")) == ["EmptyReport"]
    assert read(cut(tmp_path / "a.parquet")) == ["DamagedFile"]
    for name, told in (("nothing", "holds no reports"), ("gone.jsonl", "is not there")):
        with pytest.raises(StorageError, match=told):
            cut(tmp_path / name)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("https://news.example/a.jsonl", "get the file first"),
        ("ftp://news.example/a.jsonl", "ftp:// names no store"),
        ("s3://bucket::https://news.example/a", "names no store"),
        ("-", "standard input"),
    ],
)
def test_other_addresses_are_refused(given: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        location(given)


@pytest.mark.parametrize("form", ["plain", "gzip"])
def test_web_archives_are_cut_between_records_and_nobody_can_forge_one(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, forged = Written(), Written()
    forged.add("https://forged.example/", article(1_000))
    inside = b"\r\n".join(packed(forged.parts, form).parts * 20)
    for number in range(40):
        written.add(f"https://news.example/{number}", article(number))
        written.add(f"https://news.example/{number}.png", inside, ("Content-Type", "image/png"))
    archive = packed(written.parts, form)
    path = tmp_path / f"a{archive.suffix}"
    data = bytearray(archive.data)
    start, end = archive.bounds()[20]
    data[(start + end) // 2] ^= 0xFF
    path.write_bytes(data)
    (whole,) = cut(path)
    monkeypatch.setattr(partitions, "ARCHIVED", len(data) // 7)
    parts = cut(path)
    assert len(parts) > 4 and {part.start for part in parts} <= {start for start, _ in archive.bounds()}
    found = [[item for part in some for item in reports(part, OPTIONS)] for some in (parts, [whole])]
    addresses = [[item.url for item in items if isinstance(item, Report)] for items in found]
    assert addresses[0] == addresses[1] and len(addresses[0]) in (39, 40)
    assert all(url and "forged" not in url for url in addresses[0])
    told = [[type(item.error) for item in items if not isinstance(item, Report)] for items in found]
    assert told[0].count(DamagedFile) == told[1].count(DamagedFile) == 1
    assert set(told[0]) == set(told[1])


def test_a_part_of_an_archive_without_a_report_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = Written()
    written.add("https://news.example/", article(1))
    for number in range(30):
        written.add(f"https://news.example/{number}.png", b"none", ("Content-Type", "image/png"))
    archive = packed(written.parts, "gzip")
    path = tmp_path / "a.warc.gz"
    path.write_bytes(archive.data)
    monkeypatch.setattr(partitions, "ARCHIVED", len(archive.data) // 4)
    assert read(cut(path)) == ["Bridge 1 stays shut", *["PassedOver"] * 4]


def test_a_file_that_was_cut_is_not_cut_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    path = lines(tmp_path / "a.jsonl", rows(60))
    before = cut(path)
    monkeypatch.setattr(partitions, "BYTES", 10_000)
    assert list(partitions.partitions([Location(str(path))], OUT, before)) == before
    with path.open("a") as file:
        file.write("{}\n")
    assert len(list(partitions.partitions([Location(str(path))], OUT, before))) == 2
