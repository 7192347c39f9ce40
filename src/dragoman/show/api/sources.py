"""Sources and outlets: what each has told, and what became of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from dragoman.errors import NotFound
from dragoman.ledger.query import Filter
from dragoman.show import tellers
from dragoman.show.access import ledger_of
from dragoman.show.api.answers import answers, json_of
from dragoman.show.api.asked import Then
from dragoman.show.sources import as_dict, whole_as_dict

router = APIRouter()


class OneSource(Then):
    """Which source or outlet."""

    id: str = Field(description="a source's id, as /v1/sources has it")


@router.get("/sources", responses=answers(dict[str, Any]), summary="Outlets and sources, the most telling first")
def sources(request: Request, then: Annotated[Then, Query()]) -> Response:
    """What each has told, how much of it rests on unnamed sources, what was confirmed or contradicted since."""
    found = _found(request, then)
    return json_of({"outlets": list(map(as_dict, found.outlets)), "sources": list(map(as_dict, found.sources))})


@router.get("/sources/one", responses=answers(dict[str, Any]), summary="One source or outlet, with each of its claims")
def source(request: Request, asked: Annotated[OneSource, Query()]) -> Response:
    """With the fate of each claim, and the events that bear it out or say otherwise."""
    return json_of(whole_as_dict(tellers.one(_found(request, asked), asked.id)))


def _found(request: Request, then: Then) -> tellers.Tellers:
    found = tellers.tellers(ledger_of(request), Filter(as_of=then.as_of, recorded=then.recorded))
    if found is None:
        raise NotFound("the sources of this ledger are not worked out yet", "run `dragoman sources`")
    return found
