"""What a report was taken from: on its page, at `/v1`, on the screen, and as a file that nothing opens by itself."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from dragoman.cli import app
from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.html import Parsed
from tests.show.linked import PAGE, captured, denial, in_odesa, odd

ORIGINAL = sha256(PAGE).hexdigest()
KEPT, NOT_KEPT, NONE = odd().report.id, denial().report.id, in_odesa().report.id


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("originals") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in (captured(odd(), kept=True), captured(denial(), kept=False), in_odesa()):
            ledger.add(reading)
    return path


@pytest.fixture
def client(place: Path) -> Iterator[TestClient]:
    with TestClient(create_app(place, Settings()), base_url="http://localhost:8765") as client:
        yield client


def test_a_report_says_what_it_was_taken_from(client: TestClient) -> None:
    found = Parsed(client.get(f"/reports/{KEPT}").text)
    links = [e.attributes["href"] for e in found.elements if e.tag == "a" and "href" in e.attributes]
    assert f"/reports/{KEPT}/originals/{ORIGINAL}" in links
    assert "https://ladoga.example/gate" in links
    for told in ("6 March 2031, 05:06 UTC", f"{len(PAGE):,}".replace(",", "\u202f") + " bytes", ORIGINAL):
        assert told in found.text
    other = Parsed(client.get(f"/reports/{NOT_KEPT}").text)
    assert "the original is not kept" in other.text and "gate <b>.pdf" in other.text
    assert not [e for e in other.elements if "/originals/" in e.attributes.get("href", "")]
    assert "Taken from" not in client.get(f"/reports/{NONE}").text


def test_an_original_is_saved_and_never_shown(client: TestClient) -> None:
    answer = client.get(f"/reports/{KEPT[:12]}/originals/{ORIGINAL}")
    assert answer.content == PAGE
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="{ORIGINAL}"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    policies = answer.headers.get_list("content-security-policy")
    assert "default-src 'none'; sandbox" in policies and len(policies) == 2
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        f"/reports/{NOT_KEPT}/originals/{ORIGINAL}",  # of another report
        f"/reports/{NOT_KEPT}/originals/{sha256(PAGE + b'x').hexdigest()}",  # only its hash is kept
        f"/reports/{KEPT}/originals/{ORIGINAL.upper()}",
        f"/reports/{KEPT}/originals/%00",
        f"/reports/{'0' * 12}/originals/{ORIGINAL}",
    ],
)
def test_what_is_not_kept_of_this_report_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_programs_are_told_as_well(client: TestClient) -> None:
    assert client.get(f"/v1/reports/{KEPT}/captures").json() == [
        {
            "address": "https://ladoga.example/gate",
            "captured_at": "2031-03-06T05:06:07Z",
            "sha256": ORIGINAL,
            "size": len(PAGE),
            "media_type": "text/html",
            "status": 200,
            "headers": [["content-type", "text/html"]],
            "kept": True,
        }
    ]
    (other,) = client.get(f"/v1/reports/{NOT_KEPT}/captures").json()
    assert (other["kept"], other["address"], other["captured_at"]) == (False, "gate <b>.pdf", None)
    assert client.get(f"/v1/reports/{NONE}/captures").json() == []
    assert client.get(f"/v1/reports/{'0' * 12}/captures").status_code == 404


def test_the_commands_tell_and_give_it(place: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, [*arguments, "--ledger", str(place)], env={"COLUMNS": "120"})
        assert done.exit_code == 0, done.output
        return done.stdout

    told = run("show", KEPT)
    assert "https://ladoga.example/gate, 6 March 2031, 05:06 UTC" in told
    assert f"dragoman original {ORIGINAL}" in told
    assert "not kept; SHA-256" in run("show", NOT_KEPT)
    assert "taken from" not in run("show", NONE)
    run("original", ORIGINAL, "--out", str(tmp_path / "page.html"))
    assert (tmp_path / "page.html").read_bytes() == PAGE
    missing = CliRunner().invoke(app, ["original", "0" * 64, "--ledger", str(place)])
    assert missing.exit_code == 1
