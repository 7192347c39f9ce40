"""Scores and fits the joining of events into happenings: `python -m training.happenings stories|ecb|fit [FILE]`.

Stories: tests/compare/stories, all in one pool, read by the model; a mark is an event whose trigger it touches.
ECB+ (../shared/data/ecbplus): gold mentions of actions in validated sentences, with topics given or not.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from dragoman.compare.candidates import Party, Rarity, Told, names_in, pairs, stem, stems, told
from dragoman.compare.clusters import cluster
from dragoman.compare.features import Feature, compare
from dragoman.compare.judge import score
from dragoman.records import Reading

STORIES = Path("tests/compare/stories")
ECB = Path("../shared/data/ecbplus")
Labels = Mapping[str, Hashable]
Compared = dict[tuple[str, str], tuple[Feature, ...]]

# --- measures -------------------------------------------------------------------------------------


def groups(labels: Labels) -> list[set[str]]:
    """The items of each label."""
    found: defaultdict[Hashable, set[str]] = defaultdict(set)
    for item, label in labels.items():
        found[label].add(item)
    return list(found.values())


def f1(precision: float, recall: float) -> tuple[float, float, float]:
    """Both and their harmonic mean, in per cent."""
    mean = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return round(100 * precision, 1), round(100 * recall, 1), round(100 * mean, 1)


def b_cubed(gold: Labels, made: Labels) -> tuple[float, float, float]:
    """B-cubed over the gold items; one that was not made is alone."""
    def half(one: Labels, other: Labels) -> float:
        found: list[float] = []
        for group in groups(one):
            met = Counter(other.get(item, ("alone", item)) for item in group)
            found += [met[other.get(item, ("alone", item))] / len(group) for item in group]
        return sum(found) / max(len(found), 1)

    missing = {item: made[item] for item in gold if item in made}
    return f1(half(missing, gold), half(gold, missing))


def pairwise(gold: Labels, made: Labels) -> tuple[float, float, float]:
    """Over the pairs of items that share a group."""
    def together(labels: Labels) -> set[tuple[str, str]]:
        return {(a, b) for group in groups(labels) for a in group for b in group if a < b}

    one, other = together(gold), together({item: made[item] for item in gold if item in made})
    both = len(one & other)
    return f1(both / max(len(other), 1), both / max(len(one), 1))


def muc(gold: Labels, made: Labels) -> tuple[float, float, float]:
    """The links that are kept."""
    def half(one: Labels, other: Labels) -> float:
        kept = sum(len(g) - len({other[item] for item in g}) for g in groups(one))
        return kept / max(sum(len(g) - 1 for g in groups(one)), 1)

    return f1(half(made, gold), half(gold, made))


def ceaf_e(gold: Labels, made: Labels) -> tuple[float, float, float]:
    """The best one-to-one match of groups, by their Dice."""
    from scipy.optimize import linear_sum_assignment

    one, other = groups(gold), groups(made)
    alike = np.array([[2 * len(a & b) / (len(a) + len(b)) for b in other] for a in one])
    rows, columns = linear_sum_assignment(-alike)
    total = float(alike[rows, columns].sum())
    return f1(total / len(other), total / len(one))


# --- the stories ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its readings by the story's own names of reports."""

    name: str
    marks: dict[str, Any]
    readings: dict[str, Reading]


def stories(cache: Path | None = None) -> list[Story]:
    """The stories, read by the package's model; `cache` keeps the readings."""
    import dragoman

    kept = pickle.loads(cache.read_bytes()) if cache and cache.exists() else {}
    found = []
    for path in sorted(STORIES.glob("*.yaml")):
        marks = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = marks["story"]
        kept[name] = kept.get(name) or {
            row["id"]: dragoman.read(
                row["text"], title=row["title"], outlet=row["outlet"], published=str(row["published"])
            )
            for row in marks["reports"]
        }
        found.append(Story(name, marks, kept[name]))
    if cache:
        cache.write_bytes(pickle.dumps(kept))
    return found


def place(text: str, mark: Mapping[str, Any]) -> tuple[int, int]:
    """Where the words of a mark stand."""
    start = -1
    for _ in range(mark.get("nth", 1)):
        start = text.index(mark["words"], start + 1)
    return start, start + len(mark["words"])


