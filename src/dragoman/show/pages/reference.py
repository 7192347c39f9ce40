"""What programs may ask."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from dragoman.show.pages.page import shown

router = APIRouter()


@router.get("/api")
def reference(request: Request) -> Response:
    """What programs may ask, in the words of the OpenAPI description."""
    return shown(request, "api.html", description=request.app.openapi())
