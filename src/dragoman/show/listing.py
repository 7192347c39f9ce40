"""Rows of the ledger on the screen: an id in the margin, then what it is in two or three lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from textwrap import shorten
from typing import Any

from rich.text import Text

from dragoman.compare.alike import Pair
from dragoman.compare.copies import Origin, Tree
from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.ids import SHOWN
from dragoman.ledger.query import Filter, Page
from dragoman.ledger.rows import AttributionRow, EntityRow, EventRow, ReportRow, Words
from dragoman.ledger.store import AnyMark, Ledger
from dragoman.records import Attribution, Event, Reading
from dragoman.show import wording
from dragoman.show.cards import Someone, cards
from dragoman.show.output import one_line
from dragoman.show.screen import QUIET, TITLE, Screen, doubt, headline, when, who
from dragoman.show.voices import voices

LONGEST = 300
"""Characters of what somebody said that a list shows; `dragoman show` has all of it."""

Lines = Iterator[Text | str]


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of row: how to ask for a page, and the lines of a row; `margin` is the width of its id."""

    ask: Callable[[Ledger, Filter, str | None, int], Page[Any]]
    lines: Callable[[Any], Lines]
    margin: int


def rows(ledger: Ledger, kind: str, filter: Filter, limit: int) -> Iterator[Any]:
    """The first rows of a kind that match, page by page. UsageError for a filter that is not right."""
    ask, after = KINDS[kind].ask, None
    while limit > 0:
        page = ask(ledger, filter, after, min(limit, query.MOST))
        yield from page.rows
        limit, after = limit - len(page.rows), page.next_cursor
        if after is None:
            return


def put_rows(screen: Screen, kind: str, found: Iterable[Any]) -> int:
    """Writes rows to the screen, and gives how many there were."""
    count, margin = 0, KINDS[kind].margin
    for row in found:
        count += 1
        id = row.id[:SHOWN] if kind == "reports" else row.id
        first, *rest = KINDS[kind].lines(row)
        screen.put(first, margin, Text(id, QUIET))
        for line in rest:
            screen.put(line, margin)
    return count


def put_mark(screen: Screen, reading: Reading, mark: AnyMark) -> None:
    """Writes one mark, under the title of its report."""
    screen.origin(reading)
    screen.put()
    if isinstance(mark, Event):
        shown = cards(reading, voices(reading))
        screen.event(reading, next(card for card in shown if card.event.id == mark.id))
    elif isinstance(mark, Attribution):
        screen.attribution(reading, mark)
    else:
        screen.entity(reading, mark)


def put_tree(screen: Screen, tree: Tree) -> None:
    """Writes an original and what hangs on it: how much of it is taken over, and what was added and cut."""
    margin = KINDS["reports"].margin
    screen.put(Text(one_line(tree.original.title or "Untitled report"), TITLE), margin, _short(tree.original))
    screen.put(f"{_origin(tree.original)} · {wording.many(len(tree.copies), 'report')} from it", margin)
    for copy in tree.copies:
        kind = "relays" if copy.kind == "relay" else "copies"
        said = f"{_origin(copy.report)} · {kind} {one_line(copy.original.outlet or 'outlet unknown')}"
        told = f"{said}, {wording.percent(copy.likeness)} alike"
        screen.put(one_line(copy.report.title or "Untitled report"), margin + 2, _short(copy.report))
        screen.put(told, margin + 2)
        for what, passages in (("added", copy.added), ("cut", copy.cut)):
            if passages:
                words = " … ".join(one_line(passage.words) for passage in passages)
                screen.put(shorten(f"{what}: {words}", LONGEST, placeholder=" …"), margin + 2)
    screen.put()


def put_kin(screen: Screen, tree: Tree, report: str) -> None:
    """Writes which report this one hangs on, and which hang on it."""
    of = next((copy for copy in tree.copies if copy.report.id == report), None)
    if of:
        verb = "relays" if of.kind == "relay" else "is a copy of"
        screen.put(f"This report {verb} {_origin(of.original)} ({of.original.id[:SHOWN]}).")
    taken = [f"{_origin(copy.report)} ({copy.report.id[:SHOWN]})" for copy in tree.copies if copy.original.id == report]
    if taken:
        screen.put(f"{wording.many(len(taken), 'report')} taken from this one: {'; '.join(taken)}.")


def _short(origin: Origin) -> Text:
    return Text(origin.id[:SHOWN], QUIET)


