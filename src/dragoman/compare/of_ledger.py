"""The copies and happenings of a ledger: worked out when something in it changed, else taken from what it kept.

Invariant: what `trees` and `happenings` give is the same whether it was kept or not. A ledger that cannot be written to
keeps nothing. All others give what was kept last, and `standing` says how far that goes: a page cannot wait.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dragoman.compare import keeping
from dragoman.compare.chains import Chain, Copies
from dragoman.compare.contradictions import Contradiction, Toll
from dragoman.compare.copies import Tree, copies, grouped
from dragoman.compare.happenings import Happening, members_of, told_by_several
from dragoman.compare.happenings import happenings as worked_out
from dragoman.compare.judge import Judgement
from dragoman.compare.summaries import HappeningRow, row_of
from dragoman.errors import UsageError
from dragoman.ledger import comparisons, cursors, decisions, query
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.comparisons import ANY, Choice, Finding, Standing
from dragoman.ledger.ids import mark_id, split_mark_id
from dragoman.ledger.query import EVERYTHING, MOST, Filter, Page
from dragoman.ledger.schema import events, readings
from dragoman.ledger.store import Ledger

COPIES, HAPPENINGS = "copies", "happenings"
_HAPPENINGS_AT_ONCE = 500
_REPORTS_AT_ONCE = 500
"""Below the 999 variables in one statement that the oldest SQLite in use allows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A happening as it is kept: its events by their ids."""

    id: str
    type: str
    start: str | None
    end: str | None
    members: tuple[str, ...]
    joins: tuple[Judgement, ...]
    contradictions: tuple[Contradiction, ...]
    tolls: tuple[Toll, ...]
    chains: tuple[Chain, ...]
    copies: dict[str, str]


@dataclass(frozen=True, slots=True)
class Telling:
    """The happening that an event tells: its position among those that are kept, its row, how many events tell it."""

    position: int
    happening: HappeningRow
    mentions: int


def trees(ledger: Ledger, as_of: AsOf = NOW, limit: int | None = None) -> list[Tree]:
    """The copy trees of the reports told by then, in order of their originals; reports without copies are left out."""
    found, _ = keeping.findings(ledger, COPIES, _trees, as_of, limit)
    return [keeping.read(Tree, text) for text in found]


def originals(ledger: Ledger, as_of: AsOf = NOW) -> Copies:
    """The id of the report that a report copies, by the id of the copy; relays are none."""
    taken = (copy for tree in trees(ledger, as_of) for copy in tree.copies if copy.kind == "copy")
    return {copy.report.id: copy.original.id for copy in taken}


def happenings(ledger: Ledger, filter: Filter = EVERYTHING, limit: int | None = None) -> list[Happening]:
    """The happenings that more than one report tells and of which an event matches, those in the most reports first.

    Copies are one chain. What is told after `as_of` is left out before anything is compared. UsageError.
    """
    conditions = query.conditions_on_events(ledger, filter)
    return _whole(ledger, *keeping.findings(ledger, HAPPENINGS, _happenings, query.as_of(filter), limit, conditions))


def each(ledger: Ledger, as_of: AsOf = NOW) -> Iterator[Happening]:
    """As `happenings`, of all, some in memory at a time; those told near one another follow one another."""
    texts, then = keeping.findings(ledger, HAPPENINGS, _happenings, as_of)
    kept: list[Kept] = [keeping.read(Kept, text) for text in texts]
    kept.sort(key=lambda one: (one.start or "", one.id))
    for start in range(0, len(kept), _HAPPENINGS_AT_ONCE):
        yield from _with_events(ledger, kept[start : start + _HAPPENINGS_AT_ONCE], then)


def standing(ledger: Ledger, as_of: AsOf = NOW, *, however_old: bool = False) -> Standing | None:
    """How far the happenings go that are kept (`keeping.standing`)."""
    return keeping.standing(ledger, HAPPENINGS, _happenings, as_of, however_old=however_old)


def summaries(
    ledger: Ledger,
    filter: Filter = EVERYTHING,
    after: str | None = None,
    limit: int = 50,
    *,
    choice: Choice = ANY,
    order: str = "weight",
) -> Page[HappeningRow]:
    """A page of the happenings that are kept, by an order of `comparisons.ORDERS`. UsageError as in `query`."""
    if not 1 <= limit <= MOST:
        raise UsageError(f"a page of {limit} rows", f"ask for 1 to {MOST}")
    as_of = query.as_of(filter)
    conditions = query.conditions_on_events(ledger, filter)
    scope = f"happenings {sorted(filter.given().items())} {choice} {order}"
    kinds = tuple(key.type.python_type for key in comparisons.ORDERS[order])
    key = None if after is None else cursors.decode(scope, after, kinds)
    kept = standing(ledger, as_of)
    if kept is None:
        return Page((), None)
    with ledger.connection() as connection:
        found = comparisons.rows(connection, kept.number, conditions, choice, order, key, limit + 1)
    shown = tuple(keeping.read(HappeningRow, row.row) for row in found[:limit])
    return Page(shown, cursors.encode(scope, tuple(found[limit - 1])[1:]) if len(found) > limit else None)


def summaries_at(ledger: Ledger, kept: Standing, positions: Sequence[int]) -> dict[int, HappeningRow]:
    """The happenings that are kept at some positions."""
    with ledger.connection() as connection:
        found = comparisons.rows_at(connection, kept.number, positions)
    return {position: keeping.read(HappeningRow, row) for position, row in found.items()}


def tree_of(ledger: Ledger, report: str, as_of: AsOf = NOW) -> Tree | None:
    """The copy tree that a report, named by its whole id, is in; None also where copies are not worked out yet."""
    found, _ = keeping.first_of_last(ledger, COPIES, as_of, [], holding=report)
    return keeping.read(Tree, found[0]) if found else None


def happening_of(ledger: Ledger, event: str, as_of: AsOf = NOW) -> Happening | None:
    """The happening that an event tells together with other reports; None also where none are worked out yet."""
    report, id = split_mark_id(event)
    conditions = [readings.c.report == ledger.resolve(report), events.c.id == id]
    return next(iter(_whole(ledger, *keeping.first_of_last(ledger, HAPPENINGS, as_of, conditions))), None)


def happening(ledger: Ledger, event: str, as_of: AsOf = NOW) -> Happening:
    """The happening that an event tells, be it in this report alone. NotFound."""
    reading, mark = ledger.event(event, as_of)
    conditions = [readings.c.report == reading.report.id, events.c.id == mark.id]
    if told := _whole(ledger, *keeping.first(ledger, HAPPENINGS, _happenings, as_of, conditions)):
        return told[0]
    key = mark_id(reading.report.id, mark.id)
    return next(one for one in worked_out([reading]) if key in {member.told.key for member in one.members})


def disputes(ledger: Ledger, event: str, as_of: AsOf = NOW) -> tuple[Contradiction, ...]:
    """What is disputed in the happening that an event tells, as it is kept: no report is read for it."""
    report, id = split_mark_id(event)
    conditions = [readings.c.report == ledger.resolve(report), events.c.id == id]
    found, _ = keeping.first_of_last(ledger, HAPPENINGS, as_of, conditions)
    return keeping.read(Kept, found[0]).contradictions if found else ()


def told_in(ledger: Ledger, report: str, as_of: AsOf = NOW) -> dict[str, HappeningRow]:
    """The happenings that a report, named by its whole id, tells together with others, by its events' ids."""
    kept = keeping.latest(ledger, HAPPENINGS, as_of)
    with ledger.connection() as connection:
        rows = comparisons.rows_in(connection, kept, [report]) if kept else []
    return {row.id: keeping.read(HappeningRow, row.row) for row in rows}


