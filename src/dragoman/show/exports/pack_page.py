"""The pages of an evidence pack: what somebody without Dragoman opens, from the disk, with no network.

Invariant: nothing on a page runs or is loaded; every word of a report is escaped.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files

from markupsafe import Markup

from dragoman.records import Capture
from dragoman.show.evidence import Evidence
from dragoman.show.search import Search

CLAIMS = 200
"""Of one page at most, unless one report has more: some fifty pages of paper."""

Shown = tuple[Evidence, Sequence[tuple[Capture, str]]]
"""A report with its claims; and what it was taken from, with the name of the file, if that is in the pack."""

_UNSHOWABLE = re.compile("[\x00\ud800-\udfff]")


class Pages:
    """Gathers reports until a page is full."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._part = 1
        self._reports: list[Shown] = []

    def add(self, shown: Shown) -> Iterator[tuple[str, bytes]]:
        """Puts a report on the page, and gives the name and content of a page that was full without it."""
        if self._reports and sum(map(_length, self._reports)) + _length(shown) > CLAIMS:
            yield self.page(more=True)
        self._reports.append(shown)

    def page(self, *, more: bool = False) -> tuple[str, bytes]:
        """The name and content of the page of all that were gathered since the last one."""
        from dragoman.show.pages.looks import templates  # which list the formats themselves

        style = _style()
        html = (
            templates()
            .get_template("pack.html")
            .render(
                search=self._search,
                asked=self._search.asked(),
                part=self._part,
                more=more,
                name_of=name_of,
                reports=self._reports,
                style=Markup(style),  # our own files
                style_hash=base64.b64encode(sha256(style.encode()).digest()).decode(),
                version=version("dragoman"),
            )
        )
        page = name_of(self._part), _UNSHOWABLE.sub("\ufffd", html).encode()
        self._part, self._reports = self._part + 1, []
        return page


def _length(shown: Shown) -> int:
    """The claims of a report; one without any takes the room of one."""
    return max(1, len(shown[0].claims))


def name_of(part: int) -> str:
    """The file of a page."""
    return "index.html" if part == 1 else f"index-{part}.html"


@cache
def _style() -> str:
    static = files("dragoman") / "show" / "static"
    return "\n".join((static / name).read_text(encoding="utf-8") for name in ("base.css", "sheet.css"))
