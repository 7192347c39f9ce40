"""Partitions coded in several processes of this machine.

Invariant: each partition comes back once, whatever becomes of the process that had it: another one does it anew.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from queue import SimpleQueue
from threading import Thread

from dragoman.adding.processes import FEWER, Process, cores, reader_of, receive, told
from dragoman.coding.attempts import PATIENCE
from dragoman.coding.partitions import Partition
from dragoman.coding.work import Done, Task, code
from dragoman.errors import DragomanError, WorkerError
from dragoman.offline import shut_if_asked

_READY = "ready"


def local(task: Task, partitions: Sequence[Partition], jobs: int) -> Iterator[Done]:
    """Codes partitions in so many processes, 0 is one for each core; one is this one.

    ModelError, GazetteerError or WorkerError end all.
    """
    jobs = jobs or cores()
    if jobs == 1:
        reader = task.reader()
        yield from (code(task, partition, reader) for partition in partitions)
        return
    waiting, stillborn = deque(partitions), 0
    coders = [_Coder(task) for _ in range(min(jobs, len(partitions)))]
    try:
        while waiting or any(coder.partition for coder in coders):
            for coder in coders:
                if waiting and coder.partition is None:
                    coder.send(waiting.popleft())
            busy = {coder.pipe: coder for coder in coders if coder.partition}
            for pipe in wait(list(busy)):
                coder = busy[pipe]  # type: ignore[index]
                if done := coder.received():
                    yield done
                elif coder.partition and coder.ended:
                    stillborn = 0 if coder.ready else stillborn + 1
                    if stillborn == PATIENCE * jobs:
                        what = f"processes that should read reports end before they can begin (the last {coder.ended})"
                        raise WorkerError(what, FEWER)
                    waiting.appendleft(coder.partition)
                    coders[coders.index(coder)] = _Coder(task)
    finally:
        for coder in coders:
            coder.end()


class _Coder(Process):
    """A process that codes, and the partition that it has; `ended` says how it ended, if it did so of itself."""

    def __init__(self, task: Task) -> None:
        self.partition: Partition | None = None
        self.ready = False
        self.ended = ""
        super().__init__(_work, task)

    def send(self, partition: Partition) -> None:
        """Gives it a partition. Where the process has ended, the next look into its pipe finds that out."""
        self.partition = partition
        with suppress(OSError):
            self.pipe.send(partition)

    def received(self) -> Done | None:
        """What became of its partition, if that came."""
        try:
            came = self.pipe.recv()
        except (EOFError, OSError):
            self.ended = self.end()
            return None
        if came == _READY:
            self.ready = True
            return None
        if isinstance(came, Done):
            self.partition = None
            return came
        raise came


def _work(task: Task, pipe: Connection) -> None:
    """Codes what comes until the pipe is closed, which also happens when the one who started it dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    shut_if_asked()
    partitions: SimpleQueue[Partition] = SimpleQueue()
    Thread(target=receive, args=(pipe, partitions), daemon=True).start()
    with suppress(OSError):
        try:
            reader = reader_of(task.reader)
            pipe.send(_READY)
            while True:
                pipe.send(code(task, partitions.get(), reader))
        except DragomanError as error:
            pipe.send(told(error))
