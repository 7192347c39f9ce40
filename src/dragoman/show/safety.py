"""What keeps other sites and a report's own words from doing anything through the pages.

Invariant: every answer bears the headers below, errors too, and nothing is answered to a request that
came by a foreign name or from a foreign page.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.config import Settings
from dragoman.errors import UsageError

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "connect-src 'self'",
        "require-trusted-types-for 'script'",
        "trusted-types default",
    )
)
"""Content-Security-Policy: our own files, forms and addresses, no inline script or style, no frame.

HTML may be put into a page by the one policy of static/trusted.js, and text never becomes a script."""

HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",  # with no-referrer browsers send our own forms with `Origin: null`
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}

LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


MOST_BYTES = 1_000_000
"""Of what a request may bring: it is taken in before anybody knows who asks."""

_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")


def is_shared(settings: Settings) -> bool:
    """Whether others than who sits at this machine may ask, so that there must be accounts."""
    return bool(settings.name) or not _is_local(_host(settings))


def names_served(settings: Settings) -> frozenset[str]:
    """The host names that requests may come by. UsageError for what is none, or lacks where others could ask."""
    if not is_shared(settings):
        return LOCAL_NAMES | {_host(settings)}
    if not settings.name:
        raise UsageError(
            f"the host {settings.host!r} can be reached from other machines",
            "serve on 127.0.0.1; or share it, with accounts, under the name it has: --name news.example.org",
        )
    names = frozenset(name.strip().strip("[]").lower() for name in settings.name.split(","))
    wrong = sorted(name for name in names if not _HOST.fullmatch(name))
    if wrong:
        raise UsageError(f"{wrong[0]!r} is no name of a host", "give it without http:// and port: news.example.org")
    return names


def proxies(settings: Settings) -> list[str]:
    """The addresses and networks of the reverse proxies that are believed. UsageError for what is none."""
    given = [address.strip() for address in settings.proxy.split(",") if address.strip()]
    for address in given:
        try:
            ipaddress.ip_network(address)
        except ValueError:
            raise UsageError(
                f"{address!r} is no IP address", "name the reverse proxy by its address: 127.0.0.1"
            ) from None
    return given


def _host(settings: Settings) -> str:
    return settings.host.strip("[]").lower()


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761: never leaves the machine
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Guard:
    """Checks Host (against DNS rebinding), Origin and length, and puts the headers on every answer.

    Any port will do: a page cannot choose its Host, and a tunnel may lead from another port. `shared`: nothing but
    the looks is kept by browsers and what lies between, since the next who sits there may be somebody else.
    """

    def __init__(self, app: ASGIApp, names: frozenset[str], *, shared: bool) -> None:
        self.app = app
        self.names = names
        self.shared = shared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = headers.get("content-security-policy")  # where an answer has a stricter one, both hold
                for name, value in HEADERS.items():
                    headers[name] = value
                if own:
                    headers.append("content-security-policy", own)
                if self.shared and not scope["path"].startswith("/static/"):
                    headers["cache-control"] = "no-store"
            await send(message)

        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(Headers(scope=scope))
        await (refusal or self.app)(scope, receive, send_with_headers)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        if _name("//" + headers.get("host", "")) not in self.names:
            return PlainTextResponse("Dragoman answers to its own name only, such as localhost.\n", 421)
        if "origin" in headers and _name(headers["origin"]) not in self.names:
            return PlainTextResponse("Dragoman answers to its own pages only.\n", 403)
        if "transfer-encoding" in headers:
            return PlainTextResponse("Dragoman must know how long a request is.\n", 411)
        length = headers.get("content-length", "0")
        if not re.fullmatch("[0-9]{1,7}", length) or int(length) > MOST_BYTES:
            return PlainTextResponse(f"Dragoman takes {MOST_BYTES:,} bytes at most.\n", 413)
        return None


def _name(address: str) -> str | None:
    """The host name of an address; None when it is none, or has more in it than a name and a port."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port  # a port that is no number is a ValueError
    except ValueError:
        return None
    return None if parts.path or parts.query or parts.fragment or "@" in parts.netloc else host
