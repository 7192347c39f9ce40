"""Scores and fits the joining of events: `python -m training.happenings WHAT [CACHE] [--write]`, of stories, towns,
held, sample or ecb.

Stories: tests/compare/stories, all in one pool, read by the model; a mark is the event whose trigger it touches most.
Towns: tests/compare/towns, of real towns that the gazetteer knows, on which the weights set by hand were chosen.
Held: those that no rule was tuned on and no weight is fitted to.
Sample: the package's own reports, on which rules were tuned and, lightly, weights are fitted.
ECB+ (../shared/data/ecbplus): gold mentions of actions in validated sentences, with topics given and not.
Longer than other files here: measures, gold sets and fit share their few types.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import yaml

from dragoman.compare.candidates import Rarity, pairs
from dragoman.compare.chains import chains
from dragoman.compare.clusters import cluster
from dragoman.compare.contradictions import Contradiction, Member, contradictions
from dragoman.compare.contradictions.denials import denies
from dragoman.compare.denied import with_denials
from dragoman.compare.features import SPOKEN, Feature, compare
from dragoman.compare.happenings import members_of
from dragoman.compare.judge import BOUND, score, set_by_hand, weigh
from dragoman.compare.telling import Party, Told
from dragoman.compare.words import names_in, stem, stems
from dragoman.ledger.ids import mark_id
from dragoman.records import Reading

DATA = Path("src/dragoman/data/happenings.yaml")
STORIES = Path("tests/compare/stories")
TOWNS = Path("tests/compare/towns")
SAMPLE = Path("tests/compare/sample.yaml")
SAMPLE_TEXTS = Path("src/dragoman/data/sample")
ECB = Path("../shared/data/ecbplus")
Labels = Mapping[str, Hashable]
T = TypeVar("T")
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
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped, unused-ignore]

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


def stories(cache: Path | None = None, *, held: bool = False, folder: Path = STORIES) -> list[Story]:
    """The stories, or those held out, read by the package's model; `cache` keeps the readings."""
    from dragoman.pipeline import Reader, make_report

    reader = Reader()
    kept = pickle.loads(cache.read_bytes()) if cache and cache.exists() else {}
    found = []
    for path in sorted(folder.glob("*.yaml")):
        marks = yaml.safe_load(path.read_text(encoding="utf-8"))
        name = marks["story"]
        if marks.get("held", False) != held:
            continue
        kept[name] = kept.get(name) or {
            row["id"]: reader.read(
                make_report(row["text"], title=row["title"], outlet=row["outlet"], published=str(row["published"]))
            )
            for row in marks["reports"]
        }
        found.append(Story(name, marks, kept[name]))
    if cache:
        cache.write_bytes(pickle.dumps(kept))
    return found


def sample() -> Story:
    """The sample crisis: its texts are the package's, its marks have no chains."""
    from dragoman.pipeline import Reader, make_report

    reader, marks = Reader(), yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))
    readings = {}
    for row in marks["reports"]:
        header, _, text = (SAMPLE_TEXTS / row["file"]).read_text(encoding="utf-8").partition("\n\n")
        told = dict(line.split(": ", 1) for line in header.splitlines())
        report = make_report(text.strip(), title=told["Title"], outlet=told["Outlet"], published=told["Published"])
        readings[row["id"]] = reader.read(report)
    return Story(marks["story"], marks, readings)


def place(text: str, mark: Mapping[str, Any]) -> tuple[int, int]:
    """Where the words of a mark stand."""
    start = -1
    for _ in range(mark.get("nth", 1)):
        start = text.index(mark["words"], start + 1)
    return start, start + len(mark["words"])


def marked(story: Story) -> dict[str, tuple[str, str | None]]:
    """Each mark of the story: its happening, and the event that it touches most."""
    found: dict[str, tuple[str, str | None]] = {}
    for happening in story.marks["happenings"]:
        for n, mark in enumerate(happening["told"]):
            reading = story.readings[mark["report"]]
            start, end = place(reading.report.text, mark)
            touched = ((min(end, e.trigger[1]) - max(start, e.trigger[0]), e.id) for e in reading.events)
            common, event = max(touched, default=(0, ""))
            label = f"{story.name}/{happening['id']}"
            found[f"{label}/{n}"] = label, mark_id(reading.report.id, event) if common > 0 else None
    return found


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
        within=(0, 0),
        after=stems(sentence[sentence.find(mention["text"]) + len(mention["text"]) :]), scene=(),
        proper=names_in(sentence), about=about,
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


