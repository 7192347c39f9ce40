"""The review for programs: the queue, decisions, and taking the last one back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from dragoman.ledger.acts import Act
from dragoman.ledger.doubts import SETTLED
from dragoman.show import deciding, review
from dragoman.show.access import Visitor, decides, ledger_of, sent
from dragoman.show.api.answers import answers, json_of
from dragoman.show.api.asked import About, Paged, one_of
from dragoman.show.review import Asked

router = APIRouter(prefix="/review")

Reviewer = Annotated[Visitor, Depends(decides("reviewer"))]


class Reviewed(About, Paged):
    """A page of what waits for a decision."""

    limit: int = Field(20, ge=1, le=100, description="rows of a page at most")
    kind: str = Field("event", description=one_of(review.KINDS))
    below: int = Field(SETTLED, ge=1, le=100, description="per cent of confidence from which a mark is not in question")

    def asked(self) -> Asked:
        """The queue that is asked for."""
        return Asked.of(self.kind, self.filter(), str(self.below), self.after)


class Waiting(BaseModel):
    """One thing to decide of: `item` and `seen` are sent back with the decision."""

    kind: Literal["event", "attribution", "happening", "entity"]
    item: str
    seen: str
    why: str
    reasons: list[str]
    confidence: float | None
    cursor: str


class Queue(BaseModel):
    """A page of what waits."""

    rows: list[Waiting]
    next_cursor: str | None


class Done(BaseModel):
    """What was decided, and the number of the act."""

    did: str
    act: int


@router.get("", responses=answers(Queue), summary="What the model is unsure of or reports dispute, for review")
def queue(request: Request, asked: Annotated[Reviewed, Query()]) -> Response:
    return json_of(review.waiting(ledger_of(request), asked.asked(), asked.limit))


@router.post("", responses=answers(Done, 409), summary="Decide of one item, by a form")
def decide(
    request: Request,
    visitor: Reviewer,
    given: Annotated[Mapping[str, str], Depends(sent)],
    item: Annotated[str, Form(description="as the queue has it: an id, or two")],
    decision: Annotated[str, Form(description=one_of((*deciding.MARKS, *deciding.PAIRS)))],
    seen: Annotated[str, Form(description="as the queue has it: refused (409) if it is another by now")] = "",
    reason: Annotated[str, Form(description="why, for the record")] = "",
) -> Response:
    """`change` takes what the fields of the mark should say besides: type, mode, status... as `dragoman correct`."""
    ledger = ledger_of(request)
    told = {**given, "item": item, "decision": decision, "seen": seen, "reason": reason}
    did = deciding.decide(ledger, told, visitor.name)
    return _done(did, ledger.last_act(visitor.name))


@router.post("/undo", responses=answers(Done, 409), summary="Take your last decision back")
def undo(request: Request, visitor: Reviewer) -> Response:
    act = ledger_of(request).undo(visitor.name)
    return _done(act.did, act)


def _done(did: str, act: Act | None) -> Response:
    return json_of({"did": did, "act": act.number if act else None})
