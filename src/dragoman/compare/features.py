"""What speaks for and against two events being one happening: named features, each with the words that show it.

Invariant: `compare` is symmetric but for the order of the words in its evidence, and what is not told of both gives
no feature: unknown speaks neither for nor against.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from dragoman.codes import codes, read_data
from dragoman.compare.candidates import Rarity
from dragoman.compare.places import places_stand, scenes_apart
from dragoman.compare.telling import Party, Told
from dragoman.compare.words import Words, kin, stem


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason: what was compared, how far it holds (0 to 1), and the words that show it."""

    name: str
    value: float
    evidence: str


def compare(one: Told, other: Told, rarity: Rarity) -> tuple[Feature, ...]:
    """Every feature of a pair that is not 0."""
    found = (
        *_types(one, other),
        *_acts(one, other),
        *_people(one, other, rarity),
        *_places(one, other, rarity),
        *_times(one, other),
        *_counts(one, other),
        *_status(one, other),
        *_wording(one, other, rarity),
    )
    told = tuple(feature for feature in found if feature.value)
    told = (*told, *_apart(one, other, {feature.name for feature in told}))
    return tuple(_spoken(feature) for feature in told) if _by_speaking(one, other) else told


SPEECH = (1, 3)
"""Quad classes of what is done by saying so."""

SPOKEN = "in speech, "
"""Before the name of a feature that has a weight of its own for speech acts: ten bodies ask in one day, in the same
words, for different ends, and one shelling is told in many words."""

_OTHERWISE_WEIGHED = frozenset(
    "same type,same word,words of one family,other words,act named in the other sentence,actors alike,recipients alike,"
    "other recipients,actors in other words,recipients in other words,sentences alike,same day,reports alike,"
    "reports of other places".split(",")
)


def _by_speaking(one: Told, other: Told) -> bool:
    return all(codes().quad(told.type) in SPEECH for told in (one, other))


def is_weighed_in_speech(name: str) -> bool:
    """Whether a feature of that name has a weight of its own for speech acts."""
    return name in _OTHERWISE_WEIGHED


def _spoken(feature: Feature) -> Feature:
    named = is_weighed_in_speech(feature.name)
    return Feature(SPOKEN + feature.name, feature.value, feature.evidence) if named else feature


def _apart(one: Told, other: Told, found: set[str]) -> Iterator[Feature]:
    """What the other features tell only together: of what is done by speaking, who speaks makes it another."""
    if not _by_speaking(one, other):
        return
    if "other actors" in found:
        yield Feature("another says so", 1.0, f"{_said(one.actors)} / {_said(other.actors)}")


# --- what was done --------------------------------------------------------------------------------


@cache
def near_types() -> frozenset[frozenset[str]]:
    """Pairs of types by which one act is told."""
    return frozenset(frozenset(pair) for pair in read_data("happenings.yaml")["near_types"])


@cache
def near_modes() -> frozenset[str]:
    """Modes by which one attack is told."""
    return frozenset(read_data("happenings.yaml")["near_modes"])


@cache
def _attacks() -> tuple[frozenset[int], frozenset[int]]:
    """The families of words for attacks, and of those for their dead and wounded."""
    data = read_data("happenings.yaml")
    attacks, tolls = (kin(frozenset(map(stem, data[name]))) for name in ("attack_words", "toll_words"))
    return attacks, tolls


@lru_cache(maxsize=65536)
def of_attack(trigger: Words) -> tuple[bool, bool]:
    """Whether a trigger tells an attack, and whether it tells its dead."""
    attacks, tolls = _attacks()
    return bool(kin(trigger) & attacks), bool(kin(trigger) & tolls)


def near_acts(one: Words, other: Words) -> str | None:
    """How two triggers of no common family may tell one attack."""
    (attack, toll), (other_attack, other_toll) = of_attack(one), of_attack(other)
    if (attack and other_toll) or (other_attack and toll):
        return "an attack and its dead"
    if attack and other_attack:
        return "words for attacks"
    return "the dead and wounded" if toll and other_toll else None


