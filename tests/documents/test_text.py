"""Cleaning, offsets, headers, dates and ids of one text."""

from __future__ import annotations

import sys
import time
import unicodedata
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.documents.clean import _INVISIBLE, _composes_backwards, clean, one_line
from dragoman.documents.dates import iso_day
from dragoman.documents.text import Origin, make_plain_report, make_report, read_header, report_id
from dragoman.errors import EmptyReport, ReportError
from dragoman.records import OffsetMap, Report

PIECES = (
    "The council said on Tuesday",
    "long-",
    "cafe\u0301",
    "e\u0323\u0301e\u0301\u0323",
    "naïve",
    "\u1112\u1161\u11ab",  # Hangul in single letters
    "\u0958\u212b",  # characters that NFC replaces by two, and by another
    "السلام عليكم",
    "שָׁלוֹם",
    "👩🏽‍🚀",
    "\u200b",
    "\ufeff",
    "\x07",
    "\u00ad",
    "\u202e",
    "\u00a0",
    "   ",
    "\t",
    "\n",
    "\r\n",
    "\r",
    "\n \n\n",
    "\u2028",
    "\u2029",
    ".",
    "x" * 70,
)
TEXTS = st.one_of(
    st.text(), st.lists(st.sampled_from(PIECES)).map(" ".join), st.lists(st.sampled_from(PIECES)).map("".join)
)


def squeezed(words: str) -> str:
    """The words in NFC without white space and without what cleaning drops."""
    spaces = dict.fromkeys(map(ord, "\t\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"), " ")
    visible = _INVISIBLE.sub("", words.translate(spaces)).translate(
        {code: "\ufffd" for code in map(ord, words) if 0xD800 <= code < 0xE000}
    )
    return "".join(unicodedata.normalize("NFC", visible).split())


def original_words(original: str, offsets: OffsetMap, start: int, end: int) -> str:
    """The original of a span, up to where the next letter begins: the last one's marks are included."""
    last = offsets.original(end - 1)
    while (stop := offsets.original(end)) <= last:
        end += 1
    return original[offsets.original(start) : stop]


@given(TEXTS)
@settings(max_examples=400, deadline=None)
def test_cleaned_text_is_what_it_says(original: str) -> None:
    cleaned = clean(original).text
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip()
    odd = ("\n\n\n", " \n", "\n ", "  ", "\r", "\t", "\u2028", "\ufeff", "\x07")
    assert not any(characters in cleaned for characters in odd)
    assert squeezed(cleaned) == squeezed(original)


@given(TEXTS, st.data())
@settings(max_examples=400, deadline=None)
def test_every_span_leads_back_to_its_words(original: str, data: st.DataObject) -> None:
    draft = clean(original)
    offsets = draft.offsets()
    places = [offsets.original(i) for i in range(len(draft.text) + 1)]
    assert places == sorted(places)
    assert [*draft.origins.tolist(), len(original)] == places
    if draft.text:
        start = data.draw(st.integers(0, len(draft.text) - 1))
        end = data.draw(st.integers(start + 1, len(draft.text)))
        assert squeezed(draft.text[start:end]) in squeezed(original_words(original, offsets, start, end))


def test_composed_character_stands_where_its_first_code_point_stood() -> None:
    original = "In Malı\u0307 the cafe\u0301s are shut, 👩🏽‍🚀 said."
    report = make_report(original)
    assert "cafés are" in report.text
    assert report.offsets is not None
    at = report.text.index("é")
    assert report.offsets.original(at) == original.index("e\u0301")
    assert report.offsets.original(at + 1) == original.index("s are")


def test_nothing_else_composes_backwards() -> None:
    """The test for marks covers every pair of characters that Unicode composes."""
    for code in range(sys.maxunicode + 1):
        parts = unicodedata.normalize("NFD", chr(code))
        if unicodedata.normalize("NFC", parts) == chr(code) != parts:
            assert all(map(_composes_backwards, parts[1:])), hex(code)


def test_paragraphs_stay_parted_by_one_blank_line() -> None:
    original = "\ufeffFirst words here.  \r\n\r\n\r\n   Second\u00a0words \t here.\r\rThird\x00 words\u2029Fourth."
    assert make_report(original).text == "First words here.\n\nSecond words here.\n\nThird words\n\nFourth."


def test_lone_surrogate_becomes_a_replacement_character() -> None:
    report = make_report("The cable said \ud83d nothing more.")
    assert report.text == "The cable said \ufffd nothing more."


@pytest.mark.parametrize(
    "attack",
    [
        "the " + "\u0301\u0323" * 300_000,
        "the " + " " * 1_000_000 + "end",
        "the " + "\n " * 500_000 + "end",
        "The\r" * 250_000,
    ],
)
def test_cleaning_stays_linear(attack: str) -> None:
    began = time.process_time()
    make_report(attack, force=True)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("empty", ["", " \n\t ", "\ufeff", "--- *** ---", "\x00\x01"])
def test_text_without_words_is_refused(empty: str) -> None:
    with pytest.raises(EmptyReport, match="no words"):
        make_report(empty)


def test_one_word_is_a_report() -> None:
    report = make_report("Ceasefire")
    assert (report.text, report.language, report.published) == ("Ceasefire", None, None)


def test_title_and_outlet_are_one_clean_line() -> None:
    report = make_report("Talks go on.", title=" Talks\r\n go\u00a0on\x07 ", outlet=" ", url=" https://a.example/x ")
    assert (report.title, report.outlet, report.url) == ("Talks go on", None, "https://a.example/x")
    assert one_line("Cafe\u0301 \u202eTimes") == "Café Times"


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "www.example", "https://a b", 'https://a"b', "http\u017f://a.example"],
)
def test_only_a_web_address_is_kept(address: str) -> None:
    assert make_report("Talks go on.", url=address).url is None


