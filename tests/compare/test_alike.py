"""Who is the same across reports: what joins by itself, what waits for a judgement, and what a judgement does."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.compare.alike import Known, compare, cursor_of, queue, standing, waiting
from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.filters import Who
from dragoman.ledger.folding import fold
from dragoman.ledger.rows import Page
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report


def told(number: int, name: str, type: str = "person", country: str | None = "YEM", **more: object) -> Reading:
    """A report in which somebody attacks a town."""
    report = make_report(f"{name} attacked town {number}.", title=f"Report {number}", published="2031-03-04")
    make = ReadingBuilder(report)
    who = make.entity(name, type, mentions=[name], country=country, **more)  # type: ignore[arg-type]
    make.event("attacked", "ASSAULT", actors=[(name, who)])
    return make.build()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "ledger.sqlite")


def added(ledger: Ledger, *readings: Reading) -> list[str]:
    """The ids of the first entities of readings that are added."""
    for reading in readings:
        ledger.add(reading)
    return [f"{reading.report.id[:12]}:N1" for reading in readings]


def reported(ledger: Ledger, id: str) -> int:
    """In how many reports somebody acts."""
    return len(query.events(ledger, entity=id).rows)


def one(name: str, type: str = "person", country: str = "YEM", reference: str | None = None, *aliases: str) -> Known:
    known = frozenset(fold(alias) for alias in (name, *aliases))
    return Known("0" * 12 + ":N1", name, Who(fold(name), type, country), known, reference, 1)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (one("Yahya Saree"), one("Yahya Sarea"), "names spelt alike"),
        (one("Mohamed Ilvane"), one("Muhammad Ilvane"), "names spelt alike"),
        (one("J. Sarre"), one("Jonah Sarre"), "names spelt alike"),
        (one("Sarre"), one("Jonah Sarre"), "short name"),
        (one("Tidewater Guard", "armed_group"), one("TG", "organization"), "initials"),
        (one("Ministry of Harbours", "government"), one("Harbours Ministry", "government"), "words in common"),
        (one("Oru Men", "military", "YEM", None, "Front"), one("Front", "military", ""), "shared name"),
    ],
)  # fmt: skip
def test_why_two_may_be_the_same(first: Known, second: Known, why: str) -> None:
    assert compare(first, second)[0].name == why
    assert len(compare(second, first)) == 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one("Yahya Saree"), one("Yahya Saree", country="SYR")),  # another country
        (one("Yahya Saree"), one("Yahya Saree", "place")),
        (one("Ali Sarre"), one("Jonah Sarre")),  # brothers
        (one("Defence Ministry of Oru", "government", "UKR"), one("Defence Ministry of Varn", "government", "RUS")),
        (one("Hezbollah", "armed_group", "LBN", "hezbollah"), one("Hezbollah Brigades", "armed_group", "LBN", "kh")),
        (one("Oru Front", "armed_group"), one("Varn League", "armed_group")),
    ],
)  # fmt: skip
def test_what_speaks_against_it(first: Known, second: Known) -> None:
    assert compare(first, second) == ()


def test_an_alias_joins_where_type_and_country_agree(ledger: Ledger) -> None:
    front, short, elsewhere = added(
        ledger,
        told(1, "Oru Liberation Front", "armed_group", known_as=["OLF"]),
        told(2, "OLF", "armed_group"),
        told(3, "OLF", "armed_group", "SYR"),
    )
    assert reported(ledger, front) == reported(ledger, short) == 2
    assert reported(ledger, elsewhere) == 1


def test_a_short_name_of_a_person_joins_nobody(ledger: Ledger) -> None:
    full, short = added(ledger, told(1, "Jonah Sarre", known_as=["Sarre"]), told(2, "Sarre"))
    assert reported(ledger, full) == reported(ledger, short) == 1


def test_canonical_names_join_spellings(ledger: Ledger) -> None:
    spelt = [told(n, name, "armed_group", canonical="Houthi movement") for n, name in enumerate(("Houthis", "Huthis"))]
    first, second = added(ledger, *spelt)
    assert reported(ledger, first) == reported(ledger, second) == 2
    assert [row.name for row in query.entities(ledger).rows] == ["Houthi movement"]


def test_a_pair_waits_until_it_is_judged_and_the_last_judgement_holds(ledger: Ledger) -> None:
    first, second = added(ledger, told(1, "Yahya Saree"), told(2, "Yahya Sarea"))
    [pair] = queue(ledger)
    assert {pair.one.id, pair.other.id} == {first, second} and reported(ledger, first) == 1
    ledger.judge(first, second, "unsure")
    assert len(queue(ledger)) == 1
    ledger.judge(second, first, "same", "an analyst")
    assert queue(ledger) == [] and reported(ledger, first) == reported(ledger, second) == 2
    ledger.judge(first, second, "different")
    assert queue(ledger) == [] and reported(ledger, first) == 1


def test_the_page_takes_pairs_that_were_kept_and_leaves_out_what_was_judged(ledger: Ledger) -> None:
    names = ["Yahya Saree", "Yahya Sarea", "Jonah Ilvane", "Jonah Ilvana"]
    ids = added(ledger, *(told(n, name) for n, name in enumerate(names)))
    assert waiting(ledger) == Page((), None)
    kept = standing(ledger)
    assert kept is not None and kept.behind == 0
    pairs = queue(ledger)
    page = waiting(ledger, limit=1)
    assert [pair.features for pair in page.rows] == [pairs[0].features]
    assert page.next_cursor == cursor_of(page.rows[0])
    rest = waiting(ledger, after=page.next_cursor)
    assert [pair.one.who for pair in rest.rows] == [pairs[1].one.who] and rest.next_cursor is None
    assert [pair.one.who.name for pair in waiting(ledger, actor="SARÉ").rows] == ["yahya sarea"]
    ledger.judge(ids[0], ids[1], "unsure")
    assert [pair.one.who.name for pair in waiting(ledger).rows] == ["jonah ilvana"]
    assert len(queue(ledger)) == 2  # on the command line one that is unsure is shown again
    ledger.undo()
    assert len(waiting(ledger).rows) == 2
    with pytest.raises(UsageError, match="cursor"):
        waiting(ledger, after="x")


def test_two_that_are_judged_different_stay_apart_though_both_go_by_a_third_name(ledger: Ledger) -> None:
    alpha, beta, gamma = added(
        ledger,
        told(1, "Alpha Front", "armed_group", known_as=["Gamma Front"]),
        told(2, "Beta Front", "armed_group", known_as=["Gamma Front"]),
        told(3, "Gamma Front", "armed_group"),
    )
    assert reported(ledger, alpha) == 3
    ledger.judge(alpha, beta, "different")
    assert (reported(ledger, alpha), reported(ledger, beta)) == (2, 2) and reported(ledger, gamma) == 3


def test_a_judgement_that_makes_no_sense_is_refused(ledger: Ledger) -> None:
    first, second = added(ledger, told(1, "Yahya Saree"), told(2, "Yahya Sarea"))
    with pytest.raises(UsageError, match="no verdict") as refused:
        ledger.judge(first, second, "perhaps")
    assert "same, different, unsure" in refused.value.cure
    with pytest.raises(UsageError, match="same name"):
        ledger.judge(first, first, "same")
