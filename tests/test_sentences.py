"""Where sentences end, and that every position lies in one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.sentences import Sentences
from tests.builders import locate


def test_sentences() -> None:
    text = "Gen. Moor left. “Go!” he cried.\n\nAid came at 3 p.m. The U.S. waited."
    sentences = Sentences(text)
    assert text[slice(*sentences.at(locate(text, "Moor")[0]))].strip() == "Gen. Moor left."
    assert text[slice(*sentences.at(locate(text, "Go")[0]))].strip() == "“Go!” he cried."
    assert sentences.at(len(text) - 1)[1] == len(text)


def test_a_line_end_ends_a_sentence_whatever_stands_before_it() -> None:
    text = "He flew to the U.S.\n\nThe army left. He said no. Özil stayed. It was No. 7 on a list."
    sentences = Sentences(text)
    said = [text[slice(*sentences.at(start))].strip() for start in sentences.starts]
    assert said == ["He flew to the U.S.", "The army left.", "He said no.", "Özil stayed.", "It was No. 7 on a list."]


@given(st.text(alphabet="aA.!?”“ \n", max_size=120), st.data())
def test_every_position_lies_in_its_sentence(text: str, data: st.DataObject) -> None:
    sentences = Sentences(text)
    position = data.draw(st.integers(0, len(text)))
    start, end = sentences.at(position)
    assert 0 <= start <= position <= end <= len(text)
    assert sentences.starts == sorted(set(sentences.starts))
