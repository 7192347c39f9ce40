"""How long something holds, by the words beside its trigger: a marked set of invented sentences, and hard cases."""

from __future__ import annotations

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.compare.state.terms import Term, later, term_of
from tests.builders import locate

MARKED = [json.loads(line) for line in (Path(__file__).parent / "terms.jsonl").read_text(encoding="utf-8").splitlines()]


def found(text: str, trigger: str, **given: Any) -> Term | None:
    """The term of a trigger's words in a report of 4 March 2031, a Tuesday."""
    return term_of(text, locate(text, trigger), **{"published": "2031-03-04", **given})


def test_the_set_is_large_enough() -> None:
    assert len(MARKED) >= 40
    assert sum(not row["words"] for row in MARKED) >= 5


@pytest.mark.parametrize("row", MARKED, ids=[row["text"][:50] for row in MARKED])
def test_the_marked_terms_are_found(row: dict[str, Any]) -> None:
    text = row["text"]
    term = found(text, row["trigger"], published=row["published"]) or Term(())
    assert sorted(text[start:end].rstrip(".") for start, end in term.words) == sorted(row["words"])
    until = text[slice(*term.until)] if term.until else None
    told = (term.start, term.end, term.by, until, term.longer)
    assert told == tuple(row[key] for key in ("start", "end", "by", "until", "longer"))


def test_a_duration_counts_from_the_start_that_is_known() -> None:
    text = "The council imposed an embargo for ninety days."
    term = found(text, "imposed")
    assert term is not None and term.end == "2031-06-02" and text[slice(*term.words[0])] == "for ninety days"
    term = found(text, "imposed", since="2031-03-01")
    assert term is not None and term.end == "2031-05-30"


def test_without_a_date_of_the_report_the_words_are_kept_and_no_day_is_guessed() -> None:
    term = found("The curfew was imposed until Friday for now.", "imposed", published=None)
    assert term is not None and term.words and term.end is None


def test_what_belongs_to_another_trigger_is_not_taken() -> None:
    text = "The court closed the paper and the ministry held its editor for thirty days."
    assert found(text, "closed", others=[locate(text, "held")]) is None
    taken = found(text, "held", others=[locate(text, "closed")])
    assert taken is not None and taken.end == "2031-04-03"


def test_a_dateline_and_a_denied_start_give_no_day() -> None:
    assert found("SANT AVEL, March 4 (Norda) - The council called a recess.", "called") is None
    term = found("Its embargo would not take effect on Friday.", "embargo")
    assert term is None or term.start is None


def test_least_is_no_end() -> None:
    term = found("The bridge will stay shut for at least two weeks.", "stay shut")
    assert term is not None and term.end is None and term.words


@pytest.mark.parametrize(
    ("day", "duration", "expected"),
    [
        ("2031-03-04", "P90D", "2031-06-02"),
        ("2031-01-31", "P1M", "2031-02-28"),
        ("2031-03-10", "PT72H", "2031-03-13"),
        ("2031-03-10", "PT30H", "2031-03-12"),
        ("2031-03-10", "P1Y2M", "2032-05-10"),
        ("9999-12-31", "P1D", None),
        ("2031-03-10", "PXW", None),
        (None, "P1D", None),
        ("2031-03-10", None, None),
    ],
)
def test_a_duration_after_a_day(day: str | None, duration: str | None, expected: str | None) -> None:
    assert later(day, duration) == expected


WORDS = st.sampled_from(
    'until unless while for from by of , ; and which the ban ninety days Friday 5 March lifted 48-hour if " .'.split()
)


@given(st.lists(WORDS, min_size=1, max_size=25), st.integers(0, 200))
def test_any_words_give_spans_inside_the_text(words: list[str], at: int) -> None:
    text = " ".join(words)
    start = min(at, len(text) - 1)
    term = term_of(text, (start, min(len(text), start + 3)), published="2031-03-04")
    for span in (*(term.words if term else ()), *([term.until] if term and term.until else [])):
        assert 0 <= span[0] < span[1] <= len(text)


def test_a_sentence_without_end_costs_no_more_than_a_long_one() -> None:
    text = "The council imposed a ban" + " and A-A- OR, which until Friday has for ninety days" * 2000
    started = process_time()
    term_of(text, (12, 19), published="2031-03-04", expressions=())
    assert process_time() - started < 2