def test_id_is_of_the_cleaned_text_and_the_outlet() -> None:
    one = make_report("The talks go on.\r\n", outlet="The  Herald")
    assert (
        one.id == report_id("The talks go on.", "The Herald") == make_report("The talks go on.", outlet="The Herald").id
    )
    others = {make_report("The talks go on.").id, make_report("The talks went on.", outlet="The Herald").id}
    assert len(others | {one.id}) == 3
    # printf 'The Herald\0The talks go on.' | sha256sum
    assert one.id == "3302594a839e5c739d06210c33a23f3008dcf9f824511cd02757c649f6e3443f"


# --- header ----------------------------------------------------------------------------------------

BODY = "The council voted to keep the bridge shut.\n\nNobody said why."


def test_header_is_taken_off_and_wins() -> None:
    original = (
        "\ufeffPUBLISHED: 26 July 2022\r\n outlet : The Herald\r\n"
        "Url: https://a.example/1\r\ntitle: Bridge: shut\r\n\r\n" + BODY
    )
    report = make_plain_report(original, Origin(published="2020-01-01", title="Other"))
    assert report.text == BODY
    assert (report.title, report.outlet, report.published) == ("Bridge: shut", "The Herald", "2022-07-26")
    assert report.url == "https://a.example/1"
    assert_leads_back(report, original)


def test_offsets_count_from_the_start_of_the_file() -> None:
    original = "Outlet: The Herald\n\n" + BODY
    report = make_plain_report(original, Origin())
    assert report.offsets is not None
    assert report.offsets.original(report.text.index("council")) == original.index("council")


@pytest.mark.parametrize(
    "original",
    [
        "Title: a headline\nThe council voted.",
        "Title: one\nTitle: two\n\nThe council voted.",
        "Title: one\nAuthor: two\n\nThe council voted.",
        "The council voted.\n\nTitle: one\n\nMore of it.",
        "T\u0131tle: one\n\nThe council voted.",  # a dotless i, which equals I where case is ignored
        "Publi\u017fhed: 2022-07-26\n\nThe council voted.",
    ],
)
def test_what_is_no_header_block_is_text(original: str) -> None:
    assert read_header(original) == (Origin(), 0)
    assert make_plain_report(original, Origin()).text.split() == original.split()


def test_empty_header_value_leaves_the_option() -> None:
    report = make_plain_report("Published:\nOutlet: X\n\n" + BODY, Origin(published="2022-07-26"))
    assert (report.published, report.outlet) == ("2022-07-26", "X")


def test_header_alone_is_an_empty_report() -> None:
    with pytest.raises(EmptyReport):
        make_plain_report("Title: Bridge shut", Origin())


def assert_leads_back(report: Report, original: str) -> None:
    assert report.offsets is not None
    for words in report.text.split():
        start = report.text.index(words)
        assert original_words(original, report.offsets, start, start + len(words)).strip() == words


# --- dates -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "2022-07-26",
        "20220726",
        "2022/7/26",
        "2022-07-26T23:30:00Z",
        "2022-07-26T23:30:00.123456+02:00",
        "2022-07-26 23:30",
        "2022-07-26 23:30:00 UTC",
        "26 July 2022",
        "26 Jul 2022",
        "26-Jul-2022",
        "26th of July, 2022",
        "July 26, 2022",
        "Jul. 26 2022",
        "Tuesday, July 26, 2022",
        "tuesday 26 july 2022",
        "Tue, 26 Jul 2022 23:30:00 +0200",
        "Tue, 26 Jul 2022 23:30:00 GMT (summer time)",
        "July 26, 2022 at 11:30 p.m.",
        "July 26, 2022, 11:30 PM EST",
        "  26 JULY 2022 ",
    ],
)
def test_written_day(words: str) -> None:
    assert iso_day(words) == "2022-07-26"
    assert make_report("Talks go on.", published=words).published == "2022-07-26"


@pytest.mark.parametrize(
    "words",
    ["03/04/2022", "3.4.2022", "July 2022", "2022", "2022-02-30", "2022-13-01", "yesterday", "26 Juli 2022",
     "2022-07-26 to 2022-07-28", "1658793600", "26 July 22", "32 July 2022", "26 July 2022 or later"],
)  # fmt: skip
def test_unsure_day_is_refused_with_a_cure(words: str) -> None:
    assert iso_day(words) is None
    with pytest.raises(ReportError, match="2022-07-26, or leave it out") as caught:
        make_report("Talks go on.", published=words)
    assert repr(words) in caught.value.what


def test_no_day_is_no_day() -> None:
    assert make_report("Talks go on.", published="  ").published is None


@pytest.mark.parametrize(
    "day", [date(2022, 7, 26), datetime(2022, 7, 26, 23, 30), datetime(2022, 7, 26, 23, 30, 0, 5, tzinfo=UTC)]
)
def test_a_date_is_its_day(day: date) -> None:
    assert make_report("Talks go on.", published=day).published == "2022-07-26"


@pytest.mark.parametrize("published", [1658793600, 0, True, b"2022-07-26", ("2022-07-26",)])
def test_what_is_neither_words_nor_a_date_is_refused_with_a_cure(published: Any) -> None:
    with pytest.raises(ReportError, match="2022-07-26, or leave it out") as caught:
        make_report("Talks go on.", published=published)
    assert type(published).__name__ in caught.value.what


def test_dates_are_told_in_linear_time() -> None:
    began = time.process_time()
    for words in ("2022-07-26 10:00 " + "a" * 100_000, "2022-07-26 10:00" + " (" * 50_000, "1" * 100_000):
        assert iso_day(words) is None
    assert time.process_time() - began < 0.5
