"""The sentence of some words: where it begins and ends, and what happens to one without an end."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.show.sentences import LONGEST, sentence
from tests.builders import locate

TEXT = (
    "KESTREL BAY — It rained. Gen. J. Marr of the U.S. Navy said 3.5 tons were seized. “Was it ours?” he "
    "asked. “We left.” The rest is unclear\n\nA new paragraph began; it held. Done"
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("rained", "KESTREL BAY — It rained."),
        ("seized", "Gen. J. Marr of the U.S. Navy said 3.5 tons were seized."),
        ("asked", "“Was it ours?” he asked."),
        ("left", "“We left.”"),
        ("The rest", "The rest is unclear"),
        ("held", "A new paragraph began; it held."),
        ("Done", "Done"),
        ("left.” The", "“We left.” The rest is unclear"),
    ],
)
def test_finds_the_sentence(words: str, expected: str) -> None:
    found = sentence(TEXT, locate(TEXT, words))
    assert TEXT[found.span[0] : found.span[1]] == expected
    assert not found.cut_before and not found.cut_after


def test_a_sentence_without_an_end_is_cut_between_words() -> None:
    text = "word " * 1000 + "seized " + "word " * 1000
    start = text.index("seized")
    found = sentence(text, (start, start + 6))
    said = text[found.span[0] : found.span[1]]
    assert found.cut_before and found.cut_after
    assert len(said) <= 2 * LONGEST + 6
    assert said.startswith("word ") and said.endswith(" word")


@given(st.text(alphabet="aA.!?”“ \n\t…", max_size=200), st.data())
def test_the_words_are_always_whole_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = sentence(text, (start, end))
    assert 0 <= found.span[0] <= start and end <= found.span[1] <= len(text)


@pytest.mark.parametrize("unit", ["a", " ", "\n ", ".", ". A", "”.", "…” "])
def test_costs_the_same_in_a_text_of_any_length(unit: str) -> None:
    text = unit * (2_000_000 // len(unit))
    middle = len(text) // 2

    def seconds() -> float:
        began = process_time()
        sentence(text, (middle, middle + 5))
        return process_time() - began

    assert min(seconds() for _ in range(5)) < 0.05