def gold_of(story: Story) -> tuple[dict[str, str], int]:
    """The happening of each event that a mark touches, most touched first, and how many marks no event is at."""
    touched: dict[str, tuple[int, str]] = {}
    missed = 0
    for happening in story.marks["happenings"]:
        for mark in happening["told"]:
            reading = story.readings[mark["report"]]
            start, end = place(reading.report.text, mark)
            events = [
                (min(end, e.trigger[1]) - max(start, e.trigger[0]), f"{reading.report.id[:12]}:{e.id}")
                for e in reading.events
            ]
            common, key = max(events, default=(0, ""))
            missed += common <= 0
            if common > 0 and common > touched.get(key, (0, ""))[0]:
                touched[key] = (common, f"{story.name}/{happening['id']}")
    return {key: label for key, (_, label) in touched.items()}, missed


# --- ECB+ -----------------------------------------------------------------------------------------


def ecb(name: str) -> tuple[list[Told], dict[str, str], dict[str, int]]:
    """The actions of validated sentences, what each is gold for, and its topic."""
    events: list[Told] = []
    gold: dict[str, str] = {}
    topics: dict[str, int] = {}
    for line in (ECB / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        about = Counter(stem(word) for word in row["text"].split())
        weighed = {w: 1 + float(np.log(c)) for w, c in about.items() if w.isalnum()}
        for number, mention in enumerate(row["mentions"]):
            if "ACTION" not in mention["type"] or mention["sent"] not in row["validated_sentences"]:
                continue
            event = _mention(row, mention, f"{row['id']}:{number}", weighed)
            events.append(event)
            topics[event.key] = row["topic"]
            gold[event.key] = f"{row['topic']}/{mention.get('cluster') or event.key}"
    return events, gold, topics


def _mention(row: dict[str, Any], mention: dict[str, Any], key: str, about: Mapping[str, float]) -> Told:
    sentence = next(row["text"][a:b] for a, b, n in row["sentences"] if n == mention["sent"])
    beside = [m for m in row["mentions"] if m["sent"] == mention["sent"]]
    people = tuple(_party(m["text"]) for m in beside if "PART" in m["type"])
    places = [_party(m["text"]) for m in beside if m["type"].startswith("LOC")]
    return Told(
        key=key, report=row["id"], type=None, mode=None,
        status="not_occurred" if mention["type"].startswith("NEG") else "occurred",
        trigger=stems(mention["text"]) or frozenset([stem(mention["text"])]), trigger_words=mention["text"],
        actors=people, recipients=(), place=places[0] if places else None, located=None, days=None, published=None,
        counts=(), words=stems(sentence), names=names_in(sentence), quotes=frozenset(), sentence=mention["sent"],
        about=about,
    )  # fmt: skip


def _party(words: str) -> Party:
    return Party(words, stems(words), names_in(words))


# --- comparing, fitting ---------------------------------------------------------------------------


def compared(events: Sequence[Told], near: Callable[[int, int], bool] | None = None) -> Compared:
    """The features of each pair of candidates; `near` says which may be paired at all."""
    rarity = Rarity({event.report: event.about for event in events}.values())
    found: Compared = {}
    for a, b in pairs(events, rarity):
        if near is None or near(a, b):
            one, other = sorted((events[a], events[b]), key=lambda event: event.key)
            found[one.key, other.key] = compare(one, other, rarity)
    return found


def fit(rows: Sequence[tuple[Sequence[Feature], bool]], *, ridge: float = 1.0) -> dict[str, float]:
    """Weights of a logistic regression, by Newton's method."""
    names = ["even", *sorted({f.name for features, _ in rows for f in features})]
    at = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)))
    x[:, 0] = 1
    for i, (features, _) in enumerate(rows):
        for feature in features:
            x[i, at[feature.name]] = feature.value
    y = np.array([float(same) for _, same in rows])
    w = np.zeros(len(names))
    keep = np.full(len(names), ridge)
    keep[0] = 1e-3
    for _ in range(25):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + np.diag(keep)
        w += np.linalg.solve(hessian, x.T @ (y - p) - keep * w)
    return {name: round(float(w[at[name]]), 2) for name in names}


def labelled(found: Compared, gold: Labels) -> list[tuple[tuple[Feature, ...], bool]]:
    """The pairs whose events are both marked."""
    return [(f, gold[a] == gold[b]) for (a, b), f in found.items() if a in gold and b in gold]


def joined(keys: Collection[str], found: Compared, weighed: Mapping[str, float], **options: float) -> dict[str, str]:
    """The group of each event, named by its first key."""
    scores = {pair: score(features, weighed) for pair, features in found.items()}
    return {key: group[0] for group in cluster(sorted(keys), scores, **options) for key in group}
