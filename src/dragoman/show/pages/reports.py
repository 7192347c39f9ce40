"""One report set for reading, where its marks can be corrected and the report retracted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from dragoman.compare import of_ledger
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.as_of import NOW
from dragoman.records import Reading
from dragoman.show import corrections
from dragoman.show.access import Visitor, decides, ledger_of, sent
from dragoman.show.copy_tree import copy_tree
from dragoman.show.corrections import AnyMark, Corrections, Filling
from dragoman.show.pages.looks import address
from dragoman.show.pages.page import back, shown, then_of
from dragoman.show.reading_page import reading_page, said_id

ORIGINAL_HEADERS = {
    "content-type": "application/octet-stream",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "no-store",
}
"""Of an original: no browser shows it or runs anything in it, whatever it is."""

router = APIRouter()


@router.get("/reports/{id}")
def report(request: Request, id: str, mark: str | None = None) -> Response:
    """One report, set for reading; with the form that corrects a mark, where one is named."""
    return _report(request, id, Filling(mark) if mark else None)


@router.get("/reports/{id}/originals/{sha256}")
def original(request: Request, id: str, sha256: str) -> Response:
    """What a report was taken from, byte for byte, as a file to save: never shown, since it is another's."""
    ledger = ledger_of(request)
    if not any(one.kept and one.sha256 == sha256 for one in ledger.captures(id)):
        raise NotFound(f"no original {sha256!r} of this report is kept", "see on its page what it was taken from")
    return Response(
        ledger.original(sha256), headers=ORIGINAL_HEADERS | {"content-disposition": f'attachment; filename="{sha256}"'}
    )


Given = Annotated[Mapping[str, str], Depends(sent)]


@router.post("/reports/{id}/marks/{mark}")
def correct(
    request: Request, id: str, mark: str, given: Given, visitor: Annotated[Visitor, Depends(decides("reviewer"))]
) -> Response:
    """Corrects a mark, and goes back to it; or shows the form again with what could not be taken, and why."""
    ledger = ledger_of(request)
    reading = ledger.reading(id)
    history = corrections.history_of(ledger, reading)
    one = _mark(reading, history, mark)
    reason = given.get("reason", "")
    try:
        if given.get("seen", "") != str(len(history.of(mark))):
            raise UsageError("somebody corrected this meanwhile", "look at what it says now, then save once more")
        wanted = corrections.wanted(one, given)
        corrections.write(ledger, reading, one, wanted, reason, visitor.name)
    except UsageError as error:
        return _report(request, id, Filling(mark, given, reason, str(error)), HTTPStatus.BAD_REQUEST)
    return back(f"/reports/{id}", mark_place(reading, mark), **_kept(request))


@router.post("/reports/{id}/retraction")
def retract(
    request: Request, id: str, given: Given, visitor: Annotated[Visitor, Depends(decides("editor"))]
) -> Response:
    """Retracts a report, or lets it count again; or shows the form again with what could not be taken, and why."""
    ledger, reason = ledger_of(request), given.get("reason", "")
    decide = ledger.restore if given.get("verdict") == "restored" else ledger.retract
    try:
        decide(id, given.get("day", "").strip(), reason, visitor.name)
    except UsageError as error:
        return _report(request, id, Filling("", given, reason, str(error)), HTTPStatus.BAD_REQUEST)
    return back(f"/reports/{id}", "counts", **_kept(request))


def mark_place(reading: Reading, mark: str) -> str:
    """Where on the page the card of a mark is."""
    return next((said_id(one) for one in reading.attributions if one.id == mark), mark)


def _report(request: Request, id: str, filling: Filling | None, status: HTTPStatus = HTTPStatus.OK) -> Response:
    ledger, then = ledger_of(request), then_of(request)
    reading = ledger.reading(id, then)
    whole = reading.report.id
    history = corrections.history_of(ledger, reading, then)
    if filling and filling.mark:
        _mark(reading, history, filling.mark)
    standing = of_ledger.standing(ledger, then, however_old=True)
    tree = of_ledger.tree_of(ledger, whole, then)
    kept = _kept(request)
    return shown(
        request,
        "report.html",
        status,
        path=f"/reports/{id}",
        here=lambda **changed: address(f"/reports/{id}", **{**kept, **changed}),
        retract_address=address(f"/reports/{quote(id)}/retraction", **kept),
        mark_address=lambda mark: address(f"/reports/{quote(id)}/marks/{quote(mark, safe='')}", **kept),
        page=reading_page(reading, request.query_params.get("source"), of_ledger.told_in(ledger, whole, then)),
        retraction=ledger.retraction(whole, then),
        history=history,
        filling=filling,
        standing=standing,
        copies=copy_tree(tree, whole) if tree else None,
        taken=ledger.captures(whole, then),
        versions=[version for version in ledger.versions(reading, then) if version.report != whole],
        now=then == NOW,
        today=date.today().isoformat(),
    )


def _kept(request: Request) -> dict[str, str]:
    """What the address asks for besides a form: one source, a time."""
    return {name: value for name, value in request.query_params.items() if name != "mark"}


def _mark(reading: Reading, history: Corrections, id: str) -> AnyMark:
    """The mark of a report, also one that was found to be none. NotFound."""
    marks: tuple[AnyMark, ...] = (*reading.events, *reading.attributions, *history.dropped)
    for mark in marks:
        if mark.id == id:
            return mark
    raise NotFound(f"no mark {id!r} in this report", "see the report: another model may have renumbered its marks")
