"""Which addresses may be fetched.

Invariant: an `Address` has one reading only, and what cannot be read in one way is refused. A name is never trusted:
only the numbers that it resolves to, each of which must be public, unless the settings allow its host.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import quote, urljoin

from dragoman.errors import AddressRefused, UsageError

IP = IPv4Address | IPv6Address
Allowed = frozenset[tuple[str, int | None]]
"""Hosts, each with its port or None for every port, that may be fetched though they are internal."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
PORTS = frozenset({80, 443, 8080, 8443})
"""Ports where the web is served; others belong to mail, databases and the like, which a request could harm."""

_LONGEST = 8_192
_CURE = "give the address as a browser shows it: https://host/path"
_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)(?P<target>[^#]*)", re.ASCII)
_BRACKETS = re.compile(r"\[(?P<host>[0-9A-Fa-f:.]+)\](?::(?P<port>[0-9]{0,5}))?", re.ASCII)
_NAME = re.compile(r"(?P<host>[^:\[\]%]+)(?::(?P<port>[0-9]{0,5}))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_SAFE_IN_TARGET = "%/:?[]@!$&'()*+,;=~-._"

_NOT_OF_THE_WEB = frozenset({"localhost", "local", "internal", "onion", "arpa"})
"""Top domains that mean one's own machine or network, or another network: they are not even looked up."""

_GLOBAL_V6 = ip_network("2000::/3")
"""All that is assigned for the public; outside lie ::1, mapped (::ffff:0:0/96), NAT64 (64:ff9b::), fc00::, fe80::,
fec0::, ff00::. Source: IANA IPv6 Address Space."""
_NOT_PUBLIC = tuple(
    map(
        ip_network,
        # IANA IPv4 and IPv6 Special-Purpose Address Registries, read in 2026, and multicast.
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"
        " 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15"
        " 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
        " 2001::/23 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20"
        # The one public number behind which a cloud (Azure) keeps what only its machines should ask.
        " 168.63.129.16/32".split(),
    )
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: `host` is a name in ASCII and lower case, or a number; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def origin(self) -> str:
        """Scheme, host and port, as in `https://news.example`."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them: without the port that goes without saying."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    def is_one_of(self, allowed: Allowed) -> bool:
        """Whether its host is allowed on this port."""
        return (self.host, None) in allowed or (self.host, self.port) in allowed

    def leading_to(self, location: str) -> Address:
        """The address that a redirect from here names."""
        try:
            return parse(urljoin(str(self), location))
        except ValueError as error:
            raise _refused(location, "it cannot be taken apart") from error


def looks_like_address(given: str) -> bool:
    """Whether an input is an address, if perhaps one that is refused, and no file."""
    return re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]+://", given, re.ASCII) is not None


def parse(given: str) -> Address:
    """The address taken apart; AddressRefused for one that is not of the web, or that can be read in several ways."""
    text = given.strip(" ")
    if len(text) > _LONGEST:
        raise _refused(text, f"it is longer than {_LONGEST:,} characters")
    if re.search(r"[\x00-\x1f\x7f\\]", text):
        raise _refused(text, "it has control characters or backslashes in it")
    found = _ADDRESS.match(text)
    if not found or (scheme := found["scheme"].lower()) not in _DEFAULT_PORTS:
        raise _refused(text, "only http and https are fetched")
    if "@" in found["authority"]:
        raise _refused(re.sub("//[^/?#]*@", "//...@", text), "it has a user name or password in it")
    host, port = _host_and_port(text, found["authority"])
    target = found["target"] if found["target"].startswith("/") else f"/{found['target']}"
    return Address(scheme, host, port or _DEFAULT_PORTS[scheme], quote(target, safe=_SAFE_IN_TARGET, errors="replace"))


def allowed_hosts(setting: str) -> Allowed:
    """The hosts of the setting `fetch_allow`: `host` or `host:port`, with commas between them."""
    try:
        return frozenset(_host_and_port(entry, entry) for entry in map(str.strip, setting.split(",")) if entry)
    except AddressRefused as error:
        cure = "name hosts as in an address, with commas between them: wiki.corp.example, 10.0.0.7:8000"
        raise UsageError(f"fetch_allow (DRAGOMAN_FETCH_ALLOW): {error.what}", cure) from error


def check(address: Address) -> None:
    """AddressRefused for what is refused without a look at where its name leads."""
    if address.port not in PORTS:
        raise _refused(str(address), f"port {address.port} is not one of the web's", _allow(address))
    if number := _number(address.host):
        check_numbers(address, [number])
    elif "." not in address.host or address.host.rpartition(".")[2] in _NOT_OF_THE_WEB:
        raise _refused(str(address), "its host is not one of the web's", _allow(address))


def check_numbers(address: Address, numbers: Iterable[IP]) -> None:
    """AddressRefused unless all numbers that an address leads to are public."""
    for number in numbers:
        if not is_public(number):
            raise _refused(str(address), f"it leads to {number}, which is not public", _allow(address))


def is_public(number: IP) -> bool:
    """Whether a number belongs to the public internet, and does not carry another one within it."""
    if number.version == 6 and (number not in _GLOBAL_V6 or number.scope_id):
        return False
    return not any(number in network for network in _NOT_PUBLIC)


def _host_and_port(text: str, authority: str) -> tuple[str, int | None]:
    if found := _BRACKETS.fullmatch(authority):
        try:
            host = str(IPv6Address(found["host"]))
        except ValueError as error:
            raise _refused(text, "its host is no IPv6 address") from error
    elif found := _NAME.fullmatch(authority):
        host = _host(text, found["host"])
    else:
        raise _refused(text, "its host cannot be told")
    port = int(found["port"]) if found["port"] else None
    if port is not None and not 0 < port < 65_536:
        raise _refused(text, f"there is no port {port}")
    return host, port


def _host(text: str, given: str) -> str:
    """A name in ASCII, or an IPv4 address in its ordinary form."""
    name = _in_ascii(text, given).lower().removesuffix(".")
    labels = name.split(".")
    if len(name) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise _refused(text, "its host is no name")
    if _NUMBER.fullmatch(labels[-1]) and _number(name) is None:
        raise _refused(text, "its host is a number in an odd form")
    return name


def _in_ascii(text: str, name: str) -> str:
    """An international name as the domain name system has it; letters that look like others are simply encoded."""
    if name.isascii():
        return name
    import idna

    try:
        return idna.encode(name[:254], uts46=True).decode("ascii")
    except (UnicodeError, ValueError) as error:
        raise _refused(text, "its host is no name") from error


def _number(host: str) -> IP | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _allow(address: Address) -> str:
    return f"if it is your own network's, give the address itself, with DRAGOMAN_FETCH_ALLOW={address.authority}"


def _refused(address: str, why: str, cure: str = _CURE) -> AddressRefused:
    shown = ascii(address[:200])[1:-1]
    return AddressRefused(f"{shown} is not fetched: {why}", cure)
