from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.compare import keeping, of_sources
from dragoman.compare.overruling import overrule
from dragoman.compare.sources import outlets, sources
from dragoman.errors import UsageError
from dragoman.ledger.store import Ledger
from tests.builders import ReadingBuilder, make_report
from tests.compare.test_happenings import readings


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    ledger = Ledger.open(tmp_path / "ledger.sqlite")
    for reading in readings():
        assert ledger.add(reading)
    return ledger


def test_nothing_is_given_before_it_is_kept(ledger: Ledger) -> None:
    assert of_sources.sources(ledger) is None
    assert of_sources.outlets(ledger) is None
    assert of_sources.source(ledger, "outlet:norda") is None


def test_rows_count_what_the_sources_told(ledger: Ledger) -> None:
    of_sources.keep(ledger)
    for page, every in ((of_sources.sources(ledger), sources(ledger)), (of_sources.outlets(ledger), outlets(ledger))):
        assert page and every
        assert [(row.id, row.claims, len(row.known_as) <= of_sources.WORDS) for row in page.rows] == [
            (one.id, len(one.claims), True) for one in every
        ]
        assert [row.confirmed for row in page.rows] == [len(one.confirmed) for one in every]
        assert any(row.happenings for row in page.rows)


def test_one_has_its_claims(ledger: Ledger) -> None:
    of_sources.keep(ledger)
    every = outlets(ledger)
    for one in every:
        found = of_sources.outlet(ledger, one.id)
        assert found and set(found[1].claims) == set(one.claims) and found[0].name == one.name
    assert of_sources.outlet(ledger, "outlet:none such") is None


def test_pages_follow_one_another(ledger: Ledger) -> None:
    of_sources.keep(ledger)
    every = of_sources.outlets(ledger)
    assert every and len(every.rows) > 1
    first = of_sources.outlets(ledger, limit=1)
    assert first and first.next_cursor
    second = of_sources.outlets(ledger, after=first.next_cursor, limit=1)
    assert second and (*first.rows, *second.rows) == every.rows[:2]
    with pytest.raises(UsageError, match="cursor"):
        of_sources.sources(ledger, after=first.next_cursor)
    part = of_sources.outlets(ledger, part=every.rows[1].name[:4].upper())
    assert part and every.rows[1] in part.rows


def test_what_came_since_is_told(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 0)
    assert of_sources.standing(ledger) is None
    of_sources.keep(ledger)
    ledger.retract(readings()[0].report.id, "2031-03-04")
    standing = of_sources.standing(ledger)
    assert standing and standing.behind == 1
    of_sources.keep(ledger)
    standing = of_sources.standing(ledger)
    assert standing and standing.behind == 0


def test_names_are_searched_and_not_the_fields_they_stand_in(ledger: Ledger) -> None:
    make = ReadingBuilder(make_report("Żaneta Ö said a bridge was held.", outlet="Norda", published="2031-03-05"))
    who = make.entity("Żaneta Ö", "person", mentions=["Żaneta Ö"])
    make.attribution(source=["Żaneta Ö"], cue=["said"], content=["a bridge was held"], entity=who)
    ledger.add(make.build())
    of_sources.keep(ledger)

    def found(part: str) -> list[str]:
        page = of_sources.sources(ledger, part=part)
        assert page is not None
        return [row.name for row in page.rows]

    assert found("żaneta ö") == ["Żaneta Ö"]
    assert found("known_as") == found('"') == []
    assert found("contradicted") == []


def test_a_kept_source_is_graded_without_reading_the_reports(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    of_sources.keep(ledger)
    page = of_sources.sources(ledger)
    assert page is not None
    monkeypatch.setattr(Ledger, "readings", lambda *_: pytest.fail("the reports were read"))
    assert overrule(ledger, page.rows[0].id, "c", "right so far") == "C"
