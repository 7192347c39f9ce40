"""The sentence in which what was looked for stands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dragoman.ledger.folding import fold_in_place, search_phrases, search_words
from dragoman.show.snippets import AFTER, BEFORE, marked, snippet

TEXT = (
    "The ferry left at dawn. Nobody in Łódka saw the ferry’s crew; the harbour master, Zsófia Márkus, did. "
    "A second ferry stayed in the harbour."
)


def hits(text: str, query: str) -> list[str]:
    found = snippet(text, search_phrases(query))
    return [piece.words for piece in found.pieces if piece.hit] if found else []


def test_the_sentence_with_most_of_what_was_asked() -> None:
    found = snippet(TEXT, search_phrases("ferry harbour"))
    assert found
    assert "".join(piece.words for piece in found.pieces).startswith("Nobody in Łódka")
    assert [piece.words for piece in found.pieces if piece.hit] == ["ferry", "harbour"]
    assert found.count == 5
    assert not (found.cut_before or found.cut_after)


def test_words_are_found_as_the_ledger_finds_them() -> None:
    assert hits(TEXT, "zsofia") == ["Zsófia"]
    assert hits(TEXT, '"łodka saw the"') == ["Łódka saw the"]
    assert hits(TEXT, '"harbour master zsofia"') == ["harbour master, Zsófia"]
    assert hits(TEXT, "ferries harb") == []
    assert hits(TEXT, '"at dawn nobody"') == ["at dawn. Nobody"]


def test_the_words_keep_their_place_where_folding_changes_lengths() -> None:
    text = "Straße, ﬁnal ½ and e\u0301te\u0301 are long before the BRIDGE fell."
    assert hits(text, "bridge") == ["BRIDGE"]
    assert hits(text, "strasse") == ["Straße"]
    assert hits(text, "ete") == ["e\u0301te"]  # the last accent is no letter


def test_a_sentence_without_end_is_cut() -> None:
    found = snippet("so " * 500 + "they fled " + "and so " * 500, search_phrases("fled"))
    assert found
    assert found.cut_before
    assert found.cut_after
    assert len("".join(piece.words for piece in found.pieces)) <= BEFORE + AFTER + len("fled")


def test_a_title_is_marked_whole() -> None:
    assert [(piece.words, piece.hit) for piece in marked("The Ferry", [["ferry"]])] == [
        ("The ", False),
        ("Ferry", True),
    ]
    assert [(piece.words, piece.hit) for piece in marked("The Ferry", [])] == [("The Ferry", False)]


@given(st.text(max_size=80) | st.text("aÅßﬁ½é\u0301\u0345 ΣςΪ한İ", max_size=30))
def test_folding_in_place_gives_the_words_of_folding(text: str) -> None:
    folded, places = fold_in_place(text)
    assert search_words(folded) == search_words(text)
    assert len(folded) == len(text) if places is None else len(folded) == len(places)
    assert places is None or (places == sorted(places) and all(0 <= place < len(text) for place in places))


@given(st.text(max_size=200), st.text(max_size=20))
def test_pieces_are_a_stretch_of_the_text(text: str, query: str) -> None:
    found = snippet(text, search_phrases(query))
    if found:
        assert "".join(piece.words for piece in found.pieces) in text
        assert any(piece.hit for piece in found.pieces)
