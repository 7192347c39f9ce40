"""Who `the two leaders` and `both countries` are: the only two of that kind that were named shortly before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dragoman.records import Entity, Span

_PEOPLE = frozenset(["person"])
_STATES = frozenset(["country", "government"])
_SIDES = frozenset(["country", "government", "armed_group", "military", "organization"])
_KINDS = {
    **dict.fromkeys("leaders presidents ministers premiers generals politicians".split(), _PEOPLE),
    **dict.fromkeys("countries governments nations states neighbours neighbors capitals".split(), _STATES),
    **dict.fromkeys("sides parties groups factions rivals movements armies forces".split(), _SIDES),
}
_PAIR = re.compile(
    rf"(?:(?:the|these|those) two|both(?: of the)?(?: two)?)(?: \w+)? (?P<kind>{'|'.join(_KINDS)})", re.IGNORECASE
)
NEAR = 600  # characters in which both must have been named; farther back, others may be meant


def pair(text: str, span: Span, entities: Sequence[Entity]) -> tuple[str, ...]:
    """The ids of the two entities that a span means, in the order of their names; none where it is not two."""
    match = _PAIR.fullmatch(text, *span)
    if match is None:
        return ()
    kinds = _KINDS[match["kind"].lower()]
    near = {
        entity.id: start
        for entity in entities
        if entity.type in kinds
        for start, end in reversed(entity.mentions)
        if span[0] - NEAR < start and end <= span[0]
    }
    return tuple(sorted(near, key=lambda id: near[id])) if len(near) == 2 else ()
