"""Web archives made for tests, their pages invented: written with warcio, as most programs write them."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass

import zstandard
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

WORDS = "the council said on Tuesday that officials would keep its bridge shut until a court has ruled".split()


def article(number: int, sentences: int = 6) -> bytes:
    """An invented page that no other number gives."""
    told = (
        f"<p>On day {number * 7 + n} the council of Orrin {number} said that bridge {n * number} would stay shut, "
        f"because {WORDS[(n + number) % len(WORDS)]} and {number ^ n} other reasons were heard by officials.</p>"
        for n in range(sentences)
    )
    head = f"<!doctype html><html><head><title>Bridge {number} stays shut</title></head>"
    return f"{head}<body><article><h1>Bridge {number} stays shut</h1>{''.join(told)}</article></body></html>".encode()


class Written:
    """An archive being written; `parts` are its records as they stand in the plain file."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def add(
        self,
        address: str,
        body: bytes,
        *headers: tuple[str, str],
        status: str = "200 OK",
        kind: str = "response",
        at: str = "2031-03-04T05:06:07Z",
    ) -> None:
        """A record with an answer over HTTP."""
        told = headers or (("Content-Type", "text/html; charset=utf-8"),)
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        answer = StatusAndHeaders(status, list(told), protocol="HTTP/1.1")
        fields = {"WARC-Date": at}
        record = writer.create_warc_record(
            address, kind, payload=io.BytesIO(body), http_headers=answer, warc_headers_dict=fields
        )
        writer.write_record(record)
        self.parts.append(stream.getvalue())

    def info(self) -> None:
        """The record that tells who wrote the file."""
        stream = io.BytesIO()
        writer = WARCWriter(stream, gzip=False)
        writer.write_record(writer.create_warcinfo_record("invented.warc", {"software": "tests"}))
        self.parts.append(stream.getvalue())


@dataclass(frozen=True)
class Form:
    """A way to pack an archive: how its files are called, and what comes out."""

    suffix: str
    head: bytes
    parts: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        return self.head + b"".join(self.parts)

    def bounds(self) -> list[tuple[int, int]]:
        """Where each record begins and ends in the file."""
        at, bounds = len(self.head), []
        for part in self.parts:
            bounds.append((at, at + len(part)))
            at += len(part)
        return bounds


def packed(parts: list[bytes], form: str) -> Form:
    """The records as `plain`, `gzip`, `zstd`, or zstd with its dictionary in a first frame (`dictionary`)."""
    if form == "plain":
        return Form(".warc", b"", tuple(parts))
    if form == "gzip":
        return Form(".warc.gz", b"", tuple(gzip.compress(part, mtime=0) for part in parts))
    if form == "zstd":
        return Form(".warc.zst", b"", tuple(map(zstandard.ZstdCompressor().compress, parts)))
    dictionary = zstandard.train_dictionary(2_000, [*parts * 20])
    frame = zstandard.ZstdCompressor().compress(dictionary.as_bytes())
    head = b"\x5d\x2a\x4d\x18" + len(frame).to_bytes(4, "little") + frame
    return Form(".warc.zst", head, tuple(map(zstandard.ZstdCompressor(dict_data=dictionary).compress, parts)))
