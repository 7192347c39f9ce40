"""Feeds, sitemaps and lists of feeds -> entries: RSS, Atom, JSON Feed, news sitemaps, sitemap indexes, OPML.

Invariant: every address is http or https, every title plain text on one line, and every number of things is bounded.
Nothing is fetched, and feedparser sees only what `xml.harmless` gave.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from dragoman.documents import xml
from dragoman.documents.clean import one_line
from dragoman.documents.dates import iso_moment
from dragoman.documents.text import web_address
from dragoman.documents.unpack import Allowance, unpacked
from dragoman.errors import BrokenFeed, ReportError

if TYPE_CHECKING:
    from lxml.etree import _Element

MOST_ENTRIES = 1_000
"""Entries of one feed: as many as a news sitemap may hold."""
MOST_FEEDS = 5_000
"""Feeds of an OPML list."""
MOST_SITEMAPS = 10
"""Sitemaps of an index, the latest; big sites have thousands, which reach back for years."""
LOOKED_AT = 4_096
"""Bytes by which a feed is told from other files."""
_LONGEST_TITLE = 1_000
_LONGEST_HEAD = 100_000
_LONGEST_TEXT = 1_000_000
_MOST_BRACKETS = 200_000
"""Objects and arrays of a JSON Feed; each takes up to 200 bytes of memory."""

_PACKED = b"\x1f\x8b"
_MINUTES = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(rss|feed|RDF|urlset|sitemapindex|opml)\b[^<]", re.IGNORECASE)
_FIRST_TAG = re.compile(rb"<(?!\?|!)")
_COMMENT = re.compile(rb"<!--(?:(?!-->).)*-->", re.DOTALL)
_JSON_FEED = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{.{0,2000}\"https?:(?:\\?/){2}jsonfeed\.org\\?/version", re.DOTALL)
_LINK = re.compile(rb"<link\b[^<>]{1,1000}>", re.IGNORECASE)
_IS_FEED = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json)", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)
# Half a character, as of an emoji that was cut: it may stand in JSON, and in no file.
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_FEED_SCHEME = re.compile(r"\Afeed:(?:/*(https?:))?", re.IGNORECASE)
_CURE = "give the address of an RSS or Atom feed, a JSON Feed, a news sitemap or an OPML list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a feed says of one article.

    `id` tells it apart inside the feed. `published` and `updated` are ISO 8601: a moment with its zone, or a day.
    `content` is the full text as HTML, where the feed has it. `outlet` is the feed's title.
    """

    id: str
    address: str | None = None
    title: str | None = None
    published: str | None = None
    updated: str | None = None
    summary: str | None = None
    content: str | None = None
    outlet: str | None = None

    @property
    def digest(self) -> str:
        """A hash that is another one when the article was edited, by the feed's own word for that if it has one."""
        dated = self.updated is not None and self.updated != self.published
        told = (self.updated,) if dated else (self.updated, self.title, self.summary, self.content)
        return sha256("\0".join(words or "" for words in told).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A feed or sitemap that a list names."""

    address: str
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed's entries as it has them; of a list of feeds, those that it names.

    `minutes` is how long the feed asks to be left alone, 0 if it does not say. `left_out` is how many more feeds a list
    names: without an address of the web, or past `MOST_FEEDS`.
    """

    title: str | None = None
    minutes: int = 0
    entries: tuple[Entry, ...] = ()
    listed: tuple[Listed, ...] = ()
    left_out: int = 0

    def lack(self, name: str) -> BrokenFeed | None:
        """The error for a list, called so, that names feeds which are left out; None if it names no such."""
        if not self.left_out:
            return None
        what = f"{name}: {self.left_out:,} of the feeds that it names have no web address, or are past {MOST_FEEDS:,}"
        return BrokenFeed(what, "write addresses with https://, and longer lists in several files")


def looks_like_feed(start: bytes) -> bool:
    """Whether a file that starts so is a feed, a sitemap or a list of feeds."""
    return _kind(start) is not None


def parse_feed(data: bytes, address: str = "") -> Feed:
    """The feed of a file from that address, which may be packed with gzip, as sitemaps are.

    Raises BrokenFeed for what is none, UnsafeXml, UnpacksTooFar, DamagedFile.
    """
    if data.startswith(_PACKED):
        data = unpacked(BytesIO(data), "gzip", Allowance(xml.MOST_BYTES)).read()
    kind = _kind(data[:LOOKED_AT])
    if kind is None:
        named = _named_by_page(data[:_LONGEST_HEAD], address)
        raise BrokenFeed("it is no feed", f"if it is the page of an outlet, its feed is {named}" if named else _CURE)
    try:
        return _parsed(data, address, kind)
    except ReportError:
        raise
    except Exception as error:  # the feed is somebody else's: no oddity in it may stop the batch
        raise BrokenFeed(f"the feed could not be taken apart ({type(error).__name__})", _CURE) from error


def _parsed(data: bytes, address: str, kind: str) -> Feed:
    if kind == "json":
        return _json_feed(data, address)
    if kind == "opml":
        return _opml(xml.parse(data))
    if kind in ("urlset", "sitemapindex"):
        return _sitemap(xml.parse(data), address)
    return _syndicated(data, address)


def _kind(start: bytes) -> str | None:
    """The root of a feed's XML, or `json`; None for a file that begins otherwise."""
    start = _COMMENT.sub(b"", start.replace(b"\0", b""))
    if root := (first := _FIRST_TAG.search(start)) and _ROOT.match(start, first.start()):
        return root[1].decode().lower()
    return "json" if _JSON_FEED.match(start) else None


def _named_by_page(start: bytes, base: str) -> str | None:
    """The feed that a page names in its head."""
    for found in _LINK.finditer(start):
        link = found[0].decode("utf-8", "replace")
        if _IS_FEED.search(link) and (href := _HREF.search(link)):
            return _address(href[1].replace("&amp;", "&"), base)
    return None


# --- RSS and Atom ---------------------------------------------------------------------------------


def _syndicated(data: bytes, address: str) -> Feed:
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8"}
    found = feedparser.parse(
        BytesIO(xml.harmless(data)), response_headers=headers, resolve_relative_uris=False, sanitize_html=False
    )
    if not found.version and not found.entries:
        raise BrokenFeed("it is no feed", _CURE)
    title = plain(_of(found.feed, "title"))
    entries = (_entry(entry, address, title) for entry in found.entries[:MOST_ENTRIES])
    return Feed(title=title, minutes=_asked(found.feed), entries=_known(entries))


def _entry(entry: Any, base: str, outlet: str | None) -> Entry:
    id, link, title, summary = (_of(entry, key) for key in ("id", "link", "title", "summary"))
    content = next((body for body in map(_body, dict.get(entry, "content") or []) if body), None)
    published, updated = (_moment(_of(entry, key)) for key in ("published", "updated"))
    address = _address(link, base) or web_address(id)
    return _made(id, address, title, (published or updated, updated), summary, content, outlet)


def _body(content: Any) -> str | None:
    """The full text, where it is written as HTML or text."""
    kind, words = str(content.get("type") or "text/html"), _of(content, "value")
    if kind == "text/plain":
        return _as_html(words)
    return words if kind.startswith("text/") or "html" in kind else None


def _of(found: Any, key: str) -> str | None:
    """What a dict of feedparser's says under a key, and not, as it would like, under another."""
    value = dict.get(found, key)
    return _HALF_PAIR.sub("\ufffd", value.strip()[:_LONGEST_TEXT]) or None if isinstance(value, str) else None


def _asked(feed: Any) -> int:
    """Minutes between two visits that the feed asks for."""
    if re.fullmatch(r"\d{1,6}", ttl := _of(feed, "ttl") or ""):
        return int(ttl)
    period, often = _MINUTES.get((_of(feed, "sy_updateperiod") or "").lower(), 0), _of(feed, "sy_updatefrequency")
    return period // max(int(often), 1) if often and re.fullmatch(r"\d{1,4}", often) else period


# --- JSON Feed ------------------------------------------------------------------------------------


def _json_feed(data: bytes, address: str) -> Feed:
    if len(data) > xml.MOST_BYTES or data.count(b"{") + data.count(b"[") > _MOST_BRACKETS:
        raise BrokenFeed(f"it is a JSON Feed of more than {xml.MOST_BYTES:,} bytes or {_MOST_BRACKETS:,} parts", _CURE)
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BrokenFeed("it is a JSON Feed that is not JSON, or nested too deep", _CURE) from error
    items = found.get("items")
    if not isinstance(items, list):
        raise BrokenFeed("it is a JSON Feed without items", _CURE)
    title = plain(_of(found, "title"))
    entries = (_item(item, address, title) for item in items[:MOST_ENTRIES] if isinstance(item, dict))
    return Feed(title=title, entries=_known(entries))


def _item(item: dict[str, Any], base: str, outlet: str | None) -> Entry:
    id = item.get("id")
    content = _of(item, "content_html") or _as_html(_of(item, "content_text"))
    published, updated = (_moment(_of(item, key)) for key in ("date_published", "date_modified"))
    return _made(
        str(id) if isinstance(id, int) else _of(item, "id"),
        _address(_of(item, "url") or _of(item, "external_url"), base),
        _of(item, "title"),
        (published or updated, updated),
        _of(item, "summary"),
        content,
        outlet,
    )


def _as_html(text: str | None) -> str | None:
    from html import escape

    return "".join(f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", text)) if text else None


# --- sitemaps and lists ---------------------------------------------------------------------------


def _sitemap(root: _Element, base: str) -> Feed:
    """The entries of a sitemap, or the sitemaps of an index, the latest first."""
    rows = [_row(row) for row in root]
    rows.sort(key=lambda row: row.get("lastmod", ""), reverse=True)
    if _name(root) == "sitemapindex":
        found = [_address(row.get("loc"), base) for row in rows]
        return Feed(listed=tuple(Listed(address=address) for address in found if address)[:MOST_SITEMAPS])
    entries = _known(_located(row, base) for row in rows[:MOST_ENTRIES])
    return Feed(title=next((entry.outlet for entry in entries if entry.outlet), None), entries=entries)


def _row(row: _Element) -> dict[str, str]:
    """What a sitemap says of a page, and of the news on it; its pictures have addresses and titles of their own."""
    news = (part for part in row.iter("*") if "/sitemap-news/" in _namespace(part))
    page = row.iterchildren(f"{{{_namespace(row)}}}*")
    return {_name(part): (part.text or "").strip() for part in (*news, *page)}


def _located(row: dict[str, str], base: str) -> Entry:
    address, updated = _address(row.get("loc"), base), _moment(row.get("lastmod"))
    published = _moment(row.get("publication_date")) or updated
    return _made(address, address, row.get("title"), (published, updated), None, None, plain(row.get("name")))


def _opml(root: _Element) -> Feed:
    title = next((plain(head.text) for head in root.iter("title")), None)
    unique: dict[str, Listed] = {}
    left_out = 0
    for line in root.iter("outline"):
        if not (named := next((value for key, value in line.items() if key.lower() == "xmlurl"), None)):
            continue
        address = _address(_FEED_SCHEME.sub(lambda found: found[1] or "http:", named.strip()), "")
        if address and (address in unique or len(unique) < MOST_FEEDS):
            unique.setdefault(address, Listed(address=address, title=plain(line.get("title") or line.get("text"))))
        else:
            left_out += 1
    return Feed(title=title, listed=tuple(unique.values()), left_out=left_out)


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _namespace(element: _Element) -> str:
    return str(element.tag).rpartition("}")[0].removeprefix("{")


# --- what all share -------------------------------------------------------------------------------


def _made(
    id: str | None,
    address: str | None,
    title: str | None,
    times: tuple[str | None, str | None],
    summary: str | None,
    content: str | None,
    outlet: str | None,
) -> Entry:
    title, (published, updated) = plain(title), times
    return Entry(
        id=(id or address or title or summary or content or "")[:_LONGEST_TITLE],
        address=address,
        title=title,
        published=published,
        updated=updated,
        summary=summary,
        content=content,
        outlet=outlet,
    )


def _known(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that lead to a text, each once; of two with one id the first."""
    unique: dict[str, Entry] = {}
    for entry in entries:
        if entry.address or entry.content:
            unique.setdefault(entry.id, entry)
    return tuple(unique.values())


def _address(words: str | None, base: str) -> str | None:
    """The address, if it is one of the web; a relative one counts from where the feed is."""
    try:
        return web_address(urlsplit(urljoin(base, words.strip())).geturl()) if words else None
    except ValueError:  # what only looks like an address: http://[
        return None


def _moment(words: str | None) -> str | None:
    return iso_moment(words) if words else None


def plain(words: str | None) -> str | None:
    """A title as text on one line: tags are dropped, and scripts with what is in them; escapes are undone."""
    words = (words or "")[:_LONGEST_TITLE]
    if "<" in words or "&" in words:
        words = "".join(_texts(words))
    return one_line(words) or None


def _texts(words: str) -> Iterator[str]:
    from lxml import html

    root = html.fromstring(f"<div>{words}</div>")
    for hidden in [*root.iter("script", "style", "iframe", "noscript", "template")]:
        hidden.drop_tree()
    return (str(text) for text in root.itertext())