def put_pair(screen: Screen, pair: Pair) -> None:
    """Writes two entities that may be the same, and why."""
    margin = KINDS["entities"].margin
    for one in (pair.one, pair.other):
        told = ", ".join(part for part in (wording.plain(one.who.type), one.who.country) if part)
        line = Text.assemble((one_line(one.name), TITLE)).append(f" · {told}, {wording.many(one.reports, 'report')}")
        screen.put(line, margin, Text(one.id, QUIET))
    for feature in pair.features:
        screen.put(one_line(f"{feature.name}: {feature.evidence}"), margin)
    screen.put()


def pair_as_dict(pair: Pair) -> dict[str, Any]:
    """Two entities that may be the same as plain JSON values."""
    sides = {
        side: {"id": one.id, "name": one.name, "type": one.who.type, "country": one.who.country or None}
        for side, one in (("one", pair.one), ("other", pair.other))
    }
    return {**sides, "features": [asdict(feature) for feature in pair.features]}


def mark_as_dict(reading: Reading, mark: AnyMark) -> dict[str, Any]:
    """One mark as plain JSON values, as the reading has it, with the origin of its report."""
    told = {key: value for key, value in reading.report.to_dict().items() if key != "text"}
    kind = type(mark).__name__.lower()
    return {"report": told, "kind": kind, kind: asdict(mark)}


# --- the lines of a row ---------------------------------------------------------------------------


def _report(row: ReportRow) -> Lines:
    yield Text(one_line(row.title or "Untitled report"), TITLE)
    held = (
        wording.many(row.events, "event"),
        wording.many(row.attributions, "attribution"),
        wording.many(row.entities, "entity", "entities"),
    )
    yield f"{_origin(row)} · {', '.join(held)}"


def _event(row: EventRow) -> Lines:
    yield headline(row.type, row.mode, row.status, row.certainty, row.confidence)
    if row.actors or row.recipients:
        yield who(_people(row.actors), _people(row.recipients))
    else:
        yield one_line(row.trigger.words)
    said = [one_line((row.place.name or row.place.words) if row.place else "")]
    if row.time or row.start or row.end:
        said.append(when(row.start, row.end, row.date_precision, row.time.words if row.time else None, row.date_reason))
    said += [wording.counted(count.kind, count.low, count.high, count.bound, count.who) for count in row.counts]
    if any(said):
        yield " · ".join(part for part in said if part)
    yield f"{_voice(row)} · {_origin(row)}"


def _attribution(row: AttributionRow) -> Lines:
    head = Text.assemble((one_line(row.voice) or "no source named", TITLE))
    if row.kind not in ("named", "none"):
        head.append(f" ({wording.kind_name(row.kind)})")
    yield head.append(f" · {wording.stance_name(row.stance)}").append_text(doubt(row.confidence))
    yield shorten(one_line(row.content), LONGEST, placeholder=" …")
    yield _origin(row)


def _entity(row: EntityRow) -> Lines:
    head = Text.assemble((one_line(row.name), TITLE)).append(f" · {wording.plain(row.type)}")
    yield head.append(f", {row.country}") if row.country else head
    told = [f"named {wording.many(row.mentions, 'time')} in {wording.many(row.reports, 'report')}"]
    told += [
        f"{said} {wording.many(value, 'time')}"
        for said, value in (("acts", row.acts), ("acted upon", row.receives), ("speaks", row.says))
        if value
    ]
    yield ", ".join(told)


def _voice(row: EventRow) -> str:
    if row.attribution is None:
        return "the outlet itself"
    remarks = [] if row.source_kind in (None, "named", "none") else [wording.kind_name(str(row.source_kind))]
    remarks += [wording.stance_name(row.stance)] if row.stance not in (None, "asserts") else []
    return one_line(row.voice or "no source named") + (f" ({', '.join(remarks)})" if remarks else "")


def _origin(row: ReportRow | EventRow | AttributionRow | Origin) -> str:
    published = wording.day(row.published) or "date of publication unknown"
    return f"{one_line(row.outlet or 'outlet unknown')}, {published}"


def _people(people: Iterable[Words]) -> tuple[Someone, ...]:
    return tuple(Someone.of(person.words, person.name) for person in people)


KINDS = {
    "reports": _Kind(query.reports, _report, SHOWN + 2),
    "events": _Kind(query.events, _event, SHOWN + 6),
    "attributions": _Kind(query.attributions, _attribution, SHOWN + 6),
    "entities": _Kind(query.entities, _entity, SHOWN + 6),
}
"""What can be listed."""


def check_kind(kind: str) -> str:
    """The kind, or a UsageError that names those there are."""
    if kind not in KINDS:
        raise UsageError(f"{kind!r} cannot be listed", f"take one of {', '.join(KINDS)}")
    return kind
