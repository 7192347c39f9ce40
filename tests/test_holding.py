"""Looking up attributions by position gives what looking at each of them gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.holding import Holding, size
from dragoman.records import Attribution, Span

SPANS = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))
MADE = st.lists(st.tuples(st.lists(SPANS, min_size=1, max_size=3), st.lists(SPANS, max_size=2)), max_size=8)


@given(MADE, SPANS)
def test_against_looking_at_each(made: list[tuple[list[Span], list[Span]]], span: Span) -> None:
    attributions = [
        Attribution(f"A{n}", (), tuple(cue), tuple(content), "indirect", "named")
        for n, (content, cue) in enumerate(made)
    ]
    holding = Holding(attributions)
    held = [a for a in attributions if any(s <= span[0] and span[1] <= e for s, e in a.content)]
    assert [a.id for a in holding.around(span)] == [a.id for a in sorted(held, key=size)]
    touched = [a for a in attributions if any(s < span[1] and span[0] < e for s, e in a.cue)]
    assert holding.told_by(span) == (touched[0] if touched else None)
