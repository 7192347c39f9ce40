"""Measures the finding of copies, on pairs of reports that are made from the invented stories.

    python -m training.copies            F1 of both halves, by kind of pair
    python -m training.copies --tune     thresholds tried on the first half
    python -m training.copies --time N   seconds and memory for N generated reports

Every kind of pair is one function of `MAKERS`; what no generator can write stands in `tests/compare/copies`. The set is
the same for the same seed. The first half, by story, is for choosing thresholds; the second is for the figure.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from pathlib import Path
from typing import Any

import yaml

from dragoman.compare.copies import Rule, copies
from dragoman.records import Report

STORIES = Path(__file__).parents[1] / "tests" / "compare" / "stories"
WRITTEN = STORIES.parent / "copies" / "written.yaml"
SEED = 20310304

FIRST_HALF = frozenset({"border_shelling", "coup_attempt", "drone_strike", "general_strike"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reports, and whether the second is a copy of the first."""

    story: str
    kind: str
    first: Report
    second: Report
    is_copy: bool


@dataclass(frozen=True, slots=True)
class Story:
    """The reports of one story by name, which of them copy which, and what was written besides."""

    name: str
    reports: dict[str, Report]
    copy_of: dict[str, str]
    cites: dict[str, tuple[str, ...]]
    written: dict[str, Any]

    @property
    def independent(self) -> list[Report]:
        """Those that are no copies."""
        return [report for name, report in self.reports.items() if name not in self.copy_of]


def stories() -> list[Story]:
    """The stories that are not held out of happenings, in order of their names."""
    written = yaml.safe_load(WRITTEN.read_text("utf-8"))
    common = {key: written[key] for key in ("footers", "synonyms")}
    told = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(STORIES.glob("*.yaml"))]
    return [_story(one, written[one["story"]] | common) for one in told if not one.get("held")]


def _story(told: dict[str, Any], written: dict[str, Any]) -> Story:
    rows = told["reports"]
    reports = {row["id"]: _report(row["text"], row["title"], row["outlet"], str(row["published"])) for row in rows}
    copy_of = {row["id"]: row["copy_of"] for row in rows if row["copy_of"]}
    cites = {row["id"]: tuple(row["cites"]) for row in rows}
    return Story(told["story"], reports, copy_of, cites, written)


def _report(text: str, title: str | None, outlet: str, published: str) -> Report:
    id = hashlib.sha256(f"{outlet}\n{text}".encode()).hexdigest()
    return Report(id, text.strip(), title, outlet, published)


# --- what makes a copy -----------------------------------------------------------------------------


def _paragraphs(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]


def trimmed(text: str, story: Story, chance: random.Random, share: float | None = None) -> str:
    """From the end, or here and there, to between a third and two thirds."""
    sentences = re.split(r"(?<=[.!?”\"])\s+(?=[A-Z“\"])", text)
    keep = max(2, round(len(sentences) * (share or chance.uniform(0.34, 0.67))))
    chosen = range(keep) if chance.random() < 0.5 else sorted(chance.sample(range(len(sentences)), keep))
    return "\n\n".join(sentences[place] for place in chosen)


def reordered(text: str, story: Story, chance: random.Random) -> str:
    """The same paragraphs in another order."""
    paragraphs = _paragraphs(text)
    chance.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def edited(text: str, story: Story, chance: random.Random) -> str:
    """Synonyms, a number or two brought up to date, names respelt, quotation marks of another house."""
    swaps = story.written["synonyms"] | story.written["respelt"]

    def swap(match: re.Match[str]) -> str:
        word = match[0]
        if word.isdigit() and chance.random() < 0.3:
            return str(int(word) + chance.randint(1, 3))
        return str(swaps[word]) if word in swaps and chance.random() < 0.6 else word

    text = re.sub(r"\w+", swap, text)
    return re.sub(r'"([^"]*)"', r"“\1”", text) if chance.random() < 0.5 else text


def led(text: str, story: Story, chance: random.Random) -> str:
    """A paragraph of one's own before it."""
    return f"{story.written['lead']}\n\n{text}"


def explained(text: str, story: Story, chance: random.Random) -> str:
    """A paragraph of background after it."""
    return f"{text}\n\n{story.written['background']}"


def as_it_is(text: str, story: Story, chance: random.Random) -> str:
    """Word for word."""
    return text


Maker = Callable[[str, Story, random.Random], str]

MAKERS: dict[str, tuple[Maker, ...]] = {
    "retitled": (as_it_is,),
    "trimmed": (trimmed,),
    "reordered": (reordered,),
    "edited": (edited,),
    "with a lead": (led,),
    "with background": (explained,),
    "trimmed, edited": (trimmed, edited),
    "reordered, edited": (reordered, edited),
    "edited, with a lead": (edited, led),
}
"""Kinds of copies, and what is done one after another."""


