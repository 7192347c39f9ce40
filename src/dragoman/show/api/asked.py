"""What a program may ask of `/v1`: a name that is not here is refused, since it is a slip."""

from __future__ import annotations

from dataclasses import fields
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dragoman.codes import codes
from dragoman.ledger import query
from dragoman.ledger.query import MOST, AsOf, Filter


def one_of(values: Any) -> str:
    return f"one of {', '.join(values)}"


def _day(given: str | None) -> str | None:
    """A day that is one. UsageError."""
    query.as_of(Filter(since=given))  # which checks it
    return (given or "").strip() or None


Day = Annotated[str | None, AfterValidator(_day)]
"""A day of its own, beside those of the filter."""

_FILTERED = {field.name for field in fields(Filter)}
_AS_OF = "what had been told by the end of this day, as 2031-03-04"
_RECORDED = "what the ledger itself held by this day or time (UTC), as it read it then"


class AboutAll(BaseModel):
    """What all rows may be asked for; a name that is not here is refused, since it is a slip."""

    model_config = ConfigDict(extra="forbid")

    actor: str | None = Field(None, description="part of a name or of the words")
    source_kind: str | None = Field(None, description=one_of(codes().source_kinds))
    since: str | None = Field(None, description="from this day, as 2031-03-04")
    until: str | None = Field(None, description="to this day, it included")
    text: str | None = Field(None, description="words of the report, phrases in double quotes")
    outlet: str | None = Field(None, description="the outlet's whole name")
    report: str | None = Field(None, description="a report's id, or the start of it")
    as_of: str | None = Field(None, description=_AS_OF)
    recorded: str | None = Field(None, description=_RECORDED)

    def filter(self) -> Filter:
        """The filter for the ledger."""
        return Filter(**self.model_dump(include=_FILTERED))


class AboutEntities(AboutAll):
    """What entities may be asked for."""

    type: str | None = Field(None, description=one_of(codes().entity_types))
    country: str | None = Field(None, description="a country's code of three letters")


class Then(BaseModel):
    """By what time one report or mark is asked for."""

    model_config = ConfigDict(extra="forbid")

    as_of: str | None = Field(None, description=_AS_OF)
    recorded: str | None = Field(None, description=_RECORDED)

    def as_of_then(self) -> AsOf:
        """For the ledger."""
        return query.as_of(Filter(as_of=self.as_of, recorded=self.recorded))


class About(AboutAll):
    """What reports, events and attributions may be asked for."""

    type: str | None = Field(None, description=one_of(codes().event_types))
    status: str | None = Field(None, description=one_of(codes().statuses))
    recipient: str | None = Field(None, description="part of the name or words of whom it is done to")
    place: str | None = Field(None, description="part of a place's name or words; or a country's name or code")
    source: str | None = Field(None, description="part of the name or words of who says so")


class Paged(BaseModel):
    after: str | None = Field(None, description="next_cursor of the page before")
    limit: int = Field(50, ge=1, le=MOST, description="rows of a page at most")


class Listed(About, Paged):
    """A page of reports."""


class Linked(Listed):
    """A page of attributions, which may be those of one entity."""

    entity: str | None = Field(None, description="an entity's id: only what it does or says, in all reports")


class LinkedEvents(Linked):
    """A page of events, which may be those of one entity, or toward one."""

    toward: str | None = Field(None, description="an entity's id: only what is done to it, in all reports")


class EntitiesListed(AboutEntities, Paged):
    """A page of entities."""
