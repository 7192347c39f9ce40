"""Every route x role x (session, token, nobody, what has ended, a wrong form): made from the application's routes."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI
from fastapi.testclient import TestClient

from dragoman.ledger import accounts, tokens
from dragoman.ledger.accounts import ROLES
from dragoman.ledger.tokens import SCOPES
from dragoman.show.access import anybody, decides, reads
from tests.ledger.helpers import change
from tests.show.routes import SAFE, Asked, asked_of
from tests.show.sharing import Shared, furnish, quick_passwords

SECRETS = ("Sarre", "Orvane", "Roake")
"""Words of the reports: who may not read sees none of them."""


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with quick_passwords():
        yield Shared(furnish(tmp_path_factory.mktemp("shared") / "ledger.sqlite"))


def ask(client: TestClient, asked: Asked, headers: dict[str, str], csrf: str = "") -> Any:
    """Asks as a program would; a form has nothing in it but what proves that it is ours."""
    data = {"csrf": csrf} if asked.method not in SAFE else None
    return client.request(asked.method, asked.address(), headers=headers, data=data)


def assert_let_in(answer: Any, asked: Asked) -> None:
    assert answer.status_code < 500 and answer.status_code not in (401, 403), (asked, answer.text)


def assert_kept_out(answer: Any, asked: Asked, status: int) -> None:
    assert answer.status_code == status, (asked, answer.text)
    assert not any(word in answer.text for word in SECRETS), asked
    assert answer.headers["cache-control"] == "no-store"


# --- what is declared -----------------------------------------------------------------------------


def test_every_route_declares_who_may_ask(shared: Shared) -> None:
    for_anybody = {(asked.method, asked.path) for asked in asked_of(shared.app) if not asked.role}
    assert for_anybody == {("GET", "/signin"), ("POST", "/signin"), ("POST", "/signout")}
    assert {asked.role for asked in asked_of(shared.app)} >= {"reader", "admin"}


def test_a_route_that_does_not_is_found_out(shared: Shared) -> None:
    def nothing() -> None: ...

    def with_route(method: str, *dependencies: object) -> FastAPI:
        app, router = FastAPI(openapi_url=None, docs_url=None, redoc_url=None), APIRouter()
        router.add_api_route("/x/{id}", nothing, methods=[method], dependencies=[Depends(d) for d in dependencies])  # type: ignore[arg-type]
        app.routes.extend(shared.app.routes)
        app.include_router(router)
        return app

    with pytest.raises(AssertionError, match="declares no role"):
        asked_of(with_route("GET"))
    with pytest.raises(AssertionError, match="asks for no csrf"):
        asked_of(with_route("POST", reads))
    (found,) = [a for a in asked_of(with_route("POST", reads, decides("editor"))) if a.path == "/x/{id}"]
    assert found == Asked("POST", "/x/{id}", "editor", tokens=True, form=True)
    assert found.address(id="7") == "/x/7"
    asked_of(with_route("POST", anybody))


def test_the_looks_are_for_anybody(shared: Shared) -> None:
    answer = shared.client().get("/static/base.css")
    assert answer.status_code == 200
    assert "no-store" not in answer.headers["cache-control"]


# --- the matrix -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_by_session(shared: Shared, role: str) -> None:
    client = shared.client()
    for asked in asked_of(shared.app):
        headers, csrf = shared.session(role)
        answer = ask(client, asked, headers, csrf)
        if asked.path == "/signin":
            assert answer.status_code in (303, 401)
        elif asked.allows(role):
            assert_let_in(answer, asked)
        else:
            assert_kept_out(answer, asked, 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("csrf", ["", "wrong", "another session's", "é\x00"])
def test_by_session_with_a_wrong_form(shared: Shared, role: str, csrf: str) -> None:
    client = shared.client()
    _, others = shared.session(role)
    for asked in asked_of(shared.app):
        if asked.form:
            headers, _ = shared.session(role)
            assert_kept_out(ask(client, asked, headers, others if "another" in csrf else csrf), asked, 403)


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("role", ROLES)
def test_by_token(shared: Shared, role: str, scope: str) -> None:
    """A token may do what its scope says, never more than its user, and needs no form of ours."""
    client, headers = shared.client(), shared.token(role, scope)
    least = min(role, SCOPES[scope], key=ROLES.index)
    for asked in asked_of(shared.app):
        if not asked.role:
            continue
        answer = ask(client, asked, headers)
        if asked.tokens and asked.allows(least):
            assert_let_in(answer, asked)
        else:
            assert_kept_out(answer, asked, 403)


def test_feed_readers_send_a_token_as_a_password_and_only_read(shared: Shared) -> None:
    client, secret = shared.client(), shared.token("admin", "edit")["authorization"].partition(" ")[2]
    headers = {"authorization": f"Basic {b64encode(f'feed:{secret}'.encode()).decode()}"}
    for asked in asked_of(shared.app):
        if asked.method not in SAFE:
            if asked.role:
                assert_kept_out(ask(client, asked, headers), asked, 401)
        elif asked.role and asked.tokens:
            assert_let_in(ask(client, asked, headers), asked)


def ended(shared: Shared) -> dict[str, dict[str, str]]:
    """What lets nobody in, by its name."""
    session, _ = shared.session("admin")
    found = {
        "nothing": {},
        "no session": {"cookie": "dragoman=" + "x" * 43},
        "the cookie of TLS": {"cookie": session["cookie"].replace("dragoman=", "__Host-dragoman=")},
        "an ended session": shared.session("admin", hours=-1)[0],
        "an empty token": {"authorization": "Bearer "},
        "no token": {"authorization": "Bearer dragoman_" + "x" * 43},
        "a password": {"authorization": "Basic YWRtaW46Zm91ciBob3JzZXMgaW4gdGhlIHJhaW4="},
        "Basic that is none": {"authorization": "Basic x"},
        "Basic without a password": {"authorization": "Basic eA=="},
        "no token beside a session": {**session, "authorization": "Bearer x"},
    }
    expired, revoked, gone = (shared.token(role, "edit") for role in ("admin", "admin", "gone"))
    secrets = [headers["authorization"].partition(" ")[2] for headers in (expired, revoked)]
    moment = "2001-01-01T00:00:00.000000+00:00"
    change(shared.place, f"UPDATE tokens SET expires_at = '{moment}' WHERE sha256 = '{tokens.digest(secrets[0])}'")
    tokens.revoke_token(shared.ledger, tokens.digest(secrets[1])[:12], "admin")
    of_gone, _ = shared.session("gone")
    accounts.remove_user(shared.ledger, "gone", "admin")
    accounts.add_user(shared.ledger, "gone", "a lantern over the weir", "admin", "admin")
    found |= {"an expired token": expired, "a revoked token": revoked}
    return found | {"a token of who was removed": gone, "a session of who was removed": of_gone}


def test_by_nobody(shared: Shared) -> None:
    client = shared.client()
    for name, headers in ended(shared).items():
        for asked in asked_of(shared.app):
            if asked.role:
                answer = ask(client, asked, headers)
                assert_kept_out(answer, asked, 401)
                assert answer.headers["www-authenticate"].startswith("Bearer"), name
                kind = "application/problem+json" if asked.path.startswith("/v1/") else "text/html"
                assert answer.headers["content-type"].startswith(kind)


def test_nobody_in_a_browser_is_led_to_sign_in(shared: Shared) -> None:
    client = shared.client()
    for asked in asked_of(shared.app):
        if asked.role:
            answer = ask(client, asked, {"accept": "text/html,*/*"})
            assert_kept_out(answer, asked, 303)
            assert answer.headers["location"].partition("?")[0] == "/signin"
            part = ask(client, asked, {"hx-request": "true"})
            assert (part.status_code, part.headers["hx-redirect"]) == (401, "/signin")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_no_other_method_gets_by(shared: Shared, method: str) -> None:
    client, known = shared.client(), {(asked.method, asked.path) for asked in asked_of(shared.app)}
    for asked in asked_of(shared.app):
        if (method, asked.path) not in known:
            answer = client.request(method, asked.address())
            assert answer.status_code in (401, 405), asked


def test_other_sites_change_nothing_even_with_all_they_need(shared: Shared) -> None:
    client = shared.client()
    for asked in asked_of(shared.app):
        if asked.method not in SAFE:
            headers, csrf = shared.session("admin")
            answer = ask(client, asked, {**headers, "origin": "https://evil.example"}, csrf)
            assert_kept_out(answer, asked, 403)
