"""A happening on the screen and as plain values: all that is claimed of it, side by side, with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from dragoman.compare.contradictions import Claim, Member
from dragoman.compare.happenings import Happening
from dragoman.ledger.ids import mark_id
from dragoman.show import wording
from dragoman.show.output import one_line
from dragoman.show.screen import BEARING, QUIET, TITLE, UNSURE, Screen

MARGIN = 19
"""Columns of an event's id and the space after it."""


def put(screen: Screen, one: Happening) -> None:
    """Writes a happening: what, when, how many tell it; each telling; what is disputed; who stands behind it."""
    head = Text.assemble((one.type, BEARING.get(wording.bearing(one.type), TITLE)))
    head.append(f" · {wording.when(one.start, one.end, 'interval')} · {wording.many(len(one.reports), 'report')}")
    head.append(f", {wording.many(one.independent, 'independent chain')}")
    screen.put(head, MARGIN, Text(one.id, QUIET))
    for report in one.reports:
        telling, *more = (member for member in one.members if member.reading.report.id == report)
        said = _telling(telling).append(f" (and {wording.many(len(more), 'telling')} more)" if more else "", QUIET)
        screen.put(said, MARGIN, Text(telling.told.key, QUIET))
    for dispute in one.contradictions:
        sides = " / ".join(_claims(side) for side in (dispute.one, dispute.other))
        screen.put(Text(f"{dispute.kind}: ", UNSURE).append(one_line(sides)), MARGIN)
    for chain in one.chains:
        rests = ", ".join(chain.sources) if chain.known else "nobody who can be told"
        because = f" ({'; '.join(chain.links)})" if chain.links else ""
        screen.put(one_line(f"{wording.many(len(chain.reports), 'report')} on {rests}{because}"), MARGIN)
    screen.put()


def as_dict(one: Happening) -> dict[str, Any]:
    """A happening as plain JSON values; each `event` and `report` is an id of the ledger."""
    return {
        "id": one.id,
        "type": one.type,
        "start": one.start,
        "end": one.end,
        "reports": one.reports,
        "independent": one.independent,
        "told": [_told(member) for member in one.members],
        "joins": [{**asdict(join), "probability": round(join.probability, 4)} for join in one.joins],
        "contradictions": [asdict(dispute) for dispute in one.contradictions],
        "tolls": [asdict(toll) for toll in one.tolls],
        "chains": [asdict(chain) for chain in one.chains],
    }


def _telling(member: Member) -> Text:
    report, event = member.reading.report, member.event
    said = Text(one_line(f"{report.outlet or 'outlet unknown'}, {wording.day(report.published) or 'undated'}:"))
    said.append(f" “{one_line(member.reading.words(event.trigger))}” {wording.plain(event.status)}")
    said.append("".join(f" · {one_line(part)}" for part in _parts(member)))
    voice = member.voice if event.attribution else None
    return said.append(f", according to {one_line(voice)}" if voice else ", the outlet itself")


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
