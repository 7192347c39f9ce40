"""Scores a bundle: `python -m training.evaluate TASK GOLD.jsonl [--write PREDICTIONS.jsonl]`.

Tasks: `sourced` (the whole pipeline, scorer ../shared/score/sourced_events.py), `polnear`
(../shared/score/attributions.py), `plv` (the type between given actors, 15 codes, macro F1), `names`
(exact span F1), `places` (names given, and found), `times` (as TempEval-3). Gold files have the shape of the sets in
../shared/data. `actors` takes rows of `phrase`, `country`, `sector`; `counts` rows of `text` and `counts` with `kind`,
`low`, `high`. PyTorch is not needed. Predictions keep the rows' ids and point into the text as it is given there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import runpy
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from dragoman.config import Settings
from dragoman.events.counts import counts_in
from dragoman.model.annotate import Annotator
from dragoman.names import actors
from dragoman.pipeline import Reader
from dragoman.records import CueMark, Reading, Report
from training import geo, temporal
from training.corpora import Row, plv_codes, rows

SCORERS = Path(__file__).resolve().parents[2] / "shared" / "score"


# --- predictions --------------------------------------------------------------------------------


def predict_sourced(gold: Iterable[Row], model: Path | None) -> list[Row]:
    """Readings of the reports, in the shape of the gold rows."""
    return read_sourced(gold, Reader(Settings(model=str(model or ""))))


def read_sourced(gold: Iterable[Row], reader: Reader) -> list[Row]:
    """The same, with a reader that is there already."""
    return [{"id": row["id"], "text": row["text"], **as_gold(reader.read(_report(row)))} for row in gold]


def _report(row: Row) -> Report:
    """The text exactly as given: no cleaning, so that offsets need no way back."""
    return Report(
        id=row["id"],
        text=row["text"],
        title=row.get("title"),
        outlet=row.get("outlet"),
        published=row.get("published"),
    )


def as_gold(reading: Reading) -> Row:
    """A reading in the words of shared/data/sourced_events, where an event has each span once (`the two leaders`)."""
    data = reading.to_dict()
    for entity in data["entities"]:
        entity["e"], entity["aka"] = entity.pop("id"), entity.pop("known_as")
    for event in data["events"]:
        event["date"] = event.pop("start")
        for role in ("actors", "recipients"):
            event[role] = list({tuple(person["span"]): person for person in reversed(event[role])}.values())[::-1]
    return {key: data[key] for key in ("entities", "attributions", "events")}


def predict_polnear(gold: Iterable[Row], model: Path | None) -> list[Row]:
    """Source, cue and content of every attribution, by PolNeAR's guidelines."""
    return mark_polnear(gold, Annotator.open(model))


def mark_polnear(gold: Iterable[Row], annotator: Annotator) -> list[Row]:
    """The same, with an annotator that is there already."""
    return [
        {
            "id": row["id"],
            "text": row["text"],
            "attributions": [_parts(cue) for cue in annotator.marks(row["text"], "polnear").cues],
        }
        for row in gold
    ]


def _parts(cue: CueMark) -> Row:
    return {part: [list(span) for span in getattr(cue, part)] for part in ("source", "cue", "content")}


def predict_plv(gold: Iterable[Row], model: Path | None) -> list[Row]:
    """The likeliest of PLV's fifteen codes for each given pair."""
    annotator, table = Annotator.open(model), plv_codes()
    made = []
    for row in gold:
        pairs = [[(s, e) for s, e in row[key]] for key in ("source_spans", "target_spans")]
        types = annotator.relation(row["text"], *pairs)
        made.append({"id": row["id"], "root": max(table, key=lambda root: sum(types[code] for code in table[root]))})
    return made


def predict_names(gold: Iterable[Row], model: Path | None) -> list[Row]:
    """Names with their labels."""
    annotator = Annotator.open(model)
    return [
        {
            "id": row["id"],
            "entities": [
                {"start": n.span[0], "end": n.span[1], "label": n.label} for n in annotator.marks(row["text"]).names
            ],
        }
        for row in gold
    ]


def predict_placed(gold: Iterable[Row], model: Path | None) -> list[Row]:
    """Where the gold names are, and the names that the pipeline finds and places itself (`found`)."""
    rows = list(gold)
    given, found = geo.predict_places(rows), geo.predict_found(rows, Reader(Settings(model=str(model or ""))))
    return [one | {"found": other["toponyms"]} for one, other in zip(given, found, strict=True)]


def predict_times(gold: Iterable[Row], _model: Path | None) -> list[Row]:
    """Time expressions with TIMEX3 types and values; no model is asked."""
    return temporal.predict_times(gold)


def predict_actors(gold: Iterable[Row], _model: Path | None) -> list[Row]:
    """The country and sector of each phrase; no model is asked."""
    meant = [(row["phrase"], actors.resolve(row["phrase"])) for row in gold]
    return [{"phrase": phrase, "country": m.country, "sector": m.sector} for phrase, m in meant]


def predict_counts(gold: Iterable[Row], _model: Path | None) -> list[Row]:
    """The counts of people in each text; no model is asked."""
    return [
        {"text": t, "counts": [asdict(c) for c in counts_in(t, (0, len(t)))]} for t in (row["text"] for row in gold)
    ]


# --- scores -------------------------------------------------------------------------------------


def _scorer(file: str) -> dict[str, Any]:
    """The functions of a scorer; they lie beside a checkout, with the data sets."""
    path = SCORERS / file
    if not path.exists():
        raise SystemExit(f"{path}: the scorer is missing; `plv` and `names` are scored without one")
    return runpy.run_path(str(path))


