"""The five tools: each asks the ledger once and gives plain values, which `marking` lets out.

Invariant: no tool writes, fetches or runs anything; the same question of the same ledger has the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from dragoman.compare import keeping, of_ledger
from dragoman.compare.contradictions import Claim
from dragoman.compare.grades import Grade
from dragoman.compare.overruling import graded_in
from dragoman.compare.state import of_ledger as state_of
from dragoman.ledger import query
from dragoman.ledger.as_of import AsOf
from dragoman.ledger.ids import mark_id
from dragoman.ledger.rows import EventRow
from dragoman.ledger.store import Ledger
from dragoman.records import Attribution, Event, Participant, Reading
from dragoman.show import state as shown
from dragoman.show.evidence import text_hash
from dragoman.show.happening import as_dict
from dragoman.show.mcp.asked import Events, Held, OneEvent
from dragoman.show.sentences import quoted, sentence

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what it is for, what may be asked, and what answers."""

    title: str
    about: str
    asked: type[Events] | type[OneEvent] | type[Held]
    answer: Callable[[Ledger, Any], Plain]


def search_events(ledger: Ledger, asked: Events) -> Plain:
    """A page of events, by the newest report. UsageError."""
    page = query.events(ledger, asked.filter(), asked.cursor, asked.limit)
    return {"events": [_row(row) for row in page.rows], "next_cursor": page.next_cursor}


def get_event(ledger: Ledger, asked: OneEvent) -> Plain:
    """An event whole, with whoever says so, in order from the innermost. NotFound."""
    then = asked.as_of_then()
    reading, event = ledger.event(asked.id, then)
    return {
        "event": _event(reading, event),
        "attributions": [_attribution(reading, said) for said in reading.around(event.attribution)],
        "report": _report(reading),
        "corrections": [
            {"field": one.field, "was": one.was, "now": one.now, "reason": one.reason, "decided_by": one.decided_by}
            for one in reading.corrections
            if one.mark == event.id
        ],
        "retracted": _retracted(ledger, reading.report.id, then),
    }


def get_evidence(ledger: Ledger, asked: OneEvent) -> Plain:
    """The words that an event stands on, and what the report was taken from. NotFound."""
    then = asked.as_of_then()
    reading, event = ledger.event(asked.id, then)
    quote = sentence(reading.report.text, event.trigger)
    held = ledger.held([reading.report.id], then).get(reading.report.id)
    return {
        "event": mark_id(reading.report.id, event.id),
        "trigger": quoted(reading, event.trigger),
        "sentence": quoted(reading, quote.span),
        "said": [
            {
                "attribution": mark_id(reading.report.id, said.id),
                **{part: [quoted(reading, span) for span in getattr(said, part)] for part in _PARTS},
            }
            for said in reading.around(event.attribution)
        ],
        "report": _report(reading),
        "text_sha256": text_hash(reading.report),
        "recorded_at": held and held.recorded_at,
        "made_by": asdict(reading.made_by),
        "captures": [
            {"address": one.address, "captured_at": one.captured_at, "sha256": one.sha256, "size": one.size}
            for one in ledger.captures(reading.report.id, then)
        ],
        "retracted": _retracted(ledger, reading.report.id, then),
    }


def compare_claims(ledger: Ledger, asked: OneEvent) -> Plain:
    """All that is claimed of the happening that an event tells: who says so, what is disputed, on what it rests.

    `not_compared` counts what came since reports were compared, None where they are not compared yet; `retracted` are
    reports that are in it, but count no more. NotFound.
    """
    then = asked.as_of_then()
    (graded,) = graded_in(ledger, [of_ledger.happening(ledger, asked.id, then)], then)
    told = as_dict(graded)
    return {
        "happening": told["id"],
        "type": told["type"],
        "start": told["start"],
        "end": told["end"],
        "report_count": len(told["reports"]),
        "independent": told["independent"],
        "claim": _grade(graded.number),
        "told": [{**_picked(one, _TOLD), "source": _grade(graded.letters[one["event"]])} for one in told["told"]],
        "disputes": [
            {
                "kind": dispute.kind,
                "evidence": dispute.evidence,
                "one": {"claims": [_claim(claim) for claim in dispute.one], **_grade(grades[0])},
                "other": {"claims": [_claim(claim) for claim in dispute.other], **_grade(grades[1])},
            }
            for dispute, grades in zip(graded.happening.contradictions, graded.sides, strict=True)
        ],
        "tolls": [
            {"kind": toll.kind, "low": toll.low, "high": toll.high, "who": toll.who, "claim": _claim(toll.claim)}
            for toll in graded.happening.tolls
        ],
        "chains": told["chains"],
        "not_compared": keeping.behind(ledger, of_ledger.HAPPENINGS, then),
        "retracted": [
            {"report": id, **why} for id in told["reports"] if (why := _retracted(ledger, id, then)) is not None
        ],
    }


def state(ledger: Ledger, asked: Held) -> Plain:
    """What an actor holds to at a day, today if none is given, each with its words. NotFound, UsageError."""
    found = state_of(ledger, asked.actor, asked.as_of or date.today().isoformat(), asked.recorded)
    return {
        "actor": found.actor.name,
        "fits_also": list(found.others),
        "as_of": found.as_of,
        "report_count": found.reports,
        "held": [
            {**_picked(shown.as_dict(found, one), _HELD), "how_long": shown.how_long(one)}
            for one in (found.held if asked.ended else found.open)
        ],
    }


