"""From a form of the review to decisions in the ledger: of one card, or of all that a filter names.

Invariant: whatever a form says, either everything that it decides is recorded as one act, or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from dragoman.errors import Overtaken, UsageError
from dragoman.ledger import correcting
from dragoman.ledger.acts import Change, state
from dragoman.ledger.doubts import Doubtful, doubts
from dragoman.ledger.ids import split_mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Event
from dragoman.show.corrections import in_order
from dragoman.show.review import Asked, Side, mark_side

Given = Mapping[str, str]

AT_ONCE = 200
"""Marks that are decided at one stroke: 2 seconds, while nobody else can write."""

SHOWN = 10
"""Marks that the preview shows."""

MARKS, PAIRS = ("accept", "reject", "change"), ("same", "different", "unsure")
"""What may be decided of a mark, and of two events or entities."""

_ACCEPT, _REJECT = ((correcting.ACCEPTED, "yes"),), ((correcting.DROPPED, "yes"),)


def decide(ledger: Ledger, given: Given, decided_by: str) -> str:
    """Records what a form says of one card, and gives what was done. UsageError, NotFound, Overtaken.

    `item` names the card, `decision` is one of `MARKS` or `PAIRS`, `seen` the state in which it was seen; with
    `change`, the fields of the mark say what they should be.
    """
    decision, item, reason = (given.get(name, "").strip() for name in ("decision", "item", "reason"))
    one, _, other = item.partition(" ")
    if other:
        if decision not in PAIRS:
            raise UsageError(f"{decision!r} cannot be decided of two", f"take one of {', '.join(PAIRS)}")
        ledger.judge(one, other.strip(), decision, reason, decided_by, seen="")
        return decision
    if decision not in MARKS:
        raise UsageError(f"{decision!r} cannot be decided of a mark", f"take one of {', '.join(MARKS)}")
    report, mark = split_mark_id(one)
    fields = {"accept": _ACCEPT, "reject": _REJECT}.get(decision) or _changed(mark_side(ledger, one), given)
    change = Change(ledger.resolve(report), mark, fields, given.get("seen") or None)
    done = "accept" if fields == _ACCEPT else decision
    ledger.change([change], done, reason, decided_by)
    return done


def _changed(side: Side, given: Given) -> tuple[tuple[str, str | None], ...]:
    """The fields that a form has otherwise, and that the mark is right then; the later day first where it must be."""
    mark = side.event.event if side.event else side.attribution
    if mark is None:
        raise UsageError(f"{side.id} is no event or attribution", "judge two entities instead")
    told = ((name, given[name].strip() or None) for name in in_order(mark, given))
    return (*((name, value) for name, value in told if value != getattr(mark, name)), *_ACCEPT)


# --- many at one stroke -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Many:
    """What a filter names: the marks in question, the first of them with their words; `more` were left out.

    `seen` names the very marks, so that no other ones are decided.
    """

    marks: tuple[Doubtful, ...]
    first: tuple[Side, ...]
    more: bool
    seen: str


def many(ledger: Ledger, asked: Asked, *, shown: int = SHOWN) -> Many:
    """All that is asked for, up to `AT_ONCE`. UsageError for pairs, which are judged one by one."""
    if asked.kind not in ("event", "attribution"):
        raise UsageError("pairs cannot be decided at one stroke", "judge them one by one")
    page = doubts(ledger, asked.kind, asked.filter, None, AT_ONCE, asked.below)
    names = "\n".join(f"{mark.id} {mark.confidence}" for mark in page.rows)
    return Many(
        marks=page.rows,
        first=tuple(mark_side(ledger, mark.id) for mark in page.rows[:shown]),
        more=page.next_cursor is not None,
        seen=hashlib.sha256(names.encode()).hexdigest()[:16],
    )


def decide_many(ledger: Ledger, asked: Asked, given: Given, decided_by: str) -> int:
    """Records one decision on all that is asked for; of how many marks. UsageError; Overtaken when others are now."""
    decision = given.get("decision", "")
    fields = {"accept": _ACCEPT, "reject": _REJECT}.get(decision)
    if fields is None:
        raise UsageError(f"{decision!r} cannot be decided of many", "take one of accept, reject")
    found = many(ledger, replace(asked, after=None), shown=0)
    if given.get("seen") != found.seen:
        raise Overtaken("these are not the marks that were shown", "look at them again")
    ids = ((mark.report, split_mark_id(mark.id)[1]) for mark in found.marks)
    changes = [Change(report, id, fields) for report, id in ids]
    ledger.change(changes, decision, given.get("reason", ""), decided_by)
    return len(changes)


def complete(ledger: Ledger, report: str, given: Given, decided_by: str) -> int:
    """Records that somebody read a report whole: every mark of it is right, and none is missing; how many it has."""
    reading = ledger.reading(report)
    if given.get("seen") != reading_state(ledger, report):
        raise Overtaken("the report was read or corrected anew meanwhile", "look at it again")
    changes = [*_rest(ledger, report), Change(reading.report.id, "", ((correcting.COMPLETE, "yes"),))]
    ledger.change(changes, "complete", given.get("reason", ""), decided_by)
    return len(reading.events) + len(reading.attributions)


def _rest(ledger: Ledger, report: str) -> Iterator[Change]:
    """The acceptance of every mark that nobody decided of yet."""
    reading = ledger.reading(report)
    decided = {note.mark for note in reading.corrections}
    marks: tuple[Event | Attribution, ...] = (*reading.events, *reading.attributions)
    for mark in marks:
        if mark.id not in decided:
            yield Change(reading.report.id, mark.id, _ACCEPT, state(mark))


def reading_state(ledger: Ledger, report: str) -> str:
    """A name for all the marks of a report as they are now."""
    reading = ledger.reading(report)
    return hashlib.sha256(repr((reading.events, reading.attributions)).encode("utf-8", "replace")).hexdigest()[:16]