def tellings_of(ledger: Ledger, kept: Standing, reports: Iterable[str]) -> dict[str, Telling]:
    """The happenings that some reports, named by their whole ids, tell together with others, by their events' ids.

    Without those of which a report was corrected or retracted since they were worked out.
    """
    with ledger.connection() as connection:
        rows = comparisons.rows_in(connection, kept, reports)
        changed = comparisons.changed(connection, kept, {row.position for row in rows}) if kept.behind else set()
    rows = [row for row in rows if row.position not in changed]
    happenings = {row.position: row.row for row in rows}
    read = {position: keeping.read(HappeningRow, row) for position, row in happenings.items()}
    return {mark_id(row.report, row.id): Telling(row.position, read[row.position], row.mentions) for row in rows}


def kept_happenings(
    ledger: Ledger, filter: Filter = EVERYTHING, after: int = -1, limit: int = 20
) -> list[tuple[int, Kept]]:
    """Happenings as they were kept last, after a position, those in the most reports first; none where none are kept.

    What was added or decided since then is not in them; `standing` asks for that. UsageError.
    """
    conditions = query.conditions_on_events(ledger, filter)
    kept = keeping.latest(ledger, HAPPENINGS)
    with ledger.connection() as connection:
        rows = comparisons.following(connection, kept.number, conditions, after, limit) if kept else []
    return [(position, keeping.read(Kept, text)) for position, text in rows]


def _trees(ledger: Ledger, _as_of: AsOf, then: AsOf) -> list[Finding]:
    found = grouped(copies(reading.report for reading in ledger.readings(*then.conditions())))
    return [Finding(tree.original.id, 1 + len(tree.copies), keeping.written(Tree, tree)) for tree in found]


def _happenings(ledger: Ledger, as_of: AsOf, then: AsOf) -> list[Finding]:
    with ledger.connection() as connection:
        judged = decisions.joined(connection, then)
    found = told_by_several(ledger.readings(*then.conditions()), originals(ledger, as_of), judged)
    return sorted(map(_finding, found), key=lambda one: -one.reports)


def _finding(one: Happening) -> Finding:
    events = tuple(member.told.key for member in one.members)
    kept = Kept(
        one.id, one.type, one.start, one.end, events, one.joins, one.contradictions, one.tolls, one.chains,
        dict(one.copies),
    )  # fmt: skip
    row = row_of(one)
    return Finding(
        one.id,
        len(one.reports),
        keeping.written(Kept, kept),
        events,
        keeping.written(HappeningRow, row),
        row.told_last,
        row.disputed_on,
        len(row.disputes),
        row.independent,
        row.unnamed,
    )


def _whole(ledger: Ledger, found: Sequence[str], as_of: AsOf) -> list[Happening]:
    """The happenings with their events as the reports tell them."""
    return _with_events(ledger, [keeping.read(Kept, text) for text in found], as_of)


def _with_events(ledger: Ledger, kept: Sequence[Kept], as_of: AsOf) -> list[Happening]:
    ids = sorted({report for one in kept for chain in one.chains for report in chain.reports})
    members = {
        member.told.key: member
        for start in range(0, len(ids), _REPORTS_AT_ONCE)
        for reading in ledger.readings(
            *as_of.conditions(), readings.c.report.in_(ids[start : start + _REPORTS_AT_ONCE])
        )
        for member in members_of(reading)
    }
    return [
        Happening(
            id=one.id,
            type=one.type,
            start=one.start,
            end=one.end,
            members=tuple(members[event] for event in one.members),
            joins=one.joins,
            contradictions=one.contradictions,
            tolls=one.tolls,
            chains=one.chains,
            copies=one.copies,
        )
        for one in kept
    ]
