"""E-mail: newsletters and other letters (.eml) and mailboxes (.mbox), one report for each letter.

Invariant: of a mailbox one letter at a time is held, and none that is over the limits; attachments are never opened,
and nothing that a letter links to is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import EmailPolicy
from email.utils import parseaddr
from functools import partial
from hashlib import sha256
from pathlib import PurePath
from typing import BinaryIO

from dragoman.documents.clean import one_line
from dragoman.documents.dates import iso_day
from dragoman.documents.decode import decode
from dragoman.documents.html import read_article
from dragoman.documents.incoming import Failure, Options, check_size, named, tried
from dragoman.documents.text import Origin, make_report
from dragoman.errors import DamagedFile, EmptyReport, ReportError
from dragoman.records import Capture, Report

MEDIA_TYPE = "message/rfc822"
# Python's parser looks at each line once for every part that lies around it, and holds all lines of a letter.
_MOST_PARTS, _MOST_LINES, _MOST_BYTES = 50, 150_000, 6_000_000
# What is packed as letters and digits for so long is an attachment: of text there would be more than is ever read.
_ATTACHMENT = re.compile(rb"(?<![A-Za-z0-9+/=\r\n])[A-Za-z0-9+/=\r\n]{2000000,}+")
_KEPT = 1_000
# It takes time with the square of a header's length.
_LONGEST_HEADER = 16_000
_PIECE = 1 << 16
# Before each letter of a mailbox: who sent it, and a time with its year, or nothing, as Thunderbird has it.
_SEPARATOR = re.compile(rb"From (?:\S.{0,300} \d?\d:\d\d.{0,20}\d{4})?\s*$")
_SAVE_TEXT = "save its text from the mail program and give that"
_SUBJECT_MARK = re.compile(r"\s*(?:(?:re|fwd?)\s*:\s*)+", re.IGNORECASE | re.ASCII)
_SIGNATURE = re.compile(r"^-- $.{0,1000}\Z", re.MULTILINE | re.DOTALL)
_FORWARDED = re.compile(
    r"^[-_ ]{2,20}(?:forwarded message|original message|begin forwarded message)[-_ :]*\n+"
    r"((?:>? ?(?:from|date|sent|subject|to|cc|reply-to):[^\n]*\n(?:[ \t]+[^\n]*\n){0,5}){2,12})",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"^>? ?(from|date|sent|subject):[ \t]*([^\n]*)", re.MULTILINE | re.IGNORECASE)


def read_letter(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The letter of a file, or those that it forwards as attachments."""
    yield from _reports(stream.read(options.settings.max_file_bytes + 1), name, options)


def read_mailbox(stream: BinaryIO, name: str, options: Options) -> Iterator[Report | Failure]:
    """The letters of a mailbox, counted from 1: `box.mbox:17`."""
    number = 0
    for data in _letters(stream, options.settings.max_file_bytes):
        number += 1
        yield from _reports(data, f"{name}:{number}", options)
    if not number:
        yield Failure(name, EmptyReport(f"{name}: it is no mailbox, or an empty one", "give one in the mbox format"))


def _letters(stream: BinaryIO, most: int) -> Iterator[bytes]:
    """The letters between the lines that part them; of one over the limit only so much that it is seen to be over."""
    letter: bytearray | None = None
    begun = blank = True
    while line := stream.readline(_PIECE):
        if begun and blank and _SEPARATOR.match(line):
            if letter is not None:
                yield bytes(letter)
            letter = bytearray()
        elif letter is not None and len(letter) <= most:
            letter += line[1:] if begun and re.match(rb">+From ", line) else line
        blank = begun and not line.strip()
        begun = line.endswith(b"\n")
    if letter is not None:
        yield bytes(letter)


def _reports(data: bytes, name: str, options: Options) -> Iterator[Report | Failure]:
    capture = Capture(PurePath(name).name, None, sha256(data).hexdigest(), len(data), MEDIA_TYPE)
    try:
        letter = _parsed(data, options)
    except ReportError as error:
        yield named(name, error)
        return
    letters = _attached(letter)
    for number, each in enumerate(letters, start=1):
        yield tried(name if len(letters) == 1 else f"{name}:{number}", partial(_report, each, capture, options))


