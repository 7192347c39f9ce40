from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import postgresql as servers
from tests.ledger.places import Databases, Files, Place, Places, borrowed


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.Server]:
    """A PostgreSQL server for all tests, which forgets what it has when the power fails."""
    with servers.server() as running:
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def places(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Places:
    """One kind of place after the other: whoever uses it is run on both databases."""
    if request.param == "sqlite":
        return Files(tmp_path_factory.mktemp("ledgers"))
    return Databases(request.getfixturevalue("postgresql"))


@pytest.fixture
def place(places: Places) -> Iterator[Place]:
    """A place where there is nothing yet."""
    with borrowed(places) as place:
        yield place


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests first: they take longest, and their files would be left to one worker at the end."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
