"""What a site lets programs fetch (RFC 9309)."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.documents.web.addresses import parse
from dragoman.documents.web.robots import MOST_RULES, Robots
from dragoman.errors import AddressRefused, FetchFailed
from tests.documents.web.server import Answer, Internet, answer, redirect

RULES = """\
User-agent: *
Disallow: /private
Disallow: /*.cgi$
Allow: /private/open

User-agent: OtherBot
Disallow: /
"""


def allowed(internet: Internet, rules: Answer, path: str = "/page") -> bool:
    """Whether a path is fetched when the site answers so for its rules."""
    internet.site.pages |= {"/robots.txt": rules, path: answer(b"words")}
    fetcher = internet.fetcher()
    try:
        return fetcher.fetch(f"http://a.example{path}").content == b"words"
    except (AddressRefused, FetchFailed) as error:
        assert f"http://a.example{path} is not fetched" in error.what and error.cure
        assert path not in internet.site.asked
        return False


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/page", True), ("/private", False), ("/private/a", False), ("/private/open/a", True), ("/a.cgi", False)],
)
def test_rules_hold(internet: Internet, path: str, expected: bool) -> None:
    assert allowed(internet, answer(RULES.encode()), path) == expected


@pytest.mark.parametrize("name", ["Dragoman", "dragoman", "DRAGOMAN"])
def test_rules_for_us_win_over_those_for_all(internet: Internet, name: str) -> None:
    rules = f"User-agent: {name}\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    assert not allowed(internet, answer(rules.encode()))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_rules_allows_all(internet: Internet, status: int) -> None:
    assert allowed(internet, answer(b"User-agent: *\nDisallow: /", f"{status} None"))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_site_whose_rules_cannot_be_had_allows_nothing(internet: Internet, status: int) -> None:
    internet.site.pages |= {"/robots.txt": answer(status=f"{status} Odd", retry_after="60"), "/page": answer(b"words")}
    fetcher = internet.fetcher()
    with pytest.raises(FetchFailed, match="rules cannot be had") as failure:
        fetcher.fetch("http://a.example/page")
    assert (failure.value.status, failure.value.retry_after) == (status, 60)
    assert internet.site.asked == []


def test_rules_that_are_cut_off_allow_nothing(internet: Internet) -> None:
    assert not allowed(internet, b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *")


def test_rules_may_lie_elsewhere_but_not_inside(internet: Internet) -> None:
    internet.site.pages["/rules"] = answer(b"User-agent: *\nDisallow: /page")
    assert not allowed(internet, redirect("http://b.example/rules"))
    assert not allowed(internet, redirect("http://127.0.0.1/rules"))
    assert {number for number, _ in internet.connected} == {"151.101.1.10"}


@pytest.mark.parametrize(
    "rules", [b"<html>none</html>", b"\xff\xfe\x00a", b"\x00" * 100, b"", b"Disallow: /", b"a" * 9_999]
)
def test_rules_that_are_none_allow_all(internet: Internet, rules: bytes) -> None:
    assert allowed(internet, answer(rules))


def test_only_the_start_of_very_long_rules_counts(internet: Internet) -> None:
    start = b"User-agent: *\nDisallow: /private\n"
    rules = start + b"# a line\n" * 60_000 + b"Disallow: /page\n"
    assert allowed(internet, answer(rules))
    assert not allowed(internet, answer(rules), "/private")


def test_a_site_is_asked_for_its_rules_once(internet: Internet) -> None:
    internet.site.pages |= {"/robots.txt": answer(b"User-agent: *\nAllow: /"), "/a": answer(b"a"), "/b": answer(b"b")}
    fetcher = internet.fetcher()
    for path in "abab":
        fetcher.fetch(f"http://a.example/{path}")
    fetcher.fetch("http://a.example:8080/a")  # another port is another site
    assert [request.split(" ")[1] for request in internet.site.requests].count("/robots.txt") == 2


def test_a_site_is_asked_once_however_many_threads_want_its_rules() -> None:
    asked, started = list[str](), Barrier(4)

    def get(address: str, within: bool) -> bytes:
        asked.append(address)
        time.sleep(0.1)
        return b"User-agent: *\nCrawl-delay: 3"

    robots = Robots(get)

    def pause(number: int) -> float:
        started.wait(5)
        return robots.pause(parse(f"http://a.example/{number}"), False)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(pause, range(4))) == [3] * 4
    assert asked == ["http://a.example/robots.txt"]


@pytest.mark.parametrize(("rules", "expected"), [(MOST_RULES, True), (MOST_RULES + 1, False)])
def test_more_rules_than_are_looked_at_allow_nothing(internet: Internet, rules: int, expected: bool) -> None:
    lines = b"User-agent: *\n\n# a line\n" + b"Disallow: /no\n" * (rules - 1)
    assert allowed(internet, answer(lines)) == expected


@pytest.mark.parametrize(("said", "seconds"), [(answer(b"User-agent: *"), 86_400), (answer(status="503 Busy"), 600)])
def test_a_site_is_asked_again_after_a_while(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, said: bytes, seconds: int
) -> None:
    internet.site.pages |= {"/robots.txt": said, "/page": answer(b"words")}
    fetcher, now = internet.fetcher(), 1_000.0
    monkeypatch.setattr("dragoman.documents.web.robots.monotonic", lambda: now)
    for later, asked in ((0, 1), (seconds - 1, 1), (2, 2)):
        now += later
        with suppress(FetchFailed):
            fetcher.fetch("http://a.example/page")
        assert sum("GET /robots.txt" in request for request in internet.site.requests) == asked


def test_of_many_sites_the_rules_of_those_met_last_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.documents.web.robots.MOST_SITES", 2)
    asked: list[str] = []

    def get(address: str, within: bool) -> bytes:
        asked.append(address[7])
        return b"User-agent: *\nCrawl-delay: 7"

    robots = Robots(get)
    assert {robots.pause(parse(f"http://{site}.example/"), False) for site in "abacab"} == {7}
    assert asked == ["a", "b", "c", "b"]


def test_each_address_on_the_way_is_asked_for(internet: Internet) -> None:
    internet.site.pages |= {
        "/robots.txt": answer(b"User-agent: *\nDisallow: /private"),
        "/a": redirect("/private"),
        "/private": answer(b"words"),
    }
    fetcher = internet.fetcher()
    with pytest.raises(AddressRefused, match=r"robots\.txt"):
        fetcher.fetch("http://a.example/a")
    assert internet.site.asked == ["/a"]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.binary(max_size=300), st.text(st.sampled_from("ab*$%/.:#\n \u00e9UuDd"), max_size=200))
def test_whatever_the_rules_are_they_allow_or_refuse(noise: bytes, words: str) -> None:
    text = b"User-agent: *\nDisallow: " + words.encode() + b"\nCrawl-delay: " + noise
    robots = Robots(lambda address, within: text)
    try:
        assert 0 <= robots.pause(parse("http://a.example/ab?c=%C3%A9"), True) <= 30
    except AddressRefused as error:
        assert "robots.txt" in error.what


def test_rules_full_of_stars_take_no_time(internet: Internet) -> None:
    rules = b"User-agent: *\n" + b"Disallow: /" + b"*a" * 500 + b"b\n" + b"Disallow: /*a*a*a*a*a*a*a*a*b$\n" * 5_000
    assert allowed(internet, answer(rules), "/" + "a" * 4_000)
