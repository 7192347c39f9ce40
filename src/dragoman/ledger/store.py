"""The ledger itself: opened, added to, read from.

Invariant: one report is one transaction. What `add` acknowledged is there whole and once, whatever
happens afterwards; when it raises, the ledger is as it was before.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, select

from dragoman.errors import DragomanError, LedgerError, LedgerWriteFailed, NotFound, UsageError
from dragoman.ledger import acts, bulk, captures, decisions, filters, identity, schema
from dragoman.ledger.acts import Act, Change
from dragoman.ledger.amending import as_read, parsed
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.captures import Taken
from dragoman.ledger.database import BUSY_SECONDS, Database, database
from dragoman.ledger.decisions import Correction, Overruling, Retraction
from dragoman.ledger.filters import Filter, Who
from dragoman.ledger.folding import storable
from dragoman.ledger.ids import no_report, report_prefix, split_mark_id
from dragoman.ledger.inserting import by, wanted
from dragoman.ledger.schema import HEAD, readings, reports
from dragoman.ledger.upgrade import bring_up_to_date, refuse_newer, version
from dragoman.ledger.walking import walked
from dragoman.records import Attribution, Entity, Event, MadeBy, Reading, Report, Span

_READINGS_AT_ONCE = 50
"""About 2 MB of JSON for reports of 1,000 words."""

AnyMark = Entity | Attribution | Event
Mark = TypeVar("Mark", bound=AnyMark)


@dataclass(frozen=True, slots=True)
class Held:
    """The text of a report, and when the ledger had its reading (UTC)."""

    text: str
    recorded_at: str


@dataclass(frozen=True, slots=True)
class Version:
    """A report among those of one address: an article is another report once it is edited.

    `published` is its day, empty where it is not known; `recorded_at` when the ledger first had it, in UTC.
    """

    report: str
    title: str | None
    published: str
    recorded_at: str


class Ledger:
    """An open ledger. Make it with `Ledger.open`, close it, or use it in a `with` statement.

    It may be read from several threads. Each call is a transaction of its own, so no call leaves the
    ledger locked, and a long walk through `readings` lets others write meanwhile.
    """

    def __init__(self, engine: Engine, database: Database, *, read_only: bool = False) -> None:
        self.database = database
        self._engine = engine
        self._read_only = read_only

    @classmethod
    def open(cls, place: str | Path, *, create: bool = True, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Opens the ledger in a file, or at `postgresql://user@host/database`; makes or upgrades it where needed.

        `create=False` asks for one that is there. `busy_seconds` is how long to wait for another
        writer. Raises NotALedger, NewerLedger, LedgerBusy, LedgerWriteFailed or another LedgerError.
        """
        found = database(place)
        found.check_place(create=create)
        engine = found.engine(busy_seconds=busy_seconds)
        try:
            with found.errors():
                bring_up_to_date(engine, found, create=create)
        except DragomanError:
            engine.dispose()
            raise
        return cls(engine, found)

    @classmethod
    def open_as_it_is(cls, place: str | Path, *, busy_seconds: float = BUSY_SECONDS) -> Self | None:
        """Opens a ledger only to ask `has` and `wants`; None where there is none yet: no file, or nothing in it.

        Nothing is made, upgraded or set, and `add` raises. The ledger may be of an earlier version, where
        what this one asks for may be missing. Raises NotALedger, NewerLedger or another LedgerError.
        """
        kept = database(place)
        if not kept.is_there():
            return None
        kept.check_place(create=False)
        engine = kept.engine(busy_seconds=busy_seconds, read_only=True)
        try:
            with kept.errors(), engine.connect() as connection:
                found = version(connection, kept)
            if found is not None and found != HEAD:
                refuse_newer(found, kept)
        except DragomanError:
            engine.dispose()
            raise
        if found is None:
            engine.dispose()
            return None
        return cls(engine, kept, read_only=True)

    @classmethod
    def open_to_read(cls, place: str | Path, *, busy_seconds: float = BUSY_SECONDS) -> Self:
        """Opens the ledger that is there such that nothing can be written to it. LedgerError for an earlier version.

        Not by a fault of ours either: whatever would write is refused here, and the database refuses it, too. What
        another process began to write and could not end, SQLite undoes, as it must.
        """
        opened = cls.open_as_it_is(place, busy_seconds=busy_seconds)
        if opened is None:
            kept = database(place)
            raise LedgerError(f"there is no ledger at {kept.name}", "add reports first, or name another ledger")
        with opened.connection() as connection:
            found = version(connection, opened.database)
        if found != HEAD:
            opened.close()
            cure = "`dragoman list reports` with it, once, brings it up to date"
            raise LedgerError(f"{opened.database.name} is of an earlier version", cure)
        return opened

    def close(self) -> None:
        """Closes it."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- adding -------------------------------------------------------------------------------

    def add(self, reading: Reading) -> bool:
        """Adds a reading; False, and nothing changes, when the same maker's is there already.

        A reading by another model or version supersedes the one that was current. So does one by the same
        maker of a better copy of the report (`copies.better`): one that has the date, say, which the other
        lacked. The report's capture, if it has one, is kept with it.

        Raises LedgerBusy or LedgerWriteFailed when it cannot be written.
        """
        return self.add_many([bulk.prepare(reading)])[0]  # what is wrong with it is told before anything is locked

    def add_many(self, batch: Sequence[bulk.Prepared]) -> list[bool]:
        """Adds readings as if one after the other, all in one transaction; whether each was taken.

        `bulk.prepare` makes them ready, `bulk.AT_ONCE` at most. Raises as `add` does.
        """
        with self.writing() as connection:
            return bulk.add(connection, self.database, batch)

    # --- deciding -----------------------------------------------------------------------------

    def retract(self, report_id: str, day: str, reason: str = "", decided_by: str = "") -> None:
        """Records that a report does not count from that day (ISO 8601) on; nothing of it is lost.

        Lists, exports and comparisons leave it out then, unless they ask for what was known before. UsageError,
        NotFound.
        """
        self._retraction(report_id, decisions.RETRACTED, day, reason, decided_by)

    def restore(self, report_id: str, day: str, reason: str = "", decided_by: str = "") -> None:
        """Records that a retracted report counts again from that day on. UsageError, NotFound."""
        if self.retraction(report_id) is None:
            raise UsageError(f"{report_id} is not retracted", "see its reading with `dragoman show`")
        self._retraction(report_id, decisions.RESTORED, day, reason, decided_by)

    def retraction(self, report_id: str, as_of: AsOf = NOW) -> Retraction | None:
        """The retraction of a report, None if it counted then."""
        with self.connection() as connection:
            return decisions.retraction(connection, self.resolve(report_id), as_of)

    def corrections(self, report_id: str, as_of: AsOf = NOW) -> list[Correction]:
        """What people had corrected then in a report's marks, in order, also what was corrected again since."""
        report = self.resolve(report_id)
        with self.connection() as connection:
            return decisions.corrections_of(connection, report, as_of)

    def correct(self, id: str, field: str, value: str | None, reason: str = "", decided_by: str = "") -> Reading:
        """Records what a field of an event or attribution should say, and gives the corrected reading.

        The reading becomes a new one over the current; readings by later models are corrected, too. What may be
        corrected is in `correcting.FIELDS`. UsageError, NotFound.
        """
        report, mark = split_mark_id(id)
        change = Change(self.resolve(report), mark, ((field, value),))
        return self.change([change], "correct", reason, decided_by)[change.report]

    def change(self, changes: Sequence[Change], did: str, reason: str = "", decided_by: str = "") -> dict[str, Reading]:
        """Corrects or accepts marks at one stroke (`did` says what that is), to be taken back as one.

        The corrected readings, by their reports' ids. UsageError, NotFound; Overtaken when one of the marks is not any
        more as it was seen: nothing is recorded then.
        """
        with self.writing() as connection:
            return acts.change(connection, changes, did, reason, decided_by)

    def undo(self, decided_by: str = "", number: int | None = None) -> Act:
        """Takes back the last of what somebody corrected, accepted or judged, and gives it. NotFound, Overtaken."""
        with self.writing() as connection:
            return acts.undo(connection, decided_by, number)

    def last_act(self, decided_by: str = "") -> Act | None:
        """The last of what somebody corrected, accepted or judged and did not take back."""
        with self.connection() as connection:
            return acts.last(connection, decided_by)

    def marks_of(self, act: Act) -> list[tuple[str, str, Span]]:
        """The marks that an act corrected: report, kind, and where the words stand."""
        with self.connection() as connection:
            return acts.marks_of(connection, act)

    def grade(self, subject: str, grade: str, reason: str = "", decided_by: str = "") -> None:
        """Records a grade over the machine's; `compare.grades` says what is graded, and how."""
        with self.writing() as connection:
            decisions.record(connection, schema.grades, reason, decided_by, subject=subject, grade=grade)

    def overrulings(self, as_of: AsOf = NOW) -> dict[str, Overruling]:
        """The grade that somebody had given last to each subject then."""
        with self.connection() as connection:
            return decisions.overrulings(connection, as_of)

    def judge(
        self, one: str, other: str, verdict: str, reason: str = "", decided_by: str = "", *, seen: str | None = None
    ) -> None:
        """Records whether two entities, or two events, named by their ids, are the `same` or `different`.

        A third verdict is `unsure`. Events are the same when they are one happening. A later judgement of the same two
        holds over an earlier one. `seen` is the verdict that there was, '' for none: Overtaken when it is another now.
        UsageError, NotFound.
        """
        if verdict not in identity.VERDICTS:
            raise UsageError(f"{verdict!r} is no verdict", f"take one of {', '.join(identity.VERDICTS)}")
        table, told = self._judgement(one, other, verdict)
        with self.writing() as connection:
            acts.judge(connection, table, told, verdict, reason, decided_by, seen)

    def _judgement(self, one: str, other: str, verdict: str) -> tuple[Table, dict[str, str]]:
        """The table that a judgement of two marks goes into, and what its row says."""
        (reading, mark), (other_reading, other_mark) = self.mark(one), self.mark(other)
        if isinstance(mark, Event) and isinstance(other_mark, Event):
            ends = sorted(
                decisions.anchor(r.report.id, decisions.span_of(e))
                for r, e in ((reading, mark), (other_reading, other_mark))
            )
            if ends[0] == ends[1]:
                raise UsageError(f"{one} and {other} are the same event", "name two")
            return schema.joins, {"one": ends[0], "other": ends[1], "verdict": verdict}
        if not isinstance(mark, Entity) or not isinstance(other_mark, Entity):
            raise UsageError(f"{one} and {other} cannot be the same", "name two entities, or two events")
        first, second = Who.of(mark), Who.of(other_mark)
        if first == second:
            raise UsageError(f"{one} and {other} have the same name, type and country", "name two that differ")
        return schema.judgements, identity.judgement(first, second, verdict)

    def has(self, report_id: str, made_by: MadeBy | None = None) -> bool:
        """Whether there is a reading of the report, or one by that maker. Takes whole ids only.

        There may be one, and `add` still take another: of a better copy. `wants` tells that.
        """
        found = select(readings.c.number).where(readings.c.report == report_id, *by(made_by)).limit(1)
        with self.connection() as connection:
            return connection.execute(found).first() is not None

    def wants(self, report: Report, made_by: MadeBy | None = None) -> bool:
        """Whether `add` would take a reading of this copy of the report by that maker.

        Without a maker: by the one who made the current reading, so that it can be told without a model.
        """
        with self.connection() as connection:
            return wanted(connection, report, made_by)

    # --- reading ------------------------------------------------------------------------------

    def reading(self, report_id: str, as_of: AsOf = NOW) -> Reading:
        """The reading of a report that held then, named by its id or the start of it; NotFound, UsageError.

        Without a time: the current one, also of a report that is retracted.
        """
        report = self.resolve(report_id)
        found = select(readings.c.reading).where(readings.c.report == report, *as_of.held())
        with self.connection() as connection:
            text = connection.execute(found).scalar_one_or_none()
        if text is None:
            raise NotFound(f"{report_id} was not known then", "ask for a later time, or without one")
        return parsed(text)

    def as_read(self, report_id: str, as_of: AsOf = NOW) -> Reading:
        """The last reading of a report as its model had given it then, before people corrected it."""
        report = self.resolve(report_id)
        with self.connection() as connection:
            return as_read(connection, report, as_of)

    def superseded(self, report_id: str | None = None, since: str | None = None) -> Iterator[tuple[Reading, Reading]]:
        """Of each report whose reading was superseded: the one before and the current one, in order of the report's id.

        `since` is a day or moment (UTC): before is the reading that was held then, and reports that came later are
        left out. Without it, before is the reading that the current one took the place of; or what its model gave, if
        people corrected it. NotFound, UsageError.
        """
        then = filters.as_of(filters.checked(Filter(recorded=since), "reports"))
        conditions = NOW.held()
        if report_id is not None:
            conditions.append(readings.c.report == self.resolve(report_id))
        told = select(readings.c.report, readings.c.supersedes).where(readings.c.supersedes.is_not(None), *conditions)
        unchanged = [~condition for condition in then.recorded_by(readings.c.recorded_at)]
        with self.connection() as connection:
            found = connection.execute(told.where(*unchanged).order_by(readings.c.report)).all()
        for report, number in found:
            if since is None:
                after = self.reading(report)
                yield (self.as_read(report) if after.corrections else self._numbered(number)), after
            else:
                with suppress(NotFound):
                    yield self.reading(report, then), self.reading(report)

    def _numbered(self, number: int) -> Reading:
        with self.connection() as connection:
            found = connection.execute(select(readings.c.reading).where(readings.c.number == number))
            return parsed(found.scalar_one())

    def captures(self, report_id: str, as_of: AsOf = NOW) -> list[Taken]:
        """What a report was taken from by then, in the order in which it came, without the bytes: see `original`."""
        report = self.resolve(report_id)
        with self.connection() as connection:
            return captures.captures_of(connection, report, as_of)

    def kept(self, report_ids: Iterable[str], as_of: AsOf = NOW) -> dict[str, list[Taken]]:
        """Of some reports, by their whole ids, what was fetched of them by then and is kept, without the bytes."""
        with self.connection() as connection:
            return captures.kept_of(connection, report_ids, as_of)

    def original(self, hash: str) -> bytes:
        """The bytes that a report was taken from, by their SHA-256. NotFound where they are not kept."""
        with self.connection() as connection:
            return captures.original(connection, hash)

    def earlier(self, reading: Reading) -> Reading | None:
        """The reading of the report that had the same address before: an article is another report once it is edited.

        Of several the last one published, or else recorded, before it.
        """
        before = [version.report for version in self.versions(reading)]
        before = before[: before.index(reading.report.id)] if before else []
        return self.reading(before[-1]) if before else None

    def versions(self, reading: Reading, as_of: AsOf = NOW) -> list[Version]:
        """The reports that had a reading's address then, its own among them: by day of publication, then as they came.

        None where the report has no address.
        """
        if not reading.report.url:
            return []
        first = select(reports.c.recorded_at).where(reports.c.id == readings.c.report).scalar_subquery()
        told = select(readings.c.report, readings.c.title, readings.c.published, first).where(
            readings.c.url == storable(reading.report.url), *as_of.held()
        )
        with self.connection() as connection:
            found = [Version(*row) for row in connection.execute(told)]
        return sorted(found, key=lambda one: (one.published, one.recorded_at, one.report))

    def readings(self, *conditions: ColumnElement[bool]) -> Iterator[Reading]:
        """Readings in order of the report's id, so the same whatever the order of adding.

        `conditions` are on `schema.readings`; without any: the current ones of all reports that are not retracted.
        `query.readings` makes them from a filter.
        """
        conditions = conditions or tuple(NOW.conditions())
        after = ""
        while True:
            with self.connection() as connection:
                batch = connection.execute(
                    select(readings.c.report, readings.c.reading)
                    .where(readings.c.report > after, *conditions)
                    .order_by(readings.c.report)
                    .limit(_READINGS_AT_ONCE)
                ).all()
            yield from (parsed(text) for _, text in batch)
            if len(batch) < _READINGS_AT_ONCE:
                return
            after = batch[-1].report

    def held(self, report_ids: Iterable[str], as_of: AsOf = NOW) -> dict[str, Held]:
        """The texts of some reports, each by its whole id, without the rest of their readings; the rows of a page."""
        asked = select(readings.c.report, readings.c.reading, readings.c.recorded_at)
        with self.connection() as connection:
            rows = connection.execute(asked.where(readings.c.report.in_(set(report_ids)), *as_of.conditions()))
            return {row.report: Held(json.loads(row.reading)["report"]["text"], row.recorded_at) for row in rows}

    def mark(self, id: str, as_of: AsOf = NOW) -> tuple[Reading, AnyMark]:
        """The mark of an id such as `1f0c9a77b3e2:E1`, of whichever kind, and the reading that holds it."""
        reading, mark = self._split(id, as_of)
        marks: tuple[AnyMark, ...] = (*reading.events, *reading.attributions, *reading.entities)
        return reading, _marked(marks, mark, id, "mark")

    def event(self, id: str, as_of: AsOf = NOW) -> tuple[Reading, Event]:
        """The event of an id such as `1f0c9a77b3e2:E1`, and the reading that holds it."""
        reading, mark = self._split(id, as_of)
        return reading, _marked(reading.events, mark, id, "event")

    def attribution(self, id: str, as_of: AsOf = NOW) -> tuple[Reading, Attribution]:
        """The attribution of an id such as `1f0c9a77b3e2:A1`, and the reading that holds it."""
        reading, mark = self._split(id, as_of)
        return reading, _marked(reading.attributions, mark, id, "attribution")

    def entity(self, id: str, as_of: AsOf = NOW) -> tuple[Reading, Entity]:
        """The entity of an id such as `1f0c9a77b3e2:N1`, and the reading that holds it."""
        reading, mark = self._split(id, as_of)
        return reading, _marked(reading.entities, mark, id, "entity")

    def resolve(self, report_id: str) -> str:
        """The whole id of a report from its start; NotFound, or UsageError when several begin so."""
        prefix = report_prefix(report_id)
        beyond = prefix + "g"  # after every hexadecimal digit
        with self.connection() as connection:
            found = connection.execute(
                select(reports.c.id)
                .where(reports.c.id >= prefix, reports.c.id < beyond)
                .order_by(reports.c.id)
                .limit(4)
            ).scalars()
            ids: list[str] = list(found)
        if not ids:
            raise no_report(report_id)
        if len(ids) > 1:
            raise UsageError(
                f"{report_id!r} begins several reports: {', '.join(id[: len(prefix) + 6] for id in ids)}",
                "give more characters of the id",
            )
        return ids[0]

    def counts(self, as_of: AsOf = NOW) -> dict[str, int]:
        """How many reports, entities, attributions and events there are, and readings of these reports.

        Superseded readings are counted, their marks are not; the same name, type and country in several reports is
        one entity.
        """
        current = select(readings.c.number).where(*as_of.conditions())
        every = readings.alias("every")
        known, said, done = schema.entities.c, schema.attributions.c, schema.events.c
        who = select(known.name_folded, known.name, known.type, known.country).distinct()
        counted = {
            "reports": current,
            "readings": select(every.c.number).where(
                every.c.report.in_(current.with_only_columns(readings.c.report)),
                *as_of.recorded_by(every.c.recorded_at),
            ),
            "entities": who.where(walked(known.reading).in_(current)),
            "attributions": select(said.reading).where(said.reading.in_(current)),
            "events": select(done.reading).where(done.reading.in_(current)),
        }
        with self.connection() as connection:
            return {
                name: int(connection.execute(select(func.count()).select_from(rows.subquery())).scalar_one())
                for name, rows in counted.items()
            }

    # --- transactions -------------------------------------------------------------------------

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection in a reading transaction of its own; the database's errors come out as ours."""
        with self.database.errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection in a transaction that holds the one writer's place from its start."""
        if self._read_only:
            raise LedgerWriteFailed(f"{self.database.name} is open only to be read", "open it with `Ledger.open`")
        with self.connection() as connection, self.database.for_writing(connection).begin():
            yield connection

    def _retraction(self, report_id: str, verdict: str, day: str, reason: str, decided_by: str) -> None:
        day = filters.checked(Filter(as_of=day), "reports").get("as_of", "")
        if not day:
            raise UsageError("no day is given", "give it as year-month-day: 2031-03-04")
        report = self.resolve(report_id)
        with self.writing() as connection:
            decided = {"report": report, "verdict": verdict, "day": day}
            decisions.record(connection, schema.retractions, reason, decided_by, **decided)

    # --- parts --------------------------------------------------------------------------------

    def _split(self, id: str, as_of: AsOf) -> tuple[Reading, str]:
        report, mark = split_mark_id(id)
        return self.reading(report, as_of), mark


def _marked(marks: tuple[Mark, ...], mark: str, id: str, kind: str) -> Mark:
    for candidate in marks:
        if candidate.id == mark:
            return candidate
    raise NotFound(
        f"no {kind} {id!r} in the ledger", "see `dragoman list`: another model may have renumbered the marks"
    )
