"""Reports read in several processes, for the one that keeps the ledger.

Invariant: each report that is given comes back once, as its reading or as the error it met, whatever becomes of the
process that had it; and no more than `AHEAD` wait at one process, so that memory does not grow with their number.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from types import TracebackType
from typing import Any, Self

from dragoman.adding.attempts import Reads, attempt, name_of
from dragoman.adding.interruptions import held_back
from dragoman.errors import DragomanError, ReportError, WorkerError
from dragoman.offline import shut_if_asked
from dragoman.records import Reading, Report

PATIENCE = 2.0
"""Seconds of reading in this process before others start: a start takes 0.5 s of a core, and each holds 0.16 GB."""
AHEAD = 2
"""Reports at a process: the one it reads, and the next, so that it never waits while another is written."""

_READY = "ready"
_CURE = "read in this one: --jobs 1; if memory is short, fewer --jobs may do"
_SPAWN = get_context("spawn")

Result = tuple[Report, Reading | ReportError]


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        free.send(report)

    def rest(self, id: str | None = None) -> Iterator[Result]:
        """What is not back yet: all, or all until the report of that id is."""
        while any(id is None or report.id == id for process in self._processes for report in process.reports):
            yield from self._finished()

    def _many(self) -> bool:
        """Whether reading here has taken long; but a feed in which reports come now and then needs no others."""
        return self._spent >= PATIENCE and perf_counter() - self._began < 4 * self._spent + 1

    def _finished(self) -> Iterator[Result]:
        """What has come back; waits for the first."""
        busy = {process.pipe: process for process in self._processes if process.reports}
        for pipe in wait(list(busy)):
            yield from self._received(busy[pipe])  # type: ignore[index]

    def _received(self, process: _Process) -> Iterator[Result]:
        try:
            came = process.pipe.recv()
        except (EOFError, OSError):
            yield self._lost(process)
            return
        if came == _READY:
            process.ready = True
        elif isinstance(came, Reading | ReportError):
            report = process.reports.popleft()
            yield report, replace(came, report=report) if isinstance(came, Reading) else came
        else:
            raise came

    def _lost(self, process: _Process) -> Result:
        """The report that a process had when it ended; what it had besides goes to a new one."""
        how = process.end()
        if not process.ready:
            raise WorkerError(
                f"a process that should read reports {how} before it could begin",
                _CURE,
            )
        report = process.reports.popleft()
        another = _Process(self._make)
        self._processes[self._processes.index(process)] = another
        for left in process.reports:
            another.send(left)
        return report, ReportError(
            f"{name_of(report)}: the process that read it {how}",
            "add it again, the others are safe; if memory is short, fewer --jobs may do",
        )


class _Process:
    """A process that reads, and the reports that it has, in the order in which they come back."""

    def __init__(self, make: Callable[[], Reads]) -> None:
        self.reports: deque[Report] = deque()
        self.ready = False
        self.pipe, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_work, args=(make, theirs), daemon=True)
        with held_back():
            self._process.start()
        theirs.close()  # or the pipe would not end with the process

    def send(self, report: Report) -> None:
        """Gives it a report. Where the process has ended, the next look into its pipe finds that out."""
        self.reports.append(report)
        with suppress(OSError):
            self.pipe.send(replace(report, capture=None))  # its bytes, which may be many, are not read

    def end(self) -> str:
        """Ends it, if it has not ended of itself, and says how it did."""
        self.pipe.close()
        self._process.join(1)
        self._process.kill()
        self._process.join()
        code = self._process.exitcode or 0
        return f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended (exit code {code})"


# --- in the process that reads --------------------------------------------------------------------


def _work(make: Callable[[], Reads], pipe: Connection) -> None:
    """Reads what comes until the pipe is closed, which also happens when the one who started it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shut_if_asked()
    reports: SimpleQueue[Report] = SimpleQueue()
    Thread(target=_receive, args=(pipe, reports), daemon=True).start()
    with suppress(OSError):
        try:
            reader = _reader(make)
            pipe.send(_READY)
            while True:
                result = attempt(reader, reports.get())
                pipe.send(_told(result) if isinstance(result, ReportError) else result)
        except DragomanError as error:
            pipe.send(_told(error))


def _reader(make: Callable[[], Reads]) -> Reads:
    try:
        return make()
    except DragomanError:
        raise
    except Exception as error:
        what = f"a process that should read reports cannot begin ({type(error).__name__}: {error})"
        raise WorkerError(what, _CURE) from error


def _receive(pipe: Connection, reports: SimpleQueue[Any]) -> None:
    """Takes reports in while others are read, so that the two sides never wait for one another to take something."""
    while True:
        try:
            reports.put(pipe.recv())
        except (EOFError, OSError):
            os._exit(0)


def _told(error: DragomanError) -> DragomanError:
    """The error with where it happened, which does not go through a pipe, as a note."""
    error.add_note("in a process of its own:\n" + "".join(traceback.format_exception(error)))
    return error
