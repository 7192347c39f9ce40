"""Row 12 of the reliability table: web archives cut or garbled anywhere give every record that is whole."""

from __future__ import annotations

import gzip
import io
import random
import time
import tracemalloc

import pytest

from dragoman.documents.warc import Damage, Record, records, scattered

from .web_archives import Form, Written, article, packed

COUNT = 24
FORMS = ("plain", "gzip", "zstd", "dictionary")


def archive(form: str) -> Form:
    written = Written()
    for number in range(COUNT):
        written.add(f"https://orrin.example/{number}", article(number, 2 + number % 5))
    return packed(written.parts, form)


def read(data: bytes, suffix: str, most: int = 1 << 20) -> list[Record | Damage]:
    return list(records(io.BytesIO(data), f"x{suffix}", most))


def numbers(found: list[Record | Damage]) -> set[int]:
    """The numbers of the articles whose pages came out exactly as they went in."""
    pages = {article(number, 2 + number % 5): number for number in range(COUNT)}
    bodies = (one.block.split(b"\r\n\r\n", 1)[-1] for one in found if isinstance(one, Record) and one.block)
    return {pages[body] for body in bodies if body in pages}


def damages(found: list[Record | Damage]) -> list[Damage]:
    return [one for one in found if isinstance(one, Damage)]


@pytest.mark.parametrize("form", FORMS)
def test_a_sound_archive_comes_whole(form: str) -> None:
    made = archive(form)
    found = read(made.data, made.suffix)
    assert numbers(found) == set(range(COUNT))
    assert [one.offset for one in found] == [start for start, _ in made.bounds()]
    assert all(isinstance(one, Record) and one.fields["warc-type"] == "response" for one in found)


