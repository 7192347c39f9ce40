"""One report, event, attribution or entity of the ledger on the screen, with what other reports make of it."""

from __future__ import annotations

from dragoman.compare.of_ledger import happening_of, standing, tree_of
from dragoman.compare.overruling import graded_in
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import AnyMark, Ledger
from dragoman.records import Event, Reading
from dragoman.show import happening, listing
from dragoman.show.output import one_line, tell
from dragoman.show.screen import Screen
from dragoman.show.wording import many, moment


def put(screen: Screen, ledger: Ledger, reading: Reading, mark: AnyMark | None, as_of: AsOf) -> None:
    """Writes a reading or one mark of it, then the report's copies or the event's happening, as known then."""
    if mark is None:
        screen.reading(reading)
        _taken(screen, ledger, reading, as_of)
        _copies(screen, ledger, reading, as_of)
    else:
        listing.put_mark(screen, reading, mark)
    if isinstance(mark, Event):
        _happening(screen, ledger, mark_id(reading.report.id, mark.id), as_of)
    if retraction := ledger.retraction(reading.report.id, as_of):
        tell(f"retracted from {retraction.day} on", retraction.decision.reason)


def _taken(screen: Screen, ledger: Ledger, reading: Reading, as_of: AsOf) -> None:
    """What the report was taken from by then, and whether that is kept."""
    for number, capture in enumerate(ledger.captures(reading.report.id, as_of)):
        if number == 0:
            screen.put()
        when = f", {moment(capture.captured_at)}" if capture.captured_at else ""
        how = "kept: dragoman original" if capture.kept else "not kept; SHA-256"
        screen.labelled("taken from", f"{one_line(capture.address)}{when}, {many(capture.size, 'byte')}", 0)
        screen.labelled("", f"{how} {capture.sha256}", 0)


def _copies(screen: Screen, ledger: Ledger, reading: Reading, as_of: AsOf) -> None:
    if tree := tree_of(ledger, reading.report.id, as_of):
        screen.put()
        listing.put_kin(screen, tree, reading.report.id)


def _happening(screen: Screen, ledger: Ledger, event: str, as_of: AsOf) -> None:
    kept = standing(ledger, as_of)
    if kept is None or kept.behind:
        tell("whether other reports tell this is not worked out yet", "`dragoman happenings` does that")
    elif told := happening_of(ledger, event, as_of):
        screen.put()
        happening.put(screen, *graded_in(ledger, [told], as_of))