TOOLS = {
    "search_events": Tool(
        "Search events",
        "Search the events that reports tell: who did what to whom, where, when, with which status (occurred, planned, "
        "not_occurred...), and who says so (`voice`; null is the outlet itself). A page; ask on with `next_cursor`.",
        Events,
        search_events,
    ),
    "get_event": Tool(
        "One event",
        "One event with all its marks, the attributions that hold it from the innermost out, its report, what people "
        "corrected in it, and whether the report was retracted.",
        OneEvent,
        get_event,
    ),
    "get_evidence": Tool(
        "Evidence of an event",
        "The exact words that an event stands on: its sentence, who says so, by which cue, what; the hash of the "
        "report's text, when it was read and by which model, and what it was taken from. Spans count characters.",
        OneEvent,
        get_evidence,
    ),
    "compare_claims": Tool(
        "Compare claims",
        "All that reports claim of the happening that an event tells: each telling with a grade of its source, what is "
        "disputed, tolls, and the chains of evidence it rests on; `independent` counts the chains. Grades after the "
        "Admiralty's system: 1 is confirmed, 6 cannot be judged.",
        OneEvent,
        compare_claims,
    ),
    "state": Tool(
        "What an actor holds to",
        "Positions, threats in force, demands unanswered and commitments open of an actor at the end of a day "
        "(`as_of`), by what had been told by then, each with its words and whose word it is.",
        Held,
        state,
    ),
}


# --- parts of answers -----------------------------------------------------------------------------

_PARTS = ("source", "cue", "content")
_TOLD = ("event", "report", "outlet", "published", "words", "type", "status", "voice")
_HELD = (
    *("kind", "event", "type", "mode", "status", "certainty", "rule", "confidence", "words", "toward", "since", "end"),
    *("deadline", "own_word", "told", "denied", "ended", "perhaps_ended"),
)
_CODES = ("type", "mode", "status", "certainty", "rule", "confidence", "start", "end", "date_precision", "date_reason")


def _picked(told: Plain, keys: Iterable[str]) -> Plain:
    return {key: told[key] for key in keys}


def _row(row: EventRow) -> Plain:
    counts = ("kind", "low", "high", "bound", "who")
    return {
        "id": row.id,
        **{key: getattr(row, key) for key in ("report", "title", "outlet", "published", *_CODES)},
        "trigger": row.trigger.words,
        "actors": [one.name or one.words for one in row.actors],
        "recipients": [one.name or one.words for one in row.recipients],
        "place": row.place and (row.place.name or row.place.words),
        "time": row.time and row.time.words,
        "counts": [{key: getattr(count, key) for key in counts} for count in row.counts],
        **{key: getattr(row, key) for key in ("attribution", "voice", "source_kind", "stance")},
    }


def _retracted(ledger: Ledger, report: str, then: AsOf) -> Plain | None:
    """From which day on a report is retracted, and why; None where it counts."""
    retraction = ledger.retraction(report, then)
    return None if retraction is None else {"day": retraction.day, "reason": retraction.decision.reason}


def _report(reading: Reading) -> Plain:
    report = reading.report
    return {
        "id": report.id,
        "title": report.title,
        "outlet": report.outlet,
        "published": report.published,
        "url": report.url,
    }


def _event(reading: Reading, event: Event) -> Plain:
    said = event.attribution and mark_id(reading.report.id, event.attribution)
    return {
        "id": mark_id(reading.report.id, event.id),
        **{key: getattr(event, key) for key in _CODES},
        "trigger": quoted(reading, event.trigger),
        "actors": [_somebody(reading, who) for who in event.actors],
        "recipients": [_somebody(reading, who) for who in event.recipients],
        "place": event.place and _somebody(reading, Participant(event.place, event.place_entity)),
        "time": event.time and quoted(reading, event.time),
        "counts": [
            {
                **{key: getattr(count, key) for key in ("kind", "low", "high", "bound", "who")},
                **quoted(reading, count.span),
            }
            for count in event.counts
        ],
        "condition": event.condition and quoted(reading, event.condition),
        "attribution": said,
    }


def _somebody(reading: Reading, who: Participant) -> Plain:
    entity = reading.entity(who.entity)
    told = entity and {
        "id": mark_id(reading.report.id, entity.id),
        "name": entity.canonical or entity.name,
        "type": entity.type,
        "country": entity.country,
        "role": entity.role,
    }
    return {**quoted(reading, who.span), "entity": told}


def _attribution(reading: Reading, said: Attribution) -> Plain:
    entity = reading.entity(said.entity)
    return {
        "id": mark_id(reading.report.id, said.id),
        **{part: [reading.words(span) for span in getattr(said, part)] for part in _PARTS},
        "addressee": said.addressee and reading.words(said.addressee),
        "name": entity and (entity.canonical or entity.name),
        "mode": said.mode,
        "kind": said.kind,
        "stance": said.stance,
        "inside": said.inside and mark_id(reading.report.id, said.inside),
        "confidence": said.confidence,
    }


def _grade(grade: Grade) -> Plain:
    """A grade: the one that holds, that of the rules with its reasons, and who decided otherwise."""
    decision = grade.human.decision if grade.human else None
    return {
        "grade": grade.holds,
        "grade_by_rules": grade.grade,
        "reasons": [reason.why for reason in grade.reasons],
        "overruled": decision and {"decided_by": decision.decided_by, "reason": decision.reason},
    }


def _claim(claim: Claim) -> Plain:
    return {key: getattr(claim, key) for key in ("event", "report", "outlet", "published", "voice", "words", "span")}
