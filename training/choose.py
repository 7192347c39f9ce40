"""Chooses biases and thresholds on the development sets: `python -m training.choose BUNDLE [--out FILE]`.

Goes through them one by one and keeps each change that raises the sum of the figures in `WANTED`, until a whole
round raises it no more. The encoder runs once; only what is made of its scores is tried again.
"""

from __future__ import annotations

import argparse
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from dragoman.config import Settings
from dragoman.model.annotate import Annotator
from dragoman.model.bundle import Bundle
from dragoman.model.encoder import Encoder
from dragoman.model.tokens import Batch
from dragoman.pipeline import Reader
from training.corpora import DATA, rows
from training.evaluate import mark_polnear, read_sourced, score_polnear, score_sourced

WANTED = {
    "sourced": ("attributions + source", "events: type", "events: who-what-whom", "events: sourced"),
    "polnear": ("exact source", "exact cue", "exact content", "aligned triple_half"),
}
BIASED = ("cue", "trigger", "source", "content", "party", "setting")
STEPS = {"bias": (-0.6, -0.3, 0.3, 0.6), "thresholds": (-0.15, -0.05, 0.05, 0.15)}
GAIN = 0.3  # points, over all figures together, that a change must bring: less is chance
Decoding = dict[str, dict[str, Any]]
Floats = NDArray[np.float32]


class Remembering:
    """An encoder that runs once for each batch."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[bytes, tuple[Floats, Floats]] = {}

    def __call__(self, batch: Batch) -> tuple[Floats, Floats]:
        """As the encoder that it stands for."""
        key = b"".join(getattr(batch, name).tobytes() for name in ("pieces", "surfaces", "roles", "guideline"))
        if key not in self._known:
            self._known[key] = self._encoder(batch)
        return self._known[key]


class Trial:
    """Scores a way of decoding on the development sets."""

    def __init__(self, folder: Path, reports: int) -> None:
        self.reader = Reader(Settings(model=str(folder)))
        self.bundle: Bundle = self.reader.annotator.bundle
        self.encoder = Remembering(self.reader.annotator.encoder)
        self.sourced = rows(DATA / "sourced_events" / "dev.jsonl")
        self.polnear = rows(DATA / "polnear" / "dev.jsonl")[:reports]

    def __call__(self, decoding: Decoding) -> tuple[float, dict[str, float]]:
        """The sum of the wanted figures, and each of them."""
        self.bundle.manifest["decoding"] = decoding
        annotator = Annotator(self.bundle, self.encoder)
        self.reader.annotator = annotator
        figures = {
            "sourced": score_sourced(self.sourced, read_sourced(self.sourced, self.reader)),
            "polnear": score_polnear(self.polnear, mark_polnear(self.polnear, annotator)),
        }
        wanted = {name: figures[task][name] for task, names in WANTED.items() for name in names}
        return sum(wanted.values()), wanted


def numbers(decoding: Decoding) -> Iterator[tuple[str, ...]]:
    """Where each number stands in a decoding."""
    for head in BIASED:
        yield "bias", head
    for head, parts in decoding["thresholds"].items():
        for part, values in parts.items():
            yield from (("thresholds", head, part, name) for name in values)


def changed(decoding: Decoding, path: tuple[str, ...], step: float) -> Decoding:
    """The decoding with one number a step away; a threshold stays a probability."""
    other = copy.deepcopy(decoding)
    place: dict[str, Any] = other
    for name in path[:-1]:
        place = place[name]
    value = place.get(path[-1], 0.0) + step
    place[path[-1]] = round(value if path[0] == "bias" else min(max(value, 0.1), 0.99), 3)
    return other


def choose(trial: Trial, decoding: Decoding, rounds: int) -> Decoding:
    """The decoding that no single step makes better, or the best after so many rounds."""
    best, figures = trial(decoding)
    print(f"{best:.1f}", figures, flush=True)
    for _ in range(rounds):
        before = best
        for path in numbers(decoding):
            for step in STEPS[path[0]]:
                other = changed(decoding, path, step)
                total, figures = trial(other)
                if total > best + GAIN:
                    best, decoding = total, other
                    print(f"{best:.1f} {' '.join(path)} {step:+}", figures, flush=True)
        if best == before:
            break
    return decoding


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--out", type=Path, help="where to write the chosen decoding")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--reports", type=int, default=40, help="how many reports of PolNeAR to look at")
    args = parser.parse_args()
    trial = Trial(args.bundle, args.reports)
    chosen = choose(trial, trial.bundle.manifest["decoding"], args.rounds)
    written = yaml.safe_dump(chosen, sort_keys=False)
    print(written)
    if args.out:
        args.out.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
