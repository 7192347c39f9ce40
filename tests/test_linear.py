"""What looks through a text takes time in step with its length, on text made to be slow, too."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

import pytest

from dragoman.events.counts import counts_in
from dragoman.events.rules import condition_of, rules_in
from dragoman.names import places
from dragoman.names.countries import codes_in
from dragoman.names.mentions import chains
from dragoman.names.relations import relations
from dragoman.numbers import numbers_in
from dragoman.quotations import quoted
from dragoman.records import Entity, MentionMark, NameMark
from dragoman.sentences import Sentences
from dragoman.sources import quotes
from dragoman.sources.attributions import trimmed
from dragoman.sources.stance import stance
from dragoman.times import expressions

LENGTH = 100_000
PIECES = (
    "a", " ", ".", "“", "‘", "-", "one ", "twenty-", "1,", "1 to ", "at least ", "11 of the ", "former ", "South ",
    "If ", "unless x ", "voted 9 ", "that ", "\n ", ". A", "…”", "May ", "from ", "neither confirm ", "killed ", "the ",
)  # fmt: skip
LOOKS: dict[str, Callable[[str], object]] = {
    "sentences": Sentences,
    "quoted": quoted,
    "mode": lambda text: quotes.mode(text, [(0, len(text))], quoted(text)),
    "runs_on": lambda text: quotes.runs_on(text, [[(0, 1)]], quoted(text)),
    "trimmed": lambda text: trimmed(text, (0, len(text))),
    "stance": lambda text: stance(text, text),
    "counts": lambda text: counts_in(text, (0, len(text))),
    "rules": lambda text: rules_in(text, (0, len(text))),
    "condition": lambda text: condition_of(text, (0, len(text)), (0, 1), "THREATEN", "planned"),
    "countries": codes_in,
    "expressions": lambda text: expressions(text, "2031-03-07"),
    "chains": lambda text: chains(
        text,
        [MentionMark((at, at + 5), "person", None, 0.9) for at in range(0, LENGTH - 5, 50)],
        [NameMark((at, at + 5), "Person", 0.9) for at in range(0, LENGTH - 5, 50)],
    ),
    "relations": lambda text: relations(text, [Entity("N1", text, "person", mentions=((0, len(text)),))], ()),
    "numbers": lambda text: list(numbers_in(text, (0, len(text)))),
    "places": lambda text: places.resolve(text, [(at, at + 20) for at in range(0, LENGTH, 400)]),
}


@pytest.mark.parametrize("look", LOOKS)
def test_time_grows_with_the_text_and_no_faster(look: str) -> None:
    slow = {}
    for piece in PIECES:
        text = (piece * (LENGTH // len(piece) + 1))[:LENGTH]
        began = process_time()
        LOOKS[look](text)
        took = process_time() - began
        if took > 3:
            slow[piece] = took
    assert slow == {}
