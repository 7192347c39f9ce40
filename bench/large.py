"""A ledger of 100,000 reports and a million events, and how long each kind of question takes: `make bench-ledger`.

`python -m bench.large FILE [--reports N] [--questions N]` makes the ledger if it is not there, which takes a quarter of
an hour and 3 GB. Its readings are drawn from a seed: no word is taken from anywhere. Names, outlets, words and days are
as uneven as in real news, and there are as many different ways to call somebody as real reports have.
"""

from __future__ import annotations

import argparse
import math
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from dragoman.codes import codes
from dragoman.ledger import query
from dragoman.ledger.flatten import flatten
from dragoman.ledger.inserting import insert_reading, insert_rows
from dragoman.ledger.query import Filter
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
    began = time.perf_counter()
    with Ledger.open(path) as ledger:
        there = ledger.counts()["reports"]
        if there >= reports:
            return
        world = make_world()
        for start in range(there, reports, AT_ONCE):
            with ledger.writing() as connection:
                for seed in range(start, min(start + AT_ONCE, reports)):
                    reading = synthetic(seed, sentences=EVENTS, filler=8, world=world)
                    insert_rows(connection, insert_reading(connection, reading), flatten(reading))
            print(f"\r{start + AT_ONCE:,} reports, {time.perf_counter() - began:,.0f} s", end="", flush=True)
    print()


# --- asking it ------------------------------------------------------------------------------------

LISTS = {
    "reports": query.reports,
    "events": query.events,
    "attributions": query.attributions,
    "entities": query.entities,
}

ASKED = 20
"""Different questions of each kind, if not told otherwise."""

Question = Callable[[], Any]


def filters(draw: random.Random, world: World, ids: list[str]) -> dict[str, Callable[[str], dict[str, str]]]:
    """For each kind of filter, what makes one for a list."""
    people, outlets = list(dict.fromkeys(world.people)), [outlet for outlet in dict.fromkeys(world.outlets) if outlet]
    words = list(dict.fromkeys(word for line in world.filler for word in line.lower().strip(".").split()))

    def day() -> date:
        return date(2031, 1, 1) + timedelta(days=draw.randrange(world.days))

    def days(length: int) -> dict[str, str]:
        return {"since": (first := day()).isoformat(), "until": (first + timedelta(days=length)).isoformat()}

    def type_of(list: str) -> str:
        return draw.choice(codes().entity_types if list == "entities" else list_of_types)

    list_of_types = list(codes().event_types)
    return {
        "nothing": lambda _: {},
        "type": lambda list: {"type": type_of(list)},
        "status": lambda _: {"status": draw.choice(codes().statuses)},
        "actor, whole name": lambda _: {"actor": draw.choice(people)},
        "actor, often": lambda _: {"actor": people[draw.randrange(20)]},
        "actor, part": lambda _: {"actor": draw.choice(people)[:5]},
        "actor, nobody": lambda _: {"actor": f"zz{draw.random()}"},
        "source, whole name": lambda _: {"source": draw.choice(people)},
        "source, part": lambda _: {"source": draw.choice(people)[:5]},
        "source_kind": lambda _: {"source_kind": draw.choice(("named", "unnamed", "document", "none", "outlet"))},
        "days, one": lambda _: days(0),
        "days, a month": lambda _: days(30),
        "days, since": lambda _: {"since": day().isoformat()},
        "days, until": lambda _: {"until": day().isoformat()},
        "text, a rare word": lambda _: {"text": draw.choice(words[-10_000:])},
        "text, a common word": lambda _: {"text": words[draw.randrange(20)]},
        "text, two common words": lambda _: {"text": " ".join(draw.sample(words[:40], 2))},
        "text, a phrase": lambda _: {"text": '"' + " ".join(draw.choice(world.filler).strip(".").split()[3:6]) + '"'},
        "text, a common phrase": lambda _: {"text": f'"{words[draw.randrange(3)]} {words[draw.randrange(3)]}"'},
        "outlet": lambda _: {"outlet": draw.choice(outlets)},
        "outlet, none such": lambda _: {"outlet": f"{draw.choice(outlets)} of old"},
        "report": lambda _: {"report": draw.choice(ids)},
        "type, status, actor": lambda list: {
            "type": type_of(list),
            "status": draw.choice(codes().statuses),
            "actor": draw.choice(people),
        },
        "type, a month": lambda list: {"type": type_of(list), **days(30)},
        "actor, source": lambda _: {"actor": draw.choice(people), "source": draw.choice(people)},
        "outlet, a month": lambda _: {"outlet": draw.choice(outlets), **days(30)},
        "text, type": lambda list: {"text": words[draw.randrange(200)], "type": type_of(list)},
    }


