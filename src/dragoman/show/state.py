"""What somebody holds to at a day, on the screen and as plain values: since when, how long, in which words, whose.

Invariant: what the model is unsure of is marked so, and what another says of the actor is told as that one's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from dragoman.compare.state import Act, Ending, Held, State
from dragoman.ledger.ids import mark_id
from dragoman.show import wording
from dragoman.show.output import one_line
from dragoman.show.screen import QUIET, TITLE, UNSURE, Screen, doubt, headline
from dragoman.show.sentences import quoted

HEADINGS = {
    "position": ("Positions", ""),
    "threat": ("Threats", " in force"),
    "demand": ("Demands", " unanswered"),
    "commitment": ("Commitments", " open"),
}
"""Each kind, and what is said of those that hold."""
MARGIN = 19
"""Columns of an event's id and the space after it."""
_ENDED = {
    "superseded": "superseded",
    "carried_out": "carried out",
    "answered": "answered",
    "done": "done",
    "lapsed": "over",
}


def first(held: Sequence[Held], limit: int) -> list[Held]:
    """The first of each kind, as many as the limit allows."""
    kinds = {kind: [one for one in held if one.kind == kind] for kind in HEADINGS}
    return [one for some in kinds.values() for one in some[:limit]]


def nothing(state: State, recorded: str | None = None) -> str:
    """Why there is nothing to show; `recorded` is the day or moment that was asked for."""
    day = wording.day(state.as_of)
    if not state.reports and recorded:
        return f"the ledger held no report on {wording.day(recorded)} that was published by {day}"
    if not state.reports:
        return f"no report in the ledger was published by {day}"
    ended = len(state.held)
    over = f", but {wording.many(ended, 'thing')} that ended before (see --all)" if ended else ""
    return f"nothing that {one_line(state.actor.name)} holds to had been reported by {day}{over}"


def put(screen: Screen, state: State, held: Sequence[Held]) -> None:
    """Writes some of what somebody holds to, kind by kind."""
    head = Text.assemble((one_line(state.actor.name), TITLE)).append(f" on {wording.day(state.as_of)}")
    screen.put(head.append(f" · {wording.many(state.reports, 'report')} by then"))
    for kind, (heading, holding) in HEADINGS.items():
        if some := [one for one in held if one.kind == kind]:
            screen.put()
            screen.put(Text(heading if any(one.ended for one in some) else heading + holding, TITLE))
            for one in some:
                _put(screen, one)


def _put(screen: Screen, one: Held) -> None:
    act, event = one.shown, one.shown.event
    head = headline(event.type, event.mode, event.status, event.certainty, 1.0).append(f" · {how_long(one)}")
    towards = dict.fromkeys(one_line(party.words) for party in act.member.told.recipients if party.stems)
    head.append(f" → {'; '.join(towards)}" if towards else "")
    screen.put(head.append_text(doubt(one.confidence)), MARGIN, Text(act.key, QUIET))
    screen.put(f"“{one_line(act.words)}”", MARGIN)
    screen.put(whose(one), MARGIN)
    if one.denied:
        screen.put(f"denied by {one_line(one.shown.member.told.actors[0].words)}: {', '.join(one.denied)}", MARGIN)
    for ending in ([one.ended] if one.ended else []) + list(one.perhaps):
        screen.put(_ending(ending), MARGIN)


def how_long(one: Held) -> str:
    """Since when something holds, and until when or while what."""
    ahead = one.since > one.shown.published
    said = [f"{'from' if ahead else 'since'} {wording.day(one.since) or 'a day that is not told'}"]
    if one.end:
        said.append(f"until {wording.day(one.end)}")
    if one.by:
        said.append(f"by {wording.day(one.by)}")
    term = one.lasting.term if one.lasting else None
    if one.lasting and term and term.until:
        said.append(f"{term.opener or 'if'} {one_line(one.lasting.member.reading.words(term.until))}")
    elif one.lasting and term and not (one.end or one.by or term.start):
        said += [one_line(one.lasting.member.reading.words(span)) for span in term.words]
    return ", ".join(said)


def whose(one: Held) -> str:
    """Whose word something is, and which reports have it."""
    act = one.shown
    if act.own:
        who = f"its own word ({one_line(act.voice)})" if act.voice else "its own word"
    else:
        who = f"according to {one_line(act.voice)}" if act.voice else "the outlet itself"
    outlets = dict.fromkeys(_origin(other) for other in one.acts if other.member.told.report != act.member.told.report)
    more = f" (also {'; '.join(outlets)})" if outlets else ""
    return f"{who} · {_origin(act)}{more}"


def _origin(act: Act) -> str:
    report = act.member.reading.report
    return f"{one_line(report.outlet or 'outlet unknown')}, {wording.day(report.published) or 'undated'}"


def end(ending: Ending) -> str:
    """How and when something ended, or perhaps did."""
    when = "after" if ending.kind == "lapsed" else "on"
    return f"{'' if ending.sure else 'perhaps '}{_ENDED[ending.kind]} {when} {wording.day(ending.day)}"


def _ending(ending: Ending) -> Text:
    evidence = f" · {', '.join(ending.by)}" if ending.by else ""
    return Text(f"{end(ending)}: ", UNSURE).append(one_line(ending.why)).append(evidence, QUIET)


def as_dict(state: State, one: Held) -> dict[str, Any]:
    """One thing somebody holds to as plain JSON values; each `event` and `report` is an id of the ledger."""
    act, event = one.shown, one.shown.event
    term = one.lasting.term if one.lasting else None
    return {
        "actor": state.actor.name,
        "as_of": state.as_of,
        "kind": one.kind,
        "open": one.ended is None,
        "event": act.key,
        "type": event.type,
        "mode": event.mode,
        "status": event.status,
        "certainty": event.certainty,
        "rule": event.rule,
        "confidence": one.confidence,
        "words": act.words,
        "span": act.clause,
        "toward": list(dict.fromkeys(party.words for party in act.member.told.recipients)),
        "since": one.since,
        "end": one.end,
        "deadline": one.by,
        "term": None if term is None or one.lasting is None else _term(one.lasting),
        "own_word": one.own,
        "voice": act.voice,
        "told": [_told(other) for other in one.acts],
        "denied": one.denied,
        "ended": None if one.ended is None else _ended(one.ended),
        "perhaps_ended": [_ended(ending) for ending in one.perhaps],
    }


def _term(act: Act) -> dict[str, Any]:
    """The words of a term, where they stand, and the days they mean."""
    term, reading = act.term, act.member.reading
    assert term is not None
    return {
        "event": act.key,
        "words": [quoted(reading, span) for span in term.words],
        "start": term.start,
        "end": term.end,
        "deadline": term.by,
        "until": None if term.until is None else quoted(reading, term.until),
        "opener": term.opener,
        "longer": term.longer,
    }


def _told(act: Act) -> dict[str, Any]:
    report = act.member.reading.report
    return {
        "event": mark_id(report.id, act.event.id),
        "report": report.id,
        "outlet": report.outlet,
        "published": report.published,
        "words": act.words,
        "own_word": act.own,
        "voice": act.voice,
        "confidence": act.event.confidence,
    }


def _ended(ending: Ending) -> dict[str, Any]:
    return {"kind": ending.kind, "day": ending.day, "why": ending.why, "events": ending.by, "sure": ending.sure}
