"""Partitions coded in several processes of this machine.

Invariant: each partition comes back once, whatever becomes of the process that had it: another one does it anew.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial

from dragoman.adding.processes import FEWER, Process, cores, heard
from dragoman.coding.deaths import MOST_DEATHS
from dragoman.coding.partitions import Partition
from dragoman.coding.work import Done, Task, code
from dragoman.errors import WorkerError


def local(task: Task, partitions: Sequence[Partition], jobs: int) -> Iterator[Done]:
    """Codes partitions in so many processes, 0 is one for each core; one is this one.

    ModelError, GazetteerError or WorkerError end all.
    """
    jobs = jobs or cores()
    if jobs == 1:
        reader = task.reader()
        yield from (code(task, reader, partition) for partition in partitions)
        return
    start = partial(Process, task.reader, partial(code, task))
    waiting, given, stillborn = deque(partitions), dict[Process, Partition](), 0
    coders = [start() for _ in range(min(jobs, len(partitions)))]
    try:
        while waiting or given:
            for coder in coders:
                if waiting and coder not in given:
                    given[coder] = waiting.popleft()
                    coder.send(given[coder])
            for coder in heard(given):
                if done := coder.received():
                    del given[coder]
                    yield done
                elif coder.ended:
                    stillborn = 0 if coder.ready else stillborn + 1
                    if stillborn == MOST_DEATHS * jobs:
                        what = f"processes that should read reports end before they can begin (the last {coder.ended})"
                        raise WorkerError(what, FEWER)
                    waiting.appendleft(given.pop(coder))
                    coders[coders.index(coder)] = start()
    finally:
        for coder in coders:
            coder.end()
