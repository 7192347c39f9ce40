"""Where the reports of one happening differ: denied, did not happen, other perpetrator, toll, date or place.

Invariant: both sides carry their own words. What one report does not tell contradicts nothing, and a toll that a later
report raises is an update, unless it disputes the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.compare.contradictions.claims import (
    DID_NOT,
    HAPPENED,
    OCCURRED,
    PARTIES,
    VOUCHES,
    Claim,
    Contradiction,
    Member,
)
from dragoman.compare.contradictions.denials import denials, happened
from dragoman.compare.contradictions.perpetrators import perpetrators
from dragoman.compare.contradictions.settings import dates, places
from dragoman.compare.contradictions.tolls import Toll, differing_tolls, tolls

__all__ = [
    "DID_NOT", "HAPPENED", "KINDS", "OCCURRED", "PARTIES", "VOUCHES", "Claim", "Contradiction", "Member", "Toll",
    "contradictions", "tolls",
]  # fmt: skip

KINDS = ("denied", "happened", "perpetrator", "toll", "date", "place")


def contradictions(members: Sequence[Member]) -> tuple[Contradiction, ...]:
    """Everything in which the events of one happening contradict one another, by kind."""
    yes = happened(members)
    return (
        *denials(members, yes),
        *perpetrators(yes),
        *differing_tolls(tolls(yes), yes),
        *dates(yes),
        *places(yes),
    )
