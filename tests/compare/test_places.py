"""Events told of several places: attacks on several towns in one day are several happenings, one town's are one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from dragoman.compare.happenings import Happening, happenings
from dragoman.compare.places import places_stand, where
from dragoman.compare.telling import Told, told
from dragoman.names import places
from dragoman.records import Place, Reading
from tests.builders import ReadingBuilder, make_report


def put(text: str, name: str) -> Place | None:
    """Where the gazetteer puts a name of the text."""
    start = text.index(name)
    (found,) = places.resolve(text, [(start, start + len(name))])
    return found


def shelled(
    words: str, dead: str, *, named: str = "", then: str = "", outlet: str = "Norda", status: str = "occurred"
) -> Reading:
    """A brief that troops shelled a place of those words, which holds the name `named`, and what was done `then`."""
    text = f"Border troops shelled {words} on Tuesday, killing {dead} people, the governor said. {then}".strip()
    make = ReadingBuilder(make_report(text, outlet=outlet, published="2031-03-05"))
    place = put(text, named) if named else None
    where_ = make.entity(named or words, "place", mentions=[words], place=place)
    make.event(
        "shelled", "ASSAULT", mode="heavy-weapons", actors=["Border troops"], recipients=[f"{dead} people"],
        place=words, place_entity=where_, time="on Tuesday", start="2031-03-04", end="2031-03-04",
        counts=[("killed", int(dead), "exact", dead)], status=status,
    )  # fmt: skip
    if then:
        make.event("searching", "AID", actors=["Rescuers"], start="2031-03-04", end="2031-03-04")
    return make.build()


def told_by_several(found: list[Happening]) -> list[Happening]:
    return [happening for happening in found if len(happening.members) > 1]


TOWNS = ("Kharkiv", "Poltava", "Sumy", "Odesa", "Mykolaiv", "Kherson", "Dnipro", "Chernihiv")
SEARCH = "Rescuers were searching the rubble for survivors in the evening."


@pytest.mark.parametrize("words", ["{}", "the centre of {}", "the outskirts of {}", "the {} region"])
def test_several_towns_on_one_day_are_several_happenings(words: str) -> None:
    briefs = [
        shelled(words.format(town), str(dead), named=town, outlet=f"Outlet {dead}")
        for dead, town in enumerate(TOWNS, start=2)
    ]
    found = happenings(briefs)
    assert len(found) == len(TOWNS)
    assert not any(one.contradictions for one in found)


def test_places_that_no_gazetteer_knows_are_told_apart_by_name() -> None:
    names = ("Dorvane", "Pellhaven", "Orlenz", "Brelsk")
    briefs = [shelled(f"the centre of {name}", str(n), outlet=f"Outlet {n}") for n, name in enumerate(names, start=2)]
    assert len(happenings(briefs)) == len(names)


def test_what_has_no_place_of_its_own_is_where_its_report_is() -> None:
    briefs = [shelled(f"the centre of {town}", "3", named=town, then=SEARCH, outlet=town) for town in TOWNS]
    assert not told_by_several(happenings(briefs))


def test_what_has_no_place_of_its_own_is_one_where_the_reports_are_of_one_town() -> None:
    briefs = [shelled("the centre of Kharkiv", "3", named="Kharkiv", then=SEARCH, outlet=name) for name in "AB"]
    assert sorted(len(one.members) for one in happenings(briefs)) == [2, 2]


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Kharkiv", "Kharkiv"),
        ("the outskirts of Kharkiv", "Kharkiv"),
        ("the Kharkiv region", "Kharkiv"),
        ("Kharkiv, Ukraine", "Kharkiv"),
        ("the central square", ""),
    ],
)
def test_one_town_in_other_words_stays_one(words: str, named: str) -> None:
    briefs = [shelled("the centre of Kharkiv", "3", named="Kharkiv"), shelled(words, "3", named=named, outlet="B")]
    (found,) = happenings(briefs)
    assert len(found.members) == 2


def test_a_speech_may_be_told_in_reports_of_other_towns() -> None:
    briefs = []
    for town in TOWNS[:3]:
        text = f"Shells fell on {town} on Tuesday. The president condemned the raids."
        make = ReadingBuilder(make_report(text, outlet=f"{town} Post", published="2031-03-05"))
        make.entity(town, "place", mentions=[town], place=put(text, town))
        make.event("condemned", "ACCUSE", mode="disapprove", actors=["The president"])
        briefs.append(make.build())
    (found,) = happenings(briefs)
    assert len(found.members) == 3


def test_one_name_put_into_two_places_is_not_told_apart() -> None:
    town = shelled("Kharkiv", "3", named="Kharkiv")

    def elsewhere(words: str) -> Told:
        brief = shelled(words, "3", outlet="B")
        far = place("Odesa")
        (event, *_) = told(replace(brief, entities=tuple(replace(entity, place=far) for entity in brief.entities)))
        return event

    (event, *_) = told(town)
    assert places_stand(event, elsewhere("the frontline town of Kharkiv")) is None
    assert places_stand(event, elsewhere("the frontline town of Dorvane")) == "apart"


def place(name: str) -> Place:
    found = put(f"They met in {name}.", name)
    assert found, name
    return found


@pytest.mark.parametrize(
    ("one", "other", "stand"),
    [
        ("Kharkiv", "Odesa", "apart"),
        ("Kharkiv", "Kharkiv", "same"),
        ("Kharkiv", "Ukraine", None),
        ("Kharkiv", "Poland", "apart"),
        ("Kharkiv", "Kharkiv Oblast", None),
        ("Kharkiv", "Odesa Oblast", "apart"),
        ("Kharkiv Oblast", "Odesa Oblast", "apart"),
        ("Darfur", "Sudan", None),
        ("Brooklyn", "Manhattan", "near"),
    ],
)
def test_how_places_stand(one: str, other: str, stand: str | None) -> None:
    assert where(place(one), place(other)) == where(place(other), place(one)) == stand


def test_no_place_known_tells_nothing() -> None:
    assert where(None, place("Kharkiv")) is where(place("Kharkiv"), None) is where(None, None) is None


def test_nothing_is_apart_from_what_holds_it() -> None:
    nested = [place(name) for name in ("Kharkiv", "Kharkiv Oblast", "Ukraine")]
    assert all(where(one, other) is None for one, other in combinations(nested, 2))
