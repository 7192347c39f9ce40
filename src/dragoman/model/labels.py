"""The labels of every head, in the order of their outputs. Training and reading share them.

Invariant: `layout()` is stored in a bundle's manifest, and a bundle whose labels differ is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from dragoman.codes import codes

# Whose habits the reader follows: corpora differ in what they mark, and one embedding tells the encoder
# which of them it is to read like. `house` is our codebook.
GUIDELINES = ("house", "polnear", "wikievents", "propbank", "plv")


def _begin_inside(parts: tuple[str, ...]) -> tuple[str, ...]:
    return ("O", *(f"{place}-{part}" for part in parts for place in "BI"))


@dataclass(frozen=True, slots=True)
class Labels:
    """tags: a label set for each head over single words. links: for each head over an anchor and a word."""

    tags: dict[str, tuple[str, ...]]
    links: dict[str, tuple[str, ...]]

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The parts of each link head, in order: source, content, ..."""
        return {head: tuple(label[2:] for label in labels[1::2]) for head, labels in self.links.items()}

    def columns(self, head: str) -> slice:
        """Where a tag head's logits stand among all of them."""
        before = 0
        for name, labels in self.tags.items():
            if name == head:
                return slice(before, before + len(labels))
            before += len(labels)
        raise KeyError(head)


@cache
def layout() -> Labels:
    """The label sets of this version, from the codes."""
    vocabulary = codes()
    return Labels(
        tags={
            "cue": _begin_inside(("cue",)),
            "trigger": _begin_inside(("trigger",)),
            "names": _begin_inside(vocabulary.name_labels),
            "kind": tuple(kind for kind in vocabulary.source_kinds if kind != "none"),
            "entity": vocabulary.entity_types,
            "type": tuple(vocabulary.event_types),
            "mode": ("none", *vocabulary.event_modes),
            "status": vocabulary.statuses,
            "certainty": vocabulary.certainties,
            "focus": ("focus",),
            # Spans that something may hang on, whatever it is: they give what is linked its edges.
            "source": _begin_inside(("source",)),
            "content": _begin_inside(("content",)),
            "party": _begin_inside(("party",)),
            "setting": _begin_inside(("place", "time")),
        },
        links={
            "cue_roles": _begin_inside(("source", "content", "cue", "addressee")),
            "roles": _begin_inside(("actor", "recipient", "place", "time")),
        },
    )
