"""A ledger for the tests of linked exports: odd letters, corrections of each kind, originals kept and not kept."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from dragoman.documents.text import report_id
from dragoman.ledger.store import Ledger
from dragoman.records import Capture, Reading
from tests import builders
from tests.builders import ReadingBuilder, make_report
from tests.show import readings

PAGE = "<p>Die Schleuse – „zu“.</p>".encode() * 40


def identified(reading: Reading) -> Reading:
    """The same under the id that the program would give it."""
    return replace(reading, report=replace(reading.report, id=report_id(reading.report.text, reading.report.outlet)))


def denial() -> Reading:
    """Somebody claims, another denies."""
    return identified(builders.denial())


def in_odesa() -> Reading:
    """Where the gazetteer knows the place."""
    return identified(builders.in_odesa())


def lock() -> Reading:
    """Voices inside voices."""
    return identified(readings.lock())


def odd() -> Reading:
    """Emoji of several code points, words from right to left, combining marks, and the same sentence many times."""
    again = "The gate was shut. " * 6
    text = (
        f"👩‍🚒🇺🇳 {again}Café owners — e\u0301lus — said «אין שער פתוח» to مراسل. {again}"
        "The mayor of Bru\u0308gg denied it 😀.\nLine two \u202eturned\u202c and a tab\there."
    )
    make = ReadingBuilder(make_report(text, title="Gate 😀", outlet='Ładoga "Post"', published="2031-03-06"))
    mayor = make.entity("mayor of Bru\u0308gg", "person", mentions=["The mayor of Bru\u0308gg"])
    said = make.attribution(
        source=["Café owners — e\u0301lus —"],
        cue=["said"],
        content=["«אין שער פתוח»"],
        kind="unnamed",
        addressee="مراسل",
    )
    make.attribution(
        source=["The mayor of Bru\u0308gg"], cue=["denied"], content=["it 😀", "\u202eturned\u202c"], entity=mayor
    )
    make.event(("shut", 3), "COERCE", mode="restrict", recipients=[("The gate", 3)], attribution=said)
    make.event(("shut", 12), "COERCE", actors=[("The mayor of Bru\u0308gg", mayor)], status="not_occurred")
    return identified(make.build())


def captured(reading: Reading, *, kept: bool) -> Reading:
    """The same with what it was taken from."""
    at = "2031-03-06T05:06:07Z" if kept else None
    address = "https://ladoga.example/gate" if kept else "gate <b>.pdf"
    headers = (("content-type", "text/html"),) if kept else ()
    content = PAGE + (b"" if kept else b"x")
    capture = Capture(
        address, at, sha256(content).hexdigest(), len(content), "text/html", 200 if kept else None, headers
    )
    return replace(reading, report=replace(reading.report, capture=replace(capture, content=content if kept else None)))


def linked_ledger(path: Path) -> Path:
    """A ledger in which somebody corrected, accepted and dropped marks."""
    with Ledger.open(path) as ledger:
        for reading in (captured(denial(), kept=False), captured(odd(), kept=True), in_odesa()):
            assert ledger.add(reading)
        for reading in map(identified, readings.crisis()):
            ledger.add(reading)
        id = denial().report.id[:12]
        ledger.correct(f"{id}:E1", "status", "planned", "they only will", "Mara")
        ledger.correct(f"{id}:E2", "accepted", "yes", "read twice", "Mara")
        ledger.correct(f"{id}:E4", "dropped", "yes", "no restriction", "Teodor")
        ledger.correct(f"{id}:A2", "kind", "named", "", "")
    return path
