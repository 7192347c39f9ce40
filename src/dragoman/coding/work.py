"""One partition coded: its reports through a reader, and what comes of them into the folder.

Invariant: whoever does it, however often, the same files come of it; nothing is there before all is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dragoman.adding.attempts import Reads, attempt, name_of
from dragoman.coding.deaths import MOST_DEATHS, Deaths
from dragoman.coding.inputs import reports
from dragoman.coding.output import DEATHS, Coded, schema
from dragoman.coding.partitions import Partition
from dragoman.documents.incoming import Failure, Options
from dragoman.documents.text import make_report
from dragoman.errors import ReportError, StorageError
from dragoman.records import Reading, Report


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done with every partition: `make` gives each process its reader."""

    coded: Coded
    options: Options
    make: Callable[[], Reads]

    def reader(self) -> Reads:
        """A reader that has loaded all it needs, as does what writes: no death is then put down to the first report."""
        schema()
        reader = self.make()
        attempt(reader, make_report("The council met on Monday."))
        return reader


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a partition: how many readings and failures; or the error for which it is not there."""

    partition: Partition
    readings: int = 0
    failures: int = 0
    error: StorageError | None = None


def code(task: Task, reader: Reads, partition: Partition) -> Done:
    """Codes a partition. ModelError or GazetteerError where no report can be read."""
    try:
        count, failures = 0, list[Failure]()
        with task.coded.put(partition) as out:
            deaths = Deaths.begin(task.coded.folder.child(DEATHS), partition)
            for position, item in enumerate(reports(partition, task.options)):
                read = _read(item, position, deaths, reader)
                if isinstance(read, Reading):
                    out.add(read)
                    count += 1
                else:
                    failures.append(read)
            task.coded.put_failures(partition, failures)
        deaths.end()
    except StorageError as error:
        return Done(partition, error=error)
    return Done(partition, count, sum(failure.failed for failure in failures))


def _read(item: Report | Failure, position: int, deaths: Deaths, reader: Reads) -> Reading | Failure:
    if isinstance(item, Failure):
        return item
    name = name_of(item)
    if deaths.too_many(position):
        what = f"{name}: {MOST_DEATHS} processes that read it were killed"
        return Failure(
            name, ReportError(what, "if memory is short, fewer --jobs may do; else report it, with its text")
        )
    deaths.watch(position)
    read = attempt(reader, item)
    return Failure(name, read) if isinstance(read, ReportError) else read
