"""The command `dragoman` with a reader that needs no model: `python -m tests.command read FILE`.

It is the real command in a process of its own; only the reader is another one, given where `main` takes it.
With `--at-once` before the rest, `add` starts its processes at once.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import sys
import time

from dragoman.adding import workers
from dragoman.cli import main
from dragoman.config import Settings
from dragoman.errors import GazetteerError, ModelError
from dragoman.records import MadeBy, Reading, Report
from tests.builders import MADE_BY, ReadingBuilder

TRIGGERS = re.compile(r"\b(?:seized|attacked)\b")


class WordReader:
    """Makes an ASSAULT of each trigger word, `said` by nobody; some words make it fail."""

    made_by: MadeBy = MADE_BY

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def read(self, report: Report) -> Reading:
        """The reading; a report with `Nomodel`, `Noplaces`, `Fault` or `Stop` in it raises what these say.

        `Slow` takes long, `Online` connects to somebody. `Deadly` kills the process, if it was started for reading.
        """
        if "Slow" in report.text:
            time.sleep(60)
        if "Online" in report.text:
            socket.create_connection(("192.0.2.1", 9), 0.1)
        if "Deadly" in report.text and multiprocessing.parent_process():
            os.kill(os.getpid(), signal.SIGKILL)
        if "Nomodel" in report.text:
            raise ModelError("the model is gone", "bring it back")
        if "Noplaces" in report.text:
            raise GazetteerError("the gazetteer is gone", "install it again")
        if "Fault" in report.text:
            raise ValueError("no such thing")
        if "Stop" in report.text:
            raise KeyboardInterrupt
        make = ReadingBuilder(report)
        for nth, match in enumerate(TRIGGERS.finditer(report.text), start=1):
            before = len([m for m in TRIGGERS.finditer(report.text) if m[0] == match[0] and m.end() <= match.end()])
            make.event((match[0], before), "ASSAULT", confidence=0.9 if nth == 1 else 0.4)
        return make.build()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--at-once"]:
        del sys.argv[1]
        workers.START_AFTER = 0.0
    main(WordReader)