def _copied(story: Story, original: Report, kind: str, chance: random.Random) -> Report:
    text = original.text
    for make in MAKERS[kind]:
        text = make(text, story, chance)
    return _elsewhere(text, story, original, chance)


def _elsewhere(text: str, story: Story, original: Report, chance: random.Random) -> Report:
    """The text in another paper of the same day; half of them keep the title."""
    title = original.title if chance.random() < 0.5 else f"Reports: {story.name.replace('_', ' ')}"
    return _report(text, title, f"The {chance.choice(_TOWNS)} {chance.choice(_PAPERS)}", original.published or "")


_TOWNS = "Aster Brindle Corrow Dunley Estmere Fallow Garrick Holm".split()
_PAPERS = "Gazette Chronicle Sentinel Observer".split()


# --- the set ----------------------------------------------------------------------------------------


def pairs(seed: int = SEED) -> list[Pair]:
    """The whole set."""
    return [pair for story in stories() for pair in _pairs(story, random.Random(f"{seed}:{story.name}"))]


def _pairs(story: Story, chance: random.Random) -> Iterator[Pair]:
    for original, kind in product(story.independent, MAKERS):
        yield Pair(story.name, kind, original, _copied(story, original, kind, chance), True)
    for name, of in story.copy_of.items():
        yield Pair(story.name, "as told in the story", story.reports[of], story.reports[name], True)
    wire = story.reports[story.written["of"]]
    for text in story.written["paraphrases"]:
        yield Pair(story.name, "paraphrase", wire, _elsewhere(text, story, wire, chance), True)
        longer = _elsewhere(explained(text, story, chance), story, wire, chance)
        yield Pair(story.name, "paraphrase, with background", wire, longer, True)
    yield from _no_copies(story, wire, chance)


def _no_copies(story: Story, wire: Report, chance: random.Random) -> Iterator[Pair]:
    for first, second in combinations(story.independent, 2):
        yield Pair(story.name, "independent", first, second, False)
        for kind, add in (("same background", story.written["background"]), ("same footer", chance.choice(_footers()))):
            one, other = (_with(replace(report, outlet=first.outlet), add) for report in (first, second))
            yield Pair(story.name, kind, one, other, False)
    for report in story.independent:
        paragraph = max(_paragraphs(wire.text), key=len)
        if report != wire:
            yield Pair(story.name, "one paragraph taken over", wire, _with(report, paragraph), False)
    for text in story.written["own"]:
        short = _elsewhere(text, story, wire, chance)
        for report in story.independent:
            yield Pair(story.name, "short, on the same", report, short, False)
        one, other = (_with(report, story.written["background"]) for report in (wire, short))
        yield Pair(story.name, "short, same background", one, other, False)


def _footers() -> list[str]:
    return list(yaml.safe_load(WRITTEN.read_text("utf-8"))["footers"])


def _with(report: Report, paragraph: str) -> Report:
    return _report(f"{report.text}\n\n{paragraph}", report.title, report.outlet or "", report.published or "")


# --- figures ----------------------------------------------------------------------------------------


RULE = Rule()


@dataclass(frozen=True, slots=True)
class Scores:
    """Pairs found rightly, found wrongly and missed; by kind how many went wrong, and of how many."""

    right: int
    wrong: int
    missed: int
    by_kind: dict[str, tuple[int, int]]

    @property
    def f1(self) -> float:
        """In per cent."""
        return 200 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def score(some: Sequence[Pair], rule: Rule = RULE) -> Scores:
    """Each pair looked at alone, through everything from the candidates on."""
    return _scored([(pair, bool(_above((pair.first, pair.second), rule))) for pair in some])


def score_together(some: Sequence[Pair], rule: Rule = RULE) -> Scores:
    """All reports in one heap: whether both of a pair come to stand in one tree, by copying alone."""
    above = _above({report.id: report for pair in some for report in (pair.first, pair.second)}.values(), rule)

    def root(id: str) -> str:
        return root(above[id]) if id in above else id

    return _scored([(pair, root(pair.first.id) == root(pair.second.id)) for pair in some])


def _above(reports: Iterable[Report], rule: Rule) -> dict[str, str]:
    """Of each copy the id of its original; relays are none."""
    return {copy.report.id: copy.original.id for copy in copies(reports, rule) if copy.kind == "copy"}


