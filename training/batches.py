"""Examples to batches: windows at changing places of each text, laid out with their labels.

Invariant: a label is -100 wherever the corpus says nothing; spans are turned into words by `Tokens.words_of`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from dragoman.model.labels import GUIDELINES, layout
from dragoman.model.links import places
from dragoman.model.tokens import Tokenizing, Tokens, Window, fill
from dragoman.records import Span
from training.corpora import Anchor, Example
from training.heads import Gold

Ints = NDArray[np.int64]
CODES = ("type", "mode", "status", "certainty")
UNKNOWN = -100
# The heads of spans that something hangs on: role -> the part of the head that it is.
SPANS: dict[str, dict[str, int]] = {
    "source": {"source": 0},
    "content": {"content": 0},
    "party": {"actor": 0, "recipient": 0},
    "setting": {"place": 0, "time": 1},
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example on its words: tag labels (words,), anchors as word ranges with their roles, mentions."""

    tokens: Tokens
    guideline: int
    roles: Ints | None
    tags: dict[str, Ints]
    anchors: dict[str, list[tuple[int, int, list[tuple[int, int, int]]]]]
    mentions: list[tuple[int, int, int]]
    relation: tuple[int, ...]


def prepare(example: Example, tokenizing: Tokenizing) -> Prepared:
    """Labels of one example; its spans widen to whole words."""
    tokens = tokenizing(example.text)
    tags = {head: np.full(len(tokens), UNKNOWN, dtype=np.int64) for head in layout().tags if head != "focus"}
    anchors: dict[str, list[tuple[int, int, list[tuple[int, int, int]]]]] = {}
    for task, head, marked in (("cue", "cue", example.cues), ("trigger", "trigger", example.triggers)):
        if task in example.tasks:
            tags[head][:] = 0
            for anchor in marked:
                _begin_inside(tags[head], tokens.words_of(anchor.span), 1)
    for head, span, is_one in example.known:
        if is_one:
            _begin_inside(tags[head], tokens.words_of(span), 1)
        else:
            tags[head][slice(*tokens.words_of(span))] = 0
    if "names" in example.tasks:
        tags["names"][:] = 0
        for span, label in example.names:
            _begin_inside(tags["names"], tokens.words_of(span), layout().tags["names"].index(f"B-{label}"))
    _code(tags["kind"], tokens, example.kinds, "kind")
    _code(tags["entity"], tokens, [(s, kind) for s, _, kind in example.mentions if kind], "entity")
    for head in CODES:
        _code(tags[head], tokens, [(a.span, a.codes[head]) for a in example.triggers if head in a.codes], head)
    for head, parts in SPANS.items():
        if head in example.tasks:
            hung = example.cues if head in ("source", "content") else example.triggers
            _outermost(tags[head], tokens, hung, parts)
    for task, marked in (("cue_roles", example.cues), ("roles", example.triggers)):
        if task in example.tasks:
            anchors[task] = [laid for anchor in marked if (laid := _anchor(anchor, tokens, layout().links[task]))]
    chains = {chain: n for n, chain in enumerate(dict.fromkeys(chain for _, chain, _ in example.mentions))}
    return Prepared(
        tokens=tokens,
        guideline=GUIDELINES.index(example.guideline),
        roles=_given(example, tokens),
        tags=tags,
        anchors=anchors,
        mentions=sorted({(*tokens.words_of(span), chains[chain]) for span, chain, _ in example.mentions}),
        relation=tuple(layout().tags["type"].index(code) for code in example.relation),
    )


def _begin_inside(labels: Ints, words: tuple[int, int], begin: int) -> None:
    first, last = words
    labels[first:last] = begin + 1
    labels[first : first + 1] = begin


def _outermost(labels: Ints, tokens: Tokens, anchors: list[Anchor], parts: dict[str, int]) -> None:
    """Marks the spans of some roles; of spans that overlap, only the longest."""
    labels[:] = 0
    found = {
        (*tokens.words_of(span), part)
        for anchor in anchors
        for role, part in parts.items()
        for span in anchor.roles.get(role, ())
    }
    for first, last, part in sorted(found, key=lambda span: (span[0] - span[1], span)):
        if first < last and not labels[first:last].any():
            _begin_inside(labels, (first, last), 1 + 2 * part)


def _code(labels: Ints, tokens: Tokens, marked: list[tuple[Span, str]], head: str) -> None:
    for span, code in marked:
        if code in layout().tags[head]:
            labels[slice(*tokens.words_of(span))] = layout().tags[head].index(code)


def _anchor(
    anchor: Anchor, tokens: Tokens, labels: tuple[str, ...]
) -> tuple[int, int, list[tuple[int, int, int]]] | None:
    first, last = tokens.words_of(anchor.span)
    if first == last:
        return None
    roles = [
        (*tokens.words_of(span), labels.index(f"B-{role}")) for role, spans in anchor.roles.items() for span in spans
    ]
    # Short roles are laid over long ones: a place inside a recipient keeps its words.
    return first, last, sorted(roles, key=lambda role: role[0] - role[1])


def _given(example: Example, tokens: Tokens) -> Ints | None:
    if example.given is None:
        return None
    roles = np.zeros(len(tokens), dtype=np.int64)
    for number, spans in enumerate(example.given, 1):
        for span in spans:
            roles[slice(*tokens.words_of(span))] = number
    return roles


