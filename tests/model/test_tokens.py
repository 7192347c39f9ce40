"""Words, pieces and windows: every word is whole, in order, and read in exactly one place."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.model.bundle import packaged
from dragoman.model.encoder import OVERLAP, SIZE, encode
from dragoman.model.tokens import SURFACES, Batch, Tokenizing, fill, windows

tokenizing = Tokenizing(packaged() / "tokenizer.json")


class EchoEncoder:
    """In place of the model: each piece's state is its own id and its distance from the window's edges."""

    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        width = batch.pieces.shape[1]
        edge = np.minimum(np.arange(width), np.arange(width)[::-1])
        states = np.stack([batch.pieces, np.broadcast_to(edge, batch.pieces.shape)], axis=-1).astype(np.float32)
        return states, states


@given(st.text(max_size=300))
def test_words_are_in_order_and_made_of_their_own_characters(text: str) -> None:
    tokens = tokenizing(text)
    assert (tokens.starts < tokens.ends).all() and (tokens.ends[:-1] <= tokens.starts[1:]).all()
    assert all(not text[s:e].isspace() for s, e in zip(tokens.starts, tokens.ends, strict=True))
    assert tokens.first[-1] == len(tokens.pieces)
    assert ((tokens.surfaces >= 1) & (tokens.surfaces < SURFACES)).all()


@pytest.mark.parametrize("text", ["😀 Gen. Moor’s “army”", "مرحبا Kyiv", "naïve — café", "a\r\nb", "e\u0301cole"])
def test_offsets_count_characters_whatever_they_are(text: str) -> None:
    tokens = tokenizing(text)
    said = [text[s:e] for s, e in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)]
    assert "".join(said) == "".join(text.split())


def test_the_words_of_a_span_and_back() -> None:
    text = "The army left Dorvane."
    tokens = tokenizing(text)
    first, last = tokens.words_of((4, 13))
    assert text[slice(*tokens.span_of(first, last))] == "army left"
    assert tokens.words_of((3, 4)) == (1, 1)  # white space is no word


def test_letter_case_line_starts_and_quotations_are_told() -> None:
    tokens = tokenizing("NATO left.\n“We go”")
    nato, left, _, _, we, _, _ = tokens.surfaces.tolist()
    assert len({nato, left, we}) == 3


@settings(deadline=None)
@given(st.integers(1, 3000))
def test_windows_cover_every_word_and_overlap(words: int) -> None:
    tokens = tokenizing("word " * words)
    spans = windows(tokens, SIZE, OVERLAP)
    assert spans[0].first == 0 and spans[-1].last == words
    for left, right in pairwise(spans):
        assert left.first < right.first < left.last < right.last
        assert left.last - right.first >= OVERLAP // 2
    assert all(w.last - w.first <= SIZE - 2 for w in spans)


@settings(deadline=None)
@given(st.integers(1, 1500))
def test_each_word_is_read_once_and_well_inside_its_window(words: int) -> None:
    tokens = tokenizing("one two three four five six seven " * (words // 7 + 1))
    read = encode(EchoEncoder(), tokens, 0).states
    assert read[:, 0].tolist() == tokens.pieces.tolist()
    inner = read[OVERLAP:-OVERLAP, 1]
    assert (inner >= OVERLAP // 2 - 2).all()


class NumberingEncoder:
    """In place of the model: the state of each piece is the number of the window that it was read in."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self, batch: Batch) -> tuple[np.ndarray, np.ndarray]:
        self.read += 1
        states = np.full((*batch.pieces.shape, 1), self.read, dtype=np.float32)
        return states, states


def test_a_sentence_is_read_in_one_window() -> None:
    tokens = tokenizing("The envoy of the old town left early on Monday. Nobody saw him. " * 60)
    window = encode(NumberingEncoder(), tokens, 0).states[:, 0]
    assert len(set(window.tolist())) > 3
    for sentence in np.unique(tokens.sentence):
        assert len(set(window[tokens.sentence == sentence].tolist())) == 1


def test_windows_are_of_one_length_and_no_longer_than_it_takes() -> None:
    tokens = tokenizing("word " * 400)
    spans = windows(tokens, SIZE, OVERLAP)
    lengths = {int(tokens.first[span.last] - tokens.first[span.first]) for span in spans}
    assert lengths == {232}  # two windows that share 64 of the 400 pieces


def test_the_sentence_of_each_word_is_told() -> None:
    tokens = tokenizing("Gen. Moor left. He went home.\n\nNobody")
    assert tokens.sentence.tolist() == [1, 1, 1, 1, 1, 2, 2, 2, 2, 3]


def test_a_word_longer_than_a_window_is_cut_and_the_rest_is_read() -> None:
    tokens = tokenizing("start " + "x" * 90 + "-" * 400 + " " + "ab1" * 33 + " end")
    read = encode(EchoEncoder(), tokens, 0)
    assert len(read.states) == len(tokens)


def test_given_roles_lie_on_the_pieces_of_their_words() -> None:
    tokens = tokenizing("Oskara thanked Velmar")
    roles = np.array([1, 0, 2])
    batch = fill([tokens], windows(tokens, SIZE, OVERLAP), [0], [roles], SIZE)
    marked = {int(piece): int(role) for piece, role in zip(batch.pieces[0], batch.roles[0], strict=True)}
    assert marked[int(tokens.pieces[0])] == 1 and marked[int(tokens.pieces[-1])] == 2 and marked[101] == 0
