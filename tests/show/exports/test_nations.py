"""The codes of countries: obvious ones, and that every code is there once."""

from __future__ import annotations

import pycountry
import pytest

from dragoman.codes import country_table
from dragoman.show.exports.nations import UNKNOWN, nation, nations


@pytest.mark.parametrize(
    ("code", "fips", "cow", "region"),
    [
        ("USA", "US", "2", "North America"),
        ("GBR", "UK", "200", "Europe"),
        ("DEU", "GM", "255", "Europe"),
        ("RUS", "RS", "365", "Europe"),
        ("UKR", "UP", "369", "Europe"),
        ("CHN", "CH", "710", "East Asia"),
        ("IRQ", "IZ", "645", "Middle East"),
        ("ISR", "IS", "666", "Middle East"),
        ("YEM", "YM", "679", "Middle East"),
        ("SDN", "SU", "625", "Northern Africa"),
        ("SSD", "OD", "626", "Eastern Africa"),
        ("COD", "CG", "490", "Middle Africa"),
        ("ZAF", "SF", "560", "Southern Africa"),
        ("NGA", "NI", "475", "Western Africa"),
        ("AUS", "AS", "900", "Oceania"),
        ("AUT", "AU", "305", "Europe"),
        ("VNM", "VM", "816", "Southeast Asia"),
        ("AFG", "AF", "700", "Caucasus and Central Asia"),
        ("MEX", "MX", "70", "Central America"),
        ("HTI", "HA", "41", "Caribbean"),
        ("XKX", "KV", "347", "Europe"),
        ("PSE", "WE", "", "Middle East"),
    ],
)
def test_obvious_ones(code: str, fips: str, cow: str, region: str) -> None:
    assert (nation(code).fips, nation(code).cow, nation(code).region) == (fips, cow, region)


def test_every_country_has_its_codes_and_no_two_the_same() -> None:
    assert set(nations()) == set(country_table())
    for part in ("numeric", "fips", "cow"):
        told = [getattr(one, part) for one in nations().values() if getattr(one, part)]
        assert len(told) == len(set(told)), part
    assert all(one.region for one in nations().values())
    assert len([one for one in nations().values() if one.cow]) == 195  # the United Nations, Kosovo and Taiwan
    assert nation(None) == nation("ZZZ") == UNKNOWN


def test_numbers_are_those_of_iso_3166() -> None:
    known = {country.alpha_3: country.numeric for country in pycountry.countries}
    assert {code: one.numeric for code, one in nations().items() if one.numeric} == {
        code: known[code] for code in nations() if code != "XKX"
    }
