"""What an assistant may ask for; a name that is not here is refused, since it is a slip."""

from __future__ import annotations

from pydantic import Field

from dragoman.show.api.asked import About, Then

_EVENT = Field(description="an event's id, as search_events gives it: 1f0c9a77b3e2:E1", max_length=100)
_CURSOR = "next_cursor of the page before, with the same filter"


class Events(About):
    """A page of events."""

    cursor: str | None = Field(None, description=_CURSOR, max_length=1_000)
    limit: int = Field(20, ge=1, le=50, description="events of a page at most")


class OneEvent(Then):
    """Which event."""

    id: str = _EVENT


class Held(Then):
    """Whose state."""

    actor: str = Field(description="part of a name, or an entity's id", min_length=1, max_length=1_000)
    ended: bool = Field(False, description="also what no longer holds, with why")
