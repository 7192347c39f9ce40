"""What is new in the ledger since a day: what happened, what is disputed, what rests on unnamed sources alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.compare import of_ledger
from dragoman.compare.contradictions import VOUCHES, Contradiction
from dragoman.compare.state.changed import ACTORS, REPORTS, changed
from dragoman.compare.summaries import HappeningRow
from dragoman.ledger import query
from dragoman.ledger.as_of import NOW
from dragoman.ledger.comparisons import Choice
from dragoman.ledger.ids import mark_id
from dragoman.ledger.query import AsOf, Filter
from dragoman.ledger.rows import EventRow
from dragoman.ledger.store import Ledger
from dragoman.ledger.trouble import missing
from dragoman.records import LOW
from dragoman.show.access import ledger_of
from dragoman.show.pages.page import day_of, shown, then_of, times_of

router = APIRouter()

PERIODS = {"day": 1, "week": 7, "month": 30}
USUAL = "week"
HEAVIEST, DISPUTED, UNNAMED = 10, 5, 6
"""Happenings, contradictions and claims on unnamed sources that the front page has room for."""
CHANGED = 8
ENDINGS = {
    "superseded": "superseded",
    "carried_out": "carried out",
    "answered": "answered",
    "done": "done",
    "lapsed": "over",
}
"""How what somebody held to ended, in a word."""
LOOKED_AT = 60
"""Newest events of unnamed sources among which those are looked for that nobody else tells."""
MISSING = 5
"""Feeds from which nothing comes that are named."""
COUNTED = 2_000
"""Reports that are counted: beyond, the page says `more than`."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A happening with the contradiction that came up last."""

    row: HappeningRow
    contradiction: Contradiction


@router.get("/")
def today(request: Request) -> Response:
    """What is new in the ledger."""
    ledger, then, times = ledger_of(request), then_of(request), times_of(request)
    newest = _newest(ledger, times)
    if newest is None:
        return shown(request, "today.html", newest=None)
    periods = {name: _before(newest, days) for name, days in PERIODS.items()}
    since = day_of(request, "since") or periods[USUAL]
    told = Choice(told_since=since)
    return shown(
        request,
        "today.html",
        newest=newest,
        since=since,
        periods=periods,
        counts=query.came_in(ledger, since, then, COUNTED + 1),
        counted=COUNTED,
        named=MISSING,
        kept=of_ledger.standing(ledger, then),
        heaviest=of_ledger.summaries(ledger, times, limit=HEAVIEST, choice=told).rows,
        disputes=_disputes(ledger, times, then, since),
        unnamed=of_ledger.summaries(ledger, times, limit=UNNAMED, choice=Choice(told_since=since, unnamed=True)).rows,
        alone=_alone(ledger, times, then, since),
        missing=_missing(ledger, then),
    )


@router.get("/today/positions")
def positions(request: Request) -> Response:
    """What the most active actors no longer hold to, on a page of its own since it takes the longest."""
    ledger, times = ledger_of(request), times_of(request)
    newest = _newest(ledger, times)
    since = day_of(request, "since") or (_before(newest, PERIODS[USUAL]) if newest else "")
    found = changed(ledger, since, newest, times)[:CHANGED] if newest else []
    return shown(
        request, "changed_positions.html", found=found, since=since, endings=ENDINGS, reports=REPORTS, actors=ACTORS
    )


def _missing(ledger: Ledger, then: AsOf) -> list[str]:
    """What is missing of the feeds that are watched; of an earlier day that is not known."""
    if then != NOW:
        return []
    with ledger.connection() as connection:
        return missing(connection, datetime.now(UTC))


def _newest(ledger: Ledger, times: Filter) -> str | None:
    """The day of the newest report."""
    first = query.reports(ledger, times, limit=1).rows
    return _day_or_none(first[0].published) if first else None


def _before(day: str, days: int) -> str:
    """The day so many days before, or the first that a calendar has."""
    ordinal = date.fromisoformat(day).toordinal() - days
    return date.fromordinal(max(ordinal, 1)).isoformat()


def _day_or_none(published: str | None) -> str | None:
    try:
        return date.fromisoformat(published or "").isoformat()
    except ValueError:
        return None


def _disputes(ledger: Ledger, times: Filter, then: AsOf, since: str) -> list[Dispute]:
    """The happenings of which a contradiction came up since, the newest first."""
    choice = Choice(disputed_since=since)
    rows = of_ledger.summaries(ledger, times, limit=DISPUTED, choice=choice, order="disputed").rows
    found = ((row, of_ledger.disputes(ledger, row.id, then)) for row in rows)
    return [Dispute(row, max(disputes, key=_came_up)) for row, disputes in found if disputes]


def _came_up(dispute: Contradiction) -> str:
    """The day on which both sides had been told."""
    return max(min((claim.published or "" for claim in side), default="") for side in (dispute.one, dispute.other))


def _alone(ledger: Ledger, times: Filter, then: AsOf, since: str) -> list[EventRow]:
    """The newest events that one report alone tells, on the word of an unnamed source."""
    filter = Filter(as_of=times.as_of, recorded=times.recorded, source_kind="unnamed")
    rows = query.events(ledger, filter, limit=LOOKED_AT).rows
    found: list[EventRow] = []
    told: dict[str, set[str]] = {}
    for row in rows:
        if (row.published or "") < since or len(found) == UNNAMED:
            break
        if row.report not in told:
            told[row.report] = {mark_id(row.report, id) for id in of_ledger.told_in(ledger, row.report, then)}
        if row.confidence >= LOW and row.id not in told[row.report] and row.stance in VOUCHES:
            found.append(row)
    return found
