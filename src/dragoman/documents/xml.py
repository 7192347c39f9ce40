"""XML of strangers, made harmless before any parser sees it.

Invariant: what `harmless` gives is UTF-8 that we decoded ourselves, without a document type, so that no parser finds an
entity to expand or an address to fetch; and its size, depth, tags and attributes are bounded. Each check is one pass.
"""

from __future__ import annotations

import codecs
import re
import sys
from typing import TYPE_CHECKING

from dragoman.documents.decode import codec_of, looks_windows_1252
from dragoman.errors import UnsafeXml

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_BYTES = 5_000_000
DEEPEST = 200
LONGEST_TAG = 20_000
"""Characters of one tag with all its attributes."""
MOST_ATTRIBUTES = 50_000
_MOST = (("<", 60_000), ("&", 200_000), ("xmlns", 5_000))
"""Tags, characters that are escaped and namespaces, also those in the full texts of entries. So many of each, or of
attributes, take feedparser half a second. A feed of 50 long articles with all their markup has a third of it."""
_UNCLOSED = 20
"""Tags that are looked at for the one that is closed: in broken feeds not every tag is."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARATION = re.compile(r"\s*<\?xml\b([^>]{0,300})\?>")
_DECLARES_MORE = re.compile(r"<\?xml[\s?]", re.IGNORECASE)
_ENCODING = re.compile(r"\bencoding\s*=\s*[\"']([^\"']{0,40})[\"']")
_UTF8 = re.compile("utf-?8|(us-)?ascii", re.IGNORECASE)
# What no XML may hold: parsers stop at it, and feeds have it all the same.
_FORBIDDEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile("&#(?:[xX]([0-9a-fA-F]{1,20})|([0-9]{1,20}));")
_SKIPPED = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
_SPACE = re.compile(r"\s*")
_TAG = re.compile(r"<(/?)([A-Za-z_][^\s/<>]{0,200})")
_DECLARES = re.compile("<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_EMPTY = frozenset({"br", "hr", "img", "input", "wbr", "source"})
"""Elements of HTML that broken feeds hold, and that nobody closes."""
_QUOTED = re.compile("\"[^\"]*\"|'[^']*'")
_CURE = "if you trust it, save what you need of it as plain text and give that"


def parse(data: bytes) -> _Element:
    """The tree of an XML document, mended where it is broken. Raises UnsafeXml."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(harmless(data), parser)
    except etree.XMLSyntaxError as error:
        raise UnsafeXml("it is not XML", "check that it is the file you mean") from error
    if root is None:
        raise UnsafeXml("it is not XML", "check that it is the file you mean")
    return root


def harmless(data: bytes) -> bytes:
    """The document in UTF-8 without its declaration and document type.

    Raises UnsafeXml where it declares anything of its own (entities), is too large or too deep, or is in an encoding
    that is not one of feeds.
    """
    if len(data) > MOST_BYTES:
        raise UnsafeXml(f"it is XML of more than {MOST_BYTES:,} bytes", _CURE)
    text = _FORBIDDEN.sub("", _decoded(data))
    for what, most in _MOST:
        if text.count(what) > most:
            raise UnsafeXml(f"it has more than {most:,} times “{what}”", _CURE)
    text = _REFERENCE.sub(_character, text)
    start, end = _document_type(text)
    text = text[:start] + text[end:]
    _check(text)
    return text.encode()


def _decoded(data: bytes) -> str:
    """The text without its declaration, whose encoding it is in, if it is one of those that feeds have."""
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    if encoding:
        text = data.decode(encoding, "replace").removeprefix("\ufeff")
        declared = _DECLARATION.match(text)
    else:
        declared = _DECLARATION.match(data[:400].decode("latin-1"))
        named = _ENCODING.search(declared[1]) if declared else None
        text = _in(named[1] if named else "utf-8", data)
    text = text[declared.end() if declared else 0 :].lstrip("\ufeff \t\r\n")
    if not text.startswith("<") or _DECLARES_MORE.match(text):  # parsers would believe a second declaration
        raise UnsafeXml("it is not XML, or in an encoding that cannot be told", _CURE)
    return text


def _in(encoding: str, data: bytes) -> str:
    if _UTF8.fullmatch(encoding):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            # What feeds are in that say UTF-8 and are not; but most are, with a character that was cut.
            return data.decode("cp1252" if looks_windows_1252(data) else "utf-8", "replace")
    if codec := codec_of(encoding):
        return data.decode(codec, "replace")
    raise UnsafeXml(f"it is in the encoding {encoding!r}, which is none of feeds", "save it as UTF-8")


def _character(reference: re.Match[str]) -> str:
    """A reference to a character, or � for one that no XML may hold: parsers give broken text for some."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "\ufffd" if code > sys.maxunicode or _FORBIDDEN.match(chr(code)) else reference[0]


def _document_type(text: str) -> tuple[int, int]:
    """Where the document type stands, (0, 0) for none. One that declares anything of its own is refused."""
    start = _SPACE.match(text).end()  # type: ignore[union-attr]
    while end := _past(text, start):
        start = _SPACE.match(text, end).end()  # type: ignore[union-attr]
    if text[start : start + 9].upper() != "<!DOCTYPE":
        return 0, 0
    end = text.find(">", start) + 1
    names = _QUOTED.sub("", text[start:end])
    if not end or end - start > LONGEST_TAG or set(names[1:]) & set("[<'\""):
        raise UnsafeXml("it declares entities or a structure of its own", _CURE)
    return start, end


def _past(text: str, at: int) -> int:
    """The end of a comment, CDATA or instruction that begins there; 0 where something else does."""
    for opening, closing in _SKIPPED:
        if text.startswith(opening, at):
            end = text.find(closing, at + len(opening))
            return len(text) if end < 0 else end + len(closing)
    return 0


def _check(text: str) -> None:
    """UnsafeXml for too many attributes, for tags too deep or too long, for declarations where none may stand."""
    at, inside, attributes = 0, list[str](), 0
    while (at := text.find("<", at)) >= 0:
        if past := _past(text, at):
            at = past
            continue
        if _DECLARES.match(text, at):
            raise UnsafeXml("it declares entities or a structure of its own", _CURE)
        if tag := _TAG.match(text, at):
            end = text.find(">", at, at + LONGEST_TAG)
            if end < 0 and len(text) - at <= LONGEST_TAG:
                break  # it is cut in a tag
            if end < 0:
                raise UnsafeXml(f"it has a tag of more than {LONGEST_TAG:,} characters", _CURE)
            attributes += text.count("=", at, end)
            _step(inside, tag[2], closes=bool(tag[1]), empty=text[end - 1] == "/")
        at += 1
    if attributes > MOST_ATTRIBUTES:
        raise UnsafeXml(f"it has more than {MOST_ATTRIBUTES:,} attributes", _CURE)


def _step(inside: list[str], name: str, *, closes: bool, empty: bool) -> None:
    """Keeps the names of the tags that are open; a closing tag also closes those inside it that nobody closed."""
    if closes:
        if name in inside[-_UNCLOSED:]:
            while inside.pop() != name:
                pass
    elif not empty and name.lower() not in _EMPTY:
        inside.append(name)
        if len(inside) > DEEPEST:
            raise UnsafeXml(f"its tags stand more than {DEEPEST} deep in one another", _CURE)