KNOTS = {
    "reports alike": (0.1, 0.2, 0.4),
    "sentences alike": (0.1, 0.2, 0.4),
    "names in common": (0.2, 0.5),
    "actors alike": (0.3, 0.6),
    "what is said alike": (0.1, 0.3),
}
"""Where the curves of graded features may bend; straight ones cost 4 points of B-cubed F1 on ECB+ dev."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs as rows of a matrix: `columns` are (feature, knot), the first of them always 1.

    `given` is what the weights that are set by hand add to each.
    """

    keys: list[tuple[str, str]]
    columns: list[tuple[str, float]]
    x: Any
    given: Any

    @classmethod
    def of(cls, found: Compared) -> Pairs:
        """The rows of all pairs compared."""
        names = sorted({feature.name for features in found.values() for feature in features} - set_by_hand().keys())
        columns = [
            ("even", 0.0),
            *((name, knot) for name in names for knot in (0.0, *KNOTS.get(name.removeprefix(SPOKEN), ()))),
        ]
        at: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for i, (name, knot) in enumerate(columns):
            at[name].append((i, knot))
        x = np.zeros((len(found), len(columns)))
        x[:, 0] = 1
        for n, features in enumerate(found.values()):
            for feature in features:
                for i, knot in at[feature.name]:
                    x[n, i] = max(0.0, feature.value - knot)
        by_hand = set_by_hand()
        given = [
            sum(weigh(by_hand[f.name], f.value) for f in features if f.name in by_hand) for features in found.values()
        ]
        return cls(list(found), columns, x, np.array(given))

    def curves(self, w: Any) -> dict[str, list[list[float]]]:
        """The weights as the package has them."""
        slopes: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
        for (name, knot), value in zip(self.columns, w, strict=True):
            slopes[name].append((float(value), knot))
        return {name: [[0.0, round(of[0][0], 2)]] if name == "even" else curve(of) for name, of in slopes.items()}


def newton(x: Any, y: Any, given: Any, by: Any = 1.0, ridge: float = 3.0) -> Any:
    """The coefficients of a logistic regression over what is `given` of each row, which weighs as `by` says; the first
    is not held down.
    """
    w = np.zeros(x.shape[1])
    keep = np.full(x.shape[1], ridge)
    keep[0] = 1e-3
    for _ in range(20):
        p = 1 / (1 + np.exp(-np.clip(x @ w + given, -30, 30)))
        hessian = (x * (by * p * (1 - p))[:, None]).T @ x + np.diag(keep)
        w += np.linalg.solve(hessian, x.T @ (by * (y - p)) - keep * w)
    return w


def curve(slopes: Sequence[tuple[float, float]]) -> list[list[float]]:
    """The points of a line that starts at 0 and changes its slope by so much at each knot."""
    ends = sorted({knot for _, knot in slopes} | {1.0})
    return [[end, round(sum(slope * max(0.0, end - knot) for slope, knot in slopes), 2)] for end in ends]


def grouped(
    keys: Iterable[str], scores: Mapping[tuple[str, str], float], members: Mapping[str, Member] | None = None
) -> dict[str, str]:
    """The group of each event, named by its first key; of members, with the denials that stand alone joined."""
    groups = cluster(sorted(keys), scores)
    if members:
        known = [members[key] for key in sorted(key for group in groups for key in group)]
        places = {member.told.key: place for place, member in enumerate(known)}
        rarity = Rarity({member.told.report: member.told.about for member in members.values()}.values())
        denied = frozenset(place for place, member in enumerate(known) if denies(member))
        by_place = [[places[key] for key in group] for group in groups]
        told = [member.told for member in known]
        joined = with_denials(by_place, told, denied, known.__getitem__, rarity)
        groups = [[told[place].key for place in group] for group in joined]
    return {key: group[0] for group in groups for key in group}


