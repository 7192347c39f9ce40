"""What a report was taken from is kept beside it, byte for byte, and never doubled."""

from __future__ import annotations

from dataclasses import asdict, replace
from hashlib import sha256

import pytest
from sqlalchemy import select, update

from dragoman.errors import LedgerError, NotFound, UsageError
from dragoman.ledger.as_of import AsOf, now
from dragoman.ledger.schema import captures, originals
from dragoman.ledger.store import Ledger
from dragoman.records import Capture, Reading
from tests.builders import NEWER
from tests.ledger.places import Place
from tests.ledger.synthetic import synthetic

PAGE = "<p>Two officials said – naïvely – “no”.</p>".encode() * 500


def of(page: bytes, *, kept: bool = True, at: str = "2031-03-04T05:06:07Z") -> Capture:
    """A capture of a page."""
    headers = (("content-type", "text/html"), ("x-odd", "a\x00b"))
    address = "https://news.example/1"
    return Capture(address, at, sha256(page).hexdigest(), len(page), "text/html", 200, headers, page if kept else None)


def captured(seed: int, capture: Capture) -> Reading:
    """A reading of a report that was taken from there."""
    reading = synthetic(seed)
    return replace(reading, report=replace(reading.report, capture=capture))


def test_an_original_comes_back_byte_for_byte(place: Place) -> None:
    reading = captured(1, of(PAGE))
    with Ledger.open(place) as ledger:
        ledger.add(reading)
        found = ledger.captures(reading.report.id[:10])
        odd = (("content-type", "text/html"), ("x-odd", "a\ufffdb"))  # no database holds a NUL
        assert [asdict(one) for one in found] == [{**asdict(of(PAGE, kept=False)), "headers": odd, "kept": True}]
        assert ledger.original(found[0].sha256) == PAGE
        assert ledger.captures(reading.report.id)[0].content is None
        with ledger.connection() as connection:
            assert len(connection.execute(select(originals.c.content)).scalar_one()) < len(PAGE) / 10


def test_the_same_original_of_two_reports_is_kept_once(place: Place) -> None:
    with Ledger.open(place) as ledger:
        for seed in (1, 2):
            ledger.add(captured(seed, of(PAGE)))
        ledger.add(captured(2, of(PAGE)))  # is there already
        with ledger.connection() as connection:
            assert len(connection.execute(select(originals.c.sha256)).all()) == 1
            assert len(connection.execute(select(captures.c.report)).all()) == 2


def test_bytes_come_to_an_original_of_which_only_the_hash_was_known(place: Place) -> None:
    with Ledger.open(place) as ledger:
        ledger.add(captured(1, of(PAGE, kept=False)))
        with pytest.raises(NotFound, match="no original"):
            ledger.original(of(PAGE).sha256)
        assert [one.kept for one in ledger.captures(synthetic(1).report.id)] == [False]
        ledger.add(captured(2, of(PAGE)))
        assert ledger.original(of(PAGE).sha256) == PAGE
        ledger.add(captured(3, of(PAGE, kept=False)))
        assert all(one.kept for seed in (1, 2, 3) for one in ledger.captures(synthetic(seed).report.id))
        assert ledger.original(of(PAGE).sha256) == PAGE


def test_bytes_that_are_not_what_their_hash_says_are_refused(place: Place) -> None:
    with Ledger.open(place) as ledger:
        with pytest.raises(UsageError, match="not what its hash says"):
            ledger.add(captured(1, replace(of(PAGE), content=b"other")))
        assert not list(ledger.readings())
        ledger.add(captured(1, of(PAGE)))
        with ledger.writing() as connection:
            connection.execute(update(originals).values(content=b"x"))
        with pytest.raises(LedgerError, match="damaged"):
            ledger.original(of(PAGE).sha256)
        with pytest.raises(NotFound):
            ledger.original("\x00'; DROP TABLE originals")


def test_a_report_without_a_capture_has_none(place: Place) -> None:
    with Ledger.open(place) as ledger:
        ledger.add(synthetic(1))
        assert ledger.captures(synthetic(1).report.id) == []


def test_what_was_known_then_is_without_what_came_later(place: Place) -> None:
    reading, page = captured(1, of(PAGE)), b"the page as it came once more"
    id = reading.report.id
    again = replace(reading, made_by=NEWER, report=replace(reading.report, capture=of(page)))
    with Ledger.open(place) as ledger:
        ledger.add(reading)
        before = AsOf(recorded=now())
        assert ledger.add(again)
        assert [one.sha256 for one in ledger.captures(id)] == [of(PAGE).sha256, of(page).sha256]
        assert [one.sha256 for one in ledger.captures(id, before)] == [of(PAGE).sha256]
        assert [one.sha256 for one in ledger.kept([id], before)[id]] == [of(PAGE).sha256]
        assert ledger.as_read(id).made_by == NEWER
        assert ledger.as_read(id, before).made_by == reading.made_by
