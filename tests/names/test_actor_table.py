"""The table of actors holds together: ids, parents, aliases, codes, dates; and so do the offices."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dragoman.codes import codes, country_names, read_data
from dragoman.names import actor_table
from dragoman.names.actor_index import key
from dragoman.names.actor_table import LONGEST, table

REGIONS = ("africa", "americas", "asia", "europe", "middle_east", "world")
FIELDS = {"name", "type", "country", "sector", "also", "shared", "of", "since", "until"}
DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")


@pytest.fixture(scope="module")
def entries() -> list[tuple[str, dict[str, Any]]]:
    return [item for region in REGIONS for item in read_data(f"actors/{region}.yaml").items()]


def test_there_are_enough_actors_each_with_its_own_id(entries: list[tuple[str, dict[str, Any]]]) -> None:
    ids = [id for id, _ in entries]
    assert len(ids) == len(set(ids)) >= 1200
    assert [id for id in ids if not re.fullmatch("[a-z0-9-]+", id)] == []


def test_every_entry_is_made_of_codes_and_known_parents(entries: list[tuple[str, dict[str, Any]]]) -> None:
    ids = {id for id, _ in entries}
    for id, entry in entries:
        assert set(entry) <= FIELDS, id
        assert entry["type"] in codes().entity_types and entry["sector"] in codes().sectors, id
        assert entry["country"] is None or entry["country"] in country_names(), id
        assert set(entry.get("of", ())) <= ids - {id}, id
        since, until = (str(entry.get(end) or "") for end in ("since", "until"))
        assert all(not day or DAY.fullmatch(day) for day in (since, until)) and (not until or since <= until), id


def test_an_alias_means_one_first_and_all_others_share_it(entries: list[tuple[str, dict[str, Any]]]) -> None:
    bearers: dict[str, dict[str, bool]] = {}
    for id, entry in entries:
        shared = {key(alias) for alias in entry.get("shared", ())}
        for alias in (entry["name"], *entry.get("also", ()), *entry.get("shared", ())):
            assert isinstance(alias, str) and 0 < len(key(alias).split()) <= LONGEST, (id, alias)
            bearers.setdefault(key(alias), {})[id] = key(alias) in shared
    clashes = {alias: sorted(who) for alias, who in bearers.items() if list(who.values()).count(False) > 1}
    assert clashes == {}


def test_no_alias_is_a_countrys_name(entries: list[tuple[str, dict[str, Any]]]) -> None:
    from dragoman.names.countries import is_country

    taken = [(id, alias) for id, e in entries for alias in (e["name"], *e.get("also", ())) if is_country(alias)]
    assert taken == []


def test_offices_are_of_known_countries_and_held_forwards_in_time() -> None:
    data = read_data("offices.yaml")
    bodies = data.pop("bodies")
    assert set(data) <= set(country_names())
    held = [h for offices in (*data.values(), *bodies.values()) for holders in offices.values() for h in holders]
    assert len(held) >= 800
    for holder in held:
        assert set(holder) <= {"name", "since", "until", "also"}, holder
        since, until = (str(holder.get(end) or "") for end in ("since", "until"))
        assert all(not day or DAY.fullmatch(day) for day in (since, until)), holder
        assert not until or since[: len(until)] <= until, holder


@pytest.mark.parametrize(
    ("words", "countries", "id"),
    [
        ("Hezbollah", (), "hezbollah"),
        ("the Hizbullah", (), "hezbollah"),
        ("al-Shabaab", (), "al-shabaab"),
        ("RSF", ("SDN",), "rsf-sudan"),
        ("RSF", ("FRA",), "rsf-reporters"),
        ("no such body", (), None),
        ("who", (), None),
    ],
)
def test_an_alias_means_one_body_and_a_shared_one_needs_its_country(
    words: str, countries: tuple[str, ...], id: str | None
) -> None:
    found = table().named(words, countries)
    assert (found.id if found else None) == id


def test_the_longest_name_inside_words_is_found_where_it_stands() -> None:
    words = "a commander of the Rapid Support Forces near Kassala"
    [found] = table().inside(words)
    assert (words[found.start : found.end], found.actor.id) == ("Rapid Support Forces", "rsf-sudan")


def test_who_held_an_office_on_a_day() -> None:
    holder = table().holder("Bashar al-Assad", "2012-05-01")
    assert holder and (holder.office, holder.country, holder.held("2012-05-01")) == ("president", "SYR", True)
    assert not holder.held("2025-05-01")
    assert table().holder("Nobody At All", "2012-05-01") is None


def test_what_installation_kept_is_what_the_files_say(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = actor_table._index()
    monkeypatch.setattr(actor_table, "digest", lambda files: "changed since")
    assert actor_table._index() == kept
