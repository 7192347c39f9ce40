"""Rows of the ledger on the screen, and single marks."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.query import Filter
from dragoman.ledger.store import AnyMark, Ledger
from dragoman.show import listing
from dragoman.show.screen import Screen
from tests.builders import denial
from tests.show.readings import lock


def listed(path: Path, kind: str, filter: Filter, limit: int = 50) -> str:
    """What the screen shows of a list."""
    stream = io.StringIO()
    with Ledger.open(path, create=False) as ledger:
        rows = listing.rows(ledger, kind, filter, limit)
        listing.put_rows(Screen(Console(file=stream, width=80, _environ={})), kind, rows)
    return stream.getvalue()


def test_events(ledger_path: Path) -> None:
    id = denial().report.id[:12]
    assert listed(ledger_path, "events", Filter(report=id)) == (
        f"{id}:E1   COERCE seize · occurred\n"
        "                  his forces → the port of Varn\n"
        "                  Varn · 3 March 2031 (“Monday”)\n"
        "                  Ilan Dov · Harbour Post, 4 March 2031\n"
        f"{id}:E2   ASSAULT · occurred\n"
        "                  (no actor named) → 14 people\n"
        "                  at least 14 killed\n"
        "                  harbour officials (unnamed) · Harbour Post, 4 March 2031\n"
        f"{id}:E3   ASSAULT · did not occur\n"
        "                  We (Foreign Ministry of Tessaly) → any port\n"
        "                  Foreign Ministry of Tessaly (denial) · Harbour Post, 4 March\n"
        "                  2031\n"
        f"{id}:E4   COERCE restrict · occurred\n"
        "                  The council in Oru\n"
        "                  4 March 2031 to 2 June 2031 (“for ninety days”)\n"
        "                  the outlet itself · Harbour Post, 4 March 2031\n"
    )


def test_reports_attributions_and_entities(ledger_path: Path) -> None:
    id = denial().report.id[:12]
    assert listed(ledger_path, "reports", Filter(report=id)) == (
        f"{id}  Marshal claims port as Tessaly denies attack\n"
        "              Harbour Post, 4 March 2031 · 4 events, 3 attributions, 7 entities\n"
    )
    assert (
        f"{id}:A2   harbour officials (unnamed) · assertion\n"
        "                  at least 14 people were killed in the assault\n"
    ) in listed(ledger_path, "attributions", Filter(report=id))
    assert (f"{id}:N1   Ilan Dov · person\n                  named 2 times in 1 report, speaks 1 time\n") in listed(
        ledger_path, "entities", Filter(report=id)
    )


def test_goes_on_over_pages_up_to_the_limit(ledger_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query, "MOST", 4)
    with Ledger.open(ledger_path, create=False) as ledger:
        everything = [row.id for row in listing.rows(ledger, "events", Filter(), 1000)]
        some = [row.id for row in listing.rows(ledger, "events", Filter(), 9)]
    assert len(everything) == len(set(everything)) > 20
    assert some == everything[:9]


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(UsageError, match="take one of reports, events"):
        listing.check_kind("stories")


@pytest.mark.parametrize(
    ("mark", "kind", "told"),
    [
        ("E3", "event", "source     Foreign Ministry of Tessaly (denial)"),
        ("A2", "attribution", "content    at least 14 people were killed in the assault"),
        ("A3", "attribution", "told to    Radio Meridian"),
        ("N1", "entity", "known as   Marshal Dov"),
        ("N1", "entity", "said on Monday that *his* forces"),
    ],
)
def test_a_single_mark(ledger_path: Path, mark: str, kind: str, told: str) -> None:
    stream = io.StringIO()
    with Ledger.open(ledger_path, create=False) as ledger:
        reading, found = ledger.mark(f"{denial().report.id[:12]}:{mark}")
    listing.put_mark(Screen(Console(file=stream, width=200, _environ={})), reading, found)
    assert stream.getvalue().startswith("Marshal claims port")
    assert told in stream.getvalue()
    assert json.loads(json.dumps(listing.mark_as_dict(reading, found)))[kind]["id"] == mark


def test_every_mark_of_a_report_can_be_shown(ledger_path: Path) -> None:
    stream = io.StringIO()
    screen, reading = Screen(Console(file=stream, width=90, _environ={})), lock()
    marks: list[AnyMark] = [*reading.events, *reading.attributions, *reading.entities]
    for mark in marks:
        listing.put_mark(screen, reading, mark)
    assert stream.getvalue().count(reading.report.title or "?") == len(marks)
