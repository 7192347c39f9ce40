"""Who a source is: the entity its words mean, and of what kind it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dragoman.records import Entity, Span


def by_mention(entities: Sequence[Entity]) -> dict[Span, Entity]:
    """The entity that each mention means."""
    return {span: entity for entity in entities for span in entity.mentions}


def entity_of(source: Sequence[Span], known: Mapping[Span, Entity]) -> Entity | None:
    """The entity of a source that may come in pieces: that of the first piece which has one."""
    return next((known[span] for span in source if span in known), None)


def kind_of(words: str, marked: str, entity: Entity | None) -> str:
    """The kind of a source: as the model marked it, but for outlets and sources that are not there."""
    if not words:
        return "none"
    if entity is not None and entity.type == "outlet" and marked == "named":
        return "outlet"
    return marked