def _scored(outcomes: Sequence[tuple[Pair, bool]]) -> Scores:
    failed = Counter(pair.kind for pair, found in outcomes if found != pair.is_copy)
    return Scores(
        sum(found and pair.is_copy for pair, found in outcomes),
        sum(found and not pair.is_copy for pair, found in outcomes),
        sum(pair.is_copy and not found for pair, found in outcomes),
        {kind: (failed[kind], of) for kind, of in Counter(pair.kind for pair, _ in outcomes).items()},
    )


def halves(some: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The pairs for choosing, and those for the figure."""
    return [p for p in some if p.story in FIRST_HALF], [p for p in some if p.story not in FIRST_HALF]


def relays() -> tuple[int, int, int]:
    """Relays in the stories found rightly, wrongly, and not at all, each story looked at by itself."""
    right = wrong = 0
    for story in stories():
        name_of = {report.id: name for name, report in story.reports.items()}
        for copy in copies(story.reports.values()):
            if copy.kind == "relay":
                is_right = RELAYS[story.name] == (name_of[copy.report.id], name_of[copy.original.id])
                right, wrong = right + is_right, wrong + (not is_right)
    return right, wrong, len(RELAYS) - right


RELAYS = {
    "border_shelling": ("r6", "r3"),
    "coup_attempt": ("r6", "r4"),
    "drone_strike": ("r6", "r5"),
    "general_strike": ("r6", "r4"),
    "harbour_blast": ("r5", "r3"),
    "hostage_release": ("r8", "r6"),
    "leaked_report": ("r5", "r6"),
    "sanctions_vote": ("r6", "r4"),
}
"""In each story the one report that tells throughout what another outlet reported, and that one's report."""


def tune(some: Sequence[Pair]) -> list[tuple[float, Rule]]:
    """The F1 of rules around the one in use, best first."""
    rules = [Rule(retold=told, pairs=near) for told, near in product((0.5, 0.6, 0.7), (0.2, 0.25, 0.3, 0.35))]
    rules += [Rule(tagged=share) for share in (0.3, 0.5, 0.6)] + [Rule(words=share) for share in (0.5, 0.7)]
    return sorted(((score(some, rule).f1, rule) for rule in rules), key=lambda found: -found[0])


# --- many -------------------------------------------------------------------------------------------


def many(number: int, seed: int = SEED) -> Iterator[Report]:
    """Generated reports for timing: a third are copies of earlier ones of the third; words drawn as in the stories."""
    chance, told = random.Random(seed), stories()
    sentences = [s for story in told for r in story.independent for s in re.split(r"(?<=\.)\s+", r.text)]
    words = [word for sentence in sentences for word in re.findall(r"\w+", sentence)]
    originals: list[Report] = []
    for count in range(number):
        if originals and count % 3:
            original = originals[-1] if count % 3 == 1 else chance.choice(originals[-50:])
            yield _copied(chance.choice(told), original, chance.choice(list(MAKERS)), chance)
            continue
        text = "\n\n".join(
            " ".join(chance.choices(words, k=chance.randint(8, 30))).capitalize() + "." for _ in range(14)
        )
        day = f"2031-{1 + count * 12 // number:02d}-{1 + count % 28:02d}"
        originals.append(_report(f"{text} {chance.choice(sentences)}", f"Report {count}", chance.choice(_TOWNS), day))
        yield originals[-1]


def timed(number: int) -> str:
    """Seconds of one core, seconds by the clock, and memory at its peak above that of the reports themselves."""
    reports = list(many(number))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, core = time.perf_counter(), time.process_time()
    found = copies(reports)
    seconds, of_core = time.perf_counter() - start, time.process_time() - core
    more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return f"{number:,} reports, {len(found):,} copies: {of_core:.1f} s of a core, {seconds:.1f} s, {more:.0f} MB more"


def main() -> None:
    """Prints what is asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--tune", action="store_true", help="try thresholds on the first half")
    asked.add_argument("--time", type=int, metavar="N", help="time N generated reports")
    given = asked.parse_args()
    if given.time:
        print(timed(given.time))
        return
    first, second = halves(pairs())
    if given.tune:
        for f1, rule in tune(first):
            print(f"{f1:.2f}  {rule}")
    else:
        for name, half in (("chosen on", first), ("measured on", second)):
            alone, together = score(half), score_together(half)
            print(f"{name}: {len(half)} pairs, F1 {alone.f1:.2f}, {alone.wrong} wrong, {alone.missed} missed;")
            print(f"  all in one heap: F1 {together.f1:.2f}, {together.wrong} wrong, {together.missed} missed")
            for kind, (failed, of) in sorted(alone.by_kind.items()):
                print(f"  {kind}: {failed} of {of} failed")
        print("relays right, wrong, missed:", *relays())


if __name__ == "__main__":
    main()
