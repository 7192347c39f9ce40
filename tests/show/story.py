"""A ledger for the tests of Today, happenings and sources: an attack with two tolls, a copy and a denial; a rumour."""

from __future__ import annotations

from dataclasses import replace

from dragoman.ledger.ids import mark_id
from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report
from tests.compare.shelling import denial, own, said
from tests.compare.test_happenings import agency, elsewhere, local, relay

SHELLED = own(published="2031-03-10")
COPY = replace(SHELLED, report=replace(SHELLED.report, id="c0" * 32, outlet="Radio Lisk", published="2031-03-10"))
WITNESS = said("the hospital", outlet="Lantern", published="2031-03-10")
DENIED = denial("Tollmar Courier", "two officers", published="2031-03-11")
BOMB = agency()


def rumour() -> Reading:
    """What one report alone tells, on the word of a source without a name."""
    make = ReadingBuilder(
        make_report(
            "Quartermasters began to withdraw guns from Kell ridge, a clerk said.",
            title="Guns on the move",
            outlet="Lantern",
            published="2031-03-11",
        )
    )
    clerk = make.attribution(
        source=["a clerk"],
        cue=["said"],
        content=["Quartermasters began to withdraw guns from Kell ridge"],
        kind="unnamed",
    )
    make.event("withdraw", "RETREAT", mode="withdraw", actors=["Quartermasters"], attribution=clerk, confidence=0.9)
    return make.build()


def story() -> list[Reading]:
    """All of them."""
    return [SHELLED, COPY, WITNESS, DENIED, BOMB, relay(), local(), elsewhere(), rumour()]


def address(reading: Reading) -> str:
    """The page of the happening that the first event of a reading tells."""
    return f"/happenings/{mark_id(reading.report.id, 'E1')}"
