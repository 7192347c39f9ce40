"""More of `bombs`: PDF, Word, e-mail and tables that were made to take all memory or all time."""

from __future__ import annotations

import io
import stat
import zlib
from typing import Any

import pyarrow
import pyarrow.parquet

from .bombs import MB, TEXT, Long, bomb, long, with_mode, zipped

BODY = "word/document.xml"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(body: str, declared: str = "") -> bytes:
    """A Word document of a body in its XML."""
    xml = f'<?xml version="1.0"?>{declared}<w:document {WORD}><w:body>{body}</w:body></w:document>'
    return zipped((BODY, xml.encode()))


def paragraph(text: str) -> str:
    """A paragraph of a body."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


@bomb("laughs.docx")
def _laughs() -> bytes:
    steps = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    return word(paragraph("&a9;"), f'<!DOCTYPE d [<!ENTITY a0 "ha">{steps}]>')


@bomb("quadratic.docx")
def _quadratic() -> bytes:
    return word(paragraph("&a;" * 50_000), f'<!DOCTYPE d [<!ENTITY a "{"a" * 50_000}">]>')


bomb("entity.docx")(lambda: word(paragraph("&a;"), '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'))
bomb("remote.docx")(lambda: word(paragraph("a"), '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/a.dtd">'))

bomb("pictures.docx")(lambda: zipped((BODY, b"<a/>"), *[(f"{n}.bmp", bytes(30 * MB)) for n in range(9)]))
bomb("long text.docx")(lambda: word(paragraph("a" * 20 * MB)))
bomb("no text.docx")(lambda: word("<w:p/>" * 600_000))
bomb("deep.docx")(lambda: word("<w:tbl><w:tr><w:tc><w:p>" * 300_000))
bomb("token.docx")(lambda: word(f'<w:p w:a="{"a" * 20 * MB}"/>'))
bomb("names.docx")(lambda: word("".join(f"<w:a{n}/>" for n in range(150_000))))
bomb("no body.docx")(lambda: zipped(("word/styles.xml", b"<a/>")))
bomb("linked body.docx")(lambda: zipped((with_mode(BODY, stat.S_IFLNK), b"/etc/passwd")))


def pdf(*objects: bytes, root: bytes = b"1 0 R") -> bytes:
    """A PDF of objects, the first of which is its catalogue unless another one is named."""
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer\n<</Size %d/Root %s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, len(data))
    return data + head + table + trailer


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def deflated(piece: bytes, times: int) -> bytes:
    """A piece that is repeated, packed."""
    packer = zlib.compressobj(1)
    return b"".join([packer.compress(piece) for _ in range(times)]) + packer.flush()


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def one_page(content: bytes, *more: bytes, resources: bytes = b"/Font<</F 5 0 R>>", font: bytes = FONT) -> bytes:
    """A PDF of one page with a content stream (object 4), a font (object 5) and more objects."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>" % resources
    return pdf(CATALOGUE, PAGES, page, content, font, *more)


FLATE = b"/Filter/FlateDecode"
bomb("flate.pdf")(lambda: one_page(stream(deflated(b" " * MB, 300), FLATE)))
bomb("flate in flate.pdf")(
    lambda: one_page(stream(zlib.compress(deflated(b" " * MB, 300)), b"/Filter[/FlateDecode/FlateDecode]"))
)
bomb("filters.pdf")(lambda: one_page(stream(b"", b"/Filter[" + b"/ASCIIHexDecode" * 50_000 + b"]")))
bomb("runs.pdf")(lambda: one_page(stream(b"\x81 " * 5 * MB, b"/Filter/RunLengthDecode")))
bomb("lzw.pdf")(lambda: one_page(stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * MB, b"/Filter/LZWDecode")))
bomb("operators.pdf")(lambda: one_page(stream(deflated(b"q Q " * 100_000, 24), FLATE)))
bomb("nested arrays.pdf")(lambda: one_page(stream(deflated(b"[" * MB, 5), FLATE)))
bomb("one word.pdf")(lambda: one_page(stream(deflated(b"BT /F 9 Tf (aaaaaaaa) Tj ET ", 300_000), FLATE)))
bomb("page of itself.pdf")(lambda: pdf(CATALOGUE, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"))
bomb("pages.pdf")(
    lambda: pdf(
        CATALOGUE, b"<</Type/Pages/Count 90000/Kids[%s]>>" % (b"3 0 R " * 90_000), b"<</Type/Page/Parent 2 0 R>>"
    )
)
bomb("page count.pdf")(lambda: pdf(CATALOGUE, b"<</Type/Pages/Kids[]/Count 2000000000>>"))


@bomb("page tree.pdf")
def _page_tree() -> bytes:
    """Each node has the next one ten times."""
    nodes = [b"<</Type/Pages/Count 1/Kids[%s]>>" % (b"%d 0 R " % (number + 3) * 10) for number in range(30)]
    return pdf(CATALOGUE, *nodes, b"<</Type/Page>>")


@bomb("forms.pdf")
def _forms() -> bytes:
    """Each form draws the next one ten times."""
    forms = [
        stream(b"/X Do " * 10, b"/Type/XObject/Subtype/Form/Resources<</XObject<</X %d 0 R>>>>" % (number + 7))
        for number in range(30)
    ]
    return one_page(stream(b"/X Do"), *forms, resources=b"/XObject<</X 6 0 R>>")


bomb("form of itself.pdf")(
    lambda: one_page(
        stream(b"/X Do"),
        stream(b"/X Do", b"/Type/XObject/Subtype/Form/Resources<</XObject<</X 6 0 R>>>>"),
        resources=b"/XObject<</X 6 0 R>>",
    )
)
bomb("length of itself.pdf")(lambda: one_page(b"<</Length 4 0 R>>stream\nBT ET\nendstream"))
bomb("catalogue of itself.pdf")(lambda: pdf(b"1 0 R"))
bomb("no objects.pdf")(lambda: b"%PDF-1.7\n" + b"1 0 obj " * 3 * MB)
bomb("no end.pdf")(lambda: b"%PDF-1.7\n" + b"<<" * 3 * MB)


@bomb("tables in a circle.pdf")
def _circle() -> bytes:
    data = pdf(CATALOGUE, PAGES)
    return data.replace(b"/Size", b"/Prev %d/Size" % data.index(b"xref"))


@bomb("letters.pdf")
def _letters() -> bytes:
    """A font that says of one letter that it stands for very many."""
    ranges = b"".join(b"<%04x> <ffff> <%04x>\n" % (n, n) for n in range(1, 100))
    table = b"/CIDInit /ProcSet findresource begin begincmap 99 beginbfrange\n%sendbfrange endcmap" % (ranges * 20)
    font = b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R>>"
    return one_page(stream(b"BT /F 9 Tf <0001> Tj ET"), stream(table), font=font)


@bomb("object stream.pdf")
def _object_stream() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n"
        + stream(b"1 0 2 0", b"/Type/ObjStm/N 2000000/First 4/Extends 1 0 R")
        + b"\nendobj\nstartxref\n9\n%%EOF"
    )


long("no lines.mbox", Long(b"From \n", b"a", 300 * MB))
long("one letter.mbox", Long(b"From \n\n", b"a line of words\n", 1_700_000))
long("no letter.mbox", Long(b"", b"a", 300 * MB))
long("long.eml", Long(b"Subject: a\n\n", b"a", 300 * MB))
bomb("short lines.eml")(lambda: b"Subject: a\n\n" + b"\n" * 20 * MB)


@bomb("parts.eml")
def _parts() -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(10_000))


