"""Partitions coded by Ray, on this machine or on those of a cluster, by an actor for each core.

Invariant: nothing else of the program needs Ray. Where no cluster is named (RAY_ADDRESS), it runs on this machine for
the length of the run, and nobody beyond it can reach it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any

from dragoman.adding.processes import cores
from dragoman.coding.partitions import Partition
from dragoman.coding.work import Done, Task, code
from dragoman.errors import DragomanError, ModelError, StorageError, WorkerError
from dragoman.offline import shut_if_asked

_SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
"""Nothing is told to anybody."""

_ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Ray listens on the loopback address only, as it does on desktops of its own accord."""

_SHARED = 1 << 27
"""Bytes that actors share: of a partition only what became of it goes through there, not its readings."""

_MOST_BLOCKS = 2_000
"""Of more partitions than that, several go to an actor at a time: Ray keeps books on each block."""


def on_ray(task: Task, partitions: Sequence[Partition], jobs: int) -> Iterator[Done]:
    """Codes partitions by so many actors, 0 is one for each core that there is.

    ModelError, GazetteerError or WorkerError end all.
    """
    os.environ.update(_SILENT if os.environ.get("RAY_ADDRESS") else _SILENT | _ALONE)
    try:
        ray: Any = import_module("ray")
        import_module("ray.data")
        from ray.exceptions import RayError
    except ImportError as error:
        raise WorkerError("Ray is not installed", 'install it: pip install "dragoman[cluster]"') from error
    _quietly()
    begun = not ray.is_initialized()
    if begun:
        _begin(ray, jobs or cores())
    try:
        jobs = jobs or int(ray.cluster_resources()["CPU"])
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = context.print_on_execution_start = False
        rows = ray.data.from_items(
            [asdict(one) for one in partitions], override_num_blocks=min(len(partitions), _MOST_BLOCKS)
        )
        coded = rows.map_batches(
            _Coder,
            fn_constructor_args=(task,),
            batch_size=1,
            batch_format="pyarrow",
            compute=ray.data.ActorPoolStrategy(size=min(jobs, len(partitions))),  # an actor that dies begins anew
            num_cpus=1,
        )
        for row in coded.iter_rows():
            yield _done(row)
    except RayError as error:
        raise WorkerError(
            f"Ray has broken off ({str(error).strip()[-300:]})", "run it again: what is done is kept"
        ) from error
    finally:
        if begun:
            ray.shutdown()


def _quietly() -> None:
    for name in ("ray", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)


def _begin(ray: Any, jobs: int) -> None:
    quietly = {"log_to_driver": False, "logging_level": logging.ERROR}
    if os.environ.get("RAY_ADDRESS"):
        ray.init(**quietly)
    else:
        where = {"_node_ip_address": "127.0.0.1", "include_dashboard": False, "object_store_memory": _SHARED}
        ray.init("local", num_cpus=jobs, **where, **quietly)


class _Coder:
    """Codes the partitions that it is given; what ends all comes back as a row, since Ray would hide what it is."""

    def __init__(self, task: Task) -> None:
        os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as the command has it
        shut_if_asked()
        self._task = task
        self._reader: Any = None

    def __call__(self, batch: Any) -> Any:
        import pyarrow as pa

        return pa.Table.from_pylist([self._row(Partition(**row)) for row in batch.to_pylist()])

    def _row(self, partition: Partition) -> dict[str, Any]:
        told = {**asdict(partition), "readings": 0, "failures": 0, "error": "", "what": "", "cure": ""}
        try:
            self._reader = self._reader or self._task.reader()
            done = code(self._task, self._reader, partition)
        except DragomanError as error:
            return told | {"error": type(error).__name__, "what": error.what, "cure": error.cure}
        if done.error:
            told |= {"error": "StorageError", "what": done.error.what, "cure": done.error.cure}
        return told | {"readings": done.readings, "failures": done.failures}


def _done(row: dict[str, Any]) -> Done:
    from dragoman import errors

    error, what, cure = (row.pop(name) for name in ("error", "what", "cure"))
    counts = {name: row.pop(name) for name in ("readings", "failures")}
    if error and error != StorageError.__name__:
        raise getattr(errors, error, ModelError)(what, cure)
    return Done(Partition(**row), **counts, error=StorageError(what, cure) if error else None)
