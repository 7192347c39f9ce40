"""What holds for every format there is: the filters of lists, the same bytes in any order, and flat memory."""

from __future__ import annotations

import csv
import gc
import io
import json
import re
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.compare.of_ledger import standing
from dragoman.ledger import query, store
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show import search
from dragoman.show.exports import FORMATS, export, ftm, occurred, parquet, selected
from tests.ledger.strategies import reading_of_anything
from tests.ledger.synthetic import synthetic
from tests.show.exports.harbour import captured, harbour, told

FILTERS = (
    Filter(type="ASSAULT"),
    Filter(status="planned"),
    Filter(actor="guard"),
    Filter(place="UKR"),
    Filter(source_kind="named"),
    Filter(outlet="Outlet 3"),
    Filter(text='"the second"'),
    Filter(since="2031-02-01", until="2031-04-30"),
    Filter(type="ASSAULT", status="occurred", actor="guard"),
)


SAYS_THE_QUESTION = {"annotations", "pack"}
"""Formats whose files have in them what was asked."""


def told_alone() -> list[Reading]:
    """Reports with one event each, so that a filter keeps whole reports, whatever is listed."""
    whole = harbour()
    readings = []
    for number, event in enumerate(whole.events):
        day = f"2031-{number + 1:02}-03"
        title = "the second" if number % 2 else "the first"
        told_by: dict[str, Any] = {
            "outlet": f"Outlet {number}",
            "title": title,
            "published": day,
            "url": f"https://{number}.example",
        }
        where = replace(event, place=event.place or event.trigger, place_entity="N1" if number != 4 else None)
        once = replace(where, start=day, end=day, date_precision="day")
        said = [one for one in whole.attributions if one.id == event.attribution]
        report = replace(whole.report, id=f"{number}" * 64, **told_by)
        readings.append(captured(replace(whole, report=report, events=(once,), attributions=tuple(said))))
    return readings


def filled(path: Path, readings: list[Reading]) -> Ledger:
    """A ledger of readings in each of which somebody accepted the event, which makes training data of it."""
    path.mkdir()
    ledger = Ledger.open(path / "ledger.sqlite")
    for reading in readings:
        ledger.add(reading)
    for reading in sorted(readings, key=lambda one: one.report.id):
        ledger.correct(f"{reading.report.id}:{reading.events[0].id}", "accepted", "yes", "read twice", "Mara")
    return ledger


def kinds(format: str) -> set[str]:
    return {FORMATS[format].kinds[0], *({"events"} & set(FORMATS[format].kinds))}


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Filter, Ledger]]:
    """All reports, and for each filter those alone that match it."""
    path = tmp_path_factory.mktemp("filters")
    made = {EVERYTHING: filled(path / "all", told_alone())}
    for number, filter in enumerate(FILTERS):
        ids = {row.id for row in query.reports(made[EVERYTHING], filter).rows}
        assert 0 < len(ids) < 10, filter
        made[filter] = filled(path / str(number), [one for one in told_alone() if one.report.id in ids])
    yield made
    for ledger in made.values():
        ledger.close()


def reports_in(data: bytes) -> set[str]:
    """The reports whose ids stand in a file, or in the files of a zip."""
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as files:
            data = b"".join(map(files.read, files.namelist()))
    return {digit for digit in "0123456789" if digit.encode() * 12 in data}


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_takes_the_filters_of_lists(ledgers: dict[Filter, Ledger], format: str) -> None:
    """What is filtered out of all is what a ledger of those alone gives."""
    differ = 0
    for kind in kinds(format):
        everything = b"".join(export(ledgers[EVERYTHING], EVERYTHING, format, kind))
        for filter in FILTERS:
            narrowed = b"".join(export(ledgers[EVERYTHING], filter, format, kind))
            differ += narrowed != everything
            if format in SAYS_THE_QUESTION:
                assert reports_in(narrowed) == reports_in(b"".join(export(ledgers[filter], filter, format, kind)))
                continue
            alone = b"".join(export(ledgers[filter], Filter(status=filter.status), format, kind))
            assert narrowed == alone, (kind, filter)
    assert differ >= len(FILTERS) - 1  # where all that is left out was left out of everything, too


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "pack"])  # which says since when they are held
def test_the_same_readings_give_the_same_bytes(ledgers: dict[Filter, Ledger], tmp_path: Path, format: str) -> None:
    with filled(tmp_path / "other", told_alone()[::-1]) as other:
        for kind in kinds(format):
            one, two = (b"".join(export(ledger, EVERYTHING, format, kind)) for ledger in (ledgers[EVERYTHING], other))
            assert one == two


@pytest.fixture(scope="module")
def sizes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Ledger]]:
    """A ledger, and one of eight times as many reports."""
    path = tmp_path_factory.mktemp("sizes")
    with (
        told(path / "one", *map(short, range(20))) as one,
        told(path / "other", *map(short, range(20, 180))) as other,
    ):
        for ledger in (one, other):
            standing(ledger)  # happenings are worked out once and kept
        yield [one, other]


def short(seed: int) -> Reading:
    return captured(synthetic(seed, sentences=3))


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "pack"])  # whose list of hashes grows
def test_memory_stays_flat(sizes: list[Ledger], format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight times the rows take no more memory."""
    for module, name in ((search, "MOST"), (store, "_READINGS_AT_ONCE"), (parquet, "_READINGS"), (parquet, "_ROWS")):
        monkeypatch.setattr(module, name, 10)
    for module, name in ((occurred, "_AT_ONCE"), (selected, "_AT_ONCE"), (ftm, "_REMEMBERED")):
        monkeypatch.setattr(module, name, 3)
    peaks = []
    for ledger in sizes:
        list(export(ledger, EVERYTHING, format))  # what is kept for good is made the first time
        peaks.append(peak(export(ledger, EVERYTHING, format)))
    assert peaks[1] < 2 * peaks[0] + 250_000, peaks  # readings are of many sizes; eight times would be a million more


def peak(pieces: Iterator[bytes]) -> int:
    """The most memory in use, in bytes, while all pieces are made; without what nobody uses any more."""
    often = gc.get_threshold()
    gc.freeze()  # so that to collect often is quick
    gc.set_threshold(500, 1, 1)
    tracemalloc.start()
    try:
        for _piece in pieces:
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.set_threshold(*often)
        gc.unfreeze()


@given(some=st.lists(reading_of_anything(), min_size=1, max_size=3, unique_by=lambda reading: reading.report.id))
@hypothesis_settings(max_examples=8, deadline=None)
def test_any_words_go_out_in_the_columns_they_belong_to(
    tmp_path_factory: pytest.TempPathFactory, some: list[Reading]
) -> None:
    dialects: dict[str, dict[str, Any]] = {
        "csv": {},
        "acled": {},
        "polecat": {"delimiter": "\t"},
        "gdelt": {"delimiter": "\t", "quoting": csv.QUOTE_NONE},
    }
    with told(tmp_path_factory.mktemp("any"), *some) as ledger:
        for format, dialect in dialects.items():
            columns = FORMATS[format].columns
            assert columns
            for status in codes().statuses:
                text = b"".join(export(ledger, Filter(status=status), format, "events")).decode("utf-8-sig")
                for row in csv.reader(io.StringIO(text, newline=""), strict=True, **dialect):
                    assert len(row) == len(columns("events"))
                    assert not any(re.match(r"\s*[=+@]", cell) for cell in row)
        for kind in FORMATS["parquet"].kinds:
            assert b"".join(export(ledger, EVERYTHING, "parquet", kind)).endswith(b"PAR1")
        json.loads(b"".join(export(ledger, EVERYTHING, "geojson")))
