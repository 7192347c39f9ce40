"""ACLED's columns and codes; a happening once, with the dead that are told of it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dragoman.codes import codes
from dragoman.compare import keeping
from dragoman.compare.of_ledger import happenings, standing
from dragoman.ledger.query import EVERYTHING, Filter
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show.exports import acled, comments, export
from dragoman.show.exports.columns import exported
from tests.builders import denial
from tests.show.exports.harbour import harbour, told

COLUMNS = (
    "event_id_cnty, event_date, year, time_precision, disorder_type, event_type, sub_event_type, actor1, "
    "assoc_actor_1, inter1, actor2, assoc_actor_2, inter2, interaction, civilian_targeting, iso, region, country, "
    "admin1, admin2, admin3, location, latitude, longitude, geo_precision, source, source_scale, notes, fatalities, "
    "tags, timestamp"
).split(", ")


def read(ledger: Ledger, filter: Filter = EVERYTHING) -> dict[str, dict[str, str]]:
    """The rows by the event's own id."""
    text = b"".join(export(ledger, filter, "acled")).decode()
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    return {row["event_id_cnty"].partition(":")[2]: row for row in rows}


def test_the_columns_are_acleds(tmp_path: Path) -> None:
    with told(tmp_path, harbour()) as ledger:
        data = b"".join(export(ledger, EVERYTHING, "acled"))
    assert data.decode().split("\n")[0] == ",".join(COLUMNS) and len(COLUMNS) == 31
    frame = pd.read_csv(io.BytesIO(data))
    for column in ("year", "time_precision", "inter1", "interaction", "fatalities", "timestamp"):
        assert frame[column].dtype == int, column
    assert pd.to_datetime(frame["event_date"]).dt.year.equals(frame["year"].astype("int32"))


def test_an_attack_is_coded_as_acled_does(tmp_path: Path) -> None:
    with told(tmp_path, harbour()) as ledger:
        row = read(ledger)["E1"]
    expected = {
        "event_id_cnty": f"UKR{harbour().report.id[:12]}:E1",
        "event_date": "2031-03-04",
        "time_precision": "1",
        "disorder_type": "Political violence",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Northern Guard",
        "inter1": "8",  # of another state
        "actor2": "Civilians (Ukraine)",
        "assoc_actor_2": "dockers",
        "inter2": "7",
        "interaction": "78",
        "civilian_targeting": "Civilian targeting",
        "iso": "804",
        "region": "Europe",
        "country": "Ukraine",
        "admin1": "Odesa Oblast",
        "location": "Odesa",
        "geo_precision": "1",
        "source": "Harbour Post",
        "fatalities": "14",
        "timestamp": "1930435200",
    }
    assert {name: row[name] for name in expected} == expected
    assert row["notes"].startswith("According to harbour officials, as told by Harbour Post: “Soldiers of the Northern")
    assert row["notes"].endswith("said.” Killed: 14+.")
    tags = dict(tag.split("=") for tag in row["tags"].split("; "))
    assert tags == {
        "status": "occurred",
        "certainty": "certain",
        "voice": "unnamed",
        "confidence": "0.90",
        "id": f"{harbour().report.id[:12]}:E1",
    }


def test_protests_arrests_and_fights(tmp_path: Path) -> None:
    with told(tmp_path, harbour()) as ledger:
        rows = read(ledger)
        pieces = export(ledger, EVERYTHING, "acled")
        list(pieces)
    assert list(rows) == ["E1", "E2", "E3", "E4"]
    assert "2 events left out: nothing that ACLED codes" in comments(pieces)
    assert (rows["E2"]["event_type"], rows["E2"]["sub_event_type"]) == ("Strategic developments", "Arrests")
    assert (rows["E2"]["actor1"], rows["E2"]["interaction"]) == ("police of Odesa", "17")
    march, fight = rows["E3"], rows["E4"]
    assert (march["actor1"], march["assoc_actor_1"]) == ("Protesters (Ukraine)", "Dockers; ferrymen")
    assert (march["inter1"], march["inter2"], march["interaction"]) == ("6", "0", "60")
    assert (fight["event_type"], fight["sub_event_type"]) == ("Battles", "Armed clash")
    assert (fight["actor1"], fight["actor2"], fight["interaction"]) == ("Northern Guard", "Free Harbour League", "12")
    assert (fight["event_date"], fight["time_precision"]) == ("2031-02-01", "3")
    assert (fight["location"], fight["latitude"], fight["geo_precision"]) == ("Varn", "", "")
    assert fight["notes"].endswith(" No number of killed is told.") and fight["fatalities"] == "0"


