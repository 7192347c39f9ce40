"""Many varied reports from few real ones: `python -m bench.varied OUT.jsonl [--count N] [--words FROM TO]`.

Takes the Wikinews reports of the shared folder, which is never part of this repository, and writes JSON Lines. Each
report is a stretch of a real one with names and places of others, other numbers, other days, another title and outlet.
What it says is untrue; only how it is told is as in life.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

WIKINEWS = Path(__file__).resolve().parents[2] / "shared" / "data" / "wikinews" / "reports.jsonl"
SENTENCE = re.compile(r"(?<=[.!?”\"]) +(?=[A-Z“\"])|\n+")
NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
NUMBER = re.compile(r"\b\d[\d,]*\b")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
WHEN = re.compile(rf"\b(?:{'|'.join((*DAYS, *MONTHS))})\b")
HELD = frozenset((*DAYS, *MONTHS))


class Variety:
    """Draws reports from a seed."""

    def __init__(self, texts: list[str], titles: list[str], seed: int) -> None:
        self.draw = random.Random(seed)
        self.sentences = [[s for s in SENTENCE.split(text) if len(s.split()) > 4] for text in texts]
        self.titles = [title.split() for title in titles]
        names: dict[int, set[str]] = defaultdict(set)
        for text in texts:
            for name in NAME.findall(text):
                if not HELD.intersection(name.split()):
                    names[len(name.split())].add(name)
        self.names = {words: sorted(found) for words, found in names.items()}
        self.outlets = [f"{place} {kind}" for place in self.names[1][:100] for kind in ("Post", "Daily")]

    def text(self, words: int) -> str:
        """A stretch of a report of about so many words, with everything in it changed that tells which it was."""
        told = self.draw.choice(self.sentences)
        taken: list[str] = []
        start = self.draw.randrange(max(1, len(told) - 3))
        while sum(len(sentence.split()) for sentence in taken) < words:
            if start == len(told):
                told, start = self.draw.choice(self.sentences), 0
            else:
                taken.append(told[start])
                start += 1
        renamed: dict[str, str] = {}
        text = "\n\n".join(" ".join(taken[n : n + 3]) for n in range(0, len(taken), 3))
        text = NAME.sub(lambda name: self._renamed(name[0], renamed), text)
        text = NUMBER.sub(lambda number: self._number(number[0]), text)
        return WHEN.sub(lambda word: self.draw.choice(DAYS if word[0] in DAYS else MONTHS), text)

    def report(self, words: int) -> dict[str, str]:
        """A report as a line of JSON Lines holds it."""
        one, other = self.draw.sample(self.titles, 2)
        return {
            "text": self.text(words),
            "title": " ".join((*one[: self.draw.randint(3, 6)], *other[-3:])),
            "outlet": self.draw.choice(self.outlets),
            "published": (date(2031, 1, 1) + timedelta(days=self.draw.randrange(4 * 365))).isoformat(),
        }

    def _renamed(self, name: str, renamed: dict[str, str]) -> str:
        if HELD.intersection(name.split()):
            return name
        if name not in renamed:
            renamed[name] = self.draw.choice(self.names[len(name.split())])
        return renamed[name]

    def _number(self, number: str) -> str:
        return "".join(self.draw.choice("123456789") if digit.isdigit() else digit for digit in number)


def varied(words: tuple[int, int], seed: int = 20310304) -> Iterator[dict[str, str]]:
    """Reports without end, each of some number of words between the two."""
    rows = [json.loads(line) for line in WIKINEWS.read_text(encoding="utf-8").splitlines()]
    variety = Variety([row["text"] for row in rows], [row["title"] for row in rows], seed)
    while True:
        yield variety.report(variety.draw.randint(*words))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--words", type=int, nargs=2, default=(100, 150), metavar=("FROM", "TO"))
    args = parser.parse_args()
    with args.out.open("w", encoding="utf-8") as out:
        for report in islice(varied(tuple(args.words)), args.count):
            out.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main()
