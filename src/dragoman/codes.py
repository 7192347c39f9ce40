"""The vocabulary of marks, from data/codes.yaml; a test holds it against docs/codebook.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

QUAD_NAMES = {
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}


@dataclass(frozen=True, slots=True)
class EventType:
    """A PLOVER event type: its quad class 1-4, its intensity, and the intensity of each mode."""

    name: str
    quad: int
    intensity: float
    modes: dict[str, float]


@dataclass(frozen=True, slots=True)
class Codes:
    """Every list of codes, in the order in which the codebook has them."""

    event_types: dict[str, EventType]
    statuses: tuple[str, ...]
    certainties: tuple[str, ...]
    attribution_modes: tuple[str, ...]
    source_kinds: tuple[str, ...]
    stances: tuple[str, ...]
    entity_types: tuple[str, ...]
    name_labels: tuple[str, ...]
    sectors: tuple[str, ...]
    relation_kinds: tuple[str, ...]
    place_kinds: tuple[str, ...]
    place_precisions: tuple[str, ...]
    date_precisions: tuple[str, ...]
    date_reasons: tuple[str, ...]
    count_kinds: tuple[str, ...]
    count_bounds: tuple[str, ...]
    count_people: tuple[str, ...]
    decision_rules: tuple[str, ...]

    @property
    def event_modes(self) -> tuple[str, ...]:
        """Every mode as TYPE:mode, in order of the types."""
        return tuple(f"{name}:{mode}" for name, kind in self.event_types.items() for mode in kind.modes)

    def quad(self, type: str | None) -> int | None:
        """The quad class of an event type; None for one that the codebook does not have, as of another model."""
        known = self.event_types.get(type) if type else None
        return known.quad if known else None


def read_data(name: str) -> Any:
    """What a YAML file of the package's `data` folder holds."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it is there
    return yaml.load(files("dragoman").joinpath("data", name).read_text(encoding="utf-8"), loader)


@cache
def country_table() -> dict[str, Any]:
    """What countries.yaml says of each country and territory, by its ISO 3166-1 alpha-3 code; read once."""
    table: dict[str, Any] = read_data("countries.yaml")
    return table


def country_names() -> dict[str, str]:
    """The English name of each country and territory, by its code."""
    return {code: country["name"] for code, country in country_table().items()}


@cache
def alpha2() -> dict[str, str]:
    """The alpha-2 code of each country and territory, in small letters, by its alpha-3 code."""
    table: dict[str, str] = read_data("alpha2.yaml")
    return table


@cache
def codes() -> Codes:
    """The codes, read once."""
    data = read_data("codes.yaml")
    types = {name: EventType(name=name, **kind) for name, kind in data.pop("event_types").items()}
    return Codes(event_types=types, **{name: tuple(values) for name, values in data.items()})
