"""What is compared: each event as its report tells it, in words and numbers, and which pairs are worth comparing.

Invariant: a pair depends only on the two events and on what else is in the ledger, never on the order of arrival;
the work grows with the number of events, for a crowded block is split by further words and then only neighbours meet.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from dragoman.codes import read_data
from dragoman.ledger.folding import fold
from dragoman.ledger.ids import mark_id
from dragoman.quotations import quoted
from dragoman.records import Count, Event, Participant, Place, Reading, Span
from dragoman.sentences import Sentences

CROWDED = 40
"""Events of a block that are all compared with one another; a larger one is split."""
WINDOW = 45
"""Days within which one happening is told: follow-ups of the stories come within 10, anniversaries after 365."""
KEYS = 12
"""Words of an event that make blocks, the rarest first."""

Words = frozenset[str]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_EMPTY = frozenset(
    "a an the and or but nor of in on at to for from by with without as into over under after before since until while "
    "is are was were be been being am has have had having do does did will would shall should may might can could must "
    "it its he his him she her they their them we our us i my me you your this that these those there here who whom "
    "which what when where why how not no than then so if about against between during through out up down off also "
    "said say says told tell one two three four five six seven eight nine ten more most least some any all both each "
    "other another such only own same very just s t mr mrs ms dr according new first last year month week day today "
    "yesterday monday tuesday wednesday thursday friday saturday sunday morning night evening late early people".split()
)
_NO_NAMES = frozenset("The A An We He She It They His Her Their Our I Its This That These Those In On At".split())


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in an event: the words, their stems, the names among them, and what is known of whom they mean."""

    words: str
    stems: Words
    names: Words
    country: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One event as one report tells it. `key` names it across the ledger; days are ordinals, None where not told.

    `words` are the stems of its sentence, `about` those of the whole report with the weight of each, shared by all
    its events. `published` is the day of the report.
    """

    key: str
    report: str
    type: str | None
    mode: str | None
    status: str
    trigger: Words
    trigger_words: str
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    place: Party | None
    located: Place | None
    days: tuple[int, int] | None
    published: int | None
    counts: tuple[Count, ...]
    words: Words
    names: Words
    quotes: Words
    sentence: int
    about: Mapping[str, float] = field(repr=False)

    @property
    def people(self) -> tuple[Party, ...]:
        """Everybody in it, in whichever role."""
        return self.actors + self.recipients


class Rarity:
    """How much a shared word tells: its inverse frequency over the reports compared."""

    def __init__(self, reports: Iterable[Iterable[str]]) -> None:
        counted: Counter[str] = Counter()
        total = 0
        for words in reports:
            counted.update(set(words))
            total += 1
        self._counted, self._total = counted, total
        self._lengths: dict[str, float] = {}

    def of(self, word: str) -> float:
        """The weight of a word: 0 for one in every report, log of their number for one in a single report."""
        return math.log((self._total + 1) / (self._counted[word] + 0.5))

    def alone(self, word: str) -> bool:
        """Whether only one report has it, so that it brings no two together."""
        return self._counted[word] < 2

    def norm(self, words: Iterable[str]) -> float:
        """The weight of all words together."""
        return sum(map(self.of, words))

    def length(self, report: str, about: Mapping[str, float]) -> float:
        """The squared length of a report's vector of weighed words, worked out once."""
        if report not in self._lengths:
            self._lengths[report] = sum((count * self.of(word)) ** 2 for word, count in about.items())
        return self._lengths[report]


# --- words ----------------------------------------------------------------------------------------


@cache
def _irregular() -> dict[str, str]:
    return {form: stem for stem, forms in read_data("happenings.yaml")["irregular"].items() for form in forms}