def test_whom_it_struck_decides_between_battle_and_violence_against_civilians(tmp_path: Path) -> None:
    reading = harbour()
    fight = reading.events[3]
    for number, (entity, expected) in enumerate(
        {"N2": "Battles", "N6": "Violence against civilians", None: "no word on whether"}.items()
    ):
        struck = replace(fight, actors=fight.actors[:1], recipients=(replace(fight.actors[1], entity=entity),))
        with told(tmp_path / str(number), replace(reading, events=(struck,))) as ledger:
            pieces = export(ledger, EVERYTHING, "acled")
            text = b"".join(pieces).decode()
            assert f",{expected}," in text or f": {expected}" in "".join(comments(pieces))


def test_a_day_that_is_not_told_is_the_reports_and_says_so(tmp_path: Path) -> None:
    reading = harbour()
    shelled = replace(reading.events[0], start=None, end=None, date_precision="unresolved", date_reason="vague")
    year = replace(shelled, start="2030-01-01", end="2030-12-31", date_precision="year")
    week = replace(shelled, start="2031-02-26", end="2031-03-04", date_precision="interval")
    with told(tmp_path, replace(reading, events=(shelled, replace(year, id="E2"), replace(week, id="E3")))) as ledger:
        rows = read(ledger)
    assert list(rows) == ["E1", "E3"]
    assert (rows["E1"]["event_date"], rows["E1"]["time_precision"]) == ("2031-03-05", "3")
    assert rows["E1"]["tags"].endswith("; date=of the report")
    assert (rows["E3"]["event_date"], rows["E3"]["time_precision"]) == ("2031-02-26", "2")


def test_what_three_reports_tell_is_one_row(tmp_path: Path) -> None:
    """Else the dead would be counted three times."""
    text = denial().report.text
    readings = [denial()]
    for outlet, day in (("Oru Daily", "2031-03-05"), ("Radio Meridian", "2031-03-06")):
        id = f"{len(readings)}" * 64
        report = replace(denial().report, id=id, outlet=outlet, published=day, text=text)
        readings.append(replace(denial(), report=report))
    with told(tmp_path, *readings) as ledger:
        kept = standing(ledger)
        rows = b"".join(pieces := export(ledger, EVERYTHING, "acled")).decode()
        (seized,) = [row for row in csv.DictReader(io.StringIO(rows)) if row["notes"].endswith("port of Varn.”")]
    assert kept is not None
    assert "2 events left out: their happening has a row already" in comments(pieces)
    assert seized["source"] == "Harbour Post; Oru Daily; Radio Meridian"
    assert "reports=3; independent=1" in seized["tags"]
    assert seized["notes"].startswith("According to Ilan Dov, as told by Radio Meridian")


def test_the_crosswalk_knows_every_mode_it_names_and_only_acleds_codes() -> None:
    data = exported("acled")
    types = codes().event_types
    for type, modes in data["crosswalk"].items():
        assert set(modes) <= {"none", *types[type].modes}, type
        for coded in modes.values():
            for one in (coded, *([coded["civilians"]] if "civilians" in coded else [])):
                assert one["sub"] in data["event_types"][one["event"]]["subs"]
    assert set(data["crosswalk"]["ASSAULT"]) == {"none", *types["ASSAULT"].modes}
    assert set(data["inter"]["sectors"]) == set(codes().sectors)
    assert set(data["inter"]["types"]) <= set(codes().entity_types)
    assert set(data["geo_precision"]) == set(codes().place_precisions)
    assert set(data["time_precision"]) <= set(codes().date_precisions)
    assert [column.name for column in acled.columns()] == COLUMNS
    disorders = {kind["disorder"] for kind in data["event_types"].values()}
    assert disorders == {"Political violence", "Demonstrations", "Strategic developments"}


