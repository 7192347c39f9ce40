from __future__ import annotations

import pytest

from dragoman.codes import codes
from dragoman.show import wording


@pytest.mark.parametrize(
    ("start", "end", "precision", "words", "said"),
    [
        ("2031-03-04", None, "day", None, "4 March 2031"),
        ("2031-03-04", "2031-03-04", "day", "Tuesday", "4 March 2031"),
        ("2031-03-01", "2031-03-31", "month", None, "March 2031"),
        ("2031-03-03", "2031-03-09", "week", None, "week of 3 March 2031"),
        ("2031-01-01", "2031-12-31", "year", None, "2031"),
        ("2031-03-04", "2031-06-02", "interval", None, "4 March 2031 to 2 June 2031"),
        (None, None, "unresolved", "last Tuesday", "“last Tuesday”, date unknown"),
        (None, None, None, None, "date unknown"),
        (None, "2031-06-02", "interval", None, "until 2 June 2031"),
        ("no day", None, "day", None, "since no day"),
    ],
)
def test_a_date_is_said_no_more_exactly_than_it_is_known(
    start: str | None, end: str | None, precision: str | None, words: str | None, said: str
) -> None:
    assert wording.when(start, end, precision, words) == said


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,<script>",
        "//x.example", "vbscript:x", "file:///etc/passwd", "/local", "http://", "https:", "http://[::1",
        "java\nscript:alert(1)", "http://post.example:99999/", "https://evil.example\\@post.example/", "", None,
    ],
)  # fmt: skip
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert wording.web_address(url) is None


def test_a_web_address_is_linked_as_it_is() -> None:
    assert wording.web_address("https://post.example/a?b=c") == "https://post.example/a?b=c"
    assert wording.host("https://me@post.example:8080/a") == "post.example"


def test_every_code_has_words() -> None:
    every = codes()
    for code in (*every.statuses, *every.source_kinds, *every.count_kinds, *every.decision_rules):
        assert "_" not in wording.plain(code)
    assert {wording.by(stance) for stance in every.stances} == {
        "according to",
        "confirmed by",
        "denied by",
        "disputed by",
        "comment declined by",
        "not confirmed by",
    }
    assert wording.bearing("ASSAULT") == "material conflict"
    assert wording.bearing("no type of ours") == ""


def test_counts_and_numbers() -> None:
    assert wording.counted("killed", 14, None, "at_least") == "at least 14 killed"
    assert wording.counted("killed", None, 40, "at_most", "soldiers") == "at most 40 soldiers killed"
    assert wording.counted("wounded", 24, 99, "about") == "about 24 to 99 wounded"
    assert wording.counted("killed", 0, 0, "exact", "civilians") == "nobody killed"
    assert wording.counted("displaced", 12000, 12000, "exact") == "12\u202f000 displaced"
    assert wording.many(1, "entity", "entities") == "1 entity"
    assert wording.many(0, "event") == "0 events"


def test_words_tell_a_name_when_they_share_a_word_with_it() -> None:
    assert wording.tells("Foreign Minister Anselm Roake", "Anselm Roake")
    assert wording.tells("the Guard", "Tidewater Guard")
    assert not wording.tells("her crews", "Tidewater Guard")
    assert not wording.tells("he", "Lê Ho")
