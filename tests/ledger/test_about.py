"""What is told of somebody over all reports, against invented reports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dragoman.ledger import query
from dragoman.ledger.about import About, about, leading
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.store import Ledger
from dragoman.records import MadeBy, Reading
from tests.builders import ReadingBuilder, make_report


def report(day: str, outlet: str = "Norda", name: str = "Ilan Dov", role: str = "foreign minister") -> Reading:
    """`NAME, ROLE of Velmar, met Tea Hale in Varn, he said`, where `he` is linked to him."""
    text = f"{name}, {role} of Velmar, met Tea Hale in Varn on {day}, he said. {outlet}."
    make = ReadingBuilder(make_report(text, outlet=outlet, published=day, title=f"Dov on {day}"))
    dov = make.entity(name, "person", mentions=[name], known_as=("Dov",), country="VLM", sector="GOV")
    velmar = make.entity("Velmar", "country", mentions=["Velmar"], country="VLM")
    hale = make.entity("Tea Hale", "person", mentions=["Tea Hale"])
    make.relation(dov, "office", role, object=velmar, body="Velmar", role=role, start="2030-01-01")
    make.event("met", "CONSULT", actors=[(name, dov)], recipients=[("Tea Hale", hale)], place="Varn")
    make.attribution(source=["he"], cue=["said"], entity=dov)
    return make.build()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        yield ledger


def known(ledger: Ledger, reading: Reading, entity: str = "N1", as_of: AsOf = NOW, most: int = 200) -> About:
    return about(ledger, query.everybody(ledger, f"{reading.report.id}:{entity}", as_of), as_of, most)


def test_all_reports_count_and_the_same_is_told_once(ledger: Ledger) -> None:
    readings = [report("2031-03-04"), report("2031-03-06", "Courier"), report("2031-03-05", name="Ilán Dov")]
    assert all(ledger.add(reading) for reading in readings)
    told = known(ledger, readings[0])
    assert (told.told.reports, told.told.acts, told.told.receives, told.told.says) == (3, 3, 0, 3)
    assert [(one.name, one.reports) for one in told.spellings] == [("Ilan Dov", 2), ("Ilán Dov", 1)]
    assert dict(told.words) == {"Ilan Dov": 2, "Ilán Dov": 1, "he": 3}
    assert told.sectors == ("GOV",)
    [office] = told.offices
    assert (office.role, office.other, office.start, office.reports) == ("foreign minister", "Velmar", "2030-01-01", 3)
    assert (office.outlet, office.published, office.words) == (
        "Courier",
        "2031-03-06",
        "foreign minister",
    )  # the newest
    assert office.id == f"{readings[1].report.id[:12]}:N2"
    assert [(spot.name, spot.events) for spot in told.places] == [("Varn", 3)]
    [person] = known(ledger, readings[0], "N2").people
    assert (person.other, person.role, person.reports) == ("Ilan Dov", "foreign minister", 3)


def test_only_what_was_known_then_counts(ledger: Ledger) -> None:
    first, second = report("2031-03-04"), report("2031-03-06", role="prime minister")
    assert ledger.add(first) and ledger.add(second)
    then = known(ledger, first, as_of=AsOf(told="2031-03-05"))
    assert (then.told.reports, [one.role for one in then.offices]) == (1, ["foreign minister"])
    anew = replace(first, relations=(), events=(), made_by=MadeBy("9.0.0", "later", "1" * 64))
    assert ledger.add(anew)
    now = known(ledger, first)
    assert (now.told.reports, now.told.acts) == (2, 1)  # the reading that was superseded counts no more
    assert [one.role for one in now.offices] == ["prime minister"]


def test_the_newest_reports_are_looked_at(ledger: Ledger) -> None:
    first, second = report("2031-03-04"), report("2031-03-06", role="prime minister")
    assert ledger.add(first) and ledger.add(second)
    told = known(ledger, first, most=1)
    assert (told.counted, told.told.reports, [one.role for one in told.offices]) == (1, 2, ["prime minister"])


def test_who_is_named_most_of_late_leads(ledger: Ledger) -> None:
    assert ledger.add(report("2031-03-04")) and ledger.add(report("2031-03-06", name="Ola Krest"))
    rows = leading(ledger, NOW, ["person"])
    assert [(row.name, row.reports, row.acts) for row in rows] == [
        ("Tea Hale", 2, 0),
        ("Ilan Dov", 1, 1),
        ("Ola Krest", 1, 1),
    ]
    assert [row.name for row in leading(ledger, NOW, ["country"])] == ["Velmar"]
    assert {row.name for row in leading(ledger, NOW, ["person"], most=1)} == {"Tea Hale", "Ola Krest"}
    assert [row.name for row in leading(ledger, NOW, ["person"], limit=1)] == ["Tea Hale"]
