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
from dragoman.ledger.filters import NOT_FOR_ENTITIES
from dragoman.ledger.query import MOST, Filter, Page
from dragoman.ledger.store import Ledger

Ask = Callable[..., Page[Any]]

ASK: dict[str, Ask] = {
    "reports": query.reports,
    "events": query.events,
    "attributions": query.attributions,
    "happenings": partial(of_ledger.summaries, order="told"),
    "entities": query.entities,
}
OF_AN_ENTITY = ("events", "attributions")
"""Kinds that may be asked for what one entity does or says."""

CHOICES = tuple(field.name for field in fields(Choice))
"""What happenings alone may be asked for."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for; `entity` is the id of one, or empty, and `choice` is of happenings alone."""

    kind: str
    filter: Filter
    entity: str = ""
    choice: Choice = ANY

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Search:
        """The search of an address; reports, if it says no kind. UsageError for a kind or a day that is none."""
        kind = asked.get("kind") or "reports"
        if kind not in ASK:
            raise UsageError(f"{kind!r} cannot be searched", f"take one of {', '.join(ASK)}")
        entity = asked.get("entity", "").strip() if kind in OF_AN_ENTITY else ""
        filter = Filter(**{field.name: asked.get(field.name) for field in fields(Filter)})
        return cls(kind, filter, entity, _choice(asked) if kind == "happenings" else ANY)

    def asked(self) -> dict[str, str]:
        """All that is asked, by the names that addresses have for it."""
        chosen = {name: "yes" if value is True else value for name, value in asdict(self.choice).items() if value}
        return {**self.filter.given(), **({"entity": self.entity} if self.entity else {}), **chosen}

    def of_kind(self, kind: str) -> dict[str, str]:
        """What the address of the same search for another kind has: without what that kind cannot be asked for."""
        if kind == self.kind:
            return {"kind": kind, **self.asked()}
        dropped = {*CHOICES, *(() if kind in OF_AN_ENTITY else ("entity",))}
        if "entities" in (kind, self.kind):
            dropped |= {"type", *NOT_FOR_ENTITIES}  # entities have types of their own
        return {"kind": kind, **{name: value for name, value in self.asked().items() if name not in dropped}}

    def query(self) -> str:
        """The search as the query of an address."""
        return urlencode({"kind": self.kind, **self.asked()}, errors="replace")

    def page(self, ledger: Ledger, after: str | None = None, limit: int = 50) -> Page[Any]:
        """A page of the rows that match. UsageError, NotFound."""
        more: dict[str, Any] = {"entity": self.entity} if self.entity else {}
        if self.kind == "happenings":
            more["choice"] = self.choice
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
