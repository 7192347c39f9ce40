"""The pages for people: one module for each view, its template of the same name, all on `router`.

Invariant: every page is whole without script, keeps the time that the address asks for (`as_of`, `recorded`), and
is asked for only by who may read (`access`), but for signing in and out.
"""

from __future__ import annotations

from fastapi import APIRouter, Depends

from dragoman.show.access import anybody, reads
from dragoman.show.pages import (
    account,
    accounts,
    actors,
    export,
    happenings,
    map,
    network,
    reference,
    reports,
    review,
    search,
    signin,
    sources,
    timeline,
    today,
)

__all__ = ["for_anybody", "router", "signin"]

router = APIRouter(include_in_schema=False, dependencies=[Depends(reads)])
for view in (
    today, search, reports, happenings, timeline, map, actors, network, sources, review, export, reference, account,
    accounts,
):  # fmt: skip
    router.include_router(view.router)

for_anybody = APIRouter(include_in_schema=False, dependencies=[Depends(anybody)])
for_anybody.include_router(signin.router)
