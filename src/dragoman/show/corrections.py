"""What people corrected in the marks of a report, and what a form wants corrected.

Invariant: what a form gives is all found to make sense before anything of it is written. A correction is undone by one
more, which gives the former value back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dragoman.errors import UsageError
from dragoman.ledger import acts
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.correcting import FIELDS, VERDICTS, checked, kind_of, with_value
from dragoman.ledger.decisions import Correction, span_of
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Event, Reading

AnyMark = Event | Attribution
Wanted = tuple[str, str | None]
"""A field, and what it should say."""


@dataclass(frozen=True, slots=True)
class Change:
    """One decision on a field of a mark: from what to what, why, by whom and when (UTC).

    `holds`: no later one is about the same field, and the mark says something else than before; so it can be undone.
    """

    field: str
    was: str | None
    now: str | None
    reason: str
    decided_by: str
    recorded_at: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Filling:
    """The form that corrects a mark, as far as it is filled in; `trouble` says what could not be taken, and why."""

    mark: str
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """All that people corrected in a report: by the id of a mark, and the marks that they found to be none."""

    changes: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    dropped: tuple[AnyMark, ...] = ()

    def of(self, mark: str) -> tuple[Change, ...]:
        """The decisions on a mark, the first first."""
        return self.changes.get(mark, ())


NONE = Corrections()


def history_of(ledger: Ledger, reading: Reading, as_of: AsOf = NOW) -> Corrections:
    """What people had corrected then in a reading that held then."""
    made = ledger.corrections(reading.report.id, as_of)
    return corrections_of(reading, ledger.as_read(reading.report.id, as_of), made) if made else NONE


def corrections_of(reading: Reading, as_read: Reading, history: Sequence[Correction]) -> Corrections:
    """The decisions on the marks of a reading, which was `as_read` before any of them."""
    marks = {(kind_of(mark), span_of(mark)): mark for mark in _marks(as_read)}
    decided: dict[str, list[Change]] = {}
    for number, correction in enumerate(history):
        mark = marks.get((correction.kind, correction.span))
        if mark is None:  # it waits for a reading that has the mark
            continue
        matter = (correction.kind, correction.span, correction.field)
        before = [one.value for one in history[:number] if (one.kind, one.span, one.field) == matter]
        was = before[-1] if before else "no" if correction.field in VERDICTS else getattr(mark, correction.field)
        last = not any((one.kind, one.span, one.field) == matter for one in history[number + 1 :])
        change = Change(
            field=correction.field,
            was=was,
            now=correction.value,
            reason=correction.reason,
            decided_by=correction.decided_by,
            recorded_at=correction.recorded_at,
            holds=last and was != correction.value,
        )
        decided.setdefault(mark.id, []).append(change)
    left = {mark.id for mark in _marks(reading)}
    return Corrections(
        {mark: tuple(changes) for mark, changes in decided.items()},
        tuple(mark for mark in _marks(as_read) if mark.id in decided and mark.id not in left),
    )


def write(ledger: Ledger, reading: Reading, mark: AnyMark, wanted: Sequence[Wanted], reason: str, by: str) -> None:
    """Records corrections of a mark at one stroke, all or none. UsageError, Overtaken."""
    ledger.change([acts.Change(reading.report.id, mark.id, tuple(wanted))], "correct", reason, by)


def wanted(mark: AnyMark, given: Mapping[str, str]) -> list[Wanted]:
    """What a form wants changed in a mark, in an order in which it can be. UsageError where it makes no sense."""
    for verdict in VERDICTS:
        if verdict in given:
            return [(verdict, checked(mark, verdict, given[verdict]))]
    found: list[Wanted] = []
    first = mark
    for name in in_order(mark, given):
        value = given[name].strip() or None
        if value in (getattr(first, name), getattr(mark, name)):  # a mode may have gone with its type
            continue
        found.append((name, checked(mark, name, value)))
        mark = with_value(mark, name, value)
    if not found:
        raise UsageError("nothing is changed", "choose what it should say, then save")
    return found


def in_order(mark: AnyMark, given: Mapping[str, str]) -> list[str]:
    """The fields of a mark that are given: a mode after its type; of two days that move later, the end first."""
    names = [name for name in FIELDS[kind_of(mark)] if name in given and hasattr(mark, name)]
    if isinstance(mark, Event) and mark.end and given.get("start", "") > mark.end and "end" in names:
        names.remove("end")
        names.insert(names.index("start"), "end")
    return names


def _marks(reading: Reading) -> tuple[AnyMark, ...]:
    return (*reading.events, *reading.attributions)
