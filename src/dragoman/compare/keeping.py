"""What was worked out from all readings, taken from what the ledger kept, or worked out anew and kept.

Invariant: what `findings` gives is the same whether it was kept or not. A ledger that cannot be written to keeps
nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from typing import Any

from dragoman.errors import LedgerBusy, LedgerWriteFailed
from dragoman.ledger import comparisons
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.comparisons import Finding, Standing
from dragoman.ledger.filters import Conditions
from dragoman.ledger.store import Ledger

Work = Callable[[Ledger, AsOf, AsOf], list[Finding]]
"""What works out the findings of a step: for a time, from the rows alone that are there now."""

NONE: Conditions = []
AT_ONCE = 300
"""Readings that are compared while a page waits: a second at most."""


def findings(
    ledger: Ledger, step: str, work: Work, as_of: AsOf, limit: int | None = None, conditions: Conditions = NONE
) -> tuple[list[str], AsOf]:
    """The findings of a step as JSON: those that were kept, or else worked out anew and kept.

    And the time with the very rows that they were worked out from.
    """
    made_by = version("dragoman")
    with ledger.connection() as connection:
        content, then = comparisons.content(connection, as_of)  # others may be adding
        number = comparisons.find(connection, step, made_by, content)
        if number is not None:
            return comparisons.found(connection, number, conditions, limit), then
    found = work(ledger, as_of, then)
    with suppress(LedgerBusy, LedgerWriteFailed):
        number = comparisons.keep(ledger, step, made_by, content, then, found)
        with ledger.connection() as connection:
            return comparisons.found(connection, number, conditions, limit), then
    with ledger.connection() as connection:
        matching = comparisons.matching(connection, conditions) if conditions else None
    return [one.json for one in found if matching is None or not matching.isdisjoint(one.events)][:limit], then


def latest(ledger: Ledger, step: str, as_of: AsOf = NOW) -> Standing | None:
    """How far the findings of a step go that were kept last; None where none are."""
    with ledger.connection() as connection:
        return comparisons.latest(connection, step, version("dragoman"), as_of)


def standing(ledger: Ledger, step: str, work: Work, as_of: AsOf = NOW, *, however_old: bool = False) -> Standing | None:
    """As `latest`, but those of few readings are worked out at once, if rows came since.

    `however_old`: only where there are none, so that a page need not wait after each correction.
    """
    found = latest(ledger, step, as_of)
    if found and (however_old or not found.behind):
        return found
    if not _are_few(ledger):
        return found
    findings(ledger, step, work, as_of, 0)
    return latest(ledger, step, as_of)


def first_of_last(
    ledger: Ledger, step: str, as_of: AsOf, conditions: Conditions, holding: str = ""
) -> tuple[list[str], AsOf]:
    """The first finding that was kept last, whether or not rows came since."""
    with ledger.connection() as connection:
        kept = comparisons.latest(connection, step, version("dragoman"), as_of)
        return (comparisons.found(connection, kept.number, conditions, 1, holding), kept.then) if kept else ([], as_of)


def first(ledger: Ledger, step: str, work: Work, as_of: AsOf, conditions: Conditions) -> tuple[list[str], AsOf]:
    """The first finding that matches: of few readings as they are now, of many the one that was kept last."""
    if _are_few(ledger):
        return findings(ledger, step, work, as_of, 1, conditions)
    return first_of_last(ledger, step, as_of, conditions)


def behind(ledger: Ledger, step: str, as_of: AsOf = NOW) -> int | None:
    """How many rows came since the findings that `first` gives were made; None where there are no findings yet."""
    if _are_few(ledger):
        return 0
    kept = latest(ledger, step, as_of)
    return kept.behind if kept else None


def _are_few(ledger: Ledger) -> bool:
    with ledger.connection() as connection:
        return comparisons.readings_at_most(connection, AT_ONCE)


def written(kind: type, found: Any) -> str:
    """A record as JSON."""
    return json.dumps(_adapter(kind).dump_python(found, mode="json"), separators=(",", ":"))


def read(kind: type, text: str) -> Any:
    """The record of that kind that was written."""
    return _adapter(kind).validate_python(json.loads(text))


@cache
def _adapter(kind: type) -> Any:
    """What makes plain values of a record, and the record of them."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
