"""The one place that composes the stages: a report goes in, a reading comes out.

documents -> model -> names -> sources -> events, each from records to records.
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman import times
from dragoman.config import Settings
from dragoman.documents.incoming import Failure
from dragoman.documents.load import load
from dragoman.documents.text import make_report
from dragoman.events.assemble import events
from dragoman.model.bundle import Bundle, open_bundle
from dragoman.names.dating import periods
from dragoman.names.entities import entities
from dragoman.names.places.gazetteer import gazetteer
from dragoman.names.relations import relations
from dragoman.records import MadeBy, Reading, Report
from dragoman.sources.attributions import attributions

if TYPE_CHECKING:
    from dragoman.model.annotate import Annotator

__all__ = ["Failure", "Reader", "check_gazetteer", "check_model", "load", "make_report"]


class Reader:
    """Reads reports with the model of the settings, which is loaded when the first report is read.

    Raises ModelError when there is no such model, or it is damaged.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings.from_environment()
        self._bundle = open_bundle(_folder(self._settings))
        self.made_by = _made_by(self._bundle)

    @cached_property
    def annotator(self) -> Annotator:
        """What marks the text."""
        from dragoman.model.annotate import Annotator

        return Annotator.of(self._bundle, self._settings.threads)

    def read(self, report: Report) -> Reading:
        """Who the report says did what to whom, and according to whom."""
        marks = self.annotator.marks(report.text)
        named = entities(report, marks)
        said = attributions(report.text, marks.cues, named)
        dated = times.expressions(report.text, report.published)
        when = periods(report, marks.triggers, dated)
        done = events(report.text, marks.triggers, said, named, when)
        told = relations(report.text, named, dated)
        return Reading(report, named, said, done, told, self.made_by)


def check_model(settings: Settings) -> MadeBy:
    """Reads every file of the model against its checksum; raises ModelError where one is damaged."""
    return _made_by(open_bundle(_folder(settings), verify=True))


def check_gazetteer() -> int:
    """How many places the gazetteer holds; raises GazetteerError where it is missing or damaged."""
    return gazetteer().size()


def _folder(settings: Settings) -> Path | None:
    return Path(settings.model) if settings.model else None


def _made_by(bundle: Bundle) -> MadeBy:
    return MadeBy(version("dragoman"), bundle.name, bundle.sha256)
