"""A ledger of many reports that tell of common happenings: `python -m bench.many FILE [--reports N] [--read N]`.

Some thousands of varied Wikinews reports (`bench.varied`) are truly read. Each is then told many times over, from a
seed: as one story among others, with names and words of other reports of the same length, on other days; and a story by
one outlet or by several within days, word for word, lightly edited, or in other words about the same names. What was
marked stays marked, so that a telling costs no reading. Nothing in it is true; how much of it is alike is as in life.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from bench.varied import HELD, varied
from dragoman.compare.copies.words import FUNCTION_WORDS
from dragoman.config import Settings
from dragoman.documents.text import report_id
from dragoman.ledger.flatten import flatten
from dragoman.ledger.inserting import insert_reading, insert_rows
from dragoman.ledger.store import Ledger
from dragoman.pipeline import Reader, make_report
from dragoman.records import Reading

REPORTS, READ = 100_000, 2_000
WORDS = (150, 450)
AT_ONCE = 500
DAYS = 4 * 365
SEED = 20310304

TOLD_ONCE, TOLD_AGAIN, MOST = 0.6, 0.7, 30
"""Share of stories that one report tells; of the others, that a further one tells after each; and at most so many."""
COPIED, EDITED = 0.35, 0.25
"""Shares of further tellings that are the story word for word, and with a tenth of the words changed."""

_WORD = re.compile(r"[A-Za-z]{3,}")
_HELD = frozenset(word.lower() for word in HELD) | FUNCTION_WORDS

Plain = dict[str, Any]


class Tongue:
    """Words by length and ending, as often as they are used, to take the place of one another."""

    def __init__(self, texts: list[str]) -> None:
        names: defaultdict[int, Counter[str]] = defaultdict(Counter)
        words: defaultdict[tuple[int, str], Counter[str]] = defaultdict(Counter)
        for text in texts:
            for word in _WORD.findall(text):
                if word.islower() and word not in _HELD:
                    words[len(word), word[-2:]][word] += 1
                elif word.istitle() and word.lower() not in _HELD:
                    names[len(word)][word] += 1
        self.known = {word for found in words.values() for word in found}
        self._names = {key: _often(found) for key, found in names.items()}
        self._words = {key: _often(found) for key, found in words.items()}

    def name(self, draw: random.Random, name: str) -> str:
        """Another name of the same length."""
        return _drawn(draw, self._names.get(len(name))) or name

    def word(self, draw: random.Random, word: str) -> str:
        """Another word of the same length and ending."""
        return _drawn(draw, self._words.get((len(word), word[-2:]))) or word


def _often(found: Counter[str]) -> tuple[list[str], list[int]]:
    return list(found), list(accumulate(found.values()))


def _drawn(draw: random.Random, found: tuple[list[str], list[int]] | None) -> str | None:
    return draw.choices(found[0], cum_weights=found[1])[0] if found else None


class Template:
    """A reading that was truly made, as plain values, and its words that are marks and stay."""

    def __init__(self, reading: Reading) -> None:
        self.plain = json.dumps(reading.to_dict())
        self.published = date.fromisoformat(reading.report.published or "2031-01-01")
        marks = [event.trigger for event in reading.events]
        marks += [span for event in reading.events for span in (event.time, event.condition) if span]
        marks += [count.span for event in reading.events for count in event.counts]
        marks += [span for said in reading.attributions for span in said.cue]
        known = [entity for entity in reading.entities if entity.reference or entity.place]
        told = [reading.words(span) for span in (*marks, *(span for entity in known for span in entity.mentions))]
        self.kept = _HELD | {word.lower() for words in told for word in _WORD.findall(words)}


class Telling:
    """One way in which a template is told: which words stand for its own."""

    def __init__(self, template: Template, tongue: Tongue, seed: str) -> None:
        self.template, self.tongue, self.seed = template, tongue, seed
        self._said: dict[str, str] = {}

    def said(self, text: str, share: float, seed: str) -> str:
        """A text with the names of the story, and a share of its other words changed."""
        return _WORD.sub(lambda match: self._word(match[0], share, seed), text)

    def _word(self, word: str, share: float, seed: str) -> str:
        lower = word.lower()
        if lower in self.template.kept:
            return word
        if lower not in self.tongue.known:
            return self._drawn(word, self.seed, 1.0)
        of_story = self._drawn(lower, self.seed, 0.6)
        told = self._drawn(of_story, seed, share) if share else of_story
        return told.capitalize() if word[0].isupper() else told

    def _drawn(self, word: str, seed: str, share: float) -> str:
        key = f"{seed} {word}"
        if key not in self._said:
            draw = random.Random(key)
            take = self.tongue.word if word.islower() else self.tongue.name
            self._said[key] = take(draw, word) if draw.random() < share else word
        return self._said[key]


class Press:
    """Tells stories from a seed."""

    def __init__(self, readings: list[Reading], seed: int = SEED) -> None:
        self.draw = random.Random(seed)
        self.templates = [Template(reading) for reading in readings]
        self.tongue = Tongue([reading.report.text for reading in readings])
        names = sorted({reading.report.outlet for reading in readings if reading.report.outlet})
        self.outlets = names, list(accumulate(1 / n**0.7 for n in range(1, len(names) + 1)))

    @cached_property
    def _first(self) -> date:
        return date(2031, 1, 1)

    def readings(self) -> Iterator[Reading]:
        """Readings without end."""
        story = 0
        while True:
            story += 1
            yield from self._story(f"story {story}")

    def _story(self, seed: str) -> Iterator[Reading]:
        draw = self.draw
        telling = Telling(draw.choice(self.templates), self.tongue, seed)
        day = self._first + timedelta(days=draw.randrange(DAYS))
        taken: set[str] = set()
        for number in range(_times(draw)):
            outlet = draw.choices(self.outlets[0], cum_weights=self.outlets[1])[0]
            kind, after = draw.random(), 0 if not number else min(int(draw.expovariate(0.7)), 12)
            if outlet in taken:
                continue
            taken.add(outlet)
            share = 0.0 if not number or kind < COPIED else 0.1 if kind < COPIED + EDITED else 0.65
            yield _told(telling, day, after, outlet, share, f"{seed} {number}")


def _times(draw: random.Random) -> int:
    if draw.random() < TOLD_ONCE:
        return 1
    times = 2
    while times < MOST and draw.random() < TOLD_AGAIN:
        times += 1
    return times


def _told(telling: Telling, day: date, after: int, outlet: str, share: float, seed: str) -> Reading:
    """The reading of one telling of a story of a day, published some days after."""
    shift = day - telling.template.published
    told: Plain = json.loads(telling.template.plain)
    report = told["report"]
    for key in ("title", "text"):
        report[key] = telling.said(report[key] or "", share, seed)
    report |= {"outlet": outlet, "published": (day + timedelta(days=after)).isoformat()}
    report["id"] = report_id(report["text"], outlet)
    for entity in told["entities"]:
        entity["name"] = telling.said(entity["name"], share, seed)
        entity["known_as"] = [telling.said(name, share, seed) for name in entity["known_as"]]
    for dated in (*told["events"], *told["relations"]):
        for end in ("start", "end"):
            dated[end] = _shifted(dated[end], shift)
    return Reading.from_dict(told)


def _shifted(day: str | None, shift: timedelta) -> str | None:
    """A day so much later; None for one that the calendar has not."""
    try:
        return (date.fromisoformat(day) + shift).isoformat() if day else None
    except (ValueError, OverflowError):
        return None


def read(count: int) -> list[Reading]:
    """Readings of so many varied reports."""
    reader = Reader(Settings(threads=1))
    found: list[Reading] = []
    for row in islice(varied(WORDS), count):
        report = make_report(row.pop("text"), force=True, **row)  # type: ignore[arg-type]
        found.append(reader.read(report))
        print(f"\r{len(found):,} reports read", end="", flush=True)
    print()
    return found


def make(path: Path, reports: int, count: int) -> None:
    """Makes the ledger, some hundreds of reports in a transaction, unless it is there."""
    began = time.perf_counter()
    with Ledger.open(path) as ledger:
        if (there := ledger.counts()["reports"]) >= reports:
            return
        given, seen = Press(read(count)).readings(), set[str]()
        while len(seen) < reports:
            with ledger.writing() as connection:
                for reading in islice(given, AT_ONCE):
                    if reading.report.id not in seen and len(seen) < reports:
                        seen.add(reading.report.id)
                        if len(seen) > there:
                            insert_rows(connection, insert_reading(connection, reading), flatten(reading))
            print(f"\r{len(seen):,} reports, {time.perf_counter() - began:,.0f} s", end="", flush=True)
    print()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--read", type=int, default=READ, help="varied reports that are truly read")
    args = parser.parse_args()
    make(args.ledger, args.reports, args.read)


if __name__ == "__main__":
    main()
