"""The codes and the manual hold the same vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dragoman.codes import QUAD_NAMES, EventType, codes

CODEBOOK = (Path(__file__).parents[1] / "docs/codebook.md").read_text(encoding="utf-8")
# Set as code in the manual: `occurred`. A word that merely happens to stand there does not count.
SET_AS_CODE = set(re.findall(r"`([^`\n]+)`", CODEBOOK))
LISTS = (
    "statuses",
    "certainties",
    "attribution_modes",
    "source_kinds",
    "stances",
    "entity_types",
    "name_labels",
    "sectors",
    "relation_kinds",
    "place_kinds",
    "place_precisions",
    "date_precisions",
    "date_reasons",
    "count_kinds",
    "count_bounds",
    "count_people",
    "decision_rules",
)


def section(heading: str) -> str:
    """The part of the codebook under a third-level heading."""
    found = re.search(rf"^### `{re.escape(heading)}`.*?(?=^##|\Z)", CODEBOOK, re.MULTILINE | re.DOTALL)
    assert found, f"docs/codebook.md has no heading for {heading}"
    return found[0]


@pytest.mark.parametrize("name", LISTS)
def test_every_code_is_in_the_codebook(name: str) -> None:
    assert [code for code in getattr(codes(), name) if code not in SET_AS_CODE] == []


@pytest.mark.parametrize("name", codes().event_types)
def test_every_event_type_has_a_section_with_all_its_modes(name: str) -> None:
    described = set(re.findall(r"`([^`\n]+)`", section(name)))
    assert [mode for mode in codes().event_types[name].modes if mode not in described] == []


def test_the_codebook_has_no_event_type_of_its_own() -> None:
    headings = re.findall(r"^### `([A-Z]+)`", CODEBOOK, re.MULTILINE)
    assert headings == list(codes().event_types)


@pytest.mark.parametrize("kind", codes().event_types.values(), ids=lambda kind: kind.name)
def test_intensities_and_quad_classes_are_told_as_they_are(kind: EventType) -> None:
    assert kind.quad in QUAD_NAMES and -10 <= kind.intensity <= 10
    assert all(-10 <= intensity <= 10 for intensity in kind.modes.values())
    assert f"*{QUAD_NAMES[kind.quad]}, {kind.intensity:g}*" in section(kind.name)
