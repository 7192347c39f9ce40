"""E-mail: which part is read, who says so and when, letters that bring letters, mailboxes, and broken ones."""

from __future__ import annotations

import hashlib
import random
from email.message import EmailMessage
from pathlib import Path

import pytest

from dragoman.config import Settings
from dragoman.documents.load import Failure, load
from dragoman.errors import DamagedFile, EmptyReport, ReportTooLong
from dragoman.records import Report

from .test_load import assert_failure, loaded, only, report_of

FIRST = "The army of Velmar shelled the port of Dorvane on Monday, killing at least seventeen people, officials said."
SECOND = "Oskara’s foreign ministry denied on Tuesday that its troops had crossed the border."
PAGE = f"""<html><head><style>p {{color: red}}</style></head><body><table>
<tr><td><a href="x">View in browser</a></td></tr>
<tr><td><h1>Velmar shells the port</h1><p>{FIRST}</p><p>{SECOND}</p></td></tr></table></body></html>"""


def letter(plain: str | None = None, page: str | None = None, **heads: str) -> EmailMessage:
    """A newsletter."""
    made = EmailMessage()
    given = {"From": "Harbour Post Daily <daily@harbour.example>", "Subject": "Port shelled – 17 dead"}
    given |= {"Date": "Fri, 7 Mar 2031 23:30:00 -0500"} | heads
    for key, value in given.items():
        made[key] = value
    if plain is not None:
        made.set_content(plain)
    if page is not None and plain is not None:
        made.add_alternative(page, subtype="html")
    elif page is not None:
        made.set_content(page, subtype="html")
    return made


def read(tmp_path: Path, content: EmailMessage | bytes, **options: str) -> Report | Failure:
    (path := tmp_path / "a.eml").write_bytes(content if isinstance(content, bytes) else content.as_bytes())
    return only(path, **options)


def test_a_newsletter(tmp_path: Path) -> None:
    report = report_of(read(tmp_path, letter(f"View in browser: https://x.example\n\n{FIRST}\n", PAGE)))
    assert FIRST in report.text
    assert SECOND in report.text
    assert "<p>" not in report.text
    assert (report.title, report.outlet) == ("Port shelled – 17 dead", "Harbour Post Daily")
    assert report.published == "2031-03-07"  # as the letter has it, in its own time zone
    assert report.url is None
    capture = report.capture
    assert capture is not None
    assert (capture.address, capture.media_type, capture.content) == ("a.eml", "message/rfc822", None)
    assert capture.sha256 == hashlib.sha256((tmp_path / "a.eml").read_bytes()).hexdigest()


def test_an_outlet_that_is_given_wins_over_who_sent_it(tmp_path: Path) -> None:
    report = report_of(read(tmp_path, letter(FIRST), outlet="Norda", published="2030-01-01"))
    assert (report.outlet, report.published) == ("Norda", "2031-03-07")


def test_the_part_that_tells_more_is_read(tmp_path: Path) -> None:
    stub = "Your program shows no HTML. Read it at https://x.example"
    assert FIRST in report_of(read(tmp_path, letter(stub, PAGE))).text
    assert report_of(read(tmp_path, letter(f"{FIRST}\n\n{SECOND}\n", "<html><img src=x></html>"))).text == (
        f"{FIRST}\n\n{SECOND}"
    )
    assert SECOND in report_of(read(tmp_path, letter(page=PAGE))).text


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_encodings(tmp_path: Path, encoding: str, charset: str) -> None:
    made = letter()
    made.set_content(f"{FIRST} {SECOND} Café.", charset=charset, cte=encoding)
    assert report_of(read(tmp_path, made)).text == f"{FIRST} {SECOND} Café."


@pytest.mark.parametrize("charset", [b"punycode", b"unicode_escape", b"no-such-thing", b"utf-7", b"zlib"])
def test_a_charset_that_is_none_of_letters_is_passed_over(tmp_path: Path, charset: bytes) -> None:
    data = b"Subject: a b\nContent-Type: text/plain; charset=" + charset + b"\n\n" + f"{FIRST} “+AGE-”".encode()
    assert report_of(read(tmp_path, data)).text == f"{FIRST} “+AGE-”"


def test_lines_that_flow_and_the_signature(tmp_path: Path) -> None:
    made = letter()
    text = "The army of Velmar shelled the port \nof Dorvane on Monday, officials \nsaid.\n\n"
    made.set_content(text + "-- \nHarbour Post\nUnsubscribe\n")
    made.set_param("format", "flowed")
    report = report_of(read(tmp_path, made))
    assert report.text == "The army of Velmar shelled the port of Dorvane on Monday, officials said."


def test_a_letter_forwarded_in_the_text(tmp_path: Path) -> None:
    head = "---------- Forwarded message ---------\nFrom: Norda <a@norda.example>\nDate: Mon, 3 Mar 2031 at 08:15\n"
    text = f"See below.\n\n{head}Subject: Oskara shuts border\nTo: <me@x.example>\n\n\n{FIRST}\n"
    report = report_of(read(tmp_path, letter(text, Subject="Fwd: Re: border")))
    assert report.text == FIRST
    assert (report.title, report.outlet, report.published) == ("Oskara shuts border", "Norda", "2031-03-03")
    answer = report_of(read(tmp_path, letter(FIRST, Subject="RE: FW: Oskara shuts border")))
    assert answer.title == "Oskara shuts border"


