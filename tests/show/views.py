"""Every address of the page that may be read: from its routes, with something of a ledger in place of the ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dragoman.compare import of_ledger
from dragoman.ledger.ids import mark_id
from dragoman.ledger.store import Ledger
from dragoman.records import Reading
from dragoman.show import pages

SHARED = frozenset({"/account", "/accounts"})
"""Pages that only a shared ledger has."""
FILES = frozenset({"/reports/{id}/originals/{sha256}", "/export/about"})
"""What is saved and not looked at."""
FEW = 40
"""Readings that are looked through for examples."""


def paths() -> list[str]:
    """The paths of all pages of a ledger without accounts, as the routes have them: `/reports/{id}`."""
    every = (route.path for route in _routes(pages.router.routes) if "GET" in route.methods)
    return sorted(path for path in every if path not in SHARED | FILES and not path.endswith(".atom"))


def address(path: str, ledger: Ledger) -> str:
    """A page of that path that there is."""
    if path in EXAMPLES:
        return EXAMPLES[path](ledger)
    assert "{" not in path, f"tests/show/views.py has no example of {path}: add one"
    return path


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    """The routes of routers within routers; newer versions of FastAPI keep them apart."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner.routes)
        elif hasattr(route, "methods"):
            yield route


def _readings(ledger: Ledger) -> Iterator[Reading]:
    for reading, _ in zip(ledger.readings(), range(FEW), strict=False):
        yield reading


def _report(ledger: Ledger) -> str:
    longest = max(_readings(ledger), key=lambda reading: len(reading.attributions))
    return f"/reports/{longest.report.id}"


def _actor(ledger: Ledger) -> str:
    reading, entity = max(
        ((reading, entity) for reading in _readings(ledger) for entity in reading.entities),
        key=lambda one: len(one[1].mentions),
    )
    return f"/actors/{mark_id(reading.report.id, entity.id)}"


def _positions(ledger: Ledger) -> str:
    return f"{_actor(ledger)}/positions"


def _happening(ledger: Ledger) -> str:
    return f"/happenings/{of_ledger.happenings(ledger, limit=1)[0].id}"


EXAMPLES: dict[str, Callable[[Ledger], str]] = {
    "/reports/{id}": _report,
    "/actors/{id}": _actor,
    "/actors/{id}/positions": _positions,
    "/happenings/{id}": _happening,
}
"""Pages that are of something in the ledger: by an id in the path, or else in what is asked of it."""
