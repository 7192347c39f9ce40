"""What comes back: whole, or an error that names the address and the cure, within every bound of the settings."""

from __future__ import annotations

import gzip
import socket
import time
import tracemalloc
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from threading import Barrier
from typing import Any

import brotli
import pytest
import zstandard

from dragoman.config import Settings
from dragoman.documents.web.fetch import Fetched, Fetcher
from dragoman.documents.web.pace import Pace
from dragoman.errors import AddressRefused, FetchFailed, UsageError
from tests.documents.web.server import Answer, Internet, answer, redirect

PAGE = "http://a.example/page"


def fetched(internet: Internet, said: Answer, **settings: Any) -> Fetched:
    """What the page gives if the site says so."""
    internet.site.pages["/page"] = said
    fetcher = internet.fetcher(**settings)
    return fetcher.fetch(PAGE)


def failed(internet: Internet, said: Answer, words: str, **settings: Any) -> FetchFailed:
    """The failure of the page if the site says so: it names the address and a cure."""
    with pytest.raises(FetchFailed, match=words) as failure:
        fetched(internet, said, **settings)
    assert PAGE in failure.value.what and failure.value.cure
    return failure.value


# --- what is fetched --------------------------------------------------------------------------------


def test_what_is_fetched_is_told_with_its_headers_and_time(internet: Internet) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    said = answer(b"words", content_type='Text/HTML; Charset="UTF-8"', etag='"1"', x_odd="\xe9")
    got = fetched(internet, said)
    assert (got.asked, got.address, got.status, got.content) == (PAGE, PAGE, 200, b"words")
    assert (got.media_type, got.charset, got.header("etag")) == ("text/html", "utf-8", '"1"')
    assert ("x-odd", "\xe9") in got.headers
    assert before <= datetime.fromisoformat(got.captured_at) <= datetime.now(UTC)
    capture = got.capture()
    assert (capture.address, capture.captured_at, capture.status) == (PAGE, got.captured_at, 200)
    assert (capture.sha256, capture.size, capture.content) == (sha256(b"words").hexdigest(), 5, b"words")
    assert (capture.media_type, capture.headers) == ("text/html", got.headers)


def test_the_address_is_the_one_that_answered(internet: Internet) -> None:
    internet.site.pages |= {"/a": redirect("/b?c=d#e"), "/b?c=d": answer(b"words")}
    fetcher = internet.fetcher()
    got = fetcher.fetch("https://a.example/a".replace("https", "http"))
    assert (got.asked, got.address) == ("http://a.example/a", "http://a.example/b?c=d")


def test_who_asks_says_so_and_brings_nothing_else(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    fetched(internet, answer(b"words", set_cookie="a=b"), fetch_contact="desk@news.example")
    fetcher = internet.fetcher()
    fetcher.fetch(PAGE)
    fetcher.fetch(PAGE)
    first, last = internet.site.requests[1], internet.site.requests[-1]
    assert f"User-Agent: Dragoman/{version('dragoman')} (+desk@news.example)\r\n" in first
    assert "GET /page HTTP/1.1\r\nHost: a.example\r\n" in first
    assert f"User-Agent: Dragoman/{version('dragoman')}\r\n" in last
    assert not {"cookie", "authorization", "referer"} & {line.partition(":")[0].lower() for line in last.split("\r\n")}


@pytest.mark.parametrize("contact", ["a\r\nX-Odd: b", "é@a.example", "a\x00"])
def test_a_contact_that_cannot_be_sent_is_refused(contact: str) -> None:
    with pytest.raises(UsageError, match="fetch_contact"):
        Fetcher(Settings(fetch_contact=contact))


def test_what_has_not_changed_is_not_sent_again(internet: Internet) -> None:
    internet.site.pages["/page"] = answer(status="304 Not Modified", etag='"1"')
    fetcher = internet.fetcher()
    got = fetcher.fetch(PAGE, etag='"1"', last_modified="Tue, 04 Mar 2031 10:00:00 GMT")
    assert got.not_modified and got.content == b""
    assert 'If-None-Match: "1"\r\n' in internet.site.requests[-1]
    assert "If-Modified-Since: Tue, 04 Mar 2031 10:00:00 GMT\r\n" in internet.site.requests[-1]
    with pytest.raises(FetchFailed, match="304"):
        fetcher.fetch(PAGE)


def test_an_etag_cannot_bring_a_header_in(internet: Internet) -> None:
    fetcher = internet.fetcher()
    with pytest.raises(FetchFailed):
        fetcher.fetch(PAGE, etag='"1"\r\nX-Odd: a')
    assert internet.site.asked == []


# --- errors that the site tells ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "cure"),
    [(400, "check"), (401, "password"), (403, "browser"), (404, "check"), (410, "archive"), (429, "too often")]
    + [(status, "later") for status in (418, 451, 500, 502, 503, 504, 599, 300, 304, 305, 399)],
)
def test_an_answer_that_is_an_error_is_told_with_its_status(internet: Internet, status: int, cure: str) -> None:
    said = answer(b"sorry", f"{status} Odd", content_encoding="odd")  # what it says besides is not looked at
    failure = failed(internet, said, f"an error .{status}.")
    assert failure.status == status and cure in failure.cure and failure.retry_after is None


