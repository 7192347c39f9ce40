"""Whom an actor's words mean; the list of phrases was written before the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dragoman.names import actors
from dragoman.names.actors import Meaning
from dragoman.names.agents import made_of

PHRASES = [
    json.loads(line)
    for line in Path(__file__).with_name("actor_phrases.jsonl").read_text(encoding="utf-8").splitlines()
]


def test_the_phrases_are_read() -> None:
    assert len(PHRASES) >= 200
    right = [p for p in PHRASES if _told(p["phrase"]) == (p["country"], p["sector"])]
    assert len(right) >= 0.95 * len(PHRASES)


def _told(phrase: str) -> tuple[str | None, str | None]:
    meaning = actors.resolve(phrase)
    return meaning.country, meaning.sector


@pytest.mark.parametrize(
    ("phrase", "country", "sector"),
    [
        ("Iranian-backed paramilitaries", None, "PRM"),
        ("Turkish-backed Syrian rebels", "SYR", "REB"),
        ("anti-government protesters in Minsk", "BLR", "OPP"),
        ("a militia loyal to Russia", None, "PRM"),
        ("the US ambassador to Mali", "USA", "GOV"),
        ("Afghan refugees in Iran", "AFG", "REF"),
        ("African migrants in Tunisia", None, "REF"),
        ("pirates in the Gulf of Guinea", None, "CRM"),
        ("members of parliament", None, "LEG"),
        ("the head of the Malian army", "MLI", "MIL"),
        ("a spokesman for Sweden's foreign ministry", "SWE", "GOV"),
        ("Indian and Pakistani officials", None, "GOV"),
        ("seven factions, including Hezbollah", None, None),
        ("Ankara", "TUR", "GOV"),
        ("Syrians", "SYR", "CVL"),
        ("the governor of Kharkiv", "UKR", "GOV"),
        ("the two sides", None, None),
        ("", None, None),
    ],
)
def test_what_words_are_made_of(phrase: str, country: str | None, sector: str | None) -> None:
    made = made_of(phrase)
    assert (made.country, made.sector) == (country, sector)


def test_an_office_is_told_as_it_was_on_the_day() -> None:
    then, later = (actors.resolve("Bashar al-Assad", day) for day in ("2015-01-01", "2025-06-01"))
    assert (then.country, then.sector, then.role) == ("SYR", "GOV", "president")
    assert later.role == "former president"
    before, undated = actors.resolve("Keir Starmer", "2015-01-01"), actors.resolve("Bashar al-Assad")
    assert (before.country, before.role, undated.role) == ("GBR", None, None)


def test_full_stops_in_an_acronym_change_nothing() -> None:
    for one, other in (("five U.N. soldiers", "five UN soldiers"), ("a P.K.K. fighter", "a PKK fighter")):
        assert actors.resolve(one) == actors.resolve(other)


def test_a_body_is_known_by_a_whole_name_only() -> None:
    assert actors.resolve("Hezbollah").reference == "hezbollah"
    fighters = actors.resolve("Hezbollah fighters")
    assert (fighters.reference, fighters.sector) == (None, "REB")


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("Hizbullah", "Hezbollah", "same"),
        ("Hezbollah", "Hamas", "apart"),
        ("the Malian army", "the Chadian army", "apart"),
        ("a militia", "the fighters", "apart"),
        ("the council", "the movement", "unsure"),
    ],
)
def test_two_meanings_are_compared_by_what_is_known(one: str, other: str, said: str) -> None:
    assert actors.compare(actors.resolve(one), actors.resolve(other)) == said
    assert actors.compare(Meaning(), Meaning()) == "unsure"
