"""The kinds of files that are read, and by what each is told: the end of its name, or how it begins.

A kind that is added here can be given by itself, lie in a folder, come on standard input or from an address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dragoman.documents.archives import read_wacz, read_warc
from dragoman.documents.feeds import looks_like_feed
from dragoman.documents.incoming import ReadsFile
from dragoman.documents.lines import read_lines
from dragoman.documents.listed import read_feed
from dragoman.documents.mail import MEDIA_TYPE as LETTER
from dragoman.documents.mail import read_letter, read_mailbox
from dragoman.documents.packed import read_packed, read_zip
from dragoman.documents.parquet import read_parquet
from dragoman.documents.pdf import read_pdf
from dragoman.documents.separated import read_csv
from dragoman.documents.single import read_page, read_text
from dragoman.documents.word import MEDIA_TYPE as WORD
from dragoman.documents.word import read_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: what it is called, how names of such files end, their media types, how they begin.

    `looks` tells it by the first bytes where no fixed ones do. A file of `text` is a report in characters: it may be as
    long as `max_bytes`, not `max_file_bytes`, and the encoding that its server tells counts.
    """

    name: str
    read: ReadsFile
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    starts: tuple[bytes, ...] = ()
    looks: Callable[[bytes], bool] = lambda start: False
    text: bool = False


_PLAIN = (
    Kind(name="plain text", read=read_text, suffixes=(".txt",), media_types=("text/plain",), text=True),
    Kind(
        name="a web page",
        read=read_page,
        suffixes=(".html", ".htm"),
        media_types=("text/html", "application/xhtml+xml"),
        text=True,
    ),
    Kind(
        name="JSON Lines",
        read=read_lines,
        suffixes=(".jsonl", ".ndjson"),
        media_types=("application/x-ndjson", "application/jsonl"),
    ),
    Kind(name="PDF", read=read_pdf, suffixes=(".pdf",), media_types=("application/pdf",), starts=(b"%PDF-",)),
    Kind(
        name="an e-mail",
        read=read_letter,
        suffixes=(".eml",),
        media_types=(LETTER,),
        starts=(b"Return-Path:", b"Delivered-To:", b"Received:", b"MIME-Version:"),
    ),
    Kind(name="a mailbox", read=read_mailbox, suffixes=(".mbox",), media_types=("application/mbox",)),
    Kind(
        name="a table as CSV",
        read=read_csv,
        suffixes=(".csv", ".tsv"),
        media_types=("text/csv", "text/tab-separated-values"),
    ),
    Kind(
        name="a table as Parquet",
        read=read_parquet,
        suffixes=(".parquet",),
        media_types=("application/vnd.apache.parquet",),
        starts=(b"PAR1",),
    ),
    Kind(name="a Word document", read=read_word, suffixes=(".docx",), media_types=(WORD,)),
)


def _packed(coding: str, suffix: str, media_type: str, start: bytes) -> Kind:
    """Files of the plain kinds, packed. Of others nothing is known by their name: `.gz` may be anything."""
    return Kind(
        name=f"packed with {coding}",
        read=read_packed(coding, suffix),
        suffixes=tuple(plain + suffix for kind in _PLAIN for plain in kind.suffixes),
        media_types=(media_type,),
        starts=(start,),
    )


KINDS = (
    *_PLAIN,
    Kind(
        name="a feed",
        read=read_feed,
        suffixes=(".rss", ".atom", ".opml"),
        media_types=("application/rss+xml", "application/atom+xml", "application/feed+json", "text/x-opml"),
        looks=looks_like_feed,
    ),
    Kind(
        name="a web archive (WARC)",
        read=read_warc,
        suffixes=(".warc", ".warc.gz", ".warc.zst"),
        media_types=("application/warc",),
        starts=(b"WARC/1.",),
    ),
    Kind(
        name="a web archive (WACZ)",
        read=read_wacz,
        suffixes=(".wacz",),
        media_types=("application/wacz", "application/x-wacz", "application/wacz+zip"),
    ),
    _packed("gzip", ".gz", "application/gzip", b"\x1f\x8b"),
    _packed("bzip2", ".bz2", "application/x-bzip2", b"BZh"),
    _packed("xz", ".xz", "application/x-xz", b"\xfd7zXZ\x00"),
    _packed("zstd", ".zst", "application/zstd", b"\x28\xb5\x2f\xfd"),
    Kind(
        name="a zip archive",
        read=read_zip,
        suffixes=(".zip",),
        media_types=("application/zip",),
        starts=(b"PK\x03\x04", b"PK\x05\x06"),
    ),
)

PLAIN = tuple(suffix for kind in _PLAIN for suffix in kind.suffixes)
"""How names of files end that are read as they are: the others are packed, or hold many."""

SUFFIXES = tuple(sorted({suffix for kind in KINDS for suffix in kind.suffixes}))
"""Files of a folder whose names end so are read."""

LONGEST_START = 4096
"""Bytes that are looked at to tell a kind."""


def by_name(name: str) -> Kind | None:
    """The kind of file that a name ends like."""
    lower = name.lower()
    return next((kind for kind in KINDS if lower.endswith(kind.suffixes)), None)


def by_start(start: bytes) -> Kind | None:
    """The kind of file that begins so; None where that does not tell."""
    return next((kind for kind in KINDS if start.startswith(kind.starts) or kind.looks(start)), None)


def by_media_type(media_type: str) -> Kind | None:
    """The kind of a media type such as `text/html`; None for one that tells nothing."""
    return next((kind for kind in KINDS if media_type in kind.media_types), None)