def test_a_ledger_that_is_not_compared_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)  # as if it were too large for a page to wait for
    with told(tmp_path, harbour(), harbour("Oru Daily")) as ledger:
        list(pieces := export(ledger, EVERYTHING, "acled"))
        assert any(comment.startswith("happenings are not worked out yet") for comment in comments(pieces))
        happenings(ledger)
        list(pieces := export(ledger, EVERYTHING, "acled"))
        assert not any("worked out" in comment for comment in comments(pieces))


# --- the dead of several tellings -----------------------------------------------------------------

DOUBTED: dict[str, dict[str, Any]] = {
    "possible": {"certainty": "possible"},
    "unsure": {"confidence": 0.2},
    "attempted": {"status": "attempted"},
    "planned": {"status": "planned"},
}


def alone(outlet: str, published: str, killed: int, **otherwise: Any) -> Reading:
    """The shelling alone, as an outlet tells it."""
    reading = harbour(outlet, published, killed=killed)
    return replace(reading, events=(replace(reading.events[0], **otherwise),))


POST, MERIDIAN = alone("Harbour Post", "2031-03-05", 14), alone("Radio Meridian", "2031-03-06", 15)


def later(**otherwise: Any) -> Reading:
    """As another outlet tells it two days later, with ten times the dead."""
    return alone("Oru Daily", "2031-03-07", 140, **otherwise)


def unconfirmed() -> Reading:
    """The same, of which its source says that it cannot confirm it."""
    said = replace(later().attributions[0], stance="cannot_confirm")
    return replace(later(), attributions=(said,))


def shelling(ledger: Ledger) -> list[dict[str, str]]:
    """The rows of the shelling."""
    rows = csv.DictReader(io.StringIO(b"".join(export(ledger, EVERYTHING, "acled")).decode()))
    return [row for row in rows if "shelled" in row["notes"]]


@pytest.mark.parametrize("other", [*(later(**one) for one in DOUBTED.values()), unconfirmed()])
def test_the_dead_of_a_telling_that_is_no_fact_are_not_counted(other: Reading, tmp_path: Path) -> None:
    with told(tmp_path, POST, other) as ledger:
        assert [len(one.members) for one in happenings(ledger)] == [2]
        (row,) = shelling(ledger)
    assert row["fatalities"] == "14" and row["notes"].endswith("Killed: 14+.")


def test_whose_number_it_is_is_said_where_another_tells_it(tmp_path: Path) -> None:
    with told(tmp_path, POST, later(counts=())) as ledger:
        (row,) = shelling(ledger)
    assert row["fatalities"] == "14" and row["notes"].startswith("According to harbour officials, as told by Oru")
    assert row["notes"].endswith("Killed, as told by Harbour Post: 14+.")


def test_the_dead_of_a_retracted_report_are_gone_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)  # as if it were too large for an export to work happenings out
    with told(tmp_path, POST, MERIDIAN, later()) as ledger:
        happenings(ledger)
        assert [row["fatalities"] for row in shelling(ledger)] == ["140"]
        ledger.retract(later().report.id, "2031-03-08", "the number was invented", "Mara Quist")
        rows = shelling(ledger)
        list(pieces := export(ledger, EVERYTHING, "acled"))
    assert [(row["source"], row["fatalities"]) for row in rows] == [("Radio Meridian", "15"), ("Harbour Post", "14")]
    assert any(comment.startswith("1 reading or decision came since") for comment in comments(pieces))
