"""The answer of a web server as archives keep it: status, headers, and the body with its codings undone.

Invariant: no more than the allowance comes out of a body, whatever its codings say; one that is not in the coding which
its headers tell is taken as it is, for many archives keep bodies decoded under the headers as they came.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dragoman.documents.unpack import CODINGS, Allowance, unpacked
from dragoman.errors import DamagedFile

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"\r?\n[ \t]+")
_CHUNK = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_MOST_CODINGS = 3
_CURE = "raise the limit: set DRAGOMAN_MAX_BYTES to more"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP; `body` is as it came, `payload` decodes it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """What a header says, in small letters, the values of several with commas; empty where there is none."""
        return ",".join(value for key, value in self.headers if key.lower() == name).lower()

    @property
    def media_type(self) -> str:
        """Such as `text/html`; empty where no header tells."""
        return content_type(self.header("content-type"))[0]

    @property
    def charset(self) -> str:
        """Such as `windows-1252`; empty where no header tells."""
        return content_type(self.header("content-type"))[1]

    @property
    def is_cut(self) -> bool:
        """Whether it came in chunks, of which one is broken or the last is not there."""
        *_, last = self._chunks() or [b""]
        return bool(last)

    def payload(self, most: int) -> bytes:
        """The body without its codings. UnpacksTooFar for more than `most` bytes."""
        body = b"".join(self._chunks()) or self.body
        codings = [coding.strip().removeprefix("x-") for coding in self.header("content-encoding").split(",")]
        for coding in reversed(codings[:_MOST_CODINGS]):
            if coding in CODINGS:
                try:
                    body = unpacked(io.BytesIO(body), coding, Allowance(most, _CURE)).read()
                except DamagedFile:
                    return body
        return body

    def _chunks(self) -> list[bytes]:
        """The chunks of a body that came in such, up to a broken one; of one that is whole the last is empty."""
        return list(_chunks(self.body)) if "chunked" in self.header("transfer-encoding") else []


def content_type(header: str) -> tuple[str, str]:
    """The media type and charset that a Content-Type header tells, or several one after another: the first of each.

    In small letters; empty where none is told.
    """
    charset = _CHARSET.search(header)
    return re.split("[;,]", header, maxsplit=1)[0].strip().lower(), charset[1].lower() if charset else ""


def parsed(block: bytes) -> Answer | None:
    """The answer in the block of a `response` record; None where it is none."""
    status, end = _STATUS.match(block), _HEAD_END.search(block)
    if not status:
        return None
    head = _FOLDED.sub(b" ", block[: end.start()] if end else block)
    pairs = (_text(line).partition(":") for line in head.split(b"\n")[1:])
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    return Answer(int(status[1]), headers, block[end.end() :] if end else b"")


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _chunks(body: bytes) -> Iterator[bytes]:
    at = 0
    while chunk := _CHUNK.match(body, at):
        size = int(chunk[1], 16)
        piece = body[chunk.end() : chunk.end() + size]
        if piece or not size:
            yield piece
        if not size:
            break
        at = chunk.end() + size
        at += 2 if body[at : at + 2] == b"\r\n" else 1 if body[at : at + 1] == b"\n" else 0