@pytest.mark.parametrize("said", ["120", " 120 ", "a moment"])
def test_how_long_a_site_wants_to_be_left_alone_is_kept(internet: Internet, said: str) -> None:
    if said == "a moment":
        said = format_datetime(datetime.now(UTC) + timedelta(seconds=130), usegmt=True)
    failure = failed(internet, answer(status="503 Busy", retry_after=said), "503")
    assert failure.retry_after is not None and 60 < failure.retry_after < 131


@pytest.mark.parametrize("said", ["soon", "", "-5", "1e9", "Tue, 99 Mar 2031", "9" * 40])
def test_a_wait_that_is_none_is_not_kept(internet: Internet, said: str) -> None:
    assert failed(internet, answer(status="503 Busy", retry_after=said), "503").retry_after is None


# --- redirects --------------------------------------------------------------------------------------


def test_redirects_are_bounded(internet: Internet) -> None:
    internet.site.pages |= {f"/{nth}": redirect(f"/{nth + 1}") for nth in range(9)}
    internet.site.pages |= {"/3": redirect("/page"), "/page": answer(b"words")}
    fetcher = internet.fetcher(fetch_redirects=4)
    assert fetcher.fetch("http://a.example/0").content == b"words"
    fetcher = internet.fetcher(fetch_redirects=3)
    with pytest.raises(FetchFailed, match="on and on"):
        fetcher.fetch("http://a.example/0")
    assert internet.site.asked == ["/0", "/1", "/2", "/3", "/page", "/0", "/1", "/2", "/3"]


@pytest.mark.parametrize("location", ["/page", "#a", "http://a.example:80/page", "http://A.example./page"])
def test_a_circle_ends_at_once(internet: Internet, location: str) -> None:
    failed(internet, redirect(location), "on and on")
    assert internet.site.asked == ["/page"]


def test_a_redirect_to_nowhere_is_told(internet: Internet) -> None:
    failed(internet, answer(status="302 Found"), "does not say where")


@pytest.mark.parametrize("location", ["http://[::1", "http://", "//", "http://a b/", "http://\xff.example/", "\\\\b"])
def test_a_redirect_to_what_is_no_address_is_refused(internet: Internet, location: str) -> None:
    with pytest.raises((AddressRefused, FetchFailed)):
        fetched(internet, redirect(location))
    assert internet.site.asked == ["/page"]


def test_a_redirect_may_have_other_letters(internet: Internet) -> None:
    internet.site.pages["/%C3%A9%20b"] = answer(b"words")
    assert fetched(internet, redirect("/é b".encode().decode("latin-1"))).address == "http://a.example/%C3%A9%20b"


# --- bounds -----------------------------------------------------------------------------------------


def dripping(start: bytes, drop: bytes) -> Callable[[socket.socket], None]:
    """Sends a start, and then a drop now and then, for longer than any test waits."""

    def send(to: socket.socket) -> None:
        to.sendall(start)
        for _ in range(400):
            time.sleep(0.05)
            to.sendall(drop)

    return send


