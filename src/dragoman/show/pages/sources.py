"""Who tells us what: outlets and sources, what rests on unnamed ones, what was confirmed and contradicted since."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from dragoman.compare import of_sources
from dragoman.compare.overruling import overrule
from dragoman.compare.sources import CONFIRMED, CONTRADICTED, OPEN
from dragoman.compare.speaking import KINDS
from dragoman.errors import UsageError
from dragoman.show.access import Visitor, decides, ledger_of
from dragoman.show.pages.page import ROWS, after_of, back, shown, then_of, times_of

router = APIRouter()

FATES = (CONTRADICTED, CONFIRMED, OPEN)


@router.get("/sources")
def sources(request: Request) -> Response:
    """The outlets, and the sources of a kind or name, as they are kept."""
    given = request.query_params
    kind, name = given.get("kind", "").strip(), given.get("name", "").strip()
    ledger, then = ledger_of(request), then_of(request)
    standing = of_sources.standing(ledger, then)
    cited = of_sources.sources(ledger, then, after_of(request), ROWS, part=name, kind=kind)
    return shown(
        request,
        "sources.html",
        standing=standing,
        outlets=of_sources.outlets(ledger, then, limit=ROWS),
        cited=cited,
        kinds=KINDS,
        kind=kind,
        name=name,
    )


@router.get("/sources/one")
def source(request: Request, id: str = "", fate: str = "") -> Response:
    """One source or outlet with its claims, all or those of one fate, and what became of each."""
    if fate and fate not in FATES:
        raise UsageError(f"{fate!r} is no fate of a claim", f"take one of {', '.join(FATES)}")
    if not id.strip():
        return back("/sources", **times_of(request).given())
    ledger, then = ledger_of(request), then_of(request)
    standing = of_sources.standing(ledger, then)
    row, one = of_sources.one(ledger, id.strip(), then)
    claims = [claim for claim in one.claims if fate in ("", claim.fate)]
    claims.sort(key=lambda claim: (claim.published or "", claim.event), reverse=True)
    return shown(
        request,
        "source.html",
        standing=standing,
        one=row,
        claims=claims,
        left_out=row.claims - len(one.claims),
        grade=ledger.overrulings(then).get(f"source:{row.id}"),
        fates={name: sum(claim.fate == name for claim in one.claims) for name in FATES},
        fate=fate,
    )


@router.post("/sources/grade")
def grade(
    request: Request,
    visitor: Annotated[Visitor, Depends(decides("reviewer"))],
    id: Annotated[str, Form()] = "",
    grade: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Gives a source a letter in all that it tells."""
    overrule(ledger_of(request), id, grade, reason.strip(), visitor.name)
    return back("/sources/one", id=id)
