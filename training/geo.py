"""Scores where place names are put: `python -m training.geo GOLD.jsonl...` (../shared/data/geo).

`predict_places` is given the names, `predict_found` finds them. Only names with coordinates count.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dragoman.names import places
from dragoman.names.places.context import home_of
from dragoman.names.places.senses import kilometres
from dragoman.records import NameMark, Place

if TYPE_CHECKING:
    from dragoman.pipeline import Reader

Row = dict[str, Any]
PLACED = ("Location", "Facility", "NORP")
HOLDING = ("Organization", "Misc")  # what is no place and may hold the name of one
NEAR = 161.0  # km, a hundred miles: the field's measure


def predict_places(rows: Iterable[Row]) -> list[Row]:
    """The rows with what each gold name means, names given."""
    made = []
    for row in rows:
        gold = _located(row)
        spans = [(name["start"], name["end"]) for name in gold]
        found = places.resolve(row["text"], spans, country=home_of(row.get("url")))
        made.append({"id": row["id"], "toponyms": [_row(g, place) for g, place in zip(gold, found, strict=True)]})
    return made


def _located(row: Row) -> list[Row]:
    return [name for name in row["toponyms"] if name.get("lat") is not None]


def _row(span: Row, place: Place | None) -> Row:
    row = {key: span[key] for key in ("start", "end", "text")}
    if place:
        row |= {"lat": place.latitude, "lon": place.longitude, "geonameid": place.geonames_id, "name": place.name}
    return row


def predict_found(rows: Iterable[Row], reader: Reader) -> list[Row]:
    """The rows with the names that the model finds in their texts, placed as the pipeline places them."""
    return [place_found(row, reader.annotator.marks(row["text"]).names) for row in rows]


def place_found(row: Row, names: Iterable[NameMark]) -> Row:
    """A row with the names that the model found in it, placed; those without a place are left out."""
    marks = [mark for mark in names if mark.label in PLACED or mark.label in HOLDING]
    put = [(s, mark) for mark in marks for s in places.parts(row["text"], mark.span, whole=mark.label in PLACED)]
    peoples = frozenset(span for span, mark in put if mark.label == "NORP")
    spans = [span for span, _ in put]
    found = places.resolve(row["text"], spans, country=home_of(row.get("url")), peoples=peoples)
    made = [
        _row({"start": span[0], "end": span[1], "text": row["text"][slice(*span)]}, place)
        for span, place in zip(spans, found, strict=True)
        if place
    ]
    return {"id": row["id"], "toponyms": made}


def score_found(gold: Iterable[Row], made: Iterable[Row]) -> dict[str, float]:
    """Precision, recall and F1 in per cent: found with a Dice of at least 0.5, and within 161 km.

    What was found where the gold set has a name without coordinates counts neither for nor against.
    """
    by_id = {row["id"]: row["toponyms"] for row in made}
    right = found = names = 0
    for row in gold:
        left = list(by_id[row["id"]])
        for name in _located(row):
            names += 1
            match = max(left, key=lambda m: dice(name, m), default=None)
            if match and dice(name, match) >= 0.5:
                left.remove(match)
                found += 1
                right += km(name, match) <= NEAR
        rest = [name for name in row["toponyms"] if name.get("lat") is None]
        found += sum(not any(dice(name, m) >= 0.5 for name in rest) for m in left)
    precision, recall = right / max(found, 1), right / max(names, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return {"precision": round(100 * precision, 2), "recall": round(100 * recall, 2), "f1": round(100 * f1, 2)}


def dice(one: Row, other: Row) -> float:
    """How far two spans are the same: twice the common characters by all."""
    common = min(one["end"], other["end"]) - max(one["start"], other["start"])
    return max(0.0, 2 * common / (one["end"] - one["start"] + other["end"] - other["start"]))


def score_places(gold: Iterable[Row], made: Iterable[Row]) -> dict[str, float]:
    """Per cent within 161 km and with the exact GeoNames id, per cent answered, mean and median error in km."""
    by_id = {row["id"]: row for row in made}
    pairs = [pair for row in gold for pair in zip(_located(row), by_id[row["id"]]["toponyms"], strict=True)]
    errors = [km(g, m) for g, m in pairs if "lat" in m]
    known = [(g, m) for g, m in pairs if g["geonameid"]]
    exact = sum(_same_entry(g, m) for g, m in known)
    return {
        "within_161": _percent(sum(error <= NEAR for error in errors), len(pairs)),
        "within_161_or_same_entry": _percent(
            sum("lat" in m and (km(g, m) <= NEAR or _same_entry(g, m)) for g, m in pairs), len(pairs)
        ),
        "exact": _percent(exact, len(known)),
        "answered": _percent(len(errors), len(pairs)),
        "mean_km": round(statistics.fmean(errors), 1),
        "median_km": round(statistics.median(errors), 1),
        "names": len(pairs),
    }


def km(one: Row, other: Row) -> float:
    """Great-circle distance of two rows with `lat` and `lon`."""
    return kilometres((float(one["lat"]), float(one["lon"])), (float(other["lat"]), float(other["lon"])))


def _same_entry(gold: Row, made: Row) -> bool:
    """Whether both are one entry of GeoNames: our point of a wide one may lie elsewhere (data/divisions_points.tsv)."""
    return gold["geonameid"] is not None and str(made.get("geonameid")) == str(gold["geonameid"])


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def main(arguments: Sequence[str]) -> None:
    """Prints the scores of every file."""
    for path in map(Path, arguments):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        print(path.name, json.dumps(score_places(rows, predict_places(rows))))


if __name__ == "__main__":
    main(sys.argv[1:])
