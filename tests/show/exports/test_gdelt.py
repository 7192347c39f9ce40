"""GDELT's 61 columns without a header, CAMEO codes and FIPS countries."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from dragoman.codes import codes
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from dragoman.show.exports import export, gdelt
from dragoman.show.exports.columns import exported
from tests.builders import denial, in_odesa
from tests.show.exports.harbour import TRUE, harbour, told

ACTOR = (
    "Code Name CountryCode KnownGroupCode EthnicCode Religion1Code Religion2Code Type1Code Type2Code Type3Code".split()
)
GEO = "Type Fullname CountryCode ADM1Code ADM2Code Lat Long FeatureID".split()
COLUMNS = [
    *"GlobalEventID Day MonthYear Year FractionDate".split(),
    *(f"{actor}{part}" for actor in ("Actor1", "Actor2") for part in ACTOR),
    *"IsRootEvent EventCode EventBaseCode EventRootCode QuadClass GoldsteinScale".split(),
    *"NumMentions NumSources NumArticles AvgTone".split(),
    *(f"{whose}_{part}" for whose in ("Actor1Geo", "Actor2Geo", "ActionGeo") for part in GEO),
    *"DATEADDED SOURCEURL".split(),
]


def read(ledger: Ledger, filter: Filter = EVERYTHING) -> list[dict[str, Any]]:
    """As GDELT's files are loaded: names given, codes as text."""
    data = b"".join(export(ledger, filter, "gdelt"))
    codes = {name: str for name in COLUMNS if name.startswith("Event")}
    frame = pd.read_csv(io.BytesIO(data), sep="\t", header=None, names=COLUMNS, dtype=codes)
    rows: list[dict[str, Any]] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return rows


def test_the_columns_are_gdelts(tmp_path: Path) -> None:
    assert [column.name for column in gdelt.columns()] == COLUMNS and len(COLUMNS) == 61
    with told(tmp_path, harbour(), in_odesa()) as ledger:
        data = b"".join(export(ledger, EVERYTHING, "gdelt")).decode()
    assert {line.count("\t") for line in data.removesuffix("\n").split("\n")} == {60}


def test_an_event_says_who_did_what_to_whom_where(tmp_path: Path) -> None:
    with told(tmp_path, harbour()) as ledger:
        rows = read(ledger)
    assert len(rows) == len(TRUE)
    row, arrest = rows[0], rows[1]
    expected = {
        "GlobalEventID": int(harbour().report.id[:12], 16) * 10_000 + 1,
        "Day": 20310304,
        "MonthYear": 203103,
        "Year": 2031,
        "FractionDate": 2031.2575,
        "Actor1Code": "MDAMIL",
        "Actor1Name": "NORTHERN GUARD",
        "Actor1CountryCode": "MDA",
        "Actor1Type1Code": "MIL",
        "Actor2Code": "UKRLAB",
        "IsRootEvent": 1,
        "EventCode": "194",
        "EventBaseCode": "194",
        "EventRootCode": "19",
        "QuadClass": 4,
        "GoldsteinScale": -10.0,
        "NumMentions": 1,
        "NumSources": 1,
        "NumArticles": 1,
        "AvgTone": None,
        "Actor1Geo_Type": 0,
        "ActionGeo_Type": 4,
        "ActionGeo_Fullname": "Odesa, Odesa Oblast, Ukraine",
        "ActionGeo_CountryCode": "UP",
        "ActionGeo_Lat": 46.48,
        "ActionGeo_Long": 30.73,
        "DATEADDED": 20310305000000,
        "SOURCEURL": "https://harbourpost.example/1",
    }
    assert {name: row[name] for name in expected} == expected
    assert (arrest["EventCode"], arrest["QuadClass"], arrest["IsRootEvent"]) == ("173", 4, 0)
    fight, met = rows[3], rows[4]
    assert (fight["EventCode"], fight["Actor2Name"]) == ("190", "FREE HARBOUR LEAGUE")  # soldiers fight
    assert (met["Day"], met["EventCode"]) == (20310305, "040")  # no day is told: the report's


def test_copies_are_no_sources(tmp_path: Path) -> None:
    copy = replace(denial().report, id="1" * 64, outlet="Oru Daily", published="2031-03-05")
    with told(tmp_path, denial(), replace(denial(), report=copy)) as ledger:
        (seized,) = [row for row in read(ledger) if row["EventCode"] == "1711"]
    assert (seized["NumMentions"], seized["NumSources"], seized["NumArticles"]) == (2, 1, 2)
    assert seized["DATEADDED"] == 20310305000000


def test_quotation_marks_do_not_swallow_rows(tmp_path: Path) -> None:
    reading = harbour()
    entities = [replace(one, name='"The Guard') if one.id == "N2" else one for one in reading.entities]
    with told(tmp_path, replace(reading, entities=tuple(entities))) as ledger:
        rows = read(ledger)
    assert len(rows) == len(TRUE) and rows[0]["Actor1Name"] == "'THE GUARD"


def test_the_crosswalk_has_a_code_with_a_value_for_each_type_and_mode() -> None:
    data = exported("gdelt")
    types = codes().event_types
    assert set(data["crosswalk"]) == set(types)
    for type, modes in data["crosswalk"].items():
        assert {"none", *types[type].modes} <= set(modes) <= {"none", "military", *types[type].modes}, type
    used = {code for modes in data["crosswalk"].values() for code in modes.values()}
    assert used == set(data["goldstein"])
    assert all(1 <= int(code[:2]) <= 20 and 3 <= len(code) <= 4 for code in used)
    assert set(data["actor_types"]) <= set(codes().sectors)


def test_conflict_stays_conflict() -> None:
    """No crosswalk turns material conflict into cooperation, or the other way round."""
    data, types = exported("gdelt"), codes().event_types
    for type, modes in data["crosswalk"].items():
        for mode, code in modes.items():
            if types[type].quad == 4:
                assert data["goldstein"][code] < 0 and int(code[:2]) >= 14, (type, mode)
            if types[type].quad in (1, 2):
                assert data["goldstein"][code] > 0 and int(code[:2]) <= 8, (type, mode)
