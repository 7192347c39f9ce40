"""Row 5 of reliability.md: whatever the address, nobody but the public internet is ever connected to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.documents.web.addresses import is_public, looks_like_address, parse
from dragoman.errors import AddressRefused, DragomanError, FetchFailed, UsageError
from tests.documents.web.numbers import INTERNAL_V4, INTERNAL_V6, PUBLIC_V4, PUBLIC_V6
from tests.documents.web.server import PUBLIC, Internet, answer, redirect

INTERNAL = [*INTERNAL_V4, *INTERNAL_V6]


def host(number: str) -> str:
    """A number as it stands in an address."""
    return f"[{number}]" if ":" in number else number


def refused(internet: Internet, address: str) -> AddressRefused:
    """The refusal of an address, for which nobody was connected to."""
    fetcher = internet.fetcher()
    with pytest.raises(AddressRefused) as refusal:
        fetcher.fetch(address)
    assert "is not fetched" in refusal.value.what and refusal.value.cure
    internet.assert_untouched()
    return refusal.value


ODD_SCHEMES = """
ftp://a.example/ ftps://a.example/ file:///etc/passwd file://localhost/etc/passwd gopher://a.example:70/_x
dict://a.example:2628/d ldap://a.example/ sftp://a.example/ ssh://a.example/ telnet://a.example/ tftp://a.example/x
ws://a.example/ wss://a.example/ data://text/html,x javascript://a.example/%0aalert(1) jar:http://a.example!/
unix:///var/run/docker.sock http+unix://%2Fvar%2Frun%2Fdocker.sock/info s3://bucket/key view-source:http://a.example/
http:a.example http:/a.example/ //a.example/ a.example http//a.example httpx://a.example/ http:///a http:// https://
h\u0442tp://a.example/
""".split()

ODD_FORMS = """
http://127.1/ http://127.0.1/ http://10.1/ http://0/ http://1/ http://2130706433/ http://017700000001/ http://0x7f000001/
http://0x7f.0.0.1/ http://0x7f.1/ http://0177.0.0.1/ http://0177.1/ http://127.0.0.01/ http://127.00.0.1/
http://127.0.0.0x1/ http://0x/ http://1.2.3.4.5/ http://256.1.1.1/ http://4294967296/ http://1.2.3/ http://0X7F.1/
http://08.8.8.8/ http://8.8.2056/ http://127.0.0.1./ http://127.1./ http://a.example.127/ http://1.2.3.4.0x5/
http://①②⑦.⓪.⓪.①/ http://１２７.0.0.1/ http://127。0。0。1/ http://127｡0｡0｡1/ http://٣.4.5.6/ http://0ｘ7f.1/
http://%31%32%37.0.0.1/ http://127%2e0.0.1/ http://a%00.example/ http://a.example%2f@b.example/ http://a.example%23/
http://[::1%25lo]/ http://[fe80::1%25eth0]/ http://[fe80::1%eth0]/ http://[::1/ http://::1/ http://[::1]x/
http://[127.0.0.1]/ http://[v1.a]/ http://[]/ http://[::ffff:127.0.0.1%251]/ http://[1::2::3]/ http://[[::1]]/
http://[0:0:0:0:0:0:0:1]/ http://[0000:0000:0000:0000:0000:ffff:7f00:0001]/
http://user@a.example/ http://user:word@a.example/ http://a.example:80@127.0.0.1/ http://127.0.0.1@a.example/
http://a.example@/ http://@a.example/ http://a.example&@127.0.0.1#@b.example/ http://:@a.example/
http://a.example\\@127.0.0.1/ http://a.example\\.b.example/ http:\\\\127.0.0.1\\ http://127.0.0.1\\a.example/
http://localhost/ http://LOCALHOST/ http://localhost./ http://a.localhost/ http://localhost.localdomain.local/
http://metadata/ http://intranet/ http://metadata.google.internal/ http://printer.local/ http://a.onion/
http://1.0.0.127.in-addr.arpa/ http://ｌｏｃａｌｈｏｓｔ/ http://loc\u00adalhost/ http://LocalHost%2e/
http://a..example/ http://.a.example/ http://a.example../ http://-a.example/ http://a-.example/ http://a_b!.example/
http://*.example/ http://a,b.example/ http://a;b.example/ http://a+b.example/ http://a'b.example/ http://xn--\u00e9.example/
http://a.example:0/ http://a.example:65536/ http://a.example:99999/ http://a.example:-1/ http://a.example:8o/
http://a.example:80:80/ http://a.example:22/ http://a.example:25/ http://a.example:3306/ http://a.example:5432/
http://a.example:6379/ http://a.example:11211/ http://a.example:2375/ http://a.example:０/ http://a.example:+80/
""".split()
LONG = [f"http://{'a' * 64}.example/", f"http://{'a.' * 130}example/", f"http://a.example/{'a' * 9_000}"]
CONTROLS = [
    "http://a.example/\r\nHost: b",
    "http://a.ex\x00ample/",
    "http://a.example\t/",
    "http://a. example/",
    "\x01http://a",
]


@pytest.mark.parametrize("address", [*ODD_SCHEMES, *ODD_FORMS, *LONG, *CONTROLS], ids=ascii)
def test_odd_addresses_lead_to_no_lookup_and_no_connection(internet: Internet, address: str) -> None:
    refused(internet, address)
    assert internet.looked_up == []


def test_a_password_is_told_but_not_shown(internet: Internet) -> None:
    what = refused(internet, "https://user:s3cret@a.example/b").what
    assert what == "https://...@a.example/b is not fetched: it has a user name or password in it"


@pytest.mark.parametrize("number", INTERNAL)
def test_internal_numbers_are_refused(internet: Internet, number: str) -> None:
    refused(internet, f"http://{host(number)}/")
    assert internet.looked_up == []


@pytest.mark.parametrize("number", INTERNAL)
def test_names_of_internal_numbers_are_refused(internet: Internet, number: str) -> None:
    internet.names["a.example"] = [[number]]
    assert str(ipaddress.ip_address(number)) in refused(internet, "https://a.example/").what


@pytest.mark.parametrize("number", INTERNAL)
def test_one_internal_number_among_public_ones_is_enough(internet: Internet, number: str) -> None:
    internet.names["a.example"] = [[PUBLIC, "2a00:1450:4001::1", number]]
    refused(internet, "http://a.example/")


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("number", ["127.0.0.1", "169.254.169.254", "::1", "64:ff9b::7f00:1", "100.64.0.1", "fec0::1"])
def test_redirects_to_internal_numbers_are_refused(internet: Internet, number: str, status: str) -> None:
    internet.site.pages["/a"] = redirect(f"http://{host(number)}/secret", status)
    fetcher = internet.fetcher()
    with pytest.raises(AddressRefused, match="not public"):
        fetcher.fetch("http://a.example/a")
    assert internet.site.asked == ["/a"]
    assert {number for number, _ in internet.connected} == {PUBLIC}


REDIRECTS = [*ODD_SCHEMES[:17], *ODD_FORMS[:24], *(f"http://{host(number)}/" for number in INTERNAL)]


@pytest.mark.parametrize("location", [location for location in REDIRECTS if "://" in location])
def test_the_third_address_is_checked_like_the_first(internet: Internet, location: str) -> None:
    internet.site.pages |= {"/a": redirect("//b.example/b"), "/b": redirect("/c"), "/c": redirect(location)}
    fetcher = internet.fetcher()
    with pytest.raises(AddressRefused):
        fetcher.fetch("http://a.example/a")
    assert internet.site.asked == ["/a", "/b", "/c"]
    assert {number for number, _ in internet.connected} == {PUBLIC}


@pytest.mark.parametrize("number", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "2002:7f00:1::", "fd00::1"])
def test_redirects_to_names_of_internal_numbers_are_refused(internet: Internet, number: str) -> None:
    internet.names["inner.example"] = [[number]]
    internet.site.pages["/a"] = redirect("http://inner.example/secret")
    fetcher = internet.fetcher()
    with pytest.raises(AddressRefused, match="not public"):
        fetcher.fetch("http://a.example/a")
    assert internet.site.asked == ["/a"]


@pytest.mark.parametrize("number", ["127.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "::ffff:7f00:1"])
def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(internet: Internet, number: str) -> None:
    """Rebinding: the number that was checked is the one that is connected to, and each request is checked anew."""
    internet.names["a.example"] = [[PUBLIC], [PUBLIC], [number]]  # for the site's rules, for the page, from then on
    internet.site.pages["/a"] = answer(b"words")
    fetcher = internet.fetcher()
    assert fetcher.fetch("http://a.example/a").content == b"words"
    assert internet.looked_up == ["a.example"] * 2
    with pytest.raises(AddressRefused):
        fetcher.fetch("http://a.example/a")
    assert internet.connected == [(PUBLIC, 80)] * 2


def test_a_name_that_changes_between_rules_and_page_is_refused(internet: Internet) -> None:
    internet.names["a.example"] = [[PUBLIC], ["127.0.0.1"]]
    fetcher = internet.fetcher()
    with pytest.raises(AddressRefused):
        fetcher.fetch("http://a.example/a")
    assert internet.site.asked == []


@pytest.mark.parametrize("number", [*PUBLIC_V4, *PUBLIC_V6])
def test_public_numbers_are_connected_to_exactly(internet: Internet, number: str) -> None:
    internet.names["a.example"] = [[number]]
    internet.site.pages["/"] = answer(b"words")
    fetcher = internet.fetcher()
    assert fetcher.fetch("http://a.example").content == b"words"
    assert fetcher.fetch(f"http://{host(number)}/").content == b"words"
    assert {asked for asked, _ in internet.connected} == {number}


@settings(deadline=None)
@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_knows_as_not_global_is_not_public(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not number.is_global or number.is_multicast:
        assert not is_public(number)


@settings(deadline=None)
@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "2002::", "::", "2001::"]))
def test_no_number_that_carries_another_is_public(inner: ipaddress.IPv4Address, outer: str) -> None:
    shift = 80 if outer == "2002::" else 0
    assert not is_public(ipaddress.IPv6Address(int(ipaddress.IPv6Address(outer)) | int(inner) << shift))


def test_a_number_of_one_network_card_is_not_public() -> None:
    assert not is_public(ipaddress.ip_address("2a00:1450:4001::1%eth0"))


# --- what is fetched --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("http://a.example", "http://a.example/"),
        ("HTTPS://A.Example/B", "https://a.example/B"),
        ("https://a.example./b", "https://a.example/b"),
        ("http://a.example:80/b", "http://a.example/b"),
        ("https://a.example:8443/b?c#d", "https://a.example:8443/b?c"),
        ("http://a.example?c=d", "http://a.example/?c=d"),
        ("https://bücher.example/ö?ü=ä", "https://xn--bcher-kva.example/%C3%B6?%C3%BC=%C3%A4"),
        ("https://\u0430pple.example/", "https://xn--pple-43d.example/"),  # a Cyrillic letter is simply encoded
        ("https://a.example/b c%20d", "https://a.example/b%20c%20d"),
        ("https://my_site.a.example/", "https://my_site.a.example/"),
        ("http://[2A00:1450:4001:0:0:0:0:1]:8080/", "http://[2a00:1450:4001::1]:8080/"),
        (" https://a.example/ ", "https://a.example/"),
    ],
)
def test_an_address_has_one_reading(given: str, read: str) -> None:
    assert str(parse(given)) == read
    assert str(parse(read)) == read


@settings(deadline=None)
@given(st.text(max_size=60))
def test_whatever_is_given_is_an_address_or_refused(words: str) -> None:
    for text in (words, f"http://{words}", f"https://a.example/{words}"):
        try:
            address = parse(text)
        except AddressRefused as error:
            assert error.what.isascii() and error.what.isprintable()
        else:
            assert str(address).isascii() and str(address).isprintable() and " " not in str(address)
            assert parse(str(address)) == address


@pytest.mark.parametrize("given", ["http://a.example", "ftp://a/b", " https://a", "file:///a"])
def test_what_looks_like_an_address_is_no_file(given: str) -> None:
    assert looks_like_address(given)


@pytest.mark.parametrize("given", ["a.txt", "/a/b", "C:\\a", "-", "C://a", "a/http://b", "mailto:a@b.example"])
def test_files_do_not_look_like_addresses(given: str) -> None:
    assert not looks_like_address(given)


# --- hosts of one's own network ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("allow", "address"),
    [
        ("wiki.corp", "http://wiki.corp/a"),
        ("wiki.corp", "http://wiki.corp:8000/a"),
        ("other.corp, Wiki.Corp:8000", "http://wiki.corp:8000/a"),
        ("intranet", "http://intranet/a"),
        ("localhost", "http://localhost:9000/a"),
        ("10.0.0.7", "http://10.0.0.7/a"),
        ("[::1]:8000", "http://[::1]:8000/a"),
    ],
)
def test_a_host_that_is_allowed_is_fetched(internet: Internet, allow: str, address: str) -> None:
    internet.names |= {name: [["10.0.0.7"]] for name in ("wiki.corp", "intranet", "localhost")}
    internet.site.pages["/a"] = answer(b"words")
    fetcher = internet.fetcher(fetch_allow=allow)
    assert fetcher.fetch(address).content == b"words"


@pytest.mark.parametrize(
    "address", ["http://wiki.corp:9000/", "http://b.corp/", "http://10.0.0.7:8000/", "http://a.wiki.corp:8000/"]
)
def test_allowing_one_host_and_port_allows_no_other(internet: Internet, address: str) -> None:
    internet.names |= {name: [["10.0.0.7"]] for name in ("wiki.corp", "b.corp", "a.wiki.corp")}
    fetcher = internet.fetcher(fetch_allow="wiki.corp:8000")
    with pytest.raises(AddressRefused):
        fetcher.fetch(address)
    internet.assert_untouched()


def test_nobody_outside_may_send_us_to_a_host_that_is_allowed(internet: Internet) -> None:
    internet.names["wiki.corp"] = [["10.0.0.7"]]
    internet.site.pages |= {"/a": redirect("http://wiki.corp/b"), "/b": answer(b"words")}
    fetcher = internet.fetcher(fetch_allow="wiki.corp")
    with pytest.raises(AddressRefused, match="not public"):
        fetcher.fetch("http://a.example/a")
    with pytest.raises(AddressRefused, match="not public"):
        fetcher.fetch("http://wiki.corp/b", within=False)
    assert internet.site.asked == ["/a"]
    assert {number for number, _ in internet.connected} == {PUBLIC}, "not even for the rules of the site"
    assert fetcher.fetch("http://wiki.corp/a").content == b"words", "but one that is allowed may"


@pytest.mark.parametrize("allow", ["http://wiki.corp", "wiki.corp/a", "a@wiki.corp", "10.0.0.0/8", "*", "a:b", "a b"])
def test_hosts_that_cannot_be_allowed_are_told(internet: Internet, allow: str) -> None:
    with pytest.raises(UsageError, match="fetch_allow"):
        internet.fetcher(fetch_allow=allow)


# --- names that lead nowhere ------------------------------------------------------------------------


def test_a_name_without_numbers_is_told(internet: Internet) -> None:
    internet.names["a.example"] = [[]]
    fetcher = internet.fetcher()
    with pytest.raises(FetchFailed, match="leads nowhere"):
        fetcher.fetch("http://a.example/")
    internet.assert_untouched()


@pytest.mark.parametrize("number", ["", "nonsense", "1.2.3", "0x7f.1"])
def test_what_is_no_number_is_not_connected_to(internet: Internet, number: str) -> None:
    internet.names["a.example"] = [[number]]
    fetcher = internet.fetcher()
    with pytest.raises(DragomanError):
        fetcher.fetch("http://a.example/")
    internet.assert_untouched()
