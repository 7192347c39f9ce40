"""Time expressions measured as TempEval-3 did: extents, types and values of TIMEX3.

Source: UzZaman et al. 2013, "SemEval-2013 Task 1: TempEval-3". A made expression matches a gold one that it
overlaps; the F1 of an attribute is that of the relaxed extents times the share of matches where it is equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dragoman import times

Row = Mapping[str, Any]


def predict_times(gold_rows: Iterable[Row]) -> list[dict[str, Any]]:
    """The time expressions that our rules find in the rows' texts, read against their dates."""
    return [{"id": row["id"], "timexes": _made(row["text"], row["dct"])} for row in gold_rows]


def score_times(gold: Sequence[Row], made: Sequence[Row]) -> dict[str, float]:
    """F1 of relaxed and strict extents, of types and of values, in percent; rows are paired by their ids."""
    found = {row["id"]: row["timexes"] for row in made}
    told = sum(len(row["timexes"]) for row in gold)
    given = sum(len(found[row["id"]]) for row in gold)
    pairs = [pair for row in gold for pair in _pairs(row["timexes"], found[row["id"]])]
    alike = {
        "relaxed extent F1": len(pairs),
        "strict extent F1": sum((one["start"], one["end"]) == (two["start"], two["end"]) for one, two in pairs),
        "type F1": sum(one["type"] == two["type"] for one, two in pairs),
        "value F1": sum(one["value"] == two["value"] for one, two in pairs),
    }
    return {name: round(200 * count / max(told + given, 1), 1) for name, count in alike.items()}


def _made(text: str, dct: str | None) -> list[dict[str, Any]]:
    return [
        {
            "start": found.span[0],
            "end": found.span[1],
            "text": text[found.span[0] : found.span[1]],
            "type": found.type,
            "value": found.value,
        }
        for found in times.expressions(text, dct[:10] if dct else None)
    ]


def _pairs(gold: Sequence[Row], made: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Each gold expression with a made one that it overlaps, each used once; the longest overlap goes first."""
    near = [
        (min(one["end"], two["end"]) - max(one["start"], two["start"]), -a, -b)
        for a, one in enumerate(gold)
        for b, two in enumerate(made)
    ]
    taken_gold, taken_made, pairs = set(), set(), []
    for shared, a, b in sorted(near, reverse=True):
        if shared > 0 and a not in taken_gold and b not in taken_made:
            taken_gold.add(a)
            taken_made.add(b)
            pairs.append((gold[-a], made[-b]))
    return pairs
