"""The kinds of files that are read, and by what each is told: the end of its name, or how it begins.

A kind that is added here can be given by itself, lie in a folder, come on standard input or from an address.
"""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.documents.archives import read_wacz, read_warc
from dragoman.documents.incoming import Reads
from dragoman.documents.lines import read_lines
from dragoman.documents.single import read_page, read_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: what it is called, how names of such files end, their media types, how they begin."""

    name: str
    read: Reads
    suffixes: tuple[str, ...] = ()
    media_types: tuple[str, ...] = ()
    starts: tuple[bytes, ...] = ()


KINDS = (
    Kind(name="plain text", read=read_text, suffixes=(".txt",), media_types=("text/plain",)),
    Kind(
        name="a web page",
        read=read_page,
        suffixes=(".html", ".htm"),
        media_types=("text/html", "application/xhtml+xml"),
    ),
    Kind(
        name="JSON Lines",
        read=read_lines,
        suffixes=(".jsonl", ".ndjson"),
        media_types=("application/x-ndjson", "application/jsonl"),
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
)

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
    return next((kind for kind in KINDS if kind.starts and start.startswith(kind.starts)), None)


def by_media_type(media_type: str) -> Kind | None:
    """The kind of a media type such as `text/html`; None for one that tells nothing."""
    return next((kind for kind in KINDS if media_type in kind.media_types), None)
