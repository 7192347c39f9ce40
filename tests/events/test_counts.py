"""How many people, of whom, and what befell them; the list of sentences was written before the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dragoman.codes import codes
from dragoman.events.counts import counts_in
from dragoman.numbers import numbers_in
from dragoman.numbers import value as value_of

SENTENCES = [
    json.loads(line)
    for line in Path(__file__).with_name("count_sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


def told(text: str) -> set[tuple[str, int | None, int | None]]:
    return {(count.kind, count.low, count.high) for count in counts_in(text, (0, len(text)))}


def test_the_sentences_are_read() -> None:
    assert len(SENTENCES) >= 150
    right = [s for s in SENTENCES if told(s["text"]) == {(c["kind"], c["low"], c["high"]) for c in s["counts"]}]
    assert len(right) >= 0.98 * len(SENTENCES)


def test_every_count_is_made_of_codes_and_whole_words() -> None:
    for sentence in SENTENCES:
        text = sentence["text"]
        for count in counts_in(text, (0, len(text))):
            assert count.kind in codes().count_kinds and count.bound in codes().count_bounds
            assert count.who is None or count.who in codes().count_people
            start, end = count.span
            assert text[start:end] == text[start:end].strip() and not text[end : end + 1].isalnum()


@pytest.mark.parametrize(
    ("text", "low", "high", "bound"),
    [
        ("dozens", 24, 99, "about"),
        ("tens of thousands", 20_000, 99_999, "about"),
        ("several hundred", 300, 900, "about"),
        ("at least two dozen", 24, None, "at_least"),
        ("as many as 40,000", None, 40_000, "at_most"),
        ("between 30 and 40", 30, 40, "range"),
        ("two to three thousand", 2000, 3000, "range"),
        ("22-34", 22, 34, "range"),
        ("five or more", 5, None, "at_least"),
        ("nearly 300", 300, 300, "about"),
        ("half a million", 500_000, 500_000, "exact"),
        ("another 13", 13, 13, "exact"),
        ("two and a half million", 2_500_000, 2_500_000, "exact"),
        ("a million and a half", 1_500_000, 1_500_000, "exact"),
        ("1 200", 1200, 1200, "exact"),
        ("many thousand", 3000, None, "at_least"),
    ],
)
def test_numbers_are_as_exact_as_they_are_told(text: str, low: int | None, high: int | None, bound: str) -> None:
    [number] = numbers_in(text, (0, len(text)))
    assert (number.low, number.high, number.bound, number.span) == (low, high, bound, (0, len(text)))


@pytest.mark.parametrize(
    "text",
    [
        "12-year-old",
        "40 percent",
        "$40",
        "7 October",
        "200 metres",
        "in 2011",
        "aged 29",
        "10 pm",
        "3 billion",
        "nine in ten",
        "000",
    ],
)
def test_numbers_of_other_things_are_left(text: str) -> None:
    assert list(numbers_in(text, (0, len(text)))) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two soldiers and three civilians were killed.", [("killed", 2, "soldiers"), ("killed", 3, "civilians")]),
        ("It killed 12 people, including five children.", [("killed", 12, None), ("killed", 5, "children")]),
        ("Three of them children, 12 people were killed.", [("killed", 12, None)]),
        ("There were no casualties.", [("killed", 0, None), ("wounded", 0, None)]),
        ("Police killed 10 protesters and arrested 50.", [("killed", 10, "protesters"), ("arrested", 50, None)]),
        ("A policeman was killed.", [("killed", 1, "police")]),
    ],
)
def test_who_is_counted(text: str, expected: list[tuple[str, int, str | None]]) -> None:
    found = [(count.kind, count.low, count.who) for count in counts_in(text, (0, len(text)))]
    assert [f for f in found if f in expected] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 11 people were killed.", [("killed", 11, "at_least", "At least 11")]),
        ("The blast killed some 40 men.", [("killed", 40, "about", "some 40")]),
        ("It wounded two dozen.", [("wounded", 24, "exact", "two dozen")]),
        ("Police arrested more than 1,200 marchers.", [("arrested", 1200, "at_least", "more than 1,200")]),
        ("Twenty-three soldiers have been reported missing.", [("missing", 23, "exact", "Twenty-three")]),
        ("Up to 300 families fled.", [("displaced", 300, "at_most", "Up to 300")]),
        ("The army deployed 400 men.", [("deployed", 400, "exact", "400")]),
        ("Gunmen abducted a dozen pupils.", [("kidnapped", 12, "exact", "a dozen")]),
        ("Prices rose 11 percent.", []),
        ("He was killed 11 years ago.", []),
        ("The court held 3 sessions.", []),
        ("In 2019 they died.", []),
        ("Killed 40% of the herd.", []),
        ("At least 11 people have been killed.", [("killed", 11, "at_least", "At least 11")]),
        ("11 of the 40 hostages were killed.", [("killed", 11, "exact", "11")]),
        ("Two officials said three people were killed.", [("killed", 3, "exact", "three")]),
        ("Two gunmen killed five people.", [("killed", 5, "exact", "five")]),
        ("The 2008 attacks killed 166 people.", [("killed", 166, "exact", "166")]),
        ("On 7 October gunmen killed 1,200 people.", [("killed", 1200, "exact", "1,200")]),
        ("Two hundred and fifty people were killed.", [("killed", 250, "exact", "Two hundred and fifty")]),
        ("Two days later a policeman was killed.", [("killed", 1, "exact", "a")]),
        ("At 10 pm soldiers killed a boy.", [("killed", 1, "exact", "a")]),
        ("It killed 12-year-old Ana.", []),
        ("He died 20 minutes later, killed 200 metres from home.", []),
        (
            "3 million people were displaced, which displaced 1.5 million.",
            [("displaced", 3_000_000, "exact", "3 million"), ("displaced", 1_500_000, "exact", "1.5 million")],
        ),
        ("30 to 40 people were killed.", [("killed", 30, "range", "30 to 40")]),
        ("No one was killed.", [("killed", None, "exact", "No one")]),
        ("The army deployed 30 tanks.", []),
        ("Three different death tolls were given.", []),
        ("It put the civilian death toll at eight.", [("killed", 8, "exact", "eight")]),
        ("The toll rose to at least 31.", [("killed", 31, "at_least", "at least 31")]),
        ("It killed " + "1" * 5000 + " people.", []),
    ],
)  # fmt: skip
def test_counts(text: str, expected: list[tuple[str, int | None, str, str]]) -> None:
    found = [(c.kind, c.low or c.high or None, c.bound, text[slice(*c.span)]) for c in counts_in(text, (0, len(text)))]
    assert found == expected


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("1,200", 1200),
        ("forty-two", 42),
        ("two hundred", 200),
        ("a dozen", 12),
        ("nineteen", 19),
        ("1.2 million", 1_200_000),
        ("two thousand and ten", 2010),
        ("many", None),
    ],
)
def test_the_number_that_words_tell(words: str, value: int | None) -> None:
    assert value_of(words) == value


@pytest.mark.parametrize(
    "text",
    ["All were arrested between two and six in the afternoon.", "Dela Amsum, 31, and Ruvi Pakhane, 44, were kidnapped.",
     "He counted them, and every one of them had been killed."],
)  # fmt: skip
def test_hours_ages_and_each_one_are_no_counts(text: str) -> None:
    assert told(text) == set()


def test_a_place_before_a_number_makes_it_no_age() -> None:
    assert told("In Dorvane, 44, including two nurses, were kidnapped.") == {
        ("kidnapped", 44, 44), ("kidnapped", 2, 2)
    }  # fmt: skip
