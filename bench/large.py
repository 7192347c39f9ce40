"""A ledger of 100,000 reports and a million events, and how long each kind of question takes: `make bench-ledger`.

`python -m bench.large FILE [--reports N] [--seconds S]` makes the ledger if it is not there, which takes a quarter of
an hour and 3 GB. Its readings are drawn from a seed: no word is taken from anywhere. Names, outlets, words and days are
as uneven as in real news, and there are as many different ways to call somebody as real reports have.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path

from dragoman.ledger import sqlite
from dragoman.ledger.flatten import flatten
from dragoman.ledger.inserting import insert_reading, insert_rows
from dragoman.ledger.store import Ledger
from tests.ledger.synthetic import World, synthetic

REPORTS, EVENTS = 100_000, 10
AT_ONCE = 1_000
TARGET = 150
"""Milliseconds that 95 of 100 questions of a kind may take."""

_SYLLABLES = "ba ke lo mi nu ra se ti vo za dor fen gal har jin kal lem mon nar pol ris sul tam ver wen yor".split()


# --- making it ------------------------------------------------------------------------------------


def _word(draw: random.Random, syllables: int) -> str:
    return "".join(draw.choice(_SYLLABLES) for _ in range(syllables))


def _different(draw: random.Random, count: int, make: Callable[[], str]) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[make()] = None
    return list(found)


def _uneven(things: list[str], times: int) -> list[str]:
    """The things, the nth of them `times / n ** 0.7` times."""
    return [thing for n, thing in enumerate(things, 1) for _ in range(max(1, round(times / n**0.7)))]


def make_world() -> World:
    """Five thousand people, a thousand bodies, two hundred outlets, four years, thirty thousand words."""
    draw = random.Random(20310304)
    words = _different(draw, 30_000, lambda: _word(draw, draw.randint(2, 4)))
    often = list(accumulate(1 / n for n in range(1, len(words) + 1)))
    lines = [" ".join(draw.choices(words, cum_weights=often, k=20)) for _ in range(40_000)]
    called = draw.choices(words, [1 / math.sqrt(n) for n in range(1, len(words) + 1)], k=2_400_000)
    places = [place.title() for place in _different(draw, 2_000, lambda: _word(draw, 3))]
    people = _different(draw, 5_000, lambda: f"{_word(draw, 2).title()} {_word(draw, 3).title()}")
    kinds = ("government", "military", "armed_group", "organization", "group", "outlet")
    return World(
        people=_uneven(people, 150),
        bodies={
            f"{draw.choice(places)} {draw.choice(words).title()} {n}": (
                draw.choice(kinds),
                draw.choice(places)[:3].upper(),
            )
            for n in range(1_000)
        },
        places=_uneven(places, 100),
        unnamed=[f"{a} {b} of {c}" for a, b, c in zip(called[::3], called[1::3], called[2::3], strict=True)],
        outlets=[
            *_uneven([f"{draw.choice(places)} {draw.choice(('Post', 'Daily'))} {n}" for n in range(200)], 40),
            None,
        ],
        filler=[f"{line.capitalize()}." for line in lines],
        days=4 * 365,
    )


def make(path: Path, reports: int) -> None:
    """Makes the ledger, a thousand reports in a transaction; goes on where an earlier run was broken off."""
    world, began = make_world(), time.perf_counter()
    with Ledger.open(path) as ledger:
        there = ledger.counts()["reports"]
        for start in range(there, reports, AT_ONCE):
            with ledger.connection() as connection, sqlite.for_writing(connection).begin():
                for seed in range(start, min(start + AT_ONCE, reports)):
                    reading = synthetic(seed, sentences=EVENTS, filler=8, world=world)
                    insert_rows(connection, insert_reading(connection, reading), flatten(reading))
            print(f"\r{start + AT_ONCE:,} reports, {time.perf_counter() - began:,.0f} s", end="", flush=True)
    print()
