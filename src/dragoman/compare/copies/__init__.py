"""Which reports are copies of which: trees with an original at the root, and what each copy added and cut.

Invariant: the trees depend on the reports alone, never on their order. An original comes before its copies: earlier
by day of publication (an unknown day last), then in this order the agency's own report, one without an agency's tag,
one with another's tag; then the longer; then the smaller id.

A report is a **copy** of an earlier one when
- at least 60% of its passages of five words stand in the original, or 40% where its tag names the original's outlet; or
- at least 60% of the original's stand in it, and the original has 100 words or more; or
- neither, but the same shares hold of its sentences, told over in other words (`likeness.TOLD`), and 25% of the
  content words that stand close together in the one do so in the other, too.
Background that an outlet repeats, or an agency's closing lines, make no copy: most of the text is another.

A report is a **relay** of one of the same days when it cites its outlet ("according to Norda", "Norda reported") and
has 36% of its content words from there, in words of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from dragoman.compare.copies.candidates import candidates
from dragoman.compare.copies.likeness import Feature, Likeness, Pair, Passage, likeness, share
from dragoman.compare.copies.outlets import Mention, Outlets
from dragoman.compare.copies.relays import Shelf, relayed
from dragoman.compare.copies.words import Sketch, Sketcher, Words
from dragoman.compare.order import told_on
from dragoman.ledger.copies import better
from dragoman.ledger.folding import fold
from dragoman.records import Report

__all__ = ["Copy", "Feature", "Origin", "Passage", "Rule", "Tree", "copies", "grouped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """From where on a report is a copy or a relay; shares are between 0 and 1.

    `words`: of passages of five words. `tagged`: of these, where the copy's tag names the original's outlet. `long`:
    words an original needs to be found in a report that adds to it. `short`: passages below which a report is a copy
    only if it stands whole in one that is hardly longer. `retold`: of words in sentences told over. `pairs`: of content
    words close together, needed for that. `relay`: of content words. `days`: how long after a report it is relayed.
    """

    words: float = 0.6
    tagged: float = 0.4
    long: int = 100
    short: int = 20
    retold: float = 0.6
    pairs: float = 0.25
    relay: float = 0.36
    days: int = 3


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a report besides its text."""

    id: str
    title: str | None
    outlet: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class Copy:
    """A report that hangs on another: a `copy` of it or a `relay`, why, and what it added to it and cut from it.

    `original` is what it was taken from, which may be a copy itself; `likeness` the share that decided. `added` counts
    into the text of the report, `cut` into that of the original; both are whole sentences.
    """

    report: Origin
    original: Origin
    kind: str
    likeness: float
    features: tuple[Feature, ...]
    added: tuple[Passage, ...]
    cut: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """An original, and all that hangs on it or on its copies, in order of rank."""

    original: Origin
    copies: tuple[Copy, ...]


def copies(reports: Iterable[Report], rule: Rule = Rule()) -> list[Copy]:
    """Every report that is a copy or a relay of another, in order of rank; of the same id the better copy counts."""
    known = _once(reports)
    outlets = Outlets(report.outlet or "" for report in known)
    sketcher = Sketcher()
    sketches = sorted((sketcher.sketch(report) for report in known), key=lambda one: _rank(one, outlets))
    finder = _Finder(sketches, outlets, rule)
    found: dict[int, _Found] = {}
    for number, earlier in enumerate(candidates(sketches)):
        if best := finder.original(number, earlier):
            found[number] = best
    for number, relay in finder.relays(found):
        if not _hangs_on(relay.original, number, found):  # two outlets that cite each other
            found[number] = relay
    return [finder.told(number, found[number]) for number in sorted(found)]


def grouped(found: Sequence[Copy]) -> list[Tree]:
    """Copies in trees, by the report at the root."""
    by_report = {copy.report.id: copy for copy in found}
    roots: dict[str, Origin] = {}
    hanging: defaultdict[str, list[Copy]] = defaultdict(list)
    for copy in found:
        root = copy.original
        while root.id in by_report:
            root = by_report[root.id].original
        roots[root.id] = root
        hanging[root.id].append(copy)
    order = sorted(roots.values(), key=lambda root: (told_on(root.published), root.id))
    return [Tree(root, tuple(hanging[root.id])) for root in order]


@dataclass(frozen=True, slots=True)
class _Found:
    """What a report hangs on."""

    original: int
    kind: str
    likeness: float
    mention: Mention | None