@bomb("parts within the limit.eml")
def _parts_within() -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n" % (n, n) for n in range(50))
    return heads + b"Content-Type: text/plain\n\n" + b"a line that is of no part\n" * 70_000


bomb("letters in letters.eml")(lambda: b"Content-Type: message/rfc822\n\n" * 10_000)
bomb("header.eml")(lambda: b"Subject: " + b"=?utf-8?q?a?= " * 300_000 + b"\n\n" + TEXT)
bomb("folded header.eml")(lambda: b"Subject: a\n" + b" b\n" * 140_000 + b"\n" + TEXT)
bomb("addresses.eml")(lambda: b"From: " + b"(" * 100_000 + b"\n\n" + TEXT)
bomb("parameters.eml")(
    lambda: b"Content-Type: text/plain" + b"".join(b"; a*%d=b" % n for n in range(100_000)) + b"\n\n" + TEXT
)
bomb("charset.eml")(lambda: b"Content-Type: text/plain; charset=punycode\n\n" + b"\xff-" * 5 * MB)
bomb("forwarded.eml")(lambda: b"Subject: a\n\n" + b"  forwarded message\nfrom: a\ndate: b\n" * 25_000)


long("long line.csv", Long(b"text\n", b"a", 300 * MB))
long("long field.csv", Long(b'text\n"', b"a line of words\n", 20 * MB))
long("long header.csv", Long(b"", b"text,", 20 * MB))
long("fields.csv", Long(b"text,outlet\n", b",", 300 * MB))
long("fields of lines.csv", Long(b"text,outlet\n", b'"' + (b"a" * 999 + b"\n") * 400 + b'",', 700))
long("quotes.csv", Long(b"text\n", b'"', 300 * MB))
long("long line.jsonl", Long(b'{"text": "', b"a", 300 * MB))
long("long line.txt", Long(b"", b"a", 300 * MB))
long("long line.html", Long(b"<html>", b"<p>a", 80 * MB))
long("large.pdf", Long(b"%PDF-1.7\n", b"\0", 300 * MB))
long("no end of garbage.parquet", Long(b"PAR1", b"\0", 300 * MB))
bomb("nested.jsonl")(lambda: b"[" * 900_000)


def parquet(column: Any, **options: Any) -> bytes:
    """A Parquet file of the column `text`."""
    written = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": column}), written, compression="zstd", **options)
    return written.getvalue()


bomb("page.parquet")(lambda: parquet(["a" * 70 * MB], use_dictionary=False))


@bomb("dictionary.parquet")
def _dictionary() -> bytes:
    """A hundred thousand rows of the same megabyte."""
    indices = pyarrow.array([0] * 100_000, pyarrow.int32())
    return parquet(pyarrow.DictionaryArray.from_arrays(indices, ["a" * MB]))


@bomb("false page.parquet")
def _false_page() -> bytes:
    """A column that says it is small, with a page that is not."""
    data = bytearray(parquet(["a" * 70 * MB], use_dictionary=False, write_statistics=False))
    size = pyarrow.parquet.ParquetFile(io.BytesIO(data)).metadata.row_group(0).column(0).total_uncompressed_size
    said = varint(2 * size)
    at = data.rindex(said)
    data[at : at + len(said)] = padded(2 * 1_000, len(said))
    return bytes(data)


def varint(number: int) -> bytes:
    """A number as Thrift writes it."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*out, number])


def padded(number: int, length: int) -> bytes:
    """The same in more bytes than it needs."""
    out = bytearray(varint(number))
    while len(out) < length:
        out[-1] |= 0x80
        out.append(0)
    return bytes(out)


bomb("footer.parquet")(lambda: b"PAR1" + b"\x15" * 100 + b"\xff\xff\xff\x7fPAR1")
bomb("cut.parquet")(lambda: parquet([TEXT.decode()] * 1_000)[:-50] + b"PAR1")
