"""Where borders are disputed: our own table (data/contested.yaml), which the map notes where they are in view."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dragoman.codes import read_data


@dataclass(frozen=True, slots=True)
class Contested:
    """A territory with a spot near its middle, and in neutral words who holds it and who claims it."""

    name: str
    latitude: float
    longitude: float
    told: str


@cache
def contested() -> tuple[Contested, ...]:
    """All of them, in the order of the table; read once."""
    return tuple(Contested(**row) for row in read_data("contested.yaml"))
