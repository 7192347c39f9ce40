"""`/v1`: the ledger as JSON, for programs. Rows are those of `ledger.rows`, readings the public JSON."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from dragoman.show.access import reads
from dragoman.show.api import happenings, lists, network, pictures, review, sources
from dragoman.show.api.answers import Problem, json_of, problem

__all__ = ["describe", "problem", "router"]

router = APIRouter(prefix="/v1", dependencies=[Depends(reads)])
for part in (lists, happenings, network, pictures, sources, review):
    router.include_router(part.router)


@router.get("/openapi.json", include_in_schema=False)
def openapi(request: Request) -> Response:
    """What programs may ask, for programs."""
    return json_of(request.app.openapi())


def describe(schema: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI description that FastAPI made, put right where it cannot know better.

    Problems replace its 422; the offset map and the capture of a report stay inside the program.
    """
    schemas = schema["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError", "OffsetMap", "Capture"):
        schemas.pop(name, None)
    for name in ("offsets", "capture"):
        schemas["Report"]["properties"].pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    for path in schema["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    return schema
