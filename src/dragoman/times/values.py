"""What a time expression means where it stands: its TIMEX3 type and value, and why its days are not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dragoman.times import days, spans, units
from dragoman.times.grammar import Expression
from dragoman.times.meaning import Meaning, Setting, step

_READERS: dict[str, Callable[[Expression, Setting], Meaning]] = {
    **days.READERS, **units.READERS, **spans.READERS,
}  # fmt: skip
TENSED = frozenset("date clock weekday month season quarter holiday days week".split())
"""The kinds that come again, so that the verbs around decide which one is meant."""


def meaning(found: Expression, setting: Setting) -> Meaning:
    """What an expression means in its setting; where the verbs are torn, what they should decide is unclear."""
    made = _READERS[found.kind](found, setting)
    if setting.torn and not made.reason and _hangs_on_tense(found, made, setting):
        return replace(made, reason="unclear")
    return made


def _hangs_on_tense(found: Expression, made: Meaning, setting: Setting) -> bool:
    told = found.year or found.near or step(found.which) or (found.month and found.weekday is not None)
    return found.kind in TENSED and not told and made.value[:10] != str(setting.base)
