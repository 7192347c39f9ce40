"""What becomes of what an actor is bound by: superseded, carried out, answered, done, called off, over.

Invariant: every ending names the events that show it and says why in words; what the model is unsure of ends nothing
and is told as `perhaps`. A day of an ending is never after the day asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dragoman.codes import codes
from dragoman.compare.state.actors import Actor, bare, is_proper, trusted
from dragoman.compare.state.acts import MATERIAL_CONFLICT, Act
from dragoman.compare.state.matters import same_matter
from dragoman.compare.telling import one_act
from dragoman.compare.words import kin
from dragoman.records import Participant

ENDINGS = ("superseded", "carried_out", "answered", "done", "lapsed")

_THREATENED = {
    "restrict": {"COERCE", "SANCTION"},
    "arrest": {"COERCE"},
    "relations": {"SANCTION", "COERCE", "RETREAT"},
    "expel": {"SANCTION", "COERCE"},
    "territory": {"ASSAULT", "COERCE"},
    "violence": {"ASSAULT"},
}
"""Types by which a threat of a mode is carried out."""
_ANSWERS = {"REJECT": "refused", "AGREE": "agreed to", "CONCEDE": "conceded", "SUPPORT": "accepted"}
_AGAINST, _FOR = frozenset({"REJECT", "ACCUSE"}), frozenset({"SUPPORT", "AGREE", "CONCEDE"})
_BESIDE = 2
"""Sentences between a demand and an answer to it in the same report that need not name the matter again."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why something no longer holds, or perhaps no longer where it is not `sure`.

    `kind` is one of `ENDINGS`, `day` the first on which it is so, but for `lapsed` the last on which it held; `by` are
    the events that show it.
    """

    kind: str
    day: str
    why: str
    by: tuple[str, ...] = ()
    sure: bool = True


def superseded(item: Sequence[Act], later: Iterable[Act], as_of: str) -> Iterator[Ending]:
    """Later acts of the actor on the same matter: extended, lifted, called off, or decided anew."""
    first, last = item[0], item[-1]
    for act in later:
        if act.order <= last.order:
            continue
        how = _how(first, last, act)
        if how is None or _day_of(act) > as_of:
            continue
        if words := next((found for one in item if (found := same_matter(one, act))), ""):
            yield Ending("superseded", _day_of(act), f"{how}: “{act.words}” ({words})", (act.key,), act.told_for_sure)


def _how(first: Act, last: Act, act: Act) -> str | None:
    """How a later act bears on an earlier one, if it does."""
    if first.kind == "commitment" and first.event.status == "planned" and act.done and _same_doing(first, act):
        return None  # it was done
    one, other = first.event.type, act.event.type
    if first.kind == "position":
        if (
            first.event.status == "ruled_out"
            and one == other
            and act.event.status in ("planned", "occurred", "ongoing")
        ):
            return "reversed"
        if (one in _AGAINST and other in _FOR) or (one in _FOR and other in _AGAINST):
            return "reversed" if act.since > last.since or act.change else None
    elif act.change and (first.kind != "demand" or other == "CONCEDE"):
        return act.change
    anew = act.kind == first.kind and (one, first.event.mode) == (other, act.event.mode)
    return "stated anew" if anew and act.since > last.since else None


def carried_out(item: Sequence[Act], later: Iterable[Act], as_of: str) -> Iterator[Ending]:
    """What the actor did of what it threatened: against whom it threatened, or on the same matter."""
    first = item[0]
    kinds = _THREATENED.get(first.event.mode or "")
    targets = _targets(item)
    for act in later:
        if not act.done or act.since <= first.since or act.since > as_of:
            continue
        if act.event.type not in kinds if kinds else codes().quad(act.event.type) != MATERIAL_CONFLICT:
            continue
        shared = sorted(targets & _targets([act]))
        if words := next((found for one in item if (found := same_matter(one, act))), " ".join(shared)):
            yield Ending("carried_out", act.since, f"“{act.words}” ({words})", (act.key,), act.told_for_sure)


def done(item: Sequence[Act], later: Iterable[Act], as_of: str) -> Iterator[Ending]:
    """What was planned or promised, and is told as having happened."""
    if not any(one.event.status == "planned" or one.event.type == "AGREE" for one in item):
        return
    for act in later:
        if not act.done or act.since > as_of or act.order <= item[-1].order or act.event.type == "AGREE":
            continue
        for one in item:
            if _beside(one, act, 0):
                continue
            words = same_matter(one, act)
            other_type = one.event.type != act.event.type and act.event.type != "THREATEN"
            if words and ((other_type and _same_doing(one, act)) or _is_as_planned(one, act)):
                yield Ending("done", act.since, f"“{act.words}” ({words})", (act.key,), act.told_for_sure)
                break


def _is_as_planned(one: Act, act: Act) -> bool:
    return one.event.status == "planned" and one.event.type == act.event.type


def answered(item: Sequence[Act], others: Iterable[Act], actor: Actor, as_of: str) -> Iterator[Ending]:
    """What those asked said or did to it."""
    for act in others:
        if act.event.status in ("not_occurred", "hypothetical", "attempted"):
            continue
        if _day_of(act) > as_of:
            continue
        for asked in item:
            if act.order <= asked.order:
                continue
            words = same_matter(asked, act)
            to_it = act.event.type in _ANSWERS and _is_towards(act, actor) and (words or _beside(asked, act, _BESIDE))
            if to_it or (words and _is_asked(asked, act)):
                how = _ANSWERS.get(act.event.type, "done")
                yield Ending("answered", _day_of(act), f"{how}: “{act.words}”", (act.key,), act.firm)
                break


def lapsed(kind: str, *, end: str | None, by: str | None, planned: str | None, as_of: str) -> Iterator[Ending]:
    """What is past its own term, its deadline, or the day for which it was planned."""
    if end is not None and end < as_of:
        yield Ending("lapsed", end, "its term is over")
    if kind == "threat" and by is not None and by < as_of:
        yield Ending("lapsed", by, "its deadline is past")
    if kind == "commitment" and planned is not None and planned < as_of:
        yield Ending("lapsed", planned, "its day is past; no report tells whether it was done")


def first(endings: Iterable[Ending]) -> tuple[Ending | None, tuple[Ending, ...]]:
    """The ending that came first and is sure, and those that are not sure."""
    found = sorted(endings, key=lambda one: (one.day, ENDINGS.index(one.kind), one.by, one.why))
    return next((one for one in found if one.sure), None), tuple(one for one in found if not one.sure)


def _day_of(act: Act) -> str:
    """From when an act changes things: its own day where it is planned for one, else when it was told."""
    start = act.event.start if act.event.status == "planned" else None
    if start is None and act.event.status == "planned" and act.term:
        start = act.term.start
    return max(start or "", act.since)


def _same_doing(one: Act, other: Act) -> bool:
    """Whether both triggers tell one act, or one is a scheduled meeting and the other the meeting."""
    if one.event.type == "AGREE" and other.event.type == "CONSULT":
        return True
    if one_act(one.member.told, other.member.told):
        return True
    words = one.matter | one.member.told.trigger
    return bool(words & other.member.told.trigger or kin(words) & kin(other.member.told.trigger))


def _targets(acts: Sequence[Act]) -> frozenset[str]:
    return frozenset(name for act in acts for party in act.member.told.recipients for name in party.names)


def _called(act: Act, people: Iterable[Participant]) -> frozenset[str]:
    """What some people of an act go by: their words, and the name of whom those mean."""
    reading = act.member.reading
    words = [reading.words(someone.span) for someone in people]
    linked = [someone.entity for someone in people if trusted(reading, someone.span, someone.entity)]
    names = [entity.name for id in linked if (entity := reading.entity(id))]
    return frozenset(bare(name) for name in (*words, *names) if is_proper(name))


def _is_towards(act: Act, actor: Actor) -> bool:
    """Whether an act of somebody else names the actor as the one it is done to."""
    return bool(_called(act, act.event.recipients) & actor.names)


def _beside(one: Act, other: Act, sentences: int) -> bool:
    """Whether an act is told in the same report, at most so many sentences later."""
    first, second = one.member.told, other.member.told
    return first.report == second.report and 0 <= second.sentence - first.sentence <= sentences


def _is_asked(asked: Act, act: Act) -> bool:
    """Whether the one who acts is one of those asked: by name, or the same entity of the same report."""
    asked_here = {someone.entity for someone in asked.event.recipients} - {None}
    if asked.member.told.report == act.member.told.report and any(
        someone.entity in asked_here for someone in act.event.actors
    ):
        return True
    return bool(_called(act, act.event.actors) & _called(asked, asked.event.recipients))