def questions(ledger: Ledger, count: int) -> Iterator[tuple[str, list[Question]]]:
    """Every kind of question, with different ones of it; the same each time."""
    draw, world = random.Random(7), make_world()
    ids = some_reports(ledger, draw, count)
    for list_name, ask in LISTS.items():
        for name, make in filters(draw, world, ids).items():
            made = [make(list_name) for _ in range(count)]
            if list_name == "entities":
                made = [{k: v for k, v in given.items() if k not in ("status", "source")} for given in made]
                if name.split(",")[0] in ("status", "source"):
                    continue
            yield f"{list_name}: {name}", [partial(ask, ledger, Filter(**given)) for given in made]
        yield f"{list_name}: next pages", list(pages(ask, ledger, Filter(), count))
        for day in ("2032-03-01", "2034-06-01"):
            yield f"{list_name}: next pages, since {day}", list(pages(ask, ledger, Filter(since=day), count))
    yield "show a report", [partial(ledger.reading, id) for id in ids]
    yield "show an event", [partial(ledger.event, f"{id[:12]}:E1") for id in ids]
    entities = [f"{id}:{ledger.reading(id).entities[0].id}" for id in ids]
    yield "what an entity does", [partial(query.events, ledger, entity=id) for id in entities]
    yield "what an entity says", [partial(query.attributions, ledger, entity=id) for id in entities]
    yield "counts", [ledger.counts] * 3


def some_reports(ledger: Ledger, draw: random.Random, count: int) -> list[str]:
    """The ids of some reports that have an entity, far apart."""
    found: list[str] = []
    while len(found) < count:
        with ledger.connection() as connection:
            asked = "SELECT report FROM readings WHERE report > ? ORDER BY report LIMIT 1"
            id = connection.exec_driver_sql(asked, (f"{draw.randrange(16**6):06x}",)).scalar_one()
        if ledger.reading(id).entities:
            found.append(id)
    return found


def pages(ask: Callable[..., query.Page[Any]], ledger: Ledger, filter: Filter, count: int) -> Iterator[Question]:
    """The pages after the first, of the largest size."""
    after = ask(ledger, filter, limit=query.MOST).next_cursor
    for _ in range(count):
        if after is None:
            return
        yield partial(ask, ledger, filter, after)
        after = ask(ledger, filter, after, limit=query.MOST).next_cursor


def measure(path: Path, only: str, count: int) -> None:
    """Asks all, and prints the milliseconds of the processor that each kind took: half, 95 of 100, all took no more.

    With the file in memory and a core to itself that is also what the clock shows; a busy machine does not disturb it.
    """
    every: list[float] = []
    with Ledger.open(path, create=False) as ledger:
        for name, asked in questions(ledger, count):
            if only not in name:
                continue
            took = sorted(timed(question) * 1000 for question in asked)
            every += took
            p95 = took[max(0, math.ceil(0.95 * len(took)) - 1)]
            mark = "  over" if p95 > TARGET else ""
            print(f"{name:46}{statistics.median(took):9.1f}{p95:9.1f}{took[-1]:9.1f}{mark}", flush=True)
    every.sort()
    print(f"{'all':46}{statistics.median(every):9.1f}{every[int(0.95 * len(every))]:9.1f}{every[-1]:9.1f}")


def timed(question: Question) -> float:
    """Seconds of the processor for one answer."""
    began = time.thread_time()
    question()
    return time.thread_time() - began


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--reports", type=int, default=REPORTS)
    parser.add_argument("--only", default="", help="questions whose name has this part")
    parser.add_argument("--questions", type=int, default=ASKED, help="of each kind")
    args = parser.parse_args()
    make(args.ledger, args.reports)
    measure(args.ledger, args.only, args.questions)


if __name__ == "__main__":
    main()
