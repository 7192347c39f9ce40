"""Groups of what is tied, as a list in which each entry names one of its own group that comes before it, or itself."""

from __future__ import annotations


def root(tied: list[int], i: int) -> int:
    """The first of those that are tied to one another."""
    while tied[i] != i:
        tied[i] = tied[tied[i]]
        i = tied[i]
    return i


def tie(tied: list[int], one: int, other: int) -> None:
    """Makes the groups of two one group."""
    first, second = sorted((root(tied, one), root(tied, other)))
    tied[second] = first
