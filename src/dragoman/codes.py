"""The vocabulary of marks, from data/codes.yaml; a test holds it against docs/codebook.md."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

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
    date_precisions: tuple[str, ...]
    count_kinds: tuple[str, ...]
    count_bounds: tuple[str, ...]
    decision_rules: tuple[str, ...]

    @property
    def event_modes(self) -> tuple[str, ...]:
        """Every mode as TYPE:mode, in order of the types."""
        return tuple(f"{name}:{mode}" for name, kind in self.event_types.items() for mode in kind.modes)


@cache
def codes() -> Codes:
    """The codes, read once."""
    data = yaml.safe_load(files("dragoman").joinpath("data/codes.yaml").read_text(encoding="utf-8"))
    types = {name: EventType(name=name, **kind) for name, kind in data.pop("event_types").items()}
    return Codes(event_types=types, **{name: tuple(values) for name, values in data.items()})
