"""The compiled gazetteer: found however a name is written, read only, and missed with a cure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dragoman.errors import GazetteerError
from dragoman.names.places.gazetteer import Gazetteer, candidates, gazetteer
from dragoman.names.places.keys import fold, without_article


@pytest.mark.parametrize(
    ("names", "id"),
    [
        (("El Fasher", "el-Fasher", "Al-Fashir", "al Fashir"), 379555),
        (("Kyiv", "Kiev", "KYIV"), 703448),
        (("Sana'a", "Sanaa", "Sana’a"), 71137),
        (("St. Louis", "Saint Louis", "St Louis"), 4407066),
        (("The Hague", "Den Haag"), 2747373),
        (("Bogotá", "Bogota"), 3688689),
    ],
)
def test_a_place_is_found_however_it_is_written(names: tuple[str, ...], id: int) -> None:
    for name in names:
        assert id in {place.id for place in candidates(name)}, name


def test_candidates_come_with_what_they_lie_in() -> None:
    (kasur,) = [place for place in candidates("Kasur") if place.kind == "city"]
    assert (kasur.country, kasur.admin1_name, kasur.admin2_name) == ("PAK", "Punjab", "Kasur")


def test_the_most_populous_comes_first() -> None:
    found = [place.population for place in candidates("Springfield")]
    assert found == sorted(found, reverse=True) and len(found) > 10


def test_short_forms_are_told_by_how_they_are_written() -> None:
    assert [place.name for place in candidates("Ala.")] == ["Alabama"]
    assert "Alabama" not in {place.name for place in candidates("ala")}


def test_unknown_and_strange_names_give_nothing() -> None:
    for name in ("", " ", "Qwxyzzia", "'; DROP TABLE names; --", "\x00", "中国", "a" * 100_000):
        assert candidates(name) == ()


def test_a_missing_or_broken_file_says_what_to_do(tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"no database" * 1000)
    for path in (tmp_path / "none.sqlite", broken):
        with pytest.raises(GazetteerError, match="pip install"):
            Gazetteer(path)


def test_threads_may_ask_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: gazetteer().candidates("San José"), range(64)))
    assert len(set(made)) == 1


def test_nothing_can_be_written() -> None:
    import sqlite3

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        gazetteer()._connection().execute("DELETE FROM names")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Al-Ḥasakah", "al hasakah"),
        ("St.-Denis", "saint denis"),
        ("N'Djamena", "ndjamena"),
        ("the Gulf", "gulf"),
        ("The", "the"),
    ],
)
def test_fold(name: str, key: str) -> None:
    assert fold(name) == key


def test_without_article() -> None:
    assert without_article("al hasakah") == "hasakah"
    assert without_article("alabama") is None
