"""Which reports are worth comparing word by word: MinHash by rensa, banded, in windows.

Invariant: cost and memory grow with the number of words, not of pairs, and the same reports give the same candidates
in whichever order they came.

Windows, because a story that stands whole in a digest of ten has little in common with the digest. Banded here and
not by `rensa.RMinHashLSH`, which gives the whole cluster for each of its members: a story with a thousand copies
would make a million pairs. Here each meets the first of those that look alike, and the last few before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

from dragoman.compare.copies.words import Hashes, Sketch

BANDS, ROWS = 256, 2
"""A pair whose windows share a share `j` of their pairs of words is found with 1 - (1 - j^2)^256: 0.92 at 0.1, 0.998
at 0.156, the least of the sixteen paraphrases in `tests/compare/copies`. Unrelated reports lie at 0.001."""

WINDOW = 400
"""Pairs of words in a window, about 400 words of English; windows overlap by half."""

BEFORE = 4
"""How many of the reports before it that look alike a report meets in each band, besides the first."""

MOST = 30
"""Candidates of one report, those that look most alike in the most bands."""

_SEED = 20310304
_AT_ONCE = 4000  # windows whose digests are in memory as Python numbers at one time: about 60 MB

Pairs = NDArray[np.int64]


def candidates(sketches: Sequence[Sketch]) -> list[tuple[int, ...]]:
    """For each report the numbers of those before it that may be its original; `sketches` come in order of rank."""
    found: list[tuple[int, ...]] = [()] * len(sketches)
    codes, bands = _alike(*_digests(sketches))
    later, earlier = np.divmod(codes, max(len(sketches), 1))
    order = np.lexsort((earlier, -bands, later))
    later, earlier = later[order], earlier[order]
    starts = np.flatnonzero(np.diff(later, prepend=-1))
    for start, end in pairwise([*starts.tolist(), len(later)]):
        found[later[start]] = tuple(earlier[start : min(end, start + MOST)].tolist())
    return found


def _windows(sketch: Sketch) -> Iterator[Hashes]:
    step = WINDOW // 2
    for start in range(0, max(len(sketch.pairs) - step, 1), step):
        yield sketch.pairs[start : start + WINDOW]


def _digests(sketches: Sequence[Sketch]) -> tuple[NDArray[np.uint32], Pairs, int]:
    """The MinHash of every window (windows, BANDS * ROWS), whose report it belongs to, and how many reports."""
    every = ((number, window) for number, one in enumerate(sketches) if len(one.pairs) for window in _windows(one))
    rows: list[NDArray[np.uint32]] = [np.zeros((0, BANDS * ROWS), np.uint32)]
    owners: list[int] = []
    while batch := list(islice(every, _AT_ONCE)):
        owners += (number for number, _ in batch)
        ends = np.cumsum([0, *(len(window) for _, window in batch)]).astype(np.uint64)
        flat = np.concatenate([window for _, window in batch])
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(flat, ends, BANDS * ROWS, _SEED)
        rows.append(np.array(matrix.to_rows(), np.uint32))
    return np.concatenate(rows), np.array(owners, np.int64), len(sketches)


def _alike(digests: NDArray[np.uint32], owners: Pairs, reports: int) -> tuple[Pairs, Pairs]:
    """Pairs of reports that agree in a band, each as later * reports + earlier, and in how many bands they agree."""
    kept: list[tuple[Pairs, Pairs]] = []
    for start in range(0, BANDS, 16):
        codes = [_agreeing(digests[:, ROWS * band : ROWS * (band + 1)], owners, reports) for band in _some(start)]
        kept.append(np.unique(np.concatenate(codes), return_counts=True))
    codes_of_all, places = np.unique(np.concatenate([codes for codes, _ in kept]), return_inverse=True)
    counted = np.bincount(places, weights=np.concatenate([counts for _, counts in kept]), minlength=len(codes_of_all))
    return codes_of_all, counted.astype(np.int64)


def _some(start: int) -> Iterable[int]:
    return range(start, min(start + 16, BANDS))


def _agreeing(band: NDArray[np.uint32], owners: Pairs, reports: int) -> Pairs:
    """In one band, each window with the first that has the same values and the last few before it."""
    keys = (band[:, 0].astype(np.uint64) << np.uint64(32)) | band[:, 1]
    order = np.argsort(keys, kind="stable")  # owners ascend, so those with the same values stay in order of rank
    keys, owners = keys[order], owners[order]
    first = np.maximum.accumulate(np.where(np.diff(keys, prepend=~keys[:1]) != 0, np.arange(len(keys)), 0))
    codes = [owners * reports + owners[first]]
    for lag in range(1, BEFORE + 1):
        same = keys[lag:] == keys[:-lag]
        codes.append((owners[lag:] * reports + owners[:-lag])[same])
    every = np.concatenate(codes)
    return np.unique(every[every // reports != every % reports])
