"""Bytes -> text: byte order mark, UTF-8, the charset a page declares, then windows-1252 if plausible."""

from __future__ import annotations

import codecs
import re

from dragoman.errors import NotText

_MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"{\\rtf": "a rich-text document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "a picture, sound or film",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a rar archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"SQLite format 3": "a SQLite database",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAVE_AS_UTF8 = "save it as UTF-8 text and try again"
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-z0-9_-]{3,20})", re.IGNORECASE)
_CHARSETS = re.compile(
    r"(windows|cp)-?125\d|iso-8859-\d\d?|koi8-[ru]|gbk|gb2312|gb18030|big5|shift_jis|euc-(jp|kr)",
    re.IGNORECASE,
)
_UTF8_SEQUENCE = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|\xc2[\xa0-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
# In West European text one character in twenty-five has an accent; this many mean another encoding.
_MOST_HIGH_BYTES = 0.12


def decode(data: bytes, *, page: bool = False, charset: str | None = None) -> str:
    """The text of a file's bytes, without its byte order mark; what is no text is a NotText error.

    `page`: an HTML page. Its declared charset, or else `charset`, is tried after UTF-8, which nothing else looks like
    by chance.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data[len(mark) :], encoding, offset=len(mark))
    _refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        declared = _DECLARED.search(data[:4096]) if page else None
        charset = declared[1].decode("ascii") if declared else charset
        if charset and (codec := codec_of(charset)):
            return _strict(data, codec)
        if looks_windows_1252(data):
            return _strict(data, "cp1252")
        raise NotText(f"it is not UTF-8 text at byte {error.start + 1:,}", _SAVE_AS_UTF8) from error


def recoded(data: bytes, charset: str) -> bytes:
    """A page in UTF-8, where its server told of a charset that pages have and it is in it; else as it is."""
    if not (codec := codec_of(charset)):
        return data
    try:
        data.decode("utf-8")
        return data
    except UnicodeDecodeError:
        pass
    try:
        return data.decode(codec).encode()
    except UnicodeDecodeError:
        return data


def codec_of(charset: str) -> str | None:
    """What decodes a charset that pages or feeds name, however they spell it; None for others.

    Who says ISO 8859-1 means windows-1252. Python has others (punycode, unicode_escape) that are none of pages.
    """
    if not _CHARSETS.fullmatch(charset):
        return None
    codec = re.sub(r"^(windows|cp)-?", "windows-", charset.lower())
    try:
        codecs.lookup(codec)
    except LookupError:  # a number that none has
        return None
    return "cp1252" if codec == "iso-8859-1" else codec


def encoding_of(start: bytes) -> str:
    """The encoding of a text that begins so, by its byte order mark; else UTF-8. Raises NotText for what is no text."""
    if mark := next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None):
        # Without its byte order, the mark is looked for, and left out.
        return "utf-8-sig" if mark == "utf-8" else mark[:6]
    _refuse_binary(start)
    return "utf-8"


def kind_of_binary(data: bytes) -> str | None:
    """What a file is that starts so, if that is known and no text."""
    return next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)


def _refuse_binary(data: bytes) -> None:
    if kind := kind_of_binary(data):
        raise NotText(f"it is {kind}, not text", "save it as plain text, HTML, .docx or PDF and give that")
    if (zero := data.find(b"\0")) >= 0:
        raise NotText(f"it is binary, or UTF-16 without a byte order mark: a NUL at byte {zero + 1:,}", _SAVE_AS_UTF8)
    sample = data[:65_536]
    if len(_CONTROLS.findall(sample)) > len(sample) / 100:
        raise NotText("it is binary: full of control characters", "give plain text, HTML or JSON Lines")


def _strict(data: bytes, encoding: str, *, offset: int = 0) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place = error.start + offset + 1
        raise NotText(f"it says it is {encoding}, but is not at byte {place:,}", _SAVE_AS_UTF8) from error


def looks_windows_1252(data: bytes) -> bool:
    """Whether what is not UTF-8 may be windows-1252.

    That is with few bytes over 127, all of them assigned, and none that look like a damaged UTF-8 file.
    """
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", data)))
    unassigned = re.search(rb"[\x81\x8d\x8f\x90\x9d]", data)
    return high <= _MOST_HIGH_BYTES * len(data) and not unassigned and not _UTF8_SEQUENCE.search(data)
