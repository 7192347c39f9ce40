"""A shared ledger: when it starts, signing in and out, one's account, the accounts, and the audit list."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.errors import UsageError
from dragoman.ledger import accounts, audit
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from dragoman.show.pages.signin import own_path
from dragoman.show.signing_in import ADDRESS, NAME, PAIR, SECONDS, Attempts
from tests.ledger.helpers import ask
from tests.show.html import Parsed
from tests.show.sharing import NAME as HOST
from tests.show.sharing import PASSWORD, SHARED, Shared, furnish, quick_passwords

NEW = "a lantern over the weir"


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with quick_passwords():
        yield furnish(tmp_path_factory.mktemp("shared") / "ledger.sqlite")


@pytest.fixture
def shared(furnished: Path, tmp_path: Path) -> Shared:
    return Shared(Path(shutil.copy(furnished, tmp_path)))


@pytest.fixture
def client(shared: Shared) -> TestClient:
    return shared.client()


def sign_in(client: TestClient, name: str = "editor", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/signin", data={"name": name, "password": password, **more})


def csrf(client: TestClient) -> str:
    page = Parsed(client.get("/account").text)
    return next(e.attributes["value"] for e in page.elements if e.attributes.get("name") == "csrf")


def acts(shared: Shared) -> list[audit.Act]:
    return list(audit.acts(shared.ledger, None, 100).rows)


# --- when it starts -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings", [SHARED, Settings(name=HOST, host="0.0.0.0"), Settings(name="a.example, b.example")]
)
def test_sharing_needs_an_admin(tmp_path: Path, settings: Settings, furnished: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    with Ledger.open(place) as ledger:
        with pytest.raises(UsageError, match="no accounts") as refused:
            create_app(place, settings)
        assert "dragoman user add NAME --role admin" in refused.value.cure
        accounts.add_user(ledger, "jon", PASSWORD, "editor", "")
        with pytest.raises(UsageError, match="no accounts"):
            create_app(place, settings)
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
    create_app(place, settings)


@pytest.mark.parametrize("name", ["http://a.example", "a.example:80", "a example", ",", "-a", "a/b", "*"])
def test_a_name_that_is_none_is_refused(shared: Shared, name: str) -> None:
    with pytest.raises(UsageError, match="no name of a host"):
        create_app(shared.place, Settings(name=name))


@pytest.mark.parametrize("proxy", ["*", "localhost", "10.0.0.0/99"])
def test_a_proxy_is_an_address(shared: Shared, proxy: str) -> None:
    with pytest.raises(UsageError, match="no IP address"):
        create_app(shared.place, Settings(name=HOST, proxy=proxy))


def test_it_answers_to_its_names_only(shared: Shared) -> None:
    client = TestClient(create_app(shared.place, Settings(name="A.example, [2001:db8::7]")), "http://a.example")
    assert client.get("/signin").status_code == 200
    assert client.get("/signin", headers={"host": "[2001:db8::7]:8765"}).status_code == 200
    for host in ("localhost", "b.example", "x.a.example"):
        assert client.get("/signin", headers={"host": host}).status_code == 421


def test_a_ledger_with_accounts_needs_none_at_its_own_machine(shared: Shared) -> None:
    client = TestClient(create_app(shared.place, Settings()), "http://localhost", follow_redirects=False)
    assert client.get("/v1/reports").status_code == 200
    assert "Sign out" not in client.get("/actors").text
    assert client.get("/signin").headers["location"] == "/"
    assert client.post("/signin", data={"name": "admin", "password": PASSWORD}).headers["location"] == "/"
    for address in ("/account", "/accounts"):
        assert client.get(address).status_code == 404
    assert "set-cookie" not in client.get("/actors").headers


# --- signing in and out ---------------------------------------------------------------------------


def test_signing_in_and_out(shared: Shared, client: TestClient) -> None:
    led = client.get("/actors?text=grain", headers={"accept": "text/html"})
    assert (led.status_code, led.headers["location"]) == (303, "/signin?next=%2Factors%3Ftext%3Dgrain")
    form = Parsed(client.get(led.headers["location"]).text)
    (following,) = [e.attributes["value"] for e in form.elements if e.attributes.get("name") == "next"]
    done = sign_in(client, " Editor ", next=following)
    assert (done.status_code, done.headers["location"]) == (303, "/actors?text=grain")
    page = client.get("/actors?text=grain")
    assert page.status_code == 200 and "Signed in as editor" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert client.get("/signin?next=/actors").headers["location"] == "/actors"
    kept = dict(client.cookies)
    out = client.post("/signout")
    assert (out.status_code, out.headers["location"]) == (303, "/signin")
    assert "cache" in out.headers["clear-site-data"]
    assert not client.cookies
    client.cookies.update(kept)
    assert client.get("/actors").status_code == 401


def test_after_a_link_on_another_site_a_page_of_ours_comes_between(client: TestClient) -> None:
    """Browsers keep a strict cookie back from there; the page leads to /signin, which shows the form or leads on."""
    headers = {"accept": "text/html", "sec-fetch-site": "cross-site"}
    between = client.get("/actors?text=%22%3E%3Cscript%3E", headers=headers)
    assert between.status_code == 401
    (refresh,) = [e for e in Parsed(between.text).elements if e.attributes.get("http-equiv") == "refresh"]
    onwards = "/signin?next=%2Factors%3Ftext%3D%2522%253E%253Cscript%253E"
    assert refresh.attributes["content"] == f"0; url={onwards}"
    assert client.get(onwards, headers={"accept": "text/html"}).status_code == 200
    sign_in(client)
    assert client.get(onwards).headers["location"] == "/actors?text=%22%3E%3Cscript%3E"


def test_the_cookie_is_out_of_reach(client: TestClient) -> None:
    cookie = sign_in(client).headers["set-cookie"]
    assert re.fullmatch(r"dragoman=[\w-]{43}; HttpOnly; Max-Age=43200; Path=/; SameSite=strict", cookie)


def test_behind_tls_the_cookie_goes_by_tls_only(shared: Shared) -> None:
    settings = Settings(name=HOST, proxy="192.0.2.1, 198.51.100.0/24", session_hours=1)
    app = create_app(shared.place, settings)
    forwarded = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
    for address, believed in (("192.0.2.1", True), ("198.51.100.200", True), ("192.0.2.2", False)):
        client = TestClient(app, f"http://{HOST}", client=(address, 1), headers=forwarded, follow_redirects=False)
        cookie = sign_in(client).headers["set-cookie"]
        assert cookie.startswith("__Host-dragoman=" if believed else "dragoman=")
        assert ("; Secure" in cookie) == believed
        assert "Max-Age=3600" in cookie
        assert acts(shared)[0].address == ("203.0.113.9" if believed else address)
    client = shared.client(client=("127.0.0.1", 1), headers=forwarded)
    assert "Secure" not in sign_in(client).headers["set-cookie"], "nobody is believed unless named"


def test_a_session_that_somebody_else_set_is_never_taken(shared: Shared, client: TestClient) -> None:
    """Neither a made-up secret nor that of another user stays when somebody signs in."""
    planted = shared.session("reader")[0]["cookie"]
    for cookie in ("dragoman=chosen-by-somebody-else", planted):
        client.cookies.clear()
        done = client.post("/signin", data={"name": "admin", "password": PASSWORD}, headers={"cookie": cookie})
        assert done.headers["set-cookie"].partition(";")[0] not in cookie
        assert client.get("/account", headers={"cookie": cookie}).status_code == 401
    assert "You are signed in as admin" in Parsed(client.get("/account").text).text


def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(shared: Shared) -> None:
    accounts.remove_user(shared.ledger, "gone", "admin")
    answers: list[tuple[int, str, bool, set[str]]] = []
    for name in ("admin", "nobody-of-that-name", "gone", "\x00", "<script>"):
        answer = sign_in(shared.client(client=(f"192.0.2.{len(answers)}", 1)), name, "wrong password!")
        answers.append((answer.status_code, answer.text, "set-cookie" in answer.headers, set(answer.headers)))
        assert "wrong password!" not in answer.text
    assert answers[0][0] == 401 and "wrong" in answers[0][1]
    assert all(answer == answers[0] for answer in answers)


HOSTILE_NEXT = (
    "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example",
    "HTTPS:evil.example", "javascript:alert(1)", "/\t/evil.example", "/\n/evil.example", "\t//evil.example",
    " //evil.example", "//evil.example/%2f..", "evil.example", "", "/\x00/evil.example", "/ok\r\nset-cookie: a=b",
    "/\x7f/evil.example", "@evil.example", "data:text/html,x", ".//evil.example", "/\\/evil.example", "?next=//evil",
)  # fmt: skip


@pytest.mark.parametrize("next", HOSTILE_NEXT)
def test_nobody_is_led_to_another_site(client: TestClient, next: str) -> None:
    form = Parsed(client.get("/signin", params={"next": next}).text)
    assert [e.attributes["value"] for e in form.elements if e.attributes.get("name") == "next"] == ["/"]
    assert sign_in(client, next=next).headers["location"] == "/"
    assert client.get("/signin", params={"next": next}).headers["location"] == "/"


@pytest.mark.parametrize(
    ("next", "to"),
    [
        ("/reports?text=a%20b&x=1", "/reports?text=a%20b&x=1"),
        ("/actors/1f0c9a77b3e2:N1", "/actors/1f0c9a77b3e2:N1"),
        ("/sources/one?name=Tagblatt%20Österreich", "/sources/one?name=Tagblatt%20%C3%96sterreich"),
        ("/a<b>\"'", "/a%3Cb%3E%22'"),
    ],
)
def test_one_is_led_to_where_one_wanted(next: str, to: str) -> None:
    assert own_path(next) == to


# --- how often ------------------------------------------------------------------------------------


def test_guessing_is_slowed_down_for_the_guesser_alone(shared: Shared) -> None:
    guesser, other = shared.client(client=("192.0.2.7", 1)), shared.client(client=("192.0.2.8", 1))
    for _ in range(PAIR):
        assert sign_in(guesser, password="wrong password!").status_code == 401
    late = sign_in(guesser)
    assert late.status_code == 429, "the right password is no better"
    assert late.headers["retry-after"] == "900"
    assert "set-cookie" not in late.headers
    assert sign_in(guesser, "reader").status_code == 303
    assert sign_in(other).status_code == 303
    assert len([act for act in acts(shared) if "unauthorized" in act.outcome]) == PAIR


def test_who_is_right_may_try_as_often_as_before(shared: Shared, client: TestClient) -> None:
    for _ in range(3 * PAIR):
        assert sign_in(client, password="wrong password!").status_code == 401
        assert sign_in(client).status_code == 303


def test_one_address_may_not_try_many_names_nor_many_addresses_one() -> None:
    attempts = Attempts()
    assert sum(attempts.admit(f"name-{n}", "192.0.2.7", 0) for n in range(2 * ADDRESS)) == ADDRESS
    assert attempts.admit("name", "192.0.2.8", 0)
    assert sum(attempts.admit("mara", f"2001:db8:{n:x}::1", 0) for n in range(2 * NAME)) == NAME
    assert sum(attempts.admit("jon", f"2001:db8:ffff:1::{n:x}", 0) for n in range(2 * PAIR)) == PAIR
    assert not attempts.admit("jon", "2001:db8:ffff:1::ffff", SECONDS - 1)
    assert attempts.admit("jon", "2001:db8:ffff:1::ffff", SECONDS)


def test_the_tries_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.show.signing_in._MOST_KEYS", 30)
    attempts = Attempts()
    for n in range(1000):
        attempts.admit(f"name-{n}", f"192.0.{n % 250}.{n % 200}", 0)
    assert len(attempts._tries) <= 30


# --- accounts -------------------------------------------------------------------------------------


def test_ones_own_password(shared: Shared, client: TestClient) -> None:
    elsewhere = shared.session("editor")[0]
    sign_in(client)
    form = {"csrf": csrf(client), "old": PASSWORD, "new": NEW, "again": NEW}
    for wrong in ({"old": "wrong password!"}, {"again": "another of that"}, {"new": "short", "again": "short"}):
        assert client.post("/account/password", data={**form, **wrong}).status_code == 400
    assert client.post("/account/password", data=form).headers["location"] == "/account?done=password"
    assert "is changed" in client.get("/account?done=password").text, "this browser stays signed in"
    assert client.get("/account", headers=elsewhere).status_code == 401
    assert sign_in(shared.client(), password=PASSWORD).status_code == 401
    assert sign_in(shared.client(), password=NEW).status_code == 303


def test_who_found_a_browser_signed_in_cannot_guess_the_password_there(shared: Shared, client: TestClient) -> None:
    sign_in(client)
    form = {"csrf": csrf(client), "old": "wrong password!", "new": NEW, "again": NEW}
    codes = [client.post("/account/password", data=form).status_code for _ in range(PAIR + 1)]
    assert codes == [400] * PAIR + [403]


def test_ones_own_tokens(shared: Shared, client: TestClient) -> None:
    sign_in(client)
    form = {"csrf": csrf(client), "name": "nightly <b>", "scope": "read", "days": "7"}
    page = Parsed(client.post("/account/tokens", data=form).text)
    secret = page.by_id("secret").attributes["value"]
    assert secret not in client.get("/account").text, "it is shown once"
    headers = {"authorization": f"Bearer {secret}"}
    program = shared.client()
    assert program.get("/v1/reports", headers=headers).status_code == 200
    others = shared.client()
    sign_in(others, "reader")
    (address,) = [
        e.attributes["action"] for e in Parsed(client.get("/account").text).elements
        if e.attributes.get("action", "").endswith("/revoke")
    ]  # fmt: skip
    assert others.post(address, data={"csrf": csrf(others)}).status_code == 404, "it is not theirs"
    assert client.post(address, data={"csrf": csrf(client)}).status_code == 303
    assert program.get("/v1/reports", headers=headers).status_code == 401
    for wrong in ({"days": "x"}, {"days": "0"}, {"scope": "admin"}, {"name": ""}):
        assert client.post("/account/tokens", data={**form, **wrong}).status_code == 400


def test_admins_manage_accounts(shared: Shared, client: TestClient) -> None:
    sign_in(client, "admin")
    form = {"csrf": csrf(client)}
    done = client.post("/accounts", data={**form, "name": "Jon", "password": NEW, "role": "reader"})
    assert done.headers["location"] == "/accounts"
    jon = shared.client()
    assert sign_in(jon, "jon", NEW).status_code == 303
    assert client.post("/accounts/jon/role", data={**form, "role": "reviewer"}).status_code == 303
    assert jon.get("/account").status_code == 401
    assert client.post("/accounts/jon/password", data={**form, "password": PASSWORD}).status_code == 303
    assert sign_in(jon, "jon", PASSWORD).status_code == 303
    assert "reviewer" in jon.get("/account").text
    assert client.post("/accounts/jon/remove", data=form).status_code == 303
    assert sign_in(jon, "jon", PASSWORD).status_code == 401
    assert client.post("/accounts/nobody/remove", data=form).status_code == 404
    page = Parsed(client.get("/accounts").text)
    assert {e.text for e in page.elements if e.tag == "th" and e.attributes.get("scope") == "row"} >= {
        "admin",
        "reader",
    }
    told = [(act.user, act.action, act.subject, act.outcome) for act in acts(shared)]
    for expected in (
        ("admin", "POST /accounts", "user jon: reader", "done"),
        ("admin", "POST /accounts/{name}/role", "user jon: reviewer", "done"),
        ("admin", "POST /accounts/{name}/password", "user jon", "done"),
        ("admin", "POST /accounts/{name}/remove", "user jon", "done"),
        ("admin", "POST /accounts/{name}/remove", "/accounts/nobody/remove", "refused: not found"),
        ("jon", "POST /signin", "/signin", "done"),
    ):
        assert expected in told


# --- the audit list -------------------------------------------------------------------------------


def test_who_fails_to_sign_in_is_in_the_list_and_what_they_typed_is_not(shared: Shared, client: TestClient) -> None:
    sign_in(client, "editor", "wrong password!")
    sign_in(client, "my-secret-password", "wrong password!")
    told = [(act.user, act.action, act.outcome, act.address) for act in acts(shared)]
    assert told == [
        ("(nobody of that name)", "POST /signin", "refused: unauthorized", "testclient"),
        ("editor", "POST /signin", "refused: unauthorized", "testclient"),
    ]


def test_what_nobody_asks_does_not_fill_the_list(shared: Shared, client: TestClient) -> None:
    client.post("/accounts", data={"name": "x"})
    client.post("/nowhere")
    client.get("/actors")
    assert acts(shared) == []


def test_what_is_refused_to_somebody_is_in_the_list(shared: Shared, client: TestClient) -> None:
    sign_in(client, "reader")
    client.post("/accounts", data={"csrf": csrf(client)})
    assert (acts(shared)[0].user, acts(shared)[0].outcome) == ("reader", "refused: forbidden")


def test_no_password_and_no_token_is_kept_told_or_logged(
    shared: Shared, client: TestClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    typed = "typed in haste 1234"
    pages = [sign_in(client, "admin", typed).text, sign_in(client, typed, typed).text]
    sign_in(client, "admin")
    form = {"csrf": csrf(client)}
    secret = Parsed(
        client.post("/account/tokens", data={**form, "name": "n", "scope": "read", "days": "1"}).text
    ).by_id("secret").attributes["value"]  # fmt: skip
    pages.append(client.post("/accounts", data={**form, "name": "jon", "password": typed, "role": "king"}).text)
    pages.append(client.post("/accounts", data={**form, "name": "jon", "password": typed, "role": "reader"}).text)
    pages.append(client.post("/account/password", data={**form, "old": typed, "new": typed, "again": typed}).text)
    pages += [client.get(address).text for address in ("/account", "/accounts")]
    kept = [str(ask(shared.place, f"SELECT * FROM {table}")) for table in ("users", "tokens", "sessions", "audit")]
    out = capsys.readouterr()
    for told in (*pages, *kept, out.out, out.err):
        assert typed not in told and secret not in told and PASSWORD not in told
    for record in caplog.records:
        if record.name.partition(".")[0] not in ("httpx", "httpx2", "httpcore", "asyncio"):
            assert typed not in record.getMessage() and secret not in record.getMessage()


def test_a_body_has_an_end(client: TestClient) -> None:
    assert client.post("/signin", content=b"x" * 1_000_001).status_code == 413
    assert client.post("/signin", content=iter([b"x"] * 3)).status_code == 411
    for length in ("-1", "x", "9" * 5000, "0" * 30 + "9" * 7):
        assert client.post("/signin", content=b"", headers={"content-length": length}).status_code == 413
