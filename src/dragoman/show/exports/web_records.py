"""Captures as records of a web archive (WARC 1.1) and as lines of its index (CDXJ).

Invariant: the same capture gives the same bytes. The body is what was kept, which is decoded: headers that told of its
coding stay under another name, so that whoever plays it back does not decode it again.
"""

from __future__ import annotations

import gzip
import json
import re
import string
from http import HTTPStatus
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from dragoman.records import Capture

_OF_CODING = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_RENAMED = "X-Archive-Orig-"
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LINE_END = re.compile(r"[\x00\r\n]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def information(software: str, told: str, date: str) -> bytes:
    """The record that says what wrote the file, packed."""
    block = f"software: {software}\r\nformat: WARC File Format 1.1\r\ndescription: {told}\r\n".encode()
    fields = {
        "WARC-Date": date,
        "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, told + date)}>",
        "Content-Type": "application/warc-fields",
    }
    return _record("warcinfo", fields, block)


def response(capture: Capture, content: bytes) -> bytes:
    """The record of an answer whose decoded body is `content`, packed."""
    body_type = [] if _has(capture, "content-type") else [("Content-Type", capture.media_type or "text/html")]
    headers = [*map(_header, capture.headers), *body_type, ("Content-Length", str(len(content)))]
    lines = (f"{name}: {value}\r\n" for name, value in headers if _NAME.fullmatch(name))
    head = f"HTTP/1.1 {_status(capture.status or 200)}\r\n{''.join(lines)}\r\n"
    fields = {
        "WARC-Target-URI": address_of(capture),
        "WARC-Date": capture.captured_at or "",
        "WARC-Record-ID": f"<urn:uuid:{page_id(capture)}>",
        "WARC-Payload-Digest": digest(capture),
        "Content-Type": "application/http; msgtype=response",
    }
    return _record("response", fields, head.encode("utf-8", "replace") + content)


def index_line(capture: Capture, file: str, offset: int, length: int) -> tuple[str, str]:
    """What sorts a capture in the index, and its line there; `length` bytes of the file are its record."""
    told = {
        "url": address_of(capture),
        "mime": capture.media_type or "text/html",
        "status": str(capture.status or 200),
        "digest": digest(capture),
        "length": str(length),
        "offset": str(offset),
        "filename": file,
    }
    key = f"{sort_key(capture.address)} {re.sub('[^0-9]', '', capture.captured_at or '')[:14]}"
    return key, f"{key} {json.dumps(told, ensure_ascii=False)}\n"


def digest(capture: Capture) -> str:
    """The SHA-256 of what was kept, as archives tell it."""
    return f"sha256:{capture.sha256}"


def address_of(capture: Capture) -> str:
    """Its address in ASCII, as browsers ask for it."""
    return quote(_one_line(capture.address), safe=string.punctuation, errors="replace")


def page_id(capture: Capture) -> str:
    """What tells captures apart: the same page at another time is another one."""
    told = f"{capture.address} {capture.captured_at} {capture.sha256}"
    return str(uuid5(NAMESPACE_URL, told.encode("utf-8", "replace").decode()))


def sort_key(address: str) -> str:
    """An address with its host turned round, as indexes of archives are sorted (SURT): `org,example)/news?page=2`."""
    try:
        parts = urlsplit(address)
        host = re.sub(r"\Awww\d*\.", "", parts.hostname or "")
        port = "" if parts.port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{parts.port}"
    except ValueError:  # an address that is none
        return _quoted(address)
    path = _quoted(parts.path).rstrip("/") or "/"
    query = "&".join(sorted(_quoted(parts.query).split("&")))
    return f"{','.join(reversed(_quoted(host).split('.')))}{port}){path}{'?' * bool(query)}{query}"


def _quoted(words: str) -> str:
    return quote(words, safe="/%:@!$&'()*+,;=~?", errors="replace").lower()


def _record(kind: str, fields: dict[str, str], block: bytes) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in {"WARC-Type": kind, **fields}.items())
    head = f"WARC/1.1\r\n{lines}Content-Length: {len(block)}\r\n\r\n".encode("utf-8", "replace")
    return gzip.compress(head + block + b"\r\n\r\n", mtime=0)


def _status(status: int) -> str:
    phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
    return f"{status} {phrase}"


def _header(header: tuple[str, str]) -> tuple[str, str]:
    name, value = header
    return (_RENAMED + name if name.lower() in _OF_CODING else name), _one_line(value)


def _has(capture: Capture, name: str) -> bool:
    return any(key.lower() == name for key, _ in capture.headers)


def _one_line(words: str) -> str:
    return _LINE_END.sub(" ", words).strip()
