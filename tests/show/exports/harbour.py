"""A report with one event of each sort that formats without a status must tell apart, and others that retell it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from dragoman.ledger.store import Ledger
from dragoman.records import Capture, Place, Reading
from tests.builders import ReadingBuilder, make_report

ODESA = Place("Odesa", "city", "UKR", "Odesa Oblast", "Odesa Raion", 46.48, 30.73, 698740, "point")
TEXT = (
    "Soldiers of the Northern Guard shelled the harbour of Odesa on Tuesday, killing at least 14 dockers, two harbour "
    "officials said.\n\n"
    "Police arrested Mara Quist, the head of the dockers’ union, on 3 March. "
    "Dockers and ferrymen marched in Odesa on Monday. "
    "The Northern Guard fought the Free Harbour League at Varn in February. "
    "Unknown men may have burned the customs house. "
    "Moldova’s foreign minister denied that her police had beaten any docker. "
    "The Guard will attack again, the League fears. "
    "A curfew was imposed. "
    "The minister met Ukraine’s president; Ukraine praised the League in 2030."
)


def harbour(
    outlet: str = "Harbour Post", published: str | None = "2031-03-05", text: str = TEXT, killed: int = 14
) -> Reading:
    """What a careful reader marks in it, with that many dead."""
    dead = f"{killed} dockers"
    text = text.replace("14 dockers", dead)
    url = f"https://{outlet.lower().replace(' ', '')}.example/1"
    make = ReadingBuilder(make_report(text, title="Shells on the harbour", outlet=outlet, published=published, url=url))
    odesa = make.entity("Odesa", "place", mentions=[("Odesa", 1)], country="UKR", place=ODESA)
    guard = make.entity("Northern Guard", "military", mentions=["the Northern Guard"], country="MDA", sector="MIL")
    dockers = make.entity("dockers", "group", mentions=[dead], country="UKR", sector="LAB")
    officials = make.entity("harbour officials", "group", mentions=["two harbour officials"], sector="GOV")
    police = make.entity("police of Odesa", "government", mentions=["Police"], country="UKR", sector="COP")
    quist = make.entity("Mara Quist", "person", mentions=["Mara Quist"], country="UKR", sector="LAB", role="head")
    league = make.entity("Free Harbour League", "armed_group", mentions=["the Free Harbour League"], sector="REB")
    minister = make.entity(
        "Foreign Ministry", "government", mentions=["Moldova’s foreign minister"], country="MDA", sector="GOV",
        canonical="Ministry of Foreign Affairs; Moldova",
    )  # fmt: skip
    said = make.attribution(
        source=["two harbour officials"],
        cue=[" said"],
        content=["Soldiers of the Northern Guard shelled the harbour of Odesa on Tuesday"],
        kind="unnamed",
        entity=officials,
    )
    denied = make.attribution(
        source=["Moldova’s foreign minister"],
        cue=["denied"],
        content=["that her police had beaten any docker"],
        entity=minister,
        stance="denies",
    )
    make.event(
        "shelled", "ASSAULT", mode="heavy-weapons",
        actors=[("the Northern Guard", guard)], recipients=[(dead, dockers)],
        place="the harbour of Odesa", place_entity=odesa, time="Tuesday", start="2031-03-04", end="2031-03-04",
        attribution=said, counts=[("killed", killed, "at_least", f"at least {dead}")],
    )  # fmt: skip
    make.event(
        "arrested", "COERCE", mode="arrest", actors=[("Police", police)], recipients=[("Mara Quist", quist)],
        start="2031-03-03", end="2031-03-03", certainty="probable",
    )  # fmt: skip
    make.event(
        "marched", "PROTEST", mode="demo", actors=["Dockers", "ferrymen"], place=("Odesa", 2), place_entity=odesa,
        start="2031-03-03", end="2031-03-03",
    )  # fmt: skip
    make.event(
        "fought", "ASSAULT", actors=[(("The Northern Guard", 1), guard), ("the Free Harbour League", league)],
        place="Varn", start="2031-02-01", end="2031-02-28", date_precision="month",
    )  # fmt: skip
    make.event("burned", "ASSAULT", mode="destroy", actors=["Unknown men"], certainty="possible")
    make.event("beaten", "ASSAULT", mode="beat", actors=["her police"], recipients=["any docker"], attribution=denied)
    make.event("attack", "ASSAULT", actors=["The Guard"], status="planned")
    make.event("imposed", "COERCE", mode="curfew", confidence=0.4)
    make.event("met", "CONSULT", actors=["The minister"], recipients=["Ukraine’s president"])
    make.event("praised", "SUPPORT", actors=[("Ukraine praised", 1)], start="2030-01-01", end="2030-12-31",
               date_precision="year")  # fmt: skip
    return make.build()


def captured(reading: Reading) -> Reading:
    """The same, fetched from its address, so that there is a page to archive."""
    report, page = reading.report, f"<p>{reading.report.id}</p>".encode()
    digest = sha256(page).hexdigest()
    taken = Capture(
        report.url or "https://x.example/", "2031-03-05T06:07:08Z", digest, len(page), "text/html", 200, content=page
    )
    return replace(reading, report=replace(report, capture=taken))


TRUE = ["E1", "E2", "E3", "E4", "E9", "E10"]
"""Those that occurred, as somebody says who vouches for it."""


@contextmanager
def told(path: Path, *readings: Reading) -> Iterator[Ledger]:
    """A ledger of some readings."""
    path.mkdir(exist_ok=True)
    with Ledger.open(path / "ledger.sqlite") as ledger:
        for reading in readings:
            ledger.add(reading)
        yield ledger
