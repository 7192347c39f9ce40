"""Who and what the reports name, and a page for each."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.ledger import query
from dragoman.ledger.ids import mark_id
from dragoman.records import Entity, Reading
from dragoman.show.access import ledger_of
from dragoman.show.cards import tied
from dragoman.show.pages.page import ROWS, after_of, asked_of, shown, then_of, times_of

router = APIRouter()


@router.get("/actors")
def actors(request: Request) -> Response:
    """Who and what all reports name."""
    page = query.entities(ledger_of(request), asked_of(request), after_of(request), ROWS)
    return shown(request, "actors.html", page=page)


@router.get("/actors/{id}")
def actor(request: Request, id: str) -> Response:
    """One entity as one report has it, and what it does and says in all of them."""
    ledger = ledger_of(request)
    reading, found = ledger.entity(id, then_of(request))
    whole = mark_id(reading.report.id, found.id)
    return shown(
        request,
        "actor.html",
        id=whole,
        entity=found,
        reading=reading,
        words=_other_words(reading, found),
        ties=[tied(reading, tie) for tie in reading.relations if found.id in (tie.subject, tie.object)],
        acts=query.events(ledger, times_of(request), limit=10, entity=whole),
        says=query.attributions(ledger, times_of(request), limit=10, entity=whole),
    )


def _other_words(reading: Reading, entity: Entity) -> list[str]:
    """What the report calls an entity besides the name that heads its page."""
    shown = (entity.canonical or entity.name).casefold()
    names = (entity.name, *(entity.known_as or (reading.words(span) for span in entity.mentions)))
    return [words for words in dict.fromkeys(names) if words.casefold() != shown]