@pytest.mark.parametrize("form", FORMS)
def test_cut_anywhere(form: str) -> None:
    made = archive(form)
    begin, size = len(made.head), len(made.data)
    for at in {begin + (size - begin) * n // 300 for n in range(1, 300)} | {start + 1 for start, _ in made.bounds()}:
        found = read(made.data[:at], made.suffix)
        whole = {number for number, (_, end) in enumerate(made.bounds()) if end <= at}
        assert numbers(found) >= whole, at
        # a plain record that lacks no more than the empty lines after it is whole
        last = [start for start, end in made.bounds() if start < at < end - 4 * (form == "plain")]
        assert [one.offset for one in damages(found)] == last, at


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", ("garbled", "left out", "put in", "zeroed"))
def test_garbled_anywhere(form: str, how: str) -> None:
    made, draw = archive(form), random.Random(how)
    begin, data = len(made.head), made.data
    told = 0
    for n in range(320):
        at = begin + (len(data) - begin) * n // 320
        size = draw.choice((1, 2, 16, 300, 3_000))
        junk = {"garbled": draw.randbytes(size), "zeroed": bytes(size)}
        if how == "left out":
            broken, end = data[:at] + data[at + size :], at + size
        elif how == "put in":
            broken, end = data[:at] + draw.randbytes(size) + data[at:], at + 1
        else:
            broken, end = (data[:at] + junk[how] + data[at + size :])[: len(data)], at + size
        found = read(broken, made.suffix)
        whole = {number for number, (start, stop) in enumerate(made.bounds()) if stop <= at or start >= end}
        assert numbers(found) >= whole, (at, size)
        told += bool(damages(found))
        # what is put in may begin with the bytes that stood there
        other = next((i for i, (new, old) in enumerate(zip(broken, data, strict=False)) if new != old), len(broken))
        assert all(one.offset < max(end, other + 1) for one in damages(found)[:1]), (at, size)
    # not told is what touches nothing that is read: a field of a plain head, the time in a head of gzip
    assert told > 250


def test_garbled_at_many_places_at_once() -> None:
    draw = random.Random(7)
    for form in FORMS:
        made = archive(form)
        for _ in range(50):
            data = bytearray(made.data)
            hit = draw.sample(range(len(made.head), len(data)), 6)
            for at in hit:
                data[at] ^= draw.randrange(1, 256)
            whole = {n for n, (start, end) in enumerate(made.bounds()) if not any(start <= at < end for at in hit)}
            assert numbers(read(bytes(data), made.suffix)) >= whole, (form, hit)


def test_a_wrong_length_does_not_swallow_the_next_records() -> None:
    made = archive("plain")
    for new in (b"Content-Length: 9", b"Content-Length: 99999999", b"Content-Length: -1", b"Content-Length:"):
        parts = list(made.parts)
        line = next(line for line in parts[3].split(b"\r\n") if line.startswith(b"Content-Length"))
        parts[3] = parts[3].replace(line, new, 1)
        found = read(b"".join(parts), ".warc")
        assert numbers(found) == set(range(COUNT)) - {3}
        assert [one.offset for one in damages(found)] == [made.bounds()[3][0]]


def test_words_that_do_not_fit_their_digest_are_no_record() -> None:
    made = archive("plain")
    data = made.data.replace(b"council of Orrin 5 ", b"council of Orrim 5 ")
    found = read(data, ".warc")
    assert numbers(found) == set(range(COUNT)) - {5}
    assert "digest" in damages(found)[0].why


def test_an_archive_within_a_record_is_not_taken_apart() -> None:
    inner, outer = archive("plain"), Written()
    outer.add("https://orrin.example/archive.warc", inner.data, ("Content-Type", "application/warc"))
    outer.add("https://orrin.example/1", article(1, 3))
    for form in FORMS[:3]:
        found = read(packed(outer.parts, form).data, packed(outer.parts, form).suffix)
        assert len(found) == 2


def test_one_member_with_all_records_is_read() -> None:
    """Some programs pack a whole file at once."""
    made = archive("plain")
    assert numbers(read(gzip.compress(made.data), ".warc.gz")) == set(range(COUNT))


def test_records_between_other_things_are_found() -> None:
    made = archive("gzip")
    data = b"PK\x03\x04 junk" + made.data[: made.bounds()[9][1]] + b"\x1f\x8b\x08 junk" * 9 + made.data
    assert len(numbers(list(scattered(io.BytesIO(data), 1 << 20)))) == COUNT


def test_a_record_over_the_limit_is_not_held() -> None:
    written = Written()
    written.add("https://orrin.example/film", bytes(60_000_000), ("Content-Type", "video/mp4"))
    written.add("https://orrin.example/1", article(1, 3))
    for form in FORMS[:3]:
        made = packed(written.parts, form)
        file = io.BytesIO(made.data)
        tracemalloc.start()
        found = list(records(file, made.suffix, 1 << 20))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert [one.block is None for one in found if isinstance(one, Record)] == [True, False]
        assert numbers(found) == {1}
        assert peak < 20_000_000, (form, peak)


@pytest.mark.parametrize(
    "data",
    (
        b"WARC/1.0\r\nA:" * 60_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900000\r\n\r\n" * 30_000,
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\n" * 30_000,
        b"\x1f\x8b\x08" * 300_000,
        b"\x28\xb5\x2f\xfd" * 300_000,
        gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 90000\r\n\r\n") * 5_000,
        b"WARC/1.0" + b"\r\n" * 900_000,
        b"\x5d\x2a\x4d\x18\xff\xff\xff\xff" + bytes(900_000),
    ),
)
def test_what_was_made_to_take_long_does_not(data: bytes) -> None:
    began = time.process_time()
    for _ in records(io.BytesIO(data), "x", 1 << 20):
        pass
    assert time.process_time() - began < 10


def test_a_bomb_is_passed_over() -> None:
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 400000000\r\n\r\n"
    bomb = gzip.compress(head + bytes(400_000_000))
    made = archive("gzip")
    found = read(bomb + made.data, ".warc.gz")
    assert numbers(found) == set(range(COUNT))
    assert "bomb" in damages(found)[0].why
