"""The front page names the feeds from which nothing comes, as text, whatever they call themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger import feeds
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.html import Parsed
from tests.show.readings import lock

LONG_AGO = "2001-03-04T08:00:00+00:00"


def test_feeds_from_which_nothing_comes_are_named(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    with Ledger.open(place) as ledger:
        ledger.add(lock())
    with TestClient(create_app(place, Settings()), base_url="http://localhost:8765") as client:
        assert "Missing" not in client.get("/").text
        with Ledger.open(place) as ledger, ledger.writing() as connection:
            for number in range(1, 8):
                title = f"<script>alert({number})</script>"
                feeds.watch(connection, f"https://x.example/{number}", title, LONG_AGO)
                [*_, feed] = feeds.kept(connection)
                feeds.keep(connection, replace(feed, failures=9, failing_since=LONG_AGO))
        page = Parsed(client.get("/").text)
        assert "Missing: <script>alert(1)</script> cannot be had since 4 March 2001; " in page.text
        assert "; and 2 more feeds. dragoman feeds tells why." in page.text
        assert "Missing" not in client.get("/?recorded=2031-03-08").text
