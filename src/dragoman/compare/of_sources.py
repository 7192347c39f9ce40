"""The sources and outlets of a ledger as they were kept last, so that a page need not wait.

Invariant: a row counts all that a source has told; of what it told, the record that goes with it has the latest alone.
`keep` works them out from everything, which takes minutes for a large ledger: in the background.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from dragoman.compare import keeping
from dragoman.compare import sources as worked_out
from dragoman.compare.order import told_on
from dragoman.compare.sources import OPEN, Source
from dragoman.compare.speaking import KINDS
from dragoman.errors import NotFound, UsageError
from dragoman.ledger import comparisons, cursors
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.comparisons import Finding, Standing
from dragoman.ledger.filters import Filter
from dragoman.ledger.query import MOST, Page
from dragoman.ledger.store import Ledger

SOURCES, OUTLETS = "sources", "outlets"
LATEST = 200
"""Claims and reports that are kept with a source: claims whose fate is known first, then the latest."""
_AT_ONCE = 200
"""Rows that are fetched at once."""
WORDS = 6
"""Other words for it, in a row."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source or outlet in numbers.

    `happenings` counts those that others tell, too; `confirmed` and `contradicted` those in which it was.
    """

    id: str
    name: str
    kind: str
    outlet: str | None
    known_as: tuple[str, ...]
    reports: int
    attributions: int
    claims: int
    on_unnamed: int
    happenings: int
    confirmed: int
    contradicted: int


def sources(
    ledger: Ledger, as_of: AsOf = NOW, after: str | None = None, limit: int = 50, *, part: str = "", kind: str = ""
) -> Page[SourceRow] | None:
    """A page of the sources, the most telling first; None where none are kept. UsageError.

    `part`: whose id, name or words for it have this in them; `kind`: of a kind of `speaking.KINDS`.
    """
    return _page(ledger, SOURCES, as_of, after, limit, part, kind)


def outlets(
    ledger: Ledger, as_of: AsOf = NOW, after: str | None = None, limit: int = 50, *, part: str = ""
) -> Page[SourceRow] | None:
    """As `sources`, of the outlets with all that their reports tell."""
    return _page(ledger, OUTLETS, as_of, after, limit, part)


def source(ledger: Ledger, id: str, as_of: AsOf = NOW) -> tuple[SourceRow, Source] | None:
    """The row of a source, and its latest claims; None where there is none of that id, or none are kept."""
    return _one(ledger, SOURCES, id, as_of)


def outlet(ledger: Ledger, id: str, as_of: AsOf = NOW) -> tuple[SourceRow, Source] | None:
    """As `source`, of an outlet with all that its reports tell."""
    return _one(ledger, OUTLETS, id, as_of)


def one(ledger: Ledger, id: str, as_of: AsOf = NOW) -> tuple[SourceRow, Source]:
    """An outlet with all that its reports tell, or a source. NotFound, also where none are kept."""
    if found := outlet(ledger, id, as_of) or source(ledger, id, as_of):
        return found
    raise NotFound(f"no source {id!r} in the ledger", "choose one from the list of sources")


def standing(ledger: Ledger, as_of: AsOf = NOW) -> Standing | None:
    """How far the sources go that are kept; None where none are. Those of few readings are worked out at once."""
    keeping.standing(ledger, OUTLETS, _OUTLETS, as_of)
    return keeping.standing(ledger, SOURCES, _SOURCES, as_of)


def keep(ledger: Ledger, as_of: AsOf = NOW) -> None:
    """Works out sources and outlets, unless those of now are kept."""
    keeping.findings(ledger, SOURCES, _SOURCES, as_of, 0)
    keeping.findings(ledger, OUTLETS, _OUTLETS, as_of, 0)


def _work(made: Callable[[Ledger, Filter], list[Source]]) -> keeping.Work:
    def work(ledger: Ledger, as_of: AsOf, _then: AsOf) -> list[Finding]:
        return [_finding(one) for one in made(ledger, Filter(as_of=as_of.told, recorded=as_of.recorded))]

    return work


_SOURCES, _OUTLETS = _work(worked_out.sources), _work(worked_out.outlets)


def _finding(one: Source) -> Finding:
    claims = sorted(one.claims, key=lambda claim: (claim.fate != OPEN, told_on(claim.published)), reverse=True)
    latest = replace(one, claims=tuple(claims[:LATEST]), reports=one.reports[-LATEST:])
    row = SourceRow(
        one.id, one.name, one.kind, one.outlet, one.known_as[:WORDS], len(one.reports), one.attributions,
        len(one.claims), one.on_unnamed, len(one.happenings), len(one.confirmed), len(one.contradicted),
    )  # fmt: skip
    json = keeping.written(Source, latest)
    return Finding(one.id, len(one.reports), json, row=keeping.written(SourceRow, row))


def _page(
    ledger: Ledger, step: str, as_of: AsOf, after: str | None, limit: int, part: str, kind: str = ""
) -> Page[SourceRow] | None:
    if not 1 <= limit <= MOST:
        raise UsageError(f"a page of {limit} rows", f"ask for 1 to {MOST}")
    if kind and kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of source", f"take one of {', '.join(KINDS)}")
    scope = f"{step} {as_of} {part} {kind}"
    place = -1 if after is None else int(cursors.decode(scope, after, (int,))[0])
    kept = keeping.latest(ledger, step, as_of)
    if kept is None:
        return None
    found = list(islice(_rows(ledger, kept.number, place, part, kind), limit + 1))
    rows = tuple(row for _, row in found[:limit])
    return Page(rows, cursors.encode(scope, (found[limit - 1][0],)) if len(found) > limit else None)


def _rows(ledger: Ledger, comparison: int, place: int, part: str, kind: str) -> Iterator[tuple[int, SourceRow]]:
    """The rows after a place that match, each with its own place.

    The database looks the part up in JSON, which has names of fields as well, and other letters than ASCII by number.
    """
    wanted = part.casefold()
    parts = [json.dumps(part)[1:-1] if part.isascii() else "", f'"kind":"{kind}"' if kind else ""]
    while True:
        with ledger.connection() as connection:
            found = comparisons.in_order(connection, comparison, place, parts, _AT_ONCE)
        for one in found:
            row: SourceRow = keeping.read(SourceRow, one.row)
            place = one.position
            if any(wanted in words.casefold() for words in (row.id, row.name, *row.known_as)):
                yield place, row
        if len(found) < _AT_ONCE:
            return


def _one(ledger: Ledger, step: str, id: str, as_of: AsOf) -> tuple[SourceRow, Source] | None:
    kept = keeping.latest(ledger, step, as_of)
    with ledger.connection() as connection:
        found = comparisons.named(connection, kept.number, id) if kept else None
    return (keeping.read(SourceRow, found[0]), keeping.read(Source, found[1])) if found else None