@cache
def families() -> dict[str, frozenset[int]]:
    """The families that a stem is of, by their numbers."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for number, family in enumerate(read_data("happenings.yaml")["families"]):
        for word in family:
            found[stem(word)].add(number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


@cache
def stem(word: str) -> str:
    """A word without the endings of English inflection and the commonest of derivation; good enough to compare."""
    word = re.sub(r"['’]s?$", "", fold(word))
    word = _irregular().get(word, word)
    for ending, least in (("ations", 4), ("ation", 4), ("ings", 3), ("ing", 3), ("ments", 4), ("ment", 4), ("ied", 3),
                          ("ies", 3), ("ed", 3), ("ors", 4), ("ers", 4), ("or", 4), ("er", 4), ("ions", 4), ("ion", 4),
                          ("es", 3), ("s", 3), ("ly", 4)):  # fmt: skip
        if word.endswith(ending) and len(word) - len(ending) >= least and not word.endswith("ss"):
            word = word[: -len(ending)] + ("y" if ending in ("ied", "ies") else "")
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def stems(text: str) -> Words:
    """The stems of the words that tell something."""
    return frozenset(stem(word) for word in _WORD.findall(text) if fold(word) not in _EMPTY)


def names_in(text: str) -> Words:
    """The stems of capitalised words, but for a first word that is not one elsewhere."""
    found = [m[0] for m in _WORD.finditer(text)]
    return frozenset(stem(w) for w in found if w[:1].isupper() and w not in _NO_NAMES and fold(w) not in _EMPTY)


# --- events ---------------------------------------------------------------------------------------


def told(reading: Reading) -> tuple[Told, ...]:
    """Every event of a reading, made comparable."""
    text, report = reading.report.text, reading.report
    sentences = Sentences(text)
    about = Counter(stem(word) for word in _WORD.findall(f"{report.title or ''} {text}") if fold(word) not in _EMPTY)
    weighed = {word: 1 + math.log(count) for word, count in about.items()}
    return tuple(_event(reading, event, sentences, weighed) for event in reading.events)


def _event(reading: Reading, event: Event, sentences: Sentences, about: Mapping[str, float]) -> Told:
    start, end = sentences.at(event.trigger[0])
    sentence = reading.report.text[start:end]
    place = reading.entity(event.place_entity)
    return Told(
        key=mark_id(reading.report.id, event.id),
        report=reading.report.id,
        type=event.type,
        mode=event.mode,
        status=event.status,
        trigger=stems(reading.words(event.trigger)) or frozenset([stem(reading.words(event.trigger))]),
        trigger_words=reading.words(event.trigger),
        actors=tuple(_party(reading, someone) for someone in event.actors),
        recipients=tuple(_party(reading, someone) for someone in event.recipients),
        place=_party(reading, Participant(event.place, event.place_entity)) if event.place else None,
        located=place.place if place else None,
        days=_days(event),
        published=_day(reading.report.published),
        counts=event.counts,
        words=stems(sentence),
        names=names_in(sentence),
        quotes=_quotes(reading.report.text, (start, end)),
        sentence=sentences.number(event.trigger[0]),
        about=about,
    )


def _party(reading: Reading, someone: Participant) -> Party:
    """The words themselves where they name somebody; else (`the group`, `we`) also those of whom they mean.

    A link between mentions may be wrong, so what is named outright is not given other names.
    """
    words, entity = reading.words(someone.span), reading.entity(someone.entity)
    names, own = names_in(words), stems(words)
    if entity is None:
        return Party(words, own, names)
    known = names_in(f"{entity.name} {entity.canonical or ''}")
    if not names or names & known:
        names, own = names | known, own | stems(f"{entity.name} {entity.canonical or ''}")
    return Party(words, own, names, entity.country, entity.reference)


def _days(event: Event) -> tuple[int, int] | None:
    """First and last day; None also where it is open or longer than a month, which tells little."""
    start, end = _day(event.start), _day(event.end)
    if start is None or end is None or end - start > 31:
        return None
    return start, end


def _day(day: str | None) -> int | None:
    return date.fromisoformat(day).toordinal() if day else None


def _quotes(text: str, sentence: Span) -> Words:
    """Quoted stretches that touch the sentence, folded: long ones only, for `yes` tells nothing."""
    spans = (span for span in quoted(text) if span[0] < sentence[1] and sentence[0] < span[1])
    return frozenset(bare for a, b in spans if len(bare := fold(text[a + 1 : b - 1]).strip(" ,.")) > 20)


# --- pairs ----------------------------------------------------------------------------------------


def pairs(events: Sequence[Told], rarity: Rarity) -> Iterator[tuple[int, int]]:
    """Pairs of positions that may be one happening, each once: near in time, with a name, place or act in common."""
    order = sorted(range(len(events)), key=lambda i: events[i].key)
    blocks: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    keys = {i: _keys(events[i], rarity) for i in order}
    for i in order:
        blocks[events[i].report, ""].append(i)
        for bucket in _buckets(events[i]):
            for key in keys[i]:
                blocks[bucket, key].append(i)
    seen: set[tuple[int, int]] = set()
    for (_, key), block in blocks.items():
        for pair in _split(block, keys, {key}, lambda i: (events[i].type or "", _when(events[i]), events[i].key)):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _keys(event: Told, rarity: Rarity) -> list[str]:
    """What it may be found by, rarest first: the words of its sentence, of its parties and of its place."""
    words = set(event.words) | event.names
    for party in (*event.people, *([event.place] if event.place else [])):
        words |= party.stems
    common = [word for word in words if not rarity.alone(word)]
    return sorted(common, key=lambda word: (-rarity.of(word), word))[:KEYS] + [
        f"#{number}" for word in event.trigger for number in families().get(word, ())
    ]


def _when(event: Told) -> int:
    return event.days[0] if event.days else event.published or 0


def _buckets(event: Told) -> set[int]:
    """Two neighbouring windows, so that events within one window of each other share one; 0 is for the undated."""
    days = {_when(event), event.published or 0}
    return {(day // WINDOW) + step for day in days for step in (0, 1)} if any(days) else {0}


def _split(
    block: Sequence[int], keys: Mapping[int, list[str]], used: set[str], order: Callable[[int], tuple[object, ...]]
) -> Iterator[tuple[int, int]]:
    """All pairs of a small block; of a crowded one those that share another word; at last neighbours by type and day."""
    if len(block) <= CROWDED:
        yield from ((min(a, b), max(a, b)) for n, a in enumerate(block) for b in block[n + 1 :])
    elif len(used) < 3:
        parts: defaultdict[str, list[int]] = defaultdict(list)
        for i in block:
            for key in keys[i]:
                if key not in used:
                    parts[key].append(i)
        for key, part in parts.items():
            yield from _split(part, keys, {*used, key}, order)
    else:
        row = sorted(block, key=order)  # type: ignore[arg-type]
        for n, a in enumerate(row):
            yield from ((min(a, b), max(a, b)) for b in row[n + 1 : n + 9])
