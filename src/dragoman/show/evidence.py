"""An evidence sheet: the claims that match, each in its sentence, with all that a reader needs to check it.

Invariant: nothing stands on it that the report or the ledger does not hold: words with the sentence around them, who
says so, the report's own address and the hash of its text, which model read it, what people changed in that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from dragoman.compare import of_ledger
from dragoman.ledger import query
from dragoman.ledger.correcting import DROPPED
from dragoman.ledger.ids import split_mark_id
from dragoman.ledger.query import AsOf
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Corrected, Event, Reading, Report, Span, stretch
from dragoman.show.cards import Card, Saying, cards, sayings
from dragoman.show.search import Search
from dragoman.show.sentences import sentence
from dragoman.show.snippets import Piece, pieces
from dragoman.show.voices import voices

ROWS = {"reports": 20, "events": 100, "attributions": 100, "happenings": 20}
"""Of each kind on one sheet: some thirty pages of paper."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One event or attribution: its id across the ledger, its sentence in pieces (the claim's own words are hits),
    and what people changed in it. `card` is there for an event; for an attribution `said`, and who passes it on."""

    id: str
    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool
    card: Card | None
    said: Attribution | None
    passed_on: tuple[Saying, ...]
    corrections: tuple[Corrected, ...]

    @property
    def confidence(self) -> float:
        """How sure the model was."""
        mark = self.card.event if self.card else self.said
        return mark.confidence if mark else 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A report with its claims; `text_sha256` is the hash of its text in UTF-8, `recorded_at` when it was read."""

    reading: Reading
    text_sha256: str
    recorded_at: str
    dropped: tuple[Corrected, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The reports of a sheet in the order of the search, when it was made (UTC), and the cursor of the next one."""

    reports: tuple[Evidence, ...]
    made_at: str
    next_cursor: str | None

    @property
    def claims(self) -> int:
        """How many claims stand on it."""
        return sum(len(one.claims) for one in self.reports)


def sheet(ledger: Ledger, search: Search, after: str | None = None) -> Sheet:
    """The sheet of a page of a search. UsageError, NotFound."""
    then = query.as_of(search.filter)
    page = search.page(ledger, after, ROWS[search.kind])
    wanted = _wanted(ledger, search.kind, page.rows, then)
    held = ledger.held(wanted, then)
    told = tuple(
        _evidence(reading, wanted[report], search.kind, held[report].recorded_at)
        for report, reading in query.readings_of(ledger, wanted, then).items()
        if report in held
    )
    return Sheet(told, datetime.now(UTC).isoformat(timespec="seconds"), page.next_cursor)


def text_hash(report: Report) -> str:
    """The SHA-256 of a report's text, as anybody can work it out from the text itself."""
    return sha256(report.text.encode("utf-8", "surrogatepass")).hexdigest()


def _wanted(ledger: Ledger, kind: str, rows: Iterable[Any], then: AsOf) -> dict[str, set[str]]:
    """The reports by their ids, and which marks of each; none where all events are wanted, of reports."""
    if kind == "reports":
        return {row.id: set() for row in rows}
    wanted: dict[str, set[str]] = {}
    for row in rows:
        if kind == "happenings":
            members = of_ledger.happening(ledger, row.id, then).members
            marks = [(member.reading.report.id, member.event.id) for member in members]
        else:
            marks = [(row.report, split_mark_id(row.id)[1])]
        for report, mark in marks:
            wanted.setdefault(report, set()).add(mark)
    return wanted


def evidence(
    reading: Reading, events: Iterable[Event], attributions: Iterable[Attribution], recorded_at: str
) -> Evidence:
    """A report with the claims that some of its marks make: events in order of the text, then attributions."""
    wanted, speaking = {event.id for event in events}, voices(reading)
    claims = [_card(reading, card) for card in cards(reading, speaking) if card.event.id in wanted]
    claims += [_said(reading, said, sayings(reading, speaking, said.id)[1:]) for said in attributions]
    dropped = tuple(one for one in reading.corrections if one.field == DROPPED)
    return Evidence(reading, text_hash(reading.report), recorded_at, dropped, tuple(claims))


def _evidence(reading: Reading, marks: set[str], kind: str, recorded_at: str) -> Evidence:
    if kind == "attributions":
        return evidence(reading, (), [one for one in reading.attributions if one.id in marks], recorded_at)
    events = [one for one in reading.events if kind == "reports" or one.id in marks]
    return evidence(reading, events, (), recorded_at)


def _card(reading: Reading, card: Card) -> Claim:
    return _claim(reading, card.event.id, card.event.trigger, [card.event.trigger], card)


def _said(reading: Reading, said: Attribution, passed_on: tuple[Saying, ...]) -> Claim:
    return _claim(reading, said.id, stretch(said.quotation), sorted(said.quotation) or [(0, 0)], None, said, passed_on)


def _claim(
    reading: Reading,
    mark: str,
    around: Span,
    hits: Sequence[Span],
    card: Card | None,
    said: Attribution | None = None,
    passed_on: tuple[Saying, ...] = (),
) -> Claim:
    quote = sentence(reading.report.text, around)
    changed = tuple(one for one in reading.corrections if one.mark == mark and one.field != DROPPED)
    told = pieces(reading.report.text, quote.span, hits)
    return Claim(mark, told, quote.cut_before, quote.cut_after, card, said, passed_on, changed)
