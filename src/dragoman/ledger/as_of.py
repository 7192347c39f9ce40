"""What was known when: which reading of a report holds, and whether the report counts at all.

Three clocks: an event has its days (`Filter.since`), a report was published, a reading was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, exists, or_, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from dragoman.ledger.schema import readings, reports, retractions

# made once: an alias takes half a millisecond, and adding a report asks three times which reading holds
_LATER = readings.alias("later")
_OVERRULING = retractions.alias("overruling")


_Columns = ReadOnlyColumnCollection[str, Column[Any]]


@dataclass(frozen=True, slots=True)
class AsOf:
    """What was known when; None is now.

    `told` is a day: what had been told by its end, so reports published by then, those without a date if they
    were recorded by then, and none that was retracted by then. `recorded` is a moment (ISO 8601, UTC) or a day: what
    the ledger itself held by then, by whichever reading was current, so before later readings, corrections
    and retractions. `last` are the numbers of the last reading and the last retraction that count: for several
    questions about one and the same state while others add to it.
    """

    told: str | None = None
    recorded: str | None = None
    last: tuple[int, int] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """That a reading held then and its report was not retracted."""
        return [*self.held(), readings.c.report.not_in(self._retracted())]

    def held(self) -> list[ColumnElement[bool]]:
        """That a reading was the current one of a report told by then, retracted or not."""
        later, r = _LATER.c, readings.c
        found = [~exists().where(later.supersedes == r.number, *self._in_by_then(later, 0))]
        found += self._in_by_then(r, 0)
        if self.told is not None:
            first = exists().where(reports.c.id == r.report, reports.c.recorded_at < _after(self.told))
            found += [r.published <= self.told, or_(r.published != "", first)]
        return found

    def recorded_by(self, recorded_at: ColumnElement[str]) -> list[ColumnElement[bool]]:
        """That a row was recorded by then."""
        return [] if self.recorded is None else [recorded_at < _after(self.recorded)]

    def _retracted(self) -> Select[tuple[str]]:
        """The reports whose latest verdict is that they are retracted."""
        later, r = _OVERRULING.c, retractions.c
        overruled = exists().where(later.report == r.report, later.number > r.number, *self.decided(later))
        return select(r.report).where(r.verdict == "retracted", *self.decided(r), ~overruled)

    def decided(self, columns: _Columns) -> list[ColumnElement[bool]]:
        """That a retraction was in force then."""
        day = [] if self.told is None else [columns.day <= self.told]
        return [*day, *self._in_by_then(columns, 1)]

    def _in_by_then(self, columns: _Columns, table: int) -> list[ColumnElement[bool]]:
        """That a row of a table, whose number is that of its place in `last`, was there by then."""
        counted = [] if self.last is None else [columns.number <= self.last[table]]
        return [*counted, *self.recorded_by(columns.recorded_at)]


NOW = AsOf()
"""What is known now."""


def now() -> str:
    """This moment as the ledger writes it: ISO 8601 in UTC, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def _after(moment: str) -> str:
    """The first text that sorts after every moment of a day, or after that moment."""
    return f"{moment}~"
