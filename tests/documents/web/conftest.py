from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.documents.web.server import Internet, Site, site


@pytest.fixture(scope="session")
def _site() -> Iterator[Site]:
    with site() as running:
        yield running


@pytest.fixture
def internet(_site: Site) -> Internet:
    """A small internet where nobody was asked for anything yet."""
    _site.pages.clear()
    _site.requests.clear()
    _site.connections = 0
    return Internet(_site)
