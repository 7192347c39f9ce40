from __future__ import annotations

import json
import random
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.exports import export
from dragoman.show.output import as_json, save
from tests.builders import ReadingBuilder, make_report
from tests.show.readings import crisis, lock


def test_the_same_bytes_whatever_the_order_of_adding(tmp_path: Path) -> None:
    written = set()
    for seed in range(3):
        readings = crisis()
        random.Random(seed).shuffle(readings)
        with Ledger.open(tmp_path / f"{seed}.sqlite") as ledger:
            for reading in readings:
                ledger.add(reading)
            written.add(b"".join(export(ledger, Filter(), "jsonl")).decode())
    assert len(written) == 1


def test_the_same_bytes_whichever_copy_of_a_report_came_first(tmp_path: Path) -> None:
    """With the day and without, both ways round; and what is exported is the one that has it."""
    dated = lock()
    undated = replace(dated, report=replace(dated.report, published=None))
    renamed = replace(dated, report=replace(dated.report, title="Zeal", url=None))
    written = []
    for number, order in enumerate(permutations([undated, dated, renamed])):
        with Ledger.open(tmp_path / f"{number}.sqlite") as ledger:
            for reading in order:
                ledger.add(reading)
            written.append(b"".join(export(ledger, Filter(), "jsonl")).decode())
    assert set(written) == {as_json(dated.to_dict()) + "\n"}


def test_each_line_is_a_reading_whole(ledger_path: Path) -> None:
    with Ledger.open(ledger_path) as ledger:
        lines = list(export(ledger, Filter(), "jsonl"))
    assert all(line.endswith(b"\n") and line.count(b"\n") == 1 for line in lines)
    read = {reading.report.id: reading for line in lines for reading in [Reading.from_dict(json.loads(line))]}
    assert read == {reading.report.id: reading for reading in crisis()}


def test_a_filter_leaves_reports_out(ledger_path: Path) -> None:
    with Ledger.open(ledger_path) as ledger:
        lines = list(export(ledger, Filter(outlet="sarre courier"), "jsonl"))
    assert [json.loads(line)["report"]["outlet"] for line in lines] == ["Sarre Courier"]


def test_what_cannot_be_exported_is_refused_at_the_call(ledger_path: Path) -> None:
    with Ledger.open(ledger_path) as ledger:
        with pytest.raises(UsageError, match="format"):
            export(ledger, Filter(), "xml")
        with pytest.raises(UsageError, match="event type"):
            export(ledger, Filter(type="WAR"), "jsonl")


def test_odd_characters_come_back_as_they_were(tmp_path: Path) -> None:
    text = 'Half a pair \ud800, a line \u2028 separator, a \\ and a " and 😀 said so.'
    reading = ReadingBuilder(make_report(text)).build()
    line = as_json(reading.to_dict())
    assert json.loads(line.encode("utf-8"))["report"]["text"] == text


def test_a_database_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with Ledger.open(path):
        before = path.read_bytes()
    with pytest.raises(UsageError, match="is a database"):
        save([b"{}\n"], path)
    assert path.read_bytes() == before
    save([b"{}\n"], tmp_path / "readings.jsonl")
    save([b"[]\n"], tmp_path / "readings.jsonl")
    assert (tmp_path / "readings.jsonl").read_text() == "[]\n"
