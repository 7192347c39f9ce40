"""What confidences are worth: `python -m training.calibrate BUNDLE [--out DECODING.yaml]`.

Fits, for each kind of mark, the share of right marks to the model's score, on the development sets, and prints the
expected calibration error in five folds over reports: each is judged by what was fitted to the other four.

A name is right with its exact span and label. An attribution is right when half of its content, or some of its cue,
is that of one of the reader's, and half of its source too. An event is right when some of its trigger is that of one
of the same type. Two marks may be right by one of the reader's. So the confidence of an event says nothing of its
actors and recipients.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml

from dragoman.config import Settings
from dragoman.model.annotate import Annotator
from dragoman.model.bundle import open_bundle
from dragoman.model.decode import Calibration
from dragoman.pipeline import Reader
from training.corpora import DATA, Row, rows
from training.evaluate import read_sourced

FOLDS = 5
BINS = 10


class Judged(NamedTuple):
    """One mark: which report it is of, the confidence that it was given, whether it is right."""

    report: int
    confidence: float
    right: bool


def judge(folder: Path) -> dict[str, list[Judged]]:
    """Every mark of a bundle on the development sets."""
    reader = Reader(Settings(model=str(folder)))
    names = rows(DATA / "ner_worldwide" / "dev.jsonl")
    reports = rows(DATA / "sourced_events" / "dev.jsonl")
    made = read_sourced(reports, reader)
    return {
        "names": [j for n, row in enumerate(names) for j in _names(n, row, reader.annotator)],
        "cue": [
            Judged(n, mark["confidence"], any(_same_attribution(mark, gold) for gold in row["attributions"]))
            for n, (row, reading) in enumerate(zip(reports, made, strict=True))
            for mark in reading["attributions"]
        ],
        "trigger": [
            Judged(n, mark["confidence"], any(_same_event(mark, gold) for gold in row["events"]))
            for n, (row, reading) in enumerate(zip(reports, made, strict=True))
            for mark in reading["events"]
        ],
    }


def _names(report: int, row: Row, annotator: Annotator) -> Iterable[Judged]:
    gold = {(e["start"], e["end"], e["label"]) for e in row["entities"]}
    for mark in annotator.marks(row["text"]).names:
        yield Judged(report, mark.confidence, (*mark.span, mark.label) in gold)


def _same_attribution(made: Row, gold: Row) -> bool:
    joined = _dice(made["content"], gold["content"]) >= 0.5 or _dice(made["cue"], gold["cue"]) > 0
    sources = made["source"] or gold["source"]
    return joined and (not sources or _dice(made["source"], gold["source"]) >= 0.5)


def _same_event(made: Row, gold: Row) -> bool:
    return bool(made["type"] == gold["type"] and _dice([made["trigger"]], [gold["trigger"]]) > 0)


def _dice(one: Iterable[Any], other: Iterable[Any]) -> float:
    a, b = ({at for start, end in spans for at in range(start, end)} for spans in (one, other))
    return 2 * len(a & b) / (len(a) + len(b)) if a or b else 0.0


# --- fitting --------------------------------------------------------------------------------------


def fit(judged: list[Judged]) -> Calibration:
    """The logistic curve that makes what is seen likeliest, pulled a little towards none."""
    from sklearn.linear_model import LogisticRegression

    score = np.clip([j.confidence for j in judged], 1e-6, 1 - 1e-6)
    curve = LogisticRegression(C=10).fit(np.log(score / (1 - score))[:, None], [j.right for j in judged])
    return Calibration(round(float(curve.coef_[0, 0]), 3), round(float(curve.intercept_[0]), 3))


def error(judged: list[Judged]) -> float:
    """The expected calibration error in points: ten bins of equal width (Guo et al., 2017)."""
    confidence = np.array([j.confidence for j in judged])
    right = np.array([j.right for j in judged], dtype=np.float64)
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs(float((confidence - right)[bins == b].sum())) for b in range(BINS)]
    return 100 * sum(gaps) / len(judged)


def crossed(judged: list[Judged]) -> list[Judged]:
    """Each mark with the confidence that the other folds' marks give it."""
    made = []
    for fold in range(FOLDS):
        fitted = fit([j for j in judged if j.report % FOLDS != fold])
        made += [j._replace(confidence=fitted(j.confidence)) for j in judged if j.report % FOLDS == fold]
    return made


def undone(judged: list[Judged], calibration: Calibration) -> list[Judged]:
    """Marks with the scores that a calibration was given."""
    back = Calibration(1 / calibration.slope, -calibration.bias / calibration.slope)
    return [j._replace(confidence=back(j.confidence)) for j in judged]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--out", type=Path, help="the bundle's decoding with what was fitted, as YAML")
    args = parser.parse_args()
    decoding = open_bundle(args.bundle).manifest["decoding"]
    for head, judged in judge(args.bundle).items():
        given = error(judged)
        scores = undone(judged, Calibration(**decoding["calibration"][head]))
        fitted, held = fit(scores), crossed(scores)
        decoding["calibration"][head] = {"slope": fitted.slope, "bias": fitted.bias}
        print(f"{head}: {len(judged)} marks, {100 * np.mean([j.right for j in judged]):.1f} in 100 right")
        print(f"  calibration error: {given:.1f} points as given, {error(held):.1f} in five folds")
        for least in (0.4, 0.5, 0.6, 0.7):
            kept = [j.right for j in held if j.confidence >= least]
            share = 100 * sum(kept) / max(sum(j.right for j in held), 1)
            print(f"  from {least}: {len(kept)} marks, {100 * np.mean(kept):.1f} right, {share:.1f} of the right ones")
    if args.out:
        args.out.write_text(yaml.safe_dump(decoding, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
