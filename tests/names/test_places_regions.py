"""Our own table of regions, and the tables of divisions, against what the gazetteer knows."""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest
import yaml

from dragoman.codes import codes
from dragoman.names.countries import countries
from dragoman.names.places.context import by_code
from dragoman.names.places.gazetteer import candidates, gazetteer
from dragoman.names.places.keys import fold

DATA = files("dragoman").joinpath("data")


class OneKey(yaml.SafeLoader):
    """Refuses a key that stands twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        assert len(keys) == len(set(keys)), sorted(key for key in keys if keys.count(key) > 1)
        return super().construct_mapping(node, deep)


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, Any]]:
    loaded = yaml.load(DATA.joinpath("regions.yaml").read_text(encoding="utf-8"), OneKey)
    return dict(loaded)


def test_every_region_is_well_formed(table: dict[str, dict[str, Any]]) -> None:
    assert len(table) >= 250
    known = {"name", "kind", "country", "admin1", "latitude", "longitude", "also", "geonames"}
    for key, region in table.items():
        assert set(region) <= known, key
        assert region["kind"] in codes().place_kinds, key
        assert region.get("country") is None or region["country"] in by_code(), key
        assert -90 <= region["latitude"] <= 90 and -180 <= region["longitude"] <= 180, key


def test_no_name_stands_for_two_regions(table: dict[str, dict[str, Any]]) -> None:
    owners = defaultdict(set)
    for key, region in table.items():
        for name in (region["name"], *region.get("also", ())):
            owners[fold(name)].add(key)
    assert not {name: keys for name, keys in owners.items() if len(keys) > 1}


def test_no_region_takes_the_name_of_a_country(table: dict[str, dict[str, Any]]) -> None:
    names = {fold(country.name) for country in countries()}
    assert not [key for key, region in table.items() if fold(region["name"]) in names]


def test_a_region_lies_near_its_country(table: dict[str, dict[str, Any]]) -> None:
    """Against a slip of a sign or digits: within some degrees of the country's point, but for wide countries."""
    far = {"easter_island", "svalbard_archipelago"}
    for key, region in table.items():
        country = by_code().get(region.get("country", ""))
        if country and country.country not in ("RUS", "USA", "CAN", "IOT") and key not in far:
            assert abs(region["latitude"] - country.latitude) < 20, key
            assert abs(region["longitude"] - country.longitude) < 25, key


def test_every_region_is_found_by_every_name(table: dict[str, dict[str, Any]]) -> None:
    for region in table.values():
        for name in (region["name"], *region.get("also", ())):
            assert any(place.name == region["name"] for place in candidates(name)) or len(name) < 4, name


def test_every_country_of_the_table_has_a_point() -> None:
    missing = [country.code for country in countries() if country.code not in by_code()]
    assert not missing


@pytest.mark.parametrize(
    ("name", "kind"), [("Ingushetia", "admin1"), ("Hodeidah", "admin1"), ("Ill.", "admin1"), ("Deir al-Zor", "admin1")]
)
def test_our_names_of_divisions_are_known(name: str, kind: str) -> None:
    assert any(place.kind == kind for place in candidates(name))


def test_the_gazetteer_is_made_of_these_regions() -> None:
    """Where this fails, run `python hatch_build.py` or install again."""
    import hashlib

    assert gazetteer().meta("regions") == hashlib.sha256(DATA.joinpath("regions.yaml").read_bytes()).hexdigest()
