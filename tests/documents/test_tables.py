"""Tables: CSV as it comes and Parquet, columns by their names, rows that fail by themselves."""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from dragoman.documents.load import Failure
from dragoman.documents.parquet_pages import page_sizes
from dragoman.errors import (
    BrokenLine,
    DamagedFile,
    EmptyReport,
    NoSuchColumn,
    NotText,
    ReportError,
    ReportTooLong,
    UsageError,
)
from dragoman.records import Report

from .test_load import TEXT, assert_failure, loaded, only, report_of

WORDS = "The council voted on Tuesday to keep the bridge shut."
HEADER = ["text", "title", "outlet", "published", "url"]
ROWS = [
    [f"{TEXT}\n\nIt was over by noon, “they” said; nobody, it seems, was hurt.", "A, B", "Norda", "2031-03-07", "https://n.example/1"],
    [f"{TEXT} Café.", "", "Harbour Post", "8 March 2031", ""],
]  # fmt: skip


def as_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    """A table as Python writes it."""
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows(rows)
    return written.getvalue()


def table(tmp_path: Path, text: str | bytes, name: str = "a.csv") -> Path:
    (path := tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def parquet(tmp_path: Path, **columns: Any) -> Path:
    pyarrow.parquet.write_table(pyarrow.table(columns), path := tmp_path / "a.parquet")
    return path


def assert_rows(read: list[Report | Failure]) -> None:
    one, two = map(report_of, read)
    assert one.text == ROWS[0][0]
    assert (one.title, one.outlet, one.published, one.url) == ("A, B", "Norda", "2031-03-07", "https://n.example/1")
    assert (two.text, two.title, two.outlet, two.published) == (f"{TEXT} Café.", None, "Harbour Post", "2031-03-08")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_as_it_comes(tmp_path: Path, delimiter: str, encoding: str) -> None:
    assert_rows(loaded(table(tmp_path, as_csv([HEADER, *ROWS], delimiter).encode(encoding))))


def test_other_names(tmp_path: Path) -> None:
    names = {"text": "Body", "outlet": "source", "date": "day", "url": "Link"}
    path = table(tmp_path, as_csv([["id", "BODY", "title", "source", "day", "Link"], *[["7", *row] for row in ROWS]]))
    assert_rows(loaded(path, columns=names))


def test_what_is_given_fills_what_the_table_lacks(tmp_path: Path) -> None:
    path = table(tmp_path, as_csv([["text", "date"], [TEXT, ""], [TEXT, "2031-03-08"]]))
    one, two = map(report_of, loaded(path, published="2031-03-01", outlet="Norda"))
    assert (one.published, two.published, two.outlet) == ("2031-03-01", "2031-03-08", "Norda")


def test_rows_that_fail_cost_only_themselves(tmp_path: Path) -> None:
    lines = [
        "text,date",
        WORDS,
        ",2031-03-07",
        "",
        f"{WORDS},some day",
        f'"{WORDS}\ntwo lines",',
        f'"{WORDS}"x,',
        WORDS,
    ]
    path = table(tmp_path, "\n".join(lines))
    read = loaded(path)
    assert [each.name for each in read if isinstance(each, Failure)] == [f"{path}:{line}" for line in (3, 5, 8)]
    assert [type(each.error) for each in read if isinstance(each, Failure)][2] is BrokenLine
    assert len(read) == 6


@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_a_table_of_one_column_has_whole_lines(tmp_path: Path, name: str) -> None:
    lines = ["The army struck the port, killing five; nobody, it says, was a civilian.", f"{WORDS}\tTalks, too, ended."]
    path = table(tmp_path, "\n".join(["text", *lines, f'"{WORDS}\nThe rest, ""they"" said."']), name)
    texts = [report_of(each).text for each in loaded(path)]
    assert texts == [lines[0], lines[1].replace("\t", " "), f'{WORDS}\nThe rest, "they" said.']


def test_a_text_with_commas_and_without_quotes_is_told(tmp_path: Path) -> None:
    cut = "The army struck the port, killing five people.,Norda"
    path = table(tmp_path, f"text,outlet\n{cut}\n{WORDS},Norda,,\n")
    broken, longer = loaded(path)
    assert_failure(broken, f"{path}:2", BrokenLine, "3 values", "2 columns", "in quotes")
    assert (report_of(longer).text, report_of(longer).outlet) == (WORDS, "Norda")


def test_bytes_that_are_not_in_the_encoding(tmp_path: Path) -> None:
    good, bad = f"{WORDS} Café.", f"{WORDS} Caf".encode() + b"\x81\x8d\xc3\xa9"
    path = table(tmp_path, b"text\n" + good.encode() + b"\n" + bad + b"\n" + good.encode("cp1252") + b"\n")
    one, two, three = loaded(path)
    assert report_of(one).text == report_of(three).text == good
    assert_failure(two, f"{path}:3", NotText, "UTF-8")


@pytest.mark.parametrize("outlet", ["Côté", "Agência", "Ö"])
def test_the_encoding_is_told_by_the_whole_row(tmp_path: Path, outlet: str) -> None:
    path = table(tmp_path, as_csv([["outlet", "text"], [outlet, f"{WORDS} Café."]]).encode("cp1252"))
    report = report_of(only(path))
    assert (report.outlet, report.text) == (outlet, f"{WORDS} Café.")


def test_a_row_that_is_too_long(tmp_path: Path) -> None:
    path = table(tmp_path, f"text\n{WORDS}\n{'a ' * 600}\n{WORDS}\n")
    one, two, three = loaded(path, max_bytes=1_000)
    assert_failure(two, f"{path}:3", ReportTooLong, "1,000 characters")
    assert report_of(one).text == report_of(three).text == WORDS


def test_after_a_quotation_mark_left_open_nothing_is_guessed(tmp_path: Path) -> None:
    path = table(tmp_path, f'text\n{WORDS}\n"{WORDS}\n' + f"{WORDS}\n" * 50)
    one, two = loaded(path, max_bytes=1_000)
    assert report_of(one).text == WORDS
    assert_failure(two, f"{path}:3", ReportTooLong, "nothing that follows", "quotation mark")


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("", EmptyReport, "empty"),
        ("text,title\n", EmptyReport, "no rows"),
        ("body;source\na;b\n", NoSuchColumn, "'text'; --columns text=NAME; body, source".split("; ")),
        (b"\x89PNG\r\n\x1a\n", NotText, "an image"),
        (b"text\0\n", NotText, "binary"),
    ],
)
def test_what_is_no_table(tmp_path: Path, text: str | bytes, kind: type[NotText], words: str | list[str]) -> None:
    path = table(tmp_path, text)
    assert_failure(only(path), str(path), kind, *([words] if isinstance(words, str) else words))


