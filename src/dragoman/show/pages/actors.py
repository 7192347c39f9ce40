"""Who and what the reports name, and a page for each with all that is told of it."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.codes import codes, country_table
from dragoman.compare.network import network
from dragoman.compare.speaking import is_pronoun
from dragoman.compare.state.actors import is_proper
from dragoman.compare.state.near import near
from dragoman.ledger import query
from dragoman.ledger.about import READINGS, about, leading
from dragoman.ledger.folding import fold
from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import EntityRow
from dragoman.show import state as standing
from dragoman.show.access import ledger_of
from dragoman.show.pages.page import ROWS, after_of, asked_of, shown, then_of, times_of

router = APIRouter()

FIRST = 10
"""Rows of each part of an actor's page; the rest is a link away."""
EVENTS = 1000
"""Pairs of participants from which an actor's relations to others are counted: on a million events that takes 0.1 s."""
NAMING = 40
"""Reports from which positions are worked out: each takes about 5 ms."""
LEADING = 12
"""Those who are named most, before the list of all."""
_NOBODY = ("place", "group", "other")
"""Types left out of those who are named most, unless they are asked for."""


@router.get("/actors")
def actors(request: Request) -> Response:
    """Who and what all reports name; before all of them by name, who is named most in the newest reports."""
    ledger, asked = ledger_of(request), asked_of(request)
    page = query.entities(ledger, asked, after_of(request), ROWS)
    first = after_of(request) is None and not asked.given().keys() - {"as_of", "recorded", "type"}
    types = [asked.type] if asked.type else [type for type in codes().entity_types if type not in _NOBODY]
    return shown(
        request,
        "actors.html",
        page=page,
        leading=_named(leading(ledger, then_of(request), types, limit=5 * LEADING)) if first else [],
        readings=READINGS,
        countries=sorted(country_table(), key=lambda code: str(country_table()[code]["name"])),
    )


def _named(rows: list[EntityRow]) -> list[EntityRow]:
    """Those of the rows that go by a name, as many as lead the list: not `the army`, `one of them`."""
    return [row for row in rows if is_proper(row.name) and not is_pronoun(row.name)][:LEADING]


@router.get("/actors/{id}")
def actor(request: Request, id: str) -> Response:
    """Somebody by the id of an entity: what all reports tell of whom it means."""
    ledger, then, times = ledger_of(request), then_of(request), times_of(request)
    reading, entity = ledger.entity(id, then)
    whole = mark_id(reading.report.id, entity.id)
    told = about(ledger, query.everybody(ledger, whole, then), then)
    around = network(ledger, times, entity=whole, most=EVENTS)
    called = {fold(spelling.name) for spelling in told.spellings}
    return shown(
        request,
        "actor.html",
        id=whole,
        entity=entity,
        reading=reading,
        about=told,
        words=[words for words, _ in told.words if fold(words) not in called and not is_pronoun(words)],
        around=around,
        names={node.id: node for node in around.nodes},
        first=FIRST,
        acts=query.events(ledger, times, limit=FIRST, entity=whole),
        receives=query.events(ledger, times, limit=FIRST, toward=whole),
        says=query.attributions(ledger, times, limit=FIRST, entity=whole),
    )


@router.get("/actors/{id}/positions")
def positions(request: Request, id: str) -> Response:
    """What somebody holds to, by the newest reports that name it; a part of the actor's page that comes after it."""
    ledger, asked = ledger_of(request), asked_of(request)
    reading, entity = ledger.entity(id, then_of(request))
    newest = [row.published or "" for row in query.reports(ledger, times_of(request), limit=1).rows]
    day = asked.as_of or max([date.today().isoformat(), *newest])  # a clock may be behind its reports
    found = near(ledger, id, day, NAMING, asked.recorded or None)
    return shown(
        request,
        "actor_positions.html",
        id=mark_id(reading.report.id, entity.id),
        entity=entity,
        near=found,
        kinds=[
            (heading, holding, [one for one in found.state.open if one.kind == kind])
            for kind, (heading, holding) in standing.HEADINGS.items()
        ],
        standing=standing,
    )
