"""Who tells us what: outlets and sources, what rests on unnamed ones, what was confirmed and contradicted since."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from starlette.responses import Response

from dragoman.compare.overruling import overrule
from dragoman.compare.sources import CONFIRMED, CONTRADICTED, OPEN, Source, named
from dragoman.compare.speaking import KINDS
from dragoman.errors import NotFound, UsageError
from dragoman.show import tellers
from dragoman.show.access import Visitor, decides, ledger_of
from dragoman.show.pages.page import back, shown, then_of, times_of

router = APIRouter()

MOST = 60
"""Sources of one page, and claims of one source."""
FATES = (CONTRADICTED, CONFIRMED, OPEN)


@router.get("/sources")
def sources(request: Request) -> Response:
    """Every outlet, and the sources of a kind or name."""
    given = request.query_params
    kind, name = given.get("kind", "").strip(), given.get("name", "").strip()
    if kind and kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of source", f"take one of {', '.join(KINDS)}")
    found = tellers.tellers(ledger_of(request), times_of(request))
    chosen = _cited(found, kind) if found else []
    if name:
        chosen = named(chosen, name)
    return shown(
        request,
        "sources.html",
        found=found,
        chosen=chosen[:MOST],
        left_out=max(0, len(chosen) - MOST),
        kinds=KINDS,
        kind=kind,
        name=name,
    )


def _cited(found: tellers.Tellers, kind: str) -> list[Source]:
    """The sources of a kind but for the outlets whose reports are there: those stand above."""
    own = {one.id for one in found.outlets}
    return [one for one in found.sources if kind in ("", one.kind) and one.id not in own]


@router.get("/sources/one")
def source(request: Request, id: str = "", fate: str = "") -> Response:
    """One source or outlet with its claims, all or those of one fate, and what became of each."""
    if fate and fate not in FATES:
        raise UsageError(f"{fate!r} is no fate of a claim", f"take one of {', '.join(FATES)}")
    if not id.strip():
        return back("/sources", **times_of(request).given())
    ledger = ledger_of(request)
    found = tellers.tellers(ledger, times_of(request))
    if found is None:
        raise NotFound("the sources of this ledger are not worked out yet", "run `dragoman sources`")
    one = tellers.one(found, id.strip())
    claims = [claim for claim in one.claims if fate in ("", claim.fate)]
    claims.sort(key=lambda claim: (claim.published or "", claim.event), reverse=True)
    given = ledger.overrulings(then_of(request)).get(f"source:{one.id}")
    return shown(
        request,
        "source.html",
        one=one,
        claims=claims[:MOST],
        left_out=max(0, len(claims) - MOST),
        grade=given,
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
