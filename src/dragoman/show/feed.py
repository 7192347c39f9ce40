"""A feed of a search, after RFC 4287 (Atom): each report, event, attribution or happening an entry.

Invariant: the id of an entry is the same whenever the feed is asked for, by whatever host and after whichever model
read the report (but of a happening, which is named by its first event); all that comes from a report is text in it,
never markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from dragoman.compare.summaries import HappeningRow
from dragoman.ledger.decisions import anchor
from dragoman.ledger.folding import search_phrases
from dragoman.ledger.rows import AttributionRow, EventRow, ReportRow
from dragoman.ledger.store import Held
from dragoman.show import wording
from dragoman.show.search import Search
from dragoman.show.snippets import snippet

ATOM = "http://www.w3.org/2005/Atom"
SHOWN = 400
"""Characters of a summary."""

_OURS = UUID("4a5a5f34-9a0b-5d0e-8f7e-0d7b6f3c2a11")
"""What the ids of our entries are made in; any other would do, but it must never change."""
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NEVER = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is told of a row: a name for it that lasts, the page that shows it, title and summary, who told it."""

    name: str
    path: str
    title: str
    summary: str
    outlet: str | None
    published: str | None
    updated: str


def atom(search: Search, rows: Sequence[Any], held: Mapping[str, Held], base: str) -> bytes:
    """The feed of some rows of a search. `base` is the address that the request came by; `held` their reports."""
    register_namespace("", ATOM)
    entries = [ENTRIES[search.kind](row, held, search) for row in rows]
    feed = Element(f"{{{ATOM}}}feed")
    _put(feed, "id", _urn(f"search {search.query()}"))
    _put(feed, "title", title(search))
    _put(feed, "updated", max((entry.updated for entry in entries), default=_NEVER))
    _put(feed, "generator", "Dragoman")
    for path, kind, rel in (
        ("/search.atom", "application/atom+xml", "self"),
        ("/search", "text/html", "alternate"),
    ):
        link = {"rel": rel, "type": kind, "href": _whole(base, f"{path}?{search.query()}")}
        SubElement(feed, f"{{{ATOM}}}link", link)
    then = {name: value for name, value in search.asked().items() if name in ("as_of", "recorded")}
    for entry in entries:
        _put_entry(SubElement(feed, f"{{{ATOM}}}entry"), entry, base, then)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def title(search: Search) -> str:
    """What the feed is of, in words: Events: assault, occurred."""
    asked = [value for name, value in search.asked().items() if name not in ("entity", "toward", "recorded")]
    return f"{search.kind.capitalize()}{': ' if asked else ''}{', '.join(map(_said, asked))}"


def _said(value: str) -> str:
    return value.lower() if value.isupper() and len(value) > 3 else value.replace("_", " ")


def _put_entry(entry: Element, told: _Entry, base: str, then: dict[str, str]) -> None:
    path, _, mark = told.path.partition("#")
    asked = f"?{urlencode(then)}" if then else ""
    _put(entry, "id", _urn(told.name))
    _put(entry, "title", told.title)
    href = _whole(base, path + asked) + (f"#{mark}" if mark else "")
    SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": href})
    if told.published and _DAY.fullmatch(told.published):
        _put(entry, "published", f"{told.published}T00:00:00Z")
    _put(entry, "updated", told.updated)
    _put(SubElement(entry, f"{{{ATOM}}}author"), "name", told.outlet or "outlet unknown")
    _put(entry, "summary", told.summary)


def _put(parent: Element, name: str, words: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = _NO_XML.sub("\ufffd", words)


def _urn(name: str) -> str:
    return uuid5(_OURS, name.encode("utf-8", "replace").decode()).urn


def _whole(base: str, path: str) -> str:
    return base.rstrip("/") + path


# --- what is told of each kind --------------------------------------------------------------------


def _report(row: ReportRow, held: Mapping[str, Held], search: Search) -> _Entry:
    text = held[row.id].text if row.id in held else ""
    found = snippet(text, search_phrases(search.filter.text or ""))
    words = "".join(piece.words for piece in found.pieces) if found else _cut(text)
    title = row.title or "Without a title"
    return _Entry(f"report {row.id}", f"/reports/{row.id}", title, words, row.outlet, row.published, row.recorded_at)


def _event(row: EventRow, held: Mapping[str, Held], _search: Search) -> _Entry:
    people = " → ".join(", ".join(who.words for who in side) for side in (row.actors, row.recipients) if side)
    said = [f"“{row.trigger.words}”", f"{wording.by(row.stance)} {row.voice}" if row.voice else "the outlet itself"]
    said += [row.place.words] if row.place else []
    said += [wording.counted(count.kind, count.low, count.high, count.bound, count.who) for count in row.counts]
    if row.start or row.end:
        said.append(wording.when(row.start, row.end, row.date_precision))
    return _Entry(
        f"event {anchor(row.report, row.trigger.span)}",
        f"/reports/{row.report}#{row.id.partition(':')[2]}",
        f"{wording.type_name(row.type)}, {wording.plain(row.status)}: {people or row.trigger.words}",
        "; ".join([*said, row.title or "without a title"]),
        row.outlet,
        row.published,
        _updated(held, row.report),
    )


def _attribution(row: AttributionRow, held: Mapping[str, Held], _search: Search) -> _Entry:
    spans = row.source_spans + row.cue_spans or row.content_spans or ((0, 0),)
    return _Entry(
        f"attribution {anchor(row.report, (min(spans)[0], max(end for _, end in spans)))}",
        f"/reports/{row.report}#{row.id.partition(':')[2]}",
        f"{row.voice or 'no source named'} ({wording.stance_name(row.stance)})",
        f"{_cut(row.content)} ({row.title or 'without a title'})",
        row.outlet,
        row.published,
        _updated(held, row.report),
    )


def _happening(row: HappeningRow, _held: Mapping[str, Held], _search: Search) -> _Entry:
    people = " → ".join(", ".join(who.name for who in side) for side in (row.actors, row.recipients) if side)
    chains = wording.many(row.independent, "independent chain")
    return _Entry(
        f"happening {row.id}",
        f"/happenings/{row.id}",
        f"{wording.type_name(row.type)}, {wording.plain(row.status)}: {people or row.words}",
        f"{row.sentence} ({wording.many(row.reports, 'report')}, {chains})",
        ", ".join(row.outlets),
        row.told_first,
        f"{row.told_last}T00:00:00Z" if row.told_last and _DAY.fullmatch(row.told_last) else _NEVER,
    )


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rpartition(" ")[0] + " …"


def _updated(held: Mapping[str, Held], report: str) -> str:
    return held[report].recorded_at if report in held else _NEVER


ENTRIES: dict[str, Callable[[Any, Mapping[str, Held], Search], _Entry]] = {
    "reports": _report,
    "events": _event,
    "attributions": _attribution,
    "happenings": _happening,
}
"""What there are feeds of."""
