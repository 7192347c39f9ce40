"""Invented readings for timeline and map: two outlets that tell of one shelling, and what each tells alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dragoman.codes import codes
from dragoman.ledger.flatten import flatten
from dragoman.ledger.inserting import insert_reading, insert_rows
from dragoman.ledger.store import Ledger
from dragoman.records import Place, Reading
from tests.builders import ReadingBuilder, make_report

DORVANE = Place("Dorvane", "settlement", "UKR", "Sarre", None, 45.1, 34.0, 1, "point")
SARRE = Place("Sarre", "division", "UKR", "Sarre", None, 46.5, 36.0, 2, "province")
TOLNE = Place("Tolne", "settlement", "DNK", None, None, 57.5, 10.3, 3, "point")


@dataclass(frozen=True)
class Telling:
    """One sentence with one event in it."""

    actor: str
    verb: str
    whom: str
    type: str
    place: Place | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return f"{self.actor} {self.verb} {self.whom}{f' in {self.place.name}' if self.place else ''}."


def day(start: str, end: str | None = None, precision: str = "day", **more: Any) -> dict[str, Any]:
    """Fields of an event with a date."""
    return {"start": start, "end": end or start, "date_precision": precision, **more}


SHELLING = Telling(
    "The Velmari army", "shelled", "the bus station", "ASSAULT", DORVANE, day("2031-03-03", mode="heavy-weapons")
)
OWN = (
    Telling("Anselm Kade", "met", "the council of Tolne", "CONSULT", TOLNE, day("2031-03-05")),
    Telling("The council", "will send", "forty observers", "AGREE", None, day("2031-03-10", status="planned")),
    Telling(
        "The Front", "blocked", "the road", "COERCE", SARRE, day("2031-02-01", "2031-02-28", "month", confidence=0.2)
    ),
    Telling("Oskara", "did not close", "its border", "SANCTION", None, day("2031-03-06", status="not_occurred")),
    Telling("The miners", "went on", "strike", "PROTEST", SARRE, {"date_precision": "unresolved"}),
    Telling("The old king", "signed", "a treaty", "AGREE", TOLNE, day("1172-01-01", "1172-12-31", "year")),
    Telling("The guards", "kept", "the gate", "COERCE", None, {"start": "2031-03-01", "date_precision": "interval"}),
)


def report(outlet: str, published: str | None, *told: Telling) -> Reading:
    """A report in which an outlet tells these itself, but for the last, which `a nurse` says."""
    text = " ".join(f"{one.sentence[:-1]}, a nurse said." if one is told[-1] else one.sentence for one in told)
    make = ReadingBuilder(make_report(text, title=f"{outlet} on {published}", outlet=outlet, published=published))
    for one in told:
        place = None if one.place is None else make.entity(one.place.name, "place", place=one.place)
        who = make.entity(one.actor, "government", mentions=[one.actor])
        held = None
        if one is told[-1]:
            held = make.attribution(source=["a nurse"], cue=["said"], content=[one.sentence[:-1]], kind="unnamed")
        make.event(
            one.verb,
            one.type,
            actors=[(one.actor, who)],
            recipients=[one.whom],
            place=None if one.place is None else (one.place.name, text.count(one.place.name) and _nth(text, one)),
            place_entity=place,
            attribution=held,
            **one.more,
        )
    return make.build()


def _nth(text: str, one: Telling) -> int:
    """Which occurrence of the place's name is that of the sentence."""
    assert one.place is not None
    end = text.index(one.sentence[:-1]) + len(one.sentence) - 1
    return text[:end].count(one.place.name)


def charted() -> list[Reading]:
    """Two reports: one shelling in both, seven things in the first alone."""
    return [
        report("Harbour Post", "2031-03-07", *OWN, SHELLING),
        report("Sarre Courier", "2031-03-04", SHELLING),
    ]


MARKS = 1 + len(OWN)


_SYLLABLES = "ba ke lo mi nu ra se ti vo zu".split()


def _word(n: int) -> str:
    """A word for a number, unlike that of any other."""
    return "".join(_SYLLABLES[int(digit)] for digit in f"{n * 7919 % 10_000:04}").capitalize()


def fill(ledger: Ledger, reports: int) -> None:
    """That many further reports, each of one event on a day and at a place of its own."""
    types = list(codes().event_types)
    with ledger.writing() as connection:
        for n in range(reports):
            when = f"2030-{1 + n % 12:02}-{1 + n % 28:02}"
            where = Place(_word(n), "settlement", "NOR", None, None, 60 + n % 10, 8 + n % 20, 100 + n, "point")
            told = Telling(_word(n + 2500), "saw", _word(n + 5000), types[n % 16], where, day(when))
            reading = report("Norda", when, told)
            insert_rows(connection, insert_reading(connection, reading), flatten(reading))
