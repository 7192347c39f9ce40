"""Folding: what counts as the same word, for what is stored and for what is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.ledger.folding import fold, search_phrases, search_words, storable


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ilan  DOV\n", "ilan dov"),
        ("Zsófia Márkus", "zsofia markus"),
        ("O’Connell", "o'connell"),
        ("Straße", "strasse"),
        ("Kestrel‑Bay", "kestrel-bay"),
        ("ﬁre Ⅷ", "fire viii"),
        ("e\u0301", "e"),
        ("a\x00b", "a\ufffdb"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ("cease fire", [["cease"], ["fire"]]),
        ('"cease fire" talks', [["cease", "fire"], ["talks"]]),
        ("“cease fire”", [["cease", "fire"]]),
        ('open "quote here', [["open"], ["quote"], ["here"]]),
        ("O'Connell", [["o", "connell"]]),
        ("snake_case", [["snake", "case"]]),
        ("AND -x* (y)", [["and"], ["x"], ["y"]]),
        ('!!! "" " "', []),
    ],
)
def test_search_phrases(query: str, phrases: list[list[str]]) -> None:
    assert search_phrases(query) == phrases


@given(st.text(alphabet=st.characters()))
def test_whatever_is_folded_can_be_stored_and_found(text: str) -> None:
    for folded in (storable(text), fold(text), *search_words(text)):
        assert "\x00" not in folded
        folded.encode()
    assert [word for phrase in search_phrases(text) for word in phrase] == search_words(text.replace('"', " "))
