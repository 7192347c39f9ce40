"""The audit list: what was done in a shared ledger, and who failed to sign in.

Invariant: rows are only added. None holds a password, a token, or what somebody typed who could not sign in.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select

from dragoman.ledger import cursors
from dragoman.ledger.as_of import now
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.rows import Page
from dragoman.ledger.schema import audit
from dragoman.ledger.store import Ledger


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the list: who did what to what, with which outcome, from which address."""

    user: str
    action: str
    subject: str
    outcome: str
    address: str = ""
    recorded_at: str = ""


def record(ledger: Ledger, act: Act) -> None:
    """Adds a line, told by the clock."""
    row = {name: getattr(act, name)[:500] for name in ("user", "action", "subject", "outcome", "address")}
    with ledger.writing() as connection:
        connection.execute(insert(audit), storable_row({**row, "recorded_at": now()}))


def acts(ledger: Ledger, after: str | None, limit: int) -> Page[Act]:
    """The list, newest first. UsageError for a cursor that is none."""
    wanted = select(audit).order_by(audit.c.number.desc()).limit(limit + 1)
    if after is not None:
        wanted = wanted.where(audit.c.number < cursors.decode("audit", after, (int,))[0])
    with ledger.connection() as connection:
        found = connection.execute(wanted).all()
    rows = [Act(row.user, row.action, row.subject, row.outcome, row.address, row.recorded_at) for row in found[:limit]]
    return Page(tuple(rows), cursors.encode("audit", (found[limit - 1].number,)) if len(found) > limit else None)
