"""An address -> the document that it gives, or an error that tells why not.

Invariant: no request goes to a number that was not checked, or takes longer, sends more or leads further than the
settings allow. Proxies, cookies and passwords of this machine are not used: the guard would not see behind a proxy.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from importlib.metadata import version
from time import monotonic
from typing import BinaryIO

import httpcore2

from dragoman.config import Settings
from dragoman.documents.answers import content_type
from dragoman.documents.unpack import Allowance, unpacked
from dragoman.documents.web import connect
from dragoman.documents.web.addresses import Address, allowed_hosts, check, check_numbers, parse
from dragoman.documents.web.pace import Pace
from dragoman.documents.web.robots import NAME, Robots
from dragoman.errors import AddressRefused, DamagedFile, FetchFailed, UnpacksTooFar, UsageError
from dragoman.records import Capture

Headers = tuple[tuple[str, str], ...]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_FOR_GOOD = frozenset({301, 308})
_NOT_MODIFIED = 304
_CODINGS = frozenset({"gzip", "deflate", "br", "zstd"})
_TOO_MANY, _UNAVAILABLE = 429, 503
_USUAL_REFUSAL = 600.0
"""Seconds for which a host is left alone that was asked too often and does not say for how long."""
_MOST_LAYERS = 2
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
_CURES = {
    401: "it wants a password: save the page with a browser and give the file",
    403: "the site does not let programs fetch it: save the page with a browser and give the file",
    404: "check the address",
    410: "it is gone: look for it in a web archive",
    429: "the site was asked too often: try again later",
}
_SAVE = "save the page with a browser and give the file"
_LATER = "check the address, or try again later"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave. `asked` is the address given, `address` the one that answered, after redirects.

    `content` is unpacked, while `headers` are as they came: a Content-Length or Content-Encoding is that of the way.
    `captured_at` is in UTC (ISO 8601); `charset` and `media_type` are what the headers say, in lower case. `moved` is
    the address to ask from now on, where the site says that it has moved for good. `within` is whether what it names
    counts as named by the user: it was itself, and all on the way to it lies at hosts that the settings allow.
    """

    asked: str
    address: str
    status: int
    headers: Headers
    media_type: str | None
    charset: str | None
    content: bytes
    captured_at: str
    moved: str | None = None
    within: bool = False

    @property
    def not_modified(self) -> bool:
        """Whether it is still as it was when it had the `etag` or `last_modified` that were given."""
        return self.status == _NOT_MODIFIED

    def header(self, name: str) -> str | None:
        """The first header of that name in lower case."""
        return _header(self.headers, name)

    def capture(self) -> Capture:
        """What the ledger keeps beside a report that was taken from it."""
        return Capture(
            address=self.address,
            captured_at=self.captured_at,
            sha256=sha256(self.content).hexdigest(),
            size=len(self.content),
            media_type=self.media_type,
            status=self.status,
            headers=self.headers,
            content=self.content,
        )


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Headers
    content: bytes = b""