class _Finder:
    """Finds what the reports of one list hang on; they come in order of rank and are named by their number in it."""

    def __init__(self, sketches: Sequence[Sketch], outlets: Outlets, rule: Rule) -> None:
        self.sketches, self.outlets, self.rule = sketches, outlets, rule
        # Words of a report with their places are several times its sketch: only those in hand are kept.
        self._words = lru_cache(maxsize=64)(lambda number: Words(sketches[number].report))

    def original(self, number: int, earlier: Iterable[int]) -> _Found | None:
        """Of the earlier reports that a report is a copy of, the nearest.

        Of those as near but for 5%, the one that its tag names, then the one of which it has most, then the first.
        """
        tags = self.outlets.tags(self.sketches[number].report)
        found: list[tuple[Likeness, _Found]] = []
        for other in earlier:
            like = likeness(self.sketches[number], self.sketches[other])
            tag = self._naming(tags, number, other)
            if (value := self._verdict(number, other, like, tag)) is not None:
                found.append((like, _Found(other, "copy", value, tag)))
        if not found:
            return None
        nearest = max(like.pairs_of_copy for like, _ in found) - 0.05
        near = [(like, one) for like, one in found if like.pairs_of_copy >= nearest]
        like, best = min(near, key=lambda hit: (hit[1].mention is None, -hit[0].pairs_of_original, hit[1].original))
        return self._or_relay(number, like, best)

    def relays(self, found: dict[int, _Found]) -> Iterator[tuple[int, _Found]]:
        """What hangs on a report that it cites, of those that are no copies."""
        shelf = Shelf(self.sketches, self.rule.days)
        for number, sketch in enumerate(self.sketches):
            if number not in found and (hit := relayed(number, sketch, self.outlets, shelf, self.rule.relay)):
                original, mention = hit
                like = likeness(sketch, self.sketches[original])
                yield number, _Found(original, "relay", like.topics_of_copy, mention)

    def told(self, number: int, found: _Found) -> Copy:
        """The record of a copy, with its reasons."""
        copy, original = self.sketches[number], self.sketches[found.original]
        pair = Pair(self._words(number), self._words(found.original))
        features = list(pair.features(copy, original, likeness(copy, original)))
        if found.mention:
            name = "agency tag" if found.kind == "copy" else "cites the outlet"
            features.insert(0, Feature(name, found.mention.words, 1.0, found.mention.span))
        ends = _origin(copy.report), _origin(original.report)
        return Copy(*ends, found.kind, found.likeness, tuple(features), pair.added, pair.cut)

    def _naming(self, mentions: Iterable[Mention], number: int, other: int) -> Mention | None:
        """The mention that names the outlet of another report, if that is another outlet."""
        own, outlet = (fold(self.sketches[n].report.outlet or "") for n in (number, other))
        return next((mention for mention in mentions if outlet != own and outlet in mention.outlets), None)

    def _verdict(self, number: int, other: int, like: Likeness, tag: Mention | None) -> float | None:
        """The share by which a report is a copy of another; None where it is none."""
        rule, copy, original = self.rule, self.sketches[number], self.sketches[other]
        if len(copy.grams) < rule.short or len(original.grams) < rule.short:
            small = min(like.words_of_copy, like.words_of_original)
            return small if small >= rule.words and max(like.words_of_copy, like.words_of_original) == 1 else None
        is_long = original.length >= rule.long
        least = rule.tagged if tag else rule.words
        if like.words_of_copy >= least or (is_long and like.words_of_original >= rule.words):
            return max(like.words_of_copy, like.words_of_original if is_long else 0.0)
        if max(like.pairs_of_copy, like.pairs_of_original if is_long else 0.0) < rule.pairs:
            return None
        pair = Pair(self._words(number), self._words(other))
        told = share(pair.copy, pair.told_of_copy) if like.pairs_of_copy >= rule.pairs else 0.0
        if is_long and told < rule.retold and like.pairs_of_original >= rule.pairs:
            told = share(pair.original, pair.told_of_original)
        return told if told >= rule.retold else None

    def _or_relay(self, number: int, like: Likeness, best: _Found) -> _Found:
        """A copy; or a relay, where a report tells over in other words what it says the outlet reported."""
        if best.mention or max(like.words_of_copy, like.words_of_original) >= self.rule.words:
            return best
        cited = self._naming(self.outlets.cited(self.sketches[number].report), number, best.original)
        return _Found(best.original, "relay", like.topics_of_copy, cited) if cited else best


def _once(reports: Iterable[Report]) -> list[Report]:
    known: dict[str, Report] = {}
    for report in reports:
        if report.id not in known or better(report, known[report.id]):
            known[report.id] = report
    return list(known.values())


def _rank(sketch: Sketch, outlets: Outlets) -> tuple[str, int, int, str]:
    """What comes first is the original."""
    report = sketch.report
    tags, own = outlets.tags(report), fold(report.outlet or "")
    tagged = 1 if not tags else 0 if any(own in tag.outlets for tag in tags) else 2
    return told_on(report.published)[:10], tagged, -sketch.length, report.id


def _hangs_on(number: int, other: int, found: dict[int, _Found]) -> bool:
    """Whether a report is another, or hangs on it."""
    while number != other and number in found:
        number = found[number].original
    return number == other


def _origin(report: Report) -> Origin:
    return Origin(report.id, report.title, report.outlet, report.published)
