"""What a site lets programs fetch: its robots.txt, as RFC 9309 has it.

Invariant: a site is asked at most once a day, or, while it does not answer, every ten minutes; sooner only where
`MOST_SITES` others were met since. Where its rules cannot be had because the site has none (4xx but 429), all is
allowed; where it does not answer (5xx, 429, no connection), nothing is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from time import monotonic

from protego import Protego

from dragoman.documents.web.addresses import Address
from dragoman.errors import AddressRefused, FetchFailed

NAME = "Dragoman"
"""What rules for us are addressed to."""
LONGEST_FILE = 512_000
"""Bytes of the rules that are looked at: RFC 9309 asks for 500 KiB at least."""
MOST_RULES = 10_000
"""Lines that say something; 40,000, as many as fit into the bytes, took 0.7 seconds and 26 MB."""
LONGEST_PAUSE = 30.0
"""Seconds that a site may have us wait between two requests."""
MOST_SITES = 2_000
"""Sites whose rules are kept, some 20 KB for each."""
_NONE = frozenset(range(400, 500)) - {429}
"""What a site answers that has no rules; 429 says that it was asked too often."""
_KEPT, _FAILURE_KEPT = 86_400, 600
"""Seconds after which a site is asked again."""

Rules = Protego | FetchFailed | AddressRefused
"""What a site allows, or why that cannot be told."""


@dataclass(slots=True)
class _Site:
    """The rules of a site, which hold until a time of the clock that never goes back; `asking` while it is asked."""

    asking: Lock = field(default_factory=Lock)
    rules: Rules | None = None
    until: float = 0.0


class Robots:
    """The rules of the sites met last. Several threads may share it.

    `get` fetches a robots.txt, `within` or not, as a Fetcher does; it raises FetchFailed or AddressRefused.
    """

    def __init__(self, get: Callable[[str, bool], bytes]) -> None:
        self._get = get
        self._site = lru_cache(MOST_SITES)(lambda origin, within: _Site())
        self._lock = Lock()

    def pause(self, address: Address, within: bool) -> float:
        """The seconds that the site wants between two requests.

        Raises AddressRefused where it does not want this one, FetchFailed where it does not answer.
        """
        rules = self._rules(address, within)
        if not isinstance(rules, Protego):
            what = f"{address} is not fetched, as its site's rules cannot be had: {rules.what}"
            if isinstance(rules, AddressRefused):
                raise AddressRefused(what, rules.cure) from rules
            raise FetchFailed(what, rules.cure, status=rules.status, retry_after=rules.retry_after) from rules
        if not rules.can_fetch(str(address), NAME):
            what = f"{address} is not fetched: the robots.txt of its site does not let programs fetch it"
            raise AddressRefused(what, "save the page with a browser and give the file, or ask the site for leave")
        return min(float(rules.crawl_delay(NAME) or 0), LONGEST_PAUSE)

    def _rules(self, address: Address, within: bool) -> Rules:
        with self._lock:
            site = self._site(address.origin, within)
        with site.asking:
            if site.rules is None or monotonic() >= site.until:
                site.rules = self._asked(f"{address.origin}/robots.txt", within)
                site.until = monotonic() + (_KEPT if isinstance(site.rules, Protego) else _FAILURE_KEPT)
            return site.rules

    def _asked(self, address: str, within: bool) -> Rules:
        try:
            return _parsed(address, self._get(address, within)[:LONGEST_FILE].decode("utf-8", "replace"))
        except FetchFailed as error:
            return Protego.parse("") if error.status in _NONE else error
        except AddressRefused as error:
            return error


def _parsed(address: str, text: str) -> Rules:
    lines = [line for line in text.splitlines() if line.partition("#")[0].strip()]
    if len(lines) > MOST_RULES:
        what = f"{address} has more than {MOST_RULES:,} rules, which is more than are looked at"
        return AddressRefused(what, "save the page with a browser and give the file")
    return Protego.parse("\n".join(lines))
