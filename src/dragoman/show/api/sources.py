"""Sources and outlets: what each has told, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from dragoman.compare import of_sources
from dragoman.compare.of_sources import SourceRow
from dragoman.compare.sources import Source
from dragoman.compare.speaking import KINDS
from dragoman.errors import NotFound
from dragoman.ledger.query import MOST, Page
from dragoman.show.access import ledger_of
from dragoman.show.api.answers import answers, json_of, next_page
from dragoman.show.api.asked import Then, one_of

router = APIRouter()


class Outlets(Then):
    """A page of outlets."""

    name: str = Field("", description="words of its name, or of what it is called", max_length=1000)
    after: str | None = Field(None, description="next_cursor of the page before")
    limit: int = Field(50, ge=1, le=MOST, description="rows of a page at most")


class Sources(Outlets):
    """A page of sources."""

    kind: str = Field("", description=one_of(KINDS))


class OneSourceAsked(Then):
    """Which source or outlet."""

    id: str = Field(description="its id, as /v1/sources and /v1/outlets have it")


class OneSource(BaseModel):
    """A source or outlet: its numbers, and the claims that were kept, those whose fate is known first."""

    row: SourceRow
    source: Source


@router.get("/outlets", responses=answers(Page[SourceRow]), summary="Outlets with all that they tell")
def outlets(request: Request, asked: Annotated[Outlets, Query()]) -> Response:
    """How much of it rests on unnamed sources, what was confirmed or contradicted since; the most telling first."""
    return _page(request, asked, of_sources.outlets, part=asked.name)


@router.get("/sources", responses=answers(Page[SourceRow]), summary="Sources, the most telling first")
def sources(request: Request, asked: Annotated[Sources, Query()]) -> Response:
    """What each has told, and what was confirmed or contradicted since."""
    return _page(request, asked, of_sources.sources, part=asked.name, kind=asked.kind)


@router.get("/sources/one", responses=answers(OneSource), summary="One source or outlet, with its claims")
def source(request: Request, asked: Annotated[OneSourceAsked, Query()]) -> Response:
    """With the fate of each claim, and the events that bear it out or say otherwise."""
    ledger, then = ledger_of(request), asked.as_of_then()
    of_sources.standing(ledger, then)
    row, whole = of_sources.one(ledger, asked.id, then)
    return json_of({"row": asdict(row), "source": asdict(whole)})


def _page(request: Request, asked: Outlets, ask: Callable[..., Page[SourceRow] | None], **more: str) -> Response:
    ledger, then = ledger_of(request), asked.as_of_then()
    of_sources.standing(ledger, then)
    page = ask(ledger, then, asked.after, asked.limit, **more)
    if page is None:
        raise NotFound("the sources of this ledger are not worked out yet", "wait a while, or run `dragoman serve`")
    return json_of(asdict(page), headers=next_page(request, page))