Piece = tuple[Prepared, Window]


def cut(example: Prepared, size: int, rng: random.Random) -> list[Window]:
    """A text as windows from a random start, so that seams fall elsewhere in each pass."""
    first, total = example.tokens.first, len(example.tokens)
    room, found, begin = size - 2, [], 0
    end = int(np.searchsorted(first, rng.randint(room // 2, room), side="right")) - 1
    while begin < total:
        found.append(Window(begin, max(min(end, total), begin + 1)))
        begin = found[-1].last
        end = int(np.searchsorted(first, first[begin] + room, side="right")) - 1 if begin < total else total
    return found


def stream(examples: list[Prepared], size: int, rng: random.Random) -> Iterator[Piece]:
    """Windows of one corpus for ever, each pass in a new order with new seams."""
    while True:
        passed = [(example, window) for example in examples for window in cut(example, size, rng)]
        rng.shuffle(passed)
        yield from passed


def batches(
    corpora: dict[str, list[Prepared]], shares: dict[str, float], size: int, pieces: int, rng: random.Random
) -> Iterator[list[Piece]]:
    """Batches of about `pieces` pieces in which each corpus has its share; windows of like length together."""
    streams = {name: stream(examples, size, rng) for name, examples in corpora.items()}
    read = dict.fromkeys(streams, 0.0)
    while True:
        pool: list[Piece] = []
        filled = 0
        while filled < 8 * pieces:
            name = min(read, key=lambda name: read[name] / shares[name])
            piece = next(streams[name])
            length = _length(piece)
            read[name] += length
            filled += length
            pool.append(piece)
        pool.sort(key=_length)
        made: list[list[Piece]] = [[]]
        for piece in pool:
            if made[-1] and _length(piece) * (len(made[-1]) + 1) > pieces:
                made.append([])
            made[-1].append(piece)
        rng.shuffle(made)
        yield from made


def _length(piece: Piece) -> int:
    example, window = piece
    return int(example.tokens.first[window.last] - example.tokens.first[window.first]) + 2


def collate(batch: list[Piece], size: int) -> tuple[dict[str, Tensor], Gold]:
    """Inputs and labels of one batch of windows."""
    examples, spans = [e for e, _ in batch], [w for _, w in batch]
    filled = fill(
        [e.tokens for e in examples],
        spans,
        [e.guideline for e in examples],
        [e.roles for e in examples],
        size,
    )
    width = filled.first.shape[1]
    tags = {head: np.full((len(batch), width), UNKNOWN, dtype=np.int64) for head in layout().tags if head != "focus"}
    anchors: dict[str, list[tuple[int, int, int]]] = {head: [] for head in layout().links}
    links: dict[str, list[Ints]] = {head: [] for head in layout().links}
    beside: dict[str, list[Ints]] = {head: [] for head in layout().links}
    mentions: list[tuple[int, int, int, int]] = []
    relation = np.zeros((len(batch), len(layout().tags["type"])), dtype=bool)
    for row, (example, window) in enumerate(batch):
        for head, labels in example.tags.items():
            tags[head][row, : window.last - window.first] = labels[window.first : window.last]
        for head, marked in example.anchors.items():
            for first, last, roles in marked:
                if window.first <= first and last <= window.last:
                    anchors[head].append((row, first - window.first, last - window.first))
                    links[head].append(_role_labels(roles, window, width))
                    beside[head].append(_places(example.tokens.sentence, first, window, width))
        for first, last, chain in example.mentions:
            if window.first <= first < last <= window.last:
                mentions.append((row, first - window.first, last - window.first, chain))
        relation[row, list(example.relation)] = True
    inputs = {
        name: torch.from_numpy(getattr(filled, name)) for name in ("pieces", "surfaces", "roles", "guideline", "first")
    }
    return inputs, Gold(
        tags={head: torch.from_numpy(labels) for head, labels in tags.items()},
        anchors={head: torch.tensor(found, dtype=torch.int64).reshape(-1, 3) for head, found in anchors.items()},
        links={head: torch.from_numpy(np.array(found)) for head, found in links.items() if found},
        places={head: torch.from_numpy(np.array(found)) for head, found in beside.items() if found},
        mentions=torch.tensor(mentions, dtype=torch.int64).reshape(-1, 4),
        relation=torch.from_numpy(relation),
    )


def _places(sentence: Ints, anchor: int, window: Window, width: int) -> Ints:
    """Where each word of a window stands beside an anchor's first word; 0 behind the window's end."""
    found = np.zeros(width, dtype=np.int64)
    words = np.arange(window.first, window.last)
    found[: len(words)] = places(words - anchor, sentence[words] - sentence[anchor])
    return found


def _role_labels(roles: list[tuple[int, int, int]], window: Window, width: int) -> Ints:
    labels = np.full(width, UNKNOWN, dtype=np.int64)
    labels[: window.last - window.first] = 0
    for first, last, begin in roles:
        low, high = max(first, window.first) - window.first, min(last, window.last) - window.first
        if low < high:
            labels[low:high] = begin + 1
            if first >= window.first:
                labels[low] = begin
    return labels
