"""Grades that people give over the machine's: recorded, with who gave them and why, and looked up.

Invariant: nothing is erased. The latest grade of a subject holds, and the machine's own stays beside it. An event or
attribution is named by where its words stand, so that a grade outlives the reading on which it was given.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dragoman.compare import of_sources
from dragoman.compare.grades import (
    LETTERS,
    NUMBERS,
    Graded,
    Rulings,
    graded,
    is_worded,
    on_attribution,
    on_event,
    speaker_of,
)
from dragoman.compare.happenings import Happening
from dragoman.compare.sources import one_each, speakers
from dragoman.compare.speaking import KINDS, NAMED, Speaker
from dragoman.errors import NotFound, UsageError
from dragoman.ledger.as_of import NOW, AsOf
from dragoman.ledger.decisions import Overruling
from dragoman.ledger.filters import Who
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Event

_SOURCE = "source:"


def overrule(ledger: Ledger, id: str, grade: str, reason: str = "", decided_by: str = "") -> str:
    """Records a grade, and gives it as it is recorded.

    A letter is for a source: of one attribution, or in all that it tells (an id that `dragoman sources` shows). A
    number is for the claim of the happening that an event tells. UsageError, NotFound.
    """
    grade = grade.strip().upper()
    if grade not in NUMBERS and grade not in LETTERS:
        raise UsageError(f"{grade!r} is no grade", "take a letter from A to F for a source, 1 to 6 for a claim")
    ledger.grade(_subject(ledger, id, grade), grade, reason, decided_by)
    return grade


def rulings(ledger: Ledger, shown: Iterable[Happening], as_of: AsOf = NOW) -> Rulings:
    """The grades that held then, those of sources for whoever speaks in some happenings."""
    given = ledger.overrulings(as_of)
    on_sources = {id.removeprefix(_SOURCE): one for id, one in given.items() if id.startswith(_SOURCE)}
    return Rulings(given, _by_speaker(ledger, on_sources, shown, as_of) if on_sources else {})


def graded_in(ledger: Ledger, shown: Sequence[Happening], as_of: AsOf = NOW) -> list[Graded]:
    """Some happenings of a ledger with their grades, those that people had given by then over those of the rules."""
    given = rulings(ledger, shown, as_of)
    return [graded(one, given) for one in shown]


def _subject(ledger: Ledger, id: str, grade: str) -> str:
    if id.partition(":")[0] in KINDS:
        if grade in NUMBERS:
            raise UsageError(f"{id} is a source, and {grade} is for claims", "give a letter, or name an event")
        kept = of_sources.source(ledger, id)  # reading all reports takes minutes for a large ledger
        if not kept and not any(one.id == id for reading in ledger.readings() for one in speakers(reading).values()):
            raise NotFound(f"no source {id!r} in the ledger", "see `dragoman sources`")
        return _SOURCE + id
    reading, mark = ledger.mark(id)
    if isinstance(mark, Event) and grade in NUMBERS:
        return on_event(reading.report.id, mark)
    said = reading.attribution(mark.attribution) if isinstance(mark, Event) else mark
    if isinstance(said, Attribution) and grade in LETTERS and not is_worded(said):
        raise UsageError(
            f"{id} is an attribution without words, and a letter is kept by them",
            "grade the source, as `dragoman sources` names it",
        )
    if isinstance(said, Attribution) and grade in LETTERS:
        return on_attribution(reading.report.id, said)
    if isinstance(mark, Event):
        raise UsageError(f"{id} is told by the outlet itself", "grade the outlet, as `dragoman sources` names it")
    raise UsageError(f"{id} cannot have the grade {grade}", "give a number to an event, a letter to an attribution")


def _by_speaker(
    ledger: Ledger, given: Mapping[str, Overruling], shown: Iterable[Happening], as_of: AsOf
) -> dict[Speaker, Overruling]:
    """The latest grade of each source, whichever of its names it was given to.

    Only those who speak in what is shown and those who were graded are looked at, by either form of their names.
    """
    heard = {speaker_of(member) for happening in shown for member in happening.members}
    known = {one for id in given for one in _named_by(id)} | heard
    same = one_each(ledger, known | {_other_form(one) for one in known}, as_of)
    found: defaultdict[Speaker, list[Overruling]] = defaultdict(list)
    for one, first in same.items():
        if one.id in given:
            found[first].append(given[one.id])
    latest = {first: max(ones, key=lambda one: one.decision.recorded_at) for first, ones in found.items()}
    return {one: latest[first] for one, first in same.items() if first in latest}


def _named_by(id: str) -> Iterator[Speaker]:
    """Every source that may have an id: what ends it in brackets is a type and country, or an outlet."""
    kind, _, told = id.partition(":")
    for bracket in (len(told), *(found.start() for found in re.finditer(r" \(", told))):
        name, more = told[:bracket], told[bracket + 2 : -1]
        type, _, country = more.partition(", ")
        for one in (Speaker(kind, name, None, more), Speaker(kind, name, Who(name, type, country))):
            if one.id == id and (one.who is None or kind == NAMED):
                yield one


def _other_form(one: Speaker) -> Speaker:
    """A named source with the article that it has not, or without the one that it has."""
    if one.who is None:
        return one
    name = one.name.removeprefix("the ")
    name = name if name != one.name else f"the {name}"
    return Speaker(NAMED, name, replace(one.who, name=name))