def endless(start: bytes, piece: bytes) -> Callable[[socket.socket], None]:
    """Sends a start, and then as many pieces as the other side takes, up to 1 GB."""

    def send(to: socket.socket) -> None:
        to.sendall(start)
        for _ in range((1 << 30) // len(piece)):
            to.sendall(piece)

    return send


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"


DRIPS: dict[str, Answer] = {
    "/status": dripping(b"", b"H"),
    "/headers": dripping(HEAD, b"X-A: b\r\n"),
    "/body": dripping(HEAD + b"\r\n", b"a"),
    "/chunks": dripping(CHUNKED, b"1\r\na\r\n"),
    "/continue": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "/silence": lambda to: time.sleep(20),
}


def test_a_server_that_drips_does_not_hold_us_up(internet: Internet) -> None:
    internet.site.pages |= DRIPS
    began = time.monotonic()
    fetcher = internet.fetcher(fetch_seconds=1)
    with ThreadPoolExecutor(len(DRIPS)) as pool:
        # one host each, so that none waits for another
        asked = [pool.submit(fetcher.fetch, f"http://a{nth}.example{path}") for nth, path in enumerate(DRIPS)]
        for path, one in zip(DRIPS, asked, strict=True):
            with pytest.raises(FetchFailed, match=f"{path} was not there within 1 seconds"):
                one.result()
    assert time.monotonic() - began < 8


def test_a_resolver_that_is_silent_does_not_hold_us_up(internet: Internet) -> None:
    def silent(host: str, port: int) -> list[str]:
        time.sleep(20)
        return []

    fetcher = Fetcher(Settings(fetch_seconds=1), resolve=silent, to=internet.connect)
    began = time.monotonic()
    with pytest.raises(FetchFailed, match="within 1 seconds"):
        fetcher.fetch(PAGE)
    assert time.monotonic() - began < 8
    internet.assert_untouched()


@pytest.mark.parametrize(
    "said",
    [
        endless(HEAD + b"\r\n", b"a" * 65_536),
        endless(CHUNKED, CHUNK),
        endless(HEAD + b"Content-Length: 99999999999\r\n\r\n", b"a" * 65_536),
        answer(b"a" * 100_001),
        HEAD + b"Content-Length: 100001\r\n\r\n",
    ],
    ids=["open", "chunked", "announced", "one too many", "only announced"],
)
def test_a_body_that_is_too_long_is_not_taken_in(internet: Internet, said: Answer) -> None:
    tracemalloc.start()
    failure = failed(internet, said, "longer than 100,000 bytes", fetch_bytes=100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "DRAGOMAN_FETCH_BYTES" in failure.cure
    assert peak < 20_000_000


def test_a_body_of_just_the_greatest_length_is_taken_in(internet: Internet) -> None:
    assert len(fetched(internet, answer(b"a" * 100_000), fetch_bytes=100_000).content) == 100_000


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (HEAD + b"X-A: b\r\n" * 201 + b"\r\n", "201 headers"),
        (HEAD + b"X-A: " + b"b" * 70_000 + b"\r\n\r\n", "1 headers of 70,003 bytes"),
        (endless(HEAD, b"X-A: b\r\n" * 1_000), "broke off"),
        (endless(HEAD + b"X-A: ", b"b" * 65_536), "broke off"),
        (endless(b"HTTP/1.1 200 ", b"O" * 65_536), "broke off"),
        (endless(CHUNKED + b"1;", b"a" * 65_536), "broke off"),
        (endless(CHUNKED + b"0\r\n", b"X-A: b\r\n" * 1_000), "broke off"),
    ],
    ids=["many", "long", "endless", "one endless", "status line", "chunk", "trailer"],
)
def test_a_bomb_of_headers_is_not_taken_in(internet: Internet, said: Answer, words: str) -> None:
    failed(internet, said, words)


