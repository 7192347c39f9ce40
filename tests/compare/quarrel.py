"""One invented quarrel of few words, in as many reports as a test likes: who does what to whom, and nothing else."""

from __future__ import annotations

from typing import Any

from dragoman.records import Reading
from tests.builders import ReadingBuilder, make_report

VERBS = {"attacked": "ASSAULT", "helped": "AID", "accused": "ACCUSE", "praised": "SUPPORT"}


def told(
    deed: str, day: str = "2031-03-04", *, status: str = "occurred", outlet: str = "Norda", **known: Any
) -> Reading:
    """A report of `One attacked Other`; `known` are more fields of each entity by its last word: country, type..."""
    who, verb, whom = next(deed.partition(f" {verb} ") for verb in VERBS if f" {verb} " in deed)
    make = ReadingBuilder(make_report(f"{who}{verb}{whom}, {outlet} said on {day}.", outlet=outlet, published=day))
    ids = [_known(make, name, known.get(name.split()[-1], {})) for name in (who, whom)]
    make.event(verb.strip(), VERBS[verb.strip()], actors=[(who, ids[0])], recipients=[(whom, ids[1])], status=status)
    return make.build()


def _known(make: ReadingBuilder, name: str, more: dict[str, Any]) -> str:
    return make.entity(name, more.get("type", "organization"), mentions=[name],
                       **{key: value for key, value in more.items() if key != "type"})  # fmt: skip
