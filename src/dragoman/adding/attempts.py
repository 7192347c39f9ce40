"""One report through a reader, and what it is called in messages.

Invariant: what is wrong with one report comes out as a ReportError, whatever it was; what would hit every report
(the model, the gazetteer, the ledger) passes as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from textwrap import shorten
from typing import Protocol

from dragoman.errors import GazetteerError, LedgerError, ModelError, ReportError, fault
from dragoman.records import MadeBy, Reading, Report


class Reads(Protocol):
    """Whatever reads reports: `pipeline.Reader`, or another one in its place."""

    @property
    def made_by(self) -> MadeBy:
        """What its readings say of their making."""

    def read(self, report: Report) -> Reading:
        """The reading of a report."""


def name_of(report: Report) -> str:
    """What a report is called in a message: its title, or how it begins."""
    return f"“{report.title or shorten(report.text[:200], 48, placeholder='…')}”"


@contextmanager
def faults_named(name: str) -> Iterator[None]:
    """Makes a fault of the program in one report a failure of that report; what hits all passes."""
    try:
        yield
    except (ReportError, LedgerError, ModelError, GazetteerError):
        raise
    except Exception as error:
        cure = "report it, with the text if you may; `dragoman --debug` shows where it happened"
        raise ReportError(f"{name}: {fault(error)}", cure) from error


def attempt(reader: Reads, report: Report) -> Reading | ReportError:
    """The reading of a report, or why there is none."""
    try:
        with faults_named(name_of(report)):
            return reader.read(report)
    except ReportError as error:
        return error
