"""Whether it happened: `Torvesh gunners fired` and `our forces did not fire a single round`.

Invariant: who denies says so in words of negation about the act itself; a report that knows nothing (`no group has said
that it did`) denies nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dragoman.codes import codes
from dragoman.compare.contradictions.claims import HAPPENED, PARTIES, Contradiction, Member, claims, may_be_one
from dragoman.compare.telling import one_act
from dragoman.compare.words import stems
from dragoman.records import Span

_OFFICIAL = frozenset(
    next(iter(stems(word)))
    for word in "ministry government presidency army navy forces command front council office bureau embassy".split()
)
_NEGATION = re.compile(
    r"\b(?:not?|never|nobody|none|nothing|neither|nor|cannot|without)\b|n['’]t\b|\bden(?:y|ies|ied|ying|ial)\b"
    r"|\brefut|\bdisput|\bfalse\b|\brejects?\b|\brejected\b|\bdismiss|\bfabricat|\binvent|\bcontrary\b",
    re.IGNORECASE,
)
_UNTRUE = re.compile(
    r"\b(?:is|are|was|were|as) (?:\w+ )?(?:false|untrue|a lie|lies|invented|fabricated|a fabrication|baseless)\b"
    r"|\b(?:did not|never|has not|had not) (?:happen|take place|occur)",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"(?:no|not (?:one|a single)|nobody|none|neither)\b", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"\b(?:no|nobody|none|not|neither)\b(?:\W+\w+){0,3}?\W+(?:said|says?|claimed|admitted|know|knows|sides?|comments?|"
    r"position|opinion|knowledge|explanation)\b|\b(?:cannot|could not|would not|will not|did not) (?:say|tell|confirm|"
    r"guess|speak|comment)\b",
    re.IGNORECASE,
)
_HAD_NO_PART = re.compile(
    r"\b(?:no|not any|any) (?:part|hand|role|share)\b|\bnothing to do with\b"
    r"|\b(?:not|never) (?:been )?(?:involved|behind|responsible|the authors?)\b"
    r"|\bden(?:y|ies|ied|ying)\b[^.;]{0,30}\b(?:involvement|responsibility|part|role)\b",
    re.IGNORECASE,
)


def happened(members: Sequence[Member]) -> list[Member]:
    """The events that are told as having happened."""
    return [m for m in members if m.event.status in HAPPENED and not denies(m)]


def denies(member: Member) -> bool:
    """Whether it is told that the act was not done, by the status, by whom it befell or by the stance of who speaks."""
    text, event = member.reading.report.text, member.event
    start, end = member.sentence
    if _SAYS_NOTHING.search(text, start, event.trigger[1]):
        return False
    if event.status == "not_occurred":
        return bool(_NEGATION.search(text, start, event.trigger[1]) or _UNTRUE.search(text, event.trigger[1], end))
    if event.status not in HAPPENED:
        return False
    said = member.reading.attribution(event.attribution)
    if said is not None and said.stance in ("denies", "disputes"):
        return True
    spans = [event.trigger, *(someone.span for someone in (*event.actors, *event.recipients))]
    return any(
        _NOBODY.match(text, *span) and span[1] - span[0] < 60 and _is_near(span, event.trigger) for span in spans
    )


def denials(members: Sequence[Member], yes: Sequence[Member]) -> Iterator[Contradiction]:
    """By those accused or in charge it is a denial; by others, another account of whether it happened.

    Both tell the act in the same words or words of one family, so that nothing else is denied.
    """
    against = [(m, m.event.trigger) for m in members if denies(m)]
    against += [(m, span) for m in yes if (span := _disclaimer(m))]
    for kind, deniers in (
        ("denied", [(m, span) for m, span in against if _is_party(m)]),
        ("happened", [(m, span) for m, span in against if not _is_party(m)]),
    ):
        said = [m for m in yes if any(_of_one_act(m, no) for no, _ in deniers)]
        deniers = [(no, span) for no, span in deniers if any(_of_one_act(m, no) for m in said)]
        silent = {m.told.report for m, _ in deniers}
        said = [m for m in said if m.told.report not in silent] or said
        if {m.told.report for m in said} - silent:
            one, other = said[0].told, deniers[0][0].told
            evidence = f"{one.status}: {one.trigger_words} / {other.status}: {other.trigger_words}"
            yield Contradiction(kind, claims((m, m.event.trigger) for m in said), claims(deniers), evidence)


def _of_one_act(yes: Member, no: Member) -> bool:
    """Whether one denies what the other tells; what was denied before it was done is something else."""
    days, published = yes.told.days, no.told.published
    if days and published and published < days[0]:
        return False
    return one_act(yes.told, no.told) and may_be_one(yes, no)


def _is_near(span: Span, trigger: Span) -> bool:
    return abs(span[0] - trigger[0]) < 80


def _disclaimer(member: Member) -> Span | None:
    """The words by which somebody says to have had no part in it: `that he took no part in the coup`."""
    deed = codes().quad(member.event.type) == 4
    found = _HAD_NO_PART.search(member.reading.report.text, *member.sentence) if deed else None
    return found.span() if found else None


def _is_party(member: Member) -> bool:
    """Whether the voice is an official or armed body, somebody who speaks for one, or the one said to have done it."""
    said = member.reading.attribution(member.event.attribution)
    if said is None or not said.source:
        return bool(stems(member.reading.report.outlet or "") & _OFFICIAL)
    if member.reading.words(said.source[0]).lower() in ("we", "i"):
        return True
    entity = member.reading.entity(said.entity)
    if entity is None:
        return False
    done_by = {someone.entity for someone in member.event.actors}
    return entity.type in PARTIES or entity.id in done_by or bool(entity.of or entity.role)
