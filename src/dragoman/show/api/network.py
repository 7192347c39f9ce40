"""Who does what to whom, as nodes and edges."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from dragoman.compare.network import ACTORS, Network, network
from dragoman.show.access import ledger_of
from dragoman.show.api.answers import answers, json_of
from dragoman.show.api.asked import About

router = APIRouter()


class Drawn(About):
    """A network of the newest events that match."""

    entity: str | None = Field(None, description="an entity's id: only whom it has to do with")
    depth: int = Field(1, ge=1, le=2, description="with entity: 2 takes in whom those have to do with")
    least: int = Field(1, ge=1, le=2**31, description="leave out edges with fewer events")
    actors: int = Field(ACTORS, ge=1, le=ACTORS, description="nodes at most, those with the most events")


@router.get("/network", responses=answers(Network), summary="Who does what to whom: actors and what they do")
def drawn(request: Request, asked: Annotated[Drawn, Query()]) -> Response:
    found = network(
        ledger_of(request),
        asked.filter(),
        entity=asked.entity,
        depth=asked.depth,
        least=asked.least,
        actors=asked.actors,
    )
    return json_of(asdict(found))
