"""Feeds of every kind, with what is hostile or broken in them: only plain titles and web addresses come out."""

from __future__ import annotations

import json

import pytest

from dragoman.documents.feeds import MOST_FEEDS, Entry, Feed, Listed, looks_like_feed, parse_feed
from dragoman.errors import BrokenFeed, ReportError

AT = "https://harbour.example/feeds/all"

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- made <by> hand --><!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://n.example/rss-0.91.dtd">
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Harbour &amp; Post</title><ttl>30</ttl>
<item><title>Crews &lt;b&gt;leave&lt;/b&gt; the port</title><link>https://harbour.example/1</link><guid>g1</guid>
<pubDate>Wed, 04 Mar 2026 23:30:00 +0200</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>The whole text.</p>]]></content:encoded></item>
<item><title>Talks</title><link>/2</link></item>
</channel></rss>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://wire.example/"><title>Dalmar Wire</title>
<entry><title type="html">A &amp;lt; B &lt;i&gt;now&lt;/i&gt;</title><id>urn:1</id><link href="news/1"/>
<link rel="enclosure" href="https://wire.example/1.mp3"/><published>2026-03-04T08:00:00Z</published>
<updated>2026-03-04T10:00:00Z</updated><summary>s</summary></entry></feed>"""

RDF = """<?xml version="1.0" encoding="iso-8859-1"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel rdf:about="x"><title>Café Nord</title>
<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency></channel>
<item rdf:about="http://nord.example/1"><title>Eins</title><link>http://nord.example/1</link>
<dc:date>2026-03-04</dc:date></item></rdf:RDF>""".encode("latin-1")

OLD = b"""<rss version="0.91"><channel><title>Old</title><item><title>T</title><link>http://old.example/1</link></item>
</channel></rss>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Plain",
        "items": [
            {"id": 7, "url": "https://plain.example/7", "title": "T", "content_text": "One <.\n\nTwo.",
             "date_published": "2026-03-04T10:00:00-05:00", "date_modified": "2026-03-05T10:00:00-05:00"},
            {"id": "8", "external_url": "8.html", "content_html": "<p>x</p>"},
        ],
    }
).encode()  # fmt: skip

NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://north.example/a</loc><news:news>
<news:publication><news:name>Northern Times</news:name><news:language>en</news:language></news:publication>
<news:publication_date>2026-03-04</news:publication_date><news:title>Ice &amp; oil</news:title></news:news></url>
<url><loc>https://north.example/b</loc><lastmod>2026-03-05T01:02:03Z</lastmod></url></urlset>"""

INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://north.example/1.xml</loc><lastmod>2026-01-01</lastmod></sitemap>
<sitemap><loc>https://north.example/2.xml</loc><lastmod>2026-02-01</lastmod></sitemap></sitemapindex>"""

OPML = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Gulf"><outline type="rss" text="Harbour" xmlUrl="https://harbour.example/f"/>
<outline text="deeper"><outline xmlUrl="http://kestrel.example/rss" title="Kestrel &lt;b&gt;x&lt;/b&gt;"/></outline>
</outline><outline xmlUrl="https://harbour.example/f"/><outline xmlUrl="javascript:alert(1)"/></body></opml>"""

EVERY = (RSS, ATOM, RDF, OLD, JSON, NEWS, INDEX, OPML)


def item(inside: str) -> Entry:
    """The one entry of an RSS feed with that in it."""
    data = f"<rss version='2.0'><channel><title>X</title><item>{inside}</item></channel></rss>".encode()
    [entry] = parse_feed(data, AT).entries
    return entry


def test_rss() -> None:
    first, second = parse_feed(RSS, AT).entries
    assert first == Entry(
        id="g1",
        address="https://harbour.example/1",
        title="Crews leave the port",
        published="2026-03-04T23:30:00+02:00",
        summary="Short.",
        content="<p>The whole text.</p>",
        outlet="Harbour & Post",
    )
    assert (second.id, second.address) == ("https://harbour.example/2", "https://harbour.example/2")
    assert parse_feed(RSS, AT).minutes == 30


def test_atom() -> None:
    [entry] = parse_feed(ATOM, AT).entries
    assert (entry.id, entry.address, entry.title) == ("urn:1", "https://wire.example/news/1", "A < B now")
    assert (entry.published, entry.updated) == ("2026-03-04T08:00:00+00:00", "2026-03-04T10:00:00+00:00")


def test_older_rss() -> None:
    found = parse_feed(RDF, AT)
    assert (found.title, found.minutes, found.entries[0].published) == ("Café Nord", 360, "2026-03-04")
    assert parse_feed(OLD).entries[0].address == "http://old.example/1"


def test_json_feed() -> None:
    first, second = parse_feed(JSON, "https://plain.example/feed.json").entries
    assert (first.id, first.content) == ("7", "<p>One &lt;.</p><p>Two.</p>")
    assert (first.published, first.updated) == ("2026-03-04T10:00:00-05:00", "2026-03-05T10:00:00-05:00")
    assert (second.address, second.title) == ("https://plain.example/8.html", None)


def test_sitemaps() -> None:
    found = parse_feed(NEWS)
    later, news = found.entries
    assert (news.address, news.title, news.published) == ("https://north.example/a", "Ice & oil", "2026-03-04")
    assert (later.published, found.title) == ("2026-03-05T01:02:03+00:00", "Northern Times")
    assert [one.address for one in parse_feed(INDEX).listed] == [f"https://north.example/{n}.xml" for n in (2, 1)]


PICTURE = b"""<image:image><image:loc>https://cdn.example/p.jpg</image:loc><image:title>A crane</image:title>
</image:image><image:loc>https://cdn.example/q.jpg</image:loc>"""


