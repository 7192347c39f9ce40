"""Sources and outlets on the screen and as plain values: what they have told, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from dragoman.compare.sources import CONFIRMED, CONTRADICTED, Claim, Source
from dragoman.compare.speaking import OUTLET
from dragoman.ledger.ids import SHOWN
from dragoman.show import wording
from dragoman.show.output import one_line
from dragoman.show.screen import QUIET, TITLE, UNSURE, Screen

INDENT, MARGIN = 3, SHOWN + 7
MOST = 4
"""Happenings and reports that are named one by one; JSON has all."""


def put(screen: Screen, one: Source) -> None:
    """Writes what a source or outlet has told in all, and what became of it."""
    screen.put(Text.assemble((one_line(one.name), TITLE)).append(f" · {_kind(one)}"))
    screen.put(Text(one_line(one.id), QUIET), INDENT)
    told = [wording.many(len(one.reports), "report"), wording.many(one.attributions, "attribution")]
    told += [f"{wording.many(len(one.claims), 'event')} told"] if one.claims else []
    told += [f"{wording.many(len(one.happenings), 'happening')} that others tell, too"] if one.happenings else []
    screen.put(", ".join(told), INDENT)
    if one.kind == OUTLET and one.on_unnamed:
        share = wording.percent(one.on_unnamed / len(one.claims))
        screen.put(f"{wording.many(one.on_unnamed, 'event')} on unnamed sources ({share})", INDENT)
    for fate, ids in (("confirmed", one.confirmed), ("contradicted since", one.contradicted)):
        if ids:
            screen.put(Text(f"{fate} in {len(ids)}: ").append(_first(ids), QUIET), INDENT)
    screen.put()


def put_whole(screen: Screen, one: Source) -> None:
    """Writes a source with each of its claims."""
    put(screen, one)
    if one.known_as:
        screen.put(f"also told as {'; '.join(one_line(words) for words in one.known_as)}", INDENT)
        screen.put()
    for claim in one.claims:
        where = f"{claim.outlet or 'outlet unknown'}, {wording.day(claim.published) or 'undated'}"
        said = f"{where}: “{claim.words}” {wording.plain(claim.status)}"
        said += ", unnamed source" if claim.unnamed and one.kind == OUTLET else ""
        screen.put(one_line(said), MARGIN, Text(claim.event, QUIET))
        screen.put(_fate(claim), MARGIN)
    if one.claims:
        screen.put()


def as_dict(one: Source) -> dict[str, Any]:
    """What a source has told, without the single claims, as plain JSON values."""
    told = {key: value for key, value in asdict(one).items() if key != "claims"}
    return {
        **told,
        "events": len(one.claims),
        "on_unnamed": one.on_unnamed,
        "happenings": one.happenings,
        "confirmed": one.confirmed,
        "contradicted": one.contradicted,
    }


def whole_as_dict(one: Source) -> dict[str, Any]:
    """The same with every claim and its fate."""
    return {**as_dict(one), "claims": [asdict(claim) for claim in one.claims]}


def _kind(one: Source) -> str:
    told = "outlet" if one.kind == OUTLET else wording.kind_name(one.kind)
    return f"{told}, as {one_line(one.outlet)} tells" if one.outlet else told


def _fate(claim: Claim) -> Text:
    if claim.fate == CONFIRMED:
        return Text("confirmed by ").append(_first(claim.by), QUIET)
    if claim.fate == CONTRADICTED:
        return Text(f"contradicted ({claim.because}) by ", UNSURE).append(_first(claim.by), QUIET)
    return Text(f"disputed before ({claim.because})" if claim.because else "neither confirmed nor contradicted", QUIET)


def _first(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - MOST} more" if len(ids) > MOST else ""
    return ", ".join(ids[:MOST]) + more
