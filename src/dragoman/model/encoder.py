"""One pass of the encoder over a text of any length.

Invariant: every word gets exactly one state and one row of logits, taken from the window in which its
sentence stands furthest from an edge; so a mark at a seam is neither lost nor doubled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.model.tokens import Batch, Tokens, Window, fill, windows

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SIZE = 256  # pieces in a window, as in training
# Pieces two windows share. With 96 PolNeAR's exact content was 0.9 points better and who-what-whom the same, but a long
# report took 13 % longer to read.
OVERLAP = 64
CONTEXT = 8  # words that a seam keeps to the edges of its windows


class Encoder(Protocol):
    """(windows, pieces) -> states (windows, pieces, 384) and tag logits (windows, pieces, tags)."""

    def __call__(self, batch: Batch) -> tuple[Floats, Floats]: ...


class OnnxEncoder:
    """The encoder of a bundle in ONNX Runtime, on the CPU."""

    def __init__(self, path: Path, threads: int = 0) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # A thread that waits for its next window in a loop takes the core from the heads, which run in between.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, batch: Batch) -> tuple[Floats, Floats]:
        inputs = {name: getattr(batch, name) for name in ("pieces", "surfaces", "roles", "guideline")}
        states, tags = self._session.run(["states", "tags"], inputs)
        return states, tags


@dataclass(frozen=True, slots=True)
class Words:
    """What the encoder says of each word: states (words, 384), logits of all tag heads (words, tags)."""

    states: Floats
    tags: Floats


def encode(encoder: Encoder, tokens: Tokens, guideline: int, roles: Ints | None = None) -> Words:
    """Reads a text in overlapping windows and keeps each word from its best one."""
    spans = windows(tokens, SIZE, OVERLAP)
    best = _best_window(spans, tokens.sentence)
    states, tags = [], []
    for number, window in enumerate(spans):
        # One window at a time: padding costs nothing, and a text's result never depends on its neighbours.
        batch = fill([tokens], [window], [guideline], [roles], SIZE)
        all_states, all_tags = encoder(batch)
        kept = batch.first[0, np.flatnonzero(best[window.first : window.last] == number)]
        states.append(all_states[0, kept])
        tags.append(all_tags[0, kept])
    return Words(np.concatenate(states), np.concatenate(tags))


def _best_window(spans: Sequence[Window], sentence: Ints) -> Ints:
    """The number of each word's window: (words,), never decreasing.

    A seam lies at the start of a sentence where one is near the middle of what two windows share: what stands in
    one sentence is then read in one window, and so can be linked.
    """
    starts = np.flatnonzero(np.diff(sentence, prepend=-1))
    seams = []
    for left, right in pairwise(spans):
        middle = (left.last + right.first) // 2
        margin = min(CONTEXT, (left.last - right.first) // 4)
        begin, end = np.searchsorted(starts, [right.first + margin + 1, left.last - margin])
        near = starts[begin:end]
        seams.append(int(near[np.abs(near - middle).argmin()]) if len(near) else middle)
    return np.searchsorted(np.array(seams, dtype=np.int64), np.arange(len(sentence)), side="right")
