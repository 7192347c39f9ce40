from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from dragoman.records import Span
from dragoman.show.marks import Layer, Mark, lay, paragraphs, runs
from tests.show.html import Parsed

# letters, what HTML treats specially, line ends, an emoji, a combining accent, right-to-left and its override
TEXTS = st.text(alphabet="ab <>&\"'\n\r\t😀e\u0301אב\u202e", max_size=40)


@st.composite
def spans_in(draw: st.DrawFn, text: str) -> Span:
    start = draw(st.integers(0, len(text)))
    return start, draw(st.integers(start, len(text)))


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    text = draw(TEXTS)
    several = draw(st.lists(st.tuples(spans_in(text), st.sampled_from(Layer)), max_size=8))
    marks = [
        Mark(
            span,
            layer,
            (f"m{n}",),
            (("title", '"<&>'),),
            first=(("id", f"m{n}"),),
            last=(("data-last", "1"),),
        )
        for n, (span, layer) in enumerate(several)
    ]
    return text, marks


@given(marked_texts())
def test_text_is_kept_and_each_mark_covers_exactly_its_span(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    parsed = Parsed(str(lay(text, marks)))
    assert parsed.text == text
    for n, mark in enumerate(marks):
        pieces = parsed.of_class(f"m{n}")
        covered = [place for piece in pieces for place in range(piece.start, piece.end)]
        assert covered == list(range(*mark.span))
        assert all(piece.end > piece.start for piece in pieces)
        assert [piece.attributes.get("id") for piece in pieces if "id" in piece.attributes] == (
            [f"m{n}"] if pieces else []
        )
        assert ["data-last" in piece.attributes for piece in pieces].count(True) == bool(pieces)


@given(marked_texts())
def test_paragraphs_laid_one_by_one_are_the_whole(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    html = [str(lay(text, marks, stretch)) for stretch in paragraphs(text)]
    assert "".join(Parsed(piece).text for piece in html) == text
    parsed = Parsed("".join(html))
    ids = Counter(element.attributes.get("id") for element in parsed.elements)
    assert all(times == 1 for id, times in ids.items() if id)


def test_nested_marks_nest_and_are_not_cut() -> None:
    inner, outer = Mark((4, 7), Layer.CONTENT, ("inner",), depth=1), Mark((0, 9), Layer.CONTENT, ("outer",))
    assert lay("she says so", [inner, outer]) == (
        '<span class="outer first last">she <span class="inner first last">say</span>s </span>so'
    )


def test_crossing_marks_are_cut_where_the_outer_one_ends() -> None:
    content, words = Mark((0, 4), Layer.CONTENT, ("c",)), Mark((2, 6), Layer.WORDS, ("w",))
    assert lay("abcdef", [words, content]) == (
        '<span class="c first last">ab<span class="w first">cd</span></span><span class="w last">ef</span>'
    )


def test_what_stands_in_the_text_stays_text() -> None:
    html = lay('<script>alert("x")</script> &amp;\r\n', [Mark((0, 8), Layer.LINK, ("w",), tag="a")])
    assert "<script" not in html
    assert Parsed(str(html)).text == '<script>alert("x")</script> &amp;\r\n'
    assert "&#13;" in html  # a carriage return as it is would be read as a line feed


@given(TEXTS)
def test_paragraphs_cover_the_text(text: str) -> None:
    stretches = paragraphs(text)
    assert "".join(text[start:end] for start, end in stretches) == text
    assert all(text[start:end].strip("\n") for start, end in stretches[1:])


@given(st.lists(st.tuples(spans_in("x" * 20), st.sampled_from("ABC")), max_size=8))
def test_runs_do_not_overlap_and_name_all_that_cover_them(spans: list[tuple[Span, str]]) -> None:
    found = dict(runs(spans))
    edges = [edge for span in found for edge in span]
    assert edges == sorted(edges)
    for place in range(20):
        here = {key for (start, end), key in spans if start <= place < end}
        told = [set(keys) for (start, end), keys in found.items() if start <= place < end]
        assert told == ([here] if here else [])


def test_many_marks_in_one_long_paragraph_take_no_time() -> None:
    text = "word " * 40_000
    marks = [Mark((5 * n, 5 * n + 9), Layer(n % 6), (f"m{n}",)) for n in range(20_000)]
    assert Parsed(str(lay(text, marks))).text == text