def _types(one: Told, other: Told) -> Iterator[Feature]:
    if one.type is None or other.type is None:
        return
    told = f"{one.type}, {other.type}"
    if one.type != other.type:
        near = frozenset((one.type, other.type)) in near_types()
        yield Feature("types that may agree" if near else "other type", 1.0, told)
    else:
        yield Feature("same type", 1.0, one.type)
        if one.mode and other.mode:
            near = {one.mode, other.mode} <= near_modes()
            name = "same mode" if one.mode == other.mode else "modes that may agree" if near else "other mode"
            yield Feature(name, 1.0, f"{one.mode}, {other.mode}")


def _acts(one: Told, other: Told) -> Iterator[Feature]:
    """The triggers: a word in common, words of one family or for one attack, or one among the other's words."""
    said = f"{one.trigger_words} / {other.trigger_words}"
    if one.trigger & other.trigger:
        yield Feature("same word", 1.0, said)
    elif kin(one.trigger) & kin(other.trigger):
        yield Feature("words of one family", 1.0, said)
    elif near := near_acts(one.trigger, other.trigger):
        yield Feature(near, 1.0, said)
    elif one.trigger & other.words or other.trigger & one.words:
        yield Feature("act named in the other sentence", 1.0, said)
    else:
        yield Feature("other words", 1.0, said)


# --- who, where -----------------------------------------------------------------------------------


def _people(one: Told, other: Told, rarity: Rarity) -> Iterator[Feature]:
    for role, first, second in (
        ("actors", one.actors, other.actors),
        ("recipients", one.recipients, other.recipients),
    ):
        yield from _side(role, first, second, rarity)
    if crossed := _best(one.actors, other.recipients, rarity) + _best(other.actors, one.recipients, rarity):
        yield Feature("roles exchanged", min(1.0, crossed), f"{_said(one.people)} / {_said(other.people)}")


def _side(role: str, one: Iterable[Party], other: Iterable[Party], rarity: Rarity) -> Iterator[Feature]:
    """One role: alike as the likest two of both sides, or a clash where both are named and no name is shared."""
    first, second = tuple(one), tuple(other)
    if not first or not second:
        return
    said = f"{_said(first)} / {_said(second)}"
    alike = _best(first, second, rarity)
    if alike:
        yield Feature(f"{role} alike", alike, said)
    elif any(p.names for p in first) and any(p.names for p in second):
        yield Feature(f"other {role}", 1.0, said)
    elif any(p.stems for p in first) and any(p.stems for p in second):
        yield Feature(f"{role} in other words", 1.0, said)


def _best(one: Iterable[Party], other: Iterable[Party], rarity: Rarity) -> float:
    return max((_alike(a, b, rarity) for a in one for b in other), default=0.0)


def _alike(one: Party, other: Party, rarity: Rarity) -> float:
    """1 for the same entry of our table; else the share of the shorter one's words that the other has, by weight."""
    if one.reference and one.reference == other.reference:
        return 1.0
    if (one.reference and other.reference) or (one.country and other.country and one.country != other.country):
        return 0.0
    return share(one.stems, other.stems, rarity)


def share(one: Words, other: Words, rarity: Rarity) -> float:
    """The weight of the common words, by that of the lighter side."""
    common = one & other
    return rarity.norm(common) / max(1e-9, min(rarity.norm(one), rarity.norm(other))) if common else 0.0


def _said(parties: Iterable[Party]) -> str:
    return "; ".join(party.words for party in parties)


