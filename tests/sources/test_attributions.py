"""Cues to attributions: whole contents, mode, kind, stance, nesting, and quotations that run on."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.codes import codes
from dragoman.quotations import quoted
from dragoman.records import Attribution, CueMark, Entity
from dragoman.sources import quotes
from dragoman.sources.attributions import attributions, trimmed
from dragoman.sources.speakers import kind_of
from dragoman.sources.stance import stance
from tests.builders import Where, locate


def cue(
    text: str, cue: Where, content: Sequence[Where], source: Where | None = None, kind: str = "named", sure: float = 0.9
) -> CueMark:
    """A cue with what hangs on it, from words."""
    return CueMark(
        cue=(locate(text, cue),),
        source=(locate(text, source),) if source else (),
        content=tuple(locate(text, where) for where in content),
        addressee=None,
        kind=kind,
        confidence=sure,
    )


def words(text: str, attribution: Attribution) -> list[str]:
    return [text[start:end] for start, end in attribution.content]


def test_the_introducing_that_stays_out_and_quotation_marks_stay_in() -> None:
    text = "He said that “the gate was open,” and left."
    assert text[slice(*trimmed(text, locate(text, "that “the gate was open,”")))] == "“the gate was open,”"
    assert text[slice(*trimmed(text, locate(text, " to leave")))] if " to leave" in text else True


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        ("that the gate was open", "the gate was open"),
        ("to leave at once,", "leave at once"),
        ("that was a lie", "that was a lie"),
        ("That attack was wrong", "That attack was wrong"),
        ("To win we need arms", "To win we need arms"),
    ],
)
def test_what_is_trimmed(content: str, kept: str) -> None:
    assert content[slice(*trimmed(content, (0, len(content))))] == kept


def test_content_keeps_at_least_a_word() -> None:
    assert trimmed("that", (0, 4)) == (0, 4)
    assert trimmed(", ", (0, 2)) == (0, 2)


def test_a_source_or_cue_inside_its_own_content_is_cut_out() -> None:
    text = "We learned from a guard that the gate was open, he says, and is still."
    [made] = attributions(
        text, [cue(text, "he says", ["a guard that the gate was open, he says, and is still"], "a guard")], []
    )
    assert words(text, made) == ["the gate was open", "and is still"]


def test_one_attribution_inside_another() -> None:
    text = "The driver said the guard had told him that the road was mined."
    outer, inner = attributions(
        text,
        [
            cue(text, "had told", ["the road was mined"], "the guard", "unnamed"),
            cue(text, "said", ["the guard had told him that the road was mined"], "The driver", "unnamed"),
        ],
        [],
    )
    assert (outer.id, inner.id) == ("A1", "A2")
    assert outer.inside is None and inner.inside == "A1"


def test_two_that_hold_each_other_make_no_circle() -> None:
    text = "Ana says Ben says so."
    a, b = attributions(text, [cue(text, ("says", 1), ["Ben says so"]), cue(text, ("says", 2), ["Ana says Ben"])], [])
    assert {a.inside, b.inside} != {"A1", "A2"}


def test_a_quotation_runs_on_over_paragraphs_until_somebody_else_speaks() -> None:
    text = (
        "“We saw the smoke,” said Oda Lenk.\n\n“It was black and it stood for an hour.\n\n“Nobody came to help us.”\n\n"
        "The mayor slept.\n\n“This is a slogan on a wall.”"
    )
    [only] = attributions(text, [cue(text, "said", ["“We saw the smoke,”"], "Oda Lenk")], [])
    assert words(text, only) == ["“We saw the smoke,”"]  # a cue after the quotation closes the paragraph
    text = text.replace("“We saw the smoke,” said Oda Lenk.", "Oda Lenk said: “We saw the smoke.")
    [only] = attributions(text, [cue(text, "said", ["“We saw the smoke."], "Oda Lenk")], [])
    assert words(text, only) == [
        "“We saw the smoke.",
        "“It was black and it stood for an hour.",
        "“Nobody came to help us.”",
    ]
    assert only.mode == "direct"


@pytest.mark.parametrize(
    ("content", "mode"),
    [
        ("“We will go,”", "direct"),
        ('"We will go."', "direct"),
        ("they will go", "indirect"),
        ("they will “never” go", "mixed"),
        ("‘We will go.’", "direct"),
        ("they don't go and the ministers' cars don't", "indirect"),
        ("they will ‘never’ go", "mixed"),
        ("«We will go»", "direct"),
        ("‘We don’t know,’", "direct"),
    ],
)
def test_mode(content: str, mode: str) -> None:
    text = f"Then {content} he said"
    assert quotes.mode(text, [locate(text, content)], quoted(text)) == mode


def test_a_missing_quotation_mark_spoils_one_line_only() -> None:
    text = '"We will go, he said.\nThe army left.\n"Good," she said.'
    assert [text[slice(*span)] for span in quoted(text)] == ['"We will go, he said.', '"Good,"']


@given(st.text(alphabet='ab “”"«»\n', max_size=80))
def test_quotations_are_in_order_and_do_not_overlap(text: str) -> None:
    edges = [edge for span in quoted(text) for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)


@pytest.mark.parametrize(
    ("before", "cue", "expected"),
    [
        ("The mayor ", "said", "asserts"),
        ("He ", "denied", "denies"),
        ("She ", "dismissed the claim", "denies"),
        ("The army ", "confirmed", "confirms"),
        ("The army could not ", "confirm", "cannot_confirm"),
        ("Observers were unable to ", "verify", "cannot_confirm"),
        ("They did not ", "deny", "asserts"),
        ("She ", "declined to comment", "declines"),
        ("He neither ", "confirmed nor denied", "declines"),
        ("The army could not ", "confirm or deny", "declines"),
        ("No one was hurt, police ", "confirmed", "confirms"),
        ("“I was not there,” he ", "admitted", "confirms"),
        ("Kade ", "said in response to a question", "asserts"),
        ("The union ", "disputed", "disputes"),
        ("The court ", "rejected the claim", "denies"),
        ("The council ", "rejected", "asserts"),
    ],
)
def test_stance(before: str, cue: str, expected: str) -> None:
    assert expected in codes().stances
    assert stance(cue, before) == expected


def test_kinds_that_the_words_settle() -> None:
    outlet = Entity("N1", "Norda", "outlet")
    assert kind_of("", "named", None) == "none"
    assert kind_of("Norda", "named", outlet) == "outlet"
    assert kind_of("two officers", "unnamed", None) == "unnamed"


def test_the_entity_is_that_of_the_source() -> None:
    text = "Oda Lenk said it was over."
    lenk = Entity("N1", "Oda Lenk", "person", mentions=((0, 8),))
    [made] = attributions(text, [cue(text, "said", ["it was over"], "Oda Lenk")], [lenk])
    assert (made.entity, made.kind, made.stance, made.mode) == ("N1", "named", "asserts", "indirect")
