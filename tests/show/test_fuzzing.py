"""Whatever is asked of any route, by any name: an answer, never a fault (row 13 of reliability.md)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dragoman.config import Settings
from dragoman.ledger.query import Filter
from dragoman.show.app import create_app
from tests.show.readings import lock
from tests.show.routes import SAFE, Asked, asked_of
from tests.show.sharing import Shared, furnish, quick_passwords

LOCK = lock().report.id


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shared]:
    with quick_passwords():
        yield Shared(furnish(tmp_path_factory.mktemp("fuzzed") / "ledger.sqlite"))


# --- by the description ---------------------------------------------------------------------------


OURS = {"host": "localhost"}
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def test_what_is_described_holds_whatever_is_asked(shared: Shared) -> None:
    """Every operation of the OpenAPI description, with questions that fit it and questions that do not."""
    app = create_app(shared.place, Settings())
    described = schemathesis.openapi.from_asgi("/v1/openapi.json", app, headers=OURS)
    found = list(described.get_all_operations())
    operations = [one.ok() for one in found if isinstance(one, Ok)]
    assert len(operations) == len(found)
    assert len(operations) >= 10
    for operation in operations:
        for mode in GenerationMode:
            # every text is an id that might be: there is no wrong question where the path alone asks
            only_path = all(one.location == "path" for one in operation.iter_parameters())
            if mode is GenerationMode.NEGATIVE and only_path:
                continue

            @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
            @given(case=operation.as_strategy(generation_mode=mode))
            def ask(case: Any) -> None:
                case.validate_response(case.call(headers=OURS), checks=CHECKS)

            ask()


# --- by every route and any name ------------------------------------------------------------------

VALUES = (
    "", "x", "0", "-1", "9" * 3_000, "1e999", "nan", "true", "none", "null", "2031-03-04", "2031-02-30", "9999-12-31",
    "0000-00-00", "10000-01-01", "2031-03-04T00:00:00+99:00", "'", '"', "\\", "%", "_", "*", "'; DROP TABLE reports;--",
    "1 OR 1=1", "NEAR(", '"', '""', "a AND", "()", "\x00", "\ud800", "\u202e", "a" * 3_000, "../../etc/passwd",
    "//evil.example", "javascript:alert(1)", "<script>", "{{7*7}}", "${7*7}", "ASSAULT", "occurred", "named", "same",
    LOCK, LOCK[:12], f"{LOCK[:12]}:E1", f"{LOCK[:12]}:N1", f"{LOCK[:12]}:A1", f"{LOCK}:E999", ":", "E1", "[]", "{}",
)  # fmt: skip
NAMES = (
    *Filter.__dataclass_fields__, "entity", "after", "before", "limit", "q", "id", "name", "source", "done", "next",
    "format", "zoom", "from", "to", "path", "request", "asked", "here", "self", "then", "visitor", "csrf", "page",
    "status_code", "headers", "template", "kind", "filter", "key", "value", "field", "reason", "verdict", "grade",
)  # fmt: skip

some_value = st.sampled_from(VALUES) | st.text(max_size=30)
some_fields = st.dictionaries(st.sampled_from(NAMES) | st.text(min_size=1, max_size=8), some_value, max_size=4)


def sendable(fields: dict[str, str]) -> dict[str, str]:
    return {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}


def in_path(value: str) -> str:
    """A value as a part of a path: no slash, which would make another path, and no dots that would take parts away."""
    quoted = "".join(f"%{byte:02x}" for byte in value.encode("utf-8", "replace")[:200] if byte != 0x2F)
    return quoted.replace("%2e", "") or "x"


def local(shared: Shared, tmp_path: Path) -> TestClient:
    place = shutil.copy(shared.place, tmp_path / "ledger.sqlite")
    return TestClient(create_app(place, Settings()), "http://localhost", follow_redirects=False)


@pytest.mark.parametrize("role", ["local", "admin"])
def test_nothing_that_is_asked_breaks_a_route(shared: Shared, tmp_path: Path, role: str) -> None:
    client = local(shared, tmp_path) if role == "local" else shared.client(raise_server_exceptions=True)
    client.headers["accept"] = "text/html"
    if role == "admin":
        client.headers.update(shared.session("admin")[0])
    asking = [asked for asked in asked_of(shared.app) if asked.method in SAFE]

    @settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked=st.sampled_from(asking), id=some_value, fields=some_fields)
    def ask(asked: Asked, id: str, fields: dict[str, str]) -> None:
        address = asked.address(id=in_path(id), name=in_path(id))
        assert client.get(address, params=sendable(fields)).status_code < 500

    ask()


def test_nothing_that_is_sent_breaks_a_form(shared: Shared, tmp_path: Path) -> None:
    """By whoever may do everything, with forms that are ours."""
    client = local(shared, tmp_path)
    csrf = client.app.state.visitors(None).csrf  # type: ignore[attr-defined]
    changing = [asked for asked in asked_of(shared.app) if asked.method not in SAFE]

    @settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked=st.sampled_from(changing), id=some_value, fields=some_fields)
    def send(asked: Asked, id: str, fields: dict[str, str]) -> None:
        address = asked.address(id=in_path(id), name=in_path(id))
        answer = client.request(asked.method, address, data={**sendable(fields), "csrf": csrf})
        assert answer.status_code < 500

    send()


def test_nothing_that_an_admin_sends_breaks_the_accounts(shared: Shared) -> None:
    client = shared.client(raise_server_exceptions=True)
    changing = [a for a in asked_of(shared.app) if a.form and a.path.startswith("/account")]
    fields = ("name", "password", "role", "old", "new", "again", "scope", "days")

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked=st.sampled_from(changing), id=some_value, sent=st.dictionaries(st.sampled_from(fields), some_value))
    def send(asked: Asked, id: str, sent: dict[str, str]) -> None:
        headers, csrf = shared.session("admin")
        address = asked.address(id=in_path(id), name=in_path(id))
        answer = client.post(address, data={**sendable(sent), "csrf": csrf}, headers=headers)
        assert answer.status_code < 500

    send()


@pytest.mark.parametrize("name", ["accept", "cookie", "authorization", "if-none-match", "x-csrf", "origin", "range"])
def test_no_header_breaks_a_route(shared: Shared, name: str) -> None:
    client = shared.client(raise_server_exceptions=True)
    for value in (
        b"",
        b"\xff\xfe",
        b"dragoman=",
        b"Bearer",
        b"bearer \xff",
        b"x" * 5000,
        b"dragoman=\xe9; =; ;;",
        b"null",
    ):
        for address in ("/reports", "/v1/reports", "/signin", "/account", f"/v1/reports/{LOCK}"):
            assert client.get(address, headers=[(name.encode(), value)]).status_code < 500