@pytest.mark.parametrize("of_sitemaps", [b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', b""])
def test_pictures_in_a_sitemap_are_no_articles(of_sitemaps: bytes) -> None:
    plain = NEWS.replace(b'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', of_sitemaps)
    pictured = plain.replace(b"<urlset", b'<urlset xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"')
    pictured = pictured.replace(b"</url>", PICTURE + b"</url>")
    assert PICTURE in pictured
    assert parse_feed(pictured) == parse_feed(plain) == parse_feed(NEWS)


def test_a_list_of_feeds() -> None:
    listed = (
        Listed(address="https://harbour.example/f", title="Harbour"),
        Listed(address="http://kestrel.example/rss", title="Kestrel x"),
    )
    assert parse_feed(OPML) == Feed(title="Mine", listed=listed, left_out=1)
    assert parse_feed(OPML.split(b"?>")[1].decode().encode("utf-16")).listed == listed


@pytest.mark.parametrize(
    ("named", "address"),
    [
        ("xmlUrl='feed://harbour.example/f'", "http://harbour.example/f"),
        ("xmlUrl=' feed:https://harbour.example/f'", "https://harbour.example/f"),
        ("xmlUrl='FEED://http://harbour.example/f'", "http://harbour.example/f"),
        ("xmlURL='https://harbour.example/f'", "https://harbour.example/f"),
        ("XMLURL='https://harbour.example/feed:1'", "https://harbour.example/feed:1"),
    ],
)
def test_addresses_in_lists_are_written_in_many_ways(named: str, address: str) -> None:
    assert parse_feed(f"<opml version='2.0'><body><outline {named}/></body></opml>".encode()).listed == (
        Listed(address=address),
    )


def test_feeds_that_a_list_names_and_nobody_can_ask_are_counted() -> None:
    wrong = ("feed:", "ftp://harbour.example/f", "harbour.example/f", "javascript:x")
    outlines = "".join(f"<outline xmlUrl='{one}'/>" for one in wrong)
    many = "".join(f"<outline xmlUrl='https://harbour.example/{n}'/>" for n in range(MOST_FEEDS + 3))
    found = parse_feed(f"<opml version='2.0'><body><outline text='Gulf'/>{outlines}{many * 2}</body></opml>".encode())
    assert (len(found.listed), found.left_out) == (MOST_FEEDS, len(wrong) + 6)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "http://[", "", "ftp://x/"]
)
def test_only_addresses_of_the_web_come_out(link: str) -> None:
    data = f"<rss version='2.0'><channel><item><title>t</title><link>{link}</link></item></channel></rss>".encode()
    assert parse_feed(data).entries == ()
    assert item(f"<link>{link}</link><guid>https://x.example/1</guid>").address == "https://x.example/1" or link in (
        "",
    )


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("&lt;script&gt;alert(1)&lt;/script&gt;Vote", "Vote"),
        ("<![CDATA[<img src=x onerror=alert(1)>Vote]]>", "Vote"),
        ("<![CDATA[<svg><script>alert(1)</script></svg>Vote]]>", "Vote"),
        ("AT&amp;amp;T", "AT&T"),
        ("  two\n lines ", "two lines"),
        ("&lt;b>", None),
        ("5 &lt; 6", "5 < 6"),
        ("a\u202eb", "ab"),
    ],
)
def test_titles_are_plain_text(written: str, plain: str | None) -> None:
    assert item(f"<title>{written}</title><link>https://x.example/1</link>").title == plain


