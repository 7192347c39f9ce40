"""Watching feeds on a server of invented outlets, by a clock that nobody waits for."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from dragoman.adding.workers import Workers
from dragoman.config import Settings
from dragoman.documents.feeds import Listed
from dragoman.documents.incoming import Options
from dragoman.documents.text import Origin
from dragoman.errors import LedgerBusy, LedgerWriteFailed
from dragoman.ledger import feeds
from dragoman.ledger.feeds import KeptFeed
from dragoman.ledger.store import Ledger
from dragoman.watching.check import Checking, moment
from dragoman.watching.desk import Desk
from dragoman.watching.keeper import Keeper
from dragoman.watching.schedule import Schedule
from dragoman.watching.watch import Clock, Watch
from tests.command import WordReader
from tests.ledger.places import Place
from tests.watching.newsroom import START, Hours, Newsroom, Outlet, Page, newsroom

WORDS = "The army seized the port of {} on Monday, the governor said, and two crews left before the storm reached it."


@pytest.fixture(scope="module")
def server() -> Iterator[Newsroom]:
    with newsroom() as running:
        yield running


@pytest.fixture
def room(server: Newsroom) -> Newsroom:
    server.pages.clear()
    server.requests.clear()
    server.most_at_once = 0
    return server


@dataclass
class Desktop:
    """A ledger and what is told while feeds are watched for it."""

    path: Place
    room: Newsroom
    told: list[str] = field(default_factory=list)

    def watch(self, *addresses: str, hours: float = 0, at: datetime = START, every: int = 15, **settings: Any) -> Watch:
        """Watches for some hours, or once."""
        clock = Hours(hours, at)
        fetcher = self.room.fetcher(lambda: clock.time.timestamp(), **settings)
        with (
            Ledger.open(self.path) as ledger,
            Workers(WordReader(Settings()), lambda: WordReader(Settings()), 1) as made,
        ):
            keeper = Keeper(ledger, made)
            keeper.watch([Listed(address=address) for address in addresses], moment(at))
            options = Options(origin=Origin(), force=False, settings=Settings(), fetch=fetcher.fetch)
            schedule = Schedule(timedelta(minutes=every), Random(1))
            checking = Checking(fetcher, keeper, Desk(), schedule, options)
            named = frozenset(addresses)
            watch = Watch(checking, lambda what, cure: self.told.append(what), named, Clock(clock.now, clock.wait))
            if hours:
                with pytest.raises(KeyboardInterrupt):
                    watch.run(once=False)
            else:
                watch.run(once=True)
            return watch

    def feeds(self) -> list[KeptFeed]:
        """How the feeds stand."""
        with Ledger.open(self.path) as ledger, ledger.connection() as connection:
            return feeds.kept(connection)

    def texts(self) -> list[str]:
        """The texts of the reports."""
        with Ledger.open(self.path) as ledger:
            return sorted(reading.report.text for reading in ledger.readings())


@pytest.fixture
def desktop(tmp_path: Path, room: Newsroom) -> Desktop:
    return Desktop(tmp_path / "ledger.sqlite", room)


@pytest.fixture
def harbour(room: Newsroom) -> Outlet:
    """An outlet with two articles."""
    outlet = Outlet(room, "harbour.example")
    for number, place in ((1, "Aden"), (2, "Mocha")):
        outlet.publish(number, WORDS.format(place), START - timedelta(hours=3 - number))
    return outlet


def test_new_articles_are_added_with_their_pages(desktop: Desktop, harbour: Outlet) -> None:
    watch = desktop.watch(harbour.feed)
    assert desktop.texts() == [WORDS.format("Aden"), WORDS.format("Mocha")]
    assert (watch.sums.had, watch.sums.added, watch.sums.failed) == (1, 2, 0)
    with Ledger.open(desktop.path) as ledger:
        reading = next(ledger.readings())
        [capture] = ledger.captures(reading.report.id)
        assert capture.address == reading.report.url
        assert ledger.original(capture.sha256) == desktop.room.pages[capture.address.removeprefix("http://")].body
        assert (reading.report.outlet, reading.report.published) == ("harbour.example News", "2031-03-04")
    assert desktop.told == ["harbour.example News: 2 added"]


def test_a_watch_that_was_stopped_goes_on_where_it_was(place: Place, harbour: Outlet) -> None:
    desktop = Desktop(place, harbour.room)
    desktop.watch(harbour.feed)
    asked = len(desktop.room.asked)
    desktop.watch(at=START + timedelta(minutes=5))  # it is not due yet
    assert len(desktop.room.asked) == asked
    desktop.watch(at=START + timedelta(hours=1))
    assert desktop.room.asked[asked:] == ["harbour.example/feed"]
    assert desktop.room.requests[-1][1]["if-none-match"] == desktop.room.pages["harbour.example/feed"].etag
    harbour.publish(3, WORDS.format("Salif"))
    desktop.watch(at=START + timedelta(hours=2))
    assert desktop.room.asked[asked + 1 :] == ["harbour.example/feed", "harbour.example/3"]
    assert len(desktop.texts()) == 3


def test_two_watches_of_one_ledger_ask_a_feed_as_often_as_one(
    desktop: Desktop, harbour: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait = Hours.wait

    def while_cron_runs(clock: Hours, seconds: float) -> None:
        wait(clock, seconds)
        desktop.watch(at=clock.time)

    monkeypatch.setattr(Hours, "wait", while_cron_runs)
    desktop.watch(harbour.feed, hours=1)
    assert desktop.room.asked.count("harbour.example/feed") == 4


def test_an_edited_article_is_another_version_of_it(desktop: Desktop, harbour: Outlet) -> None:
    desktop.watch(harbour.feed)
    harbour.publish(1, WORDS.format("Aden") + " The army denied it later.")
    desktop.watch(at=START + timedelta(hours=1))
    assert desktop.room.asked.count("harbour.example/1") == 2
    assert desktop.room.asked.count("harbour.example/2") == 1
    with Ledger.open(desktop.path) as ledger:
        edited = next(r for r in ledger.readings() if "denied" in r.report.text)
        assert len(ledger.versions(edited)) == 2
        before = ledger.earlier(edited)
        assert before is not None
        assert before.report.text == WORDS.format("Aden")


def test_what_a_server_asks_for_is_respected(desktop: Desktop, room: Newsroom) -> None:
    slow = Outlet(room, "slow.example", headers={"cache-control": "public, max-age=18000"})
    plain = Outlet(room, "plain.example", headers={"cache-control": "no-cache"})
    lasting = Outlet(room, "lasting.example", headers={"cache-control": "max-age=99999999"})
    for outlet in (slow, plain, lasting):
        outlet.publish(1, WORDS.format(outlet.host))
    desktop.watch(slow.feed, plain.feed, lasting.feed, hours=25, every=60)
    visits = [room.asked.count(f"{outlet.host}/feed") for outlet in (slow, plain, lasting)]
    assert visits == [6, 26, 2]


def test_a_feed_that_fails_is_asked_less_and_less(desktop: Desktop, room: Newsroom) -> None:
    room.pages["down.example/feed"] = Page(status=500)
    room.pages["busy.example/feed"] = Page(status=503, headers={"retry-after": "36000"})
    desktop.watch("http://down.example/feed", "http://busy.example/feed", hours=24)
    assert 5 <= room.asked.count("down.example/feed") <= 8  # and not 96
    assert room.asked.count("busy.example/feed") == 3
    down, _ = desktop.feeds()
    assert down.failures >= 5
    assert down.failing_since == moment(START)
    assert "500" in down.trouble
    assert len([words for words in desktop.told if "down.example" in words]) == 1
    Outlet(room, "down.example").publish(1, WORDS.format("Aden"))
    desktop.watch(at=START + timedelta(days=3))
    assert (desktop.feeds()[0].failures, desktop.feeds()[0].trouble) == (0, "")


def test_a_feed_that_is_gone_is_not_asked_again_until_it_is_named(desktop: Desktop, room: Newsroom) -> None:
    room.pages["gone.example/feed"] = Page(status=410)
    desktop.watch("http://gone.example/feed", hours=48)
    assert room.asked == ["gone.example/feed"]
    assert desktop.feeds()[0].stopped
    Outlet(room, "gone.example").publish(1, WORDS.format("Aden"))
    desktop.watch("http://gone.example/feed", at=START + timedelta(days=3))
    assert len(desktop.texts()) == 1


@pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_feed_that_moves_for_good_is_asked_there(desktop: Desktop, harbour: Outlet, status: int, moves: bool) -> None:
    desktop.room.pages["old.example/feed"] = Page(status=status, headers={"location": harbour.feed})
    desktop.watch("http://old.example/feed")
    [feed] = desktop.feeds()
    assert (feed.address, feed.current_address) == (
        "http://old.example/feed",
        harbour.feed if moves else "http://old.example/feed",
    )
    desktop.watch(at=START + timedelta(hours=1))
    assert desktop.room.asked.count("old.example/feed") == (1 if moves else 2)
    assert len(desktop.texts()) == 2


def test_rules_for_programs_hold(desktop: Desktop, harbour: Outlet) -> None:
    desktop.room.pages["harbour.example/robots.txt"] = Page(b"User-agent: *\nDisallow: /1\n")
    desktop.watch(harbour.feed)
    assert desktop.room.asked == ["harbour.example/feed", "harbour.example/2"]
    desktop.watch(at=START + timedelta(hours=2))
    assert desktop.room.asked.count("harbour.example/1") == 0


def test_an_article_that_cannot_be_had_for_now_is_tried_again(desktop: Desktop, harbour: Outlet) -> None:
    page = desktop.room.pages["harbour.example/1"]
    desktop.room.pages["harbour.example/1"] = Page(status=503, headers={"retry-after": "7200"})
    watch = desktop.watch(harbour.feed)
    assert watch.sums.failed == 1
    assert desktop.room.asked == ["harbour.example/feed", "harbour.example/1"]  # the site wants to be left alone
    desktop.watch(at=START + timedelta(hours=1))
    assert len(desktop.room.asked) == 2
    desktop.room.pages["harbour.example/1"] = page
    desktop.watch(at=START + timedelta(hours=3))
    assert desktop.room.asked[2:] == ["harbour.example/feed", "harbour.example/1", "harbour.example/2"]
    assert len(desktop.texts()) == 2


def listing(*addresses: str, text: str = "") -> Page:
    """A feed that names articles, the oldest first, perhaps with their text."""
    items = "".join(
        f"<item><title>{address}</title><link>http://{address}</link>"
        f"<pubDate>{START - timedelta(hours=9 - number):%a, %d %b %Y %H:%M:%S} +0000</pubDate>"
        + (f"<c:encoded>{text.format(number)}</c:encoded>" if text else "")
        + "</item>"
        for number, address in enumerate(addresses)
    )
    space = "xmlns:c='http://purl.org/rss/1.0/modules/content/'"
    return Page(f"<rss version='2.0' {space}><channel><title>All</title>{items}</channel></rss>".encode())


def test_a_site_that_wants_to_be_left_alone_holds_up_no_other(desktop: Desktop, room: Newsroom) -> None:
    addresses = "bad.example/1", "good.example/1", "bad.example/2", "good.example/2"
    room.pages["all.example/feed"] = listing(*addresses)
    room.pages |= {
        one: Page(f"<html><body><article>{WORDS.format(one)}</article></body>".encode()) for one in addresses
    }
    room.pages["bad.example/1"] = Page(status=503, headers={"retry-after": "604800"})
    desktop.watch("http://all.example/feed", hours=1)
    assert room.asked[:4] == ["all.example/feed", "bad.example/1", "good.example/1", "good.example/2"]
    assert set(room.asked[4:]) == {"all.example/feed"} and len(room.asked) == 7
    assert len(desktop.texts()) == 2
    assert "if-none-match" in room.requests[-1][1], "what waits for long is no reason to ask for the whole feed"
    del room.pages["bad.example/1"]
    desktop.watch(at=START + timedelta(days=8))
    assert room.asked[8:] == ["bad.example/1", "bad.example/2"]


def test_a_site_that_wants_to_be_left_alone_is_though_the_feed_has_the_texts(desktop: Desktop, room: Newsroom) -> None:
    room.pages["full.example/feed"] = listing(*(f"full.example/{number}" for number in range(4)), text=WORDS)
    room.pages["full.example/0"] = Page(status=429, headers={"retry-after": "36000"})
    desktop.watch("http://full.example/feed")
    assert room.asked == ["full.example/feed", "full.example/0"]
    assert len(desktop.texts()) == 4
    desktop.watch(at=START + timedelta(hours=9))
    assert len(room.asked) == 2


def test_an_article_that_one_feed_leads_to_in_vain_is_taken_from_another(desktop: Desktop, room: Newsroom) -> None:
    item = "<item><title>A</title><link>http://x.example/1</link>{}</item>"
    for host, text in (("one", ""), ("two", f"<c:encoded>{WORDS.format('Aden')}</c:encoded>")):
        channel = f"<channel><title>{host}</title>{item.format(text)}</channel>"
        body = f"<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'>{channel}</rss>"
        room.pages[f"{host}.example/feed"] = Page(body.encode())
    room.pages["x.example/1"] = Page(status=403)
    desktop.watch("http://one.example/feed", "http://two.example/feed", hours=1)
    assert desktop.texts() == [WORDS.format("Aden")]


def test_an_article_that_is_none_is_not_fetched_again(desktop: Desktop, harbour: Outlet) -> None:
    desktop.room.pages["harbour.example/1"] = Page(b"<html><body>Sign in</body></html>")
    del desktop.room.pages["harbour.example/2"]
    desktop.watch(harbour.feed, hours=5)
    assert sorted(desktop.room.asked[1:3]) == ["harbour.example/1", "harbour.example/2"]
    assert set(desktop.room.asked[3:]) == {"harbour.example/feed"}


def test_gaps_are_told(desktop: Desktop, room: Newsroom) -> None:
    outlet = Outlet(room, "often.example")
    for hour in range(10):
        outlet.publish(hour, WORDS.format(hour), START - timedelta(hours=19 * hour))
    desktop.watch(outlet.feed, hours=48, every=120)
    assert [words for words in desktop.told if "nothing" in words] == ["nothing from often.example News since Tuesday"]
    outlet.publish(11, WORDS.format("Aden"), START + timedelta(hours=49))
    desktop.told.clear()
    desktop.watch(at=START + timedelta(hours=50))
    assert desktop.told == ["often.example News: 1 added"]


def test_a_feed_without_dates_is_not_told_silent_before_its_rhythm_is_known(desktop: Desktop, room: Newsroom) -> None:
    items = "".join(
        f"<item><title>Report {number}</title><link>http://u.example/{number}</link></item>" for number in range(8)
    )
    room.pages["u.example/feed"] = Page(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    desktop.watch("http://u.example/feed", hours=60, every=120)
    assert not [words for words in desktop.told if "nothing" in words]


def test_a_feed_that_dates_its_entries_late_is_not_told_silent(desktop: Desktop, room: Newsroom) -> None:
    outlet = Outlet(room, "late.example")
    for day in range(8):
        outlet.publish(day, WORDS.format(day), START + timedelta(days=day - 10))
        desktop.watch(outlet.feed, at=START + timedelta(days=day))
    assert desktop.told == ["late.example News: 1 added"] * 8


def test_a_list_at_an_address_is_followed(desktop: Desktop, harbour: Outlet) -> None:
    body = f'<opml version="2.0"><body><outline text="The Post" xmlUrl="{harbour.feed}"/></body></opml>'
    desktop.room.pages["lists.example/opml"] = Page(body.encode())
    desktop.watch("http://lists.example/opml")
    assert [feed.title for feed in desktop.feeds()] == ["", "The Post"]
    assert len(desktop.texts()) == 2


def test_a_packed_sitemap_is_watched(desktop: Desktop, harbour: Outlet) -> None:
    sitemap = b"<urlset><url><loc>http://harbour.example/1</loc></url></urlset>"
    desktop.room.pages["harbour.example/map.gz"] = Page(gzip.compress(sitemap))
    desktop.watch("http://harbour.example/map.gz")
    assert desktop.texts() == [WORDS.format("Aden")]


def test_what_lies_outside_leads_to_nothing_inside(desktop: Desktop, room: Newsroom) -> None:
    """Until the user names it; also if it is known from a list, and whatever is allowed by then."""
    inside, outside = Outlet(room, "wiki.corp"), Outlet(room, "outside.example")
    inside.publish(1, WORDS.format("Aden"))
    outside.publish(1, WORDS.format("Mocha"))
    room.pages["outside.example/feed"].body = room.pages["outside.example/feed"].body.replace(
        b"outside.example/1", b"wiki.corp/1"
    )
    lines = f"<outline xmlUrl='{inside.feed}'/><outline xmlUrl='{outside.feed}'/>"
    room.pages["lists.example/opml"] = Page(f"<opml version='2.0'><body>{lines}</body></opml>".encode())
    desktop.watch("http://lists.example/opml", hours=2, fetch_allow="wiki.corp")
    assert not [address for address, _ in room.requests if "wiki.corp" in address]
    assert [feed.within for feed in desktop.feeds()] == [True, False, False]
    desktop.watch(inside.feed, at=START + timedelta(hours=3), fetch_allow="wiki.corp")
    assert room.asked[-2:] == ["wiki.corp/feed", "wiki.corp/1"]
    assert desktop.texts() == [WORDS.format("Aden")]


def test_lists_that_name_lists_come_to_an_end(
    desktop: Desktop, harbour: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dragoman.watching.watch.MOST_FEEDS", 4)
    for number in range(9):
        lines = "".join(f'<outline xmlUrl="http://l{n}.example/opml"/>' for n in (2 * number + 1, 2 * number + 2))
        desktop.room.pages[f"l{number}.example/opml"] = Page(
            f'<opml version="2.0"><body>{lines}</body></opml>'.encode()
        )
    desktop.watch("http://l0.example/opml")
    assert len(desktop.feeds()) == 4
    assert "lists more feeds than can be watched: 4 in all" in desktop.told[0]


def test_what_the_feed_has_itself_is_taken_where_there_is_no_page(desktop: Desktop, room: Newsroom) -> None:
    words = WORDS.format("Aden")
    item = {"id": "1", "content_html": f"<p>{words}</p>", "title": "T"}
    body = str({"version": "https://jsonfeed.org/version/1", "items": [item]}).replace("'", '"')
    room.pages["json.example/feed"] = Page(body.encode())
    desktop.watch("http://json.example/feed")
    assert desktop.texts() == [words]
    with Ledger.open(desktop.path) as ledger:
        [capture] = ledger.captures(next(ledger.readings()).report.id)
    assert capture.address == "http://json.example/feed"


def test_a_fault_in_one_feed_does_not_stop_the_others(
    desktop: Desktop, harbour: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    Outlet(desktop.room, "odd.example").publish(1, WORDS.format("Salif"))
    note = Keeper.note

    def broken(self: Keeper, feed: KeptFeed, *rest: Any) -> Any:
        if "odd" in feed.address:
            raise ZeroDivisionError("odd")
        return note(self, feed, *rest)

    monkeypatch.setattr(Keeper, "note", broken)
    desktop.room.pages["broken.example/feed"] = Page(b"<html>no feed</html>")
    harbour.publish(3, WORDS.format("Fault"))
    watch = desktop.watch("http://odd.example/feed", "http://broken.example/feed", harbour.feed)
    assert (watch.sums.had, watch.sums.not_had, watch.sums.added, watch.sums.failed) == (1, 2, 2, 1)
    assert any("a fault in Dragoman itself (ZeroDivisionError: odd)" in words for words in desktop.told)


def test_a_ledger_that_cannot_be_written_ends_the_watch(
    desktop: Desktop, harbour: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*given: Any) -> Any:
        raise LedgerWriteFailed("the disk is full", "make room")

    monkeypatch.setattr(Keeper, "note", full)
    with pytest.raises(LedgerWriteFailed):
        desktop.watch(harbour.feed)


@pytest.mark.parametrize("step", ["due", "note", "add", "keep"])
def test_a_busy_ledger_is_waited_for(
    step: str, desktop: Desktop, harbour: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if it is busy only when all but the last of a step is done."""
    real, times = getattr(Keeper, step), [0]

    def busy(*given: Any) -> Any:
        done = real(*given)
        times[0] += 1
        if times[0] <= 2:
            raise LedgerBusy("another process is writing to the ledger", "wait for it to end, then try again")
        return done

    monkeypatch.setattr(Keeper, step, busy)
    watch = desktop.watch(harbour.feed)
    assert desktop.texts() == [WORDS.format("Aden"), WORDS.format("Mocha")]
    assert (watch.sums.had, watch.sums.not_had, watch.sums.failed) == (1, 0, 0)
    assert desktop.told[0] == "another process is writing to the ledger" and len(desktop.told) == 2
    [feed] = desktop.feeds()
    assert feed.checked_at and not feed.trouble
    asked = len(desktop.room.asked)
    desktop.watch(at=START + timedelta(hours=1))
    assert desktop.room.asked[asked:] == ["harbour.example/feed"]


def test_what_was_not_done_when_it_stopped_is_done_later(
    desktop: Desktop, harbour: Outlet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def struck(*given: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Keeper, "add", struck)
    with pytest.raises(KeyboardInterrupt):
        desktop.watch(harbour.feed)
    assert desktop.texts() == []
    monkeypatch.undo()
    desktop.watch()
    assert len(desktop.texts()) == 2


def test_many_feeds_are_checked_at_once_but_one_at_a_host(desktop: Desktop, room: Newsroom) -> None:
    outlets = [Outlet(room, f"outlet{number % 12}.example") for number in range(24)]
    addresses = []
    for number, outlet in enumerate(outlets):
        outlet.items.clear()
        outlet.publish(number, WORDS.format(f"Town {number}"))
        room.pages[f"{outlet.host}/feed{number}"] = room.pages[f"{outlet.host}/feed"]
        addresses.append(f"http://{outlet.host}/feed{number}")
    watch = desktop.watch(*addresses)
    assert (watch.sums.had, watch.sums.added) == (24, 24)
    assert room.most_at_once == 1
    assert len(set(room.asked)) == len(room.asked) == 48