@pytest.mark.parametrize(
    "said",
    [
        HEAD + b"Content-Length: 10\r\n\r\nwords",
        HEAD + b"Content-Length: -1\r\n\r\nwords",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nwords",
        HEAD + b"Content-Length: five\r\n\r\nwords",
        CHUNKED + b"5\r\nwor",
        CHUNKED + b"zz\r\nwords\r\n0\r\n\r\n",
        CHUNKED + b"-5\r\nwords\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        HEAD + b"X-A\r\n\r\n",
        HEAD + b"X-A: b\x00c\r\n\r\n",
        b"220 mail.example ready\r\n",
        b"SSH-2.0-a\r\n",
        b"\x00" * 500,
        b"",
        HEAD,
    ],
)
def test_what_is_not_proper_http_is_told(internet: Internet, said: bytes) -> None:
    failed(internet, said, "broke off or is no web server")


def test_what_comes_after_the_length_that_was_told_is_not_taken_in(internet: Internet) -> None:
    assert fetched(internet, HEAD + b"Content-Length: 5\r\n\r\nwords and more").content == b"words"


def test_an_offer_to_speak_another_protocol_is_no_document(internet: Internet) -> None:
    failed(internet, b"HTTP/1.1 101 Switching\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n", "broke off")


# --- packed bodies (row 7) --------------------------------------------------------------------------

PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: bytes(brotli.compress(data, quality=4)),
    "zstd": zstandard.compress,
    "identity": bytes,
}
TWICE = [f"{inner}, {outer}" for inner in list(PACK)[:-1] for outer in list(PACK)[:-1]]


def packed(data: bytes, encoding: str) -> bytes:
    """The data packed in each way of a Content-Encoding header, one after the other."""
    for layer in encoding.split(", "):
        data = PACK[layer](data)
    return data


def raw(data: bytes) -> bytes:
    """Deflated without a header, as some servers do."""
    deflating = zlib.compressobj(wbits=-15)
    return deflating.compress(data) + deflating.flush()


@pytest.mark.parametrize("encoding", [*PACK, *TWICE])
def test_packed_bodies_are_unpacked(internet: Internet, encoding: str) -> None:
    body = packed(b"words " * 5_000, encoding)
    assert fetched(internet, answer(body, content_encoding=encoding)).content == b"words " * 5_000


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("deflate", raw(b"words")),
        ("GZIP", gzip.compress(b"words", mtime=0)),
        ("gzip", gzip.compress(b"wo", mtime=0) + gzip.compress(b"rds", mtime=0)),
        ("zstd", zstandard.compress(b"wo") + zstandard.compress(b"rds")),
        ("identity, gzip,", gzip.compress(b"words", mtime=0)),
        ("", b"words"),
    ],
)
def test_ways_of_packing_that_servers_have_are_known(internet: Internet, encoding: str, body: bytes) -> None:
    assert fetched(internet, answer(body, content_encoding=encoding)).content == b"words"


ODD_BOMBS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "raw deflate": ("deflate", raw),
    "many gzips": ("gzip", lambda zeros: gzip.compress(zeros[:500_000]) * 40),
    "many zstds": ("zstd", lambda zeros: zstandard.compress(zeros[:500_000]) * 40),
    "gzip in zeros": ("gzip", lambda zeros: gzip.compress(gzip.compress(zeros) + zeros)),
}


@pytest.mark.parametrize("kind", [*list(PACK)[:-1], *TWICE, *ODD_BOMBS])
def test_a_bomb_does_not_go_off(internet: Internet, kind: str) -> None:
    encoding, pack = ODD_BOMBS.get(kind) or (kind, partial(packed, encoding=kind))
    bomb = answer(pack(bytes(20_000_000)), content_encoding=encoding)
    tracemalloc.start()
    failed(internet, bomb, "longer than 2,000,000 bytes", fetch_bytes=2_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("encoding", ["gzip, gzip, gzip", "compress", "bzip2", "xz", "exi", "gzip;q=1", "a" * 500])
def test_odd_ways_of_packing_are_refused(internet: Internet, encoding: str) -> None:
    failed(internet, answer(b"words", content_encoding=encoding), "packed in an odd way")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("harm", [lambda body: body[:-3], lambda body: body[:9], lambda body: b"words " * 9])
def test_what_is_not_packed_as_it_says_is_told(
    internet: Internet, encoding: str, harm: Callable[[bytes], bytes]
) -> None:
    body = harm(packed(bytes(range(256)) * 40, encoding))
    failed(internet, answer(body, content_encoding=encoding), "not packed as it says")


# --- several at once --------------------------------------------------------------------------------


def test_a_host_is_asked_by_one_at_a_time_with_a_pause() -> None:
    pace, turns = Pace(), list[tuple[float, float]]()

    def ask(host: str) -> None:
        with pace.turn(host, 0.1):
            began = time.monotonic()
            time.sleep(0.05)
            turns.append((began, time.monotonic()))

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(ask, ["a.example"] * 3))
    assert all(later - ended >= 0.1 for (_, ended), (later, _) in pairwise(turns))


