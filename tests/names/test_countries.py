from __future__ import annotations

from collections import Counter

import pytest

from dragoman.names.countries import codes_in, countries, country_of, is_country


def test_every_word_stands_for_one_country() -> None:
    words = Counter(
        word
        for country in countries()
        for word in {country.name, *country.people, *country.also, *filter(None, [country.capital])}
    )
    assert [word for word, times in words.items() if times > 1] == []
    assert len(countries()) >= 195
    assert len({country.code for country in countries()}) == len(countries())
    assert all(len(country.code) == 3 and country.code.isupper() for country in countries())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Turkish artillery", "TUR"),
        ("South Sudanese officials", "SSD"),
        ("the Sudanese army", "SDN"),
        ("Guinea-Bissau", "GNB"),
        ("Niger's defence ministry", "NER"),
        ("Nigerian police", "NGA"),
        ("the Kremlin", None),
        ("U.S. officials", "USA"),
        ("Côte d’Ivoire", "CIV"),
        ("the foreign ministry", None),
        ("Turkish and Syrian officials", None),
        ("polish the silver", None),
        ("Chadwick", None),
        ("Latin American leaders", None),
        ("the South China Sea", None),
        ("Iran-backed fighters", None),
        ("a US-led coalition", None),
    ],
)
def test_country_of_words(words: str, code: str | None) -> None:
    assert country_of(words) == code


def test_several_countries_in_order() -> None:
    assert codes_in("Iran, Turkey and Iran again") == ("IRN", "TUR")


def test_a_people_or_capital_is_no_country() -> None:
    assert is_country("the United States") and is_country("Chad")
    assert not is_country("Kabul") and not is_country("Afghans")
