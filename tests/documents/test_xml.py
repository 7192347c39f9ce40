"""Hostile XML, row 6 of what must hold: no file or network read, at most 50 MB and a second."""

from __future__ import annotations

import codecs
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from dragoman.documents import xml
from dragoman.documents.feeds import Feed, parse_feed
from dragoman.errors import ReportError, UnsafeXml

HEAD = b'<rss version="2.0"><channel><title>Quiet News</title>'
TAIL = b"</channel></rss>"
ENTRY = b"<item><title>One</title><link>https://quiet.example/1</link></item>"
MANY = 59_000


def feed(inside: bytes) -> bytes:
    return HEAD + inside + TAIL


def declaring(subset: bytes, inside: bytes = b"<title>&x;</title>") -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE rss [' + subset + b"]>" + feed(inside)


def laughs() -> bytes:
    steps = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    return declaring(b'<!ENTITY a0 "ha">' + steps, b"<title>&a9;</title>")


REFUSED = {
    "external entity, file": declaring(b'<!ENTITY x SYSTEM "file://{secret}">'),
    "external entity, address": declaring(b'<!ENTITY x SYSTEM "http://{host}/x">'),
    "external entity, ftp": declaring(b'<!ENTITY x SYSTEM "ftp://{host}/x">'),
    "external entity, public": declaring(b'<!ENTITY x PUBLIC "-//X" "http://{host}/x">'),
    "external entity, relative": declaring(b'<!ENTITY x SYSTEM "{secret}">'),
    "parameter entity": declaring(b'<!ENTITY % p SYSTEM "http://{host}/p.dtd"> %p;'),
    "parameter entity, file": declaring(b'<!ENTITY % p SYSTEM "file://{secret}"> %p;'),
    "unparsed entity": declaring(b'<!NOTATION n SYSTEM "n"><!ENTITY x SYSTEM "http://{host}/x" NDATA n>'),
    "billion laughs": laughs(),
    "quadratic blowup": declaring(b'<!ENTITY x "' + b"a" * 50_000 + b'">', b"<title>" + b"&x;" * 50_000 + b"</title>"),
    "default attributes": declaring(b'<!ATTLIST item a CDATA "' + b"x" * 10_000 + b'">', b"<item/>" * 10_000),
    "elements declared": declaring(b"<!ELEMENT rss ANY>", b""),
    "empty subset": declaring(b"", b""),
    "a subset behind an address": b'<!DOCTYPE rss SYSTEM "http://{host}/x.dtd" [<!ENTITY x "y">]>' + feed(b""),
    "a subset behind odd quotes": b"<!DOCTYPE rss SYSTEM '>' [<!ENTITY x SYSTEM 'file://{secret}'>]>" + feed(b"&x;"),
    "lower case": b"<!doctype rss [<!entity x SYSTEM 'file://{secret}'>]>" + feed(b"&x;"),
    "document type in the middle": feed(b'<!DOCTYPE rss SYSTEM "http://{host}/x.dtd">'),
    "two document types": b"<!DOCTYPE rss><!DOCTYPE rss [<!ENTITY x 'y'>]>" + feed(b"&x;"),
    "entity without document type": feed(b"<!ENTITY x SYSTEM 'file://{secret}'>&x;"),
    "document type without end": b"<!DOCTYPE rss " + b"x" * 100_000,
    "deep nesting": feed(b"<a>" * 20_000 + b"</a>" * 20_000),
    "deep nesting without end": feed(b"<a>" * 20_000),
    "deep nesting with namespaces": feed(b'<a xmlns="u">' * 20_000),
    "many tags": feed(b"<item/>" * 1_000_000),
    "many entries": feed(ENTRY * 60_000),
    "namespaces bomb": feed(b"".join(b'<a xmlns:n%d="u"/>' % n for n in range(50_000))),
    "attribute bomb": feed(b"<a " + b" ".join(b'a%d=""' % n for n in range(100_000)) + b"/>"),
    "attributes on many tags": feed((b"<a " + b" ".join(b'a%d=""' % n for n in range(1_900)) + b"/>") * 300),
    "tag without end": feed(b"<a " + b"b " * 1_000_000),
    "tags without end": feed(b"<a " * 100_000),
    "flood of CDATA": feed(b"<title>" + b"<![CDATA[x]]>" * 300_000 + b"</title>"),
    "flood of open CDATA": feed(b"<title>" + b"<![CDATA[" * 300_000),
    "flood of comments": feed(b"<!-- -->" * 300_000),
    "flood of comments before the root": b"<!----> " * 300_000 + feed(b""),
    "flood of instructions": feed(b"<?x ?>" * 300_000),
    "flood of characters": feed(b"<title>" + b"&#x41;" * 800_000 + b"</title>"),
    "flood of ampersands": feed(b"<title>" + b"&" * 4_000_000 + b"</title>"),
    "too large": feed(b"<title>" + b"x" * 6_000_000 + b"</title>"),
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE rss' + feed(b""),
    "EBCDIC": '<?xml version="1.0" encoding="cp037"?><rss/>'.encode("cp037"),
    "EBCDIC as declared": b'<?xml version="1.0" encoding="cp037"?>' + feed(b""),
    "an encoding of Python's": b'<?xml version="1.0" encoding="unicode_escape"?>' + feed(rb"\x3c!ENTITY x 'y'\x3e"),
    "another one of Python's": b'<?xml version="1.0" encoding="zlib"?>' + feed(b""),
    "two declarations": b'<?xml version="1.0"?>\n<?xml version="1.0" encoding="utf-7"?>' + feed(b"+ADw-item+AD4-"),
    "two declarations and a mark": b'<?xml version="1.0"?>\xef\xbb\xbf<?xml version="1.0" encoding="utf-7"?>'
    + feed(b""),
    "a long declaration": b'<?xml version="1.0"' + b" " * 400 + b' encoding="utf-7"?>' + feed(b""),
    "a declaration with a bracket": b'<?xml version="1.0" x=">" encoding="utf-7"?>' + feed(b""),
    "a declaration in UTF-16 after one": '<?xml version="1.0"?><?xml version="1.0" encoding="utf-7"?>'.encode("utf-16"),
    "UTF-16 that hides a document type": codecs.BOM_UTF16_LE + laughs().decode().encode("utf-16-le"),
    "UTF-16 without a mark": laughs().decode().encode("utf-16-be"),
    "UTF-32": laughs().decode().encode("utf-32"),
    "a zip": b"PK\x03\x04" + b"\0" * 1_000,
    "gzip": b"\x1f\x8b\x08\0" + b"\0" * 1_000,
}
"""What is refused."""

READ = {
    "external DTD": b'<!DOCTYPE rss PUBLIC "-//Q//RSS" "http://{host}/rss.dtd">' + feed(ENTRY),
    "external DTD, file": b'<!DOCTYPE rss SYSTEM "file://{secret}">' + feed(ENTRY),
    "external stylesheet": b'<?xml-stylesheet type="text/xsl" href="http://{host}/x.xsl"?>' + feed(ENTRY),
    "XInclude": feed(ENTRY + b'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file://{secret}"/>'),
    "XInclude of text": feed(
        b'<title xmlns:x="http://www.w3.org/2001/XInclude"><x:include parse="text" href="http://{host}/"/></title>'
    ),
    "schema location": feed(
        b'<a xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="u http://{host}/x.xsd"/>'
    ),
    "base and entities of nobody": feed(b'<a xml:base="http://{host}/">&nowhere;</a>' + ENTRY),
    "entities in CDATA": feed(b"<title><![CDATA[<!ENTITY x SYSTEM 'file://{secret}'>&x;]]></title>" + ENTRY),
    "entities in a comment": b"<!-- <!DOCTYPE rss [<!ENTITY x 'y'>]> -->" + feed(ENTRY),
    "UTF-16": feed(ENTRY).decode().encode("utf-16"),
    "UTF-16 that says UTF-8": b'<?xml version="1.0" encoding="utf-8"?>'.decode().encode("utf-16")
    + feed(ENTRY).decode().encode("utf-16-le"),
    "UTF-8 that says Latin-1": b'<?xml version="1.0" encoding="iso-8859-1"?>' + feed(ENTRY),
    "broken bytes": feed(b"<title>\xff\xfe\xc3</title>" + ENTRY),
    "NUL and other controls": feed(b"<title>a\0b\x08\x1b</title>" + ENTRY),
    "references to no characters": feed(b'<a xmlns="&#xD800;&#0;&#x110000;&#99999999999;">&#xDFFF;</a>' + ENTRY),
    "unclosed tags": feed(b"<description><p>a<br>b<b></description>" * 100 + ENTRY),
    "many empty entries": feed(b"<item/>" * MANY),
    "many small entries": feed(b"<item><title>a</title></item>" * (MANY // 4)),
    "attributes": feed((b"<a " + b" ".join(b'a%d=""' % n for n in range(1_900)) + b"/>") * 25),
    "namespaces": feed(b"".join(b'<a xmlns:n%d="u"/>' % n for n in range(4_900))),
    "long title": feed(b"<item><title>" + b"x" * 4_800_000 + b"</title></item>"),
    "long date": feed(b"<item><pubDate>" + b"1" * 4_800_000 + b"</pubDate></item>"),
    "raw ampersands": feed(b"<title>" + b"&a" * 199_000 + b"</title>"),
    "angle brackets": feed(b"< " * MANY),
    "odd declarations": feed(b"<!x " * MANY),
    "greater-than signs": feed(b">" * 4_800_000),
    "categories": feed(b"<item>" + b"<category>x</category>" * (MANY // 2) + b"</item>"),
    "escaped markup": feed(b"<item><description>" + b"&lt;p&gt;words" * 95_000 + b"</description></item>"),
}
"""What is read, within the bounds."""


@pytest.fixture(scope="module")
def host() -> Iterator[tuple[str, list[int]]]:
    """A server that nobody may come to, and who came."""
    came: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        stopped = threading.Event()

        def listen() -> None:
            while not stopped.is_set():
                with suppress(TimeoutError):
                    server.accept()[0].close()
                    came.append(1)

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}", came
        stopped.set()
        thread.join()


@pytest.fixture(scope="module")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that nobody may read."""
    path = tmp_path_factory.mktemp("secret") / "secret.txt"
    path.write_text("<!ENTITY found 'THE-SECRET'>THE-SECRET", encoding="utf-8")
    return path


def outcome(data: bytes) -> str:
    """What comes of parsing, in any of the three ways."""
    said = []
    for parse in (xml.harmless, lambda data: xml.parse(data).itertext(), parse_feed):
        try:
            found = parse(data)
            said.append(
                found.decode() if isinstance(found, bytes) else str(found if isinstance(found, Feed) else [*found])
            )
        except ReportError as error:
            said.append(error.what)
    return "\n".join(said)


@pytest.mark.parametrize("case", [*REFUSED, *READ])
def test_nothing_is_read_from_files_or_the_network(case: str, host: tuple[str, list[int]], secret: Path) -> None:
    data = {**REFUSED, **READ}[case]
    filled = data.replace(b"{host}", host[0].encode()).replace(b"{secret}", str(secret).encode())
    began = time.process_time()
    said = outcome(filled)
    assert time.process_time() - began < 2  # for all three ways
    assert "THE-SECRET" not in said
    assert len(said) < 3 * len(data) + 5_000
    assert host[1] == []


@pytest.mark.parametrize("case", REFUSED)
def test_what_would_harm_is_refused(case: str) -> None:
    with pytest.raises(UnsafeXml):
        xml.harmless(REFUSED[case])
    with pytest.raises(ReportError):
        parse_feed(REFUSED[case])


@pytest.mark.parametrize("case", READ)
def test_what_only_looks_harmful_is_read(case: str) -> None:
    data = READ[case]
    entries = parse_feed(data).entries
    assert [entry.address for entry in entries] == (
        ["https://quiet.example/1"] if b"quiet" in data.replace(b"\0", b"") else []
    )
    assert xml.parse(data).tag == "rss"


def test_no_document_type_reaches_a_parser() -> None:
    assert b"DOCTYPE" not in xml.harmless(READ["external DTD"])
    assert xml.harmless(READ["external DTD"]).startswith(b"<rss")
    assert xml.harmless(READ["UTF-16"]) == feed(ENTRY)


def test_the_worst_take_little_memory() -> None:
    """In a process of its own: how much more it takes at its greatest than after a small feed."""
    script = """
from dragoman.documents import feeds, xml
from dragoman.errors import ReportError
from tests.documents.test_xml import READ, REFUSED
def greatest():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
def parse(data):
    for way in (xml.parse, feeds.parse_feed):
        try:
            way(data)
        except ReportError:
            pass
parse(READ["unclosed tags"])
before = greatest()
for case in (*REFUSED.values(), *READ.values()):
    if len(case) > 200_000:
        parse(case)
print((greatest() - before) / 1024)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=100)
    assert float(done.stdout) < 50