class Fetcher:
    """Fetches addresses politely: one for a whole run, as it keeps the pace. Several threads may share it.

    What looks names up, what connects and the clock of the pace may be given in place of this machine's.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        resolve: connect.Resolve = connect.resolve,
        to: connect.Connect = connect.connect,
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._settings = settings
        self._resolve = resolve
        self._connect = to
        self._allowed = allowed_hosts(settings.fetch_allow)
        self._agent = _user_agent(settings.fetch_contact)
        self._pace = Pace(now)
        self._robots = Robots(lambda address, within: self._followed(address, (), within, None).content)

    def fetch(
        self, address: str, *, within: bool = True, etag: str | None = None, last_modified: str | None = None
    ) -> Fetched:
        """The document of an address. With `etag` or `last_modified` of an earlier one, perhaps only `not_modified`.

        `within` is False for an address that a document names which was not `within` itself.
        Raises AddressRefused for what may not be fetched, FetchFailed where it does not answer, not in time, with an
        error or with too much.
        """
        asked = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
        conditions = tuple((name, value) for name, value in asked if value)
        return self._followed(address, conditions, within, self._robots)

    def _followed(self, given: str, conditions: Headers, within: bool, robots: Robots | None) -> Fetched:
        """What an address gives, after redirects. Each address on the way is checked like the first."""
        address = parse(given)
        if self._settings.offline:
            raise AddressRefused(
                f"{address} is not fetched: the network is off", "leave out --offline or DRAGOMAN_OFFLINE"
            )
        met = set[Address]()
        asked = moved = address
        while address not in met and len(met) <= self._settings.fetch_redirects:
            met.add(address)
            # An internal host may send us to another, but nobody outside may.
            within = within and address.is_one_of(self._allowed)
            if not within:
                check(address)
            pause = max(self._settings.fetch_pause, robots.pause(address, within) if robots else 0)
            with _told(address, self._settings), self._pace.turn(address.host, pause):
                answer = self._request(address, within, conditions)
                self._heed(address, answer)
            if answer.status not in _REDIRECTS:
                document = self._document(given, address, answer, bool(conditions))
                return replace(document, moved=None if moved == asked else str(moved), within=within)
            next = _next(address, answer)
            moved = next if answer.status in _FOR_GOOD and moved == address else moved
            address = next
        raise FetchFailed(f"{parse(given)} leads on and on, at last to {address}", "check the address")

    def refusal(self, address: str) -> float:
        """The seconds for which the host of an address is not asked as it wants to be left alone, 0 if it is."""
        try:
            return self._pace.refusal(parse(address).host)
        except AddressRefused:  # it is never asked
            return 0.0

    def _heed(self, address: Address, answer: _Answer) -> None:
        """Leaves a host alone that wants it."""
        wait = _seconds(_header(answer.headers, "retry-after"))
        if answer.status == _TOO_MANY or (answer.status == _UNAVAILABLE and wait):
            self._pace.refused(address.host, _USUAL_REFUSAL if wait is None else wait, answer.status)

    def _request(self, address: Address, within: bool, conditions: Headers) -> _Answer:
        """One request, and its answer as it came."""
        deadline = connect.Deadline(self._settings.fetch_seconds)
        numbers = connect.numbers_of(address, self._resolve, deadline)
        if not within:
            check_numbers(address, numbers)
        url, sent = _url(address), self._headers(address, conditions)
        with (
            connect.connected(address, numbers, deadline, self._connect) as connection,
            connection.stream("GET", url, headers=sent) as response,
        ):
            headers = _bounded(response.headers, self._settings)
            if not 200 <= response.status < 300:
                return _Answer(response.status, headers)
            content = b"".join(_parts(response, headers, self._settings.fetch_bytes))
        encoding = _header(headers, "content-encoding") or ""
        return _Answer(response.status, headers, _unpacked(content, encoding, self._settings.fetch_bytes))

    def _headers(self, address: Address, conditions: Headers) -> list[tuple[str, str]]:
        return [
            ("Host", address.authority),
            ("User-Agent", self._agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", "gzip, deflate, br, zstd"),
            ("Accept-Language", "en, *;q=0.5"),
            ("Connection", "close"),
            *conditions,
        ]

    def _document(self, given: str, address: Address, answer: _Answer, conditional: bool) -> Fetched:
        status = answer.status
        if not (200 <= status < 300 or (status == _NOT_MODIFIED and conditional)):
            wait = _seconds(_header(answer.headers, "retry-after"))
            cure = _CURES.get(status, _LATER)
            raise FetchFailed(f"{address} was answered with an error ({status})", cure, status=status, retry_after=wait)
        media_type, charset = content_type(_header(answer.headers, "content-type") or "")
        return Fetched(
            asked=given,
            address=str(address),
            status=status,
            headers=answer.headers,
            media_type=media_type or None,
            charset=charset or None,
            content=answer.content,
            captured_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )


def _user_agent(contact: str) -> str:
    """Who asks: our name and version, and whom to write to."""
    if not contact.isascii() or not contact.isprintable():
        raise UsageError("fetch_contact (DRAGOMAN_FETCH_CONTACT) cannot be sent", "give a page or an e-mail address")
    return f"{NAME}/{version('dragoman')}" + (f" (+{contact})" if contact else "")


def _url(address: Address) -> httpcore2.URL:
    """The address as taken apart here, so that nobody else takes it apart in another way."""
    host, target = address.host.encode(), address.target.encode()
    return httpcore2.URL(scheme=address.scheme.encode(), host=host, port=address.port, target=target)


@contextmanager
def _told(address: Address, settings: Settings) -> Iterator[None]:
    """What goes wrong on the way, as a FetchFailed error that names the address."""
    try:
        yield
    except FetchFailed as error:
        what = f"{address} is not taken in: {error.what}"
        raise FetchFailed(what, error.cure, status=error.status, retry_after=error.retry_after) from error
    except httpcore2.TimeoutException as error:
        what = f"{address} was not there within {settings.fetch_seconds} seconds"
        raise FetchFailed(what, "try again later, or raise the limit: DRAGOMAN_FETCH_SECONDS") from error
    except httpcore2.ConnectError as error:
        raise FetchFailed(f"{address} cannot be reached: {error}", _LATER) from error
    except (httpcore2.ProtocolError, httpcore2.NetworkError, OSError, ValueError) as error:
        raise FetchFailed(f"{address} broke off or is no web server: {error}", _LATER) from error


def _bounded(raw: list[tuple[bytes, bytes]], settings: Settings) -> Headers:
    """The headers; FetchFailed where they are too many or too long."""
    size = sum(len(name) + len(value) for name, value in raw)
    if len(raw) > settings.fetch_headers or size > settings.fetch_header_bytes:
        limits = "DRAGOMAN_FETCH_HEADERS, DRAGOMAN_FETCH_HEADER_BYTES"
        raise FetchFailed(f"the answer has {len(raw)} headers of {size:,} bytes", f"raise the limits: {limits}")
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in raw)


def _parts(response: httpcore2.Response, headers: Headers, most: int) -> Iterator[bytes]:
    """The body bit by bit; FetchFailed as soon as it is, or says that it will be, too long."""
    size = _whole(_header(headers, "content-length")) or 0
    if size > most:
        raise _too_long(most)
    size = 0
    for part in response.iter_stream():
        size += len(part)
        if size > most:
            raise _too_long(most)
        yield part


def _unpacked(content: bytes, encoding: str, most: int) -> bytes:
    """The body with what its Content-Encoding names taken off, one after the other."""
    layers = [layer for layer in encoding.lower().replace("x-gzip", "gzip").replace(" ", "").split(",") if layer]
    layers = [layer for layer in layers if layer != "identity"]
    if len(layers) > _MOST_LAYERS or not _CODINGS.issuperset(layers):
        raise FetchFailed(f"the answer is packed in an odd way ({encoding[:60]!r})", _SAVE)
    stream: BinaryIO = io.BytesIO(content)
    for layer in reversed(layers):
        stream = unpacked(stream, layer, Allowance(most))
    try:
        return stream.read()
    except UnpacksTooFar as error:
        raise _too_long(most) from error
    except DamagedFile as error:
        raise FetchFailed(f"the answer is not packed as it says: {error.what}", _LATER) from error


def _too_long(most: int) -> FetchFailed:
    return FetchFailed(f"the answer is longer than {most:,} bytes", "raise the limit: DRAGOMAN_FETCH_BYTES")


def _next(address: Address, answer: _Answer) -> Address:
    """Where a redirect leads, never from an encrypted connection to an open one."""
    location = _header(answer.headers, "location")
    if not location:
        raise FetchFailed(f"{address} leads on, but does not say where", "check the address", status=answer.status)
    next = address.leading_to(location.encode("latin-1").decode("utf-8", "replace"))
    if address.scheme == "https" and next.scheme == "http":
        raise AddressRefused(f"{address} leads to {next}, which is not encrypted", "give that address if you trust it")
    return next


def _header(headers: Headers, name: str) -> str | None:
    return next((value for key, value in headers if key == name), None)


def _seconds(retry_after: str | None) -> float | None:
    """The seconds of a Retry-After header, which may also name a moment."""
    if (seconds := _whole(retry_after)) is not None:
        return float(seconds)
    try:
        moment = parsedate_to_datetime(retry_after or "")
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def _whole(words: str | None) -> int | None:
    return int(words) if words and re.fullmatch(r"[0-9]{1,15}", words.strip()) else None
