"""Every route of an application as it declares itself, so that a new one is tested without being named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from dragoman.ledger.accounts import ROLES
from dragoman.show.access import DECLARED, anybody, reads

SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A method of a route: the least role that may ask, empty for anybody; whether tokens may; whether by a form."""

    method: str
    path: str
    role: str
    tokens: bool
    form: bool

    def address(self, **values: str) -> str:
        """The path with values in it; `example` where none is given."""
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda found: values.get(found[1], "example"), self.path)

    def allows(self, role: str) -> bool:
        return not self.role or ROLES.index(role) >= ROLES.index(self.role)


def asked_of(app: FastAPI) -> list[Asked]:
    """Every method of every route. A route that declares no role, or changes without a form, is an AssertionError."""
    found = [_asked(route, method) for route in _routes(app.routes) for method in sorted(route.methods)]
    assert len(found) > 20
    return found


def _routes(routes: Any) -> Iterator[Any]:
    """All that has a path; later versions of FastAPI keep those of a router together."""
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from _routes(route.effective_candidates())
        elif getattr(route, "path", None) != "/static":
            yield route


def _asked(route: Any, method: str) -> Asked:
    assert getattr(route, "dependant", None), f"{route.path} has no dependencies, so it declares no role"
    calls = set(_calls(route.dependant))
    said = [DECLARED[call] for call in calls if call in DECLARED]
    assert said or anybody in calls, f"{method} {route.path} declares no role: see show/access.py"
    form = any(call in DECLARED and call is not reads for call in calls)
    assert method in SAFE or form or anybody in calls, f"{method} {route.path} changes something and asks for no csrf"
    role = max((each.role for each in said), key=ROLES.index, default="")
    return Asked(method, route.path, role, all(each.tokens for each in said), form and method not in SAFE)


def _calls(dependant: Any) -> Iterator[Any]:
    for each in dependant.dependencies:
        yield each.call
        yield from _calls(each)
