from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from dragoman.config import Settings
from dragoman.ledger.store import Ledger
from dragoman.show.app import create_app
from tests.show.readings import crisis


@pytest.fixture(scope="session")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the invented quarrel in it."""
    path = tmp_path_factory.mktemp("show") / "ledger.sqlite"
    with Ledger.open(path) as ledger:
        for reading in crisis():
            assert ledger.add(reading)
    return path


@pytest.fixture
def client(ledger_path: Path) -> Iterator[TestClient]:
    """A client of the application over that ledger."""
    with TestClient(create_app(ledger_path, Settings()), base_url="http://localhost:8765") as client:
        yield client
