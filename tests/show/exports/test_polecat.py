"""POLECAT's columns, read by what reads POLECAT: a table with tabs, a row for each event."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest

from dragoman.codes import codes
from dragoman.ledger import query
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from dragoman.show.exports import comments, export
from tests.builders import denial, in_odesa
from tests.ledger.synthetic import synthetic
from tests.show.exports.harbour import TRUE, harbour, told

COLUMNS = (
    "Event ID, Event Date, Event Type, Event Mode, Intensity, Quad Code, Contexts, Actor Name, Actor Country, "
    "Actor COW, Primary Actor Sector, Actor Sectors, Actor Title, Actor Name Raw, Wikipedia Actor ID, Recipient Name, "
    "Recipient Country, Recipient COW, Primary Recipient Sector, Recipient Sectors, Recipient Title, "
    "Recipient Name Raw, Wikipedia Recipient ID, Placename, City, District, Province, Country, Latitude, Longitude, "
    "GeoNames ID, Raw Placename, Feature Type, Source, Publication Date, Story People, Story Organizations, "
    "Story Locations, Language, Version"
).split(", ")


def read(ledger: Ledger, filter: Filter = EVERYTHING) -> list[dict[str, str]]:
    text = b"".join(export(ledger, filter, "polecat")).decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", strict=True))


def test_the_columns_are_polecats(tmp_path: Path) -> None:
    with told(tmp_path, harbour(), in_odesa()) as ledger:
        text = b"".join(export(ledger, EVERYTHING, "polecat")).decode()
    assert text.split("\n")[0].split("\t") == COLUMNS and len(COLUMNS) == 40
    assert {line.count("\t") for line in text.removesuffix("\n").split("\n")} == {39}


def test_an_event_says_who_did_what_to_whom_where(tmp_path: Path) -> None:
    with told(tmp_path, harbour()) as ledger:
        row, arrest, march, *_ = read(ledger)
    expected = {
        "Event ID": f"{harbour().report.id[:12]}_E1",
        "Event Date": "2031-03-04",
        "Event Type": "ASSAULT",
        "Event Mode": "heavy-weapons",
        "Intensity": "-9.5",
        "Quad Code": "MATERIAL CONFLICT",
        "Actor Name": "Northern Guard",
        "Actor Country": "MDA",
        "Actor COW": "359",
        "Primary Actor Sector": "MIL",
        "Recipient Name": "dockers",
        "Recipient COW": "369",
        "Recipient Name Raw": "14 dockers",
        "City": "Odesa",
        "District": "Odesa Raion",
        "Province": "Odesa Oblast",
        "Country": "UKR",
        "Latitude": "46.48",
        "GeoNames ID": "698740",
        "Raw Placename": "the harbour of Odesa",
        "Feature Type": "PPL",
        "Source": "Harbour Post",
        "Publication Date": "2031-03-05",
        "Story People": "Mara Quist",
        "Language": "en",
        "Version": "Dragoman 0.1.0 hand",
    }
    assert {name: row[name] for name in expected} == expected
    assert arrest["Recipient Title"] == "head"
    assert (march["Actor Name"], march["Actor Name Raw"], march["Actor Sectors"]) == ("", "Dockers; ferrymen", "")
    assert "Ministry of Foreign Affairs, Moldova" in row["Story Organizations"].split("; ")


def test_what_did_not_occur_or_is_doubted_stays_here(tmp_path: Path) -> None:
    with told(tmp_path, harbour()) as ledger:
        assert [row["Event ID"].partition("_")[2] for row in read(ledger)] == TRUE
        pieces = export(ledger, EVERYTHING, "polecat")
        list(pieces)
        assert comments(pieces) == [
            "1 event left out: a source denies, disputes or will not confirm them",
            "1 event left out: only possible, as their source says",
            "1 event left out: the model is unsure of them",
        ]
        (planned,) = read(ledger, Filter(status="planned"))
        assert planned["Actor Name Raw"] == "The Guard"
    with told(tmp_path / "denial", denial()) as ledger:
        assert [row["Event Type"] for row in read(ledger)] == ["COERCE", "ASSAULT", "COERCE"]
        (denied,) = read(ledger, Filter(status="not_occurred"))  # the only way to have it is to ask for it
        assert denied["Actor Name"] == "Foreign Ministry of Tessaly"


def test_rows_give_the_ledgers_events_back(tmp_path: Path) -> None:
    """Type, mode, actors and day of every event that went out are those of the ledger."""
    readings = [harbour(), in_odesa(), *(synthetic(seed) for seed in range(20))]
    with told(tmp_path, *readings) as ledger:
        for status in codes().statuses:
            filter = Filter(status=status)
            rows = {row["Event ID"].replace("_", ":"): row for row in read(ledger, filter)}
            events = {event.id: event for event in query.events(ledger, filter, limit=1000).rows if event.id in rows}
            assert rows.keys() == events.keys()
            for id, row in rows.items():
                event = events[id]
                day = event.start if event.date_precision == "day" else None
                actors = "; ".join(one.words for one in event.actors)
                told_of = (
                    row["Event Type"],
                    row["Event Mode"] or None,
                    row["Actor Name Raw"],
                    row["Event Date"] or None,
                )
                assert told_of == (event.type, event.mode, actors, day)
            assert rows or status == "ruled_out"


def test_pandas_reads_it(tmp_path: Path) -> None:
    with told(tmp_path, harbour(), in_odesa()) as ledger:
        data = b"".join(export(ledger, EVERYTHING, "polecat"))
    frame = pd.read_csv(io.BytesIO(data), sep="\t")
    assert list(frame.columns) == COLUMNS
    assert frame["Intensity"].dtype == float and frame["Latitude"].max() == pytest.approx(46.48)
    assert pd.to_datetime(frame["Event Date"]).max().isoformat() == "2031-03-04T00:00:00"
    sides = frame["Actor Name Raw"].str.split("; ")
    assert ["Dockers", "ferrymen"] in list(sides)


def test_words_break_no_line_and_no_field(tmp_path: Path) -> None:
    reading = harbour(outlet='The\t"Post"\r\n=1+1; or')
    with told(tmp_path, reading) as ledger:
        rows = read(ledger)
    assert [row["Source"] for row in rows] == ['The "Post" =1+1; or'] * len(TRUE)
    assert all(None not in row and None not in row.values() for row in rows)
