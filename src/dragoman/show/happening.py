"""A happening on the screen and as plain values: all that is claimed of it, side by side, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from textwrap import shorten
from typing import Any

from rich.text import Text

from dragoman.compare.contradictions import Claim, Member, Toll
from dragoman.compare.grades import NUMBERS, Grade, Graded
from dragoman.compare.speaking import head_phrase
from dragoman.ledger.ids import mark_id
from dragoman.show import wording
from dragoman.show.output import one_line
from dragoman.show.screen import BEARING, QUIET, TITLE, UNSURE, Screen

MARGIN = 19
"""Columns of an event's id and the space after it."""

UNKNOWN = "F"
"""The letter of most sources; the reasons of the others are worth a line."""


def put(screen: Screen, graded: Graded) -> None:
    """Writes a happening: what, when, its number; each telling with its letter; tolls, disputes; who stands behind."""
    one = graded.happening
    head = Text.assemble((one.type, BEARING.get(wording.bearing(one.type), TITLE)))
    head.append(f" · {wording.when(one.start, one.end, 'interval')} · {wording.many(len(one.reports), 'report')}")
    head.append(f", {wording.many(one.independent, 'independent chain')}")
    screen.put(head.append(f" · {_number(graded.number)} ({_because(graded.number)})"), MARGIN, Text(one.id, QUIET))
    for report in one.reports:
        telling, *more = (member for member in one.members if member.reading.report.id == report)
        said = _telling(telling, graded.letters[telling.told.key])
        said.append(f" (and {wording.many(len(more), 'telling')} more)" if more else "", QUIET)
        screen.put(said, MARGIN, Text(telling.told.key, QUIET))
    for kind in dict.fromkeys(toll.kind for toll in one.tolls):
        if series := _series([toll for toll in one.tolls if toll.kind == kind]):
            screen.put(f"{wording.plain(kind)}: {series}", MARGIN)
    for dispute, grades in zip(one.contradictions, graded.sides, strict=True):
        both = zip((dispute.one, dispute.other), grades, strict=True)
        sides = " / ".join(f"{_claims(side)} [{_number(grade)}]" for side, grade in both)
        screen.put(Text(f"{dispute.kind}: ", UNSURE).append(one_line(sides)), MARGIN)
    for chain in one.chains:
        rests = ", ".join(chain.sources) if chain.known else "nobody who can be told"
        because = f" ({'; '.join(chain.links)})" if chain.links else ""
        screen.put(one_line(f"{wording.many(len(chain.reports), 'report')} on {rests}{because}"), MARGIN)
    screen.put()


def as_dict(graded: Graded) -> dict[str, Any]:
    """A happening with its grades as plain JSON values; each `event` and `report` is an id of the ledger."""
    one = graded.happening
    return {
        "id": one.id,
        "type": one.type,
        "start": one.start,
        "end": one.end,
        "reports": one.reports,
        "independent": one.independent,
        "number": asdict(graded.number),
        "told": [{**_told(member), "letter": asdict(graded.letters[member.told.key])} for member in one.members],
        "joins": [{**asdict(join), "probability": round(join.probability, 4)} for join in one.joins],
        "contradictions": [
            {**asdict(dispute), "numbers": [asdict(grade) for grade in grades]}
            for dispute, grades in zip(one.contradictions, graded.sides, strict=True)
        ],
        "tolls": [asdict(toll) for toll in one.tolls],
        "chains": [asdict(chain) for chain in one.chains],
    }


def _number(grade: Grade) -> str:
    return f"{grade.holds} {NUMBERS[grade.holds]}"


def _because(grade: Grade) -> str:
    """The reasons; before them who overruled the rules, and why."""
    if grade.human is None:
        return one_line(grade.why)
    given = grade.human.decision
    said = f"by {given.decided_by or 'somebody'}{f': {given.reason}' if given.reason else ''}"
    return one_line(f"{said}; by the rules {grade.grade}, {grade.why}")


def _series(tolls: Sequence[Toll]) -> str:
    """What was told one after the other, by whom and when; empty where all tell one number."""
    points: list[str] = []
    for (low, high), same in groupby(tolls, key=lambda toll: (toll.low, toll.high)):
        by = dict.fromkeys(_whose(toll.claim) for toll in same)
        points.append(f"{wording.range_of(low, high)} ({'; '.join(by)})")
    return one_line(" → ".join(points)) if len(points) > 1 else ""


def _whose(claim: Claim) -> str:
    voice = shorten(one_line(head_phrase(claim.voice or "outlet unknown")), 40, placeholder=" …")
    return f"{voice}, {wording.day_of_year(claim.published) or 'undated'}"


def _telling(member: Member, letter: Grade) -> Text:
    report, event = member.reading.report, member.event
    said = Text(one_line(f"{report.outlet or 'outlet unknown'}, {wording.day(report.published) or 'undated'}:"))
    said.append(f" “{one_line(member.reading.words(event.trigger))}” {wording.plain(event.status)}")
    said.append("".join(f" · {one_line(part)}" for part in _parts(member)))
    voice = member.voice if event.attribution else None
    said.append(f", according to {one_line(voice)}" if voice else ", the outlet itself")
    why = "" if letter.holds == UNKNOWN and not letter.human else f": {_because(letter)}"
    return said.append(f" [{letter.holds}{why}]")


def _parts(member: Member) -> Iterator[str]:
    """The counts and the place that a telling gives."""
    for count in member.event.counts:
        yield wording.counted(count.kind, count.low, count.high, count.bound, count.who)
    if member.event.place:
        yield member.reading.words(member.event.place)


def _claims(claims: Sequence[Claim]) -> str:
    """The first words of each outlet on one side."""
    first: dict[str, str] = {}
    for claim in claims:
        first.setdefault(claim.outlet or "outlet unknown", claim.words)
    return "; ".join(f"“{words}” ({outlet})" for outlet, words in first.items())


def _told(member: Member) -> dict[str, Any]:
    report, event = member.reading.report, member.event
    return {
        "event": mark_id(report.id, event.id),
        "report": report.id,
        "outlet": report.outlet,
        "published": report.published,
        "words": member.reading.words(event.trigger),
        "type": event.type,
        "status": event.status,
        "voice": member.voice,
    }