def test_letters_that_a_letter_brings(tmp_path: Path) -> None:
    outer = letter("See the letters.", Subject="Digest", From="Me <me@x.example>")
    outer.add_attachment(letter(FIRST, Subject="One", From="Norda <a@norda.example>"))
    forwarded = report_of(read(tmp_path, outer))
    assert (forwarded.text, forwarded.title, forwarded.outlet) == (FIRST, "One", "Norda")
    outer.add_attachment(letter(SECOND, Subject="Two"))
    (path := tmp_path / "digest.eml").write_bytes(outer.as_bytes())
    assert [report_of(each).title for each in loaded(path)] == ["One", "Two"]


def test_attachments_are_not_opened(tmp_path: Path) -> None:
    made = letter(FIRST)
    made.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    made.add_attachment(SECOND, filename="notes.txt")
    made.add_attachment(bytes(8_000_000), maintype="image", subtype="png", filename="a.png")
    assert report_of(read(tmp_path, made)).text == FIRST
    only_attached = letter()
    only_attached.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="a.pdf")
    assert_failure(read(tmp_path, only_attached), str(tmp_path / "a.eml"), EmptyReport, "attachments")


@pytest.mark.parametrize(
    ("heads", "title", "outlet", "published"),
    [
        (b"", None, None, None),
        (b"From: <a@b.example>\nDate: yesterday\nSubject:\n", None, None, None),
        (
            b'From: "Post, Harbour" <a@b.example>\nSubject: =?utf-8?q?Caf=C3=A9?= shut\n',
            "Café shut",
            "Post, Harbour",
            None,
        ),
        (
            b"From: =?utf-8?b?SGFyYm91ciBQb3N0?= <a@b.example>\nSubject: two\n lines\n",
            "two lines",
            "Harbour Post",
            None,
        ),
        (b"From: \xff\xfe\nSubject: caf\xe9\nDate: Fri, 07 Mar 2031\n", "caf�", None, "2031-03-07"),
        (b"Subject: a <script>\x00\x1b[2J b\nFrom: (((\n", "a <script>[2J b", None, None),
    ],
)
def test_heads(tmp_path: Path, heads: bytes, title: str | None, outlet: str | None, published: str | None) -> None:
    report = report_of(read(tmp_path, heads + b"X-A: b\n\n" + FIRST.encode()))
    assert (report.title, report.outlet, report.published) == (title, outlet, published)


def test_a_mailbox(tmp_path: Path) -> None:
    quoted = f">From the port, smoke rose. {FIRST}"
    letters = [letter(FIRST, Subject="One"), letter(quoted, Subject="Two"), letter("", Subject="Three")]
    data = b"".join(b"From a@b.example Fri Mar  7 08:15:00 2031\n" + each.as_bytes() + b"\n\n" for each in letters)
    data += b"From \nSubject: Four\n\n" + b"a line of words\n" * 50
    data += b"\nFrom - Mon Mar 10  9:05:00 2031 +0100\nSubject: Five\n\n" + FIRST.encode()
    (path := tmp_path / "box.mbox").write_bytes(data.replace(b"\n", b"\r\n"))
    one, two, three, four, five = loaded(path)
    assert [report_of(each).title for each in (one, two, four, five)] == ["One", "Two", "Four", "Five"]
    assert report_of(two).text == quoted[1:]
    assert_failure(three, f"{path}:3", EmptyReport, "no text")
    capture = report_of(five).capture
    assert capture is not None
    assert capture.address == "box.mbox:5"


def test_a_paragraph_that_begins_like_a_mailbox_separator_is_text(tmp_path: Path) -> None:
    text = f"{FIRST}\n\nFrom there it moved on to the bridge at 10:15, as in 2019, the minister said.\n\n{SECOND}"
    part = b"From a@b.example Fri Mar  7 08:15:00 2031\n" + letter(text).as_bytes() + b"\n"
    assert b"\nFrom there" in part.replace(b"=\n", b"")
    (path := tmp_path / "box.mbox").write_bytes(part * 2)
    assert [report_of(each).text for each in loaded(path)] == [text] * 2


def test_a_letter_that_is_too_large_costs_the_mailbox_nothing(tmp_path: Path) -> None:
    letters = [letter(FIRST), letter(FIRST * 100), letter(SECOND)]
    (path := tmp_path / "box.mbox").write_bytes(b"".join(b"From \n" + each.as_bytes() + b"\n" for each in letters))
    one, two, three = load([path], settings=Settings(max_file_bytes=2_000))
    assert (report_of(one).text, report_of(three).text) == (FIRST, SECOND)
    assert_failure(two, f"{path}:2", ReportTooLong, "2,000 bytes")


def test_what_is_no_mailbox(tmp_path: Path) -> None:
    (path := tmp_path / "box.mbox").write_bytes(b"plain words\n")
    assert_failure(only(path), str(path), EmptyReport, "no mailbox")


def test_letters_garbled_anywhere_never_raise(tmp_path: Path) -> None:
    whole, chance = letter(FIRST, PAGE).as_bytes(), random.Random(11)
    for _ in range(60):
        garbled = bytearray(whole)
        for _ in range(5):
            garbled[chance.randrange(len(whole))] = chance.randrange(256)
        result = read(tmp_path, bytes(garbled))
        if isinstance(result, Failure):
            assert "a fault in Dragoman" not in result.error.what


def test_nested_too_deep(tmp_path: Path) -> None:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(100))
    assert_failure(read(tmp_path, heads + FIRST.encode()), str(tmp_path / "a.eml"), DamagedFile, "parts")


def test_the_start_tells_a_letter(tmp_path: Path) -> None:
    (path := tmp_path / "letter").write_bytes(b"Return-Path: <a@b.example>\n" + letter(FIRST).as_bytes())
    assert report_of(only(path)).title == "Port shelled – 17 dead"