def _places(one: Told, other: Told, rarity: Rarity) -> Iterator[Feature]:
    if scenes := scenes_apart(one, other):
        yield Feature("reports of other places", 1.0, scenes)
    if one.place is None or other.place is None:
        return
    said = f"{one.place.words} / {other.place.words}"
    stand = places_stand(one, other)
    if stand == "same":
        yield Feature("places alike", 1.0, said)
    elif stand == "apart":
        yield Feature("places apart", 1.0, said)
    elif alike := share(one.place.stems, other.place.stems, rarity):
        yield Feature("places alike", alike, said)
    elif stand is None and one.place.names and other.place.names:
        yield Feature("other place", 1.0, said)


# --- when, how many -------------------------------------------------------------------------------


def _times(one: Told, other: Told) -> Iterator[Feature]:
    if one.days and other.days:
        apart = max(one.days[0] - other.days[1], other.days[0] - one.days[1], 0)
        name = "same day" if apart == 0 else "a day apart" if apart == 1 else "days apart"
        yield Feature(name, 1.0, f"{apart} days")
    elif one.published and other.published:
        known, report = (one.days, other.published) if one.days else (other.days, one.published)
        if known and known[0] > report + 1 and "planned" not in (one.status, other.status):
            yield Feature("told before it happened", 1.0, f"{known[0] - report} days")
    if one.published and other.published and one.report != other.report:
        apart = abs(one.published - other.published)
        yield Feature("published apart", min(1.0, math.log1p(apart) / math.log(31)), f"{apart} days")


def _counts(one: Told, other: Told) -> Iterator[Feature]:
    """The same number of the same kind tells more than another one tells against: tolls rise and are disputed."""
    for a in one.counts:
        for b in other.counts:
            if a.kind == b.kind:
                same = (a.low, a.high) == (b.low, b.high)
                yield Feature("same number" if same else "other number", 1.0, f"{a.kind}: {a.low}, {b.low}")
                return


def _status(one: Told, other: Told) -> Iterator[Feature]:
    if one.status == other.status:
        return
    told = f"{one.status}, {other.status}"
    pair = {one.status, other.status}
    if pair & {"not_occurred", "ruled_out"}:
        yield Feature("one says it did not happen", 1.0, told)
    elif pair <= {"occurred", "ongoing", "attempted"}:
        yield Feature("status near", 1.0, told)
    else:
        yield Feature("one is planned or supposed", 1.0, told)


# --- wording --------------------------------------------------------------------------------------


def _wording(one: Told, other: Told, rarity: Rarity) -> Iterator[Feature]:
    if quote := sorted(one.quotes & other.quotes):
        yield Feature("same quotation", 1.0, quote[0])
    yield _common("sentences alike", one.words, other.words, rarity)
    yield from _ends(one, other, rarity)
    if one.report == other.report:
        apart = abs(one.sentence - other.sentence)
        yield Feature("same report", 1.0, f"{apart} sentences apart")
        yield Feature("same sentence" if apart == 0 else "next sentence", float(apart <= 1), f"{apart} apart")
    else:
        yield Feature("reports alike", rarity.cosine(one, other), "words of both reports")
        yield _common("names in common", one.names, other.names, rarity)


def _ends(one: Told, other: Told, rarity: Rarity) -> Iterator[Feature]:
    """Of speech acts, what is asked or said: the words after the trigger in its sentence."""
    first, second = one.after - one.trigger, other.after - other.trigger
    if first and second and _by_speaking(one, other):
        alike = _common("what is said alike", first, second, rarity)
        said = f"{' '.join(sorted(first)[:6])} / {' '.join(sorted(second)[:6])}"
        yield alike if alike.value else Feature("other things said", 1.0, said)


def _common(name: str, one: Words, other: Words, rarity: Rarity) -> Feature:
    """The weight of the common words by the geometric mean of both sides' weights."""
    common = sorted(one & other, key=lambda word: (-rarity.of(word), word))
    if not common:
        return Feature(name, 0.0, "")
    size = math.sqrt(rarity.weight(one) * rarity.weight(other))
    return Feature(name, rarity.norm(common) / size if size > 0 else 0.0, " ".join(common[:6]))