def test_a_column_asked_for_must_be_there(tmp_path: Path) -> None:
    path = table(tmp_path, as_csv([HEADER, *ROWS]))
    assert_failure(only(path, columns={"outlet": "paper"}), str(path), NoSuchColumn, "'paper'", "outlet=NAME", "title")
    for wrong in ({"author": "a"}, {"text": ""}):
        with pytest.raises(UsageError, match="nothing that a column holds"):
            loaded(path, columns=wrong)


def test_parquet(tmp_path: Path) -> None:
    columns = {name: [row[number] or None for row in ROWS] for number, name in enumerate(HEADER)}
    path = parquet(tmp_path, **columns, vectors=[[1.0], [2.0]])
    assert_rows(loaded(path))
    path.rename(unnamed := tmp_path / "table")
    assert_rows(loaded(unnamed))


DAY = date(2031, 3, 7)
MOMENT = datetime(2031, 3, 7, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        (pyarrow.array([DAY]), "2031-03-07"),
        (pyarrow.array([DAY], pyarrow.date64()), "2031-03-07"),
        (pyarrow.array([MOMENT.replace(tzinfo=None)], pyarrow.timestamp("us")), "2031-03-07"),
        (pyarrow.array([1930689000123456789], pyarrow.int64()).cast(pyarrow.timestamp("ns")), "2031-03-07"),
        (pyarrow.array([MOMENT], pyarrow.timestamp("ms", tz="Europe/Paris")), "2031-03-08"),
        (pyarrow.array([20310307]), "2031-03-07"),
        (pyarrow.array(["March 7, 2031"]).dictionary_encode(), "2031-03-07"),
        (pyarrow.nulls(1), None),
    ],
)
def test_days_and_moments_become_days(tmp_path: Path, dates: Any, day: str | None) -> None:
    assert report_of(only(parquet(tmp_path, text=[TEXT], date=dates))).published == day