def score_sourced(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """F1 of attributions and events, and accuracies of their parts."""
    scorer = _scorer("sourced_events.py")
    tallies, parts, _, _ = scorer["score"](gold, {row["id"]: row for row in made})
    f1 = {name: tally.f1()[2] for name, tally in tallies.items()}
    return f1 | {f"{name}, of those found": round(100 * right / of, 1) for name, (right, of) in parts.items() if of}


def score_polnear(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """Exact (CofeNet's protocol) and token F1 of the parts, and whole attributions."""
    scorer = _scorer("attributions.py")
    result = scorer["score"]({row["id"]: row for row in gold}, {row["id"]: row for row in made})
    figures = {f"exact {part}": result["cofenet"][part]["exact"]["f1"] for part in ("source", "cue", "content")}
    figures |= {f"token {part}": result["token"][part]["f1"] for part in ("source", "cue", "content")}
    figures |= {f"aligned {name}": result["aligned"][name]["f1"] for name in ("detect", "triple_half")}
    return {name: round(100 * value, 1) for name, value in figures.items()}


def score_plv(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """Macro F1 over the codes that occur in gold or prediction, as scikit-learn has it; accuracy."""
    answer = {row["id"]: row["root"] for row in made}
    pairs = [(row["root"], answer.get(row["id"])) for row in gold]
    codes = sorted({code for pair in pairs for code in pair if code})
    f1 = [
        _f1(
            *_counts(
                {i for i, (g, _) in enumerate(pairs) if g == c},
                {i for i, (_, p) in enumerate(pairs) if p == c},
            )
        )
        for c in codes
    ]
    right = sum(g == p for g, p in pairs)
    return {"macro F1": round(100 * sum(f1) / len(f1), 1), "accuracy": round(100 * right / len(pairs), 1)}


def score_names(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """Exact span F1 over all labels, and of each."""

    def spans(data: list[Row]) -> set[tuple[str, int, int, str]]:
        return {(row["id"], e["start"], e["end"], e["label"]) for row in data for e in row["entities"]}

    g, p = spans(gold), spans(made)
    labels = sorted({span[3] for span in g})
    figures = {"F1": _f1(*_counts(g, p))}
    figures |= {
        label: _f1(*_counts({s for s in g if s[3] == label}, {s for s in p if s[3] == label})) for label in labels
    }
    return {name: round(100 * value, 1) for name, value in figures.items()}


def score_placed(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """Per cent of names within 161 km and with the exact GeoNames id; F1 of names found and placed."""
    figures = {f"names given: {name}": value for name, value in geo.score_places(gold, made).items()}
    found = [{"id": row["id"], "toponyms": row["found"]} for row in made]
    return figures | {f"found and placed: {name}": value for name, value in geo.score_found(gold, found).items()}


def score_actors(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """Per cent of phrases with the right country, the right sector, and both; unknown is right where gold has none."""
    alike = [[one[key] == other[key] for key in ("country", "sector")] for one, other in zip(gold, made, strict=True)]
    rights = {"country": [c for c, _ in alike], "sector": [s for _, s in alike], "both": [c and s for c, s in alike]}
    return {name: round(100 * sum(right) / len(right), 1) for name, right in rights.items()}


def score_counts(gold: list[Row], made: list[Row]) -> dict[str, float]:
    """Per cent of texts whose counts are all right, by kind and range; F1 over counts."""

    def told(row: Row) -> set[tuple[Any, ...]]:
        return {(count["kind"], count["low"], count["high"]) for count in row["counts"]}

    pairs = [(told(one), told(other)) for one, other in zip(gold, made, strict=True)]
    tally = (sum(len(one & other) for one, other in pairs), *(sum(map(len, side)) for side in zip(*pairs, strict=True)))
    right = sum(one == other for one, other in pairs)
    return {"texts": round(100 * right / len(pairs), 1), "F1": round(100 * _f1(*tally), 1)}


def _counts(gold: set[Any], made: set[Any]) -> tuple[int, int, int]:
    return len(gold & made), len(made), len(gold)


def _f1(hit: int, made: int, gold: int) -> float:
    return 2 * hit / (made + gold) if made + gold else 0.0


TASKS: dict[
    str,
    tuple[Callable[[Iterable[Row], Path | None], list[Row]], Callable[[list[Row], list[Row]], dict[str, float]]],
] = {
    "sourced": (predict_sourced, score_sourced),
    "polnear": (predict_polnear, score_polnear),
    "plv": (predict_plv, score_plv),
    "names": (predict_names, score_names),
    "places": (predict_placed, score_placed),
    "times": (predict_times, temporal.score_times),
    "actors": (predict_actors, score_actors),
    "counts": (predict_counts, score_counts),
}


def evaluate(task: str, gold: Path, model: Path | None = None, write: Path | None = None) -> dict[str, float]:
    """The scores of a bundle (by default the packaged one) on a gold file; may write the predictions."""
    predict, score = TASKS[task]
    data = rows(gold)
    made = predict(data, model)
    if write:
        write.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in made), encoding="utf-8")
    return score(data, made)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--write", type=Path, help="also write the predictions there, as JSON Lines")
    parser.add_argument("--model", type=Path, help="folder of a bundle; by default the packaged one")
    args = parser.parse_args()
    figures = evaluate(args.task, args.gold, args.model, args.write)
    print(
        f"{args.task} {args.gold} sha256 {hashlib.sha256(args.gold.read_bytes()).hexdigest()[:16]}",
        file=sys.stderr,
    )
    for name, value in figures.items():
        print(f"{name:40}{value:7.1f}")


if __name__ == "__main__":
    main()
