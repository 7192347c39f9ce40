"""Searches to come back to: a name for what is asked, one's own or everybody's.

Invariant: rows are only added. The latest of an owner's name holds; one that asks nothing was given up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from dragoman.errors import NotFound, UsageError
from dragoman.ledger.as_of import now
from dragoman.ledger.flatten import storable_row
from dragoman.ledger.schema import searches

LONGEST = 100
"""Characters of a name."""

EVERYBODY = ""
"""The owner of what everybody sees."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A search by its name: what it asks, as the query of an address; whose it is, who saved it and when."""

    owner: str
    name: str
    asked: str
    decided_by: str
    recorded_at: str

    @property
    def shared(self) -> bool:
        """Whether it is everybody's."""
        return self.owner == EVERYBODY


def saved(connection: Connection, owner: str) -> list[Saved]:
    """Somebody's searches and everybody's, by name."""
    mine = searches.c.owner.in_({owner, EVERYBODY})
    latest = select(func.max(searches.c.number)).where(mine).group_by(searches.c.owner, searches.c.name)
    rows = connection.execute(select(searches).where(searches.c.number.in_(latest), searches.c.asked != ""))
    found = [Saved(row.owner, row.name, row.asked, row.decided_by, row.recorded_at) for row in rows]
    return sorted(found, key=lambda one: (one.name.casefold(), one.name, one.owner))


def save(connection: Connection, owner: str, name: str, asked: str, decided_by: str) -> None:
    """Saves a search. UsageError for a name that is none, or that another search of the owner has."""
    name = " ".join(name.split())
    if not name:
        raise UsageError("the search has no name", "give it one")
    if len(name) > LONGEST:
        raise UsageError(f"the name has {len(name)} characters", f"give at most {LONGEST}")
    there = _of(connection, owner, name)
    if there and there.asked != asked:
        raise UsageError(f"there is a search called {name!r} already", "give this one another name")
    if not there:
        _add(connection, owner, name, asked, decided_by)


def rename(connection: Connection, owner: str, name: str, new: str, decided_by: str) -> None:
    """Gives a search another name. NotFound; UsageError as in `save`."""
    there = _there(connection, owner, name)
    if " ".join(new.split()) != name:
        save(connection, owner, new, there.asked, decided_by)
        _add(connection, owner, name, "", decided_by)


def give_up(connection: Connection, owner: str, name: str, decided_by: str) -> None:
    """Takes a search off the list. NotFound."""
    _there(connection, owner, name)
    _add(connection, owner, name, "", decided_by)


def _there(connection: Connection, owner: str, name: str) -> Saved:
    found = _of(connection, owner, name)
    if found is None:
        raise NotFound(f"there is no saved search called {name!r}", "the page Search lists those there are")
    return found


def _of(connection: Connection, owner: str, name: str) -> Saved | None:
    return next((one for one in saved(connection, owner) if (one.owner, one.name) == (owner, name)), None)


def _add(connection: Connection, owner: str, name: str, asked: str, decided_by: str) -> None:
    row = {"owner": owner, "name": name, "asked": asked, "decided_by": decided_by, "recorded_at": now()}
    connection.execute(insert(searches), storable_row(row))