def test_days_beyond_all_calendars_cost_only_their_rows(tmp_path: Path) -> None:
    far = pyarrow.array([2**31 - 1, 0], pyarrow.int32()).cast(pyarrow.date32())
    (other := tmp_path / "b.txt").write_text(TEXT)
    failure, report, after = loaded(parquet(tmp_path, text=[TEXT, TEXT], date=far), other)
    assert_failure(failure, f"{tmp_path / 'a.parquet'}:1", ReportError, "is not a day")
    assert (report_of(report).published, report_of(after).text) == ("1970-01-01", TEXT)


@pytest.mark.parametrize("kind", [pyarrow.large_string(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())])
def test_texts_of_every_type(tmp_path: Path, kind: Any) -> None:
    texts = pyarrow.array([TEXT, None, TEXT]).cast(kind)
    one, two, three = loaded(parquet(tmp_path, text=texts))
    assert report_of(one).text == report_of(three).text == TEXT
    assert_failure(two, f"{tmp_path / 'a.parquet'}:2", EmptyReport)


def test_a_column_of_another_type(tmp_path: Path) -> None:
    path = parquet(tmp_path, text=[1, 2])
    assert_failure(only(path), str(path), NoSuchColumn, "int64", "text=NAME")
    path = parquet(tmp_path, text=[TEXT], date=[1.5])
    assert_failure(only(path), str(path), NoSuchColumn, "double", "days")
    path = parquet(tmp_path, words=[TEXT])
    assert_failure(only(path), str(path), NoSuchColumn, "there are: words")


def test_parquet_in_many_row_groups_and_pages(tmp_path: Path) -> None:
    texts = [f"{TEXT} It was the {number}th time." for number in range(1_200)]
    written = pyarrow.table({"text": texts})
    options: dict[str, Any] = {
        "row_group_size": 500,
        "data_page_size": 2_000,
        "use_dictionary": False,
        "write_batch_size": 10,
    }
    for version in ("1.0", "2.0"):
        pyarrow.parquet.write_table(written, path := tmp_path / "a.parquet", data_page_version=version, **options)
        assert [report_of(each).text for each in loaded(path)] == texts
        metadata = pyarrow.parquet.ParquetFile(path).metadata
        with path.open("rb") as stream:
            sizes = [list(page_sizes(stream, metadata.row_group(n).column(0))) for n in range(3)]
        assert all(len(group) > 5 and all(100 < size < 5_000 for size in group) for group in sizes)


def test_parquet_cut_or_garbled_anywhere(tmp_path: Path) -> None:
    texts = [f"{TEXT} It was the {number}th time." for number in range(30)]
    pyarrow.parquet.write_table(pyarrow.table({"text": texts}), path := tmp_path / "a.parquet", compression="zstd")
    whole, chance = path.read_bytes(), random.Random(2)
    for number in range(120):
        garbled = bytearray(whole[: len(whole) - number * 10] if number < 20 else whole)
        if number >= 20:
            garbled[chance.randrange(len(whole))] = chance.randrange(256)
        path.write_bytes(garbled)
        for each in loaded(path):
            assert isinstance(each, Report) or "a fault in Dragoman" not in each.error.what
    path.write_bytes(whole[:50])
    assert_failure(only(path), str(path), DamagedFile, "Parquet")
