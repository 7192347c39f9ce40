"""A search: which kind of row, what is asked of it, and for which entity. Pages, feeds and exports are made of one.

Invariant: `query` is the same for the same question, however its address was written, and gives the question back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from functools import partial
from itertools import chain
from typing import Any
from urllib.parse import urlencode

from dragoman.compare import of_ledger
from dragoman.errors import UsageError
from dragoman.ledger import query
from dragoman.ledger.comparisons import ANY, Choice
from dragoman.ledger.filters import NOT_FOR_ENTITIES, ONLY_FOR_ENTITIES
from dragoman.ledger.query import MOST, AsOf, Filter, Page
from dragoman.ledger.store import Ledger

Ask = Callable[..., Page[Any]]

ASK: dict[str, Ask] = {
    "reports": query.reports,
    "events": query.events,
    "attributions": query.attributions,
    "happenings": partial(of_ledger.summaries, order="told"),
    "entities": query.entities,
}
ROLES = {"events": ("entity", "toward"), "attributions": ("entity",)}
"""By which ids of entities each kind may be asked: whose acts or words they are, and to whom something is done."""

CHOICES = tuple(field.name for field in fields(Choice))
"""What happenings alone may be asked for."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for; `entity` and `toward` are ids of entities (`ROLES`), `choice` is of happenings alone."""

    kind: str
    filter: Filter
    entity: str = ""
    toward: str = ""
    choice: Choice = ANY

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Search:
        """The search of an address; reports, if it says no kind. UsageError for a kind or a day that is none."""
        kind = asked.get("kind") or "reports"
        if kind not in ASK:
            raise UsageError(f"{kind!r} cannot be searched", f"take one of {', '.join(ASK)}")
        ids = {role: asked.get(role, "").strip() for role in ROLES.get(kind, ())}
        filter = Filter(**{field.name: asked.get(field.name) for field in fields(Filter)})
        return cls(kind, filter, **ids, choice=_choice(asked) if kind == "happenings" else ANY)

    def ids(self) -> dict[str, str]:
        """The entities that are asked for, by their roles."""
        return {role: id for role in ("entity", "toward") if (id := getattr(self, role))}

    def called(self, ledger: Ledger, as_of: AsOf) -> dict[str, str]:
        """What the entities are called that are asked for, by their roles. NotFound."""
        return {role: ledger.entity(id, as_of)[1].name for role, id in self.ids().items()}

    def asked(self) -> dict[str, str]:
        """All that is asked, by the names that addresses have for it."""
        chosen = {name: "yes" if value is True else value for name, value in asdict(self.choice).items() if value}
        return {**self.filter.given(), **self.ids(), **chosen}

    def of_kind(self, kind: str) -> dict[str, str]:
        """What the address of the same search for another kind has: without what that kind cannot be asked for."""
        if kind == self.kind:
            return {"kind": kind, **self.asked()}
        dropped = {*CHOICES, *({"entity", "toward"} - set(ROLES.get(kind, ())))}
        if "entities" in (kind, self.kind):
            dropped |= {"type", *NOT_FOR_ENTITIES, *ONLY_FOR_ENTITIES}  # entities have types of their own
        return {"kind": kind, **{name: value for name, value in self.asked().items() if name not in dropped}}

    def query(self) -> str:
        """The search as the query of an address."""
        return urlencode({"kind": self.kind, **self.asked()}, errors="replace")

    def page(self, ledger: Ledger, after: str | None = None, limit: int = 50) -> Page[Any]:
        """A page of the rows that match. UsageError, NotFound."""
        more: dict[str, Any] = {"choice": self.choice} if self.kind == "happenings" else self.ids()
        return ASK[self.kind](ledger, self.filter, after, limit, **more)

    def pages(self, ledger: Ledger) -> Iterator[tuple[Any, ...]]:
        """All rows that match, some at a time. The first are asked for at the call: UsageError, NotFound."""
        first = self.page(ledger, None, MOST)
        return chain([first.rows], self._further(ledger, first.next_cursor))

    def _further(self, ledger: Ledger, after: str | None) -> Iterator[tuple[Any, ...]]:
        while after is not None:
            page = self.page(ledger, after, MOST)
            yield page.rows
            after = page.next_cursor


def _choice(asked: Mapping[str, str]) -> Choice:
    days = {name: asked.get(name, "").strip() or None for name in ("told_since", "disputed_since")}
    for day in days.values():
        query.as_of(Filter(since=day))  # which checks it
    return Choice(**days, disputed=bool(asked.get("disputed")), unnamed=bool(asked.get("unnamed")))