@pytest.mark.parametrize(
    "broken",
    [
        RSS.replace(b"</channel>", b""),
        RSS.replace(b"Short.", b"Short & <br> sweet &nbsp; &hellip;"),
        RSS.replace(b"Short.", b"<p>Short <b>words</p>"),
        RSS.replace(b"Short.", b"caf\xe9"),
        RSS[: RSS.index(b"<item><title>Talks")],
        RSS[: RSS.index(b"<item><title>Talks") + 8],
        b"\xef\xbb\xbf" + RSS,
        b"\n\n" + RSS[39:],
        RSS.replace(b"Short.", b"\x00\x0b"),
    ],
)
def test_broken_feeds_are_read_all_the_same(broken: bytes) -> None:
    assert parse_feed(broken, AT).entries[0].address == "https://harbour.example/1"


def test_a_character_that_was_cut_costs_a_feed_in_utf_8_only_itself() -> None:
    whole = RSS.replace(b"Harbour &amp; Post", "El País – “news”".encode())
    [entry, _] = parse_feed(whole.replace(b"Short.", b"caf\xc3"), AT).entries
    assert (entry.outlet, entry.summary) == ("El País – “news”", "caf�")


def test_half_a_character_in_a_json_feed_costs_only_itself() -> None:
    items = rb'[{"id": "1\ud83d", "url": "https://plain.example/1", "title": "Talks \ude00", "summary": "cut \ud83d",'
    items += rb' "content_html": "<p>One \ud83d</p>"}, {"id": "2", "url": "https://plain.example/2"}]'
    feed = rb'{"version": "https://jsonfeed.org/version/1.1", "title": "Plain \ud83d", "items": ' + items + b"}"
    one, two = parse_feed(feed).entries
    told = (one.id, one.title, one.summary, one.content, one.outlet)
    assert told == ("1�", "Talks �", "cut �", "<p>One �</p>", "Plain �")
    assert one.digest != two.digest


def test_plain_text_in_atom_loses_no_words() -> None:
    content = (
        "<content type='text'>Prices rose &lt;b five people said c&gt; on Monday.\n\nTwo &amp;amp; more.</content>"
    )
    [entry] = parse_feed(ATOM.replace(b"<summary>s</summary>", content.encode())).entries
    assert entry.content == "<p>Prices rose &lt;b five people said c&gt; on Monday.</p><p>Two &amp;amp; more.</p>"


@pytest.mark.parametrize("data", EVERY)
def test_feeds_are_told_by_how_they_begin(data: bytes) -> None:
    assert looks_like_feed(data[:4096])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"words",
        b"<html><head><title>rss</title>",
        b"<svg/>",
        b"<?xml version='1.0'?><note/>",
        b'{"version": 1}',
        b"<rssx>",
        b"{",
    ],
)
def test_other_files_are_no_feeds(data: bytes) -> None:
    assert not looks_like_feed(data)
    with pytest.raises(BrokenFeed):
        parse_feed(data)


@pytest.mark.parametrize(
    ("link", "told"),
    [
        (
            '<link rel="alternate" type="application/rss+xml" href="/rss?a=1&amp;b=2">',
            "https://harbour.example/rss?a=1&b=2",
        ),
        ("<LINK HREF=feed.json TYPE='application/feed+json' rel=alternate>", "https://harbour.example/feeds/feed.json"),
        ('<link type="application/atom+xml" href="javascript:alert(1)">', "give the address of an RSS"),
        ('<link rel="stylesheet" href="/x.css">', "give the address of an RSS"),
    ],
)
def test_a_page_in_place_of_its_feed_is_told_with_the_feed(link: str, told: str) -> None:
    with pytest.raises(BrokenFeed) as failure:
        parse_feed(f"<html><head>{link}</head></html>".encode(), AT)
    assert told in failure.value.cure


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_feed_that_is_cut_gives_entries_or_an_error(cut: int) -> None:
    for data in EVERY:
        try:
            parse_feed(data[: len(data) * cut // 40], AT)
        except ReportError as error:
            assert error.cure


def test_a_hostile_json_feed_is_an_error() -> None:
    head = b'{"version": "https://jsonfeed.org/version/1", "items": '
    for rest in (b"[" * 100_000, b"[" * 300_000, b"3}", b'[{"id": "' + b"x" * 6_000_000 + b'"}]}', b"NaN", b"[null,3]"):
        with pytest.raises(BrokenFeed):
            parse_feed(head + rest)
    assert parse_feed(head + b'[null, 3, {"url": 5, "content_html": ["x"]}, {"id": {}}]}').entries == ()


def test_a_digest_changes_with_the_words_or_the_feeds_own_word_for_an_edit() -> None:
    link = "<link>https://x.example/1</link>"
    assert item(f"{link}<title>a</title>").digest != item(f"{link}<title>b</title>").digest
    edited = ATOM.replace(b"10:00", b"11:00")
    [one], [later] = (parse_feed(data).entries for data in (ATOM, edited))
    assert one.digest != later.digest
    assert one.digest == parse_feed(ATOM.replace(b"<summary>s", b"<summary>3 comments")).entries[0].digest
