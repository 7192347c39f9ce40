from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from dragoman.errors import UsageError
from dragoman.ledger.query import Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.export import as_json, export
from tests.builders import ReadingBuilder, make_report
from tests.show.readings import crisis


def test_the_same_bytes_whatever_the_order_of_adding(tmp_path: Path) -> None:
    written = set()
    for seed in range(3):
        readings = crisis()
        random.Random(seed).shuffle(readings)
        with Ledger.open(tmp_path / f"{seed}.sqlite") as ledger:
            for reading in readings:
                ledger.add(reading)
            written.add("".join(export(ledger, Filter(), "jsonl")))
    assert len(written) == 1


def test_each_line_is_a_reading_whole(ledger_path: Path) -> None:
    with Ledger.open(ledger_path) as ledger:
        lines = list(export(ledger, Filter(), "jsonl"))
    assert all(line.endswith("\n") and line.count("\n") == 1 for line in lines)
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
