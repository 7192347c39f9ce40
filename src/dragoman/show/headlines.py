"""An event or happening in one line: who, did what, to whom.

Invariant: a line says no more than the marks do. What is disputed, planned or did not happen is never told as done,
and nobody is named as the doer where reports disagree over who it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from textwrap import shorten
from typing import Protocol

from dragoman.codes import read_data
from dragoman.compare.speaking import is_pronoun
from dragoman.compare.summaries import HappeningRow
from dragoman.ledger.rows import EventRow
from dragoman.records import Event, Participant, Reading
from dragoman.show import wording
from dragoman.show.cards import Card, chain_of

LONGEST = 70
"""Characters of one name: those of a description may run over lines."""

_VERB = {
    "occurred": "{who} {did} {whom}",
    "ongoing": "{who} {doing} {whom}",
    "planned": "{who} to {do} {whom}",
    "attempted": "{who} tried to {do} {whom}",
    "not_occurred": "{who} did not {do} {whom}",
    "ruled_out": "{who} will not {do} {whom}",
    "hypothetical": "{who} might {do} {whom}",
}
_NOUN = {
    "ongoing": "continuing {noun}",
    "planned": "planned {noun}",
    "attempted": "attempted {noun}",
    "not_occurred": "no {noun}",
    "ruled_out": "no {noun}: ruled out",
    "hypothetical": "possible {noun}",
}
_NOBODY = ("no ", "nobody", "none")
_BEGINNING = frozenset("The A An Its His Her Their Our Two Three Some Several Many Both About At".split())
"""Words that have a capital only where a sentence begins."""


class _Named(Protocol):
    @property
    def name(self) -> str | None: ...


def of_happening(row: HappeningRow) -> str:
    """A happening in one line, by those whom most reports name."""
    doubted = bool({"denied", "happened"} & set(row.disputes))
    whom = _first(row.recipients)
    if "perpetrator" in row.disputes:
        return (
            _line(row.type, row.mode, row.status, "", whom, _first([row.place]), reported=True)
            + ": by whom is disputed"
        )
    return _line(row.type, row.mode, row.status, _first(row.actors), whom, _first([row.place]), reported=doubted)


def of_event(row: EventRow) -> str:
    """An event of one report in one line."""
    who, whom = (_joined([one.name or one.words for one in people]) for people in (row.actors, row.recipients))
    place = row.place.words if row.place else ""
    return _line(row.type, row.mode, row.status, who, whom, place, reported=False)


def of_mark(reading: Reading, event: Event) -> str:
    """The same of an event in a reading."""
    who, whom = (_joined(names(reading, people)) for people in (event.actors, event.recipients))
    place = reading.words(event.place) if event.place else ""
    return _line(event.type, event.mode, event.status, who, whom, place, reported=False)


def in_words(reading: Reading, card: Card) -> str:
    """An event by its codes in words, and who says so."""
    event = card.event
    kind = " ".join(part for part in (wording.type_name(event.type), event.mode and wording.plain(event.mode)) if part)
    sure = "" if event.certainty == "certain" else f", {event.certainty}"
    who, whom = (", ".join(names(reading, people)) for people in (event.actors, event.recipients))
    deed = " → ".join(part for part in (who or "no actor named", whom) if part)
    who_says = chain_of(card.sayings) if card.sayings else "in the outlet’s own words"
    return f"{kind} ({wording.plain(event.status)}{sure}): {deed}; {who_says}"


def names(reading: Reading, people: Sequence[Participant]) -> list[str]:
    """What participants are called: by the names of the entities they mean, else by their words."""
    known = {entity.id: entity.name for entity in reading.entities}
    return [known.get(who.entity or "") or reading.words(who.span) for who in people]


def _line(type: str, mode: str | None, status: str, who: str, whom: str, place: str, *, reported: bool) -> str:
    noun, do, did, doing = _words(type, mode)
    if who and whom and not reported:
        said = _VERB[status].format(who=who, whom=_inside(whom), do=do, did=did, doing=doing)
    else:
        noun = f"{noun} {_inside(whom)}" if whom else noun.rpartition(" ")[0]
        noun += f" by {_inside(who)}" if who else ""
        noun += f", {place}" if place and not (who and whom) and place not in noun else ""
        said = _NOUN.get(status, "reported {noun}" if reported else "{noun}").format(noun=noun)
    return said[:1].upper() + said[1:]


def _first(people: Sequence[_Named | None]) -> str:
    """Whom most name: the first that is somebody."""
    return next((name for one in people if one and (name := _joined([one.name or ""]))), "")


def _joined(names: Sequence[str]) -> str:
    """Names as one says them: A, B and C. Pronouns and `nobody` are left out."""
    told = [shorten(name, LONGEST, placeholder=" …") for name in dict.fromkeys(names) if _is_somebody(name)]
    return " and ".join([", ".join(told[:-1]), told[-1]]) if len(told) > 1 else "".join(told)


def _inside(name: str) -> str:
    """A name as it stands within a line."""
    return name[:1].lower() + name[1:] if name.partition(" ")[0] in _BEGINNING else name


def _is_somebody(name: str) -> bool:
    return bool(name) and not is_pronoun(name) and not name.casefold().startswith(_NOBODY)


@cache
def _words(type: str, mode: str | None) -> tuple[str, str, str, str]:
    """The noun of a type and mode, and its verb in three forms."""
    of_type = _table()[type]
    noun, do, did, doing = (part.strip() for part in of_type.get(mode or "", of_type[""]).split("|"))
    return noun, do, did, doing


@cache
def _table() -> dict[str, dict[str, str]]:
    """What headlines.yaml says of each type, by mode."""
    found: dict[str, dict[str, str]] = read_data("headlines.yaml")
    return found