def test_hosts_do_not_wait_for_one_another() -> None:
    pace, met = Pace(), Barrier(2)

    def ask(host: str) -> None:
        with pace.turn(host, 60):
            met.wait(5)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, ["a.example", "b.example"]))


def test_a_turn_that_fails_ends(internet: Internet) -> None:
    pace = Pace()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), pace.turn("a.example", 0):
            raise ZeroDivisionError


@pytest.mark.parametrize(
    ("rules", "pause"),
    [
        ("", 2.0),
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nCrawl-delay: 1", 2.0),
        ("User-agent: *\nCrawl-delay: 86400", 30.0),
        ("User-agent: *\nCrawl-delay: nan", 2.0),
        ("User-agent: *\nCrawl-delay: -9", 2.0),
        ("User-agent: dragoman\nCrawl-delay: 0.5\n\nUser-agent: *\nCrawl-delay: 9", 2.0),
    ],
)
def test_the_pause_is_the_longer_of_ours_and_the_sites(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, rules: str, pause: float
) -> None:
    pauses: list[tuple[str, float]] = []

    def turn(self: Pace, host: str, pause: float) -> AbstractContextManager[None]:
        pauses.append((host, pause))
        return nullcontext()

    monkeypatch.setattr(Pace, "turn", turn)
    internet.site.pages |= {"/robots.txt": answer(rules.encode()), "/page": answer(b"words")}
    fetcher = internet.fetcher(fetch_pause=2)
    fetcher.fetch(PAGE)
    assert pauses == [("a.example", 2.0), ("a.example", pause)]


# --- hosts that want to be left alone -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (answer(status="429 Slow", retry_after="120"), 120),
        (answer(status="429 Slow"), 600),
        (answer(status="503 Busy", retry_after="9999999"), 7 * 86_400),
        (answer(status="503 Busy"), 0),  # which may be about that page alone
        (answer(status="404 None", retry_after="120"), 0),
    ],
)
def test_a_host_is_not_asked_while_it_wants_to_be_left_alone(internet: Internet, said: Answer, seconds: float) -> None:
    now = 1_000.0
    internet.site.pages |= {"/page": said, "/other": answer(b"words")}
    fetcher = Fetcher(Settings(fetch_pause=0), resolve=internet.resolve, to=internet.connect, now=lambda: now)
    with pytest.raises(FetchFailed):
        fetcher.fetch(PAGE)
    assert fetcher.refusal(PAGE) == seconds and fetcher.refusal("http://b.example/") == 0
    if seconds:
        with pytest.raises(FetchFailed, match=r"a\.example/other .* wants to be left alone") as failure:
            fetcher.fetch("http://a.example/other")
        assert (failure.value.status, failure.value.retry_after) == (429 if seconds < 1_000 else 503, seconds)
        assert internet.site.asked == ["/page"]
    assert fetcher.fetch("http://b.example/other").content == b"words"
    now += seconds
    assert fetcher.fetch("http://a.example/other").content == b"words"
    assert fetcher.refusal("ftp://odd") == 0


def test_a_host_that_wants_to_be_left_alone_for_a_moment_is_waited_for(internet: Internet) -> None:
    internet.site.pages |= {"/page": answer(status="429 Slow", retry_after="1"), "/other": answer(b"words")}
    fetcher = internet.fetcher()
    with pytest.raises(FetchFailed):
        fetcher.fetch(PAGE)
    assert fetcher.refusal(PAGE) == 0
    asked = time.monotonic()
    assert fetcher.fetch("http://a.example/other").content == b"words"
    assert time.monotonic() - asked > 0.9
