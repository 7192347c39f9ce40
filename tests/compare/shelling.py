"""Readings of one invented shelling, told by whom a test likes."""

from __future__ import annotations

from typing import Any

from dragoman.compare.happenings import Happening, happenings
from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report

SHELLED = "shelled"


def said(source: str, *, cue: str = "said", kind: str = "named", outlet: str = "Norda", published: str = "2031-03-04",
         about: dict[str, Any] | None = None, tie: tuple[str, str] | None = None, stance: str = "asserts",
         status: str = "occurred", rest: str = "") -> Reading:  # fmt: skip
    """`The Velmari army shelled the bus station of Dorvane on Monday, SOURCE said`; `about` is the source's entity."""
    text = f"The Velmari army {SHELLED} the bus station of Dorvane on Monday, {source} {cue}.{rest}"
    last = (source, text.count(source))
    make = ReadingBuilder(make_report(text, outlet=outlet, published=published))
    army = make.entity("The Velmari army", "military", mentions=["The Velmari army"], country="VLM", sector="MIL")
    who = make.entity(source, mentions=[last], **about) if about else None
    if who and tie:
        make.relation(who, tie[0], last, object=army, body=None, role=tie[1])
    held = make.attribution(source=[last], cue=[(cue, text[: text.rindex(source)].count(cue) + 1)], kind=kind,
                            entity=who, stance=stance)  # fmt: skip
    make.event(SHELLED, "ASSAULT", actors=[("The Velmari army", army)], recipients=["the bus station of Dorvane"],
               time="on Monday", start="2031-03-03", end="2031-03-03", status=status, attribution=held)  # fmt: skip
    return make.build()


def own(outlet: str | None = "Norda", published: str = "2031-03-04", text: str = "", status: str = "occurred",
        trigger: str = SHELLED) -> Reading:  # fmt: skip
    """The outlet's own telling of the same."""
    text = text or f"Guns of the army {SHELLED} the bus station of Dorvane on Monday. {outlet or 'Nobody'} has more."
    make = ReadingBuilder(make_report(text, outlet=outlet, published=published))
    make.event(trigger, "ASSAULT", recipients=["the bus station of Dorvane"], time="on Monday", start="2031-03-03",
               end="2031-03-03", status=status)  # fmt: skip
    return make.build()


def denial(outlet: str, source: str | None = None, published: str = "2031-03-04") -> Reading:
    """That nobody shelled it."""
    text = f"Nobody shelled the bus station of Dorvane on Monday{f', {source} said' if source else ''}."
    make = ReadingBuilder(make_report(text, outlet=outlet, published=published))
    held = make.attribution(source=[source], cue=["said"], kind="unnamed") if source else None
    make.event("Nobody shelled", "ASSAULT", recipients=["the bus station of Dorvane"], time="on Monday",
               start="2031-03-03", end="2031-03-03", status="not_occurred", attribution=held)  # fmt: skip
    return make.build()


def of(*readings: Reading, copies: dict[str, str] | None = None) -> Happening:
    """The one happening that the readings tell."""
    (found,) = happenings(readings, copies)
    return found