def _parsed(data: bytes, options: Options) -> EmailMessage:
    check_size(len(data), options.settings)
    data = _ATTACHMENT.sub(lambda found: found[0][:_KEPT] + b"\n", data)
    if len(data) > _MOST_BYTES or data.count(b"\n") > _MOST_LINES or data.lower().count(b"boundary=") > _MOST_PARTS:
        raise DamagedFile("it has more lines, parts or text than a letter has", _SAVE_TEXT)
    with _oddities():
        letter = BytesParser(policy=_Bounded()).parsebytes(data)
        assert isinstance(letter, EmailMessage)  # as this policy makes them
        return letter


class _Bounded(EmailPolicy):
    """Python's rules for letters, but of a header that is far too long only the name is kept."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """The name and value of a header."""
        name, value = super().header_source_parse(sourcelines)
        return name, value if len(value) <= _LONGEST_HEADER else ""


def _attached(letter: EmailMessage) -> list[EmailMessage]:
    """The letters that another one forwards as attachments, or brings as a digest; or else that one itself."""
    found: list[EmailMessage] = []
    parts: list[EmailMessage] = [letter]
    while parts:
        part = parts.pop()
        if part.is_multipart():
            inner = [each for each in part.get_payload() if isinstance(each, EmailMessage)]
            if part.get_content_type() == MEDIA_TYPE:
                found += inner
            else:
                parts += reversed(inner)
    return found or [letter]


def _report(letter: EmailMessage, capture: Capture, options: Options) -> Report:
    with _oddities():
        origin, text = _told(letter)
    known = replace(origin, outlet=options.origin.outlet or origin.outlet).over(options.origin)
    return replace(make_report(text, **asdict(known), force=options.force), offsets=None, capture=capture)


@contextmanager
def _oddities() -> Iterator[None]:
    """Whatever a broken letter does to Python's parser, the letter is told to be damaged."""
    try:
        yield
    except ReportError:
        raise
    except Exception as error:
        raise DamagedFile(f"it is no letter, or a damaged one ({type(error).__name__})", _SAVE_TEXT) from error


def _told(letter: EmailMessage) -> tuple[Origin, str]:
    """Who wrote what and when, as the letter has it; of one that forwards another in its text, that one."""
    origin = _origin(letter["From"], letter["Date"], letter["Subject"])
    text = _text(letter)
    if forwarded := _FORWARDED.search(text):
        fields = {key.lower(): words for key, words in _FIELD.findall(forwarded[1])}
        inner = _origin(fields.get("from"), fields.get("date") or fields.get("sent"), fields.get("subject"))
        return inner.over(origin), text[forwarded.end() :]
    return origin, text


def _origin(sender: str | None, sent: str | None, subject: str | None) -> Origin:
    name, _ = parseaddr(str(sender or "").replace("\n", " "))
    return Origin(
        title=_SUBJECT_MARK.sub("", one_line(str(subject or "")), count=1),
        outlet=one_line(name),
        published=iso_day(str(sent or "")),
    )


def _text(letter: EmailMessage) -> str:
    """The text of a letter: its page's article, or its plain text where that tells much more."""
    body = letter.get_body(("plain",))
    plain = _content(body)
    if body is not None and body.get_param("format") == "flowed":
        plain = re.sub(r"(?<!^--) \n(?!>)", " ", plain, flags=re.MULTILINE)
    plain = _SIGNATURE.sub("", plain)
    page = _content(letter.get_body(("html",)))
    try:
        article = read_article(page)[0] if page else ""
    except ReportError:
        if not plain.strip():
            raise
        article = ""
    text = article if 2 * len(article) >= len(plain) else plain
    if not text.strip():
        raise EmptyReport("there is no text in it, only attachments", "save the attachments and give them")
    return text


def _content(part: Message | None) -> str:
    """The text of a part, in UTF-8 or the charset that it names."""
    data = part.get_payload(decode=True) if part is not None else b""
    if part is None or not isinstance(data, bytes):
        return ""
    return decode(data, charset=part.get_content_charset()).replace("\r\n", "\n")
