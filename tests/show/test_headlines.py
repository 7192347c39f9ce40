from __future__ import annotations

from dataclasses import replace

import pytest

from dragoman.codes import codes, read_data
from dragoman.compare.summaries import HappeningRow, Somebody
from dragoman.show.headlines import of_happening

ROW = HappeningRow(
    id="1f0c9a77b3e2:E1", type="COERCE", mode="seize", status="occurred", start=None, end=None, precision=None,
    actors=(Somebody("Tidewater Guard", None),), recipients=(Somebody("three grain barges", None),),
    place=Somebody("the Sarre lock", None), located=None, words="seized", sentence="", told_first=None, told_last=None,
    reports=2, outlets=(), independent=1, disputes=(), disputed_on=None, tolls=(), unnamed=False, number="3",
)  # fmt: skip


@pytest.mark.parametrize(
    ("status", "line"),
    [
        ("occurred", "Tidewater Guard seized three grain barges"),
        ("ongoing", "Tidewater Guard seizing three grain barges"),
        ("planned", "Tidewater Guard to seize three grain barges"),
        ("attempted", "Tidewater Guard tried to seize three grain barges"),
        ("not_occurred", "Tidewater Guard did not seize three grain barges"),
        ("ruled_out", "Tidewater Guard will not seize three grain barges"),
        ("hypothetical", "Tidewater Guard might seize three grain barges"),
    ],
)
def test_a_line_says_what_came_of_it(status: str, line: str) -> None:
    assert of_happening(replace(ROW, status=status)) == line


def test_what_is_denied_is_not_told_as_done() -> None:
    denied = of_happening(replace(ROW, disputes=("denied", "toll")))
    assert denied == "Reported seizure of three grain barges by Tidewater Guard"


def test_nobody_is_named_as_the_doer_where_that_is_disputed() -> None:
    line = of_happening(replace(ROW, disputes=("perpetrator",)))
    assert line == "Reported seizure of three grain barges, the Sarre lock: by whom is disputed"


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"actors": ()}, "Seizure of three grain barges, the Sarre lock"),
        ({"recipients": ()}, "Seizure by Tidewater Guard, the Sarre lock"),
        ({"recipients": (), "actors": (), "place": None}, "Seizure"),
        ({"recipients": (), "status": "ruled_out"}, "No seizure by Tidewater Guard, the Sarre lock: ruled out"),
        ({"actors": (Somebody("they", None), Somebody("The Guard", None))}, "The Guard seized three grain barges"),
        ({"actors": (Somebody("No unit of ours", None),)}, "Seizure of three grain barges, the Sarre lock"),
        ({"recipients": (Somebody("The Guard", None),)}, "Tidewater Guard seized the Guard"),
        ({"mode": "unheard-of"}, "Tidewater Guard coerced three grain barges"),
        ({"recipients": (Somebody("x" * 40 + " " + "y" * 40, None),)}, f"Tidewater Guard seized {'x' * 40} …"),
    ],
)
def test_what_is_not_told_is_left_out(changed: dict[str, object], line: str) -> None:
    assert of_happening(replace(ROW, **changed)) == line  # type: ignore[arg-type]


def test_every_type_has_words_and_no_mode_is_unknown() -> None:
    table = read_data("headlines.yaml")
    assert set(table) == set(codes().event_types)
    for type, modes in table.items():
        assert "" in modes
        assert set(modes) - {""} <= set(codes().event_types[type].modes)
        assert all(len(words.split("|")) == 4 for words in modes.values())
