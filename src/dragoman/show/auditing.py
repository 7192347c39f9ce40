"""The audit list of a shared ledger, written by what stands round every route.

Invariant: whatever somebody known asked to change, and every attempt to sign in, is in the list before it is answered.
Requests by nobody are not: they change nothing, and could fill it.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.ledger.audit import Act, record
from dragoman.ledger.store import Ledger

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
NOBODY = "(nobody of that name)"
"""Stands for a name that no user has: somebody may have typed a password there."""


class Audit:
    """Adds a line for each request that may change something, by who asked it (`request.state.visitor` or `acting`).

    A route that knows better than its address what it changes says so in `request.state.subject`.
    """

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        self.app = app
        self.ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in _SAFE:
            await self.app(scope, receive, send)
            return
        request = Request(scope)

        async def send_when_recorded(message: Message) -> None:
            if message["type"] == "http.response.start":
                act = _act(request, message["status"])
                if act is not None:
                    await run_in_threadpool(record, self.ledger, act)
            await send(message)

        request.state.acting = None  # makes the state that the routes share
        await self.app(scope, receive, send_when_recorded)


def _act(request: Request, status: int) -> Act | None:
    """The line for a request that was asked by somebody known."""
    visitor = getattr(request.state, "visitor", None)
    user = visitor.name if visitor is not None else request.state.acting
    if user is None:
        return None
    route = request.scope.get("route")
    action = f"{request.method} {getattr(route, 'path', request.url.path)}"
    subject = getattr(request.state, "subject", request.url.path)
    return Act(user, action, subject, outcome(status), address_of(request))


def outcome(status: int) -> str:
    """What came of a request, by its status."""
    return "done" if status < HTTPStatus.BAD_REQUEST else f"refused: {HTTPStatus(status).phrase.lower()}"


def address_of(request: Request) -> str:
    """The network address that asks, or that the trusted proxy says asks."""
    return request.client.host if request.client else ""
