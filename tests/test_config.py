"""The settings, from the environment and from calls; and how the package's own functions take them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

import dragoman
from dragoman import errors
from dragoman.config import Settings
from dragoman.errors import ReportError, UsageError
from tests.command import WordReader

DOCS = Path(__file__).resolve().parents[1] / "docs"
GUIDE = DOCS / "guide.md"
TEXT = "The army seized the port of Varn on Monday, and the people of the town said that they had fled."


def test_the_manual_lists_every_setting() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    for setting in fields(Settings):
        default = f"`{setting.default}`" if setting.default != "" else "*empty*"
        variable = f"DRAGOMAN_{setting.name.upper()}"
        assert f"| `{setting.name}` | `{variable}` | {default} | {setting.metadata['help']} |" in guide


def test_the_manual_draws_the_tree_of_errors() -> None:
    _, root, tree = str(errors.__doc__).partition("DragomanError\n")
    assert f"```text\n{root}{tree}```" in (DOCS / "reference.md").read_text(encoding="utf-8")
    classes = [name for name, value in vars(errors).items() if isinstance(value, type)]
    assert sorted(re.findall(r"\w+", root) + re.findall("^[│├└─ ]+(\\w+)", tree, re.MULTILINE)) == sorted(classes)


def test_the_environment_gives_the_settings() -> None:
    given = {"DRAGOMAN_LEDGER": "a.sqlite", "DRAGOMAN_PORT": "0", "DRAGOMAN_MAX_BYTES": "1", "PORT": "7"}
    assert Settings.from_environment(given) == Settings(ledger="a.sqlite", port=0, max_bytes=1)


@pytest.mark.parametrize("name", [setting.name for setting in fields(Settings)])
def test_a_variable_that_is_empty_means_the_default(name: str) -> None:
    assert Settings.from_environment({f"DRAGOMAN_{name.upper()}": ""}) == Settings()


OUT_OF_RANGE = [
    ("threads", -1, "0 or more"),
    ("max_bytes", 0, "from 1 to 2147483647"),
    ("max_bytes", 1 << 31, "from 1 to 2147483647"),
    ("port", -1, "from 0 to 65535"),
    ("port", 65536, "from 0 to 65535"),
]


@pytest.mark.parametrize(("name", "value", "range"), OUT_OF_RANGE)
def test_a_setting_out_of_range_is_refused_wherever_it_comes_from(name: str, value: int, range: str) -> None:
    variable, given = f"DRAGOMAN_{name.upper()}", cast(dict[str, Any], {name: value})
    makes: tuple[Callable[[], Settings], ...] = (
        lambda: Settings(**given),
        lambda: replace(Settings(), **given),
        lambda: Settings.from_environment({variable: str(value)}),
    )
    for make in makes:
        with pytest.raises(UsageError) as refused:
            make()
        assert variable in refused.value.what and str(value) in refused.value.what
        assert range in refused.value.cure


def test_a_setting_that_is_no_number_is_refused() -> None:
    with pytest.raises(UsageError, match=re.escape("DRAGOMAN_THREADS='many' is not a whole number")):
        Settings.from_environment({"DRAGOMAN_THREADS": "many"})


# --- the package's functions ----------------------------------------------------------------------


class CountedReader(WordReader):
    """A reader that keeps the settings of each of its kind that was made."""

    made: list[Settings]

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.made.append(settings)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Settings]]:
    """The settings of the readers made so far; they stand where the pipeline's reader stands."""
    monkeypatch.setattr(CountedReader, "made", [], raising=False)
    monkeypatch.setattr("dragoman.pipeline.Reader", CountedReader)
    monkeypatch.setenv("DRAGOMAN_THREADS", "3")
    dragoman._reader.cache_clear()
    yield CountedReader.made
    dragoman._reader.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two reports."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Title: {name}\n\n{TEXT}")
    return tmp_path


def test_one_input_may_be_given_by_itself(made: list[Settings], folder: Path) -> None:
    for inputs in (str(folder), folder, [folder], (str(path) for path in sorted(folder.iterdir()))):
        assert [reading.report.title for reading in dragoman.read_many(inputs)] == ["a", "b"]


def test_settings_may_be_given_and_are_the_environments_if_not(made: list[Settings], folder: Path) -> None:
    dragoman.read(TEXT)
    list(dragoman.read_many(folder))
    assert [settings.threads for settings in made] == [3]
    dragoman.read(TEXT, settings=Settings(threads=1))
    list(dragoman.read_many(folder, settings=Settings(threads=2)))
    assert [settings.threads for settings in made] == [3, 1, 2]
    errors: list[ReportError] = []
    assert not list(dragoman.read_many(folder, settings=Settings(max_bytes=9), on_error=errors.append))
    assert len(errors) == 2 and "longer than 9 bytes" in errors[0].what


def test_few_readers_are_kept_one_for_equal_settings(made: list[Settings]) -> None:
    for threads in (1, 2, 3, 4, 5, 5, 1):
        dragoman.read(TEXT, settings=Settings(threads=threads))
    assert [settings.threads for settings in made] == [1, 2, 3, 4, 5, 1], "the first made room for the fifth"


def test_a_date_may_be_given_as_such(made: list[Settings], folder: Path) -> None:
    day = date(2031, 3, 4)
    readings = [dragoman.read(TEXT, published=day), *dragoman.read_many(folder, published=day)]
    assert {reading.report.published for reading in readings} == {"2031-03-04"}
