"""Who does what to whom: a picture of actors and what they do to each other, and the same as a table."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.compare.network import DEPTHS, network
from dragoman.errors import UsageError
from dragoman.show.access import ledger_of
from dragoman.show.pages.looks import address
from dragoman.show.pages.page import asked_of, shown, then_of

router = APIRouter()

ROWS = 100
"""Edges in the table; the picture has them all."""
SIZES = (50, 100, 200, 500)
"""How many actors may be asked for."""
DEFAULTS = {"depth": 1, "least": 1, "actors": 100}


@router.get("/network")
def network_page(request: Request) -> Response:
    """The network of the newest events that match."""
    ledger, asked = ledger_of(request), asked_of(request)
    numbers = {name: _number(request, name, otherwise) for name, otherwise in DEFAULTS.items()}
    entity = request.query_params.get("entity", "").strip()
    found = network(ledger, asked, entity=entity, **numbers)
    given = {**asked.given(), **({"entity": entity} if entity else {})}
    return shown(
        request,
        "network.html",
        network=found,
        names={node.id: node for node in found.nodes},
        asked=given,
        called={"entity": ledger.entity(entity, then_of(request))[1].name} if entity else {},
        numbers=numbers,
        sizes=SIZES,
        depths=DEPTHS,
        rows=ROWS,
        data=address("/v1/network", **given, **{name: str(value) for name, value in numbers.items()}),
    )


def _number(request: Request, name: str, otherwise: int) -> int:
    given = request.query_params.get(name, "").strip()
    if not given:
        return otherwise
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise UsageError(f"{name} {given[:20]!r} is no number", f"give a whole number, such as {otherwise}")
    return int(given)