SHARE = 0.12
"""What a pair of the sample weighs beside one of the stories: it has 8,000 marked pairs, a story 600. Stories' B-cubed
F1 of all events and the sample's: 85 and 69 without it, 88 and 72 at 0.12, 84 and 76 at 0.2."""


def weighing(keys: Iterable[tuple[str, str]], part: Mapping[str, str]) -> Any:
    """What each pair weighs when weights are fitted."""
    sample_ = yaml.safe_load(SAMPLE.read_text(encoding="utf-8"))["story"]
    return np.array([SHARE if sample_ in (part[a], part[b]) else 1.0 for a, b in keys])


def left_out(found: Compared, gold: Labels, part: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """The score of each pair by weights that were fitted without the parts (stories) its events are of."""
    rows = Pairs.of(found)
    marked = np.array([a in gold and b in gold for a, b in rows.keys])
    same = np.array([float(gold.get(a, a) == gold.get(b, b)) for a, b in rows.keys])
    parts = np.array([(part[a], part[b]) for a, b in rows.keys])
    by = weighing(rows.keys, part)
    total, folds = np.zeros(len(same)), np.zeros(len(same))
    for name in sorted(set(part.values())):
        out = (parts == name).any(axis=1)
        rest = marked & ~out
        fitted = newton(rows.x[rest], same[rest], rows.given[rest], by[rest])
        total[out] += rows.x[out] @ fitted + rows.given[out]
        folds[out] += 1
    return dict(zip(rows.keys, np.clip(total / folds, -BOUND, BOUND).tolist(), strict=True))


# --- contradictions and chains --------------------------------------------------------------------


def score_contradictions(story: Story, found: Iterable[tuple[str | None, Sequence[Contradiction]]]) -> Counter[str]:
    """How many are right, made and marked: of the same happening and kind, with a marked report on each side."""
    ids = {name: reading.report.id for name, reading in story.readings.items()}
    left = [(c["happening"], c["kind"], ids[c["one"]["report"]], ids[c["other"]["report"]])
            for c in story.marks["contradictions"]]  # fmt: skip
    counted = Counter({f"marked {c[1]}": 0 for c in left})
    for mark in left:
        counted[f"marked {mark[1]}"] += 1
    for label, made in found:
        for one in made:
            counted[f"made {one.kind}"] += 1
            sides = [{claim.report for claim in side} for side in (one.one, one.other)]
            match = next((m for m in left if m[:2] == (label, one.kind) and _covers(sides, m)), None)
            if match:
                left.remove(match)
                counted[f"right {one.kind}"] += 1
    return counted


def _covers(sides: Sequence[set[str]], mark: tuple[str, str, str, str]) -> bool:
    return any(mark[2] in a and mark[3] in b for a, b in (sides, sides[::-1]))


def score_chains(story: Story, members: Mapping[str, Sequence[Member]]) -> tuple[int, int, int]:
    """Of how many happenings the number of chains is right, the chains themselves are right, and how many there are."""
    names = {reading.report.id: name for name, reading in story.readings.items()}
    copies = {story.readings[row["id"]].report.id: story.readings[row["copy_of"]].report.id
              for row in story.marks["reports"] if row["copy_of"]}  # fmt: skip
    number = exact = 0
    for happening in story.marks["happenings"]:
        told_by = members.get(happening["id"], ())
        here = {names[m.told.report] for m in told_by}
        gold = {frozenset(chain) & here for chain in happening["chains"]} - {frozenset()}
        made = {frozenset(names[r] for r in chain.reports) for chain in chains(told_by, copies)}
        number += bool(here) and len(gold) == len(made)
        exact += bool(here) and gold == made
    return number, exact, sum(bool(members.get(h["id"])) for h in story.marks["happenings"])


# --- the command ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pool:
    """All events of some stories with what each is gold for, its story, and the pairs compared."""

    every: Sequence[Story]
    members: Mapping[str, Member]
    marks: Mapping[str, tuple[str, str | None]]
    gold: Mapping[str, str]
    part: Mapping[str, str]
    found: Compared

    @classmethod
    def of(cls, every: Sequence[Story]) -> Pool:
        """The events of stories in one pool."""
        members = {m.told.key: m for story in every for reading in story.readings.values() for m in members_of(reading)}
        part = {mark_id(r.report.id, e.id): s.name for s in every for r in s.readings.values() for e in r.events}
        marks = {mark: of for story in every for mark, of in marked(story).items()}
        gold = {key: label for label, key in marks.values() if key}
        return cls(every, members, marks, gold, part, compared([member.told for member in members.values()]))

    def known(self, found: Mapping[tuple[str, str], T]) -> dict[tuple[str, str], T]:
        """What was found of the pairs of marked events."""
        return {pair: of for pair, of in found.items() if pair[0] in self.gold and pair[1] in self.gold}


def judged_by_others(cache: Path | None = None) -> tuple[Pool, list[tuple[Pool, dict[tuple[str, str], float]]]]:
    """Stories and sample in one pool; then each of the two alone, scored by weights of other stories."""
    every, one = stories(cache), sample()
    pool = Pool.of([*every, one])
    scores = left_out(pool.found, pool.gold, pool.part)
    parts = [Pool.of(every), Pool.of([one])]
    return pool, [(part, {p: s for p, s in scores.items() if set(p) <= part.members.keys()}) for part in parts]


def run_stories(cache: Path | None) -> dict[str, list[list[float]]]:
    """Prints the figures of stories and sample, each by weights of the others; the weights fitted on all of them."""
    pool, parts = judged_by_others(cache)
    for part, scores in parts:
        figures(part, scores)
    rows = Pairs.of(pool.known(pool.found))
    same = np.array([float(pool.gold[a] == pool.gold[b]) for a, b in rows.keys])
    return rows.curves(newton(rows.x, same, rows.given, weighing(rows.keys, pool.part)))


def by_package(pool: Pool) -> dict[str, float]:
    """Prints and gives the figures of a pool scored by the package's weights."""
    return figures(pool, {pair: score(features) for pair, features in pool.found.items()})


def figures(pool: Pool, scores: Mapping[tuple[str, str], float]) -> dict[str, float]:
    """Prints all figures of a pool; gives those that the quality gate holds, in per cent."""
    gold, members, marks = pool.gold, pool.members, pool.marks
    given = grouped(gold, pool.known(scores), members)
    made: dict[str, Labels] = {"given": given, "pool": grouped(members, scores, members)}
    print(f"{len(members)} events, {len(pool.found)} candidates; {len(marks)} marks, {len(gold)} events at them")
    made["type in each story"] = {key: f"{pool.part[key]} {members[key].event.type}" for key in members}
    for name, groups_ in made.items():
        print(f"{name}: B-cubed {b_cubed(gold, groups_)}, pairs {pairwise(gold, groups_)}")
        ends = {mark: groups_[key] for mark, (_, key) in marks.items() if key and key in groups_}
        told_of = {mark: label for mark, (label, _) in marks.items()}
        print(f"   of all marks, the missed alone: B-cubed {b_cubed(told_of, ends)}, pairs {pairwise(told_of, ends)}")
    found = {
        name: print_contradictions(name, pool.every, members, gold, groups_)
        for name, groups_ in (("gold", gold), ("given", made["given"]), ("pool", made["pool"]))
    }
    measured = {
        "happenings, marked events": b_cubed(gold, made["given"])[2],
        "happenings, all events": b_cubed(gold, made["pool"])[2],
        "contradictions": found["pool"][2],
    }
    chained = all("chains" in happening for story in pool.every for happening in story.marks["happenings"])
    return {**measured, "chains": print_chains(pool.every, members, gold)} if chained else measured


def print_contradictions(
    name: str, every: Sequence[Story], members: Mapping[str, Member], gold: Mapping[str, str], made: Labels
) -> tuple[float, float, float]:
    """Precision, recall and F1 of the contradictions in some groups; prints also what was right of each kind."""
    found: defaultdict[str, list[tuple[str | None, Sequence[Contradiction]]]] = defaultdict(list)
    for group in groups(made):
        labels = Counter(gold[key] for key in group if key in gold)
        label = max(sorted(labels), key=lambda one: labels[one]) if labels else None
        told = [members[key] for key in sorted(group)]
        story, _, happening = (label or "").partition("/")
        found[story].append((happening or None, contradictions(told)))
    counted: Counter[str] = Counter()
    for one in every:
        counted += score_contradictions(one, found[one.name])
    unmarked = sum(len(made) for _, made in found[""])
    right, all_made, marks = (
        sum(n for key, n in counted.items() if key.startswith(w)) for w in ("right", "made", "marked")
    )
    measured = f1(right / max(all_made, 1), right / max(marks, 1))
    print(f"contradictions, {name} happenings: {measured}", end="; ")
    print(f"{unmarked} more in groups without a mark;", dict(sorted(counted.items())))
    return measured


def print_chains(every: Sequence[Story], members: Mapping[str, Member], gold: Mapping[str, str]) -> float:
    """In how many gold happenings, in per cent, all chains are right; prints also in how many their number is."""
    total = np.zeros(3)
    for story in every:
        of: defaultdict[str, list[Member]] = defaultdict(list)
        for key, label in sorted(gold.items()):
            if label.startswith(f"{story.name}/"):
                of[label.split("/")[1]].append(members[key])
        total += score_chains(story, of)
    print(
        f"chains: their number right in {total[0] / total[2]:.1%}, all right in {total[1] / total[2]:.1%} of {total[2]}"
    )
    return float(100 * total[1] / total[2])


def run_ecb() -> None:
    """Prints the figures of ECB+ dev by weights of ECB+ train, and those of joining what has the same word."""
    events, gold, topics = ecb("train")
    train = in_topics(events, topics)
    rows = Pairs.of(train)
    same = np.array([float(gold[a] == gold[b]) for a, b in rows.keys])
    curves = {**rows.curves(newton(rows.x, same, rows.given)), **set_by_hand()}
    events, gold, topics = ecb("dev")
    words = {event.key: min(event.trigger) for event in events}
    for name, found, base in (
        ("topics given", in_topics(events, topics), {key: (topics[key], word) for key, word in words.items()}),
        ("no topics", compared(events), words),
    ):
        made = grouped(gold, {pair: score(features, curves) for pair, features in found.items()})
        print(f"ECB+ dev, {name}: {conll(gold, made)}; same word: {conll(gold, base)}")


def in_topics(events: Sequence[Told], topics: Mapping[str, int]) -> Compared:
    """The candidates of each topic, compared by themselves."""
    return {
        pair: features
        for topic in sorted(set(topics.values()))
        for pair, features in compared([event for event in events if topics[event.key] == topic]).items()
    }


def conll(gold: Labels, made: Labels) -> str:
    """MUC, B-cubed and CEAF-e, and the mean of their F1."""
    found = {"MUC": muc(gold, made), "B3": b_cubed(gold, made), "CEAF-e": ceaf_e(gold, made)}
    return f"{found} CoNLL {sum(of[2] for of in found.values()) / 3:.1f}"


def write(curves: Mapping[str, list[list[float]]]) -> None:
    """Puts the weights at the end of the package's data."""
    text = DATA.read_text(encoding="utf-8").split("\n# Fitted by")[0].rstrip("\n")
    lines = "".join(f"  {name}: {json.dumps(points)}\n" for name, points in curves.items())
    head = (
        "# Fitted by `python -m training.happenings stories --write`: (value, weight) points of each feature's curve."
    )
    DATA.write_text(f"{text}\n\n{head}\nweights:\n{lines}", encoding="utf-8")


def main() -> None:
    """Runs what the command line names."""
    what, *rest = sys.argv[1:]
    if what == "ecb":
        run_ecb()
        return
    cache = next((Path(word) for word in rest if word != "--write"), None)
    if what in ("towns", "held", "sample"):
        found = stories(cache, folder=TOWNS) if what == "towns" else stories(cache, held=True)
        by_package(Pool.of([sample()] if what == "sample" else found))
        return
    curves = run_stories(cache)
    if "--write" in rest:
        write(curves)


if __name__ == "__main__":
    main()
