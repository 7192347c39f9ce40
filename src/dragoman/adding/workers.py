"""Reports read in several processes, for the one that keeps the ledger.

Invariant: each report that is given comes back once, as its reading or as the error it met, whatever becomes of the
process that had it; and no more than `AHEAD` wait at one process, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from time import perf_counter
from types import TracebackType
from typing import Self

from dragoman.adding.attempts import Reads, attempt, name_of
from dragoman.adding.processes import FEWER, Process, heard, with_traceback
from dragoman.errors import DragomanError, ReportError, WorkerError
from dragoman.records import Reading, Report

START_AFTER = 2.0
"""Seconds of reading in this process before others start: a start takes 0.5 s of a core, and each holds 0.16 GB."""
AHEAD = 2
"""Reports at a process: the one it reads, and the next, so that it never waits while another is written."""

Result = tuple[Report, Reading | ReportError]


class Workers:
    """Reads reports: here at first, then in `jobs` processes if there are many. Use it in a `with` statement.

    `make` gives each process its reader, and must be one that can be pickled. One process is this one.
    """

    def __init__(self, reader: Reads, make: Callable[[], Reads], jobs: int) -> None:
        self.made_by = reader.made_by
        self._here: Reads | None = reader
        self._make = make
        self._jobs = jobs
        self._began = perf_counter()
        self._spent = 0.0
        self._processes: list[_Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends every process at once; what was given and did not come back is not read."""
        for process in self._processes:
            process.end()

    def give(self, report: Report) -> Iterator[Result]:
        """Has a report read; gives what was finished meanwhile, which may be this one. Waits where all are busy.

        Raises ModelError, GazetteerError, and WorkerError when no process can start.
        """
        if self._here and (self._jobs == 1 or not self._many()):
            began = perf_counter()
            result = report, attempt(self._here, report)
            self._spent += perf_counter() - began
            yield result
            return
        if self._here:
            self._here = None  # its model is loaded, and no longer needed
            self._processes = [_Process(self._make) for _ in range(self._jobs)]
        while len((free := min(self._processes, key=lambda process: len(process.reports))).reports) == AHEAD:
            yield from self._finished()
        free.give(report)

    def rest(self, id: str | None = None) -> Iterator[Result]:
        """What is not back yet: all, or all until the report of that id is."""
        while any(id is None or report.id == id for process in self._processes for report in process.reports):
            yield from self._finished()

    def _many(self) -> bool:
        """Whether reading here has taken long; but a feed in which reports come now and then needs no others."""
        return self._spent >= START_AFTER and perf_counter() - self._began < 4 * self._spent + 1

    def _finished(self) -> Iterator[Result]:
        """What has come back; waits for the first."""
        for process in heard(process for process in self._processes if process.reports):
            came = process.received()
            if process.ended:
                yield self._lost(process)
            elif came is not None:
                report = process.reports.popleft()
                yield report, replace(came, report=report) if isinstance(came, Reading) else came

    def _lost(self, process: _Process) -> Result:
        """The report that a process had when it ended; what it had besides goes to a new one."""
        if not process.ready:
            raise WorkerError(f"a process that should read reports {process.ended} before it could begin", FEWER)
        report = process.reports.popleft()
        another = _Process(self._make)
        self._processes[self._processes.index(process)] = another
        for left in process.reports:
            another.give(left)
        return report, ReportError(
            f"{name_of(report)}: the process that read it {process.ended}",
            "add it again, the others are safe; if memory is short, fewer --jobs may do",
        )


class _Process(Process):
    """A process that reads, and the reports that it has, in the order in which they come back."""

    def __init__(self, make: Callable[[], Reads]) -> None:
        super().__init__(make, _read)
        self.reports: deque[Report] = deque()

    def give(self, report: Report) -> None:
        """Gives it a report."""
        self.reports.append(report)
        self.send(replace(report, capture=None))  # its bytes, which may be many, are not read


def _read(reader: Reads, report: Report) -> Reading | DragomanError:
    result = attempt(reader, report)
    return with_traceback(result) if isinstance(result, ReportError) else result
