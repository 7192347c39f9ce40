"""Other corpora in our words: what a question about a noun asks for."""

from __future__ import annotations

from typing import Any

import pytest

from training.corpora import qanom

TEXT = "The vote by parliament on the bill came on Monday in Lima."


def row(question: str, wh: str, passive: bool, *answers: list[int]) -> dict[str, Any]:
    asked = {"q": question, "wh": wh, "passive": passive, "negated": False, "answers": list(answers)}
    return {"text": TEXT, "predicates": [{"start": 4, "end": 8, "is_verbal": True, "qas": [asked]}]}


@pytest.mark.parametrize(
    ("question", "wh", "passive", "role"),
    [
        ("Who voted on something?", "who", False, "actor"),
        ("What did someone vote on?", "what", False, "recipient"),
        ("What was voted on?", "what", True, "recipient"),
        ("Who was something voted on by?", "who", True, "actor"),
        ("When did someone vote?", "when", False, "time"),
        ("Where did someone vote?", "where", False, "place"),
    ],
)
def test_an_answer_gets_the_role_that_is_asked_for(question: str, wh: str, passive: bool, role: str) -> None:
    example = qanom(row(question, wh, passive, [12, 22]))
    assert example is not None
    assert example.triggers[0].roles == {role: [(12, 22)]}


@pytest.mark.parametrize(
    ("question", "wh", "passive"),
    [("How did someone vote?", "how", False), ("What was someone sentenced to?", "what", True)],
)
def test_a_question_that_asks_for_none_of_our_roles_teaches_nothing(question: str, wh: str, passive: bool) -> None:
    assert qanom(row(question, wh, passive, [12, 22])) is None


def test_of_answers_that_overlap_the_longest_counts() -> None:
    example = qanom(row("Who voted?", "who", False, [12, 22], [9, 22], [46, 52]))
    assert example is not None
    assert example.triggers[0].roles == {"actor": [(9, 22), (46, 52)]}
